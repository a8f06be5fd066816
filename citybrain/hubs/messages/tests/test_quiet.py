"""Quiet hours, against every minute of a day; over midnight too."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from citybrain.hubs.messages.quiet import end_of_quiet, is_quiet

times = st.times(min_value=time(0, 0), max_value=time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0))
moments = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2026, 12, 30)).map(
    lambda at: timezone.make_aware(at.replace(microsecond=0))
)


@settings(deadline=None)  # a shared machine may be slow
@given(moments, times, times)
def test_what_waits_goes_out_at_the_first_minute_that_is_not_quiet(moment: datetime, begin: time, end: time) -> None:
    found = end_of_quiet(moment, begin, end)
    if found is None:
        assert not is_quiet(moment, begin, end)
        return
    assert is_quiet(moment, begin, end)
    assert moment < found <= moment + timedelta(days=1)
    assert timezone.localtime(found).time() == end
    assert not is_quiet(found, begin, end)
    # Every minute in between is quiet: nothing waits longer than it must.
    step = moment
    while step < found:
        assert is_quiet(step, begin, end)
        step += timedelta(minutes=17)


@settings(deadline=None)
@given(moments, times)
def test_no_quiet_hours_are_never_quiet(moment: datetime, at: time) -> None:
    assert not is_quiet(moment, None, None)
    assert not is_quiet(moment, at, None)
    assert not is_quiet(moment, None, at)
    assert not is_quiet(moment, at, at), "equal ends are no night of twenty-four hours"


@pytest.mark.parametrize(
    ("now", "quiet"),
    [("21:59", False), ("22:00", True), ("23:59", True), ("00:00", True), ("06:59", True), ("07:00", False)],
)
def test_a_night_over_midnight(now: str, quiet: bool) -> None:
    hour, minute = map(int, now.split(":"))
    moment = timezone.make_aware(datetime(2026, 11, 21, hour, minute))
    assert is_quiet(moment, time(22, 0), time(7, 0)) is quiet
