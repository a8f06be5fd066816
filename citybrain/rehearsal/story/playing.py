"""The demo's story (演示剧情): thirty days of events, played by the real verbs at the moments they would have happened.

    story = Story(count=320, seed=7, now=now)
    for number in story.waiting():
        story.play(number)

Nobody in it is real, every name and picture says so. Each event lives as chance draws it: most are mended in time, some
late, sent back, merged, paused, reworked, reopened. Whatever would happen after now has not happened yet: that is
what lies on the desks. A life is one transaction, told apart by its number: killed, the story goes on with the next.
"""

from __future__ import annotations

import csv
import random
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from citybrain.centre.events.drafts import ReporterDraft, SignalDraft
from citybrain.centre.events.machine import State
from citybrain.centre.events.models import Channel, Event, Signal
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.types import event_types
from citybrain.declare.event import EventType, Kind, Level
from citybrain.kernel.identity.calendar import calendar
from citybrain.kernel.identity.models import Area
from citybrain.kernel.records.shape import record_type
from citybrain.rehearsal.hotline.reports import Report, reports
from citybrain.rehearsal.story.cast import Cast
from citybrain.rehearsal.story.lives import Life, Stage
from citybrain.rehearsal.story.pictures import picture

EVENTS = 320
DAYS = 30
TODAY_SHARE = 0.16
"""Share of all events that were told of today."""

USUAL = {
    "street-light": 14, "storm-cover": 6, "sewage-cover": 5, "waste-bin": 9, "traffic-light": 3, "street-tree": 6,
    "public-toilet": 4, "river-bridge": 1, "bus-shelter": 3, "bench": 2, "fitness-equipment": 3, "exposed-litter": 18,
    "rubble": 8, "dirty-road": 6, "dirty-water": 5, "damaged-road": 14, "spillage": 4, "burning-litter": 3,
    "kitchen-fumes": 4, "small-adverts": 6, "pavement-sign": 4, "broken-signboard": 3, "site-noise": 8, "site-dust": 6,
    "water-burst": 4, "gas-leak": 1, "blocked-sewer": 7, "flooded-road": 3, "damaged-line": 4, "road-collapse": 1,
    "street-vendor": 10, "trading-outside": 9, "parked-cars": 14, "parked-bicycles": 5, "things-in-the-way": 7,
    "shop-noise": 4, "illegal-structure": 4, "abandoned-vehicle": 3, "water-supply-cut": 4, "power-cut": 3,
    "wage-arrears": 4, "property-management": 6, "lift-fault": 3, "ktv-noise": 4, "river-pollution": 3,
    "factory-fumes": 4, "straw-burning": 3, "stray-dogs": 4, "electric-bicycle-charging": 4, "fire-passage": 3,
    "school-places": 2, "bus-lines": 3, "consumer-complaint": 4, "rural-illegal-building": 2, "parking-difficulty": 2,
}  # fmt: skip
"""Key of an event type -> how often it is told of."""

BUSY = ((0, 1), (6, 2), (7, 6), (8, 10), (11, 6), (13, 7), (17, 8), (19, 5), (22, 2))
"""Hour from which -> how much is told in an hour."""

REFERENCE = "DEMO-"
"""How the references of the story's signals begin."""

PARTS = "part"
"""Key of the register of the city's parts."""

REPEATED = 3
"""Parts at which the same thing happens again and again."""


