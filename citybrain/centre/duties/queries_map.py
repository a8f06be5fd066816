"""The whole map at once: who leads each class in each town, where nobody does, where two do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from citybrain.centre.duties.answering import Chosen, Matter, choose, patterns
from citybrain.centre.duties.models import Duty
from citybrain.centre.duties.queries import duties_on
from citybrain.declare.event import EventType
from citybrain.kernel.identity.models import Area, Organisation
from citybrain.kernel.registry.registry import registry


@dataclass(frozen=True, kw_only=True)
class Town:
    """A town or zone with its way and the body that governs it."""

    area: Area
    way: tuple[str, ...]
    body: Organisation | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One class with what the duties say in every town."""

    type: EventType
    usual: Chosen
    """What holds in most towns."""
    by_town: tuple[tuple[Town, Chosen], ...]

    @property
    def gaps(self) -> tuple[Town, ...]:
        """Towns in which nobody leads."""
        return tuple(town for town, chosen in self.by_town if chosen.lead is None)

    @property
    def conflicts(self) -> tuple[Town, ...]:
        """Towns in which two bodies are named alike."""
        return tuple(town for town, chosen in self.by_town if chosen.conflicts)

    @property
    def otherwise(self) -> tuple[tuple[Town, Chosen], ...]:
        """Towns in which another body leads than in most, leaving out those where it is just the town itself."""
        return tuple(
            (town, chosen)
            for town, chosen in self.by_town
            if chosen.lead is not None and chosen.duty != self.usual.duty and chosen.lead != self.usual.lead
        )


class DutyMap:
    """The duties of a day, ready to be asked often."""

    def __init__(self, day: date | None = None) -> None:
        self.duties = list(duties_on(day or timezone.localdate()))
        self._by_pattern: dict[tuple[str, str], list[Duty]] = {}
        for duty in self.duties:
            self._by_pattern.setdefault((duty.covers, duty.pattern), []).append(duty)
        bodies = {
            body.area_id: body
            for body in Organisation.objects.filter(kind__in=Organisation.AREAS, is_active=True).order_by("-position")
        }
        areas = Area.objects.filter(kind__in=(Area.Kind.TOWN, Area.Kind.ZONE)).order_by("position", "key")
        self.towns = tuple(Town(area=area, way=tuple(area.way), body=bodies.get(area.pk)) for area in areas)

    def chosen(self, type_key: str, town: Town | None) -> Chosen:
        """What the duties say of a class in a town, or in the county as far as no town says otherwise."""
        way, body = (town.way, town.body) if town is not None else ((), None)
        matter = Matter(type_key=type_key, way=way, town=body)
        return choose(self._fitting(matter), matter)

    def _fitting(self, matter: Matter) -> Iterator[Duty]:
        for covers, names in patterns(matter):
            for name in names:
                yield from self._by_pattern.get((covers, name), ())

    def lines(self, types: Sequence[EventType] | None = None) -> list[Line]:
        """Every class, in the order of the registry."""
        return [self.line(found) for found in (types if types is not None else registry().of(EventType))]

    def line(self, found: EventType) -> Line:
        """One class."""
        by_town = tuple((town, self.chosen(found.key, town)) for town in self.towns)
        if not by_town:
            return Line(type=found, usual=self.chosen(found.key, None), by_town=())
        counted: dict[int | None, int] = {}
        for _town, chosen in by_town:
            key = chosen.duty.pk if chosen.duty else None
            counted[key] = counted.get(key, 0) + 1
        # The law of the land is what most towns do; of equal many the first.
        most = max(counted, key=lambda key: counted[key])
        usual = next(chosen for _town, chosen in by_town if (chosen.duty.pk if chosen.duty else None) == most)
        return Line(type=found, usual=usual, by_town=by_town)


@dataclass(frozen=True, kw_only=True)
class Report:
    """Where the map is incomplete (责任清单体检)."""

    types: int
    towns: int
    duties: int
    gaps: tuple[Line, ...]
    conflicts: tuple[Line, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every class has one lead everywhere."""
        return not self.gaps and not self.conflicts


def report(day: date | None = None, found: DutyMap | None = None) -> Report:
    """Gaps (classes and towns that nobody leads) and conflicts (two bodies named alike) on a day."""
    known = found or DutyMap(day)
    lines = known.lines()
    return Report(
        types=len(lines),
        towns=len(known.towns),
        duties=len(known.duties),
        gaps=tuple(line for line in lines if line.gaps or line.usual.lead is None),
        conflicts=tuple(line for line in lines if line.conflicts or line.usual.conflicts),
    )
