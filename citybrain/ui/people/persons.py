"""Pages of people: the list, one person with their posts, and the forms that register and change them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actions import Login
from citybrain.kernel.identity.actions_people import (
    change_person,
    close_account,
    open_account,
    register_person,
    renew_password,
)
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Appointment, Delegation, Organisation, User
from citybrain.kernel.identity.permissions import (
    ADMINISTER_PEOPLE,
    APPOINT,
    AUDIT,
    VIEW_PEOPLE,
    VIEW_POSTS,
)
from citybrain.kernel.identity.queries import current, named
from citybrain.kernel.identity.scope import reaches, scoped, vouched
from citybrain.kernel.identity.second_factor import RESET, has_second_factor
from citybrain.ui.access import requires, requires_form
from citybrain.ui.paging import Paging, paging
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Fact, Facts, Notice
from citybrain.ui.panels.panel import Action, Link, Page, Panel
from citybrain.ui.panels.tables import Choice, Column, Filters, Table
from citybrain.ui.people import words
from citybrain.ui.people.asking import actor_of, form_page, one, told
from citybrain.ui.people.forms import NewPersonForm, PersonForm
from citybrain.ui.people.posts import lasts, stands
from citybrain.ui.templatetags.shown import titled

START = "people"


@requires(VIEW_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, as far as the person's reach goes."""
    actor = actor_of(request)
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "kind", "account")}
    rows = scoped(User.objects.all(), actor, VIEW_PEOPLE).select_related("organisation__parent")
    if asked["q"]:
        rows = rows.filter(
            named(
                asked["q"],
                "chinese",
                "username",
                "first_name",
                "last_name",
                "organisation__short",
                "organisation__english",
            )
        )
    if asked["kind"] in User.Kind.values:
        rows = rows.filter(kind=asked["kind"])
    if asked["account"] in ("open", "closed"):
        rows = rows.filter(is_active=asked["account"] == "open")
    pages = paging(request.GET.get("page"), rows.count())
    page = Page(
        title=_("People"),
        lead=_("Who has an account. What somebody may do follows from the posts they hold."),
        actions=(
            (Action(title=_("New person"), url=words.url("person-new"), icon="user-plus", is_main=True),)
            if actor.may(ADMINISTER_PEOPLE)
            else ()
        ),
        body=(
            Filters(
                key="filters",
                search=_("Name, sign-in name or organisation"),
                asked=asked,
                choices=(
                    Choice(
                        name="kind",
                        title=_("Officials and citizens"),
                        options=tuple((str(value), str(label)) for value, label in User.Kind.choices),
                    ),
                    Choice(
                        name="account",
                        title=_("Open and closed accounts"),
                        options=(("open", _("Open accounts")), ("closed", _("Closed accounts"))),
                    ),
                ),
            ),
            people_list(rows.order_by("-is_active", "organisation__path", "username"), pages),
        ),
        fills=True,
    )
    return page.respond(request)


def people_list(rows: QuerySet[User], pages: Paging) -> Table:
    """One page of people with the posts they hold today."""
    shown = rows[pages.offset : pages.offset + pages.size]
    posts = current_posts(shown)
    return Table(
        columns=(
            Column(title=_("Full name"), value="name", link=lambda row: words.url("person", row.pk)),
            Column(title=_("Signs in as"), value="username", cell=cells.mono, weight=3),
            Column(title=_("Organisation"), value=employer, weight=2),
            Column(title=_("Posts"), value=lambda row: _(", ").join(posts.get(row.pk, [])) or None, wraps=True),
            Column(title=_("Kind"), value=words.kind_name, weight=4),
            Column(title=_("Last sign-in"), value="last_login", cell=cells.age, weight=3),
            Column(title=_("Account"), value=words.account_tag, cell=cells.tag, weight=2),
        ),
        rows=shown,
        paging=pages,
        row_link=lambda row: words.url("person", row.pk),
        empty=_("Nobody is called so. Try fewer letters."),
        empty_icon="users",
    )


def employer(row: User) -> str | None:
    """The body that employs somebody."""
    return words.full_name(row.organisation) if row.organisation else None


def current_posts(people: QuerySet[User]) -> dict[int, list[str]]:
    """Names of the posts each person holds today; one query."""
    found: dict[int, list[str]] = {}
    for appointment in current().filter(user__in=[person.pk for person in people]):
        found.setdefault(appointment.user_id, []).append(titled(appointment.post))
    return found


@requires(VIEW_PEOPLE, scoped=True)
def person(request: HttpRequest, number: int) -> HttpResponse:
    """One person: their account, the posts they hold and held, whom they stand in for."""
    return person_page(request, number)


