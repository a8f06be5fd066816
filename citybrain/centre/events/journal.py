"""The one writer of an event: compares, adds a line to the journal, moves the columns, and leaves evidence.

    with transaction.atomic():
        event = locked(event, seen)
        step = write(event, Line(verb=Verb.SIGN, target=State.IN_PROGRESS, facts={"owner": 7}), actor)

Everything happens in the caller's transaction: the line, the columns, the ledger's leaf, the due times, the search
entry and the announcement stand or fall together.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.centre.events import backstop, deadlines, folding, pauses, pictures
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Event, Step, Task
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.private import hidden, hidden_facts
from citybrain.centre.events.refusals import Refused, Stale
from citybrain.hubs.evidence.actions import Leaf, append
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import holders_of, owners_of
from citybrain.kernel.live.actions import announce
from citybrain.kernel.live.audience import to_holders
from citybrain.kernel.records.search import index
from citybrain.kernel.records.shape import shape_of

LOG = "events"
"""The ledger's log, and the topic pages hear of."""

FOUND_BY = frozenset({"title", "description", "address", "organisation", "area", "asset_number"})
"""Columns the search index holds."""

AHEAD = timedelta(minutes=5)
"""How far in the future a step may lie: clocks of phones differ."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line to be written."""

    verb: Verb
    target: str = ""
    """State after; empty leaves it."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Columns with their new values as JSON, and what else is to be known of the step."""
    reason: str = ""
    text: str = ""
    task: Task | None = None
    media: Sequence[Mapping[str, Any]] = ()
    client: str = "desk"
    at: datetime | None = None
    """When; None for now. Only imports and stories give it."""


def locked(event: Event, seen: int | None = None) -> Event:
    """The event as the database has it, locked until the transaction ends.

    `seen` is how many steps it had when it was looked at; Stale names those made since. None takes it as it stands.
    """
    # SQLite's transactions begin with the write lock; PostgreSQL locks the row here.
    fresh = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if seen is not None and fresh.steps != seen:
        raise Stale(fresh, since(fresh, seen))
    return fresh


def mirror(fresh: Event, event: Event) -> None:
    """`event`, which a caller holds, says what the row of `fresh` says."""
    for column in Event._meta.concrete_fields:
        setattr(event, column.attname, getattr(fresh, column.attname))


def since(event: Event, seen: int) -> list[Step]:
    """Steps after the first `seen`."""
    return list(event.journal.filter(number__gt=seen).select_related("user", "post", "organisation"))


def write(event: Event, line: Line, actor: Actor) -> Step:
    """Adds a line to an event that is locked, and moves its columns; `event` holds the new values afterwards."""
    at = _moment(event, line.at)
    target = line.target or event.state
    # Verbs mask what people write; here nothing goes by that one of them forgot.
    facts = plain(hidden_facts(line.facts))
    # A deputy's step counts for whom they stand in for too: who handled something does not verify it.
    if actor.principal_id is not None:
        facts["for_user"] = actor.principal_id
    step = Step(
        event=event,
        number=event.steps + 1,
        at=at,
        verb=line.verb,
        source=event.state if event.steps else "",
        target=target,
        user_id=actor.user_id,
        post_id=actor.post_id,
        organisation_id=actor.organisation_id,
        on_behalf_of=actor.on_behalf_of,
        client="house" if actor.kind == "system" and line.client == "desk" else line.client,
        reason=line.reason,
        text=hidden(line.text).text,
        facts=facts,
        task=line.task,
        media=[plain(dict(one)) for one in line.media],
        previous=event.head,
    )
    step.hash = digest_of(step, event.number)
    before = owners_of(event)
    _move(event, step)
    step.save(force_insert=True)
    pictures.remember(event, step)
    backstop.follow(event, step)
    pauses.follow(event, step)
    append(LOG, [Leaf(kind="event-step", reference=reference_of(step, event.number), digest=step.hash)])
    if step.number == 1 or FOUND_BY & facts.keys():
        index(shape_of(Event), [event])
    # Who held it until now hears too: the row leaves their desk. What was done, the page asks for.
    announce(
        LOG,
        {"key": event.number, "version": step.number},
        audience=to_holders(before | holders_of(event), VIEW),
    )
    return step


def reference_of(step: Step, number: str) -> str:
    """How the ledger calls a step: number of the event and of the step."""
    return f"{number}/{step.number}"


def _moment(event: Event, asked: datetime | None) -> datetime:
    """When a step happens: never before the last one, whatever the machine's clock says."""
    now = timezone.now()
    if not event.steps:
        return asked or now
    if asked is not None and asked > now + AHEAD:
        raise Refused("time", _("A step cannot lie in the future."))
    if asked is not None and asked < event.changed_at:
        raise Refused(
            "time", _("A step cannot lie before the last one."), _("Look at the process and correct the time.")
        )
    return max(asked or now, event.changed_at)


def _move(event: Event, step: Step) -> None:
    """Gives the row what the step says, if it still has the steps it was looked at with."""
    columns = folding.columns_of(step)
    names = {_attribute(name): _value(name, value) for name, value in columns.items()}
    names |= {"steps": step.number, "head": step.hash, "changed_at": step.at, "revision": step.number}
    if "place" in columns:
        x, y = folding.point_of(columns["place"])
        names |= {"place_x": x, "place_y": y}
    for name, value in names.items():
        setattr(event, name, value)
    names |= deadlines.follow(event, step)
    if not Event.objects.filter(pk=event.pk, steps=step.number - 1).update(**names):
        fresh = Event.objects.get(pk=event.pk)
        raise Stale(fresh, since(fresh, step.number - 1))


def _attribute(name: str) -> str:
    """Attribute of the model that holds a column."""
    return Event._meta.get_field(name).attname  # type: ignore[union-attr]


def _value(name: str, value: Any) -> Any:
    """A JSON value as the column takes it."""
    column = Event._meta.get_field(name)
    return value if isinstance(column, models.ForeignKey | models.JSONField) else column.to_python(value)  # type: ignore[union-attr]


# --------------------------------------------------------------------------- the hash


def canonical(step: Step, number: str) -> bytes:
    """The line as it is hashed: JSON in UTF-8, keys sorted, no blanks; whole numbers without a fraction."""
    line = {
        "event": number,
        "number": step.number,
        "at": moment_text(step.at),
        "verb": str(step.verb),
        "source": str(step.source),
        "target": str(step.target),
        "user": step.user_id,
        "post": step.post_id,
        "organisation": step.organisation_id,
        "on_behalf_of": step.on_behalf_of,
        "client": step.client,
        "reason": step.reason,
        "text": step.text,
        "facts": plain(step.facts),
        "task": step.task_id,
        "media": plain(step.media),
        "previous": step.previous,
    }
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest_of(step: Step, number: str) -> str:
    """SHA-256 of the line of the event with `number`, hexadecimal."""
    return hashlib.sha256(canonical(step, number)).hexdigest()


def moment_text(at: datetime) -> str:
    """A moment in UTC with microseconds: one spelling."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: Any) -> Any:
    """A value as both databases give it back: moments as text, sets and tuples as lists, 120.0 as 120."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("A journal holds no infinite numbers.")
        return int(value) if value.is_integer() else value
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, models.Model):
        return value.pk
    return str(value)
