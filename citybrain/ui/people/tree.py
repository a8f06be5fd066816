"""The tree of organisations, opened branch by branch, and what a search finds in it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.permissions import (
    ADMINISTER_ORGANISATIONS,
    VIEW_ORGANISATIONS,
)
from citybrain.kernel.identity.queries import named, with_children
from citybrain.kernel.identity.scope import scoped, vouched
from citybrain.ui.access import requires
from citybrain.ui.paging import paging
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Node, Stat, Stats, Tree, branches
from citybrain.ui.panels.panel import Action, Page, Panel, Row
from citybrain.ui.panels.tables import Choice, Column, Filters, Table
from citybrain.ui.people import words
from citybrain.ui.people.asking import actor_of, one
from citybrain.ui.templatetags.shown import titled

Kind = Organisation.Kind

GROUPS = (
    (Kind.GOVERNMENT, Kind.INSTITUTION, Kind.COURT, Kind.ASSOCIATION, Kind.UTILITY, Kind.SECTION),
    (Kind.SUBDISTRICT, Kind.TOWN, Kind.ZONE, Kind.VILLAGE),
)
"""Kinds of bodies on the left and on the right of the tree's page."""


def everything(actor: Actor) -> QuerySet[Organisation]:
    """Every organisation the person may see."""
    return scoped(Organisation.objects.all(), actor, VIEW_ORGANISATIONS)


@requires(VIEW_ORGANISATIONS)
def organisations(request: HttpRequest) -> HttpResponse:
    """The tree of organisations, or what a search finds in it."""
    actor = actor_of(request)
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "kind")}
    kinds = tuple((str(value), str(label)) for value, label in Kind.choices)
    filters = Filters(
        key="filters",
        search=_("Name or key"),
        asked=asked,
        choices=(Choice(name="kind", title=_("All kinds"), options=kinds),),
    )
    root = everything(actor).filter(parent=None).order_by("position", "key").first()
    page = Page(
        title=_("Organisations"),
        lead=_("The county's bodies with their sections, and the villages under their town."),
        actions=(
            (
                Action(
                    title=_("New organisation"), url=words.url("organisation-new", root.key), icon="plus", is_main=True
                ),
            )
            if root is not None and actor.may(ADMINISTER_ORGANISATIONS)
            else ()
        ),
        body=(filters, *(found(request, asked) if any(asked.values()) else (figures(actor), forest(actor)))),
        help=_("Who belongs to whom. What a post may see ends at its organisation and what lies under it."),
    )
    return page.respond(request)


def figures(actor: Actor) -> Stats:
    """How many there are."""
    counts: dict[str, int] = {}
    for kind in everything(actor).filter(is_active=True).order_by().values_list("kind", flat=True):
        counts[kind] = counts.get(kind, 0) + 1
    here = words.url("organisations")
    departments = sum(counts.get(kind, 0) for kind in GROUPS[0] if kind != Kind.SECTION)
    towns = sum(counts.get(kind, 0) for kind in GROUPS[1] if kind != Kind.VILLAGE)
    return Stats(
        stats=(
            Stat(title=_("Departments and other bodies"), value=departments, cell=cells.number),
            Stat(title=_("Towns, subdistricts and zones"), value=towns, cell=cells.number),
            Stat(
                title=_("Sections"),
                value=counts.get("section", 0),
                cell=cells.number,
                url=f"{here}?kind={Kind.SECTION}",
            ),
            Stat(
                title=_("Villages and communities"),
                value=counts.get("village", 0),
                cell=cells.number,
                url=f"{here}?kind=village",
            ),
        )
    )


def forest(actor: Actor) -> Row:
    """The top of the tree, by kind: departments on the left, towns on the right."""
    seen = with_children(everything(actor).filter(is_active=True)).order_by("position", "key")
    rows = list(seen.filter(parent__parent=None).exclude(parent=None))
    if not rows:
        # Somebody who sees one body only begins there.
        rows = list(seen.filter(pk=actor.organisation_id))
    trees = []
    for title, kinds in zip(
        (_("Departments and other bodies"), _("Towns, subdistricts and zones")), GROUPS, strict=True
    ):
        groups = [(kind, [row for row in rows if row.kind == kind]) for kind in kinds]
        nodes = [
            Node(title=kind.label, is_open=True, count=len(found), children=tuple(map(node, found)))
            for kind, found in groups
            if found
        ]
        if nodes:
            trees.append(Tree(title=title, nodes=vouched(nodes, actor, VIEW_ORGANISATIONS)))
    return Row(*trees)


def node(row: Organisation) -> Node:
    """An organisation in the tree; what lies below is fetched when it is opened."""
    below: int = getattr(row, "below", 0)
    return Node(
        title=titled(row),
        url=words.url("organisation", row.key),
        icon=words.ICONS[row.kind],
        count=below or None,
        more_url=words.url("organisation-branch", row.key) if below else "",
    )


@requires(VIEW_ORGANISATIONS, scoped=True)
def branch(request: HttpRequest, key: str) -> HttpResponse:
    """What lies directly below an organisation, for the tree."""
    actor = actor_of(request)
    above = one(Organisation.objects.all(), actor, VIEW_ORGANISATIONS, key=key)
    rows = with_children(everything(actor).filter(parent=above, is_active=True)).order_by("kind", "position", "key")
    return branches(request, vouched(map(node, rows), actor, VIEW_ORGANISATIONS))


def found(request: HttpRequest, asked: dict[str, str]) -> tuple[Panel, ...]:
    """What the search and the kind find, as a list."""
    rows = everything(actor_of(request)).select_related("parent")
    if asked["q"]:
        rows = rows.filter(named(asked["q"], "chinese", "english", "short", "key", "parent__short", "parent__english"))
    if asked["kind"] in Kind.values:
        rows = rows.filter(kind=asked["kind"])
    rows = rows.order_by("path")
    pages = paging(request.GET.get("page"), rows.count())
    return (
        Table(
            columns=columns(),
            rows=rows[pages.offset : pages.offset + pages.size],
            paging=pages,
            row_link=lambda row: words.url("organisation", row.key),
            empty=_("No organisation is called so. Try fewer letters."),
            empty_icon="sitemap",
        ),
    )


def columns() -> tuple[Column, ...]:
    """The columns of a list of organisations."""
    return (
        Column(title=_("Name"), value=titled, link=lambda row: words.url("organisation", row.key)),
        Column(title=_("Kind"), value=words.kind_name, weight=2),
        Column(title=_("Part of"), value=lambda row: titled(row.parent) if row.parent else None, weight=2),
        Column(title=_("Identifier"), value="key", cell=cells.mono, weight=3),
        Column(title=_("State"), value=words.body_state, cell=cells.tag),
    )
