"""The verb of the room: govern a dataset, once per load, however often it is asked."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from citybrain.declare.element import Element
from citybrain.declare.rule import Rule, Severity
from citybrain.kernel.lake.tables import Lake, Snapshot, TableName
from citybrain.warehouse.catalogue.actions import record_governed
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.governance.actions_scores import record_scores
from citybrain.warehouse.governance.findings import SCHEMA as PROBLEM_SCHEMA
from citybrain.warehouse.governance.governing import Outcome, Pass
from citybrain.warehouse.governance.intake import RawRows
from citybrain.warehouse.governance.models import GovernRun
from citybrain.warehouse.governance.plan import DUPLICATE, KEY_CONFLICT, SUPERSEDED, TablePlan, plan_table
from citybrain.warehouse.governance.profile import drift
from citybrain.warehouse.governance.quality import DatasetFindings, FieldFindings
from citybrain.warehouse.governance.rows import Known


def govern_dataset(
    dataset: Dataset,
    *,
    elements_by_column: Mapping[str, Element],
    rules: Iterable[Rule],
    lake: Lake,
    load: str,
    today: datetime.date,
    quarantined: int = 0,
    progress: Callable[[int], None] | None = None,
) -> GovernRun:
    """Govern the raw rows `dataset` now serves; publish standard, held and problem rows, profile, scores.

    A load already done is returned as it is; one that was cut short is done again from the same raw snapshot and
    publishes nothing twice. `quarantined` counts rows of the delivery that gathering could not read. Raises
    LookupError when nothing was gathered.
    """
    run, made = GovernRun.objects.get_or_create(
        load=load,
        defaults={
            "dataset": dataset,
            "today": today,
            "raw_snapshot": dataset.raw_snapshot,
            "started_at": timezone.now(),
        },
    )
    if run.state == GovernRun.State.DONE and not made:
        return run
    started = time.process_time()
    try:
        raw = RawRows(lake, TableName(namespace="raw", name=dataset.table), run.raw_snapshot)
        plan = plan_table(
            raw.schema.names,
            elements=elements_by_column,
            rules=rules,
            key=dataset.primary_key,
            watermark=dataset.watermark,
            references=[reference["column"] for reference in dataset.references],
        )
        one_pass = Pass(
            plan,
            raw,
            lake=lake,
            table=dataset.table,
            today=run.today,
            known=_known(dataset, plan, lake),
            progress=progress,
        )
        outcome = one_pass.run()
        _publish(run, dataset, outcome, lake)
    except Exception as error:
        run.state, run.error, run.finished_at = GovernRun.State.FAILED, str(error), timezone.now()
        run.save()
        raise
    _record(run, dataset, plan, outcome)
    run.cpu_seconds = round(time.process_time() - started, 4)
    # All of it or nothing: a load found done must not lack its score because the process died in between.
    with transaction.atomic():
        run.save()
        record_governed(
            dataset,
            snapshot=run.standard_snapshot,
            rows=run.rows_standard,
            problem_rows=run.rows_with_problem,
            score=None,
            at=run.finished_at,
        )
        record_scores(dataset, findings_of_run(run, dataset, quarantined=quarantined), at=run.finished_at)
    return run


def _known(dataset: Dataset, plan: TablePlan, lake: Lake) -> dict[int, Known]:
    """The values foreign keys may hold, by column: those of the other dataset's standard and held rows.

    A row held back for another fault is there all the same. Read as the last finished run left them, so that a run
    under way beside this one shows neither half. A dataset that was never gathered proves nothing, so its references
    are left out.
    """
    positions = {plan.columns[column]: column for column, _kind in plan.references}
    known: dict[int, Known] = {}
    for reference in dataset.references:
        other = Dataset.objects.filter(key=reference["dataset"]).first()
        if other is None or reference["column"] not in positions:
            continue
        values = Known()
        for table, snapshot in _rows_of(other, itself=other.pk == dataset.pk):
            if reference["field"] in lake.schema(table, snapshot=snapshot).names:
                for batch in lake.batches(table, snapshot=snapshot, columns=[reference["field"]]):
                    values.add(batch.column(0))
        if values.parts:
            values.finish()
            known[positions[reference["column"]]] = values
    return known


def _rows_of(dataset: Dataset, *, itself: bool) -> list[tuple[TableName, int]]:
    """Tables and snapshots that together hold every row of `dataset`: as governed, or raw when it never was."""
    last = None if itself else GovernRun.objects.filter(dataset=dataset, state=GovernRun.State.DONE).first()
    if last is None:
        found = {"raw": dataset.raw_snapshot}
    else:
        found = {"standard": last.standard_snapshot, "held": last.held_snapshot}
    return [
        (TableName(namespace=namespace, name=dataset.table), snapshot)
        for namespace, snapshot in found.items()
        if snapshot is not None
    ]


def _publish(run: GovernRun, dataset: Dataset, outcome: Outcome, lake: Lake) -> None:
    def publish(namespace: str, files: Sequence[str], schema: pa.Schema) -> int | None:
        table = TableName(namespace=namespace, name=dataset.table)
        snapshot = _replace(lake, table, files, schema, run.load)
        return None if snapshot is None else snapshot.id

    # Problems first: whoever sees the new standard rows finds what was said about them.
    run.problem_snapshot = publish("problem", outcome.problem_files, PROBLEM_SCHEMA)
    run.held_snapshot = publish("held", outcome.held_files, outcome.held_schema)
    run.standard_snapshot = publish("standard", outcome.standard_files, outcome.standard_schema)


def _replace(lake: Lake, table: TableName, files: Sequence[str], schema: pa.Schema, load: str) -> Snapshot | None:
    """Make `files` the whole content of `table`; no table is made for no rows, and one that is empty stays as it is."""
    if lake.exists(table):
        kept = lake.schema(table)
        if any(name in kept.names and kept.field(name).type != schema.field(name).type for name in schema.names):
            # Another element, another type: the table can be made again from the raw rows, so it starts afresh.
            lake.drop(table)
        elif not files and lake.snapshots(table)[-1].rows == 0:
            return lake.snapshots(table)[-1]
        else:
            return lake.publish(table, files, schema=schema, load=load, replace=True)
    return lake.publish(table, files, schema=schema, load=load, replace=True) if files else None


def _record(run: GovernRun, dataset: Dataset, plan: TablePlan, outcome: Outcome) -> None:
    before = (
        GovernRun.objects.filter(dataset=dataset, state=GovernRun.State.DONE)
        .exclude(pk=run.pk)
        .values_list("profile", flat=True)
        .first()
    ) or {}
    profiles = {}
    for column, (name, element) in enumerate(zip(plan.columns, plan.elements, strict=True)):
        profile = dict(outcome.profiles[name])
        profile["element"] = element.element.key if element else ""
        profile["type"] = str(outcome.standard_schema.field(column).type)
        if name in before:
            profile["drift"] = drift(before[name], profile)
        profiles[name] = profile
    run.state, run.error = GovernRun.State.DONE, ""
    run.rule_version = plan.version
    run.rows_in, run.rows_standard = outcome.rows_in, outcome.rows_standard
    run.rows_held, run.rows_duplicate = outcome.rows_held, outcome.rows_duplicate
    run.rows_with_problem = outcome.rows_with_problem
    run.problems = [
        {
            "field": finding.field,
            "element": finding.element,
            "rule": finding.rule,
            "severity": finding.severity.value,
            "rows": outcome.findings[number],
        }
        for number, finding in enumerate(plan.findings)
    ]
    run.standardised = outcome.standardised
    run.profile = profiles
    run.finished_at = timezone.now()


def findings_of_run(run: GovernRun, dataset: Dataset, *, quarantined: int = 0) -> DatasetFindings:
    """The numbers of a run in the form quality scores are computed from."""
    fields: dict[str, dict[str, int]] = {name: {} for name, profile in run.profile.items() if profile["element"]}
    notices: dict[str, set[str]] = {name: set() for name in fields}
    across: dict[str, int] = {}
    across_notices: set[str] = set()
    marks: dict[str, int] = {}
    for problem in run.problems:
        name, rule, rows = problem["field"], problem["rule"], problem["rows"]
        is_notice = problem["severity"] == Severity.NOTICE
        element = run.profile[name]["element"] if name in fields else ""
        if element and rule.startswith(f"{element}."):
            check = rule.removeprefix(f"{element}.")
            fields[name][check] = fields[name].get(check, 0) + rows
            if is_notice:
                notices[name].add(check)
        elif rule in (DUPLICATE, SUPERSEDED, KEY_CONFLICT):
            marks[rule] = rows
        else:
            across[rule] = across.get(rule, 0) + rows
            if is_notice:
                across_notices.add(rule)
    return DatasetFindings(
        rows=run.rows_in,
        fields={
            name: FieldFindings(
                rows=run.profile[name]["rows"],
                nulls=run.profile[name]["nulls"],
                failures=failures,
                notices=frozenset(notices[name]),
            )
            for name, failures in fields.items()
        },
        key_fields=frozenset(dataset.primary_key),
        duplicates=run.rows_duplicate,
        key_conflicts=marks.get(KEY_CONFLICT, 0),
        row_failures=across,
        row_notices=frozenset(across_notices),
        quarantined=quarantined,
    )
