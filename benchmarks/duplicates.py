"""Merge proposals: milliseconds among a million events, and how often the proposed event is the right one.

`size` is the number of events in the database, of which a tenth is open. The peer is what FixMyStreet does while a
citizen reports: reports of the same category within a distance, nearest first, nothing else.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from benchmarks import cases, pairs

ASKED = 300
SEED = 5


def run(size: int = 1_000_000) -> dict[str, Any]:
    """Ask for the likes of open events and of new reports among `size` events; then measure on the truth."""
    with cases.opened(size, settings="citybrain.site.settings"):
        return {"size": size, "speed": speed(), "quality": quality()}


def speed() -> dict[str, dict[str, float]]:
    """Milliseconds of each kind of question, median, 95th percentile and worst."""
    from citybrain.centre.events.drafts import SignalDraft
    from citybrain.centre.events.duplicates import alike, near_public
    from citybrain.centre.events.machine import OPEN
    from citybrain.centre.events.models import Event
    from citybrain.kernel.identity.models import Area

    rng = random.Random(SEED)
    keys = list(Event.objects.filter(state__in=OPEN).values_list("pk", flat=True)[:100_000])
    events = [Event.objects.get(pk=key) for key in rng.sample(keys, min(ASKED, len(keys)))]
    areas = list(Area.objects.filter(kind="village")[:400]) or list(Area.objects.all())
    located = [event for event in events if event.place_x is not None] or events
    drafts = [
        SignalDraft(
            channel="hotline",
            type=event.type,
            text=event.title,
            place={"type": "Point", "coordinates": [event.place_x, event.place_y]},
            observed_at=event.opened_at,
        )
        for event in located
    ]
    told = [
        SignalDraft(channel="hotline", type=event.type, text=event.title, area=rng.choice(areas)) for event in located
    ]
    untyped = [SignalDraft(channel="citizen", text=draft.text, place=draft.place) for draft in drafts]
    return {
        "an open event": timed(alike, events),
        "a report with a point": timed(alike, drafts),
        "a call without a point": timed(alike, told),
        "a report nobody has classed": timed(alike, untyped),
        "a citizen's three nearby": timed(
            lambda event: near_public((event.place_x, event.place_y), event.type), located
        ),
        "peer: category and distance": timed(_like_fixmystreet, located),
    }


def _like_fixmystreet(event: Any) -> list[Any]:
    """Open events of one category within 250 metres, by the same index."""
    from citybrain.centre.events.duplicates import _around
    from citybrain.centre.events.models import Event
    from citybrain.centre.events.queries import is_open

    rows = Event.objects.filter(
        _around((event.place_x, event.place_y), pairs.FIXMYSTREET_METRES), is_open(), type=event.type
    )
    return list(rows[:10])


def timed(ask: Callable[[Any], Any], asked: list[Any]) -> dict[str, float]:
    """Milliseconds of one question each."""
    for one in asked[:5]:
        ask(one)
    taken = []
    for one in asked:
        began = time.perf_counter()
        ask(one)
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return {
        "p50_ms": round(taken[len(taken) // 2], 2),
        "p95_ms": round(taken[int(len(taken) * 0.95)], 2),
        "worst_ms": round(taken[-1], 2),
    }


def quality(count: int = 800) -> dict[str, Any]:
    """Precision and recall of the first proposal on reports of the held bank, read by a model of the train bank."""
    from django.conf import settings

    from citybrain.centre.events.duplicates import PROPOSED
    from citybrain.centre.understanding.actions import load_roads
    from citybrain.centre.understanding.gazetteer import forget
    from citybrain.centre.understanding.training import train
    from citybrain.kernel.identity.actions_loading import load_organisations

    load_organisations(settings.COUNTY)
    load_roads(settings.COUNTY)
    forget()
    train()
    told = pairs.told(count, SEED, "held")
    return {
        "threshold": PROPOSED,
        "ours": pairs.measure(told, PROPOSED),
        "peer: category and distance": pairs.measure(told, 0.01, pairs.like_fixmystreet),
    }
