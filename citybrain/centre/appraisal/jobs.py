"""The appraisal's housekeeping: facts follow events within a minute; nightly what repeats; monthly the report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils import timezone

from citybrain.centre.appraisal.keeping import keep
from citybrain.centre.appraisal.prevention import open_items
from citybrain.centre.appraisal.report.making import make_report
from citybrain.declare.words import _
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.calendar import calendar
from citybrain.kernel.jobs.definitions import Schedule, job, schedules
from citybrain.kernel.jobs.pulses import pulse
from citybrain.kernel.jobs.run import Run

FRESH = 60.0
"""Seconds facts may lag behind."""


@pulse(key="appraisal-keep", seconds=FRESH)
def keep_up() -> bool:
    """Fold what changed; never at once again, so that a busy hour is folded minute by minute."""
    keep()
    return False


@job(key="appraisal-prevention", title=_("Find what repeats"), lane="appraisal:prevention")
def find_repeated(run: Run) -> dict[str, int]:
    """Open items of prevention for what repeats at one asset or place."""
    keep()
    return {"opened": len(open_items())}


@job(key="appraisal-report", title=_("Make the monthly report"), lane="appraisal:report")
def report_last_month(run: Run, *, month: str = "") -> dict[str, str]:
    """The report of a month (`2026-10-01`), or on the first working day of a month that of the last one."""
    if month:
        return {"report": make_report(date.fromisoformat(month), SYSTEM).number}
    today = timezone.localdate()
    if not is_first_working_day(today):
        return {}
    return {"report": make_report(today.replace(day=1) - timedelta(days=1), SYSTEM).number}


def is_first_working_day(day: date) -> bool:
    """Whether a day is the first of its month on which offices work."""
    days = calendar()
    return days.is_working_day(day) and not any(days.is_working_day(day.replace(day=n)) for n in range(1, day.day))


@schedules
def appraisal_schedules() -> Iterable[Schedule]:
    """Every night, and in the morning of the days among which a month's first working day is."""
    yield Schedule(key="appraisal-prevention", cron="40 2 * * *", job="appraisal-prevention")
    yield Schedule(key="appraisal-report", cron="20 6 1-10 * *", job="appraisal-report")
