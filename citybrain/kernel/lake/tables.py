"""The lake's tables: Apache Iceberg through pyiceberg, Parquet files written by whoever makes the rows.

Writers make a Parquet file at an address the lake gives (`new_file`) and publish it in one commit (`publish`).
A commit carries the load it belongs to, so that repeating a step after a crash finds it done: nothing is doubled.
"""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.dataset as pads
import pyarrow.fs as pafs
from django.conf import settings
from pyiceberg.exceptions import CommitFailedException, NamespaceAlreadyExistsError, NoSuchTableError
from pyiceberg.io.pyarrow import parquet_file_to_data_file, schema_to_pyarrow
from pyiceberg.table import TableProperties
from sqlalchemy.exc import IntegrityError

from citybrain.kernel.lake.catalogue import Catalogue, Change

if TYPE_CHECKING:
    from pyiceberg.table import Table

LOAD = "citybrain.load"
"""Snapshot property that names the load a commit belongs to."""

ATTEMPTS = 8
"""How often a commit is tried when another writer was first."""


@dataclass(frozen=True, kw_only=True)
class TableName:
    """Where a table stands: its namespace (`raw`, `standard`, `held`, `problem`) and its name."""

    namespace: str
    name: str

    @property
    def identifier(self) -> tuple[str, str]:
        return (self.namespace, self.name)


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """One committed state of a table."""

    id: int
    made_at: datetime
    rows: int
    bytes: int
    load: str
    """The load that made it; empty when it was made elsewhere."""


