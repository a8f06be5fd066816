"""Repeated events become items of prevention (源头治理): found by asset or place, measured before and after.

Three events at one asset, or four in one square of some fifty metres, of one family within ninety days open an item
(`[prevention]` of county.toml says otherwise). The house opens; people plan, do and close.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from math import sqrt
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import Round
from django.utils import timezone

from citybrain.centre.appraisal.models import CaseFact, PreventionItem
from citybrain.centre.duties.queries import responsible
from citybrain.centre.events.models import Event
from citybrain.centre.events.policy import centre
from citybrain.centre.events.types import event_types
from citybrain.declare.event import Kind
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.records.models import Change
from citybrain.kernel.records.numbering import next_number
from citybrain.kernel.records.search import index
from citybrain.kernel.records.shape import shape_of

KINDS = (Kind.COMPONENT.value, Kind.EVENT.value)
"""Kinds that have a place whose cause can be removed."""

PLACES = 2_000
"""Squares of the map in a degree: some 50 m from side to side."""

LIVING = (PreventionItem.State.OPEN, PreventionItem.State.PLANNED, PreventionItem.State.DONE)
PER = 30
"""Days a rate is told by."""
Z = 1.959964


@dataclass(frozen=True, kw_only=True)
class Limits:
    """From how many events an item is opened."""

    asset: int = 3
    place: int = 4
    days: int = 90


@cache
def limits() -> Limits:
    """The county's, else the house's."""
    facts = tomllib.loads((settings.COUNTY / "county.toml").read_text(encoding="utf-8"))
    return Limits(**facts.get("prevention", {}))


@dataclass(frozen=True, kw_only=True)
class Frequency:
    """How often it happened in a stretch of days."""

    events: int
    days: int

    @property
    def rate(self) -> float | None:
        """Events in thirty days; None for no days."""
        return self.events * PER / self.days if self.days > 0 else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval of the rate, taking the events as Poisson (square-root approximation)."""
        if self.days <= 0:
            return None
        low, high = max(sqrt(self.events) - Z / 2, 0) ** 2, (sqrt(self.events + 1) + Z / 2) ** 2
        return (low * PER / self.days, high * PER / self.days)


def open_items(now: datetime | None = None) -> list[PreventionItem]:
    """Open an item for everything that repeats and has none; harmless to repeat."""
    moment = now or timezone.now()
    since = moment - timedelta(days=limits().days)
    rows = CaseFact.objects.filter(excluded="", kind__in=KINDS, opened_at__gte=since, accepted_at__isnull=False)
    found = [*_at_assets(rows), *_at_places(rows)]
    known = set(PreventionItem.objects.filter(state__in=LIVING, removed_at=None).values_list("subject_key", flat=True))
    return [_opened(key, events, moment) for key, events in found if key not in known]


def _at_assets(rows: QuerySet[CaseFact]) -> Iterable[tuple[str, Q]]:
    named = rows.exclude(event__asset_number="").order_by()
    groups = named.values("family", "event__asset_kind", "event__asset_number").annotate(n=Count("pk"))
    for group in groups.filter(n__gte=limits().asset):
        kind, number = group["event__asset_kind"], group["event__asset_number"]
        key = f"{group['family']}|{kind}|{number}"
        yield key, Q(fact__family=group["family"], asset_kind=kind, asset_number=number)


def _at_places(rows: QuerySet[CaseFact]) -> Iterable[tuple[str, Q]]:
    placed = rows.filter(event__asset_number="", event__place_x__isnull=False).order_by()
    squared = placed.annotate(x=Round(F("event__place_x") * PLACES), y=Round(F("event__place_y") * PLACES))
    for group in squared.values("family", "x", "y").annotate(n=Count("pk")).filter(n__gte=limits().place):
        x, y = int(group["x"]), int(group["y"])
        yield f"{group['family']}|@{x},{y}", _square(group["family"], x, y)


def _square(family: str, x: int, y: int) -> Q:
    west, east, south, north = (x - 0.5) / PLACES, (x + 0.5) / PLACES, (y - 0.5) / PLACES, (y + 0.5) / PLACES
    return Q(
        fact__family=family, asset_number="", place_x__gte=west, place_x__lt=east, place_y__gte=south, place_y__lt=north
    )


def subject(item: PreventionItem) -> Q:
    """Which events an item is about."""
    family, *rest = item.subject_key.split("|")
    if len(rest) not in (1, 2) or (len(rest) == 1 and not rest[0].startswith("@")):
        return Q(pk__in=())
    if rest[0].startswith("@"):
        x, y = (int(part) for part in rest[0][1:].split(","))
        return _square(family, x, y)
    return Q(fact__family=family, asset_kind=rest[0], asset_number=rest[1])


def events_of(item: PreventionItem) -> QuerySet[Event]:
    """Every event of an item, whenever it was."""
    return Event.objects.filter(subject(item), fact__excluded="", fact__accepted_at__isnull=False)


def before_and_after(item: PreventionItem, today: date | None = None) -> tuple[Frequency, Frequency | None]:
    """How often it happened before the work was done (or until now), and after; the stretches are as long as known."""
    end = today or timezone.localdate()
    done = min(item.done_on, end) if item.done_on else None
    on_days = [timezone.localdate(at) for at in events_of(item).values_list("opened_at", flat=True)]
    turn = done or end
    before = Frequency(events=sum(day < turn or done is None for day in on_days), days=max((turn - item.since).days, 1))
    if done is None:
        return before, None
    return before, Frequency(events=sum(day >= done for day in on_days), days=(end - done).days)


def _opened(key: str, events: Q, now: datetime) -> PreventionItem:
    shape = shape_of(PreventionItem)
    rows = Event.objects.filter(events, fact__excluded="", fact__accepted_at__isnull=False)
    first = rows.order_by("-opened_at").select_related("area").first()
    assert first is not None
    told = event_types().get(first.type)
    answer = responsible(first.type, first.area)
    where = first.asset_number or first.address or first.title
    item = PreventionItem(
        number=next_number(shape),
        title=f"{told.chinese if told else first.title} · {where}"[:120],
        family=key.split("|")[0],
        asset_kind=first.asset_kind,
        asset_number=first.asset_number,
        place=first.place,
        place_x=first.place_x,
        place_y=first.place_y,
        address=first.address,
        area=first.area,
        organisation=answer.lead or centre(),
        since=timezone.localdate(rows.aggregate(at=Min("opened_at"))["at"]),
        events_found=rows.count(),
        subject_key=key,
        request_key=uuid5(NAMESPACE_URL, f"prevention:{key}:{first.pk}"),
    )
    item.save(force_insert=True)
    Change.objects.create(
        kind=shape.key, record_id=item.pk, revision=1, action=Change.Action.CREATE, user_id=SYSTEM.user_id, fields={}
    )
    index(shape, [item])
    return item
