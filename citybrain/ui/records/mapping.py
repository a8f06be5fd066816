"""Records on the map: points of what is in sight, counted together where there are too many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Avg, Count, F, FloatField, Max
from django.db.models.functions import Cast, Floor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from citybrain.kernel.identity.scope import demand_scoped
from citybrain.ui.panels.kinds import Blank, Layer, Map
from citybrain.ui.panels.panel import Page, Panel
from citybrain.ui.records.listing import ask, filters_panel, frame
from citybrain.ui.records.pages import RecordPages

POINTS = 2000
"""Points sent one by one; more are counted together."""

CELLS = 24
"""Cells across the map in which points are counted together."""


def map_page(pages: RecordPages, request: HttpRequest) -> HttpResponse:
    """What the list asks for, on the map."""
    asked = ask(pages, request)
    panel: Panel
    if pages.shape.map_place:
        address = f"{pages.url('geojson')}?{asked.query}"
        layer = Layer(key=pages.key, title=pages.shape.plural, url=address, by_view=True, clusters=True)
        panel = Map(key="map", layers=(layer,), height="fill")
    else:
        panel = Blank(icon="map", text=_("These records have no place."))
    return Page(**frame(pages, request, asked, "map"), body=(filters_panel(pages, asked), panel), fills=True).respond(
        request
    )


def bounds(text: str) -> tuple[float, float, float, float] | None:
    """West, south, east, north of `bbox`, degrees; None when it says nothing usable."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (west, south, east, north) if west < east and south < north else None


def geojson(pages: RecordPages, request: HttpRequest) -> HttpResponse:
    """The records in sight as a GeoJSON feature collection (RFC 7946), degrees."""
    place = pages.shape.map_place
    if not place:
        return JsonResponse({"type": "FeatureCollection", "features": []})
    rows = ask(pages, request).rows.exclude(**{f"{place}_x": None})
    demand_scoped(rows)
    box = bounds(request.GET.get("bbox", ""))
    if box:
        west, south, east, north = box
        rows = rows.filter(**{f"{place}_x__range": (west, east), f"{place}_y__range": (south, north)})
    found = list(rows.order_by()[: POINTS + 1])
    many = len(found) > POINTS
    features = list(grouped(rows, place, box) if many else single(pages, found))
    return JsonResponse({"type": "FeatureCollection", "features": features, "is_grouped": many})


def single(pages: RecordPages, rows: list[Any]) -> Iterator[dict[str, Any]]:
    """A feature for each record."""
    for row in rows:
        yield {
            "type": "Feature",
            "id": row.pk,
            "geometry": getattr(row, pages.shape.place),
            "properties": {
                "title": pages.title_of(row),
                "number": row.number,
                "url": pages.url("detail", row.number),
            },
        }


def grouped(rows: Any, place: str, box: tuple[float, float, float, float] | None) -> Iterator[dict[str, Any]]:
    """A point for each cell of a grid over the map, with how many records lie in it."""
    x, y = f"{place}_x", f"{place}_y"
    step = (box[2] - box[0]) / CELLS if box else 0.02
    cells = (
        rows.order_by()
        .annotate(across=Floor(Cast(F(x), FloatField()) / step), up=Floor(Cast(F(y), FloatField()) / step))
        .values("across", "up")
        .annotate(many=Count("pk"), middle_x=Avg(x), middle_y=Avg(y), one=Max("number"))
    )
    for cell in cells:
        yield {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [cell["middle_x"], cell["middle_y"]]},
            "properties": {"count": cell["many"], "title": str(cell["many"])},
        }
