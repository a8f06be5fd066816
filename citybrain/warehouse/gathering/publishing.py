"""From unpublished files to a version of the raw table; and what a compared version changed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from citybrain.kernel.lake.tables import Lake, Snapshot, TableName
from citybrain.warehouse.gathering import rowhash
from citybrain.warehouse.gathering.landing import ROW_GROUP, Landing, conform, wider


def make_durable(files: Sequence[str]) -> None:
    """Wait until files and their names are on disk: the commit that follows must not outlive them."""
    for folder in {Path(file).parent for file in files}:
        for path in [*(Path(file) for file in files if Path(file).parent == folder), folder]:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def remove(files: Sequence[str]) -> None:
    """Delete files that no version holds."""
    for file in files:
        Path(file).unlink(missing_ok=True)


def publish(
    lake: Lake,
    table: TableName,
    files: Sequence[str],
    *,
    schema: pa.Schema,
    load: str,
    replace: bool,
    retype: bool,
) -> Snapshot:
    """Commit `files` as load `load`, once. With `retype` some column has another type than the table's: rows added then
    rewrite the table in the type of both."""
    if replace or not retype:
        return lake.publish(table, files, schema=schema, load=load, replace=replace, retype=retype)
    if done := lake.snapshot_of_load(table, load):
        return done
    target = _common(lake.schema(table), schema)
    rewritten = lake.new_file(table)
    with pq.ParquetWriter(rewritten, target, compression="zstd") as writer:
        for batch in lake.batches(table):
            writer.write_batch(conform(batch, target))
        for file in files:
            with pq.ParquetFile(file) as source:
                for batch in source.iter_batches(ROW_GROUP):
                    writer.write_batch(conform(batch, target))
    make_durable([rewritten])
    snapshot = lake.publish(table, [rewritten], schema=target, load=load, replace=True, retype=True)
    remove(files)
    return snapshot


def _common(served: pa.Schema, delivered: pa.Schema) -> pa.Schema:
    fields = [
        pa.field(item.name, wider(item.type, delivered.field(item.name).type)) if item.name in delivered.names else item
        for item in served
    ]
    return pa.schema([*fields, *(item for item in delivered if item.name not in served.names)])


def compare(lake: Lake, table: TableName, landing: Landing, primary_key: Sequence[str]) -> tuple[int, int, int]:
    """(added, changed, removed) rows of the landed version against the served one."""
    schema = landing.schema
    old: list[np.ndarray] = []
    old_keys: list[np.ndarray] = []
    has_key = bool(primary_key) and all(name in schema.names for name in primary_key)
    for batch in lake.batches(table):
        missing = [name for name in primary_key if name not in batch.schema.names]
        has_key = has_key and not missing
        batch = _as_landed(batch, schema)
        old.append(rowhash.row_hashes(batch))
        if has_key:
            old_keys.append(rowhash.row_hashes(batch.select(list(primary_key))))
    new_keys: list[np.ndarray] = []
    if has_key:
        for file in landing.files:
            with pq.ParquetFile(file) as source:
                for batch in source.iter_batches(ROW_GROUP, columns=list(primary_key)):
                    new_keys.append(rowhash.row_hashes(batch.select(list(primary_key))))
    found = rowhash.difference(
        old=_joined(old),
        new=landing.hashes.all,
        old_keys=_joined(old_keys) if has_key else None,
        new_keys=_joined(new_keys) if has_key else None,
    )
    return found.added, found.changed, found.removed


def _as_landed(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    try:
        return conform(batch, schema)
    except pa.ArrowInvalid:  # a narrower type than served: compare what can be compared
        return conform(
            batch, pa.schema([batch.schema.field(i.name) if i.name in batch.schema.names else i for i in schema])
        )


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts) if parts else np.empty(0, np.uint64)
