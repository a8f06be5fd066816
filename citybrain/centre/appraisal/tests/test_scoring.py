"""Scores: smoothing, intervals, and that few cases neither win nor lose."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citybrain.centre.appraisal.jobs import is_first_working_day
from citybrain.centre.appraisal.measures import BY_KEY, MEASURES
from citybrain.centre.appraisal.periods import asked, month_of
from citybrain.centre.appraisal.queries import Line, Value
from citybrain.centre.appraisal.scoring import WEIGHTS, interval, scores, smoothed

CLOSING = BY_KEY["closing"]
NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def line(key: str, above: float, below: float) -> Line:
    """A group whose every rate is the same."""
    every = {measure.key: Value(measure=measure, above=above, below=below) for measure in MEASURES}
    return Line(key=key, weight=below, values=every)


def test_weights_add_up() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_three_perfect_cases_do_not_beat_three_hundred_good_ones() -> None:
    county = line("", 800, 1000)
    few, many = line("few", 3, 3), line("many", 290, 300)
    for key in ("rework",):
        for one in (few, many, county):
            one.values[key] = Value(measure=BY_KEY[key], above=0, below=one.values[key].below)
    ranked = [score.line.key for score in scores([few, many], county)]
    assert ranked == ["many", "few"]


def test_a_group_without_cases_has_no_score_and_stands_last() -> None:
    county = line("", 800, 1000)
    ranked = scores([line("none", 0, 0), line("some", 1, 10)], county)
    assert [score.line.key for score in ranked] == ["some", "none"]
    assert ranked[1].points is None


def test_wilson_as_published() -> None:
    # 10 of 10: 72.2 % to 100 %, 0 of 10: 0 to 27.8 % (Brown, Cai, DasGupta 2001).
    low, high = interval(Value(measure=CLOSING, above=10, below=10)) or (0, 0)
    assert (round(low, 3), round(high, 3)) == (0.722, 1.0)
    low, high = interval(Value(measure=CLOSING, above=0, below=10)) or (1, 1)
    assert (round(low, 3), round(high, 3)) == (0.0, 0.278)


@settings(deadline=None)
@given(above=st.integers(0, 500), more=st.integers(0, 500), county=st.floats(0, 1))
def test_smoothing_lies_between_the_own_rate_and_the_countys(above: int, more: int, county: float) -> None:
    value = Value(measure=CLOSING, above=above, below=above + more)
    found = smoothed(value, county)
    own = value.value if value.below else county
    assert min(own, county) - 1e-9 <= found <= max(own, county) + 1e-9


def test_periods() -> None:
    assert (asked({}, NOON).first, asked({}, NOON).last) == (date(2026, 10, 23), date(2026, 11, 21))
    assert asked({"period": "quarter"}, NOON).first == date(2026, 10, 1)
    last = asked({"period": "last-month"}, NOON)
    assert (last.first, last.last) == (date(2026, 10, 1), date(2026, 10, 31))
    assert asked({"since": "2026-11-30", "until": "2026-01-01"}, NOON).key == "30-days"
    assert asked({"since": "x'; drop", "until": "9999-99-99"}, NOON).key == "30-days"
    assert asked({}, NOON).period.until == NOON
    assert (month_of(date(2024, 2, 9)).first, month_of(date(2024, 2, 9)).last) == (date(2024, 2, 1), date(2024, 2, 29))


def test_the_report_comes_on_the_first_working_day() -> None:
    # 1 October begins a week of holidays; the first day worked is the 8th.
    assert [day for day in range(1, 11) if is_first_working_day(date(2026, 10, day))] == [8]
