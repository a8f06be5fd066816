"""A point finds its area; a file of boundaries is taken for its sound features, and every other one is told why."""

from __future__ import annotations

import itertools
import json
import math
import random
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from citybrain.declare.role import Reach
from citybrain.kernel.identity import queries_areas
from citybrain.kernel.identity.actions_areas import Imported, import_boundaries
from citybrain.kernel.identity.actions_loading import load_organisations
from citybrain.kernel.identity.actor import SYSTEM, Actor
from citybrain.kernel.identity.datum import to_gcj02
from citybrain.kernel.identity.models import Area, SecurityEvent
from citybrain.kernel.identity.queries_areas import (
    DEPTHS,
    Borders,
    Row,
    area_at,
    borders,
    feature_collection,
    in_metres,
    polygon,
)

COUNTY = Path("counties/yongkang")
TOWNS = COUNTY / "geo/towns_synthetic.geojson"
SOURCE = "County survey 2026"
Ring = list[list[float]]


def star(corners: int, seed: int, kind: str) -> tuple[Row, dict[str, Any]]:
    """A polygon without crossings around a chance centre of the county, some with a hole."""
    rng = random.Random(seed)
    x, y, reach = 119.9 + rng.random() * 0.3, 28.7 + rng.random() * 0.3, 0.01 + rng.random() * 0.05
    around = [(turn * 6.2832 / corners, rng.uniform(0.4, 1) * reach) for turn in range(corners)]
    line = [(x + away * math.cos(angle), y + away * math.sin(angle)) for angle, away in around]
    hole = [(x + dx * reach * 0.1, y + dy * reach * 0.1) for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    rings = [[*line, line[0]], *([hole] if corners > 4 and seed % 3 == 0 else [])]
    row = Row(seed, f"{seed:06d}", kind, (seed,), is_synthetic=bool(seed % 2))
    return row, {"type": "Polygon", "coordinates": rings}


def holds(shape: dict[str, Any], point: tuple[float, float]) -> bool:
    """The slow check: a ray to the east crosses the rings an odd number of times."""
    crossings = 0
    for ring in shape["coordinates"]:
        for (ax, ay), (bx, by) in itertools.pairwise(ring):
            if (ay > point[1]) != (by > point[1]) and point[0] < ax + (point[1] - ay) / (by - ay) * (bx - ax):
                crossings += 1
    return crossings % 2 == 1


shapes = st.lists(
    st.builds(star, st.integers(3, 9), st.integers(1, 10**5), st.sampled_from(("grid", "village", "town"))),
    min_size=1,
    max_size=25,
    unique_by=lambda one: one[0].key,
)


@settings(max_examples=60, deadline=None)
@given(shapes, st.data())
def test_the_index_agrees_with_a_look_at_every_polygon(
    drawn: list[tuple[Row, dict[str, Any]]], data: st.DataObject
) -> None:
    known = Borders(drawn)
    inside = [polygon(shape).representative_point() for _row, shape in drawn]
    chance = st.tuples(st.floats(119.8, 120.3), st.floats(28.6, 29.1))
    for point in [*((one.x, one.y) for one in inside), *data.draw(st.lists(chance, max_size=10))]:
        around = [row for row, shape in drawn if holds(shape, point)]
        found = known.at(*point)
        if found is not None and found.margin < 1e-6:
            continue  # on the line itself both answers are right
        assert (found is None) == (not around)
        if found is not None:
            assert found.key in {row.key for row in around}
            assert DEPTHS[Area.Kind(found.kind)] == min(DEPTHS[Area.Kind(row.kind)] for row in around)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 10**5), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_border_has_one_answer_whatever_the_order(seed: int, along: float, up: float) -> None:
    x, y = 119.9 + along * 0.1, 28.8 + up * 0.1
    west = {
        "type": "Polygon",
        "coordinates": [[[x - 0.02, y - 0.02], [x, y - 0.02], [x, y], [x - 0.02, y], [x - 0.02, y - 0.02]]],
    }
    east = {
        "type": "Polygon",
        "coordinates": [[[x, y - 0.02], [x + 0.02, y - 0.02], [x + 0.02, y], [x, y], [x, y - 0.02]]],
    }
    both = [(Row(1, "a", "village", (1,), False), west), (Row(2, "b", "village", (2,), False), east)]
    on_the_line = (x, y - 0.02 * along)
    answers = {one and one.key for one in (Borders(both).at(*on_the_line), Borders(both[::-1]).at(*on_the_line))}
    assert len(answers) == 1 and None not in answers
    beside = Borders(both).at(x - 0.0001, y - 0.01)
    assert beside is not None and beside.key == "a" and not beside.is_sure and beside.beside == (2,)
    assert 9 < beside.margin < 11


