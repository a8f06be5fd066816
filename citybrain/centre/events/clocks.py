"""The six clocks of an event (时限), computed from its journal whenever somebody looks: no stored counter can drift.

| clock    | starts                                | is interrupted             | stops                    |
|----------|---------------------------------------|----------------------------|--------------------------|
| verify   | the event is new                      |                            | accepted, rejected       |
| dispatch | it is accepted, again each time       |                            | dispatched, or it ends   |
| sign     | it is dispatched, again each time     |                            | signed, sent back        |
| handle   | it is signed, or handed outside       | pauses that stop clocks;   | reported done;           |
|          |                                       | while it is checked        | taken away               |
| check    | it is reported done, again each time  |                            | closed, back to work     |
| whole    | the first signal; again when reopened | pauses that stop clocks    | closed, or it ends       |

An order of the higher level may bring the limit of `whole` with it (`ordered_until` of the first step's proposals).

Back to work (返工) goes on with the handle clock where it stood: who works twice has no second limit. A change of class
(RECLASSIFY) lets the phase that runs begin anew, since its limit was another one's; `whole` and `check` go on. When the
level rises the shorter limit holds from the beginning of the phase (retroactively). A wrongly rejected or merged event
goes on with `whole` as if it had never stopped: its reporter waited. Limits are those of the body on whose desk it lay
when the phase began: its working hours count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.utils import timezone

from citybrain.centre.events.axes import SECOND, Axis, axis, instant, moment_of
from citybrain.centre.events.limits import limit_of
from citybrain.centre.events.machine import OPEN, State, Verb
from citybrain.declare.event import Clock, Counting, Level, Loop, TimeLimit
from citybrain.kernel.identity.models import Organisation

if TYPE_CHECKING:
    from citybrain.centre.events.models import Event

STOPS_CLOCK = frozenset({"waiting-reporter", "waiting-material", "force-majeure", "other-body"})
"""Reasons of a pause that stop the clocks: what the handling body cannot change. Its own planning ("scheduled") does
not, unless the pause was approved: fact `approved` of the step."""

ON = frozenset(OPEN)
DAY = 86_400


class Line(Protocol):
    """What the clocks read of a step."""

    at: datetime
    verb: str
    source: str
    target: str
    reason: str
    facts: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a clock showed at a moment."""

    clock: Clock
    limit: TimeLimit
    schedule: str
    """Key of the working hours it counts in."""
    started: datetime
    stopped: datetime | None
    """None while it runs or is interrupted."""
    ended_by: str
    """Verb of the step that stopped it; empty while it did not stop."""
    is_running: bool
    """Whether it counts now; neither when stopped nor while interrupted."""
    paused: float
    """Seconds by the clock between start and stop (or now) that were interrupted."""
    elapsed: float
    """Seconds that count, by the limit's counting."""
    allowed: float
    """Seconds that count until it is due: hours of 3600, days of 86400 seconds."""
    due_at: datetime | None
    """When it is, or was, over; None while interrupted before that."""
    segments: tuple[tuple[int, int | None], ...] = field(repr=False)
    """Instants between which it ran; the last is open while it runs."""

    @property
    def percent(self) -> float:
        """Share of the limit that is used up; over 100 when it is overdue."""
        return 100 * self.elapsed / self.allowed

    @property
    def is_late(self) -> bool:
        """Whether the limit was, or is, passed."""
        return self.elapsed > self.allowed

    @property
    def is_stopped(self) -> bool:
        """Whether it is over."""
        return self.stopped is not None

    @property
    def axis(self) -> Axis:
        """What it counts by."""
        return axis(self.limit.counting, self.schedule)

    def reaches(self, percent: int) -> datetime | None:
        """When it shows `percent` if it runs on; None when it is interrupted or stopped before."""
        return _reached(self.axis, self.segments, round(self.allowed * SECOND) * percent // 100)


@dataclass(slots=True)
class _Run:
    """One run of a clock while the journal is read."""

    clock: Clock
    organisation: int | None
    began: int
    segments: list[tuple[int, int | None]]
    facts: tuple[str, str, str] = ("", "", "")
    ordered: int | None = None
    """When the whole event is due by order of the higher level (上级交办时限), whatever its class says."""
    stopped: int | None = None
    ended_by: str = ""

    @property
    def is_counting(self) -> bool:
        return bool(self.segments) and self.segments[-1][1] is None

    def interrupt(self, at: int) -> None:
        if self.is_counting:
            self.segments[-1] = (self.segments[-1][0], at)

    def resume(self, at: int) -> None:
        if not self.is_counting:
            self.segments.append((at, None))
        self.stopped, self.ended_by = None, ""

    def stop(self, at: int, verb: str) -> None:
        self.interrupt(at)
        self.stopped, self.ended_by = at, verb


def read(
    event: Event,
    steps: Iterable[Line] | None = None,
    now: datetime | None = None,
    schedules: Mapping[int, str] | None = None,
) -> tuple[Reading, ...]:
    """What each clock that ever ran shows: its latest run, in the order of the clocks.

    `steps` is the event's journal in its order, `schedules` the working hours by body, where the caller has them.
    """
    latest = {reading.clock: reading for reading in runs(event, steps, now, schedules)}
    return tuple(latest[clock] for clock in Clock if clock in latest)


def runs(
    event: Event,
    steps: Iterable[Line] | None = None,
    now: datetime | None = None,
    schedules: Mapping[int, str] | None = None,
) -> tuple[Reading, ...]:
    """Every run of every clock in the order they began: what appraisals count. `schedules`: body -> working hours."""
    lines = steps if steps is not None else event.journal.order_by("number")
    until = instant(now if now is not None else timezone.now())
    found = _runs(lines, event)
    known = schedules if schedules is not None else schedules_of(found, event)
    return tuple(_reading(run, until, known.get(run.organisation or 0, "")) for run in found)


def ordered_until(step: Line) -> int | None:
    """The limit an order of the higher level, or a work order, brought with it; None without one that can be read."""
    text = (step.facts.get("proposals") or {}).get("ordered_until", "")
    try:
        found = datetime.fromisoformat(text) if text else None
    except (TypeError, ValueError):
        return None
    return instant(found) if found is not None and found.tzinfo is not None else None


def stops_clock(step: Line) -> bool:
    """Whether a pause stops the clocks."""
    return step.reason in STOPS_CLOCK or bool(step.facts.get("approved"))


def schedules_of(found: Iterable[_Run], event: Event) -> dict[int, str]:
    """Working hours of the bodies whose runs are counted in working hours, by their ids."""
    wanted = {run.organisation for run in found if run.organisation and _limit(run).counting is Counting.WORKING_HOURS}
    if not wanted:
        return {}
    loaded = event._state.fields_cache.get("organisation")
    if loaded is not None and wanted == {loaded.pk}:
        return {loaded.pk: loaded.schedule}
    return dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "schedule"))


