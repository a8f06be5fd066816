"""The working calendar (工作日历): days worked, at which hours, and the working time between moments.

Weekends are free and other days worked, except where the county's `calendar.csv` says otherwise: holidays and the
days worked in exchange (调休), from the yearly notice of the State Council. Hours come from the `schedules` of
`county.toml`. A year that the file does not know has weekends only, and says so: `is_known`, a warning in the log,
and `citybrain.W049` of the checks once the coming year is missing in December.
"""

from __future__ import annotations

import csv
import logging
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

OFFICE = "office"
"""Key of the schedule of whoever names no other."""
LONGEST = 3660
"""Days a search for working time may go before it gives up."""
SATURDAY = 5


class Days(StrEnum):
    """Which days a schedule is kept on."""

    WORKING = "working"
    """The calendar's working days."""
    WORKING_AND_SATURDAYS = "working-and-saturdays"
    """Those, and Saturdays that are no holiday."""
    ALL = "all"
    """Every day."""


@dataclass(frozen=True, kw_only=True)
class SpecialDays:
    """Days that are not what their weekday says: a holiday, or a weekend day worked in exchange."""

    since: date
    until: date
    is_working: bool
    chinese: str
    english: str
    source: str
    """The notice it stands in."""


@dataclass(frozen=True, kw_only=True)
class Season:
    """Hours that are kept from a day of the year until the next season begins."""

    since: tuple[int, int]
    """Month and day."""
    hours: tuple[tuple[int, int], ...]
    """Seconds after midnight at which each stretch begins and ends."""


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """Working hours (作息时间) of an organisation."""

    key: str
    chinese: str
    english: str
    days: Days
    seasons: tuple[Season, ...]
    """In the order of the year, at least one."""

    def hours(self, day: date) -> tuple[tuple[int, int], ...]:
        """The stretches of `day`, seconds after midnight; before the first season of a year the last one lasts."""
        return self.seasons[bisect_right([season.since for season in self.seasons], (day.month, day.day)) - 1].hours


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A county's days and hours."""

    exceptions: tuple[SpecialDays, ...]
    schedules: Mapping[str, Schedule]
    zone: tzinfo
    _by_day: Mapping[date, SpecialDays]

    @property
    def years(self) -> frozenset[int]:
        """Years whose holidays are known."""
        return frozenset(day.year for day in self._by_day)

    def is_known(self, day: date) -> bool:
        """Whether the holidays of the day's year are known; otherwise only weekends are."""
        return day.year in self.years

    def exception(self, day: date) -> SpecialDays | None:
        """The holiday or exchanged day that `day` is; None for a day that is what its weekday says."""
        return self._by_day.get(day)

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on `day`. A year without known holidays is taken with weekends only, and logged."""
        found = self._by_day.get(day)
        if found is not None:
            return found.is_working
        if not self.is_known(day):
            _warn_unknown(day.year)
        return day.weekday() < SATURDAY

    def add_working_days(self, day: date, count: int) -> date:
        """The day `count` working days after `day`, or before it when negative; 0 gives the next working day from it.

        A time limit "within 5 working days" of what arrived on `day` ends on `add_working_days(day, 5)` (the day of
        arrival is not counted, 民法典 第二百零一条).
        """
        step = timedelta(days=-1 if count < 0 else 1)
        if count == 0:
            while not self.is_working_day(day):
                day += step
            return day
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative when `last` lies before."""
        if last < first:
            return -self.working_days_between(last, first)
        return sum(self.is_working_day(first + timedelta(days=number + 1)) for number in range((last - first).days))

    def schedule(self, key: str = OFFICE) -> Schedule:
        """The schedule with `key`. Raises LookupError that names those there are."""
        if key not in self.schedules:
            known = ", ".join(sorted(self.schedules))
            raise LookupError(_("There is no schedule %(key)s; known: %(known)s.") % {"key": key, "known": known})
        return self.schedules[key]

    def is_open(self, day: date, schedule: str = OFFICE) -> bool:
        """Whether a schedule is kept on `day`."""
        match self.schedule(schedule).days:
            case Days.ALL:
                return True
            case Days.WORKING_AND_SATURDAYS if day.weekday() == SATURDAY and day not in self._by_day:
                return True
            case _:
                return self.is_working_day(day)

    def stretches(self, day: date, schedule: str = OFFICE) -> Iterator[tuple[datetime, datetime]]:
        """The stretches worked on `day`, each with its beginning and end."""
        if self.is_open(day, schedule):
            midnight = datetime.combine(day, time.min, self.zone)
            for begin, end in self.schedule(schedule).hours(day):
                yield midnight + timedelta(seconds=begin), midnight + timedelta(seconds=end)

    def is_working_time(self, moment: datetime, schedule: str = OFFICE) -> bool:
        """Whether a schedule is kept at `moment`: its beginning counts, its end does not."""
        local = moment.astimezone(self.zone)
        return any(begin <= local < end for begin, end in self.stretches(local.date(), schedule))

    def working_seconds_between(self, first: datetime, last: datetime, schedule: str = OFFICE) -> float:
        """Working seconds from `first` to `last`; negative when `last` lies before."""
        if last < first:
            return -self.working_seconds_between(last, first, schedule)
        first, last = first.astimezone(self.zone), last.astimezone(self.zone)
        total = timedelta()
        day = first.date()
        while day <= last.date():
            for begin, end in self.stretches(day, schedule):
                total += max(min(end, last) - max(begin, first), timedelta())
            day += timedelta(days=1)
        return total.total_seconds()

    def add_working_seconds(self, moment: datetime, seconds: float, schedule: str = OFFICE) -> datetime:
        """The moment at which `seconds` of working time have passed since `moment`, in the county's time zone.

        0 gives the moment itself. Raises ValueError for a negative number, and when ten years do not suffice.
        """
        if seconds < 0:
            raise ValueError(_("Working time can only be added; use working_seconds_between to look back."))
        local = moment.astimezone(self.zone)
        left = timedelta(seconds=seconds)
        if not left:
            return local
        for number in range(LONGEST):
            for begin, end in self.stretches(local.date() + timedelta(days=number), schedule):
                begin = max(begin, local)
                if begin < end:
                    if left <= end - begin:
                        return begin + left
                    left -= end - begin
        raise ValueError(_("%(seconds)d working seconds do not pass within ten years.") % {"seconds": seconds})


