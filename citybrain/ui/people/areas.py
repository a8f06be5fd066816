"""Pages of areas: the county with its towns, villages and grids, on the map and as a tree."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from citybrain.kernel.identity.models import Area, Organisation, Post
from citybrain.kernel.identity.permissions import ADMINISTER_AREAS, VIEW_AREAS, VIEW_ORGANISATIONS, VIEW_POSTS
from citybrain.kernel.identity.queries import areas_with_children, named
from citybrain.kernel.identity.scope import scoped, vouched
from citybrain.ui.access import requires
from citybrain.ui.paging import paging
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Fact, Facts, Map, Node, Tree, branches
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Row, Tag
from citybrain.ui.panels.tables import Choice, Column, Filters, Table
from citybrain.ui.people import words
from citybrain.ui.people.asking import actor_of, one
from citybrain.ui.people.maps import layers_of
from citybrain.ui.people.organisations import posts_table
from citybrain.ui.templatetags.shown import titled


@requires(VIEW_AREAS)
def areas(request: HttpRequest) -> HttpResponse:
    """The county's areas as a tree beside the map, or what a search finds."""
    actor = actor_of(request)
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "kind")}
    seen = scoped(Area.objects.all(), actor, VIEW_AREAS)
    kinds = tuple((str(value), str(label)) for value, label in Area.Kind.choices)
    filters = Filters(
        key="filters",
        search=_("Name or code"),
        asked=asked,
        choices=(Choice(name="kind", title=_("All kinds"), options=kinds),),
    )
    if any(asked.values()):
        rows = seen.select_related("parent").order_by("path")
        if asked["q"]:
            rows = rows.filter(named(asked["q"], "chinese", "english", "key"))
        if asked["kind"] in Area.Kind.values:
            rows = rows.filter(kind=asked["kind"])
        pages = paging(request.GET.get("page"), rows.count())
        found = Table(
            columns=columns(),
            rows=rows[pages.offset : pages.offset + pages.size],
            paging=pages,
            row_link=lambda row: words.url("area", row.key),
            empty=_("No area is called so. Try fewer letters."),
            empty_icon="map-pin",
        )
        body: tuple[Panel | Row, ...] = (filters, found)
    else:
        top = areas_with_children(seen).order_by("path")
        highest = min((path.count("/") for path in seen.order_by().values_list("path", flat=True)), default=1)
        first = [row for row in top.filter(kind__in=("county", "town", "zone")) if row.path.count("/") == highest]
        first = first or [row for row in top[:200] if row.path.count("/") == highest]
        inside = list(top.filter(parent__in=first))
        if len(first) == 1:
            below = tuple(node(row) for row in inside)
            nodes = [replace(node(first[0]), icon="map-2", is_open=True, children=below, more_url="")]
        else:
            nodes = [node(row) for row in first]
        tree = Tree(title=_("Areas"), nodes=vouched(nodes, actor, VIEW_AREAS))
        body = (filters, tree)
        if first and (layers := layers_of(first[0], inside)):
            body = (filters, Row(tree, Map(title=_("On the map"), layers=layers, height="tall"), widths="aside"))
    keeps = actor.may(ADMINISTER_AREAS)
    page = Page(
        title=_("Areas"),
        actions=(Action(title=_("Boundaries"), url=words.url("boundaries"), icon="map-2"),) if keeps else (),
        lead=_("Towns and villages by their statistical codes, functional zones, and the grids inside villages."),
        body=body,
        help=_("What lies in the area of a post is what its holder may see where a permission reaches “own area”."),
    )
    return page.respond(request)


def node(row: Area) -> Node:
    """An area in the tree; what lies in it is fetched when it is opened."""
    inside: int = getattr(row, "below", 0)
    mark = words.synthetic(row)
    return Node(
        title=titled(row),
        url=words.url("area", row.key),
        icon="map-pin",
        count=inside or None,
        tags=(mark,) if mark else (),
        more_url=words.url("area-branch", row.key) if inside else "",
    )


