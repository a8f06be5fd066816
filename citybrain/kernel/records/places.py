"""Places of records: GeoJSON geometries (RFC 7946) checked, and the one point by which a map finds each."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""Geometry -> how deep its positions lie in `coordinates`."""

POSITIONS = 20_000
"""Most positions of one geometry: a boundary of the county to the metre has fewer."""

Position = tuple[float, float]


def check_geometry(value: Any) -> dict[str, Any] | None:
    """The geometry with nothing but what RFC 7946 names; None for nothing. Raises ValidationError with the remedy."""
    if value in (None, "", {}):
        return None
    if not isinstance(value, dict) or value.get("type") not in DEPTH or set(value) - {"type", "coordinates", "bbox"}:
        known = ", ".join(DEPTH)
        raise ValidationError(_("A place is a GeoJSON geometry: one of %s with coordinates.") % known)
    coordinates = value.get("coordinates")
    count = 0
    for position in _positions(coordinates, DEPTH[value["type"]]):
        count += 1
        if count > POSITIONS:
            raise ValidationError(_("The shape has more than %d points: simplify it.") % POSITIONS)
        _check_position(position)
    if not count:
        raise ValidationError(_("The shape has no points."))
    return {"type": value["type"], "coordinates": coordinates}


def _positions(coordinates: Any, depth: int) -> Iterator[Any]:
    if depth == 0:
        yield coordinates
        return
    if not isinstance(coordinates, list | tuple):
        raise ValidationError(_("The coordinates are not lists of longitude and latitude."))
    for inner in coordinates:
        yield from _positions(inner, depth - 1)


def _check_position(position: Any) -> None:
    is_pair = isinstance(position, list | tuple) and 2 <= len(position) <= 3
    if not is_pair or any(isinstance(one, bool) or not isinstance(one, int | float) for one in position):
        raise ValidationError(_("Write longitude and latitude in degrees: 120.04, 28.89."))
    longitude, latitude = position[:2]
    if not (math.isfinite(longitude) and math.isfinite(latitude) and abs(longitude) <= 180 and abs(latitude) <= 90):
        raise ValidationError(_("Longitude lies in -180 to 180 degrees, latitude in -90 to 90."))


def point_on(geometry: dict[str, Any] | None) -> Position | None:
    """The point a geometry is found by: itself, the middle position of a line, the middle of a shape's bounds."""
    if geometry is None:
        return None
    depth = DEPTH[geometry["type"]]
    positions = list(_positions(geometry["coordinates"], depth))
    if geometry["type"] in ("Point", "LineString"):
        longitude, latitude = positions[len(positions) // 2][:2]
        return float(longitude), float(latitude)
    across, up = [one[0] for one in positions], [one[1] for one in positions]
    return (min(across) + max(across)) / 2, (min(up) + max(up)) / 2