class Lake:
    """One catalogue of tables and the place their files lie. Threads and processes may share it."""

    def __init__(self, *, catalogue_url: str, location: str) -> None:
        self.location = location.rstrip("/")
        if "://" not in self.location:
            Path(self.location).mkdir(parents=True, exist_ok=True)
        self._catalogue = Catalogue("lake", uri=catalogue_url, warehouse=self.location, pool_pre_ping="true")
        self._namespaces: set[str] = set()
        self._lock = threading.Lock()

    def new_file(self, table: TableName) -> str:
        """An address for one new Parquet file of `table`. Files never published are garbage, never data."""
        folder = f"{self.location}/{table.namespace}/{table.name}/data"
        if "://" not in folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
        return f"{folder}/{uuid.uuid4().hex}.parquet"

    def publish(
        self,
        table: TableName,
        files: Sequence[str],
        *,
        schema: pa.Schema,
        load: str,
        replace: bool = False,
        retype: bool = False,
        properties: dict[str, str] | None = None,
    ) -> Snapshot:
        """Commit `files` to `table` as load `load`: all of them or none; a load already committed is returned as it is.

        The table is created, or widened by the columns of `schema` it lacks. With `replace` the files become the
        table's whole content, else they are added. Raises ValueError when a column changed its type (the caller decides
        what to do with drift before it publishes), unless `retype` with `replace` says that it was decided: then the
        column begins anew in the new type, and older versions keep the old one.
        """
        for attempt in range(ATTEMPTS):
            try:
                return self._publish(
                    table,
                    files,
                    schema=schema,
                    load=load,
                    replace=replace,
                    retype=retype and replace,
                    properties=properties or {},
                )
            except CommitFailedException:
                if attempt == ATTEMPTS - 1:
                    raise
                time.sleep(0.05 * 2**attempt)
        raise AssertionError("unreachable")

    def _publish(
        self,
        table: TableName,
        files: Sequence[str],
        *,
        schema: pa.Schema,
        load: str,
        replace: bool,
        retype: bool,
        properties: dict[str, str],
    ) -> Snapshot:
        marks = {LOAD: load, **properties}
        existing = self._table(table)
        if existing is None:
            self._make_namespace(table.namespace)
            creation = self._catalogue.creation(
                table.identifier, schema=schema, location=f"{self.location}/{table.namespace}/{table.name}"
            )
            creation.add_files(list(files), snapshot_properties=marks, check_duplicate_files=False)
            return _current(creation.commit_transaction())
        if done := _of_load(existing, load):
            return done
        with Change(existing, autocommit=False) as change:
            known = schema_to_pyarrow(existing.schema(), include_field_ids=False)
            if retype and (changed := [field.name for field in schema if _differs(field, known)]):
                with change.update_schema(allow_incompatible_changes=True) as removal:
                    for name in changed:
                        removal.delete_column((name,))
                known = pa.schema([field for field in known if field.name not in changed])
            if missing := [field for field in schema if field.name not in known.names]:
                with change.update_schema() as evolution:
                    evolution.union_by_name(pa.schema(missing))
                names = change.table_metadata.schema().name_mapping
                change.set_properties({TableProperties.DEFAULT_NAME_MAPPING: names.model_dump_json()})
            if not replace:
                change.add_files(list(files), snapshot_properties=marks, check_duplicate_files=False)
            else:
                old = [task.file for task in existing.scan().plan_files()]
                with change.update_snapshot(snapshot_properties=marks).overwrite() as overwrite:
                    for file in old:
                        overwrite.delete_data_file(file)
                    for path in files:
                        overwrite.append_data_file(parquet_file_to_data_file(existing.io, change.table_metadata, path))
        return _current(existing)

    def exists(self, table: TableName) -> bool:
        return self._table(table) is not None

    def drop(self, table: TableName) -> None:
        """Forget `table`; its files stay until the lake is swept."""
        if self.exists(table):
            self._catalogue.drop_table(table.identifier)

    def schema(self, table: TableName, *, snapshot: int | None = None) -> pa.Schema:
        """Column names and Arrow types of `table` (strings as `string`). Raises LookupError when there is none."""
        iceberg = self._required(table)
        schema = iceberg.schema()
        if snapshot is not None and (found := iceberg.snapshot_by_id(snapshot)) and found.schema_id is not None:
            schema = iceberg.schemas()[found.schema_id]
        plain = schema_to_pyarrow(schema, include_field_ids=False)
        return pa.schema([pa.field(field.name, _plain(field.type), field.nullable) for field in plain])

    def files(self, table: TableName, *, snapshot: int | None = None) -> list[str]:
        """Addresses of the data files of `table` at `snapshot`, by default now, in the order they were added."""
        scan = self._required(table).scan(snapshot_id=snapshot)
        return sorted(task.file.file_path.removeprefix("file://") for task in scan.plan_files())

    def dataset(self, table: TableName, *, snapshot: int | None = None) -> pads.Dataset:
        """The rows as an Arrow dataset: columns that older files lack are null."""
        files = self.files(table, snapshot=snapshot)
        schema = self.schema(table, snapshot=snapshot)
        if not files:
            return pads.dataset(pa.table({field.name: pa.array([], field.type) for field in schema}))
        if "://" in self.location:
            filesystem, _ = pafs.FileSystem.from_uri(self.location)
            files = [file.split("://", 1)[1] for file in files]
            return pads.dataset(files, schema=schema, format="parquet", filesystem=filesystem)
        return pads.dataset(files, schema=schema, format="parquet")

    def batches(
        self, table: TableName, *, snapshot: int | None = None, columns: list[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The rows, batch by batch, in file order."""
        yield from self.dataset(table, snapshot=snapshot).to_batches(columns=columns)

    def snapshots(self, table: TableName) -> list[Snapshot]:
        """Every committed state, oldest first; empty when there is no such table."""
        iceberg = self._table(table)
        return [] if iceberg is None else [_snapshot(snapshot) for snapshot in iceberg.snapshots()]

    def snapshot_of_load(self, table: TableName, load: str) -> Snapshot | None:
        """The commit that `load` made, None when it made none: what a resumed step asks first."""
        iceberg = self._table(table)
        return None if iceberg is None else _of_load(iceberg, load)

    def expire(self, table: TableName, *, keep: int) -> None:
        """Drop all but the newest `keep` snapshots from the table's history."""
        iceberg = self._table(table)
        if iceberg is None:
            return
        current = iceberg.current_snapshot()
        old = [s.snapshot_id for s in sorted(iceberg.snapshots(), key=lambda s: s.timestamp_ms)[:-keep]]
        if current is not None and current.snapshot_id in old:
            old.remove(current.snapshot_id)
        if old:
            iceberg.maintenance.expire_snapshots().by_ids(old).commit()

    def tables(self, namespace: str) -> list[str]:
        """Names of the tables of one namespace."""
        if namespace not in {name for (name, *_) in self._catalogue.list_namespaces()}:
            return []
        return sorted(name for _, name in self._catalogue.list_tables(namespace))

    def _table(self, table: TableName) -> Table | None:
        try:
            return self._catalogue.load_table(table.identifier)
        except NoSuchTableError:
            return None

    def _required(self, table: TableName) -> Table:
        found = self._table(table)
        if found is None:
            raise LookupError(
                f"The lake has no table {table.namespace}.{table.name}: gather or govern the dataset first."
            )
        return found

    def _make_namespace(self, namespace: str) -> None:
        with self._lock:
            if namespace in self._namespaces:
                return
            # The catalogue looks, then inserts: whoever came second finds the key taken, and the namespace there.
            with contextlib.suppress(NamespaceAlreadyExistsError, IntegrityError):
                self._catalogue.create_namespace(namespace)
            self._namespaces.add(namespace)


def _current(table: Table) -> Snapshot:
    current = table.current_snapshot()
    if current is None:
        raise LookupError(f"Table {'.'.join(table.name())} has no committed rows.")
    return _snapshot(current)


def _of_load(table: Table, load: str) -> Snapshot | None:
    for snapshot in reversed(table.snapshots()):
        if snapshot.summary and snapshot.summary.additional_properties.get(LOAD) == load:
            return _snapshot(snapshot)
    return None


def _snapshot(snapshot: Any) -> Snapshot:
    facts = snapshot.summary.additional_properties if snapshot.summary else {}
    return Snapshot(
        id=snapshot.snapshot_id,
        made_at=datetime.fromtimestamp(snapshot.timestamp_ms / 1000, UTC),
        rows=int(facts.get("total-records", 0)),
        bytes=int(facts.get("total-files-size", 0)),
        load=facts.get(LOAD, ""),
    )


def _differs(field: pa.Field, known: pa.Schema) -> bool:
    return field.name in known.names and bool(_plain(known.field(field.name).type) != _plain(field.type))


def _plain(type_: pa.DataType) -> pa.DataType:
    """Iceberg hands strings back as large_string; every room works with `string`."""
    if pa.types.is_large_string(type_):
        return pa.string()
    if pa.types.is_large_binary(type_):
        return pa.binary()
    return type_


_opening = threading.Lock()


def lake() -> Lake:
    """The lake of this installation: one object for the whole process, also when several threads ask first."""
    with _opening:
        return _lake(settings.LAKE_CATALOGUE_URL, settings.LAKE)


@cache
def _lake(catalogue_url: str, location: str) -> Lake:
    return Lake(catalogue_url=catalogue_url, location=location)
