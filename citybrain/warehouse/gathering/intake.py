"""One table is read into unpublished files: whole, from the watermark on, or by the deliveries not yet seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.lake.tables import Lake, TableName
from citybrain.warehouse.gathering import rowhash
from citybrain.warehouse.gathering.connections import connection
from citybrain.warehouse.gathering.deliveries import Delivered, find
from citybrain.warehouse.gathering.errors import GatheringError, UnreadableDelivery
from citybrain.warehouse.gathering.faults import failpoint
from citybrain.warehouse.gathering.kinds import Way, kind_of
from citybrain.warehouse.gathering.landing import Landing, conform, widened
from citybrain.warehouse.gathering.models import Delivery, SourceTable
from citybrain.warehouse.gathering.quarantine import Segment
from citybrain.warehouse.gathering.readers import files, http_json, postgresql, sftp, sqlalchemy_url, sqlite
from citybrain.warehouse.gathering.readers.reading import Reading
from citybrain.warehouse.gathering.readers.sqlite import Since

AHEAD = timedelta(days=2)
"""A watermark further in the future is a typing error, not progress: it would hide everything that follows."""


@dataclass(kw_only=True)
class Intake:
    """What was read, not yet published."""

    landing: Landing
    quarantine: Segment
    rows_read: int = 0
    rows_skipped: int = 0
    watermark: str = ""
    data_at: datetime | None = None
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    """Fields of the `Delivery` rows to be."""
    notes: list[str] = field(default_factory=list)
    is_unchanged: bool = False
    """The files are those already served."""
    is_sparse: bool = False
    """Rows may lack columns they have no value for (JSON): absence in a few new rows is no lost column."""

    def check(self) -> None:
        """Rows read are loaded, quarantined or skipped, every one: else a reader lost some and nothing is published."""
        kept = self.landing.rows + self.quarantine.rows + self.rows_skipped
        if self.rows_read != kept:
            raise GatheringError(
                _("%(read)d rows were read but %(kept)d accounted for: nothing was published. Report this error.")
                % {"read": self.rows_read, "kept": kept}
            )


def take_in(
    table: SourceTable,
    *,
    lake: Lake,
    quarantine: Segment,
    expected: pa.Schema | None,
    progress: Callable[[int], None] | None = None,
) -> Intake:
    """Read `table` into new files beside its raw table. `expected` is the schema served; `progress` is told rows."""
    name = TableName(namespace="raw", name=table.dataset.table)
    intake = Intake(landing=Landing(new_file=lambda: lake.new_file(name)), quarantine=quarantine)
    intake.watermark = table.watermark_value
    intake.landing.expected = expected
    reader = _Reader(table=table, lake=lake, name=name, intake=intake, expected=expected, progress=progress)
    try:
        way = kind_of(table.source.kind).way
        if way is Way.DATABASE:
            reader.take(reader.database())
        elif table.source.kind == "http-json":
            intake.is_sparse = True
            reader.take(reader.interface())
        else:
            reader.deliveries()
        intake.landing.close()
    except BaseException:
        intake.landing.discard()
        raise
    failpoint("gathering-written")
    return intake


@dataclass(kw_only=True)
class _Reader:
    """Drives one reader into one intake."""

    table: SourceTable
    lake: Lake
    name: TableName
    intake: Intake
    expected: pa.Schema | None
    progress: Callable[[int], None] | None
    known: dict[int, int] | None = None
    """Hashes of the rows at the watermark's edge that are loaded already; None when nothing is compared."""

    def reading(self, place: str) -> Reading:
        return Reading(place=place, quarantine=self.intake.quarantine, expected=self.expected)

    @property
    def since(self) -> Since | None:
        """Where a read by rows begins. Files are known by their bytes instead: a late one still brings its rows."""
        table = self.table
        if table.mode != SourceTable.Mode.INCREMENTAL or not table.watermark or not table.watermark_value:
            return None
        if kind_of(table.source.kind).way is Way.FILE or table.source.kind == "sftp":
            return None
        return Since(column=table.watermark, value=table.watermark_value)

    def database(self) -> Iterator[tuple[Reading, pa.RecordBatch | None]]:
        source = self.table.source
        opened = connection(source.kind, source.address)
        reading = self.reading(self.table.name)
        if opened.file is not None:
            batches = sqlite.read(opened.file, self.table.name, since=self.since, reading=reading)
        elif opened.is_postgresql:
            batches = postgresql.read(opened, self.table.name, since=self.since, reading=reading)
        else:
            batches = sqlalchemy_url.read(opened, self.table.name, since=self.since, reading=reading)
        yield from _accounted(reading, batches)

    def interface(self) -> Iterator[tuple[Reading, pa.RecordBatch | None]]:
        source = self.table.source
        reading = self.reading(self.table.name)
        yield from _accounted(
            reading,
            http_json.read(source.address, self.table.name, options=source.options, since=self.since, reading=reading),
        )

    def take(self, stream: Iterator[tuple[Reading, pa.RecordBatch | None]]) -> None:
        """Land every batch, without the rows known already, and keep the books."""
        since = self.since
        for reading, batch in stream:
            if batch is None:  # the end of one place
                self.intake.rows_read += reading.rows
                self.intake.rows_skipped += reading.skipped
                self.intake.notes += reading.notes
                continue
            batch = widened(batch, self.expected)
            count = batch.num_rows
            if since is not None:
                batch = self._beyond(batch, since)
                self.intake.rows_skipped += count - batch.num_rows
            if self.table.watermark:
                self._advance(batch)
            self.intake.landing.add(batch)
            failpoint("gathering-batch")
            if self.progress is not None:
                self.progress(count)

    def _beyond(self, batch: pa.RecordBatch, since: Since) -> pa.RecordBatch:
        """The rows not yet loaded. A source may ignore the watermark and send all."""
        if since.column not in batch.schema.names:
            raise GatheringError(
                _("%(table)s has no column %(column)s, its watermark: correct the declaration.")
                % {"table": self.table.name, "column": repr(since.column)}
            )
        column = batch.column(since.column)
        if column.null_count < len(column):
            value = pa.scalar(since.value).cast(column.type)
            batch = batch.filter(pc.fill_null(pc.greater_equal(column, value), True))
        if self.known is None:
            self.known = self._edge(since, batch.schema)
        keep = rowhash.unknown(rowhash.row_hashes(batch), self.known)
        return batch if keep.all() else batch.filter(pa.array(keep))

    def _edge(self, since: Since, schema: pa.Schema) -> dict[int, int]:
        """The rows of the served version that a read from the watermark on delivers again."""
        if not self.lake.exists(self.name):
            return {}
        dataset = self.lake.dataset(self.name)
        if since.column not in dataset.schema.names:
            return {}
        value = pa.scalar(since.value).cast(dataset.schema.field(since.column).type)
        mark = pc.field(since.column)
        known: list[np.ndarray] = []
        for batch in dataset.to_batches(filter=(mark >= value) | mark.is_null()):
            try:
                known.append(rowhash.row_hashes(conform(batch, schema)))
            except pa.ArrowInvalid:  # the column changed its type: held for a decision anyway
                continue
        return rowhash.counted(np.concatenate(known)) if known else {}

    def _advance(self, batch: pa.RecordBatch) -> None:
        if self.table.watermark not in batch.schema.names or not batch.num_rows:
            return
        newest = newest_mark(batch.column(self.table.watermark))
        if newest is not None and (
            not self.intake.watermark or _later(newest, self.intake.watermark, batch, self.table)
        ):
            self.intake.watermark = newest
            self.intake.data_at = moment(newest) or self.intake.data_at

    def deliveries(self) -> None:
        """Take in the files that are new, or all of them when one is and the table is delivered whole."""
        table, intake = self.table, self.intake
        with self._found() as found:
            seen: dict[str, Delivery] = {}
            paths: set[tuple[str, str]] = set()
            for delivery in table.deliveries.all():
                paths.add((delivery.path, delivery.sha256))
                if delivery.sha256 not in seen or delivery.repeats_id is None:
                    seen[delivery.sha256] = delivery
            refused = {sha for sha, delivery in seen.items() if delivery.is_refused}
            candidates = [file for file in found if file.sha256 not in refused]
            is_whole = table.mode != SourceTable.Mode.INCREMENTAL
            if is_whole:
                candidates = _newest_of_each_name(candidates)
            fresh = {file.sha256: file for file in reversed(candidates) if is_whole or file.sha256 not in seen}
            current = {delivery.sha256 for delivery in seen.values() if delivery.is_current and not delivery.is_refused}
            if is_whole and current and {file.sha256 for file in candidates} == current:
                fresh = {}
                intake.is_unchanged = True
                intake.rows_read = intake.rows_skipped = sum(
                    seen[file.sha256].rows for file in {file.sha256: file for file in candidates}.values()
                )
            elif not fresh:
                intake.is_unchanged = True
            for file in reversed(fresh.values()):
                self._file(file, is_whole=is_whole)
            self._repeated(candidates, fresh, seen, paths, is_whole)

    @contextmanager
    def _found(self) -> Iterator[list[Delivered]]:
        source = self.table.source
        if source.kind == "sftp":
            with sftp.fetched(source.address, self.table.name, options=source.options) as found:
                yield found
        else:
            yield find(source.address, self.table.name)

    def _repeated(
        self,
        candidates: list[Delivered],
        fresh: dict[str, Delivered],
        seen: dict[str, Delivery],
        paths: set[tuple[str, str]],
        is_whole: bool,
    ) -> None:
        """Book the files whose bytes came before, under another name or twice at once."""
        rows = {entry["sha256"]: entry["rows"] for entry in self.intake.deliveries}
        for file in candidates:
            if fresh.get(file.sha256) is file or (file.place, file.sha256) in paths:
                continue
            before = seen.get(file.sha256)
            count = rows.get(file.sha256, before.rows if before is not None else 0)
            if not (is_whole and self.intake.is_unchanged):
                self.intake.rows_read += count
                self.intake.rows_skipped += count
            self._book(file, count, repeats=True)
            self.intake.notes.append(
                _("%(file)s was delivered before and skipped as a whole (%(rows)d rows).")
                % {"file": file.place, "rows": count}
            )

    def _file(self, file: Delivered, *, is_whole: bool) -> None:
        source = self.table.source
        kind = str(source.options.get("format", "")) if source.kind == "sftp" else source.kind
        kind = kind or files.SUFFIXES.get(file.path.suffix.lower(), "csv")
        before = self.intake.rows_read
        landed = (self.intake.landing.rows, self.intake.quarantine.rows)
        try:
            with files.opened(file.path, place=file.place, pattern=self.table.name) as parts:
                for place, path in parts:
                    reading = self.reading(place)
                    self.intake.is_sparse |= kind == "jsonl"
                    options = {**source.options, **source.options.get(self.table.dataset.key.split(".", 1)[1], {})}
                    self.take(_accounted(reading, files.read(path, kind=kind, options=options, reading=reading)))
        except UnreadableDelivery as error:
            self.intake.quarantine.add_file(file.path, place=file.place, reason=error.reason)
            if is_whole or landed != (self.intake.landing.rows, self.intake.quarantine.rows):
                # Without it the whole would not be whole, or half of it is landed: the run fails.
                raise
            self.intake.notes.append(str(error))
            self._book(file, 0, is_refused=True)
            return
        self._book(file, self.intake.rows_read - before)
        if self.intake.data_at is None or not self.table.watermark:
            self.intake.data_at = max(self.intake.data_at or file.modified_at, file.modified_at)

    def _book(self, file: Delivered, rows: int, *, repeats: bool = False, is_refused: bool = False) -> None:
        facts = asdict(file)
        facts.pop("path")
        facts["path"] = facts.pop("place")[:500]
        facts["modified_at"] = file.modified_at.isoformat()
        self.intake.deliveries.append({**facts, "rows": rows, "repeats": repeats, "is_refused": is_refused})