@requires(VIEW_AREAS, scoped=True)
def branch(request: HttpRequest, key: str) -> HttpResponse:
    """What lies directly in an area, for the tree."""
    actor = actor_of(request)
    above = one(Area.objects.all(), actor, VIEW_AREAS, key=key)
    rows = areas_with_children(scoped(Area.objects.filter(parent=above), actor, VIEW_AREAS)).order_by("key")
    return branches(request, vouched(map(node, rows), actor, VIEW_AREAS))


def columns() -> tuple[Column, ...]:
    """The columns of a list of areas."""
    return (
        Column(title=_("Name"), value=titled, link=lambda row: words.url("area", row.key)),
        Column(title=_("Kind"), value=words.kind_name, weight=2),
        Column(title=_("Lies in"), value=lambda row: titled(row.parent) if row.parent else None, weight=2),
        Column(title=_("Code"), value="key", cell=cells.mono, weight=3),
        Column(title=_("Origin"), value=words.synthetic, cell=cells.tag),
    )


@requires(VIEW_AREAS, scoped=True)
def area(request: HttpRequest, key: str) -> HttpResponse:
    """One area: what lies in it, who governs it, which posts are for it."""
    actor = actor_of(request)
    found = one(Area.objects.select_related("parent"), actor, VIEW_AREAS, key=key)
    inside = scoped(Area.objects.filter(parent=found).select_related("parent"), actor, VIEW_AREAS).order_by("key")
    above = Area.objects.filter(key__in=found.way[:-1]).order_by("path")
    mark = words.synthetic(found)
    body: list[Panel] = []
    if layers := layers_of(found, inside):
        body.append(Map(title=_("On the map"), layers=layers))
    if inside.exists():
        body.append(
            Table(title=_("Inside it"), columns=columns(), rows=inside, row_link=lambda row: words.url("area", row.key))
        )
    if actor.may(VIEW_POSTS):
        posts = scoped(Post.objects.filter(area=found).select_related("organisation__parent"), actor, VIEW_POSTS)
        body.append(posts_table(posts, title=_("Posts for this area")))
    page = Page(
        title=titled(found),
        crumbs=(
            Link(title=_("Areas"), url=words.url("areas")),
            *(Link(title=titled(row), url=words.url("area", row.key)) for row in above),
        ),
        tags=(Tag(title=found.get_kind_display()), *((mark,) if mark else ())),
        body=tuple(body),
        aside=(
            Facts(
                title=_("Facts"),
                of=found,
                facts=(
                    Fact(title=_("Chinese name"), value=found.chinese, cell=cells.chinese),
                    Fact(title=_("English name"), value=found.english),
                    Fact(title=_("Code"), value=found.key, cell=cells.mono),
                    Fact(
                        title=_("Lies in"),
                        value=titled(found.parent) if found.parent else None,
                        link=words.url("area", found.way[-2]) if found.parent_id else "",
                    ),
                    Fact(title=_("Seat of government"), value=degrees(found.seat), cell=cells.mono),
                    *boundary(found),
                    *governing(request, found),
                ),
            ),
        ),
    )
    return page.respond(request)


def degrees(seat: list[float] | None) -> str | None:
    """Longitude and latitude in words."""
    return f"{seat[0]:.5f}, {seat[1]:.5f}" if seat else None


def boundary(found: Area) -> tuple[Fact, ...]:
    """Who drew the boundary, and whether it is made up."""
    if not found.shape:
        return (Fact(title=_("Boundary"), value=_("not known")),)
    drawn = found.shape_source or _("not known")
    made_up = Fact(title=_("Boundary is"), value=Tag(title=_("made up"), tone="fair"), cell=cells.tag)
    return (Fact(title=_("Boundary by"), value=drawn), *((made_up,) if found.is_shape_synthetic else ()))


def governing(request: HttpRequest, found: Area) -> tuple[Fact, ...]:
    """The organisations that govern an area."""
    actor = actor_of(request)
    if not actor.may(VIEW_ORGANISATIONS):
        return ()
    bodies = scoped(Organisation.objects.filter(area=found, is_active=True), actor, VIEW_ORGANISATIONS)
    return tuple(
        Fact(title=_("Governed by"), value=titled(body), link=words.url("organisation", body.key)) for body in bodies
    )
