"""Pages of posts: what one carries, who holds it, who stands in, and the forms that change it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.identity.acting import area_path
from citybrain.kernel.identity.actions_delegation import delegate, revoke_delegation
from citybrain.kernel.identity.actions_posts import (
    appoint,
    change_post,
    close_post,
    end_appointment,
    grant_roles,
    open_post,
)
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Appointment, Area, Delegation, Organisation, Post
from citybrain.kernel.identity.permissions import ADMINISTER_POSTS, APPOINT, GRANT_ROLES, VIEW_POSTS
from citybrain.kernel.identity.scope import reaches, scoped
from citybrain.ui.access import requires, requires_form
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Fact, Facts, Notice
from citybrain.ui.panels.panel import Action, Page, Tag
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.people import words
from citybrain.ui.people.asking import actor_of, form_page, one, told
from citybrain.ui.people.forms import AppointForm, DelegateForm, EndForm, NewPostForm, PostForm, RolesForm, officials
from citybrain.ui.people.permit_tables import permits_table
from citybrain.ui.templatetags.shown import titled


@requires(VIEW_POSTS, scoped=True)
def post(request: HttpRequest, key: str) -> HttpResponse:
    """One post: its roles and what they permit, its holders now and before, who stands in."""
    actor = actor_of(request)
    found = one(Post.objects.select_related("organisation__parent", "area"), actor, VIEW_POSTS, key=key)
    held = scoped(Appointment.objects.filter(post=found), actor, VIEW_POSTS).select_related("user")
    lent = scoped(Delegation.objects.filter(appointment__post=found), actor, VIEW_POSTS)
    gone = [key for key in found.roles if words.role_of(key) is None]
    warning = _("No application declares these roles any more: %s. They give nothing.") % ", ".join(gone)
    page = Page(
        title=titled(found),
        crumbs=words.crumbs(found.organisation, itself=True),
        tags=(words.post_state(found),),
        notices=(Notice(text=warning, tone="fair"),) if gone else (),
        actions=actions(actor, found),
        body=(
            holders_table(actor, found, held.order_by("until", "-since")),
            *((deputies_table(actor, found, lent),) if lent.exists() else ()),
            permits_table(actor, found.roles, VIEW_POSTS),
        ),
        aside=(facts(found),),
        help=_("People come and go, the post stays: its roles say what its holder may do, its organisation how far."),
    )
    return page.respond(request)


def facts(found: Post) -> Facts:
    """What is known of a post."""
    path = area_path(found)
    area = Area.objects.filter(path=path).first() if path else None
    return Facts(
        title=_("Facts"),
        of=found,
        facts=(
            Fact(
                title=_("Organisation"),
                value=words.full_name(found.organisation),
                link=words.url("organisation", found.organisation.key),
            ),
            Fact(
                title=_("Territory"),
                value=titled(area) if area else None,
                link=words.url("area", area.key) if area else "",
                help="" if found.area_id else _("Taken from the organisation, or from the nearest one above."),
            ),
            Fact(title=_("Roles"), value=words.role_titles(found.roles)),
            Fact(title=_("Chinese name"), value=found.chinese, cell=cells.chinese),
            Fact(title=_("English name"), value=found.english),
            Fact(title=_("Identifier"), value=found.key, cell=cells.mono),
        ),
    )


def lasts(appointment: Appointment) -> Tag:
    """Whether an appointment lasts today."""
    today = timezone.localdate()
    if appointment.since > today and (appointment.until is None or appointment.until >= appointment.since):
        return Tag(title=_("to come"), tone="data", is_state=True)
    if appointment.until is None or appointment.until >= today:
        return Tag(title=_("in office"), tone="good", is_state=True)
    return Tag(title=_("ended"), tone="quiet", is_state=True)


def holders_table(actor: Actor, found: Post, rows: Any) -> Table:
    """Everybody who holds or held the post."""
    may_end = reaches(found, actor, APPOINT)

    def buttons(row: Appointment) -> tuple[Action, ...]:
        if not may_end or lasts(row).tone == "quiet":
            return ()
        stand_in = Action(title=_("Let somebody stand in"), url=words.url("stand-in", row.pk), icon="heart-handshake")
        return (stand_in, Action(title=_("End it"), url=words.url("end", row.pk), icon="user-check"))

    return Table(
        title=_("Held by"),
        columns=(
            Column(title=_("Full name"), value="user.name", link=lambda row: words.url("person", row.user_id)),
            Column(title=_("First day"), value="since", cell=cells.day),
            Column(title=_("Last day"), value="until", cell=cells.day, weight=2),
            Column(title=_("State"), value=lasts, cell=cells.tag),
            *((Column(title=_("Actions"), buttons=buttons),) if may_end else ()),
        ),
        rows=rows,
        empty=_("Nobody holds this post."),
        empty_icon="user",
    )


def stands(delegation: Delegation) -> Tag:
    """Whether somebody stands in now."""
    now = timezone.now()
    if delegation.revoked_at is not None:
        return Tag(title=_("revoked"), tone="quiet", is_state=True)
    if delegation.until <= now:
        return Tag(title=_("run out"), tone="quiet", is_state=True)
    if delegation.since > now:
        return Tag(title=_("to come"), tone="data", is_state=True)
    return Tag(title=_("in force"), tone="good", is_state=True)


def deputies_table(actor: Actor, found: Post, rows: Any) -> Table:
    """Everybody who stands in or stood in for a holder."""
    may_end = reaches(found, actor, APPOINT)

    def buttons(row: Delegation) -> tuple[Action, ...]:
        if not may_end or stands(row).tone == "quiet":
            return ()
        question = _("End standing in by %s now?") % row.deputy.name
        return (Action(title=_("Revoke"), url=words.url("revoke", row.pk), icon="ban", post=True, confirm=question),)

    return Table(
        title=_("Standing in"),
        columns=(
            Column(title=_("Who stands in"), value="deputy.name", link=lambda row: words.url("person", row.deputy_id)),
            Column(title=_("In place of"), value="appointment.user.name", weight=2),
            Column(title=_("Begins"), value="since", cell=cells.moment, weight=2),
            Column(title=_("Ends"), value="until", cell=cells.moment),
            Column(title=_("Reason"), value="reason", weight=3, wraps=True),
            Column(title=_("State"), value=stands, cell=cells.tag),
            *((Column(title=_("Actions"), buttons=buttons),) if may_end else ()),
        ),
        rows=rows.select_related("deputy", "appointment__user").order_by("-since")[:50],
        empty=_("Nobody stands in or stood in."),
        empty_icon="heart-handshake",
    )


def actions(actor: Actor, found: Post) -> tuple[Action, ...]:
    """What this person may do with the post."""
    if not found.is_active:
        return ()
    listed = []
    if reaches(found, actor, ADMINISTER_POSTS):
        question = _("Close “%s”? Its appointments end today.") % titled(found)
        url = words.url("post-close", found.key)
        listed.append(
            Action(title=_("Close the post"), url=url, icon="archive", post=True, tone="bad", confirm=question)
        )
        listed.append(Action(title=_("Edit"), url=words.url("post-edit", found.key), icon="edit"))
    if reaches(found, actor, GRANT_ROLES):
        listed.append(Action(title=_("Roles"), url=words.url("post-roles", found.key), icon="shield-check"))
    if reaches(found, actor, APPOINT):
        url = f"{words.url('appoint')}?post={found.key}"
        listed.append(Action(title=_("Appoint"), url=url, icon="user-plus", is_main=True))
    return tuple(listed)


@requires_form(ADMINISTER_POSTS, scoped=True)
def new(request: HttpRequest, key: str) -> HttpResponse:
    """The form for a new post in an organisation."""
    actor = actor_of(request)
    body = one(Organisation.objects.all(), actor, ADMINISTER_POSTS, key=key)
    return form_page(
        request,
        NewPostForm(request.POST or None, organisation=body, may_grant=reaches(body, actor, GRANT_ROLES)),
        lambda given: open_post(actor, organisation=body, **given),
        title=_("New post"),
        lead=_("In %s. Roles are granted by whoever may grant them.") % titled(body),
        submit=_("Set up"),
        message=_("The post was opened."),
        then=lambda made: words.url("post", made.key),
        crumbs=words.crumbs(body, itself=True),
    )


@requires_form(ADMINISTER_POSTS, scoped=True)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """The form that changes names and area of a post."""
    actor = actor_of(request)
    found = one(Post.objects.select_related("organisation", "area"), actor, ADMINISTER_POSTS, key=key)
    initial = {"chinese": found.chinese, "english": found.english, "area": found.area}
    return form_page(
        request,
        PostForm(request.POST or None, initial=initial),
        lambda given: change_post(actor, found, **given),
        title=_("Edit: %s") % titled(found),
        submit=_("Save"),
        message=_("Saved."),
        then=lambda _none: words.url("post", found.key),
        crumbs=words.crumbs(found.organisation, itself=True),
    )


@requires_form(GRANT_ROLES, scoped=True)
def roles(request: HttpRequest, key: str) -> HttpResponse:
    """The form that decides which roles a post carries."""
    actor = actor_of(request)
    found = one(Post.objects.select_related("organisation"), actor, GRANT_ROLES, key=key)
    return form_page(
        request,
        RolesForm(request.POST or None, post=found),
        lambda given: grant_roles(actor, found, given["roles"]),
        title=_("Roles of: %s") % titled(found),
        lead=_("Everybody who holds the post, or stands in for its holder, gets them at once."),
        submit=_("Grant roles"),
        message=_("The roles were granted."),
        then=lambda _none: words.url("post", found.key),
        crumbs=words.crumbs(found.organisation, itself=True),
    )


@requires(ADMINISTER_POSTS, scoped=True, writes=True)
def close(request: HttpRequest, key: str) -> HttpResponse:
    """Closes a post."""
    actor = actor_of(request)
    found = one(Post.objects.all(), actor, ADMINISTER_POSTS, key=key)
    told(request, lambda: close_post(actor, found), _("The post was closed."))
    return HttpResponseRedirect(words.url("post", found.key))


@requires_form(APPOINT)
def appointing(request: HttpRequest) -> HttpResponse:
    """The form that appoints somebody; `?post=` and `?person=` fill it."""
    actor = actor_of(request)
    posts = scoped(Post.objects.filter(is_active=True, organisation__is_active=True), actor, APPOINT)
    people = officials().exclude(pk=actor.user_id)
    wanted = request.GET.get("person", "")
    initial = {
        "post": posts.filter(key=request.GET.get("post", "")).first(),
        "person": people.filter(pk=int(wanted)).first() if wanted.isascii() and wanted.isdigit() else None,
    }
    return form_page(
        request,
        AppointForm(request.POST or None, people=people, posts=posts, initial=initial),
        lambda given: appoint(actor, given.pop("person"), given.pop("post"), **given),
        title=_("Appoint"),
        lead=_("What the person may do follows from the post. Nobody appoints themselves."),
        submit=_("Appoint"),
        message=_("The appointment was made."),
        then=lambda made: words.url("post", made.post.key),
        crumbs=words.crumbs(initial["post"].organisation, itself=True) if initial["post"] else (),
    )


@requires_form(APPOINT, scoped=True)
def end(request: HttpRequest, number: int) -> HttpResponse:
    """The form that ends an appointment."""
    actor = actor_of(request)
    rows = Appointment.objects.filter(Q(until=None) | Q(until__gte=timezone.localdate()))
    found = one(rows.select_related("post__organisation", "user"), actor, APPOINT, pk=number)
    return form_page(
        request,
        EndForm(request.POST or None),
        lambda given: end_appointment(actor, found, given["last_day"]),
        title=_("End: %(person)s, %(post)s") % {"person": found.user.name, "post": titled(found.post)},
        lead=_("Whoever stands in for this holder loses the post with them."),
        submit=_("End it"),
        message=_("The appointment ends."),
        then=lambda _none: words.url("post", found.post.key),
        crumbs=words.crumbs(found.post.organisation, itself=True),
    )


@requires_form(APPOINT, scoped=True)
def stand_in(request: HttpRequest, number: int) -> HttpResponse:
    """The form that lets somebody stand in for a colleague who cannot decide it themself."""
    actor = actor_of(request)
    rows = Appointment.objects.filter(Q(until=None) | Q(until__gte=timezone.localdate()))
    found = one(rows.select_related("post__organisation", "user"), actor, APPOINT, pk=number)
    return form_page(
        request,
        DelegateForm(request.POST or None, appointment=found),
        lambda given: delegate(actor, found, given.pop("deputy"), **given),
        title=_("Stand in for %s") % found.user.name,
        lead=_("For a colleague who is ill or away and cannot decide it. Nobody chooses themselves."),
        submit=_("Let them stand in"),
        message=_("The colleague stands in."),
        then=lambda _made: words.url("post", found.post.key),
        crumbs=words.crumbs(found.post.organisation, itself=True),
    )


@requires(APPOINT, scoped=True, writes=True)
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Ends somebody's standing in for a colleague."""
    actor = actor_of(request)
    rows = Delegation.objects.select_related("appointment__post__organisation", "appointment__user", "deputy")
    found = one(rows, actor, APPOINT, pk=number)
    told(request, lambda: revoke_delegation(actor, found), _("Nobody stands in any more."))
    return HttpResponseRedirect(words.url("post", found.appointment.post.key))
