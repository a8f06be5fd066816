"""Who answers for a matter at a place: the rules by which one duty is chosen among those that fit.

The order of what is more specific: a class before a family before a code's beginning (the longer first) before a kind
before everything; then a duty for one kind of asset before one for all; then the smaller area before the larger and
before the whole county. Two equal ones of different bodies are a conflict: the older number leads until somebody
decides, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from citybrain.centre.duties.models import Covers, Duty
from citybrain.declare.event import EventType
from citybrain.kernel.identity.models import Area, Organisation
from citybrain.kernel.registry.registry import registry

RANKS = {Covers.TYPE: 5, Covers.FAMILY: 4, Covers.CODE: 3, Covers.KIND: 2, Covers.ALL: 1}
Rank = tuple[int, int, bool, int]
"""How specific a duty is: how it names the matter, letters of the code, whether by asset, depth of the area."""


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What is asked for."""

    type_key: str
    way: tuple[str, ...] = ()
    """Keys of the areas from the county down to the one it lies in; empty when the place is unknown."""
    asset_kind: str = ""
    town: Organisation | None = None
    """The body that governs the smallest area of the way which has one: the town, the zone (属地)."""

    @property
    def type(self) -> EventType | None:
        """The declared type; None for one that is no longer there."""
        return registry().find(EventType, self.type_key)

    @property
    def title(self) -> str:
        """What the matter is called in the reader's language."""
        return title_of(self.type_key)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Who is responsible, and why."""

    lead: Organisation | None
    assistants: tuple[Organisation, ...]
    why: tuple[str, ...]
    """Sentences ready to be shown."""
    duty: Duty | None
    """The duty that decided; None when nobody is named, or the register of assets decided."""
    conflicts: tuple[Duty, ...]
    """Duties of other bodies that are as specific."""


def title_of(type_key: str) -> str:
    """What an event type is called in the reader's language; its key when nobody declares it."""
    found = registry().find(EventType, type_key)
    if found is None:
        return type_key
    return found.chinese if (get_language() or "zh").startswith("zh") else found.title


def patterns(matter: Matter) -> Iterator[tuple[Covers, Sequence[str]]]:
    """Every way a duty may name the matter, with the patterns that fit."""
    yield Covers.TYPE, (matter.type_key,)
    found = matter.type
    if found is not None:
        yield Covers.FAMILY, (found.group,)
        if found.code:
            yield Covers.CODE, tuple(f"{found.code_set}:{found.code[:end]}" for end in range(len(found.code) + 1))
        yield Covers.KIND, (found.kind.value,)
    yield Covers.ALL, ("",)


