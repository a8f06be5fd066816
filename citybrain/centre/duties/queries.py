"""Questions about the responsibility map."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.centre.duties.answering import Answer, Matter, answer, name_of, patterns, way_of
from citybrain.centre.duties.models import Covers, Duty
from citybrain.kernel.identity.models import Area, Organisation

Keeper = Callable[[str], Organisation | None]
"""Number of an asset -> the body that keeps it."""

KEEPERS: dict[str, Keeper] = {}
"""Kind of asset -> who knows the body that keeps one: a register of parts says it better than any rule."""


def lasting(day: date) -> Q:
    """The condition that a duty holds on a day."""
    return Q(removed_at=None, since__lte=day) & (Q(until=None) | Q(until__gte=day))


def duties_on(day: date) -> QuerySet[Duty]:
    """Duties that hold on a day, with body and area."""
    return Duty.objects.filter(lasting(day)).select_related("organisation__parent", "area")


def responsible(
    type_key: str,
    area: Area | None,
    *,
    asset: tuple[str, str] | str | None = None,
    at: datetime | None = None,
) -> Answer:
    """Who answers for a matter of a type in an area, and why; `asset` is the kind, or kind and number, it is about.

    Two queries at most. Nobody is named: `lead` is None and `why` says so.
    """
    kind, number = (asset, "") if isinstance(asset, str) else (asset or ("", ""))
    matter = Matter(type_key=type_key, way=way_of(area), asset_kind=kind, town=town_of(area))
    named = Q()
    for covers, fitting in patterns(matter):
        named |= Q(covers=covers, pattern__in=fitting) if covers is not Covers.ALL else Q(covers=covers)
    day = timezone.localdate(at)
    found = duties_on(day).filter(named, Q(area=None) | Q(area__key__in=matter.way))
    said = answer(found, matter)
    keeper = KEEPERS[kind](number) if number and kind in KEEPERS else None
    return said if keeper is None else _kept(said, keeper, number)


def town_of(area: Area | None) -> Organisation | None:
    """The town or zone whose body governs the smallest area around `area`."""
    if area is None:
        return None
    towns = Organisation.objects.filter(kind__in=Organisation.AREAS, area__key__in=area.way, is_active=True)
    return towns.order_by("-area__path").first()


def _kept(said: Answer, keeper: Organisation, number: str) -> Answer:
    """The answer when a register says who keeps the asset: that body leads, whoever the map names assists."""
    agrees = said.lead is not None and said.lead.pk == keeper.pk
    others = (said.lead, *said.assistants)
    why = _("%(body)s leads: the register says that it keeps %(number)s.") % {"body": name_of(keeper), "number": number}
    return Answer(
        lead=keeper,
        assistants=tuple(body for body in others if body is not None and body.pk != keeper.pk),
        why=(why, *(said.why[:1] if agrees else said.why)),
        duty=said.duty if agrees else None,
        conflicts=(),
    )
