"""Later deliveries: files sent twice or late, columns that came, went or changed type, rows added and removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.truth_findings import Tally
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.rehearsal.later import deliveries
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.gathering.actions import decide_change
from citybrain.warehouse.gathering.models import Delivery, GatherRun, SchemaChange, SourceTable
from citybrain.warehouse.governance.models import GovernRun

Row = dict[str, Any]

NEEDS_GOVERNING = {"late-delivery", "column-type-changed"}
"""Kinds that show only in what governing makes of the rows."""

CHANGES = {
    "column-added": SchemaChange.Kind.ADDED,
    "column-lost": SchemaChange.Kind.LOST,
    "column-type-changed": SchemaChange.Kind.TYPE,
}


@dataclass
class Deliveries:
    """What became of the later deliveries."""

    kinds: dict[str, Tally] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    """For each table and day what gathering booked, and what truly happened."""
    alarms: list[str] = field(default_factory=list)
    """Schema changes that no delivery made."""

    def summary(self) -> dict[str, Any]:
        """Rows by delivery, and changes that were none."""
        return {"rows": self.rows, "alarms": self.alarms}


def judge_deliveries(truth: Path, citybrain: Callable[..., object]) -> Deliveries:
    """Let every later delivery arrive, gather it the same day, and compare the books with the truth."""
    judged = Deliveries()
    known = [row for row in pq.read_table(truth / "defects.parquet").to_pylist() if row["row_number"] is None]
    changed = pq.read_table(truth / "changes.parquet").to_pylist()
    datasets = sorted({row["dataset"] for row in (*known, *changed)})
    tables = SourceTable.objects.filter(dataset__key__in=datasets).select_related("source", "dataset")
    before = {table.dataset.key: table.dataset.standard_rows for table in tables}
    sources = sorted({table.source.key for table in tables})
    for day in deliveries(truth.parent):
        citybrain("county", "deliver", str(day))
        earlier = set(GatherRun.objects.values_list("pk", flat=True))
        citybrain("gather", *sources)
        today = [row for row in changed if row["delivery"] == day]
        for run in GatherRun.objects.exclude(pk__in=earlier).select_related("table__dataset"):
            if run.table.dataset.key in datasets and run.table.mode != SourceTable.Mode.FULL:
                judged.rows.append(_rows_of(run, day, today))
    decide(sorted({row["dataset"] for row in known if row["kind"] == "column-lost"}))
    for dataset in sorted({row["dataset"] for row in known if row["kind"] in NEEDS_GOVERNING}):
        citybrain("govern", dataset)
    for row in known:
        tally = judged.kinds.setdefault(row["kind"], Tally(is_error=row["is_error"]))
        tally.seeded += 1
        tally.knowable += 1
        tally.found += _is_noticed(row, before)
    lost = {row["dataset"] for row in known if row["kind"] == "column-lost"}
    expected = {(row["dataset"], CHANGES[row["kind"]]) for row in known if row["kind"] in CHANGES}
    # Until a person decides, what was lost is missed again by every delivery that follows.
    expected |= {(dataset, SchemaChange.Kind.LOST) for dataset in lost}
    judged.alarms = [
        f"{change.dataset.key}: {change.column} {change.kind}"
        for change in SchemaChange.objects.select_related("dataset")
        if (change.dataset.key, change.kind) not in expected
    ]
    return judged


def decide(datasets: list[str]) -> None:
    """A person accepts the columns lost, so that what came after them is served."""
    pending = SchemaChange.objects.filter(dataset__key__in=datasets, decision=SchemaChange.Decision.PENDING)
    for change in pending:
        decide_change(change, accept=True, actor=SYSTEM)


def _is_unreadable(dataset: Dataset) -> bool:
    """Whether governing could read hardly any value of some column: a text file has no types that could change."""
    run = GovernRun.objects.filter(dataset=dataset, state=GovernRun.State.DONE).latest("started_at")
    return any(one["rule"].endswith(".readable") and one["rows"] > 0.9 * run.rows_in for one in run.problems)


def _is_noticed(row: Row, before: dict[str, int]) -> bool:
    """Whether gathering did with a later delivery what it should."""
    dataset = Dataset.objects.get(key=row["dataset"])
    if kind := CHANGES.get(row["kind"]):
        changes = SchemaChange.objects.filter(dataset=dataset, kind=kind)
        if row["kind"] == "column-type-changed" and not changes:
            return _is_unreadable(dataset)
        return any(change.decision == SchemaChange.Decision.ACCEPTED or row["is_error"] for change in changes)
    delivery = Delivery.objects.filter(table__dataset=dataset, path=row["delivery"]).first()
    if delivery is None or delivery.is_refused:
        return False
    if row["kind"] == "repeated-delivery":
        return delivery.repeats is not None
    # The late file says again what a newer one said: taken, and counted as duplicates.
    return dataset.standard_rows == before[dataset.key]


def _rows_of(run: GatherRun, day: int, truth: list[Row]) -> dict[str, Any]:
    """What the books say of one table on one day, beside the truth."""
    kinds = Counter(row["change"] for row in truth if row["dataset"] == run.table.dataset.key)
    booked = {name: getattr(run, f"rows_{name}") or 0 for name in ("added", "changed", "removed")}
    is_right = None
    if run.table.mode == SourceTable.Mode.COMPARE:
        is_right = all(booked[name] == kinds[name] for name in booked)
    elif run.table.mode == SourceTable.Mode.INCREMENTAL:
        is_right = run.rows_loaded == kinds["added"] + kinds["changed"]
    return {
        "dataset": run.table.dataset.key,
        "day": day,
        "state": run.state,
        "read": run.rows_read,
        "loaded": run.rows_loaded,
        "skipped": run.rows_skipped,
        "truth": dict(kinds),
        "right": is_right,
    }
