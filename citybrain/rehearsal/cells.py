"""Made-up boundaries of villages and grids (演示边界): Voronoi cells within their town, the same in every process.

No real boundary is among them. The hotline's reports, the departments' coordinates and the areas of the demo all take
their places from here, so that what happens in a village lies in that village.
"""

from __future__ import annotations

import csv
import functools
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

SOURCE = "SYNTHETIC: Voronoi cells of the demo, not administrative boundaries"
TOWNS = "geo/towns_synthetic.geojson"
DIGITS = 6
APART = 0.003
"""Degrees two seats of villages lie apart at least, where there is room."""
TRIES = 60
Place = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A made-up village or grid."""

    seat: Place
    """Longitude and latitude, degrees, inside `shape`."""
    shape: shapely.Geometry

    def geojson(self) -> dict[str, Any]:
        """Its boundary."""
        found: dict[str, Any] = json.loads(shapely.to_geojson(self.shape))
        return found


@functools.cache
def towns(county: Path) -> Mapping[str, Cell]:
    """The made-up towns of a county's data folder by their code of 12 digits, with their real seats; none without."""
    path = county / TOWNS
    if not path.is_file():
        return {}
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    found = {}
    for one in features:
        facts, shape = one["properties"], shapely.geometry.shape(one["geometry"])
        shapely.prepare(shape)
        found[facts["code"].ljust(12, "0")] = Cell(seat=(facts["cx"], facts["cy"]), shape=shape)
    return found


@functools.cache
def villages(county: Path) -> Mapping[str, Cell]:
    """The cell of every village that lies in a town, by its code of 12 digits: denser near the town's seat."""
    with (county / "divisions.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] == "village"]
    found: dict[str, Cell] = {}
    for code, town in towns(county).items():
        inside = [row["code"] for row in rows if row["parent"] == code]
        if inside:
            found |= zip(inside, split(town, inside), strict=True)
    return found


def grids(village: Cell, codes: Sequence[str]) -> list[Cell]:
    """The cells of a village's grids."""
    return split(village, codes)


def split(around: Cell, codes: Sequence[str]) -> list[Cell]:
    """A cell cut into one for each code."""
    west, south, east, north = around.shape.bounds
    reach = min(east - west, north - south) / 3
    seats: list[Place] = []
    for code in codes:
        seats.append(place_in(around.shape, around.seat, random.Random(code), reach, seats))
    if len(seats) == 1:
        return [Cell(seat=seats[0], shape=around.shape)]
    drawn = shapely.voronoi_polygons(shapely.MultiPoint(seats), extend_to=around.shape, ordered=True)
    found = []
    for seat, cell in zip(seats, drawn.geoms, strict=True):
        shape = shapely.set_precision(shapely.intersection(cell, around.shape), 10**-DIGITS)
        if shape.geom_type == "GeometryCollection":
            shape = shapely.MultiPolygon([one for one in shape.geoms if one.geom_type == "Polygon"])
        shapely.prepare(shape)
        found.append(Cell(seat=seat, shape=shape))
    return found


def place_in(
    shape: shapely.Geometry, middle: Place, rng: random.Random, reach: float, others: Sequence[Place] = ()
) -> Place:
    """A place within a shape, most likely near `middle`, apart from others where there is room; degrees."""
    best = None
    for _try in range(TRIES):
        place = round(rng.gauss(middle[0], reach), DIGITS), round(rng.gauss(middle[1], reach), DIGITS)
        if not shapely.contains_xy(shape, *place):
            continue
        if all(abs(place[0] - x) + abs(place[1] - y) > APART for x, y in others):
            return place
        best = best or (place if place not in others else None)
    if best is not None:
        return best
    inside = shapely.point_on_surface(shape)
    return round(inside.x, DIGITS), round(inside.y, DIGITS)
