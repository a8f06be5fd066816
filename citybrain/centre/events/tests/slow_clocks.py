"""The six clocks again, slowly: time is walked through in ticks of ten minutes, and at each tick every clock is asked
whether it counts now. Journals of the tests lie on ticks, as do all working hours, so that both must agree exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from citybrain.centre.events.limits import limit_of
from citybrain.declare.event import Clock, Counting, Level, Loop, TimeLimit
from citybrain.kernel.identity.calendar import calendar

TICK = timedelta(minutes=10)
PHASE_OF = {"new": Clock.VERIFY, "accepted": Clock.DISPATCH, "dispatched": Clock.SIGN, "reported_done": Clock.CHECK}
OVER = {"closed", "appraised", "rejected", "cancelled", "merged"}
MAY_STOP = {"waiting-reporter", "waiting-material", "force-majeure", "other-body"}


@dataclass
class Watch:
    """One run of one clock."""

    clock: Clock
    began: datetime
    body: int
    facts: tuple[str, str, str]
    ticks: list[datetime] = field(default_factory=list)
    """Beginnings of the ticks in which it ran."""
    runs: bool = True
    over: bool = False

    @property
    def limit(self) -> TimeLimit:
        return limit_of(self.clock, self.facts[0], Level(self.facts[1]), Loop(self.facts[2]))

    def counts(self, at: datetime, schedule: str) -> bool:
        """Whether a tick in which it runs counts."""
        return counted(self.limit.counting, at, schedule, local(self.began))

    def elapsed(self, schedule: str) -> float:
        return TICK.total_seconds() * sum(self.counts(at, schedule) for at in self.ticks)

    @property
    def allowed(self) -> float:
        in_days = self.limit.counting in (Counting.WORKING_DAYS, Counting.CALENDAR_DAYS)
        return self.limit.amount * (86_400 if in_days else 3_600)

    def due(self, schedule: str, end: datetime) -> datetime | None:
        """When the limit is over; None when that lies in an interruption that lasts."""
        left = round(self.allowed / TICK.total_seconds())
        for at in self._ticks(end):
            if self.counts(at, schedule):
                left -= 1
                if left == 0:
                    return at + TICK
        return None

    def _ticks(self, end: datetime) -> Iterator[datetime]:
        yield from self.ticks
        if self.runs or self.over:
            # What stopped would have gone on from where it stood.
            at = end if self.runs else (self.ticks[-1] + TICK if self.ticks else self.began)
            for number in range(20_000):
                yield at + TICK * number


@cache
def counted(counting: Counting, at: datetime, schedule: str, begun: date) -> bool:
    match counting:
        case Counting.CLOCK:
            return True
        case Counting.WORKING_HOURS:
            return calendar().is_working_time(at, schedule)
        case Counting.WORKING_DAYS:
            return local(at) > begun and calendar().is_working_day(local(at))
        case Counting.CALENDAR_DAYS:
            return local(at) > begun


def local(at: datetime) -> date:
    return at.astimezone(calendar().zone).date()


def watches(steps: Sequence[Any], now: datetime) -> list[Watch]:
    """Every run of every clock, as it stands at `now`."""
    made: list[Watch] = []
    current: dict[Clock, Watch] = {}
    facts: dict[str, Any] = {}
    waiting = list(steps)
    at = steps[0].at
    end = max(now, max(step.at for step in steps))

    def begin(clock: Clock) -> None:
        current[clock] = Watch(clock, at, facts["organisation"], ("", "", ""))
        made.append(current[clock])

    def end_of(clock: Clock) -> None:
        if clock in current and not current[clock].over:
            current[clock].runs, current[clock].over = False, True

    while True:
        while waiting and waiting[0].at <= at:
            step = waiting.pop(0)
            facts |= step.facts
            moved = step.source != step.target
            stops = step.target == "paused" and step.reason in MAY_STOP
            if step.verb == "reclassify":
                for clock in (Clock.VERIFY, Clock.DISPATCH, Clock.SIGN, Clock.HANDLE):
                    if clock in current and not current[clock].over:
                        ran = current[clock].runs
                        end_of(clock)
                        begin(clock)
                        current[clock].runs = ran
            if moved:
                if step.source in PHASE_OF:
                    end_of(PHASE_OF[step.source])
                if step.target in PHASE_OF:
                    begin(PHASE_OF[step.target])
                handle = current.get(Clock.HANDLE)
                alive = handle is not None and not handle.over
                if step.target in ("in_progress", "handed_out"):
                    if handle is not None and (alive or step.verb == "rework"):
                        handle.runs, handle.over = True, False
                    else:
                        begin(Clock.HANDLE)
                elif step.target == "paused":
                    if stops and handle is not None:
                        handle.runs = False
                elif alive:
                    end_of(Clock.HANDLE)
                whole = current.get(Clock.WHOLE)
                if step.target in OVER:
                    end_of(Clock.WHOLE)
                elif whole is None or step.verb == "redo":
                    begin(Clock.WHOLE)
                elif stops:
                    whole.runs = False
                elif whole.over:
                    # It was never over for whoever waited.
                    last = whole.ticks[-1] + TICK if whole.ticks else whole.began
                    while last < at:
                        whole.ticks.append(last)
                        last += TICK
                    whole.runs, whole.over = True, False
                else:
                    whole.runs = True
            for watch in current.values():
                if not watch.over:
                    watch.facts = (facts["type"], facts["level"], facts["loop"])
        if at >= end:
            return made
        for watch in current.values():
            if watch.runs and not watch.over:
                watch.ticks.append(at)
        at += TICK
