"""What every map stands on, off-line: the county's outline and its towns' seats, and the tiles a setting names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from citybrain.ui.access import public
from citybrain.ui.county import county
from citybrain.ui.formats import is_chinese
from citybrain.ui.map.archive import archive
from citybrain.ui.map.shapes import bounds, geojson
from citybrain.ui.map.tianditu import HIGHEST


@public
@require_safe
@cache_control(private=True, max_age=600)
def base(request: HttpRequest) -> JsonResponse:
    """Outline, seats, bounds, attribution, and where tiles are: open to citizens, without tiles that cost a quota."""
    here = county()
    shapes = geojson(here.outline)
    answer = JsonResponse(
        {
            "outline": shapes,
            "seats": named(geojson(here.seats)),
            "bounds": bounds(shapes),
            "attribution": here.outline_source,
            "tiles": tiles() if request.user.is_authenticated or settings.MAP_PMTILES else [],
        }
    )
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer


def tiles() -> list[dict[str, Any]]:
    """The layers of tiles under the county's shapes, lowest first; none leaves the county on its own ground."""
    if settings.MAP_PMTILES:
        packed = archive(Path(settings.MAP_PMTILES))
        return [
            {
                "kind": packed.kind,
                "url": reverse("map-packed-tile", args=(0, 0, 0)).replace("0/0/0", "{z}/{x}/{y}"),
                "lowest": packed.lowest,
                "highest": packed.highest,
                "layers": packed.layers,
                "attribution": packed.attribution,
            }
        ]
    if settings.MAP_TIANDITU_KEY:
        words = "cva" if is_chinese() else "eva"
        return [
            {
                "kind": "raster",
                "url": reverse("map-tianditu-tile", args=(layer, 0, 0, 0)).replace("0/0/0", "{z}/{x}/{y}"),
                "lowest": 1,
                "highest": HIGHEST,
                "layers": [],
                "attribution": _("National platform for geographic information, Tianditu"),
            }
            for layer in ("vec", words)
        ]
    return []


def named(shapes: dict[str, Any]) -> dict[str, Any]:
    """Points with one property, their name in the page's language."""
    return {
        "type": "FeatureCollection",
        "features": [
            {**shape, "properties": {"name": name_of(shape.get("properties") or {})}} for shape in shapes["features"]
        ],
    }


def name_of(properties: dict[str, Any]) -> str:
    """The name in the page's language, else the Chinese one."""
    english = "" if is_chinese() else properties.get("name_en") or ""
    return english or properties.get("name") or ""
