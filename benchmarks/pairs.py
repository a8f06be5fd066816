"""Merge proposals against the rehearsal county's truth: every report is compared with the open matters before it.

The type and the place of a report are what the model read out of it, right or wrong, as at the desk. `fit()` prints the
weights that `centre/events/likeness.py` holds, learnt from the train bank; the held bank measures them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

START = datetime.datetime(2026, 10, 1, tzinfo=datetime.UTC)
OPEN_DAYS = 14
"""How long a matter stays open."""
FIXMYSTREET_METRES = 250.0
"""Within which FixMyStreet looks for reports of one category."""


@dataclass(frozen=True)
class Told:
    """A report with what was read out of it."""

    report: Any
    telling: Any
    first_type: str


def told(count: int, seed: int, split: str) -> list[Told]:
    """Reports of `count` matters in order of time, each read by the model in use."""
    from django.conf import settings

    from citybrain.centre.events.likeness import Telling
    from citybrain.centre.events.types import event_types
    from citybrain.centre.understanding.reading import understand
    from citybrain.rehearsal.hotline.reports import matters

    found = []
    for report in matters(count, seed=seed, split=split, county=settings.COUNTY):
        point = {"type": "Point", "coordinates": list(report.point)} if report.point else None
        understood = understand(report.text, place=point)
        likely: dict[str, float] = {}
        for one in understood.types:
            group = event_types()[one.key].group
            likely[group] = likely.get(group, 0.0) + one.probability
        sure = event_types()[understood.type_key].group if understood.type_key else ""
        place = understood.places[0] if understood.places else None
        telling = Telling(
            family=sure,
            families=likely,
            text=report.text,
            place=report.point,
            accuracy=10.0 if report.point else 0.0,
            area_id=place.area_id if place else None,
            address=place.address if place else "",
            asset_kind="part" if report.asset else "",
            asset_number=report.asset,
            at=START + datetime.timedelta(hours=report.hour),
        )
        found.append(Told(report, telling, understood.types[0].key if understood.types else ""))
    return found


def confirmed(one: Told) -> Any:
    """The telling of an open event: a person has confirmed its type."""
    from dataclasses import replace

    from citybrain.centre.events.types import event_types

    return replace(one.telling, family=event_types()[one.report.type].group, families={})


def compared(reports: list[Told]) -> Iterator[tuple[Told, list[tuple[Told, Any]]]]:
    """Every report with the open matters before it that the three ways of `duplicates` reach."""
    from citybrain.centre.events.duplicates import NEAR, WITHIN
    from citybrain.centre.events.likeness import compare, metres
    from citybrain.centre.events.types import event_types

    heads: dict[int, Told] = {}
    for one in reports:
        telling, reached = one.telling, []
        groups = {telling.family} if telling.family else set(telling.families)
        known = [kind for kind in event_types().values() if kind.group in groups]
        near = max((kind.near for kind in known), default=NEAR) * 2 + telling.accuracy
        hours = max((kind.within for kind in known), default=WITHIN)
        for head in heads.values():
            other, age = head.telling, (telling.at - head.telling.at).total_seconds() / 3600
            kind = event_types()[head.report.type]
            if age > OPEN_DAYS * 24:
                continue
            same_asset = bool(telling.asset_number) and telling.asset_number == other.asset_number
            is_near = telling.place and other.place and metres(telling.place, other.place) <= near * 1.42
            same = kind.group in groups and age <= hours and telling.area_id and telling.area_id == other.area_id
            same = same and not (telling.place and other.place)
            if same_asset or is_near or same:
                parts = compare(telling, confirmed(head), near=kind.near, within=kind.within)
                reached.append((head, parts))
        yield one, reached
        heads.setdefault(one.report.matter, one)


def measure(
    reports: list[Told], threshold: float, score: Callable[[Told, Told, Any], float] | None = None
) -> dict[str, float]:
    """Precision and recall of the first proposal; recall counts only reports of matters told of before."""
    from citybrain.centre.events.likeness import score_of

    proposed = right = again = found = 0
    seen: set[int] = set()
    for one, reached in compared(reports):
        scored = [
            (score(one, head, parts) if score else score_of(parts), head.report.matter) for head, parts in reached
        ]
        best, matter = max(scored, default=(0.0, -1))
        is_again = one.report.matter in seen
        again += is_again
        if best >= threshold:
            proposed += 1
            right += matter == one.report.matter
        found += is_again and best >= threshold and matter == one.report.matter
        seen.add(one.report.matter)
    return {
        "reports": len(reports),
        "told_again": again,
        "proposed": proposed,
        "precision": round(right / proposed, 4) if proposed else 0.0,
        "recall": round(found / again, 4) if again else 0.0,
    }


def like_fixmystreet(one: Told, head: Told, _parts: Any) -> float:
    """The peer: the category the model put first, and nothing but the distance; without a point it knows nothing."""
    from citybrain.centre.events.likeness import metres

    here, there = one.telling.place, head.telling.place
    if not here or not there or one.first_type != head.report.type:
        return 0.0
    return max(0.0, 1 - metres(here, there) / FIXMYSTREET_METRES)


def fit(count: int = 1_500, seed: int = 3) -> dict[str, float]:
    """Weights learnt from the train bank by logistic regression over the measures of the parts."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    from citybrain.centre.events.likeness import WEIGHTS

    names = [name for name in WEIGHTS if name != "base"]
    rows, truth = [], []
    for one, reached in compared(told(count, seed, "train")):
        for head, parts in reached:
            measures = {part.name: part.odds / WEIGHTS[part.name] for part in parts if WEIGHTS[part.name]}
            rows.append([measures.get(name, 0.0) for name in names])
            truth.append(one.report.matter == head.report.matter)
    model = LogisticRegression(C=3.0, max_iter=2_000).fit(np.array(rows), np.array(truth))
    weights = dict(zip(names, (round(float(weight), 2) for weight in model.coef_[0]), strict=True))
    return {"base": round(float(model.intercept_[0]), 2), **weights, "pairs": len(rows), "same": int(sum(truth))}
