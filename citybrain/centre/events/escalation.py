"""Reminding and escalating by due marks (提醒与升级): found by the index of due times, never by looking at open events.

Each pass is one transaction: marks that are due are written as fired, the next ones beside them, and everybody who is
to hear of them gets one message. Killed before its end it has told nobody and the next pass does it all; after it, the
marks have fired. Two passes at a time take different marks.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from citybrain.centre.events import loops
from citybrain.centre.events.axes import Axis, axis, instant, moment_of
from citybrain.centre.events.deadlines import CLOCKS, PERCENTS
from citybrain.centre.events.hearers import Addressee, Hearers
from citybrain.centre.events.machine import OPEN
from citybrain.centre.events.models import Event, Mark
from citybrain.centre.events.notices import QUIET_AFTER
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.refusals import Refused
from citybrain.centre.events.reminders import Told, tell
from citybrain.declare.event import Clock, Counting
from citybrain.kernel.live.actions import announce
from citybrain.kernel.live.audience import to_permitted

logger = logging.getLogger(__name__)

MOST = 20_000
"""Marks of one pass."""
BATCH = 5_000
"""Rows of one statement."""
RAISING = 200
"""Share of the limit to sign or to handle from which the loop is widened (升级)."""
RAISED_AT_ONCE = 200
"""Events whose loop one transaction widens: each is a step of its journal."""
RAISED_BY = (Clock.SIGN.value, Clock.HANDLE.value)
WIDENING = models.Q(percent__gte=RAISING, clock__in=RAISED_BY)
"""Marks that widen the loop: they fire in small transactions, since each writes a step."""
LATER = timedelta(minutes=5)
"""When a handler that failed is called again."""

Handler = Callable[[Event, Mark, datetime], object]
HANDLERS: dict[str, Handler] = {}
"""What other marks than those of the six clocks call, by their `clock`: the backstop."""


def handler(clock: str) -> Callable[[Handler], Handler]:
    """Registers a function for marks with `clock`; it is called in a transaction in which the mark has fired."""

    def register(function: Handler) -> Handler:
        HANDLERS[clock] = function
        return function

    return register


@dataclass(slots=True)
class Passed:
    """What a pass did."""

    fired: int = 0
    """Marks, those counted that lay between two passes."""
    messages: int = 0
    raised: int = 0
    """Events whose loop was widened."""
    handled: int = 0
    """Marks that handlers took."""

    def __iadd__(self, other: Passed) -> Passed:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self


@dataclass(slots=True)
class _Due:
    """A mark that is due with what is needed of its event."""

    pk: int
    event: int
    clock: str
    percent: int
    at: datetime
    allowed: int
    counting: str
    schedule: str
    number: str
    title: str
    state: str
    organisation: int
    owner: int | None
    post: int | None


@dataclass(slots=True)
class _Firing:
    """What becomes of the marks of a pass."""

    fired: list[int] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    """Marks of events that ended: they tell nobody."""
    new: list[tuple[Any, ...]] = field(default_factory=list)
    """Rows of further marks, as `ADD` takes them."""
    told: dict[Addressee, dict[int, Told]] = field(default_factory=dict)


def escalate(now: datetime | None = None, limit: int = MOST) -> Passed:
    """Fires every mark due at `now`, at most about `limit`, and returns what was done. Repeating it is harmless."""
    at = now if now is not None else timezone.now()
    quiet = timezone.now() - at > QUIET_AFTER
    done = _pass(at, limit, quiet, ~WIDENING, raising=False)
    while done.fired < limit:
        found = _pass(at, min(limit - done.fired, RAISED_AT_ONCE), quiet, WIDENING, raising=True)
        done += found
        if found.fired == 0:
            break
    done += _handle(at, limit)
    return done


def next_due() -> datetime | None:
    """When the next mark is due."""
    return Mark.objects.filter(fired_at=None).order_by("at").values_list("at", flat=True).first()


def _pass(now: datetime, limit: int, quiet: bool, which: models.Q, *, raising: bool) -> Passed:
    """One transaction over marks of the six clocks."""
    done = Passed()
    with transaction.atomic():
        due = list(_due(now, limit, which))
        if not due:
            return done
        hearers = Hearers(now)
        firing = _fire(due, now, hearers, raising=raising)
        for start in range(0, len(firing.fired), BATCH):
            Mark.objects.filter(pk__in=firing.fired[start : start + BATCH]).update(fired_at=now)
        if firing.dropped:
            Mark.objects.filter(pk__in=firing.dropped).delete()
        _add(firing.new)
        done.fired = len(due) + sum(row[FIRED_AT] is not None for row in firing.new)
        if raising:
            done.raised = sum(_raise(one.event, now) for one in due)
        if not quiet:
            done.messages = tell(hearers, {to: tuple(told.values()) for to, told in firing.told.items()})
        # Of many events at once, so only that clocks moved: each desk asks for what it may see.
        announce("events", audience=to_permitted(VIEW))
    return done


def _due(now: datetime, limit: int, which: models.Q) -> Iterator[_Due]:
    rows = Mark.objects.filter(which, fired_at=None, at__lte=now, clock__in=CLOCKS).order_by("at")
    if connection.features.has_select_for_update:
        # A step takes the event's row before its marks; so does a pass. What a step or another pass holds right now is
        # left to them and to the next pass. SQLite lets only one write at all.
        wanted = list(rows.values_list("event_id", flat=True)[:limit])
        free = Event.objects.select_for_update(skip_locked=True).filter(pk__in=wanted).order_by("pk")
        rows = rows.filter(event__in=list(free.values_list("pk", flat=True)))
    columns = (
        "pk",
        "event_id",
        "clock",
        "percent",
        "at",
        "allowed",
        "counting",
        "schedule",
        "event__number",
        "event__title",
        "event__state",
        "event__organisation_id",
        "event__owner_id",
        "event__post_id",
    )
    for row in rows.values_list(*columns)[:limit]:
        yield _Due(*row)


def _fire(due: list[_Due], now: datetime, hearers: Hearers, *, raising: bool) -> _Firing:
    firing = _Firing()
    axes: dict[tuple[str, str], Axis] = {}
    until = instant(now)
    for mark in due:
        if mark.state not in OPEN:
            firing.dropped.append(mark.pk)
            continue
        firing.fired.append(mark.pk)
        key = mark.counting, mark.schedule
        if key not in axes:
            axes[key] = axis(Counting(mark.counting or Counting.CLOCK), mark.schedule)
        highest = mark.percent
        for percent, moment in following(mark.percent, instant(mark.at), mark.allowed, axes[key]):
            widens = percent >= RAISING and mark.clock in RAISED_BY and not raising
            passed = moment <= until and not widens
            firing.new.append(_next(mark, percent, moment, now if passed else None))
            if not passed:
                break
            highest = percent
        told = Told(highest, mark.number, mark.title)
        for to in _hearing(mark, highest, hearers):
            of_event = firing.told.setdefault(to, {})
            if mark.event not in of_event or of_event[mark.event].percent < highest:
                of_event[mark.event] = told
    return firing


def _hearing(mark: _Due, highest: int, hearers: Hearers) -> Iterator[Addressee]:
    """Who hears of it: of several shares passed since the last pass everybody whose turn came."""
    for percent in PERCENTS:
        # What the section hears its handler hears.
        if mark.percent <= percent <= highest and (percent >= 75 or highest < 75):
            yield from hearers.of(percent, mark.organisation, mark.owner, mark.post)


def following(percent: int, at: int, allowed: int, counting: Axis) -> Iterator[tuple[int, int]]:
    """The later shares of a limit with their instants, of a clock that showed `percent` at an instant and runs on."""
    for later in PERCENTS:
        if later > percent:
            yield later, counting.after(at, allowed * later // 100 - allowed * percent // 100)


FIRED_AT = 4
"""Place of the moment in such a row."""
ADD = """
INSERT INTO events_mark (event_id, clock, percent, at, fired_at, allowed, counting, schedule)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


