"""The calendar against the published notices, and its sums against a count of every minute."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as checked
from hypothesis import strategies as st

from citybrain.kernel.identity.calendar import USUAL, Calendar, _warn_unknown, read_calendar
from citybrain.kernel.identity.checks import check_years

COUNTY = read_calendar(Path(settings.COUNTY))
SCHEDULES = st.sampled_from(sorted(COUNTY.schedules))
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
MINUTES = st.integers(0, 3 * 366 * 1440 - 1).map(
    lambda minute: datetime(2024, 1, 1, tzinfo=COUNTY.zone) + timedelta(minutes=minute)
)
SPANS = st.integers(0, 12 * 1440).map(lambda minutes: timedelta(minutes=minutes))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_is_as_an_independent_list_says(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(366)]
    wrong = [day for day in days if day.year == year and COUNTY.is_working_day(day) != chinese_calendar.is_workday(day)]
    assert wrong == []
    assert all(found.source for found in COUNTY.exceptions)


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2026, 2, 14), True),  # a Saturday worked for the Spring Festival
        (date(2026, 2, 17), False),  # Spring Festival
        (date(2026, 10, 10), True),
        (date(2026, 11, 21), False),  # a plain Saturday
        (date(2026, 11, 23), True),
    ],
)
def test_days_everybody_knows(day: date, is_working: bool) -> None:
    assert COUNTY.is_working_day(day) is is_working


def slow_seconds(calendar: Calendar, first: datetime, last: datetime, schedule: str) -> int:
    """Working seconds counted minute by minute, straight from the definition."""
    declared = calendar.schedule(schedule)
    total = 0
    while first < last:
        midnight = first.replace(hour=0, minute=0)
        since_midnight = (first - midnight).total_seconds()
        day = first.date()
        if calendar.is_open(day, schedule) and any(a <= since_midnight < b for a, b in declared.hours(day)):
            total += 60
        first += timedelta(minutes=1)
    return total


@checked(max_examples=60, deadline=None)
@given(first=MINUTES, span=SPANS, schedule=SCHEDULES)
def test_seconds_between_are_the_minutes_counted(first: datetime, span: timedelta, schedule: str) -> None:
    expected = slow_seconds(COUNTY, first, first + span, schedule)
    assert COUNTY.working_seconds_between(first, first + span, schedule) == expected
    assert COUNTY.working_seconds_between(first + span, first, schedule) == -expected


@checked(max_examples=60, deadline=None)
@given(first=MINUTES, seconds=st.integers(0, 40 * 3600), schedule=SCHEDULES)
def test_added_seconds_have_passed_at_the_earliest_moment(first: datetime, seconds: int, schedule: str) -> None:
    end = COUNTY.add_working_seconds(first, seconds, schedule)
    assert COUNTY.working_seconds_between(first, end, schedule) == seconds
    if seconds:
        assert COUNTY.working_seconds_between(first, end - timedelta(seconds=1), schedule) == seconds - 1


@checked(deadline=None)
@given(a=MINUTES, b=MINUTES, c=MINUTES, schedule=SCHEDULES)
def test_seconds_add_up(a: datetime, b: datetime, c: datetime, schedule: str) -> None:
    a, b, c = sorted((a, b, c))
    b, c = min(b, a + timedelta(days=40)), min(c, a + timedelta(days=60))
    parts = COUNTY.working_seconds_between(a, b, schedule) + COUNTY.working_seconds_between(b, c, schedule)
    assert COUNTY.working_seconds_between(a, c, schedule) == parts


@checked(deadline=None)
@given(day=DAYS, count=st.integers(-60, 60))
def test_added_days_are_working_days_and_counted_back(day: date, count: int) -> None:
    found = COUNTY.add_working_days(day, count)
    assert COUNTY.is_working_day(found)
    if count > 0:
        assert COUNTY.working_days_between(day, found) == count
        assert found > day
    elif count < 0:
        assert COUNTY.working_days_between(found - timedelta(days=1), day - timedelta(days=1)) == -count
        assert found < day


def test_other_time_zones_are_the_same_moments() -> None:
    moment = datetime(2026, 11, 20, 9, 0, tzinfo=COUNTY.zone)
    assert COUNTY.is_working_time(moment) and COUNTY.is_working_time(moment.astimezone(UTC))
    assert COUNTY.working_seconds_between(moment.astimezone(UTC), moment + timedelta(hours=1)) == 3600


def test_hours_follow_the_season_and_the_schedule() -> None:
    assert COUNTY.schedule().hours(date(2026, 7, 1))[1] == (14.5 * 3600, 18 * 3600)
    assert COUNTY.schedule().hours(date(2026, 1, 2))[1] == (14 * 3600, 17.5 * 3600)
    saturday, national_day = date(2026, 11, 21), date(2026, 10, 3)
    assert COUNTY.is_open(saturday, "service-window") and not COUNTY.is_open(saturday)
    assert not COUNTY.is_open(national_day, "service-window") and COUNTY.is_open(national_day, "round-the-clock")
    with pytest.raises(LookupError, match=r"no schedule night; known: office, "):
        COUNTY.schedule("night")


def test_an_unknown_year_has_weekends_only_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    _warn_unknown.cache_clear()
    with caplog.at_level(logging.WARNING):
        assert COUNTY.is_working_day(date(2031, 10, 1))
        assert not COUNTY.is_working_day(date(2031, 10, 4))
    assert not COUNTY.is_known(date(2031, 1, 1)) and COUNTY.is_known(date(2026, 1, 1))
    assert len(caplog.records) == 1 and "2031" in caplog.text and "calendar.csv" in caplog.text


@pytest.mark.parametrize(
    ("today", "missing"),
    [(date(2026, 11, 30), []), (date(2026, 12, 1), ["2027"]), (date(2031, 5, 1), ["2031"])],
)
def test_a_missing_year_is_a_warning(today: date, missing: list[str]) -> None:
    found = check_years(COUNTY, today)
    assert [warning.id for warning in found] == ["citybrain.W049"] * len(missing)
    assert all(year in warning.msg for year, warning in zip(missing, found, strict=True))


def test_nothing_that_never_ends() -> None:
    with pytest.raises(ValueError, match="only be added"):
        COUNTY.add_working_seconds(datetime.now(UTC), -1)
    closed = Calendar(exceptions=(), schedules={"office": USUAL}, zone=UTC, _by_day={})
    with pytest.raises(ValueError, match="do not pass within ten years"):
        closed.add_working_seconds(datetime(2026, 1, 1, tzinfo=UTC), 10**9)


TOML = 'time_zone = "Asia/Shanghai"\n'


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("2026-10-01,2026-10-07,holidy,国庆,N,x", "calendar.csv, line 2: .*holidy"),
        ("2026-10-07,2026-10-01,holiday,国庆,N,x", "line 2: .*ends before it begins"),
        ("2026-13-01,2026-10-01,holiday,国庆,N,x", "line 2: "),
        (
            "2026-10-01,2026-10-01,holiday,国庆,N,x\n2026-10-01,2026-10-01,working,国庆,N,x",
            "2026-10-01 stands there twice",
        ),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, lines: str, message: str) -> None:
    (tmp_path / "county.toml").write_text(TOML)
    (tmp_path / "calendar.csv").write_text(f"since,until,kind,name,english,source\n{lines}\n")
    with pytest.raises(ValueError, match=message):
        read_calendar(tmp_path)


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        ('days = "working"', "schedule office: .*name"),
        ('name = "a"\nenglish = "b"\ndays = "always"\nseasons = [{since = "01-01", hours = []}]', "'always' is not"),
        ('name = "a"\nenglish = "b"\nseasons = []', "no seasons"),
        (
            'name = "a"\nenglish = "b"\nseasons = [{since = "01-01", hours = ["17:00-08:00"]}]',
            "08:00 ends before",
        ),
        ('name = "a"\nenglish = "b"\nseasons = [{since = "01-01", hours = ["08:00-25:00"]}]', "25:00 is no time"),
        ('name = "a"\nenglish = "b"\nseasons = [{since = "01-01", hours = ["08:00-10:00", "09:00-11:00"]}]', "overlap"),
    ],
)
def test_a_wrong_schedule_is_named(tmp_path: Path, schedule: str, message: str) -> None:
    (tmp_path / "county.toml").write_text(f"{TOML}[schedules.office]\n{schedule}\n")
    with pytest.raises(ValueError, match=message):
        read_calendar(tmp_path)


def test_a_county_without_calendar_has_usual_hours(tmp_path: Path) -> None:
    (tmp_path / "county.toml").write_text(TOML)
    assert read_calendar(tmp_path).schedule() is USUAL
    assert read_calendar(tmp_path).years == frozenset()
