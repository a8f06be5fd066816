"""How late is late: the boundaries, and clocks that are wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from citybrain.declare.words import UpdateCycle
from citybrain.warehouse.catalogue.freshness import FreshnessState, freshness

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (timedelta(0), FreshnessState.FRESH),
        (DAY, FreshnessState.FRESH),
        (DAY + SECOND, FreshnessState.LATE),
        (3 * DAY, FreshnessState.LATE),
        (3 * DAY + SECOND, FreshnessState.VERY_LATE),
        (-DAY, FreshnessState.FRESH),
        (-DAY - SECOND, FreshnessState.UNKNOWN),
    ],
)
def test_boundaries(age: timedelta, state: FreshnessState) -> None:
    assert freshness(data_at=NOW - age, cycle=UpdateCycle.DAILY, now=NOW).state == state


def test_how_late() -> None:
    late = freshness(data_at=NOW - 10 * DAY, cycle=UpdateCycle.WEEKLY, now=NOW)
    assert (late.state, late.late_by, late.age, late.promised) == (FreshnessState.LATE, 3 * DAY, 10 * DAY, 7 * DAY)
    assert freshness(data_at=NOW, cycle=UpdateCycle.WEEKLY, now=NOW).late_by is None


def test_no_promise_or_no_date_is_unknown() -> None:
    promised_nothing = freshness(data_at=NOW - DAY, cycle=UpdateCycle.ON_DEMAND, now=NOW)
    assert (promised_nothing.state, promised_nothing.age) == (FreshnessState.UNKNOWN, DAY)
    undated = freshness(data_at=None, cycle=UpdateCycle.DAILY, now=NOW)
    assert (undated.state, undated.age, undated.late_by) == (FreshnessState.UNKNOWN, None, None)


def test_a_clock_a_little_ahead_is_now() -> None:
    assert freshness(data_at=NOW + DAY / 2, cycle=UpdateCycle.DAILY, now=NOW).age == timedelta(0)


@pytest.mark.parametrize("state", FreshnessState)
def test_every_state_has_a_title(state: FreshnessState) -> None:
    assert state.label
