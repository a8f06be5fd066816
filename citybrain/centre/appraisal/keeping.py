"""Keeps the facts: folds the events that changed since the last time; all of them anew when asked.

A pass that is killed is done again: an event whose fact was folded from as many lines as it has is passed over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q

from citybrain.centre.appraisal.facts import fact_of
from citybrain.centre.appraisal.models import CaseFact, Kept
from citybrain.centre.events.clocks import runs
from citybrain.centre.events.models import Event, Step
from citybrain.kernel.identity.models import Area, Organisation

BATCH = 500
SLACK = 2000
"""Lines before the last one that are looked at again: a lower id may be committed later."""

TOWNS = (Area.Kind.TOWN, Area.Kind.ZONE)


@dataclass(frozen=True)
class Trees:
    """What the trees say of every area and organisation."""

    town: Mapping[int, int | None]
    """Area -> the town or zone around it."""
    body: Mapping[int, int]
    """Organisation -> the department or town it is part of."""
    schedules: Mapping[int, str]
    """Organisation -> its working hours."""


def trees() -> Trees:
    """Both trees, read once."""
    areas = list(Area.objects.values_list("pk", "key", "path", "kind"))
    town_of_key = {key: pk for pk, key, _path, kind in areas if kind in TOWNS}
    town = {
        pk: next((town_of_key[one] for one in path.split("/") if one in town_of_key), None) for pk, _k, path, _ in areas
    }
    bodies = list(Organisation.objects.values_list("pk", "key", "path", "kind", "schedule"))
    own = {key: pk for pk, key, _path, kind, _s in bodies if kind not in Organisation.INNER}
    body = {}
    for pk, _key, path, _kind, _schedule in bodies:
        body[pk] = next((own[one] for one in reversed(path.split("/")) if one in own), pk)
    return Trees(town=town, body=body, schedules={pk: schedule for pk, *_, schedule in bodies})


def keep() -> int:
    """Fold every event that got lines since the last time; returns how many facts were written.

    By the lines' ids, not their times: what is imported, or played, happened long ago.
    """
    last = Kept.objects.order_by("-step").first()
    newest = Step.objects.aggregate(last=Max("pk"))["last"] or 0
    events = Event.objects.exclude(fact__steps=F("steps"))
    if last is not None:
        events = events.filter(pk__in=Step.objects.filter(pk__gt=last.step - SLACK).values("event"))
    written = _fold(events)
    Kept.objects.update_or_create(pk=last.pk if last else 1, defaults={"step": newest})
    return written


def rebuild() -> int:
    """Fold every event anew, whatever its fact says; returns how many."""
    return _fold(Event.objects.all())


def _fold(events: Any) -> int:
    known, written = trees(), 0
    # Keys first: a batch is written while the next is asked for, and a long cursor would hold SQLite.
    for keys in _batches(list(events.order_by("pk").values_list("pk", flat=True))):
        written += _write(keys, known)
    return written


def _batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _write(keys: Sequence[int], known: Trees) -> int:
    steps: dict[int, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(event_id__in=keys).order_by("event_id", "number"):
        steps[step.event_id].append(step)
    facts = []
    for event in Event.objects.filter(pk__in=keys):
        journal = steps[event.pk][: event.steps]
        if not journal:
            continue
        found = fact_of(event, journal, runs(event, journal, schedules=known.schedules))
        organisation = found["organisation_id"]
        found |= {"town_id": known.town.get(event.area_id or 0), "body_id": known.body.get(organisation, organisation)}
        facts.append(CaseFact(event_id=event.pk, **found))
    with transaction.atomic():
        CaseFact.objects.bulk_create(
            facts, update_conflicts=True, unique_fields=["event"], update_fields=COLUMNS, batch_size=BATCH
        )
    return len(facts)


def stale() -> int:
    """How many events changed since their fact was folded."""
    return Event.objects.exclude(fact__steps=F("steps")).filter(Q(steps__gt=0)).count()


COLUMNS = [field.name for field in CaseFact._meta.concrete_fields if not field.primary_key]
