"""Rows of a file become records (导入): looked through first, then written in batches that bear being killed.

    preview = plan_import(shape, upload, actor)      nothing is written but the file and one row about it
    run_import(preview.source, actor)                at once up to 500 rows, as a job beyond

A row with a number changes the record of that number, any other makes one. Rows that may not be written are kept with
what is wrong with them and come back as a file that can be mended and sent again.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.identity.actor import SYSTEM, Actor
from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.scope import scoped
from citybrain.kernel.identity.security_log import log_security
from citybrain.kernel.jobs.actions import enqueue
from citybrain.kernel.jobs.run import Run
from citybrain.kernel.records import blobs
from citybrain.kernel.records.actions import create_many, demand_general, edit_rows
from citybrain.kernel.records.attachments import clean_name
from citybrain.kernel.records.cells import Reader, kept, plain_text
from citybrain.kernel.records.checking import titles
from citybrain.kernel.records.heads import Head, find_heads, heads_of
from citybrain.kernel.records.import_files import keep_error_file
from citybrain.kernel.records.models import Change, Import, Record, RefusedRow
from citybrain.kernel.records.shape import Shape, record_type
from citybrain.kernel.records.sheets import LOOKED_AT, MOST_BYTES, Cells, is_blank, is_remark, rows_of

AT_ONCE = 500
"""Rows that are written while the person waits; more are a job."""

BATCH = 250
"""Rows of one transaction: a killed job loses and repeats no more, and nobody waits long for a lock."""

PREVIEWED = 100
"""Rows a preview judges."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One row of a file with what comes of it."""

    row: int
    """Row below the head, from 1."""
    cells: tuple[Any, ...]
    outcome: str
    """`created`, `updated`, `unchanged` or `refused`."""
    number: str = ""
    """Of the record it changes."""
    error: str = ""
    """Field, what is wrong, remedy; empty unless refused."""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What an import would do, judged by its first rows."""

    source: Import
    heads: tuple[Head, ...]
    total: int
    """Rows of the file."""
    first: tuple[Judged, ...]
    """The first rows, each judged as the import will."""

    def count(self, outcome: str) -> int:
        """How many of the first rows have this outcome."""
        return sum(row.outcome == outcome for row in self.first)

    @property
    def is_whole(self) -> bool:
        """Whether the first rows are all rows."""
        return len(self.first) == self.total


def plan_import(shape: Shape, upload: File[Any], actor: Actor, *, name: str = "") -> Preview:
    """Keeps the file, finds its columns and judges its first rows. Raises ValidationError for a file that is none."""
    _demand(shape, actor)
    if upload.size is not None and upload.size > MOST_BYTES:
        raise ValidationError(_("The file is larger than %d MB: split it.") % (MOST_BYTES // 1024 // 1024))
    blob = blobs.keep(upload.chunks())
    source = Import(
        kind=shape.key,
        name=clean_name(name or upload.name or ""),
        digest=blob.digest,
        user_id=actor.user_id,
        organisation_id=actor.organisation_id,
        appointment_id=actor.appointment_id,
    )
    heads, _lines = _opened(shape, source)
    if not any(head.field for head in heads):
        raise ValidationError(_("No column has the title of a field: take the template."))
    source.heads = [head.field for head in heads]
    source.save()
    return preview_of(source, actor)


def preview_of(source: Import, actor: Actor) -> Preview:
    """What the import would do. The first rows are really written, and taken back: nothing else judges them as well."""
    shape = record_type(source.kind)
    _demand(shape, actor)
    heads, lines = _opened(shape, source)
    first = list(islice(lines, PREVIEWED))
    with transaction.atomic():
        judged = _settle(shape, source, first, Reader(actor))
        transaction.set_rollback(True)
    rest = sum(1 for _line in lines)
    return Preview(source=source, heads=tuple(heads), total=len(first) + rest, first=tuple(judged))


def run_import(source: Import, actor: Actor, *, total: int | None = None) -> Import:
    """Writes the rows: now when there are few, else as a job whose id the import then carries.

    An import is started once: a second call returns it as it is. Raises PermissionDenied for somebody else's.
    """
    shape = record_type(source.kind)
    _demand(shape, actor)
    if source.user_id != actor.user_id:
        raise PermissionDenied(_("Only who looked the file through starts its import."))
    rows = total if total is not None else sum(1 for _line in _opened(shape, source)[1])
    with transaction.atomic():
        begun = Import.objects.filter(pk=source.pk, state=Import.State.PLANNED).update(state=Import.State.RUNNING)
        if begun:
            facts = {"rows": rows, "file": source.digest, "name": source.name}
            log_security(actor, "import", thing=shape.key, thing_id=source.pk, detail=facts)
            if rows > AT_ONCE:
                job = enqueue("import-records", import_id=source.pk, total=rows, requested_by=actor.name)
                Import.objects.filter(pk=source.pk).update(job_id=job.id)
    if begun and rows <= AT_ONCE:
        write_rows(source.pk, actor)
    source.refresh_from_db()
    return source


def write_rows(import_id: int, actor: Actor | None = None, run: Run | None = None, total: int | None = None) -> Import:
    """Writes every row that is not settled yet. Each batch and the count of its rows are one transaction: killed
    between two, it goes on after the last; killed within one, nothing of it was written.

    Without an `actor` it acts as the person who asked, under the same post, with the rights they have now.
    """
    source = Import.objects.select_related("user").get(pk=import_id)
    shape = record_type(source.kind)
    try:
        reader = Reader(actor or _asker(source))
        _demand(shape, reader.actor)
        lines = _opened(shape, source)[1]
        after = (line for line in lines if line[0] > source.done)
        if run is None:
            while batch := list(islice(after, BATCH)):
                _write_batch(shape, source, batch, reader)
        else:
            with run.step("rows", _("Rows"), total=total, unit=_("rows")) as progress:
                progress.advance(source.rows_read)
                while batch := list(islice(after, BATCH)):
                    _write_batch(shape, source, batch, reader)
                    progress.advance(len(batch))
        keep_error_file(shape, source)
    except (ValidationError, PermissionDenied) as error:
        told = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        Import.objects.filter(pk=source.pk).update(state=Import.State.FAILED, error=told, finished_at=timezone.now())
    else:
        Import.objects.filter(pk=source.pk).update(state=Import.State.DONE, finished_at=timezone.now())
    source.refresh_from_db()
    return source


def _demand(shape: Shape, actor: Actor) -> None:
    demand_general(shape, "import")
    if not actor.may(shape.permission("import")):
        raise PermissionDenied(_("Your post does not carry the permission %s.") % shape.permission("import").key)


def _asker(source: Import) -> Actor:
    if source.user_id is None:
        return SYSTEM
    user = User.objects.get(pk=source.user_id)
    actor = actor_for(user, source.appointment_id)
    if source.appointment_id is not None and actor.appointment_id != source.appointment_id:
        raise PermissionDenied(_("The post under which the import was asked for is no longer held."))
    return actor


Line = tuple[int, Cells]
"""A row's place below the head, from 1, and its cells."""


