"""Areas, roads and addresses read out of texts."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citybrain.centre.understanding import gazetteer
from citybrain.centre.understanding.actions import learn
from citybrain.centre.understanding.models import KnownPlace, Label
from citybrain.centre.understanding.nearness import metres
from citybrain.centre.understanding.places import places_in, roads_in, without_places


def test_a_village_with_its_town(land: SimpleNamespace) -> None:
    first = places_in("古山镇胡库下村村口路灯不亮")[0]
    assert first.area_id == land.huku.pk
    assert first.address == "古山镇胡库下村村口"
    assert first.score >= 0.85
    assert first.reasons


def test_a_village_in_short(land: SimpleNamespace) -> None:
    assert places_in("古山胡库下垃圾桶满了")[0].area_id == land.huku.pk


def test_of_two_that_are_called_alike_the_town_decides(land: SimpleNamespace) -> None:
    assert places_in("东城街道西山村水管爆了")[0].area_id == land.other_west.pk
    assert places_in("古山镇西山村水管爆了")[0].area_id == land.west.pk
    both = {one.area_id for one in places_in("西山村水管爆了")}
    assert both == {land.west.pk, land.other_west.pk}
    assert max(one.score for one in places_in("西山村水管爆了")) < 0.7


def test_a_road_is_no_village(land: SimpleNamespace) -> None:
    assert all(one.area_id != land.west.pk for one in places_in("西山路88号门口路面破损"))
    assert places_in("西山村路灯不亮")


def test_the_phone_speaks_for_the_area_around_it(land: SimpleNamespace) -> None:
    point = {"type": "Point", "coordinates": [120.04, 28.89]}
    found = places_in("路灯不亮", point)
    assert found[0].area_id == land.east.pk
    assert found[0].point == point


def test_a_road_is_learnt_where_events_at_it_were(land: SimpleNamespace) -> None:
    assert not places_in("金城路12号门口路灯不亮")
    for number in range(3):
        learn(
            "金城路12号门口路灯不亮，电话13812345678",
            "street-light",
            reference=f"YK{number}",
            area=land.east,
            point=(120.04 + number / 10_000, 28.89),
        )
    gazetteer.forget()
    known = KnownPlace.objects.get(name="金城路")
    assert (known.count, known.located) == (3, 3)
    assert known.x == pytest.approx(120.0401, abs=1e-6)
    first = places_in("金城路12号门口路灯不亮")[0]
    assert first.area_id == land.east.pk
    assert first.address == "东城街道金城路12号门口"
    assert first.point is not None
    label = Label.objects.first()
    assert label is not None
    assert "138" not in label.text
    assert "金城路" not in label.text


def test_crossings_and_roads() -> None:
    assert set(roads_in("永康市东城街道华丰东路与望春东路交叉口")) == {"华丰东路", "望春东路"}
    assert roads_in("这条路坏了，马路上有坑") == []


def test_places_are_crossed_out(land: SimpleNamespace) -> None:
    crossed = without_places("古山镇胡库下村村口路灯不亮")
    assert "胡库下" not in crossed
    assert "古山" not in crossed
    assert "路灯不亮" in crossed


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.text(alphabet="古山镇胡库下村西路街东城道12号与、，永康市平安社区", max_size=40))
def test_any_text_has_its_places_read(land: SimpleNamespace, text: str) -> None:
    for one in places_in(text):
        assert 0 < one.score < 1
    without_places(text)
    roads_in(text)


def test_nearness() -> None:
    assert metres((120.0, 28.9), (120.0, 28.901)) == pytest.approx(111.3, abs=0.5)
