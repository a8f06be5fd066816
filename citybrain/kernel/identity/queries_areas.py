"""Which area holds a point (区域定位): the deepest boundary around it, how surely, and whether that is made up.

    found = area_at(120.0402, 28.8938)
    found.key, found.kind, found.margin, found.is_synthetic

Points are WGS-84, which is CGCS2000 to within centimetres; what comes from Amap is converted before (`datum`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely

from citybrain.kernel.identity.models import Area

NEAR = 50.0
"""Metres from a border within which it is not sure on which side of it something lies."""
FRESH = 1.0
"""Seconds between two looks whether areas changed."""
DEPTHS = {Area.Kind.GRID: 0, Area.Kind.VILLAGE: 1, Area.Kind.ZONE: 2, Area.Kind.TOWN: 2, Area.Kind.COUNTY: 3}
"""The deepest kind first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaAt:
    """Where a point lies."""

    area_id: int
    key: str
    kind: str
    way: tuple[int, ...]
    """Primary keys of the areas around the point, from the county down to this one."""
    margin: float
    """Metres to this area's border."""
    beside: tuple[int, ...]
    """Primary keys of its neighbours nearer than `NEAR`."""
    is_synthetic: bool
    """Whether this area's boundary is made up."""

    @property
    def is_sure(self) -> bool:
        """Whether the point lies well inside."""
        return self.margin > NEAR


@dataclass(frozen=True, slots=True)
class Row:
    """An area with a boundary."""

    area_id: int
    key: str
    kind: str
    way: tuple[int, ...]
    is_synthetic: bool


class Borders:
    """Boundaries in metres, in a tree of their boxes (STR-packed R-tree)."""

    def __init__(self, rows: Iterable[tuple[Row, Mapping[str, Any]]]) -> None:
        listed = list(rows)
        drawn = np.array([polygon(shape) for _row, shape in listed], dtype=object)
        self.scale = metres_a_degree(shapely.total_bounds(drawn)[[1, 3]].mean()) if listed else (1.0, 1.0)
        flat = in_metres(drawn, self.scale)
        # What wins stands first: deeper, then smaller, then by key, so that a point on a border has one answer.
        order = sorted(
            range(len(listed)),
            key=lambda at: (DEPTHS[Area.Kind(listed[at][0].kind)], shapely.area(flat[at]), listed[at][0].key),
        )
        self.rows = [listed[at][0] for at in order]
        self.shapes = flat[order] if listed else flat
        self.edges = shapely.boundary(self.shapes)
        self.tree = shapely.STRtree(self.shapes)
        shapely.prepare(self.shapes)
        shapely.prepare(self.edges)

    def at(self, longitude: float, latitude: float) -> AreaAt | None:
        """The deepest area that holds a point, degrees; None outside all of them."""
        if not (math.isfinite(longitude) and math.isfinite(latitude)):
            return None
        point = shapely.Point(longitude * self.scale[0], latitude * self.scale[1])
        near = self.tree.query(point)
        inside = near[shapely.covers(self.shapes[near], point)]
        if not inside.size:
            return None
        best = int(inside.min())
        row, margin = self.rows[best], float(shapely.distance(self.edges[best], point))
        beside: tuple[int, ...] = ()
        if margin <= NEAR:
            around = sorted(int(at) for at in self.tree.query(point, predicate="dwithin", distance=NEAR))
            beside = tuple(self.rows[at].area_id for at in around if at != best and self._is_level(at, best))
        return AreaAt(
            area_id=row.area_id,
            key=row.key,
            kind=row.kind,
            way=row.way,
            margin=margin,
            beside=beside,
            is_synthetic=row.is_synthetic,
        )

    def _is_level(self, one: int, other: int) -> bool:
        return DEPTHS[Area.Kind(self.rows[one].kind)] == DEPTHS[Area.Kind(self.rows[other].kind)]


@dataclass(frozen=True, slots=True)
class Kept:
    """The boundaries of this process."""

    looked: float
    """`time.monotonic()` of the last look whether they are old."""
    changed: datetime | None
    borders: Borders


_kept: list[Kept] = []


def area_at(longitude: float, latitude: float) -> AreaAt | None:
    """The deepest area (grid, village, town or zone, county) whose boundary holds a point; None outside the county.

    Degrees, WGS-84. Where boundaries overlap, the smaller area is taken, then the lower key.
    """
    return borders().at(longitude, latitude)


def area_of(place: Mapping[str, Any] | None) -> AreaAt | None:
    """The deepest area that holds a GeoJSON point; None for no point, another geometry, or one outside the county."""
    if not place or place.get("type") != "Point":
        return None
    longitude, latitude = place["coordinates"][:2]
    return area_at(float(longitude), float(latitude))


def borders() -> Borders:
    """The boundaries, read again once an area changed: seen in this process at once, in others within a second."""
    now = time.monotonic()
    kept = _kept[0] if _kept else None
    if kept is not None and now - kept.looked < FRESH:
        return kept.borders
    changed = Area.objects.order_by("-changed_at").values_list("changed_at", flat=True).first()
    if kept is None or kept.changed != changed:
        kept = Kept(now, changed, read_borders())
    _kept[:] = [Kept(now, changed, kept.borders)]
    return kept.borders


def forget() -> None:
    """Has the boundaries read anew at the next question."""
    _kept.clear()


def read_borders() -> Borders:
    """The boundaries as the database has them."""
    ids = dict(Area.objects.values_list("key", "pk"))
    rows = Area.objects.filter(shape__isnull=False).values_list(
        "pk", "key", "kind", "path", "is_shape_synthetic", "shape"
    )
    return Borders(
        (Row(pk, key, kind, tuple(ids[one] for one in path.split("/")[:-1] if one in ids), is_synthetic), shape)
        for pk, key, kind, path, is_synthetic, shape in rows
        if shape
    )


def polygon(shape: Mapping[str, Any]) -> shapely.Geometry:
    """A GeoJSON polygon or multipolygon as a sound shape: what crosses itself is put right as far as can be."""
    drawn = shapely.geometry.shape(shape)
    return drawn if drawn.is_valid else shapely.make_valid(drawn)


def metres_a_degree(latitude: float) -> tuple[float, float]:
    """Metres of a degree to the east and to the north, at a latitude; WGS-84 ellipsoid, to within a metre."""
    angle = math.radians(latitude)
    east = 111412.84 * math.cos(angle) - 93.5 * math.cos(3 * angle) + 0.118 * math.cos(5 * angle)
    north = 111132.92 - 559.82 * math.cos(2 * angle) + 1.175 * math.cos(4 * angle) - 0.0023 * math.cos(6 * angle)
    return east, north


def in_metres(drawn: Any, scale: tuple[float, float]) -> Any:
    """Shapes of degrees in metres of a plane, which fits a county to within a thousandth."""
    return shapely.transform(drawn, lambda places: places * scale)


def feature_collection(areas: Iterable[Area]) -> dict[str, Any]:
    """Areas with a boundary as GeoJSON (RFC 7946), as `import_boundaries` reads it again."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": area.key,
                "properties": {
                    "code": area.key,
                    "name": area.chinese,
                    "name_en": area.english,
                    "kind": area.kind,
                    "source": area.shape_source,
                    "synthetic": area.is_shape_synthetic,
                },
                "geometry": area.shape,
            }
            for area in areas
            if area.shape
        ],
    }