def _opened(shape: Shape, source: Import) -> tuple[list[Head], Iterator[Line]]:
    """The columns of the kept file, and its rows without blank ones."""
    rows = rows_of(blobs.path_of(source.digest), source.name)
    beginning = list(islice(rows, LOOKED_AT))
    place = find_heads(shape, beginning)
    if place is None:
        raise ValidationError(_("No column has the title of a field: take the template."))
    heads = heads_of(shape, beginning[place])

    def lines() -> Iterator[Line]:
        for number, cells in enumerate(chain(beginning[place + 1 :], rows), 1):
            if not is_blank(cells) and not is_remark(cells):
                yield number, cells

    return heads, lines()


def _write_batch(shape: Shape, source: Import, lines: Sequence[Line], reader: Reader) -> None:
    """Writes a batch and counts it, at once or not at all."""
    with transaction.atomic():
        _count(source, _settle(shape, source, lines, reader))


def _count(source: Import, judged: Sequence[Judged]) -> None:
    """Counts settled rows and keeps the refused ones, in the transaction that wrote the others."""
    with transaction.atomic():
        RefusedRow.objects.bulk_create(
            RefusedRow(source=source, row=one.row, cells=[kept(cell) for cell in one.cells], error=one.error)
            for one in judged
            if one.outcome == "refused"
        )
        counts = {
            f"rows_{outcome}": F(f"rows_{outcome}") + sum(one.outcome == outcome for one in judged)
            for outcome in ("created", "updated", "unchanged", "refused")
        }
        Import.objects.filter(pk=source.pk).update(
            **counts, rows_read=F("rows_read") + len(judged), done=judged[-1].row
        )


def _settle(shape: Shape, source: Import, lines: Sequence[Line], reader: Reader) -> list[Judged]:
    """Writes rows and says what came of each: all at once, or one by one when two want what only one may have."""
    if not lines:
        return []
    try:
        with transaction.atomic():
            return _settle_together(shape, source, lines, reader)
    except IntegrityError:
        if len(lines) > 1:
            return [one for line in lines for one in _settle(shape, source, [line], reader)]
        text = _("Another record has the same value where each needs its own: compare with the list.")
        return [_refused(lines[0], text)]


