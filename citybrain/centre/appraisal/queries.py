"""Questions: what the indicators say of a period, in all or broken down; one statement for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from citybrain.centre.appraisal.measures import MEASURES
from citybrain.centre.appraisal.measuring import Measure, Period, Unit
from citybrain.centre.appraisal.models import CaseFact
from citybrain.centre.events.permissions import APPRAISAL
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped

BREAKDOWNS = ("town", "area", "body", "organisation", "post", "type", "family", "kind", "channel", "loop", "level")
"""Columns of the facts that values are broken down by."""


@dataclass(frozen=True, kw_only=True)
class Value:
    """What one indicator says of one group."""

    measure: Measure
    above: float
    below: float | None
    """Denominator, or how many cases an average is of; None for counts."""
    is_known: bool = True
    """Whether anybody looked (`Measure.known`)."""

    @property
    def value(self) -> float | None:
        """The rate, count, hours or stars; None where there is nothing to say."""
        if not self.is_known:
            return None
        if self.measure.unit is Unit.RATE:
            return self.above / self.below if self.below else None
        if self.measure.unit is Unit.COUNT:
            return self.above
        return self.above if self.below else None


@dataclass(frozen=True, kw_only=True)
class Line:
    """The values of one group."""

    key: Any
    """Id or key of the group; None for what has none; empty string for the whole."""
    weight: float
    """Sum of the difficulties of the events closed in the period."""
    values: dict[str, Value]
    """By the indicator's key."""


def facts(actor: Actor) -> QuerySet[CaseFact]:
    """The facts the person may see."""
    return scoped(CaseFact.objects.all(), actor, APPRAISAL)


def values(
    rows: QuerySet[CaseFact], period: Period, by: str = "", measures: Sequence[Measure] = MEASURES
) -> list[Line]:
    """What `measures` say of scoped facts in a period, one line a group of `by` (one of BREAKDOWNS; empty: one line).

    Raises ValueError for another column.
    """
    if by and by not in BREAKDOWNS:
        raise ValueError(f"Values cannot be broken down by {by!r}; choose one of {', '.join(BREAKDOWNS)}.")
    counted = rows.filter(touched(period), excluded="")
    asked: dict[str, Any] = {"weight_of_closed": measures_weight(period)}
    for measure in measures:
        asked |= measure.columns(period)
    counted = counted.annotate(right=F("dispatches") - F("misdirected"))
    if not by:
        found = [counted.aggregate(**asked) | {"group": ""}]
    else:
        grouped = counted.values(group=F(by)).annotate(**asked).order_by("group")
        found = list(grouped)
    return [_line(row, measures) for row in found]


def touched(period: Period) -> Q:
    """Facts that can count in a period: open at some time of it, or found missing in it."""
    return period.touched | period.within("missed_at") | period.within("inspected_at")


def measures_weight(period: Period) -> Any:
    """Sum of the difficulties of what was closed."""
    return Sum("weight", filter=period.within("closed_at"))


def _line(row: dict[str, Any], measures: Sequence[Measure]) -> Line:
    said = {}
    for measure in measures:
        below = row.get(measure.denominator)
        is_rate = measure.unit is not Unit.COUNT
        said[measure.key] = Value(
            measure=measure,
            above=float(row[measure.numerator] or 0),
            below=float(below or 0) if is_rate else None,
            is_known=measure.known is None or bool(row[measure.witness]),
        )
    return Line(key=row["group"], weight=float(row["weight_of_closed"] or 0), values=said)


def excluded(rows: QuerySet[CaseFact], period: Period) -> dict[str, int]:
    """How many events told in the period are left out, by why."""
    found = rows.filter(period.within("opened_at")).exclude(excluded="").values("excluded").annotate(n=Count("pk"))
    return {row["excluded"]: row["n"] for row in found}


def behind(rows: QuerySet[CaseFact], measure: Measure, period: Period, *, missed: bool = False) -> QuerySet[CaseFact]:
    """The facts behind an indicator: those its numerator counts, or with `missed` those only its denominator does."""
    if not missed or measure.below is None:
        return rows.filter(measure.above(period), excluded="")
    met = CaseFact.objects.filter(measure.above(period))
    return rows.filter(measure.below(period), excluded="").exclude(pk__in=met.values("pk"))


def as_of() -> datetime | None:
    """The last moment the facts know of; None while there are none."""
    latest: datetime | None = CaseFact.objects.aggregate(at=Max("event__changed_at"))["at"]
    return latest
