"""The county's own shapes, read from its data folder."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from citybrain.ui.county import county

Bounds = tuple[float, float, float, float]
"""West, south, east, north: degrees, CGCS2000, which is WGS-84 to within centimetres."""


def geojson(path: Path | None) -> dict[str, Any]:
    """The shapes in a file; none for no file."""
    if path is None:
        return {"type": "FeatureCollection", "features": []}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def bounds(shapes: dict[str, Any]) -> Bounds | None:
    """The box around shapes; None around nothing."""
    places = [place for shape in shapes["features"] for place in positions(shape["geometry"]["coordinates"])]
    if not places:
        return None
    easts, norths = zip(*places, strict=True)
    return min(easts), min(norths), max(easts), max(norths)


def positions(coordinates: Any) -> Iterator[tuple[float, float]]:
    """Every position inside GeoJSON coordinates, however deep."""
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for inner in coordinates:
        yield from positions(inner)


@functools.cache
def box_of(path: Path | None) -> Bounds | None:
    """The box around the shapes of a file, read once."""
    return bounds(geojson(path))


def county_bounds() -> Bounds | None:
    """The box around the county; None when it has no outline."""
    return box_of(county().outline)