class Story:
    """One playing of the story."""

    def __init__(self, count: int, seed: int, now: datetime) -> None:
        self.rng, self.seed, self.now, self.count = random.Random(f"story{seed}"), seed, now, count
        self.types = event_types()
        usual = {key: often for key, often in USUAL.items() if key in self.types}
        keys = self.rng.choices(list(usual), list(usual.values()), k=count)
        self.told = list(reports(count, seed=seed, split="train", county=settings.COUNTY, types=tuple(keys)))
        self.cast = Cast()
        self.stage = Stage(self.rng, now, self.cast, measures())
        self.areas = {area.key: area for area in Area.objects.filter(kind__in=("town", "village"))}
        self.parts: dict[str, list[Any]] = {}
        for part in record_type(PARTS).model._default_manager.exclude(place=None).select_related("area").order_by("pk"):
            self.parts.setdefault(part.kind, []).append(part)
        self.moments = self._moments()
        self.again = self._repeated()

    def waiting(self) -> list[int]:
        """Numbers of the tellings that were not played yet, the earliest first."""
        played = Signal.objects.filter(source_reference__startswith=REFERENCE).values_list(
            "source_reference", flat=True
        )
        known = set(played)
        return [number for number in range(self.count) if _reference(number) not in known]

    def play(self, number: int) -> None:
        """Plays one life, whole or not at all; the same number lives the same life in every playing."""
        self.rng.seed(f"{self.seed}:{number}")
        at, report = self.moments[number], self.told[number]
        kind = self.types[report.type]
        part = self.again.get(number) or self._part(kind)
        with transaction.atomic():
            self._one(number, at, report, self.types[_key_of(part, kind, self.types)], part)

    def left(self) -> list[Event]:
        """What applications' stories told of and nobody verified yet, the earliest first."""
        rows = Event.objects.filter(state=State.NEW, channel=Channel.PATROL, opened_at__lt=self.now).exclude(type="")
        return list(rows.exclude(signals__source_reference__startswith=REFERENCE).order_by("opened_at", "pk"))

    def live_on(self, event: Event) -> None:
        """Plays the life of such an event, whole or not at all."""
        self.rng.seed(f"{self.seed}:{event.number}")
        with transaction.atomic():
            Life(self.stage, event, self.types[event.type], event.changed_at).live()

    def _moments(self) -> list[datetime]:
        """When things are told: every day, more by day than by night, more of late."""
        zone, today = timezone.get_current_timezone(), timezone.localdate(self.now)
        hours = [hour for hour in range(24) for _more in range(_weight(hour))]
        found = []
        while len(found) < self.count:
            is_today = len(found) < self.count * TODAY_SHARE
            back = 0 if is_today else int(self.rng.triangular(1, DAYS + 1, 1))
            day: date = today - timedelta(days=back)
            if not is_today and not calendar().is_working_day(day) and self.rng.random() < 0.35:
                continue
            at = datetime.combine(
                day, time(self.rng.choice(hours), self.rng.randrange(60), self.rng.randrange(60)), zone
            )
            if at >= self.now:
                # Early in the day little was told yet: the rest came last night.
                at = self.now - timedelta(minutes=self.rng.randrange(2, 900))
            found.append(at)
        return sorted(found)

    def _repeated(self) -> dict[int, Any]:
        """Numbers of the tellings that are about one of a few troublesome parts."""
        lights = self.parts.get("0118", [])[:1] + self.parts.get("0103", [])[:1] + self.parts.get("0305", [])[:1]
        found: dict[int, Any] = {}
        for part in lights[:REPEATED]:
            for place in self.rng.sample(range(self.count), 5):
                found[place] = part
        return found

    def _part(self, kind: EventType) -> Any:
        known = self.parts.get(kind.code, []) if kind.kind is Kind.COMPONENT else []
        return self.rng.choice(known) if known and self.rng.random() < 0.8 else None

    def _one(self, number: int, at: datetime, report: Report, kind: EventType, part: Any) -> None:
        signal = self._tell(number, at, report, kind, part)
        event = signal.event
        assert event is not None
        for follower in range(self.rng.choices((0, 1, 2), (86, 11, 3))[0]):
            self._follow(event, number, follower, at, report)
        if self.rng.random() < 0.05 and at < self.now - timedelta(hours=3):
            later = at + timedelta(minutes=self.rng.randrange(4, 50))
            twin = self._tell(number, later, report, kind, part, suffix="b").event
            assert twin is not None
            Life(self.stage, twin, kind, later).merge_into(event)
        Life(self.stage, event, kind, at).live()

    def _tell(
        self, number: int, at: datetime, report: Report, kind: EventType, part: Any, *, suffix: str = ""
    ) -> Signal:
        """The signal that opens an event."""
        channel = Channel(report.channel)
        is_fresh = at > self.now - timedelta(hours=5)
        place, address, area = self._where(report, part)
        spoken = f"{address.removeprefix('永康市')}{kind.chinese}，请派人处理。" if part else report.text
        photos = ()
        if channel is not Channel.HOTLINE and (is_fresh or self.rng.random() < 0.25):
            photos = (picture(kind.group, is_after=False, draw=number),)
        draft = SignalDraft(
            channel=channel,
            text=spoken,
            source_reference=_reference(number) + suffix,
            reporter=_reporter(report) if channel is not Channel.PATROL else None,
            place=place,
            accuracy=None if channel is Channel.HOTLINE else 8.0,
            address=address,
            area=area,
            asset_kind=PARTS if part else "",
            asset_number=part.number if part else "",
            # What came just now waits to be read and verified; whoever took earlier ones said their class.
            type="" if is_fresh and channel is not Channel.PATROL else kind.key,
            title="" if is_fresh and not part else _title(address, report, kind, part),
            level=Level.ORANGE.value if report.has_injury else "",
            photos=photos,
        )
        teller = {Channel.HOTLINE: self.cast.hotline, Channel.CITIZEN: self.cast.hotline}.get(channel)
        return receive(draft, teller or self.rng.choice(self.cast.walkers), at=at)

    def _follow(self, event: Event, number: int, follower: int, at: datetime, report: Report) -> None:
        """Somebody else tells of the same thing."""
        later = min(at + timedelta(minutes=self.rng.randrange(5, 240)), self.now - timedelta(seconds=30))
        draft = SignalDraft(
            channel=Channel.CITIZEN,
            text=f"我也看到了：{report.said}。",
            source_reference=f"{_reference(number)}-{follower}",
            reporter=ReporterDraft(contact=f"1380000{self.rng.randrange(10**4):04d}"),
            place=event.place,
        )
        if later > at:
            receive(draft, self.cast.hotline, join=event, at=later)

    def _where(self, report: Report, part: Any) -> tuple[dict[str, object], str, Area | None]:
        if part is not None:
            return part.place, part.address, part.area
        point = report.point or (report.spot.longitude, report.spot.latitude)
        area = self.areas.get(report.spot.area) or self.areas.get(report.spot.town)
        return {"type": "Point", "coordinates": list(point)}, report.spot.names[0], area