def _next(mark: _Due, percent: int, moment: int, fired_at: datetime | None) -> tuple[Any, ...]:
    at = moment_of(moment)
    return mark.event, mark.clock, percent, at, fired_at, mark.allowed, mark.counting, mark.schedule


def _add(rows: list[tuple[Any, ...]]) -> None:
    """Adds marks in one statement: thousands of model instances would cost more than everything else of a pass."""
    adapted = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(ADD, [(*row[:3], adapted(row[3]), adapted(row[4]), *row[5:]) for row in rows])


def _raise(event: int, now: datetime) -> bool:
    """Widens the loop of an event that is twice over its limit; False when it is as wide as it gets."""
    found = Event.objects.filter(pk=event, state__in=OPEN).first()
    if found is None:
        return False
    try:
        with transaction.atomic():
            return loops.raise_loop(found, "overdue", at=max(now, found.changed_at)) is not None
    except Refused:
        logger.exception("The loop of event %s could not be widened.", found.number)
        return False


def _handle(now: datetime, limit: int) -> Passed:
    """Marks of other clocks, each in a transaction of its own, so that one that fails holds up no other."""
    done = Passed()
    if not HANDLERS:
        return done
    waiting = Mark.objects.filter(fired_at=None, at__lte=now, clock__in=tuple(HANDLERS)).order_by("at")
    for pk, event_id in list(waiting.values_list("pk", "event_id")[:limit]):
        try:
            with transaction.atomic():
                # The event's row first, as every step does.
                event = Event.objects.select_for_update(skip_locked=True).filter(pk=event_id).first()
                mark = Mark.objects.filter(pk=pk, fired_at=None).first()
                if event is None or mark is None:
                    continue
                Mark.objects.filter(pk=pk).update(fired_at=now)
                HANDLERS[mark.clock](event, mark, now)
                done.handled += 1
        except Exception:
            logger.exception("The mark %d could not be handled; it is tried again in %s.", pk, LATER)
            Mark.objects.filter(pk=pk, fired_at=None).update(at=now + LATER)
    return done