@pytest.fixture
def county(db: None) -> dict[str, Area]:
    """The county's areas with its towns' boundaries."""
    load_organisations(COUNTY)
    return {area.key: area for area in Area.objects.all()}


def test_every_seat_lies_in_its_town(county: dict[str, Area]) -> None:
    towns = [area for area in county.values() if area.kind == "town"]
    for town in towns:
        found = area_at(*town.seat)
        assert found is not None and found.key == town.key and found.is_synthetic
        assert found.way == (county["330784000000"].pk, town.pk)
    assert area_at(121.0, 28.9) is None and area_at(28.9, 120.0) is None and area_at(float("nan"), 28.9) is None
    whole = in_metres(polygon(county["330784000000"].shape), borders().scale)
    assert shapely.area(whole) / 1e6 == pytest.approx(1045.7, rel=0.001), "as the survey says"


def test_boundaries_are_read_again_when_areas_change(county: dict[str, Area], monkeypatch: pytest.MonkeyPatch) -> None:
    town = county["330784001000"]
    monkeypatch.setattr(queries_areas, "FRESH", 0.0)
    assert area_at(*town.seat).key == town.key  # type: ignore[union-attr]
    first = borders()
    assert borders() is first, "nothing changed: nothing is read"
    # As another process would: no word to this one.
    Area.objects.filter(pk=town.pk).update(shape=None, changed_at=timezone.now() + timedelta(seconds=1))
    assert area_at(*town.seat).key == "330784000000"  # type: ignore[union-attr]


def test_what_was_imported_stays_when_the_county_is_loaded_again(county: dict[str, Area]) -> None:
    drawn = json.loads(TOWNS.read_text())
    drawn["features"] = drawn["features"][:1]
    done = import_boundaries(SYSTEM, json.dumps(drawn).encode(), source=SOURCE)
    assert done.changed == 1 and not done.faults
    assert import_boundaries(SYSTEM, json.dumps(drawn).encode(), source=SOURCE).changed == 0
    load_organisations(COUNTY)
    town = Area.objects.get(key="330784001000")
    assert (town.shape_source, town.is_shape_synthetic) == (SOURCE, False)
    other = Area.objects.get(key="330784002000")
    assert other.is_shape_synthetic and other.shape_source.startswith("SYNTHETIC")
    line = SecurityEvent.objects.filter(action="boundaries").get()
    assert line.detail["areas"] == ["330784001000"] and line.detail["source"] == SOURCE


def test_what_is_written_out_is_read_again(county: dict[str, Area]) -> None:
    out = json.dumps(feature_collection(Area.objects.order_by("key"))).encode()
    done = import_boundaries(SYSTEM, out, source=SOURCE, only_check=True)
    assert len(done.drawn) == 15 and not done.faults and done.changed == 0


def features(*keep: int) -> list[dict[str, Any]]:
    """Towns of the county's file by their place in it."""
    found = json.loads(TOWNS.read_text())["features"]
    return [found[one] for one in keep]


def rings(feature: dict[str, Any]) -> list[Ring]:
    """The rings of a feature's first polygon."""
    found: list[Ring] = feature["geometry"]["coordinates"][0]
    return found


def load(spoilt: Sequence[Any], **options: Any) -> Imported:
    """Imports features."""
    file = {"type": "FeatureCollection", "features": list(spoilt)}
    return import_boundaries(SYSTEM, json.dumps(file).encode(), source=SOURCE, **options)


def swap(feature: dict[str, Any]) -> None:
    rings(feature)[0] = [[y, x] for x, y in rings(feature)[0]]


def project(feature: dict[str, Any]) -> None:
    rings(feature)[0] = [[x * 97_000, y * 111_000] for x, y in rings(feature)[0]]


def cross(feature: dict[str, Any]) -> None:
    ring = rings(feature)[0]
    ring[3], ring[9] = ring[9], ring[3]


def leave(feature: dict[str, Any]) -> None:
    rings(feature)[0] = [[x - 0.05, y] for x, y in rings(feature)[0]]


def abroad(feature: dict[str, Any]) -> None:
    rings(feature)[0] = [[x + 2, y] for x, y in rings(feature)[0]]


def spread(feature: dict[str, Any]) -> None:
    """Into the neighbours, not out of the county."""
    rings(feature)[0] = [[120.0, 28.88], [120.06, 28.88], [120.06, 28.92], [120.0, 28.92], [120.0, 28.88]]


def renamed(feature: dict[str, Any]) -> None:
    feature["properties"]["code"] = "330784999"


def nameless(feature: dict[str, Any]) -> None:
    feature["properties"] = None


def a_line(feature: dict[str, Any]) -> None:
    feature["geometry"] = {"type": "LineString", "coordinates": rings(feature)[0]}


