"""Distances, and the area a point lies in."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from citybrain.kernel.identity.models import Area

METRES_A_DEGREE = 111_320.0
Point = tuple[float, float]


def metres(one: Point, other: Point) -> float:
    """Distance of two places a few kilometres apart, metres."""
    across = (one[0] - other[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(across, one[1] - other[1]) * METRES_A_DEGREE


def around(point: Point, areas: Iterable[Area]) -> tuple[Area | None, bool]:
    """The smallest area whose shape holds a point, and True; else the one with the nearest seat, and False."""
    inside: Area | None = None
    nearest: tuple[float, Area] | None = None
    for area in areas:
        if area.kind == Area.Kind.COUNTY:
            continue
        if area.shape and holds(area.shape, point) and (inside is None or area.kind in ("village", "grid")):
            inside = area
        if area.seat:
            away = metres(point, (area.seat[0], area.seat[1]))
            if nearest is None or away < nearest[0]:
                nearest = away, area
    if inside is not None:
        return inside, True
    return (nearest[1], False) if nearest and nearest[0] < 15_000 else (None, False)


def holds(shape: dict[str, Any], point: Point) -> bool:
    """Whether a GeoJSON polygon or multipolygon holds a point; holes are outside."""
    coordinates = shape.get("coordinates") or []
    polygons = [coordinates] if shape.get("type") == "Polygon" else coordinates
    return any(_in_ring(rings[0], point) and not any(_in_ring(hole, point) for hole in rings[1:]) for rings in polygons)


def _in_ring(ring: Sequence[Sequence[float]], point: Point) -> bool:
    x, y = point
    is_inside = False
    before = ring[-1]
    for corner in ring:
        if (corner[1] > y) != (before[1] > y):
            crossing = (before[0] - corner[0]) * (y - corner[1]) / (before[1] - corner[1]) + corner[0]
            is_inside ^= x < crossing
        before = corner
    return is_inside
