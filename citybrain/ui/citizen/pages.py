"""The citizens' pages (百姓端): home, looking up what is public, the accessibility statement. Nobody need sign in."""

from __future__ import annotations

import math
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from citybrain.kernel.identity.scope import Vouched
from citybrain.kernel.records.models import Record
from citybrain.kernel.records.shape import FieldShape, Shape, record_types
from citybrain.ui.access import public
from citybrain.ui.citizen.doors import SERVICES
from citybrain.ui.citizen.news import NEWS
from citybrain.ui.citizen.panels import NearestFirst
from citybrain.ui.citizen.queries import (
    PUBLIC,
    choices_of,
    matching_rows,
    nearest,
    open_fields,
    place_of,
    public_rows,
    public_type,
    public_types,
    said,
    title_of,
    vouched_public,
)
from citybrain.ui.county import county
from citybrain.ui.finding import address_of
from citybrain.ui.help.pages import first_sentence
from citybrain.ui.paging import paging
from citybrain.ui.panels import cells
from citybrain.ui.panels.items import Item, Items
from citybrain.ui.panels.kinds import Blank, Fact, Facts, Layer, Map, Notice, Tiles
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Tab
from citybrain.ui.panels.tables import Choice, Filters
from citybrain.ui.preferences import has_large_type
from citybrain.ui.records.mapping import bounds

SIZE = 30
POINTS = 2000
"""Rows on a page of a list; points sent to a map at once."""

NEWS_LINES = 5
FEW_LINES = 3
"""Announcements on the home page, and in large type."""


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where citizens begin: what is new, and the doors."""
    is_large = has_large_type(request)
    doors = [door for room in SERVICES.rooms for door in room.doors()]
    doors += [Link(title=shape.plural, url=listing_url(shape), icon=known(shape)) for shape in public_types()]
    says = [shape for shape in record_types() if shape.face.citizens_create]
    doors += [Link(title=shape.title, url=reverse("citizen-form", args=(shape.key,)), icon="pencil") for shape in says]
    doors.append(Link(title=_("Follow a report"), url=reverse("citizen-follow"), icon="list-search"))
    if not is_large:
        doors.append(Link(title=_("My data"), url=reverse("citizen-mine"), icon="shield-lock"))
    lines = tuple(NEWS.latest(FEW_LINES if is_large else NEWS_LINES))
    all_news = address_of(NEWS.url_name) if NEWS.url_name else ""
    news = Items(
        title=_("Announcements"),
        key="news",
        items=Vouched(lines, PUBLIC),
        empty=_("Nothing is announced at the moment."),
        more=Link(title=_("All"), url=all_news) if all_news else None,
    )
    return Page(
        title=_("%s Services") % county().title, body=(Tiles(tiles=tuple(doors)), news), shell="citizen"
    ).respond(request)


def known(shape: Shape) -> str:
    """The type's icon."""
    return shape.face.icon


def listing_url(shape: Shape) -> str:
    """Address of a public type's list."""
    return reverse("citizen-records", args=(shape.key,))


@public
@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """What citizens may look up, with a search over all of it."""
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    panels: list[Panel] = [Filters(choices=(), asked={"q": text}, search=_("Name, address, service"))]
    if text:
        for shape in public_types():
            rows = matching_rows(shape, text)[:SIZE]
            lines = tuple(line_of(shape, row) for row in rows)
            if lines:
                panels.append(Items(title=shape.plural, items=Vouched(lines, PUBLIC)))
        if len(panels) == 1:
            panels.append(Blank(icon="search", text=_("Nothing public is called “%s”.") % text))
    else:
        lines = tuple(
            Item(title=shape.plural, url=listing_url(shape), under=first_sentence(shape.help), icon=known(shape))
            for shape in public_types()
        )
        panels.append(Items(items=Vouched(lines, PUBLIC), empty=_("Nothing can be looked up yet.")))
    return Page(title=_("Look up"), body=tuple(panels), shell="citizen").respond(request)


def shape_or_404(key: str) -> Shape:
    """The public type. Raises Http404 for any other."""
    shape = public_type(key)
    if shape is None:
        raise Http404(_("Nothing public is at this address."))
    return shape


