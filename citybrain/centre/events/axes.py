"""Axes of counted time: what of the time between two moments a counting counts, and when an amount of it is over.

An axis knows the stretches that count (opening hours of a body, working days) with the sum of all before each, so that
both questions are one binary search, however long the time is. Moments are whole microseconds since 1970 in UTC: sums
of them are exact.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.utils.translation import gettext as _

from citybrain.declare.event import Counting
from citybrain.kernel.identity.calendar import OFFICE, Calendar, read_calendar

SECOND = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MOST_YEARS = 12
"""Years an axis is drawn out to while an amount of time is looked for."""

Stretches = Callable[[date], Iterator[tuple[datetime, datetime]]]


def instant(moment: datetime) -> int:
    """A moment as microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def moment_of(found: int) -> datetime:
    """The moment of microseconds since 1970, in UTC."""
    return EPOCH + timedelta(microseconds=found)


class Axis:
    """Every moment counts: time by the clock (紧急工作时)."""

    def first(self, begin: int) -> int:
        """The instant from which something that begins at `begin` is counted."""
        return begin

    def between(self, first: int, last: int) -> int:
        """Counted microseconds between two instants; 0 when the last lies before the first."""
        return max(self.counted(last) - self.counted(first), 0)

    def after(self, begin: int, amount: int) -> int:
        """The first instant at which `amount` counted microseconds have passed since `begin`."""
        return begin if amount <= 0 else self.reached(self.counted(begin) + amount)

    def counted(self, at: int) -> int:
        """Counted microseconds from the axis' origin until an instant."""
        return at

    def reached(self, counted: int) -> int:
        """The first instant at which so much was counted since the origin. ValueError when years do not suffice."""
        return counted


class StretchedAxis(Axis):
    """Only stretches of days count. It is drawn by whole years, as far as somebody asked."""

    def __init__(self, stretches: Stretches, zone_calendar: Calendar, *, from_next_day: bool) -> None:
        self._stretches = stretches
        self._zone = zone_calendar.zone
        self._from_next_day = from_next_day
        self._lock = Lock()
        self._years: tuple[int, int] | None = None
        """First year drawn, and the one after the last."""
        self._begins: list[int] = []
        self._ends: list[int] = []
        self._before: list[int] = []
        """Counted before each stretch, from the origin: the beginning of the first year anybody asked for."""

    def first(self, begin: int) -> int:
        """Days count from the day after (民法典 第二百零一条): the day on which something began is not counted."""
        if not self._from_next_day:
            return begin
        day = moment_of(begin).astimezone(self._zone).date() + timedelta(days=1)
        return instant(datetime.combine(day, time.min, self._zone))

    def counted(self, at: int) -> int:
        """See Axis."""
        self._draw(moment_of(at).astimezone(self._zone).year)
        place = bisect_right(self._begins, at) - 1
        if place < 0:
            return self._before[0] if self._before else 0
        return self._before[place] + min(at, self._ends[place]) - self._begins[place]

    def reached(self, counted: int) -> int:
        """See Axis."""
        for _year in range(MOST_YEARS):
            if self._before and counted <= self._before[-1] + self._ends[-1] - self._begins[-1]:
                # The stretch in which it is reached: the last one before which less had been counted.
                place = max(bisect_right(self._before, counted - 1) - 1, 0)
                return self._begins[place] + counted - self._before[place]
            with self._lock:
                self._append((self._years or (1970, 1970))[1])
        raise ValueError(_("This much working time does not pass within %(years)d years.") % {"years": MOST_YEARS})

    def _draw(self, year: int) -> None:
        """Makes sure that a year is drawn."""
        years = self._years
        if years is not None and years[0] <= year < years[1]:
            return
        with self._lock:
            if self._years is None:
                self._years = (year, year)
            while self._years[1] <= year:
                self._append(self._years[1])
            while self._years[0] > year:
                self._prepend(self._years[0] - 1)

    def _year(self, year: int) -> tuple[list[int], list[int]]:
        days = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
        found = [
            (instant(begin), instant(end)) for day in days if day.year == year for begin, end in self._stretches(day)
        ]
        return [begin for begin, _end in found], [end for _begin, end in found]

    def _append(self, year: int) -> None:
        begins, ends = self._year(year)
        total = self._before[-1] + self._ends[-1] - self._begins[-1] if self._before else 0
        before = []
        for begin, end in zip(begins, ends, strict=True):
            before.append(total)
            total += end - begin
        # The list that is searched first grows last: readers hold no lock.
        self._before = self._before + before
        self._ends = self._ends + ends
        self._begins = self._begins + begins
        self._years = ((self._years or (year, year))[0], year + 1)

    def _prepend(self, year: int) -> None:
        begins, ends = self._year(year)
        total = (self._before[0] if self._before else 0) - sum(
            end - begin for begin, end in zip(begins, ends, strict=True)
        )
        before = []
        for begin, end in zip(begins, ends, strict=True):
            before.append(total)
            total += end - begin
        self._before, self._ends, self._begins = before + self._before, ends + self._ends, begins + self._begins
        self._years = (year, (self._years or (year, year + 1))[1])


def axis(counting: Counting, schedule: str = OFFICE) -> Axis:
    """The axis of a counting for a body that keeps `schedule`; one that the county does not know counts as `office`."""
    return _axis(Path(settings.COUNTY), counting, schedule if counting is Counting.WORKING_HOURS else OFFICE)


@cache
def _axis(county: Path, counting: Counting, schedule: str) -> Axis:
    known = read_calendar(county)
    usable = schedule if schedule in known.schedules else OFFICE

    def whole_day(day: date) -> tuple[datetime, datetime]:
        midnight = datetime.combine(day, time.min, known.zone)
        return midnight, datetime.combine(day + timedelta(days=1), time.min, known.zone)

    def hours(day: date) -> Iterator[tuple[datetime, datetime]]:
        return known.stretches(day, usable)

    def working(day: date) -> Iterator[tuple[datetime, datetime]]:
        if known.is_working_day(day):
            yield whole_day(day)

    def every(day: date) -> Iterator[tuple[datetime, datetime]]:
        yield whole_day(day)

    match counting:
        case Counting.CLOCK:
            return Axis()
        case Counting.WORKING_HOURS:
            return StretchedAxis(hours, known, from_next_day=False)
        case Counting.WORKING_DAYS:
            return StretchedAxis(working, known, from_next_day=True)
        case Counting.CALENDAR_DAYS:
            return StretchedAxis(every, known, from_next_day=True)