def _limit(run: _Run) -> TimeLimit:
    if run.ordered is not None and run.ordered > run.began:
        return TimeLimit((run.ordered - run.began) / SECOND / 3600, Counting.CLOCK)
    type_key, level, loop = run.facts
    return limit_of(run.clock, type_key, Level(level), Loop(loop))


def _reading(run: _Run, now: int, schedule: str) -> Reading:
    limit = _limit(run)
    counting = axis(limit.counting, schedule)
    unit = DAY if limit.counting in {Counting.WORKING_DAYS, Counting.CALENDAR_DAYS} else 3600
    allowed = round(limit.amount * unit * SECOND)
    # A moment before the last step (a clock set back, a question about the past) shows what the last step showed.
    last = max([now, run.began, *(begin for begin, _end in run.segments)]) if run.stopped is None else run.stopped
    first = counting.first(run.began)
    segments = tuple((max(begin, first), None if end is None else max(end, first)) for begin, end in run.segments)
    elapsed = sum(counting.between(begin, max(last, begin) if end is None else end) for begin, end in segments)
    ran = sum((max(last, begin) if end is None else end) - begin for begin, end in run.segments)
    return Reading(
        clock=run.clock,
        limit=limit,
        schedule=schedule,
        started=moment_of(run.began),
        stopped=None if run.stopped is None else moment_of(run.stopped),
        ended_by=run.ended_by,
        is_running=run.is_counting,
        paused=max(last - run.began - ran, 0) / SECOND,
        elapsed=elapsed / SECOND,
        allowed=allowed / SECOND,
        due_at=_reached(counting, segments, allowed, goes_on=run.stopped is not None),
        segments=segments,
    )


