"""What waits for somebody in the field: to sign, to do, to check, the most pressing first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

from citybrain.centre.events.machine import State
from citybrain.centre.events.models import Event, Task
from citybrain.centre.events.permissions import CHECK, HANDLE
from citybrain.centre.events.permitting import CASE, LEAD
from citybrain.centre.events.queries import is_open, is_task_open
from citybrain.centre.events.tasks import BODY
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped

SHOWN = 60
"""Cases of one tab."""

DOING = (State.IN_PROGRESS, State.PAUSED)
HELD = (State.DISPATCHED, *DOING)
"""States in which somebody of the body has it to do."""

M = TypeVar("M", bound=Model)
METRES_A_DEGREE = 111_320


@dataclass(frozen=True, kw_only=True)
class Job:
    """One case that waits for the person, and the task of it when their body only helps."""

    event: Event
    task: Task | None = None
    metres: float | None = None
    """How far it is from where the person stands."""

    @property
    def due_at(self) -> datetime | None:
        """By when it is to be done."""
        return (self.task.due_at if self.task else None) or self.event.due_at

    @property
    def is_late(self) -> bool:
        """Whether that is past."""
        return self.due_at is not None and self.due_at < timezone.now()


def leading(actor: Actor, *states: State) -> QuerySet[Event]:
    """Cases that the person's body has, in some states."""
    if not actor.may(HANDLE):
        return Event.objects.none()
    return scoped(Event.objects.filter(is_open(), state__in=states, removed_at=None), actor, HANDLE, scope=LEAD)


def helping(actor: Actor, *states: Task.State) -> QuerySet[Task]:
    """Tasks of other bodies' cases that the person's body was asked for."""
    if not actor.may(HANDLE):
        return Task.objects.none()
    rows = scoped(Task.objects.filter(is_task_open(), state__in=states), actor, HANDLE, scope=BODY)
    return rows.exclude(role=Task.Role.LEAD).select_related("event__organisation", "event__area", "owner")


def checking(actor: Actor) -> QuerySet[Event]:
    """Cases reported done that the person may check."""
    if not actor.may(CHECK):
        return Event.objects.none()
    rows = Event.objects.filter(is_open(), state=State.REPORTED_DONE, removed_at=None)
    return scoped(rows, actor, CHECK, scope=CASE)


def own(rows: QuerySet[M], actor: Actor) -> QuerySet[M]:
    """Of some cases or tasks those that the person holds themself."""
    return rows.filter(owner__in=actor.people)


def counts(actor: Actor) -> dict[str, int]:
    """How many wait in each tab: what they hold themself, then what waits for their body, theirs among it."""
    return {
        "mine": own(leading(actor, *HELD), actor).count() + own(helping(actor, *Task.OPEN), actor).count(),
        "sign": leading(actor, State.DISPATCHED).count() + helping(actor, Task.State.WAITING).count(),
        "doing": leading(actor, *DOING).count() + helping(actor, Task.State.DOING).count(),
        "check": checking(actor).count(),
    }


def jobs(actor: Actor, tab: str, here: tuple[float, float] | None = None) -> list[Job]:
    """What waits in a tab: the first due first, or, from where the person stands (degrees), the nearest first."""
    if tab == "check":
        rows, tasks = checking(actor), Task.objects.none()
    elif tab == "doing":
        rows, tasks = leading(actor, *DOING), helping(actor, Task.State.DOING)
    elif tab == "mine":
        rows, tasks = own(leading(actor, *HELD), actor), own(helping(actor, *Task.OPEN), actor)
    else:
        rows, tasks = leading(actor, State.DISPATCHED), helping(actor, Task.State.WAITING)
    events = rows.select_related("organisation", "area", "owner").order_by("due_at", "pk")[:SHOWN]
    found = [Job(event=event, metres=distance(event, here)) for event in events]
    found += [
        Job(event=task.event, task=task, metres=distance(task.event, here)) for task in tasks.order_by("pk")[:SHOWN]
    ]
    if here is not None:
        return sorted(found, key=lambda job: (job.metres is None, job.metres))
    last = timezone.now() + timedelta(days=36_500)
    return sorted(found, key=lambda job: job.due_at or last)


def distance(event: Event, here: tuple[float, float] | None) -> float | None:
    """Metres between a case and a point; None when either is unknown."""
    if here is None or event.place_x is None or event.place_y is None:
        return None
    east = (event.place_x - here[0]) * math.cos(math.radians(here[1]))
    return math.hypot(east, event.place_y - here[1]) * METRES_A_DEGREE
