"""One's own page: the posts one may act under, what they permit, and letting a colleague stand in."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citybrain.kernel.identity.acting import Holding, holdings
from citybrain.kernel.identity.actions_delegation import delegate, revoke_delegation
from citybrain.kernel.identity.actions_posts import make_main, take_post
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Appointment, Delegation, User
from citybrain.kernel.identity.queries import delegations_of
from citybrain.kernel.identity.scope import vouched_own
from citybrain.ui.access import APPOINTMENT, back, signed_in
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Notice
from citybrain.ui.panels.panel import Action, Link, Page, Tag
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.people import words
from citybrain.ui.people.asking import actor_of, form_page, told
from citybrain.ui.people.forms import DelegateForm
from citybrain.ui.people.permit_tables import permits_table
from citybrain.ui.people.posts import stands
from citybrain.ui.templatetags.shown import titled


def user_of(request: HttpRequest) -> User:
    """The account of who asks; the route lets nobody in who is not signed in."""
    user: User = request.user  # type: ignore[assignment]
    return user


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The posts one may act under, and who stands in for whom."""
    actor = actor_of(request)
    user = user_of(request)
    held = holdings(user)
    text = _("You hold no post yet, so there is little you can see. Ask the administrator of your organisation.")
    standing = _("You act for %s now: what you do is written down in both names.") % actor.on_behalf_of
    notices = (Notice(text=standing, tone="data"),) if actor.on_behalf_of else ()
    page = Page(
        title=_("My posts"),
        lead=_("You act under one post at a time. What you see and may do follows from it."),
        notices=notices if held else (Notice(text=text, tone="fair"),) if actor.kind == "official" else (),
        body=(posts_table(actor, held), given_table(actor, user), permits_table(actor, actor.roles, None)),
        help=_("Switch posts here or at the top right. While you are away, a colleague can stand in for you."),
    )
    return page.respond(request)


def posts_table(actor: Actor, held: list[Holding]) -> Table:
    """Every post one may act under."""

    def buttons(holding: Holding) -> tuple[Action, ...]:
        number = holding.appointment.pk
        found = []
        if number != actor.appointment_id:
            found.append(
                Action(
                    title=_("Act under it"),
                    url=words.url("switch"),
                    icon="switch-horizontal",
                    post=True,
                    values=((APPOINTMENT, str(number)),),
                )
            )
        if holding.delegation is None and not actor.on_behalf_of:
            found.append(Action(title=_("Let somebody stand in"), url=words.url("delegate", number), icon="user-check"))
        if holding.delegation is None and not holding.appointment.is_main and len(held) > 1:
            found.append(Action(title=_("Make main"), url=words.url("main", number), icon="star", post=True))
        return tuple(found)

    return Table(
        title=_("Posts"),
        columns=(
            Column(title=_("Post"), value=lambda one: titled(one.appointment.post), under=place),
            Column(
                title=_("Roles"), value=lambda one: words.role_titles(one.appointment.post.roles), wraps=True, weight=3
            ),
            Column(title=_("How"), value=how, cell=cells.tag, weight=2),
            Column(title=_("Ends"), value=last_day, cell=cells.day, weight=3),
            Column(title=_("Now"), value=lambda one: now(actor, one), cell=cells.tag),
            Column(title=_("Actions"), buttons=buttons),
        ),
        rows=vouched_own(held, actor),
        is_two_lines=True,
        empty=_("You hold no post."),
        empty_icon="id-badge-2",
    )


def carried(holding: Holding) -> str:
    """The roles of a post."""
    return words.role_titles(holding.appointment.post.roles)


def place(holding: Holding) -> str:
    """The organisation of a post, and for whom one stands in."""
    where = words.full_name(holding.appointment.post.organisation)
    if holding.on_behalf_of:
        return _("%(organisation)s, for %(name)s") % {"organisation": where, "name": holding.on_behalf_of}
    return where


def how(holding: Holding) -> Tag:
    """Own post or standing in."""
    if holding.delegation is not None:
        return Tag(title=_("standing in"), tone="fair")
    if holding.appointment.is_main:
        return Tag(title=_("main post"), tone="data")
    return Tag(title=_("own post"))


