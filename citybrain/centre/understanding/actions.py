"""Verbs: keep what a person confirmed, to learn from; train the model now."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from citybrain.centre.understanding.models import KnownPlace, Label, ModelVersion
from citybrain.centre.understanding.nearness import metres
from citybrain.centre.understanding.permissions import TEACH
from citybrain.centre.understanding.places import roads_in, without_places
from citybrain.centre.understanding.spoken import plain, without_private
from citybrain.centre.understanding.training import is_due
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.deciding import demand
from citybrain.kernel.identity.models import Area
from citybrain.kernel.jobs.actions import enqueue
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.jobs.queries import unfinished

SHORTEST = 4
"""Characters a text must have to be learnt from."""
LONGEST = 1_000


def learn(
    text: str,
    type_key: str,
    *,
    reference: str,
    proposed: Mapping[str, Any] | None = None,
    area: Area | None = None,
    point: tuple[float, float] | None = None,
    address: str = "",
    user_id: int | None = None,
) -> Label | None:
    """Keeps a text whose type a person confirmed, and where the roads it names were; None when it says too little.

    `proposed` is what `Understanding.as_json` had said. Names, numbers and places are crossed out before it is kept.
    """
    read = plain(text)
    _learn_places(read, address, area, point)
    kept = without_private(without_places(read))[:LONGEST].strip()
    if len(kept) < SHORTEST:
        return None
    offered = [str(key) for key, _chance in (proposed or {}).get("types", [])]
    is_sure = bool((proposed or {}).get("is_sure"))
    label, _new = Label.objects.update_or_create(
        reference=reference,
        defaults={
            "text": kept,
            "type": type_key,
            "proposed": offered[0] if offered and is_sure else "",
            "rank": (offered.index(type_key) + 1 if type_key in offered else 0) if proposed else None,
            "version": str((proposed or {}).get("version", ""))[:16],
            "user_id": user_id,
            "at": timezone.now(),
        },
    )
    return label


def load_roads(county: Path) -> int:
    """Brings the roads a county's data name into the gazetteer, with the town each lies in; returns how many are new.

    Reads `roads.csv` (name, town: division code of 9 digits); harmless to repeat, nothing where there is no such file.
    """
    path = county / "roads.csv"
    if not path.is_file():
        return 0
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["name"], row["town"].ljust(12, "0")) for row in csv.DictReader(file)]
    areas = {area.key: area for area in Area.objects.filter(key__in={town for _name, town in rows})}
    known = set(KnownPlace.objects.values_list("name", "area__key"))
    new = [
        KnownPlace(name=name, area=areas[town]) for name, town in rows if town in areas and (name, town) not in known
    ]
    KnownPlace.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def ask_training(actor: Actor) -> Job:
    """Has the model trained now; the one under way is returned when there is one. Raises PermissionDenied."""
    demand(actor, TEACH)
    return unfinished("understanding-train", is_forced=True) or enqueue(
        "understanding-train", requested_by=str(actor.user_id or ""), is_forced=True
    )


def ask_first_training() -> None:
    """Has the first model trained by the worker, where there is none; until then texts are read by declared words."""
    if not ModelVersion.objects.filter(is_used=True).exists() and is_due():
        unfinished("understanding-train", is_forced=False) or enqueue("understanding-train", is_forced=False)


@transaction.atomic
def _learn_places(text: str, address: str, area: Area | None, point: tuple[float, float] | None) -> None:
    """Counts where the roads a confirmed event names were."""
    if area is None:
        return
    for road in dict.fromkeys([*roads_in(address), *roads_in(text)]):
        known, is_new = KnownPlace.objects.get_or_create(name=road, area=area)
        if not is_new:
            known.count += 1
        if point is not None:
            _take_in(known, point)
        known.save()


def _take_in(known: KnownPlace, point: tuple[float, float]) -> None:
    """Moves the middle of a place by one more point."""
    if known.x is None or known.y is None:
        known.x, known.y, known.located = point[0], point[1], 1
        return
    known.located += 1
    away = metres((known.x, known.y), point)
    known.x += (point[0] - known.x) / known.located
    known.y += (point[1] - known.y) / known.located
    known.spread += (away - known.spread) / known.located
