"""Periods people choose: this month, the last one, thirty days, this quarter, this year, or two days of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from citybrain.centre.appraisal.measuring import Period

PRESETS: tuple[tuple[str, str | Promise], ...] = (
    ("30-days", _("Last 30 days")),
    ("month", _("This month")),
    ("last-month", _("Last month")),
    ("quarter", _("This quarter")),
    ("year", _("This year")),
)
LONGEST = 3660
"""Days a period of one's own may have."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A period as it was asked for."""

    key: str
    period: Period
    first: date
    last: date
    """Days of it, both counted."""

    @property
    def query(self) -> dict[str, str]:
        """Parameters that ask for it again."""
        if self.key == "own":
            return {"since": self.first.isoformat(), "until": self.last.isoformat()}
        return {"period": self.key}


def asked(parameters: Mapping[str, str], now: datetime | None = None) -> Asked:
    """The period that an address asks for; what makes no sense asks for the last thirty days."""
    today = timezone.localdate(now or timezone.now())
    first, last = _day(parameters.get("since")), _day(parameters.get("until"))
    if first and last and first <= last and (last - first).days <= LONGEST:
        return of_days("own", first, min(last, today), now)
    key = parameters.get("period", "")
    firsts = {
        "30-days": today - timedelta(days=29),
        "month": today.replace(day=1),
        "quarter": date(today.year, 3 * ((today.month - 1) // 3) + 1, 1),
        "year": date(today.year, 1, 1),
    }
    if key == "last-month":
        end = today.replace(day=1) - timedelta(days=1)
        return of_days(key, end.replace(day=1), end, now)
    key = key if key in firsts else "30-days"
    return of_days(key, firsts[key], today, now)


def of_days(key: str, first: date, last: date, now: datetime | None = None) -> Asked:
    """The period from the beginning of a day to the end of another, but never past now."""
    since = timezone.make_aware(datetime.combine(first, time()))
    until = timezone.make_aware(datetime.combine(last + timedelta(days=1), time()))
    until = max(min(until, now or timezone.now()), since)
    return Asked(key=key, period=Period(since=since, until=until), first=first, last=last)


def month_of(first: date) -> Asked:
    """The whole month of a day."""
    begin = first.replace(day=1)
    end = (begin + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return of_days("own", begin, end)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
