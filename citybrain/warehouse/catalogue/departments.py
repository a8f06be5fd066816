"""Who provides what, and how well: a line for every body of the county, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import Coalesce

from citybrain.declare.words import UpdateCycle
from citybrain.kernel.identity.models import Organisation
from citybrain.warehouse.catalogue.freshness import CLOCK_TOLERANCE, VERY_LATE_CYCLES, promised_age
from citybrain.warehouse.catalogue.models import Dataset, Field, Score
from citybrain.warehouse.catalogue.queries import BOUND, latest_scores


@dataclass(frozen=True, kw_only=True)
class Line:
    """One body's datasets in numbers."""

    organisation: Organisation
    datasets: int
    gathered: int
    """Datasets of which a version is served."""
    rows: int
    """Rows gathered."""
    standard_rows: int
    problem_rows: int
    """Rows with at least one finding."""
    score: float | None
    """Of the last roll-up; None when nothing was judged."""
    fresh: int
    late: int
    very_late: int
    unknown: int
    """Gathered datasets whose freshness nothing tells."""
    held: int
    """Datasets that wait for a decision about changed columns."""
    data_at: datetime | None
    """When its newest data were made."""

    @property
    def problem_share(self) -> float | None:
        """Rows with findings among rows gathered, 0-1; None without rows."""
        return self.problem_rows / self.rows if self.rows else None


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The sums of all lines."""

    departments: int
    """Bodies with at least one dataset."""
    datasets: int
    gathered: int
    fields: int
    bound_fields: int
    """Fields governed by an element."""
    rows: int
    standard_rows: int
    problem_rows: int
    score: float | None
    """The county's, of the last roll-up."""
    fresh: int
    late: int
    very_late: int
    unknown: int
    held: int


def lines(*, now: datetime) -> tuple[Line, ...]:
    """Every department, and every town or zone that provides something, in the county's order; three queries."""
    facts = {fact["provider"]: fact for fact in _facts(now)}
    scores = latest_scores(Score.Subject.DEPARTMENT)
    return tuple(
        _line(organisation, facts.get(organisation.pk, {}), scores.get(organisation.key))
        for organisation in Organisation.objects.exclude(kind__in=Organisation.INNER).order_by("position", "key")
        if organisation.pk in facts or organisation.kind not in Organisation.AREAS
    )


def totals(found: Sequence[Line]) -> Totals:
    """The sums of `found`, with the county's score and its fields; two more queries."""
    fields = Field.objects.filter(is_gone=False).aggregate(
        all=Count("pk"), bound=Count("pk", filter=Q(match__in=BOUND))
    )
    county = latest_scores(Score.Subject.COUNTY).get("")

    def total(name: str) -> int:
        return sum(getattr(line, name) for line in found)

    return Totals(
        departments=sum(1 for line in found if line.datasets),
        datasets=total("datasets"),
        gathered=total("gathered"),
        fields=fields["all"],
        bound_fields=fields["bound"],
        rows=total("rows"),
        standard_rows=total("standard_rows"),
        problem_rows=total("problem_rows"),
        score=county.score if county else None,
        fresh=total("fresh"),
        late=total("late"),
        very_late=total("very_late"),
        unknown=total("unknown"),
        held=total("held"),
    )


def is_fresh(now: datetime) -> Q:
    """Datasets within their promised cycle: the condition that `freshness` computes for one."""
    return _aged(now, 0, 1)


def is_late(now: datetime) -> Q:
    """Datasets past their cycle, but not by VERY_LATE_CYCLES."""
    return _aged(now, 1, VERY_LATE_CYCLES)


def is_very_late(now: datetime) -> Q:
    """Datasets past VERY_LATE_CYCLES of their promised cycles."""
    return reduce(
        or_,
        (
            Q(cycle=cycle.value, data_at__lt=now - VERY_LATE_CYCLES * promised)
            for cycle in UpdateCycle
            if (promised := promised_age(cycle)) is not None
        ),
    )


def _aged(now: datetime, more_than: int, at_most: int) -> Q:
    """Datasets whose data are older than `more_than` and no older than `at_most` promised cycles."""
    conditions = []
    for cycle in UpdateCycle:
        promised = promised_age(cycle)
        if promised is None:
            continue
        aged = Q(cycle=cycle.value, data_at__gte=now - at_most * promised)
        # A clock a little ahead still counts as now; one further ahead is not believed.
        younger = Q(data_at__lte=now + CLOCK_TOLERANCE) if more_than == 0 else Q(data_at__lt=now - more_than * promised)
        conditions.append(aged & younger)
    return reduce(or_, conditions)


def _facts(now: datetime) -> list[dict[str, object]]:
    found = Dataset.objects.order_by().values("provider")
    return list(
        found.annotate(
            datasets=Count("pk"),
            gathered=Count("pk", filter=Q(raw_snapshot__isnull=False)),
            rows=Coalesce(Sum("raw_rows"), 0),
            standard=Coalesce(Sum("standard_rows"), 0),
            problems=Coalesce(Sum("problem_rows"), 0),
            fresh=Count("pk", filter=is_fresh(now)),
            late=Count("pk", filter=is_late(now)),
            very_late=Count("pk", filter=is_very_late(now)),
            held=Count("pk", filter=Q(state=Dataset.State.HELD)),
            newest=Max("data_at"),
        )
    )


def _line(organisation: Organisation, fact: dict[str, object], score: Score | None) -> Line:
    def number(name: str) -> int:
        found = fact.get(name, 0)
        return found if isinstance(found, int) else 0

    newest = fact.get("newest")
    dated = number("fresh") + number("late") + number("very_late")
    return Line(
        organisation=organisation,
        datasets=number("datasets"),
        gathered=number("gathered"),
        rows=number("rows"),
        standard_rows=number("standard"),
        problem_rows=number("problems"),
        score=score.score if score else None,
        fresh=number("fresh"),
        late=number("late"),
        very_late=number("very_late"),
        unknown=max(0, number("gathered") - dated),
        held=number("held"),
        data_at=newest if isinstance(newest, datetime) else None,
    )
