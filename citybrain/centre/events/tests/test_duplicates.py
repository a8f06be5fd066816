"""Likeness of events: what speaks for a merge, what against, and what the public is told."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.duplicates import PROPOSED, alike, near_public
from citybrain.centre.events.likeness import Telling, compare, grams, metres, numbers_of, score_of, shared
from citybrain.centre.events.models import Event
from citybrain.centre.events.tests.county import County

NOW = datetime.datetime(2026, 11, 20, 8, 0, tzinfo=datetime.UTC)
HERE = {"type": "Point", "coordinates": [120.16, 28.98]}
PLACES = st.tuples(st.floats(119.9, 120.3), st.floats(28.7, 29.1))
TELLINGS = st.builds(
    Telling,
    family=st.sampled_from(["pit", "lamp", ""]),
    text=st.text(alphabet="路灯不亮有个大坑3幢", max_size=20),
    place=st.none() | PLACES,
    area_id=st.none() | st.integers(1, 3),
    asset_kind=st.just("part"),
    asset_number=st.sampled_from(["", "P1", "P2"]),
    at=st.integers(0, 500).map(lambda hours: NOW + datetime.timedelta(hours=hours)),
)
PIT = Telling(family="pit", text="村口路面有个大坑", place=(120.16, 28.98), area_id=1, at=NOW)


def score(one: Telling, other: Telling) -> float:
    return score_of(compare(one, other, near=50, within=72))


@given(TELLINGS, TELLINGS)
def test_a_score_is_a_probability_with_named_parts(one: Telling, other: Telling) -> None:
    parts = compare(one, other, near=50, within=72)
    assert 0 <= score_of(parts) <= 1
    assert len({part.name for part in parts}) == len(parts)


@given(TELLINGS, TELLINGS)
def test_likeness_is_mutual(one: Telling, other: Telling) -> None:
    if one.family and other.family:
        assert score(one, other) == pytest.approx(score(other, one))


@given(st.floats(0, 0.01), st.floats(0, 0.01))
def test_farther_is_never_likelier(first: float, second: float) -> None:
    near, far = sorted((first, second))
    here = replace(PIT, place=(120.16 + near, 28.98)), replace(PIT, place=(120.16 + far, 28.98))
    assert score(PIT, here[0]) >= score(PIT, here[1]) - 1e-9


@given(st.floats(0, 500), st.floats(0, 500))
def test_longer_ago_is_never_likelier(first: float, second: float) -> None:
    soon, late = sorted((first, second))
    later = [replace(PIT, at=NOW + datetime.timedelta(hours=hours)) for hours in (soon, late)]
    assert score(PIT, later[0]) >= score(PIT, later[1]) - 1e-9


def test_what_speaks_for_and_against() -> None:
    again = replace(PIT, text="路上好大一个坑", at=NOW + datetime.timedelta(hours=3))
    assert score(PIT, again) >= PROPOSED
    assert score(PIT, replace(again, family="lamp")) < PROPOSED
    assert score(PIT, replace(again, place=(120.17, 28.98))) < PROPOSED
    asset = replace(PIT, asset_kind="part", asset_number="P1")
    assert score(asset, replace(again, asset_kind="part", asset_number="P2")) < score(PIT, again)
    first, second = replace(PIT, text="3幢楼道灯不亮"), replace(PIT, text="5幢楼道灯不亮")
    assert score(first, second) < score(first, first)


def test_measures_of_words_and_places() -> None:
    assert shared(grams("路灯不亮"), grams("路灯不亮")) == pytest.approx(1)
    assert shared(grams("路灯"), grams("水管")) == 0
    assert shared(grams(""), grams("水管")) == 0
    assert numbers_of("三村3栋和12号楼") == {"幢": {"3", "12"}}
    assert metres((120.0, 29.0), (120.0, 29.001)) == pytest.approx(111.3, abs=0.5)


def test_open_events_near_are_proposed(county: County, case: Callable[..., Event]) -> None:
    event = case(type="test-pit", place=HERE)
    case(type="test-word", place=HERE, text="咨询电话")
    case(type="test-pit", place={"type": "Point", "coordinates": [120.2, 28.9]}, area=None)
    found = alike(SignalDraft(channel="citizen", type="test-pit", text="村口路面有个坑", place=HERE))
    assert found[0].event == event
    assert found[0].is_proposed
    assert any("m away" in reason for reason in found[0].reasons)
    assert event not in [one.event for one in alike(event)]
    assert alike(event, rows=Event.objects.none()) == []


def test_a_call_without_a_point_finds_its_area(county: County, case: Callable[..., Event]) -> None:
    event = case(type="test-pit")
    draft = SignalDraft(channel="hotline", type="test-pit", text="胡库村村口路面有个大坑", area=county.village)
    assert [one.event for one in alike(draft)] == [event]
    assert alike(replace(draft, observed_at=timezone.now() - datetime.timedelta(days=30))) == []


def test_candidates_come_in_few_queries(
    county: County, case: Callable[..., Event], django_assert_max_num_queries: Any
) -> None:
    for _number in range(6):
        event = case(type="test-pit", place=HERE)
    with django_assert_max_num_queries(5):
        assert len(alike(event)) == 5


def test_the_public_is_told_public_words(county: County, case: Callable[..., Event]) -> None:
    shown = case(type="test-pit", place=HERE, text="我是李建国，电话13812345678")
    hidden, secret = case(type="test-pit", place=HERE), case(type="test-secret", place=HERE)
    Event.objects.filter(pk__in=[shown.pk, secret.pk]).update(sensitivity="public", public_text="路面坑洼，处理中")
    Event.objects.filter(pk=hidden.pk).update(sensitivity="internal")
    found = near_public((120.16, 28.98), "test-pit")
    assert [one.number for one in found] == [shown.number]
    assert "13812345678" not in repr(found)
    assert found[0].public_text == "路面坑洼，处理中"
    assert [one.number for one in near_public((120.16, 28.98))] == [shown.number]
    assert near_public((120.3, 28.98), "test-pit") == []