def nonsense(feature: dict[str, Any]) -> None:
    feature["geometry"]["coordinates"] = [[[["a", 1], None], {}]]


def not_finite(feature: dict[str, Any]) -> None:
    rings(feature)[0][2] = [float("nan"), 28.9]


def open_ring(feature: dict[str, Any]) -> None:
    rings(feature)[0].pop()


@pytest.mark.parametrize(
    ("spoil", "rule", "said"),
    [
        (swap, "order", "latitude first"),
        (project, "shape", "metres of a projection"),
        (cross, "crossing", "cross or touch"),
        (leave, "parent", "lies outside 永康市"),
        (abroad, "parent", "outside the county"),
        (spread, "overlap", "东城街道 too"),
        (renamed, "code", "“330784999”"),
        (nameless, "code", "names no area"),
        (a_line, "shape", "LineString"),
        (nonsense, "shape", "rings of four"),
        (not_finite, "shape", "rings of four"),
        (open_ring, "shape", "rings of four"),
    ],
)
def test_a_bad_feature_is_named_and_the_good_ones_are_taken(
    county: dict[str, Area], spoil: Any, rule: str, said: str
) -> None:
    good, bad = features(5, 1)
    spoil(bad)
    before = county["330784002000"].shape
    done = load([good, bad])
    assert [one.area.key for one in done.drawn] == ["330784107000"] and done.changed == 1
    fault = done.faults[0]
    assert fault.rule == rule and said in fault.text and fault.remedy
    assert fault.feature.startswith("feature 2")
    assert Area.objects.get(key="330784002000").shape == before, "what was there stays"


def test_gcj02_is_suspected_and_converted(county: dict[str, Area]) -> None:
    shifted = features(*range(14))
    for feature in shifted:
        for ring in rings(feature):
            ring[:] = [list(to_gcj02((x, y))) for x, y in ring]
    suspected = load(shifted)
    assert [(one.rule, one.feature) for one in suspected.faults] == [("datum", "")] and suspected.changed == 0
    assert len(suspected.refused) == 14, "the map shows where they lie"
    done = load(shifted, is_gcj02=True)
    assert not done.faults and len(done.drawn) == 14
    town = county["330784001000"]
    assert area_at(*town.seat).key == town.key  # type: ignore[union-attr]


def test_gaps_doubles_and_missing_ones_are_told(county: dict[str, Area]) -> None:
    twice = load([*features(0), *features(0)])
    assert [one.rule for one in twice.faults] == ["code"] and "feature 1" in twice.faults[0].text
    without = features(*range(14))
    middle = rings(without[0])[0]
    x, y = sum(one[0] for one in middle) / len(middle), sum(one[1] for one in middle) / len(middle)
    rings(without[0])[0] = [[x + (one[0] - x) * 0.5, y + (one[1] - y) * 0.5] for one in middle]
    gap = next(one for one in load(without, only_check=True).findings if one.rule == "gap")
    assert not gap.is_fault and "永康市" in gap.text
    Area.objects.exclude(kind="county").update(shape=None)
    missing = next(one for one in load(features(0)).findings if one.rule == "missing")
    assert not missing.is_fault and missing.text.startswith("1 of 14")


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"[" * 100_000,
        b"{}",
        b'{"type": "FeatureCollection", "features": []}',
        json.dumps(
            {"type": "FeatureCollection", "features": [1], "crs": {"properties": {"name": "EPSG:2437"}}}
        ).encode(),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_remedy(county: dict[str, Area], content: bytes) -> None:
    with pytest.raises(ValidationError, match=r"GeoJSON|CGCS2000"):
        import_boundaries(SYSTEM, content, source=SOURCE)
    hostile = b'{"type": "FeatureCollection", "features": [1, null, {"geometry": 7}, {"properties": []}]}'
    assert [one.rule for one in import_boundaries(SYSTEM, hostile, source=SOURCE).faults] == ["code"] * 4


def test_only_who_may_change_areas_does(county: dict[str, Area], acting_as: Any, official: Any, allowed: Any) -> None:
    content = json.dumps({"type": "FeatureCollection", "features": features(0, 1)}).encode()
    with pytest.raises(PermissionDenied):
        import_boundaries(Actor(user_id=None), content, source=SOURCE)
    own = county["330784001000"]
    keeper = acting_as(official("keeper", roles=[allowed("area:administer", reach=Reach.AREA)], area=own))
    done = import_boundaries(keeper, content, source=SOURCE)
    assert done.changed == 1 and [one.rule for one in done.faults] == ["scope"]
    with pytest.raises(ValidationError, match="who drew"):
        import_boundaries(SYSTEM, content, source=" ")