def rank(duty: Duty, matter: Matter, fitting: Mapping[Covers, Sequence[str]]) -> Rank | None:
    """How specific a duty is for a matter; None when it does not fit."""
    covers = Covers(duty.covers)
    if duty.pattern not in fitting.get(covers, ()):
        return None
    if duty.asset_kind and duty.asset_kind != matter.asset_kind:
        return None
    if (duty.area_id is not None and duty.area.key not in matter.way) or (duty.is_local and matter.town is None):
        return None
    depth = -1 if duty.area_id is None else duty.area.depth
    return RANKS[covers], len(duty.pattern) if covers is Covers.CODE else 0, bool(duty.asset_kind), depth


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the duties say, without words."""

    lead: Organisation | None
    duty: Duty | None
    assisting: tuple[tuple[Organisation, Duty], ...]
    conflicts: tuple[Duty, ...]
    fitting: int
    """How many duties name a lead for the matter."""


def choose(duties: Iterable[Duty], matter: Matter) -> Chosen:
    """Which of the duties that hold decide."""
    fitting = dict(patterns(matter))
    ranked = [(found, duty) for duty in duties if (found := rank(duty, matter, fitting)) is not None]
    # The more specific first; of equal ones the older number.
    ranked.sort(key=lambda one: (one[0], -one[1].pk), reverse=True)
    leads = [(found, duty) for found, duty in ranked if duty.role == Duty.Role.LEAD]
    chosen = leads[0][1] if leads else None
    lead = body_of(chosen, matter) if chosen else None
    equal = [duty for found, duty in leads[1:] if found == leads[0][0]]
    assisting: dict[int, tuple[Organisation, Duty]] = {}
    for _rank, duty in ranked:
        body = body_of(duty, matter)
        if duty.role == Duty.Role.ASSIST and body != lead:
            assisting.setdefault(body.pk, (body, duty))
    return Chosen(
        lead=lead,
        duty=chosen,
        assisting=tuple(assisting.values()),
        conflicts=tuple(duty for duty in equal if body_of(duty, matter) != lead),
        fitting=len(leads),
    )


def answer(duties: Iterable[Duty], matter: Matter) -> Answer:
    """The answer of the duties that hold, in words."""
    chosen = choose(duties, matter)
    return Answer(
        lead=chosen.lead,
        assistants=tuple(body for body, _duty in chosen.assisting),
        why=tuple(_reasons(matter, chosen)),
        duty=chosen.duty,
        conflicts=chosen.conflicts,
    )


def _reasons(matter: Matter, found: Chosen) -> Iterator[str]:
    chosen = found.duty
    if chosen is None:
        yield _("No duty names a body for “%(matter)s” here.") % {"matter": matter.title}
    else:
        yield _("%(body)s leads: %(number)s “%(title)s” %(named)s%(where)s.") % {
            "body": name_of(body_of(chosen, matter)),
            "number": chosen.number,
            "title": chosen.title,
            "named": how_named(chosen, matter),
            "where": "" if chosen.area is None else _(" in %(area)s") % {"area": name_of_area(chosen.area)},
        }
        if chosen.source or chosen.clause:
            yield _("Source: %(source)s") % {"source": " ".join(filter(None, (chosen.source, chosen.clause)))}
        if found.fitting > 1 and not found.conflicts:
            yield _("It is the most specific of %(count)d duties that fit.") % {"count": found.fitting}
    for body, duty in found.assisting:
        yield _("%(body)s assists: %(number)s “%(title)s”.") % {
            "body": name_of(body),
            "number": duty.number,
            "title": duty.title,
        }
    for duty in found.conflicts:
        yield _("%(body)s is named as well by %(number)s “%(title)s”, equally specific: the older duty leads.") % {
            "body": name_of(body_of(duty, matter)),
            "number": duty.number,
            "title": duty.title,
        }


def body_of(duty: Duty, matter: Matter) -> Organisation:
    """The body that answers by a duty."""
    return matter.town if duty.is_local and matter.town is not None else duty.organisation


def name_of(body: Organisation) -> str:
    """A body as it is told apart: a section with the body it belongs to (公安局 治安管理科)."""
    english = not (get_language() or "zh").startswith("zh")
    own = body.english if english else body.chinese
    if body.kind != Organisation.Kind.SECTION or body.parent is None:
        return own
    above = body.parent.english if english else body.parent.short
    return f"{above} · {own}" if english else f"{above}{own}"


def name_of_area(area: Area) -> str:
    """An area in the reader's language."""
    return area.chinese if (get_language() or "zh").startswith("zh") else area.english or area.chinese


def how_named(duty: Duty, matter: Matter) -> str:
    """How a duty names the matter: `names the class “Damaged road”`."""
    match Covers(duty.covers):
        case Covers.TYPE:
            return _("names the class “%(name)s”") % {"name": matter.title}
        case Covers.FAMILY:
            return _("names its family of classes")
        case Covers.CODE:
            return _("names codes that begin with %(name)s") % {"name": duty.pattern.rpartition(":")[2] or duty.pattern}
        case Covers.KIND:
            kind = matter.type.kind.label if matter.type else duty.pattern
            return _("names the kind “%(name)s”") % {"name": _(kind)}
        case Covers.ALL:
            return _("names every matter")


def way_of(area: Area | None) -> tuple[str, ...]:
    """Keys of the areas from the county down to `area`."""
    return tuple(area.way) if area is not None else ()