def _reached(
    counting: Axis, segments: Iterable[tuple[int, int | None]], amount: int, *, goes_on: bool = False
) -> datetime | None:
    """When the segments have counted `amount`; with `goes_on` the last one is thought to run on."""
    left, end = amount, None
    for begin, end in segments:
        counted = None if end is None else counting.between(begin, end)
        if counted is None or counted >= left:
            return moment_of(counting.after(begin, left))
        left -= counted
    return moment_of(counting.after(end, left)) if goes_on and end is not None else None


def _runs(steps: Iterable[Line], event: Event) -> list[_Run]:
    """The journal's runs of clocks, in the order they began."""
    reader = _Reader(event)
    for step in steps:
        reader.read(step)
    return reader.found


class _Reader:
    """Reads a journal line by line and keeps every run in `found`. What the lines do not say the event says."""

    def __init__(self, event: Event) -> None:
        self._facts = {"type": event.type, "level": event.level, "loop": event.loop}
        self._organisation: int | None = event.organisation_id
        self._now = 0
        self._ordered: int | None = None
        self.found: list[_Run] = []
        self._latest: dict[Clock, _Run] = {}

    def read(self, step: Line) -> None:
        """Takes in the next line."""
        # Time never runs backwards, whatever the machine's clock did.
        self._now = max(self._now, instant(step.at))
        for name in self._facts:
            if name in step.facts:
                self._facts[name] = step.facts[name]
        self._organisation = step.facts.get("organisation", self._organisation)
        if step.verb == Verb.OPEN:
            self._ordered = ordered_until(step)
        if step.verb == Verb.RECLASSIFY:
            self._begin_anew(step)
        if step.source != step.target:
            self._move(step)
        for run in self._latest.values():
            if run.stopped is None:
                # What stopped keeps the limit it had; what goes on has the new one from its beginning.
                run.facts = (self._facts["type"], self._facts["level"], self._facts["loop"])

    def _begin_anew(self, step: Line) -> None:
        for clock in (Clock.VERIFY, Clock.DISPATCH, Clock.SIGN, Clock.HANDLE):
            run = self._latest.get(clock)
            if run is not None and run.stopped is None:
                counted = run.is_counting
                run.stop(self._now, step.verb)
                self._start(clock)
                if not counted:
                    self._latest[clock].interrupt(self._now)

    def _move(self, step: Line) -> None:
        source, target = step.source, step.target
        for clock, state in _PHASES:
            if source == state:
                self._stop(clock, step)
            if target == state:
                self._start(clock)
        self._handle(step)
        self._whole(step)

    def _handle(self, step: Line) -> None:
        run = self._latest.get(Clock.HANDLE)
        goes_on = run is not None and run.stopped is None
        match step.target:
            case State.IN_PROGRESS if run is not None and (goes_on or step.verb == Verb.REWORK):
                run.resume(self._now)
            case State.HANDED_OUT if run is not None and goes_on:
                run.resume(self._now)
            case State.IN_PROGRESS | State.HANDED_OUT:
                self._start(Clock.HANDLE)
            case State.PAUSED:
                if run is not None and stops_clock(step):
                    run.interrupt(self._now)
            case _ if goes_on:
                self._stop(Clock.HANDLE, step)

    def _whole(self, step: Line) -> None:
        run = self._latest.get(Clock.WHOLE)
        if step.target not in ON:
            self._stop(Clock.WHOLE, step)
        elif run is None or step.verb == Verb.REDO:
            self._start(Clock.WHOLE)
        elif step.target == State.PAUSED and stops_clock(step):
            run.interrupt(self._now)
        elif run.stopped is not None:
            # Its reporter waited while it was thought to be over.
            begin = run.segments.pop()[0]
            run.segments.append((begin, None))
            run.stopped, run.ended_by = None, ""
        else:
            run.resume(self._now)

    def _start(self, clock: Clock) -> None:
        run = _Run(clock, self._organisation, self._now, [(self._now, None)])
        if clock is Clock.WHOLE:
            # An event that is reopened after its order was due has the usual limit again.
            run.ordered = self._ordered
        self._latest[clock] = run
        self.found.append(run)

    def _stop(self, clock: Clock, step: Line) -> None:
        run = self._latest.get(clock)
        if run is not None and run.stopped is None:
            run.stop(self._now, step.verb)


_PHASES = (
    (Clock.VERIFY, State.NEW),
    (Clock.DISPATCH, State.ACCEPTED),
    (Clock.SIGN, State.DISPATCHED),
    (Clock.CHECK, State.REPORTED_DONE),
)
"""Clocks that run exactly while an event is in one state."""
