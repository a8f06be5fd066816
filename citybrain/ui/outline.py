"""The county's outline as a picture, drawn from its own data: the door of the site shows it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from citybrain.ui.county import County

WIDTH = 900
MARGIN = 30
DEPTH = ((24, "#0b2340"), (18, "#0e2c50"), (12, "#123760"), (6, "#174573"))
"""Offsets and colours of the copies below the county that make it stand out as a relief."""

Point = tuple[float, float]


def rings(shape: dict[str, Any]) -> list[list[Point]]:
    """Every ring of the polygons in a GeoJSON feature collection, degrees."""
    found = []
    for feature in shape["features"]:
        geometry = feature["geometry"]
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        found += [[(x, y) for x, y, *_height in ring] for polygon in polygons for ring in polygon]
    return found


class Frame:
    """Fits degrees into a picture `WIDTH` wide; the height follows from the latitude."""

    def __init__(self, points: Iterable[Point]) -> None:
        xs, ys = zip(*points, strict=True)
        self.west, self.north = min(xs), max(ys)
        self.squeeze = math.cos(math.radians((min(ys) + max(ys)) / 2))
        self.scale = (WIDTH - 2 * MARGIN) / ((max(xs) - self.west) * self.squeeze)
        self.height = round((self.north - min(ys)) * self.scale) + 2 * MARGIN + DEPTH[0][0]

    def place(self, point: Point) -> Point:
        """Where a point lies in the picture."""
        x = MARGIN + (point[0] - self.west) * self.squeeze * self.scale
        return round(x, 1), round(MARGIN + (self.north - point[1]) * self.scale, 1)


def draw(county: County) -> SafeString:
    """The county as an SVG: its outline in relief and a dot for each town; an empty picture when it has no outline."""
    if county.outline is None:
        return format_html('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}"></svg>', WIDTH, WIDTH)
    border = rings(read(county.outline))
    frame = Frame(point for ring in border for point in ring)
    path = " ".join("M" + " ".join(f"{x},{y}" for x, y in map(frame.place, ring)) + "Z" for ring in border)
    seats = read(county.seats)["features"] if county.seats else []
    dots = [frame.place(tuple(seat["geometry"]["coordinates"][:2])) for seat in seats]
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}">'
        '<defs><linearGradient id="land" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#2a7fc4"/>'
        '<stop offset="1" stop-color="#174d85"/></linearGradient></defs>{}'
        '<path d="{}" fill="url(#land)" stroke="#7fd0ff" stroke-width="2" stroke-linejoin="round"/>{}</svg>',
        WIDTH,
        frame.height,
        format_html_join("", '<path d="{}" transform="translate(0 {})" fill="{}"/>', ((path, *copy) for copy in DEPTH)),
        path,
        format_html_join(
            "",
            '<circle cx="{0}" cy="{1}" r="13" fill="#7fd0ff" opacity=".18"/>'
            '<circle cx="{0}" cy="{1}" r="4.500" fill="#dff3ff"/>',
            dots,
        ),
    )


def read(path: Path) -> dict[str, Any]:
    """The GeoJSON in a file."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
