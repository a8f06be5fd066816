"""The verbs of gathering: register sources, gather a table, decide about drift.

A load passes four commits, and may die between any two of them:

    run opened -> [files written] -> prepared (all facts in the database) -> published (Iceberg) -> finished (database)

Before *prepared* nothing happened: the load is read again from the old watermark. From *prepared* on, everything needed
to finish is in the run's row, the lake knows the load by its name, and whoever comes next finishes it, once.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.lake.tables import Lake, TableName
from citybrain.kernel.lake.tables import lake as installed_lake
from citybrain.warehouse.catalogue.actions import hold, record_gathered, release
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.gathering import publishing
from citybrain.warehouse.gathering.drift import LOST, TYPE, Drift, drift
from citybrain.warehouse.gathering.errors import GatheringError
from citybrain.warehouse.gathering.faults import failpoint
from citybrain.warehouse.gathering.intake import Intake, take_in
from citybrain.warehouse.gathering.landing import schema_named
from citybrain.warehouse.gathering.models import Delivery, GatherRun, QuarantineItem, SchemaChange, SourceTable
from citybrain.warehouse.gathering.quarantine import Segment
from citybrain.warehouse.gathering.registration import register_source, register_sources, scan

__all__ = ["decide_change", "gather_table", "register_source", "register_sources", "scan"]

State = GatherRun.State
Decision = SchemaChange.Decision


def gather_table(
    table: SourceTable, *, lake: Lake, load: str, progress: Callable[[int], None] | None = None
) -> GatherRun:
    """Gather one table as part of load `load` (the job's stable id) and return its run.

    Repeating a load gives the run it made. A run that cannot go on comes back as `failed`, with its error, and the last
    good version stays served; only faults of this system itself (a full disk, a bug) are raised, after they were
    recorded. `progress` is told the rows of each batch.
    """
    name = load if load.endswith(f":{table.dataset.key}") else f"{load}:{table.dataset.key}"
    with _alone(table):
        table.refresh_from_db(fields=["watermark_value", "content_hash"])
        run = None
        for earlier in table.runs.filter(Q(state__in=(State.PREPARED, State.HELD)) | Q(load=name)).order_by("pk"):
            if earlier.state == State.PREPARED:
                _finish(earlier, table, lake)
            if earlier.load == name:
                run = earlier
        is_new = run is None
        if run is None:
            run = GatherRun.objects.create(load=name, table=table, watermark_before=table.watermark_value)
        if run.state not in (State.RUNNING, State.FAILED):
            return run
        failpoint("gathering-opened")
        _gather(run, table, lake, progress, is_new=is_new)
        return run


def decide_change(change: SchemaChange, *, accept: bool, actor: Actor, lake: Lake | None = None) -> GatherRun:
    """Accept or refuse one lost or changed column of a held load, in the name of `actor`.

    When all its changes are accepted the load is published from the files kept aside, without reading the source again;
    one refusal refuses the load, and its deliveries are not read again. `lake` is by default the installation's own.
    Raises GatheringError when it was decided before, or a newer delivery replaced it.
    """
    run = change.run
    table = run.table
    with _alone(table):
        run.refresh_from_db()
        change.refresh_from_db()
        if change.decision != Decision.PENDING or run.state != State.HELD:
            raise GatheringError(
                _("%(column)s was decided before or replaced by a newer delivery: reload the page.")
                % {"column": change.column}
            )
        with transaction.atomic():
            change.decision = Decision.ACCEPTED if accept else Decision.REFUSED
            change.decided_by_id = actor.user_id
            change.decided_at = timezone.now()
            change.save(update_fields=["decision", "decided_by", "decided_at"])
            if not accept:
                _refuse(run, table)
            elif not run.schema_changes.filter(decision=Decision.PENDING).exists():
                run.state = State.PREPARED
                run.save(update_fields=["state"])
        if run.state == State.PREPARED:
            _finish(run, table, lake or installed_lake())
        elif run.state == State.REFUSED:
            publishing.remove(run.plan.get("files", []))
    return run


@contextmanager
def _alone(table: SourceTable) -> Iterator[None]:
    """Hold the table for this process; the lock dies with it."""
    folder = Path(settings.HOME) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"gathering-{table.pk}").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise GatheringError(
                _("%(table)s is being gathered by another process: wait for it to end.") % {"table": table.dataset}
            ) from error
        yield


def _gather(
    run: GatherRun, table: SourceTable, lake: Lake, progress: Callable[[int], None] | None, *, is_new: bool
) -> None:
    dataset = table.dataset
    began = time.thread_time()
    served = _served(dataset)
    quarantine = Segment(Path(settings.HOME) / "quarantine")
    try:
        intake = take_in(
            table,
            lake=lake,
            quarantine=quarantine,
            expected=schema_named(served) if served else None,
            progress=progress,
        )
        try:
            intake.check()
            plan = _plan(intake, table, lake, served)
        except BaseException:
            intake.landing.discard()
            raise
    except GatheringError as error:
        _fail(run, quarantine, error, time.thread_time() - began)
        return
    except Exception as error:
        _fail(run, quarantine, error, time.thread_time() - began)
        raise
    run.cpu_seconds = time.thread_time() - began
    _prepare(run, table, intake, plan, served, is_new=is_new)
    if run.state == State.PREPARED:
        failpoint("gathering-prepared")
        _finish(run, table, lake)
        run.cpu_seconds = time.thread_time() - began


def _served(dataset: Dataset) -> list[list[str]]:
    """[[column, type], ...] of the version served; empty when none is."""
    if dataset.raw_snapshot is None:
        return []
    version = dataset.versions.filter(snapshot=dataset.raw_snapshot).order_by("-id").first()
    return version.schema if version is not None else []


def _plan(intake: Intake, table: SourceTable, lake: Lake, served: list[list[str]]) -> dict[str, Any]:
    """What publishing needs, as JSON; the files are durable when this returns."""
    landing = intake.landing
    is_whole = table.mode != SourceTable.Mode.INCREMENTAL
    content = landing.hashes.content
    plan: dict[str, Any] = {
        "files": [],
        "schema": [[item.name, str(item.type)] for item in landing.schema] if landing.files else [],
        "replace": is_whole and bool(served),
        "is_first": not served,
        "rows": landing.rows,
        "deliveries": intake.deliveries,
        "watermark": intake.watermark,
        "data_at": intake.data_at.isoformat() if intake.data_at else None,
        "content": content if landing.files and is_whole else "",
        "checksum": content,
        "sparse": intake.is_sparse,
    }
    if intake.is_unchanged or not landing.files:
        if is_whole and not intake.is_unchanged:
            raise GatheringError(
                _("%(table)s delivered neither rows nor columns: the last version stays served.")
                % {"table": table.name}
            )
        landing.discard()
        return plan
    if table.mode == SourceTable.Mode.COMPARE and served:
        if content == table.content_hash:
            intake.rows_skipped += landing.rows
            landing.rows = 0
            landing.discard()
            intake.is_unchanged = True
            return plan | {"schema": []}
        plan["difference"] = publishing.compare(lake, _raw(table), landing, table.primary_key)
    if not is_whole and not landing.rows and served:
        landing.discard()
        return plan
    publishing.make_durable(landing.files)
    return plan | {"files": landing.files}


def _prepare(
    run: GatherRun,
    table: SourceTable,
    intake: Intake,
    plan: dict[str, Any],
    served: list[list[str]],
    *,
    is_new: bool,
) -> None:
    """Write down everything the load found; from here on it can be finished without the source."""
    drifts = _drifts(intake, plan, served)
    plan["retype"] = any(item.kind == TYPE for item in drifts)
    is_held = bool(plan["files"]) and any(item.needs_decision for item in drifts)
    items = intake.quarantine.close()
    now = timezone.now()
    run.state = State.HELD if is_held else State.PREPARED
    run.rows_read = intake.rows_read
    run.rows_quarantined = intake.quarantine.rows
    run.rows_skipped = intake.rows_skipped
    run.rows_loaded = intake.landing.rows
    run.bytes = intake.landing.bytes
    run.checksum = plan["checksum"]
    run.note = " ".join(intake.notes)[:300]
    run.error = ""
    run.watermark_after = plan["watermark"]
    run.plan = plan
    if difference := plan.get("difference"):
        run.rows_added, run.rows_changed, run.rows_removed = difference
    if is_held:
        run.finished_at = now
    with transaction.atomic():
        stale = _supersede(table)
        if not is_new:  # what an attempt that failed left behind
            run.quarantine.all().delete()
            run.schema_changes.all().delete()
        run.save()
        if items:
            QuarantineItem.objects.bulk_create((QuarantineItem(run=run, **item) for item in items), batch_size=500)
        if drifts and plan["files"]:
            SchemaChange.objects.bulk_create(
                SchemaChange(
                    dataset=table.dataset,
                    run=run,
                    kind=item.kind,
                    column=item.column,
                    before=item.before,
                    after=item.after,
                    decision=Decision.PENDING if item.needs_decision else Decision.ACCEPTED,
                )
                for item in drifts
            )
        if is_held:
            hold(table.dataset)
            _remember(run, table)
    publishing.remove(stale)


def _drifts(intake: Intake, plan: dict[str, Any], served: list[list[str]]) -> list[Drift]:
    if not plan["files"]:
        return []
    found = drift(served, schema_named(plan["schema"]))
    if intake.is_sparse and not plan["replace"]:
        found = [item for item in found if item.kind != LOST]
    return found


def _finish(run: GatherRun, table: SourceTable, lake: Lake) -> None:
    """Publish a prepared run and book it; repeating it after a crash changes nothing."""
    plan = run.plan
    dataset = table.dataset
    snapshot = None
    if plan["files"]:
        snapshot = publishing.publish(
            lake,
            _raw(table),
            plan["files"],
            schema=schema_named(plan["schema"]),
            load=run.load,
            replace=plan["replace"],
            retype=plan["retype"],
        )
    failpoint("gathering-published")
    data_at = datetime.fromisoformat(plan["data_at"]) if plan["data_at"] else None
    with transaction.atomic():
        if snapshot is not None:
            record_gathered(
                dataset,
                snapshot=snapshot.id,
                rows=snapshot.rows,
                bytes=snapshot.bytes,
                schema=_delivered(lake, table, plan),
                data_at=data_at or dataset.data_at,
                note=run.note,
            )
            run.snapshot = snapshot.id
        elif dataset.raw_snapshot is not None:
            _seen_unchanged(dataset, data_at)
        _book_deliveries(run, table, plan)
        table.watermark_value = plan["watermark"]
        if plan["content"] and plan["files"]:
            table.content_hash = plan["content"]
        table.last_run = run
        table.save(update_fields=["watermark_value", "content_hash", "last_run"])
        run.state = State.DONE
        run.finished_at = timezone.now()
        run.plan = {}
        run.save()
    failpoint("gathering-finished")


def _delivered(lake: Lake, table: SourceTable, plan: dict[str, Any]) -> pa.Schema:
    """The columns now served: the delivery's, and where rows were added those of the table they joined."""
    delivered = schema_named(plan["schema"])
    if plan["is_first"] or plan["replace"] or not (plan["sparse"] or plan["retype"]):
        return delivered
    whole = lake.schema(_raw(table))
    return whole if plan["sparse"] else pa.schema([whole.field(name) for name in delivered.names])


def _seen_unchanged(dataset: Dataset, data_at: datetime | None) -> None:
    """The source was asked and had nothing new: what is served is as fresh as now."""
    dataset.gathered_at = timezone.now()
    dataset.data_at = data_at or dataset.data_at
    dataset.save(update_fields=["gathered_at", "data_at"])


def _book_deliveries(run: GatherRun, table: SourceTable, plan: dict[str, Any], *, is_refused: bool = False) -> None:
    if not plan["deliveries"]:
        return
    is_whole = table.mode != SourceTable.Mode.INCREMENTAL
    if is_whole and plan["files"] and not is_refused:
        table.deliveries.filter(is_current=True).update(is_current=False)
    for facts in plan["deliveries"]:
        facts = dict(facts)
        repeats = facts.pop("repeats")
        original = table.deliveries.filter(sha256=facts["sha256"], repeats=None).first() if repeats else None
        refused = facts.pop("is_refused") or is_refused
        Delivery.objects.update_or_create(
            table=table,
            path=facts["path"],
            sha256=facts["sha256"],
            defaults={
                "run": run,
                "size": facts["size"],
                "modified_at": datetime.fromisoformat(facts["modified_at"]),
                "rows": facts["rows"],
                "is_refused": refused,
                "is_current": not refused,
                # What once came as a repetition stays one, also when a whole delivery is read anew with it.
                **({"repeats": original} if original is not None else {}),
            },
        )


def _supersede(table: SourceTable) -> list[str]:
    """Put aside the load still waiting for a decision: a newer delivery was read. The files to remove are returned."""
    stale: list[str] = []
    for old in table.runs.filter(state=State.HELD):
        old.schema_changes.filter(decision=Decision.PENDING).update(decision=Decision.SUPERSEDED)
        stale += old.plan.get("files", [])
        old.state = State.SUPERSEDED
        old.plan = {}
        old.save(update_fields=["state", "plan"])
        release(table.dataset)
    return stale


def _refuse(run: GatherRun, table: SourceTable) -> None:
    run.schema_changes.filter(decision=Decision.PENDING).update(decision=Decision.REFUSED)
    _book_deliveries(run, table, run.plan, is_refused=True)
    run.state = State.REFUSED
    run.save(update_fields=["state"])
    release(table.dataset)


def _fail(run: GatherRun, quarantine: Segment, error: Exception, cpu: float) -> None:
    """Record a load that could not go on; bytes already in quarantine stay there, for they explain it."""
    items = quarantine.close()
    with transaction.atomic():
        run.state = State.FAILED
        run.error = str(error) or type(error).__name__
        run.rows_loaded = run.rows_skipped = 0
        run.rows_read = run.rows_quarantined = quarantine.rows
        run.cpu_seconds = cpu
        run.finished_at = timezone.now()
        run.save()
        run.quarantine.all().delete()
        QuarantineItem.objects.bulk_create((QuarantineItem(run=run, **item) for item in items), batch_size=500)
        _remember(run, run.table)


def _remember(run: GatherRun, table: SourceTable) -> None:
    table.last_run = run
    table.save(update_fields=["last_run"])


def _raw(table: SourceTable) -> TableName:
    return TableName(namespace="raw", name=table.dataset.table)
