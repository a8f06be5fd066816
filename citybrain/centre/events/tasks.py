"""Verbs on tasks (派遣单): ask, sign, send back, finish, call off, assign; each is a step of its event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.centre.events import deadlines, hooks, notices, pictures
from citybrain.centre.events.guards import against_holder
from citybrain.centre.events.holders import holding
from citybrain.centre.events.journal import Line, locked, mirror, write
from citybrain.centre.events.machine import OPEN, Verb
from citybrain.centre.events.media import described
from citybrain.centre.events.models import Event, Step, Task
from citybrain.centre.events.orders import Media, Order, clean
from citybrain.centre.events.permissions import DISPATCH, HANDLE
from citybrain.centre.events.permitting import CASE, LEAD, demanded, may_assign
from citybrain.centre.events.refusals import NotLegal, Refused
from citybrain.centre.events.situation import Situation
from citybrain.centre.events.task_rows import TaskRows
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.scope import Scope, reaches

BODY = Scope(organisation="organisation", person="owner")
"""Those whose task it is."""


def ask_task(
    event: Event, order: Order, actor: Actor, *, seen: int | None, client: str = "desk", at: datetime | None = None
) -> Step:
    """Asks a body for help with an event (协办); `order.parent` makes it part of the asker's own task.

    Raises what `act` raises. The new task is `step.task`.
    """
    order = order.cleaned()
    with transaction.atomic():
        fresh = locked(event, seen)
        now = demanded(fresh, order, actor, at)
        parent = _parent(now, order, actor)
        assert order.organisation is not None
        rows = TaskRows(fresh, at or max(timezone.now(), fresh.changed_at))
        task = rows.ask(
            role=Task.Role.ASSIST,
            organisation=order.organisation,
            owner=order.person,
            parent=parent,
            is_mandatory=order.is_mandatory,
            asked=order.text,
            asked_by_id=actor.user_id,
            due_at=order.until or deadlines.task_due_at(fresh),
        )
        line = Line(
            verb=Verb.ASK_TASK,
            facts={"tasks": rows.facts},
            text=order.text,
            task=task,
            media=described(fresh, order.media),
            client=client,
            at=at or rows.at,
        )
        step = write(fresh, line, actor)
        notices.task_asked(fresh, step, order.organisation, order.person)
        hooks.tell(fresh, step)
    mirror(fresh, event)
    return step


def _parent(now: Situation, order: Order, actor: Actor) -> Task | None:
    """The task a new one is part of: what the order names, else the asker's own when they only assist."""
    parent = order.parent
    if parent is None and not reaches(now.event, actor, HANDLE, scope=LEAD):
        helping = [task for task in now.open_tasks if task.role != Task.Role.INFORM]
        mine = [task for task in helping if is_part_of(task, actor)]
        parent = mine[0] if mine else None
        if parent is None and not reaches(now.event, actor, HANDLE, scope=CASE):
            # Whose part is over, or who only gets to know, makes the leading body wait for nothing.
            raise Refused("depth", _("That task is over."), _("Ask the leading body to ask for it."))
    if parent is None:
        return None
    if parent.event_id != now.event.pk:
        raise Refused("depth", _("That task belongs to another event."))
    if parent.parent_id is not None:
        raise Refused("depth", _("A task of a task has no tasks."), _("Ask the leading body to ask for it."))
    if parent.state not in Task.OPEN:
        raise Refused("depth", _("That task is over."), _("Ask for a task of the event itself."))
    return parent


def is_part_of(task: Task, actor: Actor) -> bool:
    """Whether a task is one of the person's bodies, or their own: assigned to them by a body above."""
    return task.organisation_id in actor.organisations or task.owner_id in actor.people


def sign_task(
    task: Task, actor: Actor, *, seen: int | None = None, client: str = "desk", at: datetime | None = None
) -> Step:
    """Somebody of the asked body takes the task; what was sent for information is done with that."""

    def signed(fresh: Task, rows: TaskRows) -> None:
        if fresh.role == Task.Role.INFORM:
            rows.change(fresh, state=Task.State.DONE, signed_at=rows.at, ended_at=rows.at, owner_id=actor.user_id)
        else:
            rows.change(fresh, state=Task.State.DOING, signed_at=rows.at, owner_id=actor.user_id, post_id=actor.post_id)

    return _step(task, actor, Verb.SIGN_TASK, (Task.State.WAITING,), signed, seen=seen, client=client, at=at)


def return_task(
    task: Task, actor: Actor, text: str, *, seen: int | None = None, client: str = "desk", at: datetime | None = None
) -> Step:
    """The asked body says that it is not theirs, and why."""
    text = clean(text)
    if not text:
        raise Refused("form", _("Say why in words."))

    def returned(fresh: Task, rows: TaskRows) -> None:
        rows.end([child for child in _children(fresh) if child.state in Task.OPEN])
        rows.change(fresh, state=Task.State.RETURNED, ended_at=rows.at, result=text)

    return _step(task, actor, Verb.RETURN_TASK, Task.OPEN, returned, text=text, seen=seen, client=client, at=at)


