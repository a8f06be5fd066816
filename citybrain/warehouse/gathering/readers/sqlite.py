"""Tables of a SQLite database, by ADBC; by the standard library's driver from the first value ADBC cannot hold.

SQLite columns hold any type in any row. A text in an integer column is one bad row, never the end of the run: the fast
driver fails there, and the slow one goes on from the same row within the same state of the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import adbc_driver_manager
import adbc_driver_sqlite.dbapi
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from citybrain.kernel.lake.query import quote
from citybrain.warehouse.gathering.errors import GatheringError, UnreadableDelivery
from citybrain.warehouse.gathering.landing import column_names
from citybrain.warehouse.gathering.readers.json_rows import FEW, raw_row, shape
from citybrain.warehouse.gathering.readers.reading import Reading

BATCH = 65_536
SLOW_BATCH = 10_000
TABLES = """
SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
"""
WHOLE_NUMBER = r"^-?[0-9]{1,18}$"


@dataclass(frozen=True, kw_only=True)
class Since:
    """Where an incremental read begins: rows whose `column` is not below `value`, or null."""

    column: str
    value: str
    """As text; compared in the column's own type."""


def tables(path: Path) -> list[str]:
    """Names of all tables and views."""
    with closing(_open(path)) as database:
        return [name for (name,) in database.execute(TABLES)]


def read(path: Path, table: str, *, since: Since | None, reading: Reading) -> Iterator[pa.RecordBatch]:
    """Batches of the table's rows in their storage order, from one state of the file."""
    with closing(_open(path)) as database:
        try:
            database.execute("BEGIN")  # a read lock: what the two drivers see is the same
            declared = database.execute(f"PRAGMA table_info({quote(table)})").fetchall()
            version = database.execute("PRAGMA data_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise _unreadable(reading, error) from error
        if not declared:
            raise GatheringError(
                _("%(place)s has no table %(table)s: check the name in the source's declaration.")
                % {"place": path.name, "table": repr(table)}
            )
        names = column_names(row[1] for row in declared)
        types = {name: _declared_type(row[2]) for name, row in zip(names, declared, strict=True)}
        sql = f"SELECT {', '.join(quote(row[1]) for row in declared)} FROM {quote(table)}"  # noqa: S608 - every name is quoted
        parameters: list[Any] = []
        if since is not None:
            sql += f" WHERE {quote(since.column)} >= ? OR {quote(since.column)} IS NULL"
            parameters = [_typed(since.value, _served_type(reading, since.column) or types.get(since.column))]
        done = 0
        try:
            for batch in _fast(path, sql, parameters):
                reading.rows += batch.num_rows
                yield _settled(batch.rename_columns(names), types, reading, done)
                done += batch.num_rows
            if not done:
                yield pa.RecordBatch.from_arrays([pa.array([], types[n] or pa.null()) for n in names], names=names)
            return
        except (adbc_driver_manager.Error, pa.ArrowInvalid):
            pass
        try:
            if database.execute("PRAGMA data_version").fetchone() != version:
                raise GatheringError(
                    _("%(place)s was changed while it was read: gather it again.") % {"place": path.name}
                )
            database.text_factory = bytes
            cursor = database.execute(f"{sql} LIMIT -1 OFFSET ?", [*parameters, done])
            while rows := cursor.fetchmany(SLOW_BATCH):
                yield _slow(rows, names, types, reading, done)
                done += len(rows)
        except sqlite3.DatabaseError as error:
            raise _unreadable(reading, error) from error


def _open(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise GatheringError(_("There is no database file %(name)s: wait for the delivery.") % {"name": path.name})
    # isolation_level None: nothing begins or commits behind our back.
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=30)


def _unreadable(reading: Reading, error: Exception) -> UnreadableDelivery:
    return UnreadableDelivery("unreadable-file", f"{reading.place} is not a sound SQLite database: {error}.")


def _fast(path: Path, sql: str, parameters: list[Any]) -> Iterator[pa.RecordBatch]:
    with (
        adbc_driver_sqlite.dbapi.connect(f"{path.as_uri()}?mode=ro") as database,
        database.cursor() as cursor,
    ):
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(BATCH)})
        cursor.execute(sql, parameters or None)
        for batch in cursor.fetch_record_batch():
            batch.validate(full=True)  # SQLite keeps any bytes as text; Arrow must hold UTF-8
            yield batch