@public
@require_safe
def records(request: HttpRequest, key: str) -> HttpResponse:
    """The rows of a public type, as a list (the nearest first when asked) or on the map."""
    shape = shape_or_404(key)
    place = place_of(shape)
    tab = "map" if place and request.GET.get("tab") == "map" else "list"
    tabs = (Tab(key="list", title=_("List")), Tab(key="map", title=_("Map"))) if place else ()
    body = on_map(shape) if tab == "map" else listed(request, shape, place)
    crumbs = (Link(title=_("Look up"), url=reverse("citizen-look-up")),)
    return Page(
        title=shape.plural, body=body, crumbs=crumbs, tabs=tabs, tab=tab if tabs else "", shell="citizen"
    ).respond(request)


def on_map(shape: Shape) -> tuple[Panel, ...]:
    """The map."""
    address = reverse("citizen-geojson", args=(shape.key,))
    layer = Layer(key=shape.key, title=shape.plural, url=address, by_view=True, clusters=True)
    return (Map(key="map", layers=(layer,), height="tall"),)


def listed(request: HttpRequest, shape: Shape, place: str) -> tuple[Panel, ...]:
    """The filters and the lines."""
    narrowing = choices_of(shape)
    asked = {name: request.GET.get(name, "")[:100].replace("\x00", "") for name in ("q", *(f.name for f in narrowing))}
    rows = matching_rows(shape, asked["q"])
    for field in narrowing:
        if asked[field.name]:
            rows = rows.filter(**{field.name: asked[field.name]})
    here = point(request.GET.get("near", "")) if place else None
    rows = nearest(rows, place, *here) if here else rows.order_by("pk")
    leaf = paging(request.GET.get("page"), rows.count(), SIZE)
    shown = rows[leaf.offset : leaf.offset + leaf.size]
    bar = Filters(
        choices=tuple(Choice(name=f.name, title=str(f.title), options=tuple(words_of(f))) for f in narrowing),
        asked=asked,
        search=_("Name, address, town"),
    )
    items = Items(
        items=Vouched(tuple(line_of(shape, row) for row in shown), PUBLIC),
        empty=_("Nothing fits. Ask for less, or clear the filters."),
        paging=leaf if leaf.last > 1 else None,
    )
    return (bar, NearestFirst(is_on=here is not None), items) if place else (bar, items)


def words_of(field: FieldShape) -> list[tuple[str, str]]:
    """Values and words of a choice."""
    return [(str(value), str(word)) for value, word in field.field.flatchoices]


def point(text: str) -> tuple[float, float] | None:
    """Longitude and latitude in degrees; None when `text` names no point."""
    try:
        longitude, latitude = (float(part) for part in text.split(","))
    except ValueError:
        return None
    inside = abs(longitude) <= 180 and abs(latitude) <= 90
    return (longitude, latitude) if inside else None


def line_of(shape: Shape, row: Any) -> Item:
    """A row as a line: its name, its first open words, how far it is."""
    parts = [
        said(field, row)
        for field in open_fields(shape)
        if field.is_listed and field.name not in (shape.title_field, shape.place)
    ]
    away = getattr(row, "away", None)
    return Item(
        title=title_of(shape, row),
        url=reverse("citizen-record", args=(shape.key, row.number)),
        under=" · ".join(part for part in parts[:3] if part),
        side="" if away is None else distance(math.sqrt(away)),
    )


def distance(metres: float) -> str:
    """A distance as people say it."""
    return _("%d m") % (round(metres / 10) * 10) if metres < 1000 else _("%.1f km") % (metres / 1000)


