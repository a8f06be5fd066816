"""Tables of any database SQLAlchemy reaches (Dameng, openGauss, MySQL, Oracle ...), by a server-side cursor."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import sqlalchemy
from django.utils.translation import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from citybrain.warehouse.gathering.connections import Connection
from citybrain.warehouse.gathering.errors import GatheringError
from citybrain.warehouse.gathering.landing import column_names
from citybrain.warehouse.gathering.readers.json_rows import column, raw_row, shape
from citybrain.warehouse.gathering.readers.reading import Reading
from citybrain.warehouse.gathering.readers.sqlite import Since

BATCH = 10_000


def tables(connection: Connection) -> list[str]:
    """Names of all tables and views of the default schema."""
    with _engine(connection) as engine:
        inspector = sqlalchemy.inspect(engine)
        return sorted({*inspector.get_table_names(), *inspector.get_view_names()})


def read(connection: Connection, table: str, *, since: Since | None, reading: Reading) -> Iterator[pa.RecordBatch]:
    """Batches of the table's rows; names are quoted by the dialect, values bound."""
    with _engine(connection) as engine:
        schema, _dot, name = table.rpartition(".")
        try:
            reflected = sqlalchemy.Table(
                name, sqlalchemy.MetaData(), schema=schema or None, autoload_with=engine, resolve_fks=False
            )
        except sqlalchemy.exc.NoSuchTableError as error:
            raise GatheringError(
                _("%(place)s has no table %(table)s: check the name and the rights of the database user.")
                % {"place": connection.hostname, "table": repr(table)}
            ) from error
        names = column_names(item.name for item in reflected.columns)
        types = [_type(item.type) for item in reflected.columns]
        query = sqlalchemy.select(reflected)
        if since is not None:
            mark = reflected.columns[since.column]
            query = query.where((mark >= _value(since.value, mark.type)) | mark.is_(None))
        with engine.connect() as session:
            streaming = session.execution_options(stream_results=True, max_row_buffer=BATCH)
            done = 0
            for rows in streaming.execute(query).partitions(BATCH):
                yield _batch(rows, names, types, reading, done)
                done += len(rows)
            if not done:
                empty = [pa.array([], type_ or pa.null()) for type_ in types]
                yield pa.RecordBatch.from_arrays(empty, names=names)


@contextmanager
def _engine(connection: Connection) -> Iterator[sqlalchemy.Engine]:
    try:
        engine = sqlalchemy.create_engine(connection.url, poolclass=sqlalchemy.NullPool)
    except (SQLAlchemyError, ImportError) as error:
        raise GatheringError(
            _("%(title)s: its driver cannot be loaded (%(error)s). Install it with: %(command)s")
            % {"title": connection.kind.title, "error": error, "command": connection.kind.install}
        ) from error
    try:
        yield engine
    except SQLAlchemyError as error:
        raise GatheringError(
            _("%(title)s at %(host)s: %(error)s")
            % {
                "title": connection.kind.title,
                "host": connection.hostname,
                "error": str(getattr(error, "orig", None) or error).splitlines()[0],
            }
        ) from error
    finally:
        engine.dispose()


def _type(given: Any) -> pa.DataType | None:
    """The lake type of an SQLAlchemy type; None where values must tell. Exact numbers stay text: no digit is lost."""
    types = sqlalchemy.types
    for known, wanted in (
        (types.Boolean, pa.bool_()),
        (types.Integer, pa.int64()),
        (types.Float, pa.float64()),
        (types.Numeric, pa.string()),
        (types.DateTime, pa.timestamp("us", tz="UTC" if getattr(given, "timezone", False) else None)),
        (types.Date, pa.date32()),
        (types.Time, pa.time64("us")),
        (types.LargeBinary, pa.binary()),
        (types.String, pa.string()),
    ):
        if isinstance(given, known):
            return wanted
    return None


def _value(text: str, given: Any) -> Any:
    types = sqlalchemy.types
    if isinstance(given, types.Integer):
        return int(text)
    if isinstance(given, types.Numeric):
        return float(text)
    if isinstance(given, types.DateTime):
        return datetime.datetime.fromisoformat(text)
    if isinstance(given, types.Date):
        return datetime.date.fromisoformat(text)
    return text


def _batch(
    rows: Any, names: list[str], types: list[pa.DataType | None], reading: Reading, before: int
) -> pa.RecordBatch:
    reading.rows += len(rows)
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    # The database's declared types come first: they are the same for every batch.
    known = []
    for name, type_ in zip(names, types, strict=True):
        if reading.expected is not None and name in reading.expected.names:
            known.append(reading.expected.field(name))
        elif type_ is not None and not column(columns[name], type_)[1]:
            known.append(pa.field(name, type_))

    def spoil(index: int) -> None:
        data = raw_row(dict(zip(names, rows[index], strict=True)))
        reading.spoil(row=before + index + 1, offset=None, reason="wrong-type", data=data)

    return shape(columns, expected=pa.schema(known), spoil=spoil)
