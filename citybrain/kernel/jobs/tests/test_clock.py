"""Clocks: which tick is owed, and that it is owed once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from citybrain.kernel.jobs.clock import is_cron, known_schedules, last_tick, strike
from citybrain.kernel.jobs.definitions import Schedule, schedules
from citybrain.kernel.jobs.models import Job, ScheduleMark

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Nine in the morning of a Monday in the county."""

DAILY = Schedule(key="daily", cron="0 9 * * *", job="tick", arguments={"name": "daily"})


def test_the_countys_time_counts() -> None:
    assert last_tick("0 9 * * *", NINE) == NINE
    assert last_tick("0 9 * * *", NINE - timedelta(microseconds=1)) == NINE - timedelta(days=1)
    assert last_tick("0 9 * * 1", NINE + timedelta(days=6)) == NINE


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)), st.integers(0, 59))
def test_an_hourly_clock_struck_within_the_hour(now: datetime, minute: int) -> None:
    tick = last_tick(f"{minute} * * * *", now)
    assert timedelta(0) <= now - tick < timedelta(hours=1)
    assert (tick.minute, tick.second, tick.microsecond) == (minute, 0, 0)


@given(st.text(max_size=30))
def test_any_text_is_a_clock_or_not(text: str) -> None:
    if is_cron(text):
        assert last_tick(text, NINE) <= NINE


@pytest.mark.parametrize("text", ["", "* * * *", "* * * * * *", "61 * * * *", "@daily", "0 0 31 2 *", "x * * * *"])
def test_what_is_no_clock(text: str) -> None:
    assert not is_cron(text)


@pytest.mark.django_db
def test_each_tick_is_served_once() -> None:
    assert strike([DAILY], NINE - timedelta(hours=1)) == [], "seen for the first time"
    assert strike([DAILY], NINE - timedelta(seconds=1)) == []
    (job,) = strike([DAILY], NINE + timedelta(seconds=1))
    assert (job.name, job.arguments, job.schedule, job.tick) == ("tick", {"name": "daily"}, "daily", NINE)
    assert strike([DAILY], NINE + timedelta(hours=5)) == []
    assert strike([DAILY], NINE - timedelta(hours=30)) == [], "a clock set back repeats nothing"
    (late,) = strike([DAILY], NINE + timedelta(days=4, hours=2))
    assert late.tick == NINE + timedelta(days=4), "of the missed ticks the last is run, once"
    assert strike([DAILY], NINE + timedelta(days=4, hours=3)) == []


@pytest.mark.django_db
def test_a_mark_lost_does_not_double_a_tick() -> None:
    strike([DAILY], NINE - timedelta(hours=1))
    strike([DAILY], NINE)
    ScheduleMark.objects.update(tick=None)
    assert strike([DAILY], NINE) == []
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_changed_clock_owes_nothing_yet() -> None:
    strike([DAILY], NINE - timedelta(hours=1))
    changed = Schedule(key="daily", cron="30 8 * * *", job="tick", arguments={"name": "daily"})
    assert strike([changed], NINE) == []
    assert len(strike([changed], NINE + timedelta(days=1))) == 1


@pytest.mark.django_db
def test_a_bad_schedule_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    bad = [
        Schedule(key="no clock", cron="whenever", job="tick", arguments={"name": "a"}),
        Schedule(key="no job", cron="* * * * *", job="nothing of the kind"),
        Schedule(key="no arguments", cron="* * * * *", job="tick"),
    ]
    strike([*bad, DAILY], NINE - timedelta(hours=1))
    queued = strike([*bad, DAILY], NINE)
    assert [job.schedule for job in queued] == ["daily"]
    assert all(schedule.key in caplog.text for schedule in bad)


def test_a_source_that_fails_is_passed_over(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def failing() -> list[Schedule]:
        raise ConnectionError

    monkeypatch.setattr("citybrain.kernel.jobs.definitions._sources", [])
    schedules(failing)
    schedules(lambda: [DAILY])
    assert known_schedules() == [DAILY]
    assert "failing" in caplog.text


def test_now_is_aware() -> None:
    assert last_tick("* * * * *", timezone.now()) <= timezone.now()
