"""Events that may tell of the same thing: one family, near, not long ago, the same asset or words. A person decides.

    for one in alike(draft): one.event, one.score, one.reasons
    for one in near_public((120.04, 28.89), "pothole"): one.event, one.metres

Candidates come by three indexes (the asset, the place, class and time), never by a scan; then each is compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from citybrain.centre.events.likeness import METRES_A_DEGREE, Telling, compare, metres, score_of
from citybrain.centre.events.machine import DONE
from citybrain.centre.events.models import Event, Signal
from citybrain.centre.events.queries import is_open
from citybrain.centre.events.types import event_types
from citybrain.centre.understanding.reading import understand
from citybrain.kernel.records.places import point_on

LOOKED_AT = 150
"""Candidates of one way that are compared; of more, the latest."""
PROPOSED = 0.4
"""Score from which a merge is proposed; below it the event is merely shown."""
SHOWN = 0.1
"""Score below which nothing is shown."""
COMPARED = (
    *("pk", "type", "title", "description", "place_x", "place_y", "area_id", "address"),
    *("asset_kind", "asset_number", "opened_at"),
)
"""Columns of an event that are compared."""
NEAR, WITHIN = 100.0, 168.0
"""Metres and hours while nobody knows the type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How much an event is like another."""

    event: Event
    score: float
    """0 to 1."""
    reasons: tuple[str, ...]

    @property
    def is_proposed(self) -> bool:
        """Whether it is like enough to propose a merge."""
        return self.score >= PROPOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """An open event near a citizen, in words the public may read."""

    number: str
    type: str
    """Key of its type."""
    state: str
    public_text: str
    metres: int
    opened_at: datetime
    signal_count: int
    point: tuple[float, float]


def alike(
    draft_or_event: Any, limit: int = 5, *, rows: QuerySet[Event] | None = None, closed_since: datetime | None = None
) -> list[Likeness]:
    """Open events that may be the same as a draft or an event, the likest first.

    `rows` are the events to look among: what the person may see; without it every event, for the house itself.
    `closed_since` takes those too that were closed since then.
    """
    telling = telling_of(draft_or_event)
    own = draft_or_event.pk if isinstance(draft_or_event, Event) else None
    among = Event.objects.all() if rows is None else rows
    found: list[tuple[float, int, tuple[str, ...]]] = []
    for row in _candidates(telling, own, among, closed_since):
        kind = event_types().get(row["type"])
        parts = compare(
            telling,
            _told(row),
            near=max(kind.near if kind else NEAR, 1.0),
            within=kind.within if kind else WITHIN,
        )
        if (score := score_of(parts)) >= SHOWN:
            said = tuple(part.reason for part in sorted(parts, key=lambda part: -part.odds) if part.reason)
            found.append((round(score, 3), row["pk"], said))
    found.sort(key=lambda one: (-one[0], -one[1]))
    # Only what is shown is read in full: of a candidate a tenth of its columns is compared.
    events = among.in_bulk([pk for _score, pk, _said in found[:limit]])
    return [Likeness(event=events[pk], score=score, reasons=said) for score, pk, said in found[:limit] if pk in events]


def near_public(point: tuple[float, float], type_key: str = "", *, limit: int = 3) -> list[Nearby]:
    """Open events near a place that the public may know of: a citizen may follow one instead of reporting anew.

    Only events whose sensitivity is public, of types that are not restricted; nothing a reporter wrote is in it.
    """
    kind = event_types().get(type_key)
    reach = max(kind.near if kind else NEAR, NEAR)
    rows = Event.objects.filter(_around(point, reach), sensitivity="public", is_exercise=False, removed_at=None)
    if kind is not None:
        rows = rows.filter(type__in=_types_of({kind.group}))
    found = []
    for event in rows.filter(is_open()).order_by("-opened_at")[:LOOKED_AT]:
        known = event_types().get(event.type)
        away = metres(point, (event.place_x, event.place_y))
        if away > reach or (known is not None and known.restricted):
            continue
        found.append(
            Nearby(
                number=event.number,
                type=event.type,
                state=event.state,
                public_text=event.public_text,
                metres=round(away),
                opened_at=event.opened_at,
                signal_count=event.signal_count,
                point=(event.place_x, event.place_y),
            )
        )
    return sorted(found, key=lambda one: one.metres)[:limit]


def telling_of(draft_or_event: Any) -> Telling:
    """What a draft of a signal, or an event, is compared by."""
    if isinstance(draft_or_event, Event):
        reporters = (
            Signal.objects.filter(event=draft_or_event).exclude(reporter=None).values_list("reporter", flat=True)
        )
        return _told({name: getattr(draft_or_event, name) for name in COMPARED}, frozenset(reporters))
    draft = draft_or_event
    kind = event_types().get(draft.type or "")
    text = f"{draft.title} {draft.text}".strip()
    likely: dict[str, float] = {}
    if kind is None and text:
        for one in understand(text).types:
            group = event_types()[one.key].group
            likely[group] = likely.get(group, 0.0) + one.probability
    return Telling(
        family=kind.group if kind else "",
        families=likely,
        text=text,
        place=point_on(draft.place) if draft.place else None,
        accuracy=float(draft.accuracy or 0.0),
        area_id=draft.area.pk if draft.area else None,
        address=draft.address,
        asset_kind=draft.asset_kind,
        asset_number=draft.asset_number,
        at=draft.observed_at or timezone.now(),
    )


def _told(row: Mapping[str, Any], reporters: frozenset[int] = frozenset()) -> Telling:
    """The telling of an event, from its `COMPARED` columns."""
    kind = event_types().get(row["type"])
    x, y = row["place_x"], row["place_y"]
    return Telling(
        family=kind.group if kind else row["type"],
        text=f"{row['title']} {row['description']}",
        place=(x, y) if x is not None and y is not None else None,
        area_id=row["area_id"],
        address=row["address"],
        asset_kind=row["asset_kind"],
        asset_number=row["asset_number"],
        at=row["opened_at"],
        reporters=reporters,
    )


def _candidates(
    telling: Telling, own: int | None, rows: QuerySet[Event], closed_since: datetime | None = None
) -> Iterator[dict[str, Any]]:
    """Columns of open events by asset, by place, and by class, area and time; each once."""
    seen = {own}
    living = is_open() if closed_since is None else is_open() | Q(closed_at__gte=closed_since, state__in=DONE)
    for asked in _ways(telling):
        found = rows.filter(asked, living, removed_at=None).order_by("-opened_at").values(*COMPARED)
        for row in found[:LOOKED_AT]:
            if row["pk"] not in seen:
                seen.add(row["pk"])
                yield row


def _ways(telling: Telling) -> Iterator[Q]:
    groups = {telling.family} if telling.family else set(telling.families)
    kinds = _types_of(groups)
    known = [event_types()[key] for key in kinds]
    near = max((one.near for one in known), default=NEAR)
    hours = max((one.within for one in known), default=WITHIN)
    span = timedelta(hours=hours)
    if telling.asset_number:
        yield Q(asset_kind=telling.asset_kind, asset_number=telling.asset_number)
    if telling.place is not None:
        yield _around(telling.place, near * 2 + telling.accuracy)
    if kinds and (telling.place is None or telling.area_id):
        asked = Q(type__in=kinds, opened_at__gte=telling.at - span, opened_at__lte=telling.at + span)
        if telling.place is not None:
            # Those with a point were found by it, or are too far.
            asked &= Q(place_x=None)
        yield asked & Q(area=telling.area_id) if telling.area_id else asked


def _around(point: tuple[float, float], reach: float) -> Q:
    """The square of `reach` metres around a place."""
    up = reach / METRES_A_DEGREE
    across = up / max(0.1, math.cos(math.radians(point[1])))
    return Q(
        place_x__gte=point[0] - across,
        place_x__lte=point[0] + across,
        place_y__gte=point[1] - up,
        place_y__lte=point[1] + up,
    )


def _types_of(groups: set[str]) -> list[str]:
    return [key for key, one in event_types().items() if one.group in groups]