def person_page(request: HttpRequest, number: int, notices: tuple[Panel, ...] = ()) -> HttpResponse:
    """The page of a person, with what must be read first."""
    actor = actor_of(request)
    found = one(User.objects.select_related("organisation__parent"), actor, VIEW_PEOPLE, pk=number)
    page = Page(
        title=found.name,
        crumbs=(Link(title=_("People"), url=words.url(START)),),
        tags=(words.account_tag(found),),
        notices=notices,
        actions=actions(actor, found),
        more=more_actions(actor, found),
        body=tables(actor, found),
        aside=(facts(actor, found),),
    )
    return page.respond(request)


def facts(actor: Actor, found: User) -> Facts:
    """What is known of a person; phone and e-mail in full for who keeps accounts and for themself only."""
    plain = reaches(found, actor, ADMINISTER_PEOPLE) or actor.user_id == found.pk
    home = words.url("organisation", found.organisation.key) if found.organisation else ""
    return Facts(
        title=_("Facts"),
        of=found,
        facts=(
            Fact(title=_("Signs in as"), value=found.username, cell=cells.mono),
            Fact(title=_("Kind"), value=found.get_kind_display()),
            Fact(title=_("Organisation"), value=employer(found), link=home),
            Fact(title=_("Mobile"), value=found.phone if plain else masked_phone(found.phone)),
            *((Fact(title=_("E-mail"), value=found.email),) if plain else ()),
            Fact(title=_("Last sign-in"), value=found.last_login, cell=cells.moment),
            Fact(title=_("Account since"), value=found.date_joined, cell=cells.moment),
        ),
    )


