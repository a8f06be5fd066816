"""Datums. Inside everything is CGCS2000, the same as WGS-84 to within centimetres; GCJ-02 exists only at the edges:
places that come from, or links that go to, maps of Amap and Tencent. The shift is Krasovsky 1940's, as published."""

from __future__ import annotations

import math

AXIS = 6378245.0
"""Metres: Krasovsky's major half axis."""
SQUARED = 0.00669342162296594323
"""Its first eccentricity, squared."""

Place = tuple[float, float]
"""Longitude and latitude, degrees."""


def is_abroad(place: Place) -> bool:
    """Whether the shift does not apply: outside the box around mainland China."""
    east, north = place
    return not (72.004 < east < 137.8347 and 0.8293 < north < 55.8271)


def shift(place: Place) -> Place:
    """How far GCJ-02 lies from WGS-84 at a place, degrees."""
    x, y = place[0] - 105.0, place[1] - 35.0
    root = math.sqrt(abs(x))
    waves = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    latitude = math.radians(place[1])
    bend = 1 - SQUARED * math.sin(latitude) ** 2
    north = math.degrees(north / (AXIS * (1 - SQUARED) / (bend * math.sqrt(bend))))
    east = math.degrees(east / (AXIS / math.sqrt(bend) * math.cos(latitude)))
    return east, north


def to_gcj02(place: Place) -> Place:
    """A WGS-84 place as GCJ-02 (火星坐标) has it."""
    if is_abroad(place):
        return place
    east, north = shift(place)
    return place[0] + east, place[1] + north


def from_gcj02(place: Place) -> Place:
    """A GCJ-02 place as WGS-84, to within a centimetre: the shift is taken off again until it fits."""
    if is_abroad(place):
        return place
    found = place
    for _round in range(8):
        east, north = shift(found)
        found = place[0] - east, place[1] - north
    return found
