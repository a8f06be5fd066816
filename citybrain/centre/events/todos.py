"""What of the events waits for a person: to sign, to handle, to check, and tasks others asked of their body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citybrain.centre.events.holders import gone
from citybrain.centre.events.machine import State
from citybrain.centre.events.models import Event, Task
from citybrain.centre.events.pages.parts import Names, url_of
from citybrain.centre.events.permissions import ASSIGN, CHECK, HANDLE, VIEW
from citybrain.centre.events.permitting import CASE, LEAD
from citybrain.centre.events.queries import is_open, is_task_open
from citybrain.centre.events.queues import HELD
from citybrain.centre.events.tasks import BODY
from citybrain.declare.event import Level
from citybrain.declare.role import Permission
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Scope, scoped
from citybrain.ui.panels.panel import Text
from citybrain.ui.todo import Todo

GRAVE = (Level.ORANGE, Level.RED)


class _Events:
    """Events of some state that the person may do the next thing with."""

    key: str
    title: Text
    icon: str
    permission: Permission
    scope: Scope
    states: tuple[State, ...]

    def rows(self, actor: Actor) -> QuerySet[Event]:
        """Those events."""
        rows = Event.objects.filter(is_open(), state__in=self.states)
        return scoped(rows, actor, self.permission, scope=self.scope)

    def waiting(self, actor: Actor, limit: int) -> Sequence[Todo]:
        """The nearest deadline first."""
        if not actor.may(self.permission):
            return ()
        names = Names()
        rows = self.rows(actor).order_by(F("due_at").asc(nulls_last=True), "pk")[:limit]
        return [todo(event, names) for event in rows]

    def count(self, actor: Actor) -> int:
        """How many wait."""
        return self.rows(actor).count() if actor.may(self.permission) else 0


def todo(event: Event, names: Names) -> Todo:
    """One event."""
    is_late = event.due_at is not None and event.due_at < timezone.now()
    return Todo(
        title=event.title,
        url=url_of(event),
        phone_url=reverse("phone-task", args=(event.number,)),
        since=event.state_since,
        due=event.due_at,
        under=" · ".join(filter(None, (event.number, names.town(event.area_id), event.address))),
        tone="bad" if is_late or event.level in GRAVE else "data",
    )


class ToSign(_Events):
    """Events dispatched to the person's body that nobody signed; what was assigned waits for that person alone."""

    key = "events-to-sign"
    title = _("Events to sign")
    icon = "pencil"
    permission, scope, states = HANDLE, LEAD, (State.DISPATCHED,)

    def rows(self, actor: Actor) -> QuerySet[Event]:
        """Without what waits for a colleague."""
        return super().rows(actor).filter(Q(owner=None) | Q(owner__in=actor.people) | gone())


class ToHandle(_Events):
    """Events in the person's own hands."""

    key = "events-to-handle"
    title = _("Events to handle")
    icon = "hourglass"
    permission, scope, states = HANDLE, Scope(person="owner"), (State.IN_PROGRESS, State.PAUSED)

    def rows(self, actor: Actor) -> QuerySet[Event]:
        """Only the person's own, however far their permission reaches."""
        return super().rows(actor).filter(owner__in=actor.people)


class ToCheck(_Events):
    """Events reported done by others that the person may check."""

    key = "events-to-check"
    title = _("Events to check")
    icon = "checks"
    permission, scope, states = CHECK, CASE, (State.REPORTED_DONE,)

    def rows(self, actor: Actor) -> QuerySet[Event]:
        """Without what the person handled themself."""
        return super().rows(actor).exclude(owner__in=actor.people)


class HolderGone(_Events):
    """Events of the person's body whose holder left: somebody else must get them."""

    key = "events-holder-gone"
    title = _("Events whose holder is gone")
    icon = "user"
    permission, scope, states = ASSIGN, LEAD, HELD

    def rows(self, actor: Actor) -> QuerySet[Event]:
        """Only those of the person's own body, however far their permission reaches."""
        return super().rows(actor).filter(gone(), organisation__in=tuple(actor.organisations))


class ToHelp:
    """Tasks that others asked of the person's body; a colleague's only when that colleague left."""

    key = "events-tasks"
    title: Text = _("Tasks asked of us")
    icon = "users"

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """Those tasks; the lead's is the event itself."""
        rows = Task.objects.filter(is_task_open()).exclude(role=Task.Role.LEAD)
        ours = Q(organisation__in=tuple(actor.organisations)) & (Q(owner=None) | gone())
        return scoped(rows, actor, HANDLE, scope=BODY).filter(ours | Q(owner__in=actor.people))

    def waiting(self, actor: Actor, limit: int) -> Sequence[Todo]:
        """The nearest deadline first."""
        if not actor.may(HANDLE) or not actor.may(VIEW):
            return ()
        rows = self.rows(actor).select_related("event").order_by(F("due_at").asc(nulls_last=True), "pk")[:limit]
        return [
            Todo(
                title=task.asked or task.event.title,
                url=f"{url_of(task.event)}?tab=tasks",
                phone_url=reverse("phone-task", args=(task.event.number,)),
                since=task.asked_at,
                due=task.due_at,
                under=f"{task.event.number} · {task.event.title}",
            )
            for task in rows
        ]

    def count(self, actor: Actor) -> int:
        """How many wait."""
        return self.rows(actor).count() if actor.may(HANDLE) else 0


TODOS = (ToSign(), ToHandle(), ToCheck(), ToHelp(), HolderGone())
"""What `citybrain.site.urls` installs."""