@cache
def _warn_unknown(year: int) -> None:
    """One line in the log for each year whose holidays nobody entered."""
    logger.warning(
        "The holidays of %d are unknown, so only weekends are free: add the State Council's notice to calendar.csv.",
        year,
    )


def calendar() -> Calendar:
    """The calendar of the county this site serves."""
    return read_calendar(Path(settings.COUNTY))


@cache
def read_calendar(county: Path) -> Calendar:
    """Reads `calendar.csv` and the `schedules` of `county.toml` in a county's folder.

    Raises ValueError that names file and line or schedule for what cannot be read. Without a calendar.csv no year is
    known; without schedules office hours are 08:30-12:00 and 14:00-17:30.
    """
    exceptions = tuple(_exceptions(county / "calendar.csv"))
    by_day: dict[date, SpecialDays] = {}
    for found in exceptions:
        for number in range((found.until - found.since).days + 1):
            day = found.since + timedelta(days=number)
            if day in by_day:
                raise ValueError(f"{county / 'calendar.csv'}: {day} stands there twice; keep one line.")
            by_day[day] = found
    content = tomllib.loads((county / "county.toml").read_text(encoding="utf-8"))
    declared = content.get("schedules", {})
    schedules = {key: _schedule(county, key, facts) for key, facts in declared.items()}
    schedules.setdefault(OFFICE, USUAL)
    zone = ZoneInfo(content.get("time_zone", settings.TIME_ZONE))
    return Calendar(exceptions=exceptions, schedules=schedules, zone=zone, _by_day=by_day)


def _exceptions(path: Path) -> Iterator[SpecialDays]:
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                since, until = date.fromisoformat(row["since"]), date.fromisoformat(row["until"])
                is_working = {"working": True, "holiday": False}[row["kind"]]
                if until < since:
                    raise ValueError("it ends before it begins")
            except (KeyError, ValueError, TypeError) as error:
                text = "it needs since, until (2026-10-01), kind (holiday or working), name, english and source"
                raise ValueError(f"{path}, line {number}: {text}: {error}") from error
            yield SpecialDays(
                since=since,
                until=until,
                is_working=is_working,
                chinese=row.get("name") or "",
                english=row.get("english") or "",
                source=row.get("source") or "",
            )


def _schedule(county: Path, key: str, facts: Mapping[str, object]) -> Schedule:
    try:
        declared = facts["seasons"]
        if not isinstance(declared, list) or not declared:
            raise ValueError("no seasons")
        seasons = [
            Season(since=_month_and_day(one["since"]), hours=tuple(sorted(_stretch(text) for text in one["hours"])))
            for one in declared
        ]
        for season in seasons:
            if any(after[0] < before[1] for before, after in zip(season.hours, season.hours[1:], strict=False)):
                raise ValueError("two stretches overlap")
        return Schedule(
            key=key,
            chinese=str(facts["name"]),
            english=str(facts["english"]),
            days=Days(str(facts.get("days", Days.WORKING))),
            seasons=tuple(sorted(seasons, key=lambda season: season.since)),
        )
    except (KeyError, ValueError, TypeError) as error:
        text = "it needs name, english, days and seasons, each with since (05-01) and hours (08:30-12:00)"
        raise ValueError(f"{county / 'county.toml'}, schedule {key}: {text}: {error}") from error


def _month_and_day(text: str) -> tuple[int, int]:
    day = date.fromisoformat(f"2024-{text}")
    return day.month, day.day


def _stretch(text: str) -> tuple[int, int]:
    begin, end = (_seconds(part) for part in text.split("-"))
    if not begin < end:
        raise ValueError(f"{text} ends before it begins")
    return begin, end


def _seconds(text: str) -> int:
    hours, minutes = (int(part) for part in text.split(":"))
    if not (0 <= hours * 60 + minutes <= 24 * 60 and 0 <= minutes < 60):
        raise ValueError(f"{text} is no time of day")
    return hours * 3600 + minutes * 60


USUAL = Schedule(
    key=OFFICE,
    chinese="机关作息",
    english="Office hours",
    days=Days.WORKING,
    seasons=(Season(since=(1, 1), hours=((30600, 43200), (50400, 63000))),),
)
"""Hours of a county that declares none: 08:30-12:00 and 14:00-17:30."""
