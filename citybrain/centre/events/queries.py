"""Questions about events: which are open, whose, and what is known of one."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet

from citybrain.centre.events.machine import OPEN
from citybrain.centre.events.models import Event, Task
from citybrain.centre.events.permissions import VIEW
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped, scoped_one


class Among(models.Func):
    """Whether a column holds one of some words, written into the statement word for word.

    SQLite takes an index with a condition only for a query that says the very condition, without parameters; so the
    condition of the model's indexes is asked by this.
    """

    template = "%(expressions)s IN (%(words)s)"
    output_field = models.BooleanField()
    conditional = True

    def __init__(self, column: str, words: tuple[str, ...]) -> None:
        if any("'" in word or "%" in word for word in words):
            raise ValueError(f"{words} cannot be written into a statement.")
        super().__init__(F(column), words=", ".join(f"'{word}'" for word in words))


class Positive(models.Func):
    """Whether a number is above zero, word for word; see `Among`."""

    template = "%(expressions)s > 0"
    output_field = models.BooleanField()
    conditional = True


def is_open(path: str = "") -> Q:
    """The condition that an event is open; `path` leads to it from another model (`event__`)."""
    return Q(Among(f"{path}state", tuple(state.value for state in OPEN)))


def is_task_open(path: str = "") -> Q:
    """The condition that a task is open."""
    return Q(Among(f"{path}state", tuple(state.value for state in Task.OPEN)))


def events(actor: Actor, *, in_passing: bool = False) -> QuerySet[Event]:
    """Every event the person may see; `in_passing` for a page of very many (`scoped`)."""
    return scoped(Event.objects.all(), actor, VIEW, in_passing=in_passing)


def open_events(actor: Actor) -> QuerySet[Event]:
    """The open events the person may see."""
    return events(actor).filter(is_open())


def event_of(actor: Actor, number: str) -> Event:
    """The event with `number`, if the person may see it. Raises Event.DoesNotExist otherwise."""
    linked = ("organisation", "area", "owner", "post", "proposed", "merged_into")
    rows: QuerySet[Any] = Event.objects.select_related(*linked)
    return scoped_one(rows, actor, VIEW, number=number)
