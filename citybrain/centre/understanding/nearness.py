"""Distances, and the area whose seat is the nearest."""

from __future__ import annotations

import math
from collections.abc import Iterable

from citybrain.kernel.identity.models import Area

METRES_A_DEGREE = 111_320.0
FARTHEST = 15_000.0
"""Metres from its seat beyond which nothing is told of an area."""
Point = tuple[float, float]


def metres(one: Point, other: Point) -> float:
    """Distance of two places a few kilometres apart, metres."""
    across = (one[0] - other[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(across, one[1] - other[1]) * METRES_A_DEGREE


def nearest(point: Point, areas: Iterable[Area]) -> Area | None:
    """The area with the nearest seat, within 15 km: where no boundary tells."""
    seats = [(metres(point, (area.seat[0], area.seat[1])), area.pk, area) for area in areas if _is_seated(area)]
    away, _pk, area = min(seats, default=(math.inf, 0, None))
    return area if away < FARTHEST else None


def _is_seated(area: Area) -> bool:
    return bool(area.seat) and area.kind != Area.Kind.COUNTY
