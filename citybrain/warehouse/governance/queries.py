"""Questions about what governance found: problem rows page by page, counts, the last run, a run's rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Subquery

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Vouched, demand_scoped, scoped, scoped_one, vouched
from citybrain.kernel.lake.query import query
from citybrain.kernel.lake.tables import Lake, TableName
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.governance.models import GovernRun
from citybrain.warehouse.permissions import VIEW

PAGE = 50
LARGEST_PAGE = 1000


@dataclass(frozen=True, kw_only=True)
class ProblemFilter:
    """What to show of a dataset's problem rows; empty means all."""

    field: str = ""
    rule: str = ""
    severity: str = ""
    row: int | None = None
    text: str = ""
    """Part of what was seen or of the row's key, as masked."""


@dataclass(frozen=True, kw_only=True)
class ProblemPage:
    """One page of problem rows."""

    rows: Vouched[dict[str, Any]]
    total: int
    offset: int


def last_run(dataset: Dataset, actor: Actor) -> GovernRun | None:
    """The newest finished run of `dataset`; None as well when the person may not see what it found."""
    newest = GovernRun.objects.filter(dataset=dataset, state=GovernRun.State.DONE).values("pk")[:1]
    try:
        return scoped_one(GovernRun.objects.select_related("dataset"), actor, VIEW, pk=Subquery(newest))
    except GovernRun.DoesNotExist:
        return None


def runs(dataset: Dataset, actor: Actor) -> QuerySet[GovernRun]:
    """The runs of `dataset`, finished or not, newest first."""
    found = GovernRun.objects.filter(dataset=dataset).select_related("dataset").defer("profile", "standardised")
    return scoped(found, actor, VIEW)


def problem_rows(
    run: GovernRun,
    lake: Lake,
    actor: Actor,
    *,
    only: ProblemFilter | None = None,
    offset: int = 0,
    limit: int = PAGE,
) -> ProblemPage:
    """Problem rows of `run` in the order of the raw rows, of the version of the problem table that run made.

    Raises Unscoped unless `run` was asked for on behalf of a person.
    """
    demand_scoped(run)
    offset, limit = max(0, offset), max(1, min(limit, LARGEST_PAGE))
    if run.problem_snapshot is None:
        return ProblemPage(rows=vouched((), actor, VIEW), total=0, offset=offset)
    where, parameters = _conditions(only or ProblemFilter())
    found = query(
        lake,
        f"SELECT *, count(*) OVER () AS total FROM problem {where} ORDER BY row, field, rule LIMIT ? OFFSET ?",  # noqa: S608
        tables={"problem": TableName(namespace="problem", name=run.dataset.table)},
        snapshots={"problem": run.problem_snapshot},
        parameters=[*parameters, limit, offset],
    ).to_pylist()
    total = found[0]["total"] if found else 0
    for row in found:
        del row["total"]
    return ProblemPage(rows=vouched(found, actor, VIEW), total=total, offset=offset)


def _conditions(only: ProblemFilter) -> tuple[str, list[Any]]:
    """The WHERE clause, made of fixed words only; what a person typed goes through parameters."""
    parts: list[str] = []
    parameters: list[Any] = []
    for column in ("field", "rule", "severity"):
        if value := getattr(only, column):
            parts.append(f"{column} = ?")
            parameters.append(value)
    if only.row is not None:
        parts.append("row = ?")
        parameters.append(only.row)
    if only.text:
        parts.append("(contains(coalesce(seen, ''), ?) OR contains(coalesce(row_key, ''), ?))")
        parameters += [only.text, only.text]
    return ("WHERE " + " AND ".join(parts) if parts else ""), parameters


def problem_counts(run: GovernRun) -> list[dict[str, Any]]:
    """The findings of `run` that occurred, most frequent first: field, element, rule, severity, rows."""
    return sorted((problem for problem in run.problems if problem["rows"]), key=lambda problem: -problem["rows"])


def profile(run: GovernRun) -> dict[str, Any]:
    """{column: profile} of `run`."""
    return dict(run.profile)
