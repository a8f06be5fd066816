"""Merging and splitting of events (合并、拆分): the head goes on, signals stay with theirs, counts are summed."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from citybrain.centre.events import hooks, loops
from citybrain.centre.events.journal import Line, locked, mirror, write
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Event, Step, Task
from citybrain.centre.events.orders import Order
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.permitting import demanded
from citybrain.centre.events.refusals import Refused
from citybrain.centre.events.task_rows import TaskRows
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import reaches


def merge(
    event: Event, order: Order, actor: Actor, *, seen: int | None, client: str = "desk", at: datetime | None = None
) -> Step:
    """Merges `event` into `order.into`, which goes on; everybody who reported either is answered with that."""
    if order.into is None:
        raise Refused("form", _("Name the event that goes on."))
    with transaction.atomic():
        fresh, head = _both(event, order.into, seen)
        if not reaches(head, actor, VIEW):
            # Who cannot see the other event neither ends theirs with it nor adds to it.
            raise PermissionDenied(
                _("Your post may not do this with %(number)s (%(permission)s).")
                % {"number": head.number, "permission": VIEW.key}
            )
        now = demanded(fresh, _with(order, head), actor, at)
        at = max(at, fresh.changed_at, head.changed_at) if at else at
        rows = TaskRows(fresh, at or fresh.changed_at)
        rows.end([task for task in now.open_tasks if task.state in Task.OPEN])
        facts = {"merged_into": head.pk, "tasks": rows.facts} if rows.facts else {"merged_into": head.pk}
        line = Line(verb=Verb.MERGE, target=State.MERGED, facts=facts, text=order.text, client=client, at=at)
        step = write(fresh, line, actor)
        joined = {"signal_count": head.signal_count + fresh.signal_count, "from": fresh.pk, "added": fresh.signal_count}
        join = write(head, Line(verb=Verb.JOIN, facts=joined, client=client, at=step.at), actor)
        loops.follow(head, join)
        hooks.tell(fresh, step)
    mirror(fresh, event)
    mirror(head, order.into)
    return step


def unmerge(
    event: Event, order: Order, actor: Actor, *, seen: int | None, client: str = "desk", at: datetime | None = None
) -> Step:
    """Splits a merged event off again: it stands where it stood, and the head counts its own."""
    if event.merged_into is None:
        raise Refused("merge", _("It was not merged."))
    with transaction.atomic():
        fresh, head = _both(event, event.merged_into, seen)
        fresh.merged_into = head
        now = demanded(fresh, order, actor, at)
        merged = now.last(Verb.MERGE)
        assert merged is not None
        at = max(at, fresh.changed_at, head.changed_at) if at else at
        target = State(merged.source) if merged.source in (State.NEW, State.ACCEPTED) else State.ACCEPTED
        line = Line(
            verb=Verb.UNMERGE, target=target, facts={"merged_into": None}, text=order.text, client=client, at=at
        )
        step = write(fresh, line, actor)
        left = {"signal_count": max(head.signal_count - fresh.signal_count, 1), "from": fresh.pk}
        write(head, Line(verb=Verb.LEAVE, facts=left, client=client, at=step.at), actor)
        hooks.tell(fresh, step)
    mirror(fresh, event)
    return step


def head_of(event: Event) -> Event:
    """The event that goes on: itself, or what it was merged into, over any number of merges."""
    seen = {event.pk}
    while event.state == State.MERGED and event.merged_into is not None and event.merged_into_id not in seen:
        event = event.merged_into
        seen.add(event.pk)
    return event


def _both(event: Event, head: Event, seen: int | None) -> tuple[Event, Event]:
    """Both locked, always the older first: two merges at once never wait for each other."""
    if event.pk == head.pk:
        raise Refused("merge", _("An event cannot be merged into itself."), _("Choose another."))
    rows = {pk: locked(Event(pk=pk), seen if pk == event.pk else None) for pk in sorted((event.pk, head.pk))}
    return rows[event.pk], rows[head.pk]


def _with(order: Order, head: Event) -> Order:
    """The order with the head as it stands now."""
    return Order(verb=order.verb, into=head, text=order.text, reason=order.reason)
