"""Reads a text somebody sent: what kind of event it tells of, where, how urgent. It proposes; a person confirms.

understood = understand("古山镇胡库下村村口路灯不亮好几天了")
understood.types[0].key, understood.places[0].address, understood.level
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from citybrain.centre.understanding.spoken import clauses, plain
from citybrain.declare.event import EventType, Level
from citybrain.kernel.registry.registry import registry

CANDIDATES = 5
"""Most types, and most places, that are proposed."""
TITLE = 40
"""Characters of a title at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCandidate:
    """A type the text may tell of."""

    key: str
    probability: float
    """0 to 1; of all types together at most 1."""
    reasons: tuple[str, ...] = ()
    """Words of the text that spoke for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCandidate:
    """A place the text may mean."""

    area_id: int | None
    """Primary key of the smallest area it surely lies in."""
    area_name: str
    address: str
    """In one spelling, the largest area first: `古山镇胡库下村村口`."""
    point: Mapping[str, Any] | None = None
    """GeoJSON point, degrees, WGS-84; None when only the area is known."""
    accuracy: float | None = None
    """Metres the point may be off."""
    asset_kind: str = ""
    asset_number: str = ""
    score: float = 0.0
    """0 to 1."""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What a text was read as."""

    types: tuple[TypeCandidate, ...]
    """The likeliest first."""
    is_sure: bool
    """Whether the first type may be proposed as the answer; else the model abstains and the candidates are a list."""
    places: tuple[PlaceCandidate, ...]
    level: Level
    level_reasons: tuple[str, ...]
    title: str
    version: str = ""
    """Which model read it."""

    @property
    def type_key(self) -> str:
        """The type proposed, empty when the model abstains."""
        return self.types[0].key if self.types and self.is_sure else ""

    def as_json(self) -> dict[str, Any]:
        """What the journal keeps of a proposal."""
        return {
            "types": [[one.key, round(one.probability, 3)] for one in self.types[:3]],
            "is_sure": self.is_sure,
            "area": self.places[0].area_id if self.places else None,
            "level": self.level.value,
            "version": self.version,
        }


def understand(text: str, *, place: Mapping[str, Any] | None = None) -> Understanding:
    """What `text` tells of; `place` is a point that is known already (GeoJSON, degrees)."""
    read = plain(text)
    types = _by_words(read)
    return Understanding(
        types=types,
        is_sure=bool(types) and types[0].probability >= 0.5,
        places=(),
        level=Level.BLUE,
        level_reasons=(),
        title=title_of(read, types),
    )


def title_of(text: str, types: tuple[TypeCandidate, ...]) -> str:
    """A line that names the matter: the clause that says most of it."""
    parts = clauses(text)
    words = {word for one in types[:1] for word in one.reasons}
    best = max(parts, key=lambda part: (sum(word in part for word in words), min(len(part), TITLE)), default="")
    return best[:TITLE] or _("Untitled")


def _by_words(text: str) -> tuple[TypeCandidate, ...]:
    """Types whose words the text has."""
    found = []
    for one in registry().of(EventType):
        words = tuple(word for word in (one.chinese, *one.words) if word and word in text)
        if words:
            found.append((sum(map(len, words)), one.key, words))
    found.sort(key=lambda one: (-one[0], one[1]))
    total = sum(score for score, _key, _words in found) or 1
    return tuple(
        TypeCandidate(key=key, probability=score / total, reasons=words) for score, key, words in found[:CANDIDATES]
    )