def finish_task(
    task: Task,
    actor: Actor,
    text: str,
    *,
    media: tuple[Media, ...] = (),
    again: str = "",
    seen: int | None = None,
    client: str = "desk",
    at: datetime | None = None,
) -> Step:
    """The asked body says what it did. Refused while mandatory parts of it are open.

    `again` says why a picture that serves for another event serves here too.
    """
    text = clean(text)

    def finished(fresh: Task, rows: TaskRows) -> None:
        waiting = [child for child in _children(fresh) if child.state in Task.OPEN]
        if any(child.is_mandatory for child in waiting):
            names = ", ".join(str(child.organisation) for child in waiting if child.is_mandatory)
            raise Refused("tasks", _("Tasks are not done yet: %s.") % names, _("Wait for them, or call them off."))
        rows.end(waiting)
        rows.change(fresh, state=Task.State.DONE, ended_at=rows.at, result=text)

    return _step(
        task, actor, Verb.FINISH_TASK, (Task.State.DOING,), finished, text=text, media=media, again=clean(again),
        seen=seen, client=client, at=at,
    )  # fmt: skip


def cancel_task(
    task: Task, actor: Actor, text: str, *, seen: int | None = None, client: str = "desk", at: datetime | None = None
) -> Step:
    """Who leads, or who asked, calls a task off."""
    text = clean(text)
    if not text:
        raise Refused("form", _("Say why in words."))

    def cancelled(fresh: Task, rows: TaskRows) -> None:
        rows.end([*(child for child in _children(fresh) if child.state in Task.OPEN), fresh])

    return _step(task, actor, Verb.CANCEL_TASK, Task.OPEN, cancelled, text=text, seen=seen, client=client, at=at)


def assign_task(
    task: Task,
    person: User,
    actor: Actor,
    text: str = "",
    *,
    seen: int | None = None,
    client: str = "desk",
    at: datetime | None = None,
) -> Step:
    """Gives a task to somebody of the asked body (指派); words say why when it is taken from somebody."""
    text = clean(text)

    def assigned(fresh: Task, rows: TaskRows) -> dict[str, Any]:
        if (refusal := against_holder(fresh, person, text)) is not None:
            raise refusal
        held = holding(fresh.organisation, person)
        assert held is not None
        former = fresh.owner_id
        rows.change(fresh, owner_id=held.user_id, post_id=held.post_id)
        return {"former": former}

    with transaction.atomic():
        step = _step(
            task, actor, Verb.ASSIGN_TASK, Task.OPEN, assigned, text=text, seen=seen, client=client, at=at
        )  # fmt: skip
        notices.assigned(step.event, step, task.organisation, person)
    return step


def _children(task: Task) -> list[Task]:
    return list(task.children.select_related("organisation").order_by("pk"))


def _step(
    task: Task,
    actor: Actor,
    verb: Verb,
    states: tuple[str, ...],
    change: Callable[[Task, TaskRows], dict[str, Any] | None],
    *,
    text: str = "",
    media: tuple[Media, ...] = (),
    again: str = "",
    seen: int | None,
    client: str,
    at: datetime | None,
) -> Step:
    with transaction.atomic():
        event = locked(task.event, seen)
        fresh = Task.objects.select_related("organisation").get(pk=task.pk)
        fresh.event = event
        _demand(fresh, actor, verb)
        if event.state not in OPEN or fresh.state not in states:
            raise NotLegal(verb, fresh.state)
        if fresh.role == Task.Role.LEAD:
            raise Refused("lead", _("This is the leading body's own part."), _("Do it with the event itself."))
        rows = TaskRows(event, at or max(timezone.now(), event.changed_at))
        facts = change(fresh, rows) or {}
        facts["tasks"] = rows.facts
        if (refusal := pictures.against(event, media, again)) is not None:
            raise refusal
        facts |= pictures.facts_of(event, media, again, fresh.asked_at)
        line = Line(
            verb=verb,
            facts=facts,
            text=text,
            task=fresh,
            media=described(event, media),
            client=client,
            at=at or rows.at,
        )
        step = write(event, line, actor)
        hooks.tell(event, step)
    for column in Task._meta.concrete_fields:
        setattr(task, column.attname, getattr(fresh, column.attname))
    mirror(event, task.event)
    return step


def _demand(task: Task, actor: Actor, verb: Verb) -> None:
    """Tasks are handled and assigned by the body asked; called off by whoever leads, dispatches, or asked."""
    if verb is Verb.CANCEL_TASK:
        is_asker = actor.user_id is not None and task.asked_by_id in actor.people
        if (
            is_asker
            or reaches(task.event, actor, HANDLE, scope=LEAD)
            or reaches(task.event, actor, DISPATCH, scope=CASE)
        ):
            return
    elif may_assign(task, actor) if verb is Verb.ASSIGN_TASK else reaches(task, actor, HANDLE, scope=BODY):
        return
    raise PermissionDenied(_("This task is not yours."))
