"""How alike two tellings of something are: their words, where, when, what. Each part of the score has words of its own.

Every part adds to or takes from the odds that both tell of one matter; the weights were fitted on the rehearsal
county's truth (`benchmarks/duplicates.py` fits and measures them).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

METRES_A_DEGREE = 111_320.0
_WORDS = re.compile(r"[0-9A-Za-z]+|[㐀-鿿]")
_NUMBERS = re.compile(r"(\d+)\s*(幢|栋|号楼|号|单元|弄|室|米|号井)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is compared: one matter as somebody told it."""

    family: str
    """Group of its type; empty when nobody knows yet."""
    families: Mapping[str, float] = field(default_factory=dict)
    """Where nobody knows yet: groups that are likely, with their probabilities."""
    text: str = ""
    place: tuple[float, float] | None = None
    """Longitude and latitude, degrees."""
    accuracy: float = 0.0
    """Metres the place may be off."""
    area_id: int | None = None
    address: str = ""
    asset_kind: str = ""
    asset_number: str = ""
    at: datetime
    reporters: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: what it adds to the odds (natural logarithm), and why in words; these may be empty."""

    name: str
    odds: float
    reason: str = ""


WEIGHTS: dict[str, float] = {
    "base": -6.0,
    "family": 1.0,
    "other_family": -3.2,
    "same_asset": 4.0,
    "other_asset": -5.0,
    "near": 2.3,
    "far": -1.5,
    "same_area": 1.3,
    "other_area": -2.5,
    "recent": 2.2,
    "words": 2.8,
    "address": 6.0,
    "other_number": -5.0,
    "same_reporter": 0.8,
}
"""Name of a part -> what its full measure adds to the odds."""


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance of two places a few kilometres apart, metres."""
    across = (one[0] - other[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(across, one[1] - other[1]) * METRES_A_DEGREE


@lru_cache(maxsize=4_096)
def grams(text: str) -> Counter[str]:
    """Single characters, pairs of neighbours and whole numbers of a text, counted."""
    found = _WORDS.findall(unicodedata.normalize("NFKC", text))
    return Counter([*found, *(first + second for first, second in pairwise(found))])


def shared(one: Counter[str], other: Counter[str]) -> float:
    """Cosine of two counts, 0 to 1; 0 when one is empty."""
    product = sum(count * other[gram] for gram, count in one.items() if gram in other)
    size = math.sqrt(sum(n * n for n in one.values()) * sum(n * n for n in other.values()))
    return product / size if size else 0.0


def numbers_of(text: str) -> dict[str, set[str]]:
    """Numbers of houses, doors, lanes a text names, by what they count: `{"幢": {"3"}}`."""
    found: dict[str, set[str]] = {}
    for number, unit in _NUMBERS.findall(unicodedata.normalize("NFKC", text)):
        found.setdefault("幢" if unit in ("栋", "号楼") else unit, set()).add(number.lstrip("0"))
    return found


def compare(one: Telling, other: Telling, *, near: float, within: float) -> tuple[Part, ...]:
    """The parts of the score of two tellings; `near` metres and `within` hours are those of the type."""
    return tuple(
        part
        for part in (
            Part("base", WEIGHTS["base"]),
            _family(one, other),
            _asset(one, other),
            *_where(one, other, near),
            _when(one, other, within),
            *_words(one, other),
            _reporter(one, other),
        )
        if part is not None
    )


def score_of(parts: tuple[Part, ...]) -> float:
    """The probability that parts add up to."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, sum(part.odds for part in parts)))))


def _family(one: Telling, other: Telling) -> Part:
    if one.family:
        measure = 1.0 if one.family == other.family else 0.0
    else:
        measure = one.families.get(other.family, 0.0)
    if measure >= 0.5:
        return Part("family", WEIGHTS["family"] * measure, _("the same class"))
    return Part("other_family", WEIGHTS["other_family"] * (1 - measure))


def _asset(one: Telling, other: Telling) -> Part | None:
    if not (one.asset_number and other.asset_number) or one.asset_kind != other.asset_kind:
        return None
    if one.asset_number == other.asset_number:
        return Part("same_asset", WEIGHTS["same_asset"], _("the same asset %s") % one.asset_number)
    return Part("other_asset", WEIGHTS["other_asset"])


def _where(one: Telling, other: Telling, near: float) -> list[Part]:
    found = []
    if one.place and other.place:
        away = max(0.0, metres(one.place, other.place) - one.accuracy - other.accuracy)
        if away <= near * 2:
            share = 1 - away / (near * 2)
            found.append(Part("near", WEIGHTS["near"] * share, _("%d m away") % round(metres(one.place, other.place))))
        else:
            found.append(Part("far", WEIGHTS["far"] * min(3.0, away / (near * 2))))
    if one.area_id and other.area_id and not (one.place and other.place):
        if one.area_id == other.area_id:
            found.append(Part("same_area", WEIGHTS["same_area"], _("the same area")))
        else:
            found.append(Part("other_area", WEIGHTS["other_area"]))
    return found


def _when(one: Telling, other: Telling, within: float) -> Part:
    hours = abs((one.at - other.at).total_seconds()) / 3600
    share = max(-1.0, 1 - hours / within) if within > 0 else 0.0
    if hours < 24:
        reason = ngettext("%d hour apart", "%d hours apart", max(1, round(hours))) % max(1, round(hours))
    else:
        reason = ngettext("%d day apart", "%d days apart", round(hours / 24)) % round(hours / 24)
    return Part("recent", WEIGHTS["recent"] * share, reason)


def _words(one: Telling, other: Telling) -> list[Part]:
    found = []
    likeness = shared(grams(one.text), grams(other.text))
    said = _("%d %% of the words") % round(likeness * 100) if likeness >= 0.3 else ""
    found.append(Part("words", WEIGHTS["words"] * likeness, said))
    if one.address and other.address:
        same = shared(grams(one.address), grams(other.address))
        found.append(Part("address", WEIGHTS["address"] * (same - 0.5), _("the address alike") if same >= 0.7 else ""))
    first, second = numbers_of(f"{one.address} {one.text}"), numbers_of(f"{other.address} {other.text}")
    if any(first[unit].isdisjoint(second[unit]) for unit in first.keys() & second.keys()):
        found.append(Part("other_number", WEIGHTS["other_number"]))
    return found


def _reporter(one: Telling, other: Telling) -> Part | None:
    if one.reporters & other.reporters:
        return Part("same_reporter", WEIGHTS["same_reporter"], _("the same reporter"))
    return None
