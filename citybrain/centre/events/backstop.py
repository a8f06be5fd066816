"""The backstop (兜底): no event is without an owner longer than the county allows.

Whatever waits to be verified, dispatched or signed has a mark at the moment its time is over; escalation finds it by
the index of due times, and somebody by name takes it: undispatched, one of the command centre; unsigned, one of the
town it lies in (首接负责, 属地兜底). `waiting` is the proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from citybrain.centre.events.holders import able, load
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Event, Mark, Step
from citybrain.centre.events.permissions import DISPATCH, HANDLE
from citybrain.centre.events.policy import centre, policy
from citybrain.centre.events.queries import Among, is_open
from citybrain.declare.event import Level
from citybrain.declare.role import Permission
from citybrain.kernel.identity.calendar import OFFICE, calendar
from citybrain.kernel.identity.models import Appointment, Area, Organisation

CLOCK = "backstop"
"""Name of its marks among those of the clocks."""

WAITING = (State.NEW, State.ACCEPTED, State.DISPATCHED)
"""States in which an event waits for somebody to take it."""

BY_THE_CLOCK = (Level.RED, Level.ORANGE)
"""Levels whose minutes run day and night; the others' run while the body works."""


def follow(event: Event, step: Step) -> None:
    """Keeps the event's mark true after a step, in its transaction."""
    was, is_waiting = step.source in WAITING, step.target in WAITING
    if not (was or is_waiting):
        return
    moved = step.source != step.target or step.verb == Verb.TAKE or {"level", "organisation"} & step.facts.keys()
    if not moved:
        return
    if was:
        Mark.objects.filter(event=event, clock=CLOCK, fired_at=None).delete()
    if is_waiting and not is_owned(event, step):
        at = max(due(event), step.at)
        # A mark of the same moment that was carried out is set again.
        Mark.objects.bulk_create(
            [Mark(event=event, clock=CLOCK, percent=100, at=at)],
            update_conflicts=True,
            unique_fields=["event", "clock", "percent", "at"],
            update_fields=["fired_at"],
        )


def is_owned(event: Event, step: Step) -> bool:
    """Whether somebody by name has it: holds it, and of what was dispatched took it."""
    if event.owner_id is None:
        return False
    if event.state != State.DISPATCHED or step.verb == Verb.TAKE:
        return True
    return step.source == step.target and taken(event.pk, event.state_since).exists()


def due(event: Event) -> datetime:
    """When the time is over in which somebody should have taken the event."""
    minutes = policy().minutes(event.level)
    if event.level in BY_THE_CLOCK:
        return event.state_since + timedelta(minutes=minutes)
    known = calendar()
    schedule = event.organisation.schedule if event.organisation.schedule in known.schedules else OFFICE
    return known.add_working_seconds(event.state_since, minutes * 60, schedule)


@dataclass(frozen=True, kw_only=True)
class Taker:
    """Who takes an event that nobody took."""

    organisation: Organisation
    holding: Appointment | None
    """The person with their post; None where the body has nobody who may."""


def taker_of(event: Event) -> Taker:
    """Who takes it: dispatching is the centre's; what was dispatched and not signed, the town's it lies in."""
    candidates: list[Organisation] = []
    if event.state == State.DISPATCHED and (town := town_of(event.area)) is not None:
        candidates.append(town)
    candidates.append(centre())
    permission = HANDLE if event.state == State.DISPATCHED else DISPATCH
    # The body that let it lie is not its own backstop, unless there is no other.
    others = [body for body in candidates if body.pk != event.organisation_id] or candidates
    for body in (*others, *candidates):
        if (holding := least_busy(body, permission)) is not None:
            return Taker(organisation=body, holding=holding)
    return Taker(organisation=centre(), holding=None)


def town_of(area: Area | None) -> Organisation | None:
    """The town, subdistrict or zone that governs the area an event lies in."""
    if area is None:
        return None
    bodies = Organisation.objects.filter(kind__in=Organisation.AREAS, is_active=True, area__key__in=area.way)
    return bodies.order_by("position", "pk").first()


def least_busy(body: Organisation, permission: Permission) -> Appointment | None:
    """Of the people in a body whose post permits something, the one who holds the fewest open events and tasks."""
    found = able(body, permission)
    many = load(one.user_id for one in found)
    return min(found, key=lambda one: (many[one.user_id], one.pk), default=None)


# --------------------------------------------------------------------------- the proof


@dataclass(frozen=True, kw_only=True)
class Proof:
    """That every open event has an owner, or will have one within its minutes."""

    owned: int
    """Open events that somebody has."""
    in_time: int
    """Open events that wait, within their minutes."""
    late: int
    """Open events whose minutes are over: must be 0 but for the moment until the next pass."""
    oldest: datetime | None
    """When the minutes of the first late one were over."""
    lost: int
    """Open events that wait and have no mark: must be 0 always; `citybrain events check` names them."""

    @property
    def holds(self) -> bool:
        """Whether no event is unowned longer than it may be."""
        return self.late == 0 and self.lost == 0


def waiting(rows: QuerySet[Event]) -> QuerySet[Event]:
    """Of some events those that wait for somebody to take them."""
    states = Q(Among("state", tuple(state.value for state in WAITING)))
    unsigned = Q(state=State.DISPATCHED) & ~Exists(taken(OuterRef("pk"), OuterRef("state_since")))
    return rows.filter(is_open(), states).filter(Q(owner=None) | unsigned)


def taken(event: int | OuterRef, since: datetime | OuterRef) -> QuerySet[Step]:
    """Steps by which somebody took an event since it was dispatched."""
    return Step.objects.filter(event=event, verb=Verb.TAKE, at__gte=since).order_by()


def without_mark(rows: QuerySet[Event]) -> QuerySet[Event]:
    """Of some events those that wait and that nothing would find."""
    marks = Mark.objects.filter(event=OuterRef("pk"), clock=CLOCK, fired_at=None)
    return waiting(rows).exclude(Exists(marks))


def proof(rows: QuerySet[Event] | None = None, now: datetime | None = None) -> Proof:
    """Counts the open events by whether somebody has them; of `rows`, or of all."""
    moment = now or timezone.now()
    rows = Event.objects.all() if rows is None else rows
    opened = rows.filter(is_open()).order_by().count()
    waits = waiting(rows).order_by().count()
    late = Mark.objects.filter(clock=CLOCK, fired_at=None, at__lt=moment, event__in=rows.order_by().values("pk"))
    oldest = late.order_by("at").values_list("at", flat=True).first()
    count = late.order_by().count()
    lost = without_mark(rows).order_by().count()
    return Proof(owned=opened - waits, in_time=waits - count - lost, late=count, oldest=oldest, lost=lost)
