"""Names of places the house knows: areas in every form people use, roads and landmarks learnt, things of registers."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import F

from citybrain.centre.understanding.models import KnownPlace
from citybrain.kernel.identity.models import Area
from citybrain.kernel.records.fields import Place
from citybrain.kernel.records.shape import record_types

KEPT = 300.0
"""Seconds after which names are read anew."""
THINGS = 20_000
"""Most names of things of one register."""
SHORTEST_THING = 4
_BODY = re.compile(r"(?:村委会|居委会|村民委员会|居民委员会|集体户居委会)$")
_DIVISION = re.compile(r"(?:镇|街道|乡|社区|村|新区|开发区|经济开发区)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One way to name one place."""

    words: str
    area_id: int
    parent_id: int | None
    """Area around it."""
    kind: str
    """Kind of the area, or `road`, `thing`."""
    form: float
    """0 to 1: how surely these words mean it, the full official name 1."""
    official: str
    """How addresses write it."""
    point: tuple[float, float] | None = None
    accuracy: float | None = None
    """Metres."""
    asset_kind: str = ""
    asset_number: str = ""
    count: int = 0


@dataclass
class Gazetteer:
    """Names by their first two characters."""

    names: dict[str, list[Name]] = field(default_factory=dict)
    by_start: dict[str, list[str]] = field(default_factory=dict)
    areas: dict[int, Area] = field(default_factory=dict)
    drawn: set[int] = field(default_factory=set)
    """Primary keys of areas with a boundary."""

    def is_drawn(self, area_id: int) -> bool:
        """Whether an area has a boundary, so that a position tells whether it lies in it."""
        return area_id in self.drawn

    def add(self, name: Name) -> None:
        """Adds one; names of one character are none."""
        if len(name.words) < 2:
            return
        if name.words not in self.names:
            self.by_start.setdefault(name.words[:2], []).append(name.words)
        self.names.setdefault(name.words, []).append(name)

    def sort(self) -> None:
        """Longest first."""
        for words in self.by_start.values():
            words.sort(key=len, reverse=True)

    def found(self, text: str) -> Iterator[tuple[int, str, list[Name]]]:
        """Where names stand in a text, the longest at each place, none within another."""
        place = 0
        while place < len(text) - 1:
            for words in self.by_start.get(text[place : place + 2], ()):
                if text.startswith(words, place):
                    yield place, words, self.names[words]
                    place += len(words)
                    break
            else:
                place += 1


_kept: dict[str, tuple[float, Gazetteer]] = {}


def gazetteer() -> Gazetteer:
    """The names, read from the database at most every five minutes."""
    read, found = _kept.get("", (0.0, None))
    if found is None or time.monotonic() - read > KEPT:
        found = _read()
        _kept[""] = (time.monotonic(), found)
    return found


def forget() -> None:
    """Has the names read anew at the next question."""
    _kept.clear()


def _read() -> Gazetteer:
    found = Gazetteer(drawn=set(Area.objects.filter(shape__isnull=False).values_list("pk", flat=True)))
    for area in Area.objects.only("pk", "key", "kind", "chinese", "parent", "seat"):
        found.areas[area.pk] = area
        for words, form in forms(area.chinese, area.kind, is_community(area)):
            found.add(
                Name(
                    words=words,
                    area_id=area.pk,
                    parent_id=area.parent_id,
                    kind=area.kind,
                    form=form,
                    official=_official(area),
                    point=(area.seat[0], area.seat[1]) if area.seat else None,
                    accuracy={"county": 20_000.0, "town": 3_000.0, "zone": 3_000.0}.get(area.kind, 800.0),
                )
            )
    for known in KnownPlace.objects.select_related("area").order_by("-count")[:THINGS]:
        found.add(
            Name(
                words=known.name,
                area_id=known.area_id,
                parent_id=known.area.parent_id,
                kind="road",
                form=0.9,
                official=known.name,
                point=(known.x, known.y) if known.x is not None and known.y is not None else None,
                accuracy=max(known.spread, 30.0),
                count=known.count,
            )
        )
    for name in _things():
        found.add(name)
    found.sort()
    return found


def _things() -> Iterator[Name]:
    """Rows of public registers with a place, by their title."""
    for shape in record_types():
        place = next((one.name for one in shape.fields if isinstance(one.field, Place)), "")
        if not place or not shape.face.is_public:
            continue
        title = shape.title_field
        rows = (
            shape.model._default_manager.filter(removed_at=None)
            .exclude(area=None)
            .annotate(x=F(f"{place}_x"), y=F(f"{place}_y"), parent=F("area__parent"))
        )
        for words, number, area, x, y, parent in rows.values_list(title, "number", "area", "x", "y", "parent")[:THINGS]:
            if len(str(words)) >= SHORTEST_THING and x is not None and y is not None:
                yield Name(
                    words=str(words),
                    area_id=area,
                    parent_id=parent,
                    kind="thing",
                    form=0.95,
                    official=str(words),
                    point=(x, y),
                    accuracy=20.0,
                    asset_kind=shape.key,
                    asset_number=number,
                )


def is_community(area: Area) -> bool:
    """Whether a village is a neighbourhood (居委会): its statistical code ends in 001 to 199, others' in 200 up."""
    return area.kind == "village" and area.key[9:12] < "200"


def forms(chinese: str, kind: str, is_community: bool = False) -> list[tuple[str, float]]:
    """Ways to name an area with how surely they mean it: 古山镇 古山; 胡库下村 胡库下."""
    plain = _BODY.sub("", chinese)
    found = {plain: 1.0}
    bare = _DIVISION.sub("", plain)
    if kind in ("village", "grid"):
        if plain == bare:
            found[bare + ("社区" if is_community else "村")] = 1.0
            found[bare] = 0.75 if len(bare) >= 3 else 0.4
        elif len(bare) >= 2:
            found[bare] = 0.6 if len(bare) >= 3 else 0.3
    elif len(bare) >= 2 and bare != plain:
        found[bare] = 0.7
    return sorted(found.items(), key=lambda one: -one[1])


def _official(area: Area) -> str:
    """How addresses write an area."""
    plain = _BODY.sub("", area.chinese)
    if area.kind == "village" and not _DIVISION.search(plain):
        return plain + ("社区" if is_community(area) else "村")
    return plain