def masked_phone(phone: str) -> str:
    """A phone number with its middle hidden."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****" if phone else ""


def tables(actor: Actor, found: User) -> tuple[Table, ...]:
    """Appointments and standing in, as far as the person who asks may see posts."""
    if not actor.may(VIEW_POSTS):
        return (
            Table(
                title=_("Posts"),
                columns=(Column(title=_("Post"), value=str),),
                rows=vouched((), actor, VIEW_PEOPLE),
                empty=_("Posts are shown to who may see them."),
                empty_icon="lock",
            ),
        )
    held = scoped(Appointment.objects.filter(user=found), actor, VIEW_POSTS)
    lent = scoped(Delegation.objects.filter(deputy=found), actor, VIEW_POSTS)
    posts = Table(
        title=_("Posts"),
        columns=(
            Column(
                title=_("Post"),
                value=lambda row: titled(row.post),
                link=lambda row: words.url("post", row.post.key),
            ),
            Column(title=_("Organisation"), value=lambda row: words.full_name(row.post.organisation), weight=2),
            Column(title=_("Roles"), value=lambda row: words.role_titles(row.post.roles), wraps=True, weight=3),
            Column(title=_("First day"), value="since", cell=cells.day, weight=2),
            Column(title=_("Last day"), value="until", cell=cells.day, weight=2),
            Column(title=_("State"), value=lasts, cell=cells.tag),
            *((Column(title=_("Actions"), buttons=lambda row: end_button(actor, row)),) if actor.may(APPOINT) else ()),
        ),
        rows=held.select_related("post__organisation__parent", "user").order_by("until", "-is_main", "-since"),
        empty=_("Holds no post, and may do nothing yet."),
        empty_icon="id-badge-2",
    )
    if not lent.exists():
        return (posts,)
    deputising = Table(
        title=_("Stands in for"),
        columns=(
            Column(title=_("Colleague"), value="appointment.user.name"),
            Column(title=_("Post"), value=lambda row: titled(row.appointment.post), weight=2),
            Column(title=_("Begins"), value="since", cell=cells.moment, weight=2),
            Column(title=_("Ends"), value="until", cell=cells.moment),
            Column(title=_("State"), value=stands, cell=cells.tag),
        ),
        rows=lent.select_related("appointment__post", "appointment__user").order_by("-since")[:20],
        empty=_("Stands in for nobody."),
        empty_icon="heart-handshake",
    )
    return (posts, deputising)


def end_button(actor: Actor, row: Appointment) -> tuple[Action, ...]:
    """The way to end an appointment, for who may."""
    if lasts(row).tone == "quiet" or not reaches(row, actor, APPOINT):
        return ()
    return (Action(title=_("End it"), url=words.url("end", row.pk), icon="user-check"),)


def actions(actor: Actor, found: User) -> tuple[Action, ...]:
    """What this person may do with the account."""
    listed = []
    if actor.may(AUDIT):
        listed.append(Action(title=_("In the log"), url=f"{words.url('log')}?person={found.pk}", icon="history"))
    if reaches(found, actor, ADMINISTER_PEOPLE):
        listed.append(Action(title=_("Edit"), url=words.url("person-edit", found.pk), icon="edit"))
    if actor.may(APPOINT) and found.is_active and found.pk != actor.user_id and found.kind == User.Kind.OFFICIAL:
        url = f"{words.url('appoint')}?person={found.pk}"
        listed.append(Action(title=_("Appoint"), url=url, icon="user-plus", is_main=True))
    return tuple(listed)


def more_actions(actor: Actor, found: User) -> tuple[Action, ...]:
    """What is rarely done with an account; nobody does it with their own."""
    if found.pk == actor.user_id:
        return ()
    return (*factor_actions(actor, found), *account_actions(actor, found))


def factor_actions(actor: Actor, found: User) -> tuple[Action, ...]:
    """What the security administrator does for somebody who lost their phone."""
    if not reaches(found, actor, RESET) or not has_second_factor(found):
        return ()
    return (
        Action(
            title=_("Take the second factor away"),
            url=reverse("account-factor-remove", args=[found.pk]),
            icon="shield-lock",
            post=True,
            ask=_("Why, and how you made sure who asks"),
        ),
    )


def account_actions(actor: Actor, found: User) -> tuple[Action, ...]:
    """What who keeps accounts does."""
    if not reaches(found, actor, ADMINISTER_PEOPLE):
        return ()
    if not found.is_active:
        return (
            Action(title=_("Open account again"), url=words.url("person-open", found.pk), icon="rotate", post=True),
        )
    name = {"name": found.name}
    return (
        Action(
            title=_("Reissue the password"),
            url=words.url("person-password", found.pk),
            icon="key",
            post=True,
            confirm=_("Give %(name)s a new password? Their sessions end.") % name,
        ),
        Action(
            title=_("Close account"),
            url=words.url("person-close", found.pk),
            icon="lock",
            post=True,
            tone="bad",
            confirm=_("Close the account of %(name)s? Their sessions end and their posts become vacant.") % name,
        ),
    )


@requires_form(ADMINISTER_PEOPLE)
def new(request: HttpRequest) -> HttpResponse:
    """The form that registers somebody; the password is shown once, on the page that follows."""
    actor = actor_of(request)
    places = scoped(Organisation.objects.all(), actor, ADMINISTER_PEOPLE)
    wanted = places.filter(key=request.GET.get("organisation", "")).first()
    form = NewPersonForm(request.POST or None, places=places, initial={"organisation": wanted})
    made: list[Login] = []
    answer = form_page(
        request,
        form,
        lambda given: made.append(register_person(actor, **given)),
        title=_("New person"),
        lead=_("They get a password for the first sign-in. What they may do comes with a post."),
        submit=_("Register"),
        then=lambda _none: words.url(START),
        crumbs=(Link(title=_("People"), url=words.url(START)),),
    )
    return with_password(request, made[0]) if made else answer


def with_password(request: HttpRequest, login: Login) -> HttpResponse:
    """The page of the person with the new password, which stands nowhere else and is not kept."""
    found = User.objects.get(username=login.username)
    text = _("Tell %(name)s the password %(password)s. It is shown only now, and must be changed at the first sign-in.")
    notice = Notice(text=text % {"name": found.name, "password": login.password}, tone="fair")
    answer = person_page(request, found.pk, (notice,))
    answer["Cache-Control"] = "no-store"
    return answer


@requires_form(ADMINISTER_PEOPLE, scoped=True)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """The form that changes who somebody is."""
    actor = actor_of(request)
    found = one(User.objects.select_related("organisation"), actor, ADMINISTER_PEOPLE, pk=number)
    initial = {name: getattr(found, name) for name in ("chinese", "organisation", "phone", "email")}
    places = scoped(Organisation.objects.all(), actor, ADMINISTER_PEOPLE)
    return form_page(
        request,
        PersonForm(request.POST or None, places=places, initial=initial),
        lambda given: change_person(actor, found, **given),
        title=_("Edit: %s") % found.name,
        submit=_("Save"),
        message=_("Saved."),
        then=lambda _none: words.url("person", found.pk),
        crumbs=(
            Link(title=_("People"), url=words.url(START)),
            Link(title=found.name, url=words.url("person", found.pk)),
        ),
    )


@requires(ADMINISTER_PEOPLE, scoped=True, writes=True)
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Closes an account."""
    actor = actor_of(request)
    found = one(User.objects.select_related("organisation"), actor, ADMINISTER_PEOPLE, pk=number)
    told(request, lambda: close_account(actor, found), _("The account was closed."))
    return HttpResponseRedirect(words.url("person", found.pk))


@requires(ADMINISTER_PEOPLE, scoped=True, writes=True)
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """Opens a closed account again and shows its new password."""
    actor = actor_of(request)
    found = one(User.objects.select_related("organisation"), actor, ADMINISTER_PEOPLE, pk=number)
    return with_password(request, open_account(actor, found))


@requires(ADMINISTER_PEOPLE, scoped=True, writes=True)
def password(request: HttpRequest, number: int) -> HttpResponse:
    """Gives somebody a new password and shows it."""
    actor = actor_of(request)
    found = one(User.objects.select_related("organisation"), actor, ADMINISTER_PEOPLE, pk=number)
    made: list[Login] = []
    if told(request, lambda: made.append(renew_password(actor, found)), _("The password was renewed.")):
        return with_password(request, made[0])
    return HttpResponseRedirect(words.url("person", found.pk))