def _settle_together(shape: Shape, source: Import, lines: Sequence[Line], reader: Reader) -> list[Judged]:
    heads: list[str] = source.heads
    known = _known(shape, heads, lines, reader.actor)
    settled: dict[int, Judged] = {}
    new: list[tuple[Line, dict[str, Any]]] = []
    old: list[tuple[Line, Record, dict[str, Any]]] = []
    seen: set[str] = set()
    for line in lines:
        cells = dict(zip(heads, line[1], strict=False))
        number = plain_text(cells.get("number"))
        try:
            if not number:
                new.append((line, _values(shape, cells, reader, None)))
                continue
            record = known.get(number)
            if record is None:
                raise ValidationError(
                    {"number": _("No record of yours has this number: leave it empty to make a new one.")}
                )
            if number in seen:
                raise ValidationError({"number": _("An earlier row of the file has this number.")})
            seen.add(number)
            values = _values(shape, cells, reader, record)
            if values:
                _demand_unchanged(record, cells)
            old.append((line, record, values))
        except ValidationError as error:
            settled[line[0]] = _refused(line, titles(shape, error))
    reason = _("File %s") % source.name
    made = create_many(shape, [values for _line, values in new], reader.actor, verb="import", reason=reason)
    for (line, _given), result in zip(new, made, strict=True):
        settled[line[0]] = _judged(shape, line, "created", result)
    changed = edit_rows(
        shape,
        [(record, values) for _line, record, values in old],
        reader.actor,
        verb="import",
        action=Change.Action.IMPORT,
        reason=reason,
    )
    for (line, record, _given), outcome in zip(old, changed, strict=True):
        settled[line[0]] = _judged(shape, line, "updated" if outcome else "unchanged", outcome, record.number)
    return [settled[row] for row, _cells in lines]


def _judged(shape: Shape, line: Line, outcome: str, result: Any, number: str = "") -> Judged:
    if isinstance(result, ValidationError):
        return _refused(line, titles(shape, result))
    return Judged(row=line[0], cells=tuple(line[1]), outcome=outcome, number=number)


def _refused(line: Line, error: str) -> Judged:
    return Judged(row=line[0], cells=tuple(line[1]), outcome="refused", error=error)


def _known(shape: Shape, heads: Sequence[str], lines: Sequence[Line], actor: Actor) -> dict[str, Record]:
    """The records the rows name, locked, as far as the person's import reaches."""
    if "number" not in heads:
        return {}
    place = list(heads).index("number")
    numbers = {plain_text(cells[place]) for _row, cells in lines if len(cells) > place}
    rows = scoped(shape.model._default_manager.filter(removed_at=None), actor, shape.permission("import"))
    found = rows.filter(number__in=numbers - {""}).select_for_update(of=("self",))
    return {record.number: record for record in found}


def _values(shape: Shape, cells: dict[str, Any], reader: Reader, record: Record | None) -> dict[str, Any]:
    """Values of a row's fields; of a record at hand, only those that differ from what an export of it would say."""
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for field in shape.editable:
        if field.name not in cells:
            continue
        cell = cells[field.name]
        if record is not None and reader.says_the_same(field, cell, record):
            continue
        try:
            value = reader.value(field, cell)
        except ValidationError as error:
            errors[field.name] = list(error.messages)
            continue
        # An empty cell of a new row leaves what the model begins with.
        if value is not None or record is not None:
            values[field.name] = value
    if errors:
        raise ValidationError(errors)
    return values


def _demand_unchanged(record: Record, cells: dict[str, Any]) -> None:
    """Raises ValidationError when the record was changed after the file was taken from it."""
    text = plain_text(cells.get("revision"))
    if text and text != str(record.revision):
        raise ValidationError(
            _("The record was changed since: it is at revision %d. Export it anew.") % record.revision
        )
    taken = cells.get("changed_at")
    if isinstance(taken, str):
        taken = _parsed(taken)
    if isinstance(taken, datetime.datetime):
        changed = timezone.localtime(record.changed_at).replace(tzinfo=None, microsecond=0)
        if taken.second == 0:
            changed = changed.replace(second=0)
        if changed > taken.replace(microsecond=0):
            raise ValidationError(_("The record was changed since the file was exported: export it anew."))


def _parsed(text: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return None
