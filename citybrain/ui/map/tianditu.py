"""Tiles of Tianditu (天地图), fetched by us: the browser never sees the key, and only the county is asked for."""

from __future__ import annotations

import functools
import logging
import math
from pathlib import Path

import httpx
from django.conf import settings
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.filebased import FileBasedCache
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from citybrain.ui.access import signed_in
from citybrain.ui.map.shapes import county_bounds

log = logging.getLogger(__name__)

LAYERS = ("vec", "cva", "eva", "img", "cia", "eia", "ter", "cta")
"""Map, its names in Chinese and English; imagery and its names; relief and its names. Nothing else is passed on."""

HIGHEST = 18
"""Largest zoom that is passed on."""

MOST = 1_000_000
"""Octets a tile may have."""

WITHIN = 8.0
"""Seconds Tianditu has to answer."""

MARGIN = 0.35
"""Degrees around the county that may be asked for too, so that its edge is not a cliff."""

KEPT = 30 * 24 * 3600
"""Seconds a tile is kept."""

HOST = "t{server}.tianditu.gov.cn"
PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"RIFF": "image/webp"}
"""First octets -> media type: what is no picture is never passed on."""


@signed_in
@require_safe
@cache_control(private=True, max_age=24 * 3600)
def tianditu_tile(request: HttpRequest, layer: str, zoom: int, column: int, line: int) -> HttpResponse:
    """One tile; 404 for what is no tile of the county, 502 when Tianditu does not answer with a picture."""
    if not settings.MAP_TIANDITU_KEY or layer not in LAYERS or not is_near(zoom, column, line):
        raise Http404
    key = f"{layer}/{zoom}/{column}/{line}"
    kept: bytes | None = cache().get(key)
    content = kept or fetch(layer, zoom, column, line)
    kind = picture(content)
    if kind is None:
        return HttpResponse(status=502)
    if kept is None:
        cache().set(key, content, KEPT)
    return HttpResponse(content, content_type=kind)


def fetch(layer: str, zoom: int, column: int, line: int) -> bytes:
    """The tile from Tianditu's WMTS (web Mercator); empty when it refused, was late or sent too much."""
    url = f"https://{HOST.format(server=(column + line) % 8)}/{layer}_w/wmts"
    asked = {
        "SERVICE": "WMTS",
        "REQUEST": "GetTile",
        "VERSION": "1.0.0",
        "LAYER": layer,
        "STYLE": "default",
        "TILEMATRIXSET": "w",
        "FORMAT": "tiles",
        "TILEMATRIX": str(zoom),
        "TILECOL": str(column),
        "TILEROW": str(line),
        "tk": settings.MAP_TIANDITU_KEY,
    }
    content = bytearray()
    try:
        with httpx.stream("GET", url, params=asked, timeout=WITHIN, follow_redirects=False) as answer:
            if answer.status_code != 200:
                log.warning("Tianditu answered %s for layer %s, zoom %s", answer.status_code, layer, zoom)
                return b""
            for part in answer.iter_bytes():
                content += part
                if len(content) > MOST:
                    log.warning("Tianditu sent more than %s octets for layer %s, zoom %s", MOST, layer, zoom)
                    return b""
    except httpx.HTTPError as error:
        # Its text carries the address, and with it the key.
        log.warning("Tianditu cannot be reached: %s", type(error).__name__)
        return b""
    return bytes(content)


def picture(content: bytes) -> str | None:
    """The media type of a picture, from its first octets; None for anything else."""
    return next((kind for start, kind in PICTURES.items() if content.startswith(start)), None)


def is_near(zoom: int, column: int, line: int) -> bool:
    """Whether a tile exists and touches the county or its margin; below zoom 6 every tile does."""
    if not (0 <= zoom <= HIGHEST and 0 <= column < 2**zoom and 0 <= line < 2**zoom):
        return False
    box = county_bounds()
    if box is None or zoom < 6:
        return True
    west, south, east, north = box
    return (
        degrees_east(column + 1, zoom) >= west - MARGIN
        and degrees_east(column, zoom) <= east + MARGIN
        and degrees_north(line, zoom) >= south - MARGIN
        and degrees_north(line + 1, zoom) <= north + MARGIN
    )


def degrees_east(column: int, zoom: int) -> float:
    """Longitude of a tile column's west edge."""
    return column / 2**zoom * 360 - 180


def degrees_north(line: int, zoom: int) -> float:
    """Latitude of a tile row's north edge, web Mercator."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * line / 2**zoom))))


@functools.cache
def kept_in(folder: Path) -> BaseCache:
    """The tiles kept in a folder, at most 20 000."""
    return FileBasedCache(str(folder), {"TIMEOUT": KEPT, "OPTIONS": {"MAX_ENTRIES": 20_000}})


def cache() -> BaseCache:
    """This site's kept tiles."""
    return kept_in(Path(settings.HOME) / "tiles")
