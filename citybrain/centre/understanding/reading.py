"""Reads a text somebody sent: what kind of event it tells of, where, how urgent. It proposes; a person confirms.

understood = understand("古山镇胡库下村村口路灯不亮好几天了")
understood.types[0].key, understood.places[0].address, understood.level
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from citybrain.centre.understanding.chosen import classifier
from citybrain.centre.understanding.places import PlaceCandidate, places_in, without_places
from citybrain.centre.understanding.spoken import (
    clauses,
    first_and_further,
    is_about_the_matter,
    plain,
    without_private,
)
from citybrain.centre.understanding.urgency import urgency
from citybrain.declare.event import EventType, Level
from citybrain.kernel.registry.registry import registry

CANDIDATES = 5
"""Most types that are proposed."""
LEAST = 0.01
"""Probability below which a type is no candidate."""
TITLE = 40
"""Characters of a title at most."""
SURE = 0.5
"""Share of the declared words from which reading by words alone is sure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCandidate:
    """A type the text may tell of."""

    key: str
    probability: float
    """0 to 1; of all types together at most 1."""
    reasons: tuple[str, ...] = ()
    """Words of the text that spoke for it."""


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
    """Which model read it; empty: the declared words alone."""
    further: tuple[TypeCandidate, ...] = ()
    """Types of a second matter the text adds (另外…): at most one, and only when it is sure."""

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
            "area_score": self.places[0].score if self.places else 0,
            "level": self.level.value,
            "version": self.version,
        }


def understand(text: str, *, place: Mapping[str, Any] | None = None) -> Understanding:
    """What `text` tells of; `place` is a point that is known already (GeoJSON, degrees)."""
    read = plain(text)
    first, further = first_and_further(without_places(read))
    types, is_sure, version = _types(first)
    level, reasons = urgency(read)
    own = registry().find(EventType, types[0].key) if types and is_sure else None
    if own is not None and (level is None or own.level.height > level.height):
        level = own.level
        if own.level is not Level.BLUE:
            reasons = (_("the class begins at this level"), *reasons)
    more, is_more_sure, _version = _types(further) if len(further) >= 4 else ((), False, "")
    return Understanding(
        types=types,
        is_sure=is_sure,
        places=places_in(read, place),
        level=level or Level.BLUE,
        level_reasons=reasons,
        title=title_of(read, types),
        version=version,
        further=more[:1] if is_more_sure and types and more[0].key != types[0].key else (),
    )


def title_of(text: str, types: tuple[TypeCandidate, ...]) -> str:
    """A line that names the matter: the clause that says most of it, never one with a contact; nobody's name in it."""
    parts = [part for part in clauses(text) if is_about_the_matter(part)]
    words = {word for one in types[:1] for word in one.reasons}

    def worth(part: str) -> tuple[int, int]:
        return sum(len(word) for word in words if word in part), min(len(part), TITLE)

    return without_private(max(parts, key=worth, default=""))[:TITLE] or _("Untitled")


def _types(text: str) -> tuple[tuple[TypeCandidate, ...], bool, str]:
    """Candidates, whether the first is sure, and the version that read them."""
    key, model = classifier()
    declared = _by_words(text)
    if model is None:
        return declared, bool(declared) and declared[0].probability >= SURE, ""
    # A type that came after the training is known by its words alone.
    new = [one for one in declared if one.key not in model.types and one.probability >= SURE][:1]
    known = {one.key for one in registry().of(EventType)}
    share = 0.5 if new else 1.0
    found = tuple(
        TypeCandidate(key=type_key, probability=chance * share, reasons=model.reasons(text, type_key))
        for type_key, chance in model.read(text)[: CANDIDATES * 2]
        if type_key in known and chance >= LEAST
    )[:CANDIDATES]
    if new:
        found = tuple(sorted((*found, new[0]), key=lambda one: -one.probability))[:CANDIDATES]
    return found, bool(found) and found[0].probability >= model.threshold, key


def _by_words(text: str) -> tuple[TypeCandidate, ...]:
    """Types whose declared words the text has."""
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
