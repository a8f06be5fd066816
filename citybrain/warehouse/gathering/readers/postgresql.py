"""Tables of a PostgreSQL database, streamed as Arrow by ADBC over COPY in one snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import adbc_driver_manager
import adbc_driver_postgresql.dbapi
import pyarrow as pa
from django.utils.translation import gettext as _

from citybrain.kernel.lake.query import quote
from citybrain.warehouse.gathering.connections import Connection
from citybrain.warehouse.gathering.errors import GatheringError
from citybrain.warehouse.gathering.landing import lake_batch
from citybrain.warehouse.gathering.readers.reading import Reading
from citybrain.warehouse.gathering.readers.sqlite import Since

DIRECT = frozenset(
    (
        "smallint", "integer", "bigint", "real", "double precision", "boolean", "text", "date", "bytea",
        "timestamp without time zone", "timestamp with time zone", "time without time zone",
    )
)  # fmt: skip
"""Types read as they are; every other, `numeric` among them, as the exact text PostgreSQL prints."""

COLUMNS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod), t.typname
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""

TABLES = """
SELECT CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname NOT LIKE 'pg_toast%' AND NOT c.relispartition ORDER BY 1
"""


def tables(connection: Connection) -> list[str]:
    """Names of all tables and views, those outside `public` with their schema."""
    with _connect(connection) as database, database.cursor() as cursor:
        cursor.execute(TABLES)
        return [row[0] for row in cursor.fetchall()]


def read(connection: Connection, table: str, *, since: Since | None, reading: Reading) -> Iterator[pa.RecordBatch]:
    """Batches of the table's rows in lake types."""
    name = ".".join(quote(part) for part in table.split(".", 1))
    try:
        with _connect(connection) as database, database.cursor() as cursor:
            cursor.execute(COLUMNS, [name])
            columns = cursor.fetchall()
            if not columns:
                raise GatheringError(
                    _("%(place)s has no table %(table)s: check the name and the rights of the database user.")
                    % {"place": connection.hostname or connection.url.database, "table": repr(table)}
                )
            types = {column: type_ for column, type_, _name in columns}
            wanted = ", ".join(
                quote(column) if type_.split("(")[0] in DIRECT or type_.startswith("timestamp") else _text(column)
                for column, type_ in types.items()
            )
            sql = f"SELECT {wanted} FROM {name}"  # noqa: S608 - every name is quoted
            if since is None:
                cursor.execute(sql)
            else:
                if since.column not in types:
                    raise GatheringError(
                        _("Table %(table)s has no column %(column)s, its watermark: correct the source's declaration.")
                        % {"table": repr(table), "column": repr(since.column)}
                    )
                column = quote(since.column)
                sql += f" WHERE {column} >= CAST($1 AS {types[since.column]}) OR {column} IS NULL"
                cursor.execute(sql, [since.value])
            stream = cursor.fetch_record_batch()
            for batch in stream:
                reading.rows += batch.num_rows
                yield lake_batch(batch)
            if not reading.rows:
                yield lake_batch(pa.RecordBatch.from_pylist([], schema=stream.schema))
    except adbc_driver_manager.Error as error:
        raise GatheringError(
            _("PostgreSQL %(host)s, table %(table)s: %(error)s")
            % {"host": connection.hostname or "", "table": repr(table), "error": str(error).splitlines()[0]}
        ) from error


def _text(column: str) -> str:
    return f"{quote(column)}::text AS {quote(column)}"


def _connect(connection: Connection) -> Any:
    url = connection.url.set(drivername="postgresql")
    try:
        return adbc_driver_postgresql.dbapi.connect(url.render_as_string(hide_password=False))
    except adbc_driver_manager.Error as error:
        # The URL holds a password; libpq's first line does not.
        raise GatheringError(
            _("PostgreSQL %(host)s does not answer: %(error)s")
            % {"host": connection.hostname or url.database, "error": str(error).splitlines()[0]}
        ) from error