def last_day(holding: Holding) -> object:
    """The last day one may act under it; None while it lasts."""
    if holding.delegation is not None:
        return timezone.localdate(holding.delegation.until)
    return holding.appointment.until


def now(actor: Actor, holding: Holding) -> Tag | None:
    """Marks the post one acts under."""
    if holding.appointment.pk != actor.appointment_id:
        return None
    return Tag(title=_("in use"), tone="good", is_state=True)


def given_table(actor: Actor, user: User) -> Table:
    """Who stands in for oneself, now or soon."""

    def buttons(row: Delegation) -> tuple[Action, ...]:
        question = _("End standing in by %s now?") % row.deputy.name
        url = words.url("take-back", row.pk)
        return (Action(title=_("Take back"), url=url, icon="arrow-back-up", post=True, confirm=question),)

    return Table(
        title=_("Who stands in for me"),
        columns=(
            Column(title=_("Who stands in"), value="deputy.name"),
            Column(title=_("Post"), value=lambda row: titled(row.appointment.post), weight=2),
            Column(title=_("Begins"), value="since", cell=cells.moment, weight=2),
            Column(title=_("Ends"), value="until", cell=cells.moment),
            Column(title=_("Reason"), value="reason", wraps=True, weight=3),
            Column(title=_("State"), value=stands, cell=cells.tag),
            Column(title=_("Actions"), buttons=buttons),
        ),
        rows=vouched_own(delegations_of(user), actor),
        empty=_("Nobody. When you go on leave, let a colleague stand in for your post."),
        empty_icon="heart-handshake",
    )


@signed_in
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Acts under another post from now on; the form names its appointment."""
    actor = actor_of(request)
    wanted = request.POST.get(APPOINTMENT, "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 15 else 0

    def take() -> None:
        holding = take_post(actor, user_of(request), number)
        request.session[APPOINTMENT] = holding.appointment.pk

    told(request, take, _("You act under this post now."))
    return back(request, words.url("mine"))


@signed_in
@require_POST
def main(request: HttpRequest, number: int) -> HttpResponse:
    """Makes one of one's own posts the one sessions begin with."""
    actor = actor_of(request)
    found = own_appointment(actor, number)
    told(request, lambda: make_main(actor, found), _("Sessions begin with this post."))
    return HttpResponseRedirect(words.url("mine"))


def own_appointment(actor: Actor, number: int) -> Appointment:
    """One of the person's own appointments that lasts. Raises Http404 for any other."""
    today = timezone.localdate()
    lasting = Q(until=None) | Q(until__gte=today)
    rows = Appointment.objects.select_related("post__organisation", "user")
    found = rows.filter(lasting, user_id=actor.user_id, pk=number).first()
    if found is None:
        raise Http404(_("This is not your appointment."))
    return found


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def lend(request: HttpRequest, number: int) -> HttpResponse:
    """The form that lets a colleague stand in."""
    actor = actor_of(request)
    found = own_appointment(actor, number)
    return form_page(
        request,
        DelegateForm(request.POST or None, appointment=found),
        lambda given: delegate(actor, found, given.pop("deputy"), **given),
        title=_("Let somebody stand in"),
        lead=_("They act under “%s” in both names, get nothing wider than you have, and cannot pass it on.")
        % titled(found.post),
        submit=_("Let them stand in"),
        message=_("Your colleague stands in for you."),
        then=lambda _made: words.url("mine"),
        crumbs=(Link(title=_("My posts"), url=words.url("mine")),),
    )


@signed_in
@require_POST
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Ends a delegation that one gave or got."""
    actor = actor_of(request)
    rows = Delegation.objects.select_related("appointment__post__organisation", "appointment__user", "deputy")
    party = Q(appointment__user_id=actor.user_id) | Q(deputy_id=actor.user_id)
    found = rows.filter(party, pk=number).first()
    if found is None:
        raise Http404(_("There is no such page, or it is not yours to see."))
    told(request, lambda: revoke_delegation(actor, found), _("Nobody stands in any more."))
    return HttpResponseRedirect(words.url("mine"))
