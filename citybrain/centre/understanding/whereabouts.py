"""Which area a telling belongs to (属地判定): by its position, else by its words, and how surely.

A position is measured, a name in a text is told: where both speak and differ, the position is taken, both are kept, and
whoever verifies decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from citybrain.centre.understanding.places import SURE, PlaceCandidate
from citybrain.kernel.identity.models import Area
from citybrain.kernel.identity.queries_areas import NEAR, AreaAt, area_of

ROUGH = 2_000.0
"""Metres of accuracy above which a position tells no area."""
DOUBT = 0.5
"""Score from which a place that the words name speaks against the position."""
POSITION, WORDS = "position", "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """The area of a telling that named none itself."""

    area: int | None
    """Primary key; None when nothing tells."""
    by: str = ""
    """`position` or `words`."""
    margin: int | None = None
    """Metres to the border, of a position."""
    synthetic: bool = False
    """Whether the boundary is made up."""
    words: int | None = None
    """Primary key of another area that the words name."""

    def as_json(self) -> dict[str, Any]:
        """What the journal keeps of it: nothing that says nothing."""
        return {name: value for name, value in asdict(self).items() if value}


def position_of(place: Mapping[str, Any] | None, accuracy: float | None = None) -> AreaAt | None:
    """The deepest area that holds a place; None without a point, outside the county, or too roughly known."""
    return None if accuracy is not None and accuracy > ROUGH else area_of(place)


def whereabouts(place: Mapping[str, Any] | None, accuracy: float | None, proposed: Mapping[str, Any]) -> Whereabouts:
    """The area of a telling by its place and by what its words were read as (`Understanding.as_json`)."""
    named, score = proposed.get("area"), proposed.get("area_score") or 0
    found = position_of(place, accuracy)
    if found is None:
        told = named if score >= SURE else None
        return Whereabouts(area=told, by=WORDS if told else "")
    other = Area.objects.filter(pk=named).first() if named and score >= DOUBT else None
    return Whereabouts(
        area=found.area_id,
        by=POSITION,
        margin=round(found.margin),
        synthetic=found.is_synthetic,
        words=other.pk if other is not None and not is_same_way(other, found) else None,
    )


def is_same_way(area: Area, found: AreaAt) -> bool:
    """Whether an area holds the position, or lies within the area that does."""
    return area.pk in found.way or found.key in area.way


def doubt(found: AreaAt, places: Iterable[PlaceCandidate]) -> PlaceCandidate | None:
    """The place the words name best, when it is not where the position lies."""
    named = next((one for one in places if one.score >= DOUBT and one.area_id is not None), None)
    area = Area.objects.filter(pk=named.area_id).first() if named is not None else None
    return named if area is not None and not is_same_way(area, found) else None


def in_words(found: AreaAt) -> str:
    """Where a position lies, how surely, and whether the boundary is real, as one sentence."""
    names = {area.pk: area.chinese for area in Area.objects.filter(pk__in=(*found.way, *found.beside)).only("chinese")}
    where = "·".join(names[pk] for pk in (found.way[1:] or found.way) if pk in names)
    if found.margin > NEAR:
        text = _("The position lies in %(where)s, %(metres)d m inside its border.")
    elif found.beside:
        text = _("The position lies in %(where)s, only %(metres)d m from %(beside)s.")
    else:
        text = _("The position lies in %(where)s, only %(metres)d m from its border.")
    beside = _(", ").join(names[pk] for pk in found.beside[:2] if pk in names)
    said = text % {"where": where, "metres": round(found.margin), "beside": beside}
    return f"{said} {_('The boundary is made up for the demo.')}" if found.is_synthetic else said