def _accounted(reading: Reading, batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[Reading, pa.RecordBatch | None]]:
    for batch in batches:
        yield reading, batch
    yield reading, None


def _newest_of_each_name(found: list[Delivered]) -> list[Delivered]:
    """Of files with one name in several day folders the last, by path: each is the whole table of its day."""
    newest: dict[str, Delivered] = {}
    for file in found:
        newest[file.place.rsplit("/", 1)[-1]] = file
    return list(newest.values())


def newest_mark(column: pa.Array) -> str | None:
    """The highest plausible value of a watermark column, as text; None when there is none.

    Text counts when it begins with a digit, and no value may lie more than two days ahead.
    """
    if pa.types.is_string(column.type):
        column = column.filter(pc.fill_null(pc.match_substring_regex(column, r"^[0-9]"), False))
    if column.null_count == len(column):
        return None
    limit = timezone.now() + AHEAD
    value = pc.max(column).as_py()
    if (at := moment(_mark_text(value))) is not None and at > limit:
        texts = {_mark_text(item) for item in pc.unique(column.drop_null()).to_pylist()}
        texts = {text for text in texts if (when := moment(text)) is None or when <= limit}
        if not texts:
            return None
        return max(texts)
    return _mark_text(value)


def _mark_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value)


def _later(mark: str, than: str, batch: pa.RecordBatch, table: SourceTable) -> bool:
    type_ = batch.schema.field(table.watermark).type
    if pa.types.is_integer(type_) or pa.types.is_floating(type_):
        return float(mark) > float(than)
    return mark > than


def moment(text: str) -> datetime | None:
    """The moment a watermark names, in any sortable layout; None when it names none (a counter)."""
    digits = "".join(character for character in text[:19] if character.isdigit())
    if len(digits) not in (8, 12, 14) or not "19000101" <= digits[:8] <= "99991231":
        return None
    try:
        parsed = datetime.strptime(digits.ljust(14, "0"), "%Y%m%d%H%M%S")
    except ValueError:
        return None
    if "+00:00" in text:
        return parsed.replace(tzinfo=UTC)
    return timezone.make_aware(parsed)
