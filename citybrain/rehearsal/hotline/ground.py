"""Where things happen in the rehearsal county: villages and roads with synthetic points, and how people name them."""

from __future__ import annotations

import csv
import json
import math
import random
from dataclasses import dataclass
from pathlib import Path

import shapely

from citybrain.rehearsal import cells

METRES_A_DEGREE = 111_320.0
LONGEST_ROAD = 2_000 / METRES_A_DEGREE
"""Degrees from number 1 to the last house."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One place something happens at."""

    area: str
    """Code of the smallest division it lies in: a village, else the town; 12 digits."""
    town: str
    """Code of its town, 12 digits."""
    names: tuple[str, ...]
    """Ways to name it, the fullest first."""
    longitude: float
    latitude: float
    """Degrees, WGS-84; synthetic, within the made-up boundary of its village or town."""
    road: str = ""
    """Road it lies on, empty off the roads."""


class Ground:
    """Spots of one county, drawn from its data folder."""

    def __init__(self, county: Path) -> None:
        self._towns, self._cells = cells.towns(county), cells.villages(county)
        with (county / "divisions.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        seats = json.loads((county / "geo" / "town_seats.geojson").read_text(encoding="utf-8"))["features"]
        self._seats = {
            feature["properties"]["code"].ljust(12, "0"): tuple(feature["geometry"]["coordinates"][:2])
            for feature in seats
        }
        self.towns = {row["code"]: row["name"] for row in rows if row["level"] == "town"}
        self.villages = [row for row in rows if row["level"] == "village" and row["parent"] in self._seats]
        with (county / "roads.csv").open(encoding="utf-8", newline="") as file:
            self.roads = [(row["name"], row["town"].ljust(12, "0")) for row in csv.DictReader(file)]

    def draw(self, rng: random.Random, landmarks: tuple[str, ...]) -> Spot:
        """A spot: three of five in a village, else on a road."""
        return self._village(rng, landmarks) if rng.random() < 0.6 else self._on_road(rng, landmarks)

    def moved(self, rng: random.Random, spot: Spot, metres: float) -> tuple[float, float]:
        """A point `metres` from a spot, in any direction."""
        angle = rng.uniform(0, math.tau)
        up = metres * math.sin(angle) / METRES_A_DEGREE
        across = metres * math.cos(angle) / METRES_A_DEGREE / math.cos(math.radians(spot.latitude))
        return round(spot.longitude + across, 6), round(spot.latitude + up, 6)

    def _village(self, rng: random.Random, landmarks: tuple[str, ...]) -> Spot:
        row = rng.choice(self.villages)
        town = self.towns[row["parent"]]
        official = row["name"].removesuffix("村委会").removesuffix("居委会")
        is_community = row["name"].endswith("居委会")
        village = official if official.endswith(("社区", "村")) else official + ("社区" if is_community else "村")
        mark = rng.choice(landmarks)
        cell, spread = self._cells.get(row["code"]), random.Random(f"{row['code']}{mark}")
        if cell is not None:
            longitude, latitude = cells.place_in(cell.shape, cell.seat, spread, 0.002)
        else:
            longitude, latitude = self._near(row["parent"], row["code"], 2_500)
        return Spot(
            area=row["code"],
            town=row["parent"],
            names=(
                f"永康市{town}{village}{mark}",
                f"{town}{village}{mark}",
                f"{town.removesuffix('镇').removesuffix('街道')}{village}{mark}",
                f"{town}{official.removesuffix('社区')}{mark}",
            ),
            longitude=longitude,
            latitude=latitude,
        )

    def _on_road(self, rng: random.Random, landmarks: tuple[str, ...]) -> Spot:
        road, town_code = rng.choice(self.roads)
        town = self.towns[town_code]
        number = rng.randrange(1, 400)
        start, along = self._course(town_code, road)
        step = number * 5.0 / METRES_A_DEGREE
        if rng.random() < 0.3:
            other = rng.choice([name for name, its in self.roads if its == town_code and name != road] or [road])
            where = f"{road}与{other}交叉口" if other != road else f"{road}路口"
        else:
            where = f"{road}{number}号{rng.choice(('', '附近', '门口', '对面'))}"
        return Spot(
            area=town_code,
            town=town_code,
            names=(f"永康市{town}{where}", f"{town}{where}", where),
            longitude=round(start[0] + math.cos(along) * step, 6),
            latitude=round(start[1] + math.sin(along) * step, 6),
            road=road,
        )

    def _course(self, town: str, road: str) -> tuple[tuple[float, float], float]:
        """Where a road begins and by what angle it goes on: within the town, where its boundary is known."""
        known = self._towns.get(town)
        for attempt in range(cells.TRIES):
            salt = f"{road}{attempt}" if attempt else road
            start, along = self._near(town, salt, 1_200), random.Random(salt).uniform(0, math.tau)
            end = start[0] + math.cos(along) * LONGEST_ROAD, start[1] + math.sin(along) * LONGEST_ROAD
            if known is None or shapely.contains(known.shape, shapely.LineString((start, end))):
                break
        return start, along

    def _near(self, town: str, salt: str, reach: float) -> tuple[float, float]:
        """A fixed point within `reach` metres of a town's seat."""
        rng = random.Random(salt)
        seat = self._seats[town]
        return (
            seat[0] + rng.uniform(-reach, reach) / METRES_A_DEGREE,
            seat[1] + rng.uniform(-reach, reach) / METRES_A_DEGREE,
        )
