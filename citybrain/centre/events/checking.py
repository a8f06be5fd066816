"""Holds events against their journals: chain, numbers, legal transitions, and that the journal adds up to the row.

Each finding is one sentence that names the event and the step. `citybrain events check` prints them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import QuerySet

from citybrain.centre.events import backstop, journal
from citybrain.centre.events.folding import TASK_COLUMNS, fold, fold_tasks
from citybrain.centre.events.machine import BY_VERB, OWN_STEPS, TASK_STEPS, State, Verb
from citybrain.centre.events.models import Event, Step, Task

BATCH = 500


def check(event: Event) -> list[str]:
    """What is wrong with one event; empty when everything holds."""
    steps = list(event.journal.order_by("number"))
    tasks = list(event.tasks.order_by("pk"))
    return [f"{event.number}: {finding}" for finding in _findings(event, steps, tasks)]


def check_all(rows: QuerySet[Event] | None = None) -> Iterator[str]:
    """What is wrong with any event, the oldest first; a finding as soon as it is found."""
    rows = (Event.objects.all() if rows is None else rows).order_by("pk")
    last = 0
    while page := list(rows.filter(pk__gt=last)[:BATCH]):
        last = page[-1].pk
        ids = [event.pk for event in page]
        steps: dict[int, list[Step]] = {}
        for step in Step.objects.filter(event__in=ids).order_by("event_id", "number"):
            steps.setdefault(step.event_id, []).append(step)
        tasks: dict[int, list[Task]] = {}
        for task in Task.objects.filter(event__in=ids).order_by("pk"):
            tasks.setdefault(task.event_id, []).append(task)
        for event in page:
            for finding in _findings(event, steps.get(event.pk, []), tasks.get(event.pk, [])):
                yield f"{event.number}: {finding}"
    for event in backstop.without_mark(Event.objects.all()).order_by("pk")[:BATCH]:
        yield f"{event.number}: it waits for an owner and has no mark of the backstop."


def _findings(event: Event, steps: list[Step], tasks: list[Task]) -> Iterator[str]:
    yield from _chain(event, steps)
    yield from _transitions(steps)
    if steps:
        yield from _row(event, steps)
        yield from _tasks(steps, tasks)


def _chain(event: Event, steps: list[Step]) -> Iterator[str]:
    """Numbers without a gap, times that never go back, and every line's hash over the one before."""
    if not steps:
        yield "it has no journal."
        return
    previous = ""
    for place, step in enumerate(steps, 1):
        if step.number != place:
            yield f"step {place} is missing: the next is number {step.number}."
            return
        if step.previous != previous:
            yield f"step {place} does not follow the one before: its hash of that is {step.previous[:12] or 'empty'}…."
        if journal.digest_of(step, event.number) != step.hash:
            yield f"step {place} ({step.verb}) was changed: its content has another hash."
        if place > 1 and step.at < steps[place - 2].at:
            yield f"step {place} lies before step {place - 1} in time."
        previous = step.hash
    if event.steps != len(steps):
        yield f"the row says {event.steps} steps, the journal has {len(steps)}."
    if event.head != previous:
        yield "the row's head is not the hash of the last step."


def _transitions(steps: list[Step]) -> Iterator[str]:
    """Each step leads from the state before, by a transition of the table."""
    state = ""
    for place, step in enumerate(steps, 1):
        if step.source != state:
            yield f"step {place} ({step.verb}) begins at {step.source or 'nothing'}, the state was {state or 'none'}."
        if not is_legal(step):
            yield f"step {place} ({step.verb}) leads from {step.source or 'nothing'} to {step.target}: not legal."
        state = step.target


def is_legal(step: Step) -> bool:
    """Whether the table of transitions has such a step."""
    if step.verb == Verb.OPEN:
        return step.source == "" and step.target == State.NEW
    if step.source not in State.values:
        return False
    if step.verb in (*OWN_STEPS, *TASK_STEPS):
        return step.source == step.target
    transition = BY_VERB.get(Verb(step.verb)) if step.verb in tuple(Verb) else None
    if transition is None or step.source not in transition.sources:
        return False
    return step.target in (transition.target or step.source, *transition.also_to)


def _row(event: Event, steps: list[Step]) -> Iterator[str]:
    """The journal adds up to the row."""
    for name, value in fold(steps).items():
        column = Event._meta.get_field(name)
        kept = getattr(event, column.attname)  # type: ignore[union-attr]
        if not _same(column, kept, value):
            yield f"the row says {name} = {journal.plain(kept)!r}, the journal {journal.plain(value)!r}."


def _tasks(steps: list[Step], tasks: list[Task]) -> Iterator[str]:
    """The journal adds up to the tasks."""
    folded = fold_tasks(steps)
    for task in tasks:
        known = folded.pop(task.pk, None)
        if known is None:
            yield f"task {task.pk} is not in the journal."
            continue
        for name in TASK_COLUMNS:
            column = Task._meta.get_field(name)
            kept = getattr(task, column.attname)  # type: ignore[union-attr]
            if not _same(column, kept, known.get(name)):
                yield f"task {task.pk} says {name} = {journal.plain(kept)!r}, the journal {known.get(name)!r}."
    for pk in folded:
        yield f"the journal names task {pk}, which does not exist."


def _same(column: Any, kept: Any, folded: Any) -> bool:
    if isinstance(column, models.ForeignKey | models.JSONField):
        return journal.plain(kept) == journal.plain(folded)
    return kept == column.to_python(folded)
