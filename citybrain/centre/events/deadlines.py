"""The index by due time: what an event's row says of its running clocks, and the next mark of each.

The truth is in `clocks`; `follow` writes down what is due next, in the transaction of every step, so that queues sort
and escalation finds by an index and nobody sweeps over open events.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import Any

from django.utils import timezone

from citybrain.centre.events.axes import SECOND
from citybrain.centre.events.clocks import Reading, read
from citybrain.centre.events.machine import OPEN, State
from citybrain.centre.events.models import Event, Mark, Step
from citybrain.declare.event import Clock

PERCENTS = (50, 75, 100, 200, 300)
"""Shares of a limit at which somebody hears of it."""
CLOCKS = tuple(clock.value for clock in Clock)

PHASES = {
    State.NEW: Clock.VERIFY,
    State.ACCEPTED: Clock.DISPATCH,
    State.DISPATCHED: Clock.SIGN,
    State.IN_PROGRESS: Clock.HANDLE,
    State.PAUSED: Clock.HANDLE,
    State.HANDED_OUT: Clock.HANDLE,
    State.REPORTED_DONE: Clock.CHECK,
}
"""The clock that the body on whose desk an event lies looks at."""


def follow(event: Event, step: Step) -> dict[str, Any]:
    """What is due next after a step: sets `due_at`, `due_clock`, `whole_due_at` on `event`, and writes the next marks.

    In the caller's transaction; `step` need not be saved yet. Returns the three columns for the caller's own UPDATE of
    the event: it writes only the marks itself.
    """
    before: Iterable[Step] = event.journal.filter(number__lt=step.number).order_by("number") if step.number > 1 else ()
    readings = read(event, chain(before, [step]), step.at)
    columns = columns_of(step.target, readings)
    for name, value in columns.items():
        setattr(event, name, value)
    _mark(event, readings, is_first=step.number == 1)
    return columns


def columns_of(state: str, readings: Iterable[Reading]) -> dict[str, Any]:
    """What the row of an event in `state` says of its clocks."""
    by_clock = {reading.clock: reading for reading in readings if not reading.is_stopped}
    phase = by_clock.get(PHASES[State(state)]) if state in OPEN else None
    whole = by_clock.get(Clock.WHOLE)
    return {
        "due_at": phase.due_at if phase else None,
        "due_clock": phase.clock.value if phase else "",
        "whole_due_at": whole.due_at if whole else None,
    }


def next_mark(reading: Reading, fired: Iterable[int] = ()) -> tuple[int, datetime] | None:
    """The next share of a running clock to be told, and when; of several passed ones the highest.

    `fired` are those already told of this run. None when it does not run, or everything was told.
    """
    if not reading.is_running:
        return None
    past, passed = max(fired, default=0), None
    for percent in PERCENTS:
        if percent <= past or (at := reading.reaches(percent)) is None:
            continue
        if reading.percent < percent:
            return passed or (percent, at)
        passed = percent, at
    return passed


def _mark(event: Event, readings: Iterable[Reading], *, is_first: bool) -> None:
    """Writes the next marks of the running clocks over those that stand; what is right already stays."""
    rows = [] if is_first else list(Mark.objects.filter(event=event, clock__in=CLOCKS))
    standing = {(row.clock, row.percent, row.at): row.pk for row in rows if row.fired_at is None}
    new = []
    for reading in readings:
        fired = (
            row.percent for row in rows if row.fired_at and row.clock == reading.clock and row.at >= reading.started
        )
        if found := next_mark(reading, fired):
            percent, at = found
            if standing.pop((reading.clock.value, percent, at), None) is None:
                new.append(
                    Mark(
                        event=event,
                        clock=reading.clock.value,
                        percent=percent,
                        at=at,
                        allowed=round(reading.allowed * SECOND),
                        counting=reading.limit.counting.value,
                        schedule=reading.schedule,
                    )
                )
    if standing:
        Mark.objects.filter(pk__in=standing.values()).delete()
    Mark.objects.bulk_create(new)


def task_due_at(event: Event, now: datetime | None = None) -> datetime | None:
    """When a task asked for now is due at the latest: with the event itself."""
    readings = {reading.clock: reading for reading in read(event, now=now or timezone.now())}
    for clock in (Clock.HANDLE, Clock.WHOLE):
        if clock in readings and not readings[clock].is_stopped and readings[clock].due_at:
            return readings[clock].due_at
    return None