def measures() -> dict[str, tuple[str, str]]:
    """Family -> cause, and what was done."""
    with (Path(__file__).parent / "words.csv").open(encoding="utf-8", newline="") as file:
        return {row["family"]: (row["cause"], row["measures"]) for row in csv.DictReader(file)}


def _reference(number: int) -> str:
    return f"{REFERENCE}{number:05d}"


def _weight(hour: int) -> int:
    return [weight for since, weight in BUSY if since <= hour][-1]


def _key_of(part: Any, kind: EventType, types: dict[str, EventType]) -> str:
    """A troublesome part has its own class, whatever was told."""
    if part is None or part.kind == kind.code:
        return kind.key
    return next(one.key for one in types.values() if one.kind is Kind.COMPONENT and one.code == part.kind)


def _title(address: str, report: Report, kind: EventType, part: Any) -> str:
    where = address.removeprefix("永康市")
    return f"{where}{kind.chinese}" if part else f"{where}：{report.said}"[:60]


def _reporter(report: Report) -> ReporterDraft:
    """The made-up person who tells; their number is one of the demo's, which nobody has."""
    name = report.private[-1] if len(report.private) > 1 else ""
    return ReporterDraft(
        name=f"{name}（演示）" if name else "", contact=f"139000{abs(hash_of(report.text)) % 10**5:05d}"
    )


def hash_of(text: str) -> int:
    """A number that stands for a text, the same in every process."""
    return int.from_bytes(text.encode()[-24:], "big")
