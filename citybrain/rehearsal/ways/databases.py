"""Writes tables into SQLite databases and loads them into PostgreSQL."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.csv as pa_csv
from psycopg import sql


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _sqlite_type(kind: pa.DataType) -> str:
    if pa.types.is_integer(kind):
        return "INTEGER"
    return "REAL" if pa.types.is_floating(kind) else "TEXT"


def write_sqlite(rows: pa.Table, path: Path, table: str) -> None:
    """Add a table to a SQLite database. No key is declared: the department's own program kept it, or did not."""
    columns = ", ".join(f"{_quoted(field.name)} {_sqlite_type(field.type)}" for field in rows.schema)
    marks = ", ".join("?" for _ in rows.column_names)
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"CREATE TABLE {_quoted(table)} ({columns})")
        for batch in rows.to_batches(max_chunksize=50_000):
            values = zip(*(column.to_pylist() for column in batch.columns), strict=True)
            database.executemany(f"INSERT INTO {_quoted(table)} VALUES ({marks})", values)  # noqa: S608
        database.commit()


def _postgres_type(kind: pa.DataType) -> str:
    if pa.types.is_integer(kind):
        return "bigint"
    if pa.types.is_floating(kind):
        return "numeric"
    if pa.types.is_date(kind):
        return "date"
    return "timestamp" if pa.types.is_timestamp(kind) else "text"


def load_postgres(rows: pa.Table, connection: psycopg.Connection, table: str) -> None:
    """Replace a table of the PostgreSQL department by COPY; the caller commits."""
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(field.name), sql.SQL(_postgres_type(field.type)))
        for field in rows.schema
    )
    name = sql.Identifier(table)
    buffer = io.BytesIO()
    pa_csv.write_csv(rows, buffer, pa_csv.WriteOptions(include_header=False))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(name))
        cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(name, columns))
        with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(name)) as copy:
            copy.write(buffer.getvalue())


def apply_changes(target: Path, changes: Path) -> None:
    """Put the rows of a database of changes into the department's database: same tables, with the row number in front.

    Doing it twice changes nothing more.
    """
    with closing(sqlite3.connect(target)) as database:
        database.execute("ATTACH DATABASE ? AS changes", (str(changes),))
        names = [row[0] for row in database.execute("SELECT name FROM changes.sqlite_master WHERE type = 'table'")]
        for name in names:
            own = [row[1] for row in database.execute(f"PRAGMA main.table_info({_quoted(name)})")]
            columns = ", ".join(map(_quoted, own))
            source = f"changes.{_quoted(name)}"
            database.execute(f"DELETE FROM main.{_quoted(name)} WHERE rowid IN (SELECT row_number FROM {source})")  # noqa: S608
            database.execute(
                f"INSERT INTO main.{_quoted(name)} (rowid, {columns}) SELECT row_number, {columns} FROM {source}"  # noqa: S608
            )
        database.commit()
