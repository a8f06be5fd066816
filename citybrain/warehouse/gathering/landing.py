"""Batches of any reader become Parquet files the lake can publish: unique names, types the lake knows, one schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from citybrain.warehouse.gathering.rowhash import RowHashes, row_hashes

ROW_GROUP = 131_072
"""Rows gathered before they are written: row groups near 10-30 MB, so memory stays flat at any size of source."""


def column_names(given: Iterable[object]) -> list[str]:
    """Column names as delivered, made usable: empty ones numbered, repeated ones (also in other case) counted.

    Control characters are dropped and length is cut to 200: names become catalogue entries and SQL identifiers.
    """
    names: list[str] = []
    taken: set[str] = set()
    for number, value in enumerate(given, 1):
        text = "" if value is None else str(value)
        name = "".join(character for character in text if character.isprintable()).strip()[:190] or f"column_{number}"
        unique, count = name, 1
        while unique.lower() in taken:
            count += 1
            unique = f"{name}_{count}"
        taken.add(unique.lower())
        names.append(unique)
    return names


def lake_type(given: pa.DataType) -> pa.DataType:
    """The type a column gets in the lake: what Iceberg and every engine over it read alike, without loss."""
    types = pa.types
    if types.is_null(given):  # no value seen yet: decided when the load ends
        return given
    if isinstance(given, pa.BaseExtensionType):
        return lake_type(given.storage_type)
    if types.is_dictionary(given):
        return lake_type(given.value_type)
    if types.is_integer(given):
        if given == pa.uint64():
            return pa.decimal128(20, 0)
        return pa.int64()
    if types.is_floating(given):
        return pa.float64()
    if types.is_decimal(given):
        return given if types.is_decimal128(given) and given.scale >= 0 else pa.string()
    if types.is_date(given):
        return pa.date32()
    if types.is_timestamp(given):
        return pa.timestamp("us", tz="UTC" if given.tz else None)
    if types.is_time(given):
        return pa.time64("us")
    if types.is_boolean(given):
        return given
    if types.is_binary(given) or types.is_large_binary(given) or types.is_fixed_size_binary(given):
        return pa.binary()
    return pa.string()


def lake_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """`batch` with the lake's types; nested values become JSON-like text, times finer than a microsecond are cut."""
    arrays, fields = [], []
    for name, column in zip(column_names(batch.schema.names), batch.columns, strict=True):
        if isinstance(column.type, pa.BaseExtensionType):
            column = column.storage
        wanted = lake_type(column.type)
        if column.type != wanted:
            column = _cast(column, wanted)
        arrays.append(column)
        fields.append(pa.field(name, wanted))
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def _cast(column: pa.Array, wanted: pa.DataType) -> pa.Array:
    if pa.types.is_nested(column.type):
        return pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string())
    # Only sub-microsecond digits may be cut; every other cast of `lake_type` widens.
    return pc.cast(column, wanted, safe=not pa.types.is_timestamp(wanted) and not pa.types.is_time(wanted))


def wider(left: pa.DataType, right: pa.DataType) -> pa.DataType:
    """The narrowest lake type that holds the values of both exactly; text when nothing else does."""
    if left == right:
        return left
    types = pa.types
    if types.is_null(left):
        return right
    if types.is_null(right):
        return left
    if types.is_decimal(left) and types.is_decimal(right):
        scale = max(left.scale, right.scale)
        whole = max(left.precision - left.scale, right.precision - right.scale)
        return pa.decimal128(whole + scale, scale) if whole + scale <= 38 else pa.string()
    if {left, right} == {pa.int64(), pa.float64()}:
        return pa.float64()
    if types.is_date(left) and types.is_timestamp(right):
        return right
    if types.is_timestamp(left) and types.is_date(right):
        return left
    return pa.string()


def as_type(column: pa.Array | pa.ChunkedArray, wanted: pa.DataType) -> pa.Array | pa.ChunkedArray:
    """`column` cast to a type `wider` gave for it."""
    if column.type == wanted:
        return column
    if pa.types.is_binary(column.type) and pa.types.is_string(wanted):
        texts = [None if value is None else value.as_py().hex() for value in column]
        return pa.array(texts, pa.string())
    return pc.cast(column, wanted, safe=False)


def widened(batch: pa.RecordBatch, expected: pa.Schema | None) -> pa.RecordBatch:
    """`batch` with the columns that are served wider than they came cast to the served type."""
    if expected is None or batch.schema.equals(expected):
        return batch
    schema = pa.schema([_settled(item, expected, keep_null=True) for item in batch.schema])
    return conform(batch, schema)


def unify(schemas: Iterable[pa.Schema]) -> pa.Schema:
    """One schema that holds the rows of all: columns in order of first appearance."""
    fields: dict[str, pa.DataType] = {}
    for schema in schemas:
        for item in schema:
            fields[item.name] = wider(fields[item.name], item.type) if item.name in fields else item.type
    return pa.schema(list(fields.items()))


