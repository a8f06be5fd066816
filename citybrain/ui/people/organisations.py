"""The page of one organisation: its facts, its parts, its posts with their holders, its people."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.calendar import calendar
from citybrain.kernel.identity.models import Organisation, Post, User
from citybrain.kernel.identity.permissions import (
    ADMINISTER_ORGANISATIONS,
    ADMINISTER_PEOPLE,
    ADMINISTER_POSTS,
    VIEW_ORGANISATIONS,
    VIEW_PEOPLE,
    VIEW_POSTS,
)
from citybrain.kernel.identity.queries import holders, with_children
from citybrain.kernel.identity.scope import reaches, scoped
from citybrain.ui.access import requires
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Fact, Facts, Map
from citybrain.ui.panels.panel import Action, Page, Panel, Tab, Tag
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.people import words
from citybrain.ui.people.asking import actor_of, one
from citybrain.ui.people.maps import layers_of
from citybrain.ui.templatetags.shown import titled

Kind = Organisation.Kind


@requires(VIEW_ORGANISATIONS, scoped=True)
def organisation(request: HttpRequest, key: str) -> HttpResponse:
    """One organisation: its facts, its parts, its posts with their holders, its people."""
    actor = actor_of(request)
    body = one(Organisation.objects.select_related("parent", "area"), actor, VIEW_ORGANISATIONS, key=key)
    below = scoped(Organisation.objects.filter(parent=body), actor, VIEW_ORGANISATIONS)
    parts = with_children(below).order_by("-is_active", "kind", "position", "key")
    posts = scoped(Post.objects.filter(organisation=body), actor, VIEW_POSTS) if actor.may(VIEW_POSTS) else None
    people = scoped(User.objects.filter(organisation=body), actor, VIEW_PEOPLE) if actor.may(VIEW_PEOPLE) else None
    counts = {
        "parts": parts.count(),
        "posts": None if posts is None else posts.count(),
        "people": None if people is None else people.count(),
    }
    titles = {"parts": _("Below it"), "posts": _("Posts"), "people": _("People")}
    tabs = tuple(Tab(key=name, title=titles[name], count=count) for name, count in counts.items() if count is not None)
    first = next((tab.key for tab in tabs if tab.count), "parts")
    wanted = request.GET.get("tab", "")
    open_tab = wanted if counts.get(wanted) is not None else first
    if open_tab == "posts" and posts is not None:
        shown: Table = posts_table(posts.select_related("organisation__parent", "area"))
    elif open_tab == "people" and people is not None:
        shown = people_table(people.order_by("-is_active", "username"))
    else:
        shown = parts_table(parts)
    page = Page(
        title=titled(body),
        crumbs=words.crumbs(body),
        tags=(Tag(title=body.get_kind_display()), words.body_state(body)),
        actions=actions(actor, body),
        more=more_actions(actor, body),
        tabs=tabs,
        tab=open_tab,
        body=(shown,),
        aside=(facts(body), *place(body)),
    )
    return page.respond(request)


def parts_table(rows: QuerySet[Organisation]) -> Table:
    """Sections, villages and other bodies directly below."""
    return Table(
        columns=(
            Column(title=_("Name"), value=titled, link=lambda row: words.url("organisation", row.key)),
            Column(title=_("Kind"), value=words.kind_name, weight=2),
            Column(title=_("Working hours"), value=lambda row: schedule_name(row.schedule), weight=3),
            Column(
                title=_("Below it"), value=lambda row: row.below or None, cell=cells.number, align="right", weight=3
            ),
            Column(title=_("State"), value=words.body_state, cell=cells.tag),
        ),
        rows=rows,
        row_link=lambda row: words.url("organisation", row.key),
        empty=_("Nothing belongs to this organisation."),
        empty_icon="sitemap",
    )


def posts_table(rows: QuerySet[Post], title: str = "") -> Table:
    """Posts with their roles and who holds them today."""
    held = holders(rows)

    def names(post: Post) -> str | None:
        return _(", ").join(one.user.name for one in held.get(post.pk, [])) or None

    return Table(
        title=title,
        columns=(
            Column(title=_("Post"), value=titled, link=lambda row: words.url("post", row.key)),
            Column(title=_("Roles"), value=lambda row: words.role_titles(row.roles), wraps=True, weight=2),
            Column(title=_("Held by"), value=names, wraps=True),
            Column(title=_("State"), value=words.post_state, cell=cells.tag, weight=3),
        ),
        rows=rows,
        row_link=lambda row: words.url("post", row.key),
        empty=_("No post was opened here."),
        empty_icon="id-badge-2",
    )


def people_table(rows: QuerySet[User]) -> Table:
    """People employed here."""
    return Table(
        columns=(
            Column(title=_("Full name"), value="name", link=lambda row: words.url("person", row.pk)),
            Column(title=_("Signs in as"), value="username", cell=cells.mono, weight=2),
            Column(title=_("Last sign-in"), value="last_login", cell=cells.age, weight=2),
            Column(title=_("Account"), value=words.account_tag, cell=cells.tag),
        ),
        rows=rows,
        row_link=lambda row: words.url("person", row.pk),
        empty=_("Nobody is employed here."),
        empty_icon="users",
    )


def schedule_name(key: str) -> str:
    """The name of a schedule of working hours."""
    found = calendar().schedules.get(key)
    return titled(found) if found else key


def facts(body: Organisation) -> Facts:
    """What is known of an organisation."""
    area = body.area
    return Facts(
        title=_("Facts"),
        of=body,
        facts=(
            Fact(title=_("Chinese name"), value=body.chinese, cell=cells.chinese),
            Fact(title=_("English name"), value=body.english),
            Fact(title=_("Short name"), value=body.short),
            Fact(title=_("Identifier"), value=body.key, cell=cells.mono),
            Fact(
                title=_("Part of"),
                value=titled(body.parent) if body.parent else None,
                link=words.url("organisation", body.way[-2]) if body.parent_id else "",
            ),
            Fact(
                title=_("Territory"),
                value=titled(area) if area else None,
                link=words.url("area", area.key) if area else "",
            ),
            Fact(title=_("Working hours"), value=schedule_name(body.schedule), link=words.url("calendar")),
            Fact(title=_("Credit code"), value=body.credit_code, cell=cells.mono),
            Fact(title=_("Division code"), value=body.division_code, cell=cells.mono),
        ),
    )


def place(body: Organisation) -> Iterable[Panel]:
    """A map, when the area is known."""
    if body.area is not None and (layers := layers_of(body.area)):
        yield Map(title=_("On the map"), layers=layers, height="low")


def actions(actor: Actor, body: Organisation) -> tuple[Action, ...]:
    """What this person may do with it."""
    found = []
    if body.is_active and reaches(body, actor, ADMINISTER_PEOPLE):
        found.append(
            Action(title=_("New person"), url=f"{words.url('person-new')}?organisation={body.key}", icon="user-plus")
        )
    if body.is_active and reaches(body, actor, ADMINISTER_POSTS):
        found.append(Action(title=_("New post"), url=words.url("post-new", body.key), icon="plus"))
    if reaches(body, actor, ADMINISTER_ORGANISATIONS):
        found.append(Action(title=_("Edit"), url=words.url("organisation-edit", body.key), icon="edit"))
    return tuple(found)


def more_actions(actor: Actor, body: Organisation) -> tuple[Action, ...]:
    """What is rarely done with it."""
    if not reaches(body, actor, ADMINISTER_ORGANISATIONS):
        return ()
    if not body.is_active:
        url = words.url("organisation-revive", body.key)
        return (Action(title=_("Open again"), url=url, icon="rotate", post=True),)
    found = [Action(title=_("New part"), url=words.url("organisation-new", body.key), icon="plus")]
    if body.parent_id is not None:
        question = _("Dissolve %s and everything under it?") % titled(body)
        url = words.url("organisation-dissolve", body.key)
        found.append(
            Action(title=_("Move elsewhere"), url=words.url("organisation-move", body.key), icon="switch-horizontal")
        )
        found.append(Action(title=_("Dissolve"), url=url, icon="archive", post=True, tone="bad", confirm=question))
    return tuple(found)