def _declared_type(declared: str) -> pa.DataType | None:
    """Arrow type of a column by SQLite's affinity rules; None where it may hold anything."""
    upper = declared.upper()
    if "INT" in upper:
        return pa.int64()
    if any(word in upper for word in ("CHAR", "CLOB", "TEXT", "DATE", "TIME")):
        return pa.string()
    if any(word in upper for word in ("REAL", "FLOA", "DOUB")):
        return pa.float64()
    return None


def _served_type(reading: Reading, column: str) -> pa.DataType | None:
    served = reading.expected
    return served.field(column).type if served is not None and column in served.names else None


def _typed(value: str, wanted: pa.DataType | None) -> Any:
    if wanted is not None and pa.types.is_integer(wanted):
        return int(value)
    if wanted is not None and pa.types.is_floating(wanted):
        return float(value)
    return value


def _settled(
    batch: pa.RecordBatch, types: dict[str, pa.DataType | None], reading: Reading, before: int
) -> pa.RecordBatch:
    """The batch with stable types: ADBC guesses a column's type from its first values."""
    arrays: list[pa.Array] = []
    bad = None
    for item, array in zip(batch.schema, batch.columns, strict=True):
        wanted = _served_type(reading, item.name) or types[item.name]
        if array.null_count == len(array):
            array = pa.nulls(len(array), wanted or pa.null())
        elif wanted is None or array.type == wanted:
            pass
        elif pa.types.is_string(wanted) and not pa.types.is_binary(array.type):
            array = pc.cast(array, pa.string())
        elif pa.types.is_floating(wanted) and pa.types.is_integer(array.type):
            array = pc.cast(array, wanted)
        elif pa.types.is_integer(wanted) and pa.types.is_string(array.type) and _served_type(reading, item.name):
            fits = pc.or_kleene(pc.match_substring_regex(array, WHOLE_NUMBER), pc.is_null(array))
            if pc.sum(pc.invert(fits)).as_py() <= FEW * len(array):
                bad = pc.invert(fits) if bad is None else pc.or_(bad, pc.invert(fits))
                array = pc.cast(pc.if_else(fits, array, None), wanted)
        arrays.append(array)
    settled = pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)
    if bad is None or not pc.any(bad).as_py():
        return settled
    for index in pc.indices_nonzero(bad).to_pylist():
        row = batch.slice(index, 1).to_pylist()[0]
        reading.spoil(row=before + index + 1, offset=None, reason="wrong-type", data=raw_row(row))
    return settled.filter(pc.invert(bad))


def _slow(
    rows: list[tuple[Any, ...]],
    names: list[str],
    types: dict[str, pa.DataType | None],
    reading: Reading,
    before: int,
) -> pa.RecordBatch:
    """One batch of the standard driver's rows. Texts come as bytes: SQLite does not check that they are UTF-8."""
    good: list[list[Any]] = []
    numbers: list[int] = []
    for number, row in enumerate(rows, before + 1):
        reading.rows += 1
        try:
            good.append([value.decode() if isinstance(value, bytes) else value for value in row])
            numbers.append(number)
        except UnicodeDecodeError:
            data = raw_row([value.hex() if isinstance(value, bytes) else value for value in row])
            reading.spoil(row=number, offset=None, reason="undecodable", data=data)
    columns = dict(zip(names, zip(*good, strict=True), strict=True)) if good else dict.fromkeys(names, ())

    def spoil(index: int) -> None:
        data = raw_row(dict(zip(names, good[index], strict=True)))
        reading.spoil(row=numbers[index], offset=None, reason="wrong-type", data=data)

    batch = shape(columns, expected=reading.expected, spoil=spoil)
    # A whole number in a REAL column is stored as one, and a column of nulls has its declared type.
    arrays = []
    for item, array in zip(batch.schema, batch.columns, strict=True):
        wanted = types[item.name]
        is_narrower = pa.types.is_integer(item.type) and wanted == pa.float64()
        arrays.append(array.cast(wanted) if wanted and (pa.types.is_null(item.type) or is_narrower) else array)
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)