def conform(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """`batch` with exactly the columns of `schema`; columns it lacks are null."""
    if batch.schema.equals(schema):
        return batch
    arrays = [
        as_type(batch.column(item.name), item.type)
        if item.name in batch.schema.names
        else pa.nulls(batch.num_rows, item.type)
        for item in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


@dataclass
class Landing:
    """Writes the rows of one load to Parquet files beside the table, unpublished, in one schema."""

    new_file: Callable[[], str]
    with_hashes: bool = True
    """Keep each row's hash; costs about a tenth of the load and is needed for comparing."""
    expected: pa.Schema | None = None
    """What the last version served: a column served wider than delivered stays as wide."""
    rows: int = 0
    files: list[str] = field(default_factory=list)
    hashes: RowHashes = field(default_factory=RowHashes)

    def __post_init__(self) -> None:
        self._schemas: list[pa.Schema] = []
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Take one batch already in lake types."""
        if not self._schemas or not self._schemas[-1].equals(batch.schema):
            if self._schemas and set(batch.schema.names) <= set(self._schemas[-1].names):
                merged = unify([self._schemas[-1], batch.schema])
                if merged.equals(self._schemas[-1]):
                    batch = conform(batch, merged)
            if not self._schemas or not self._schemas[-1].equals(batch.schema):
                self._next(batch.schema)
        self._waiting.append(batch)
        self._waiting_rows += batch.num_rows
        self.rows += batch.num_rows
        if self.with_hashes:
            self.hashes.add(row_hashes(batch))
        if self._waiting_rows >= ROW_GROUP:
            self._write()

    @property
    def schema(self) -> pa.Schema:
        """Schema of all rows so far."""
        return unify(self._schemas)

    @property
    def bytes(self) -> int:
        return sum(Path(file).stat().st_size for file in self.files)

    def close(self) -> None:
        """Finish the files. When batches disagreed about columns or types, or the table serves a column wider than it
        came, the files are written again in the one schema that holds them all."""
        self._write()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if not self._schemas:
            return
        target = pa.schema([_settled(item, self.expected) for item in self.schema])
        if all(schema.equals(target) for schema in self._schemas):
            return
        if self.with_hashes:
            self.hashes = RowHashes()
        for index, (file, schema) in enumerate(zip(self.files, self._schemas, strict=True)):
            if schema.equals(target) and not self.with_hashes:
                continue
            self.files[index] = self._rewrite(file, schema, target)
        self._schemas = [target]

    def _rewrite(self, file: str, schema: pa.Schema, target: pa.Schema) -> str:
        rewritten = file if schema.equals(target) else self.new_file()
        writer = None if rewritten == file else pq.ParquetWriter(rewritten, target, compression="zstd")
        with pq.ParquetFile(file) as source:
            for batch in source.iter_batches(ROW_GROUP):
                batch = conform(batch, target)
                if writer is not None:
                    writer.write_batch(batch)
                if self.with_hashes:
                    self.hashes.add(row_hashes(batch))
        if writer is not None:
            writer.close()
            Path(file).unlink()
        return rewritten

    def discard(self) -> None:
        """Remove what was written: the load failed or brought nothing new."""
        self._waiting.clear()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        for file in self.files:
            Path(file).unlink(missing_ok=True)
        self.files.clear()

    def _next(self, schema: pa.Schema) -> None:
        self._write()
        if self._writer is not None:
            self._writer.close()
        self._schemas.append(schema)
        path = self.new_file()
        self.files.append(path)
        self._writer = pq.ParquetWriter(path, schema, compression="zstd", compression_level=1)

    def _write(self) -> None:
        if self._waiting and self._writer is not None:
            self._writer.write_table(pa.Table.from_batches(self._waiting), row_group_size=ROW_GROUP)
        self._waiting.clear()
        self._waiting_rows = 0


def _settled(item: pa.Field, expected: pa.Schema | None, *, keep_null: bool = False) -> pa.Field:
    """The column's final type: as wide as served; text when no value ever told its type."""
    if expected is not None and item.name in expected.names:
        served = expected.field(item.name).type
        if wider(served, item.type) == served:
            return pa.field(item.name, served)
    return (
        pa.field(item.name, pa.string())
        if pa.types.is_null(item.type) and not keep_null
        else pa.field(item.name, item.type)
    )


def type_named(text: str) -> pa.DataType:
    """The Arrow type whose `str` is `text`, of those `lake_type` gives."""
    if text.startswith("decimal128("):
        precision, scale = text.removeprefix("decimal128(").rstrip(")").split(",")
        return pa.decimal128(int(precision), int(scale))
    if text == "timestamp[us, tz=UTC]":
        return pa.timestamp("us", tz="UTC")
    return pa.type_for_alias(text)


def schema_named(columns: Iterable[Iterable[str]]) -> pa.Schema:
    """The schema of a version's [[column, type], ...]."""
    return pa.schema([(name, type_named(type_)) for name, type_ in columns])