@public
@require_safe
@cache_control(public=True, max_age=300)
def geojson(request: HttpRequest, key: str) -> HttpResponse:
    """The public rows in sight as GeoJSON (RFC 7946), degrees: at most `POINTS`."""
    shape = shape_or_404(key)
    place = place_of(shape)
    if not place:
        raise Http404(_("Nothing public is at this address."))
    rows = public_rows(shape).exclude(**{f"{place}_x": None})
    box = bounds(request.GET.get("bbox", ""))
    if box:
        west, south, east, north = box
        rows = rows.filter(**{f"{place}_x__range": (west, east), f"{place}_y__range": (south, north)})
    features = [
        {
            "type": "Feature",
            "geometry": getattr(row, place),
            "properties": {"title": title_of(shape, row), "url": reverse("citizen-record", args=(key, row.number))},
        }
        for row in rows.order_by("pk")[:POINTS]
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@public
@require_safe
def record(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """One public row: its open fields, where it is, and saying something about it."""
    shape = shape_or_404(key)
    row = public_rows(shape).filter(number=number).first()
    if row is None:
        raise Http404(_("Nothing public is at this address."))
    place = place_of(shape)
    facts = tuple(fact_of(field, row) for field in open_fields(shape) if field.name != place and said(field, row))
    panels: list[Panel] = [Facts(title=title_of(shape, row), of=vouched_public([row]), facts=facts)]
    geometry = getattr(row, place) if place else None
    if geometry:
        feature = {"type": "Feature", "geometry": geometry, "properties": {"title": title_of(shape, row)}}
        layer = Layer(key="here", title=shape.title, data={"type": "FeatureCollection", "features": [feature]})
        x, y = getattr(row, f"{place}_x"), getattr(row, f"{place}_y")
        panels.append(Map(key="map", layers=(layer,), centre=(x, y) if x is not None else None, height="middle"))
    return Page(
        title=shape.title,
        body=tuple(panels),
        crumbs=(Link(title=shape.plural, url=listing_url(shape)),),
        actions=saying(shape, row),
        shell="citizen",
    ).respond(request)


def fact_of(field: FieldShape, row: Record) -> Fact:
    """An open field as a fact; a phone number can be called."""
    text = said(field, row)
    title = str(field.title)
    cell = callable_number if field.name == "phone" else long_text
    return Fact(title=title[:1].upper() + title[1:], value=text, cell=cell, is_wide=len(text) > 60)


def callable_number(text: str) -> SafeString:
    """A phone number as a link that calls it."""
    digits = "".join(letter for letter in text if letter.isdigit() or letter == "+")
    return format_html('<a class="n" href="tel:{}">{}</a>', digits, text) if len(digits) > 2 else cells.text(text)


def long_text(text: str) -> SafeString:
    """Words with their line breaks."""
    return format_html('<span class="long-text">{}</span>', text)


def saying(shape: Shape, row: Record) -> tuple[Action, ...]:
    """Doors to the forms that may name this row, and to what rooms offer about it."""
    found = [action for room in SERVICES.rooms for action in room.record_actions(shape.key, row.number)]
    for other in record_types():
        if other.face.citizens_create:
            name = next((f.name for f in other.fields if getattr(f.field, "related_model", None) is shape.model), "")
            if name:
                url = f"{reverse('citizen-form', args=(other.key,))}?{name}={row.number}"
                found.append(Action(title=_("Have your say"), url=url, icon="message-report", is_main=not found))
    return tuple(found)


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What these pages do for people who see, hear or move differently, and what they do not yet."""
    does = _(
        "These pages follow GB/T 37668-2019 and WCAG 2.2, level AA: everything works by keyboard and by screen reader, "
        "contrast is at least 4.5 to 1, fields and buttons are at least 44 pixels high, and no time runs out while you "
        "write."
    )
    helps = _(
        "Large type makes everything a third bigger with stronger contrast and fewer things on a page. Reading aloud "
        "uses the voice of your own device. Chinese and English are complete."
    )
    lacks = _(
        "Maps cannot be read aloud; the list beside each map holds the same places. Files that offices attach may lack "
        "descriptions. There is no sign language video."
    )
    tell = _("Tell us what does not work for you; we answer within ten working days.")
    doors = [shape for shape in record_types() if shape.face.citizens_create]
    actions = tuple(
        Action(title=shape.title, url=reverse("citizen-form", args=(shape.key,)), icon="pencil") for shape in doors[:1]
    )
    return Page(
        title=_("Accessibility"),
        body=(
            Notice(title=_("What these pages do"), text=does, tone="quiet"),
            Notice(title=_("What helps"), text=helps, tone="quiet"),
            Notice(title=_("What is missing"), text=lacks, tone="quiet"),
            Notice(title=_("Your part"), text=tell, tone="quiet"),
        ),
        crumbs=(Link(title=_("Home"), url=reverse("citizen-home")),),
        actions=actions,
        shell="citizen",
    ).respond(request)
