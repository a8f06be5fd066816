"""Iceberg's SQL catalogue for thousands of small tables: metadata parsed once, SQLite without long waits."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.table import CreateTableTransaction, Table, Transaction
from sqlalchemy import event

if TYPE_CHECKING:
    import pyarrow as pa
    from pyiceberg.catalog.sql import IcebergTables
    from pyiceberg.table.metadata import TableMetadata

# Both transactions below work out the metadata anew, with a deep copy, at each of some twenty looks; remembering it
# until the next update takes a third off the cost of a small commit.


class Change(Transaction):
    """A transaction on a table that remembers its metadata between updates."""

    _seen: tuple[object, TableMetadata] | None = None

    @property
    def table_metadata(self) -> TableMetadata:
        if self._seen is None or self._seen[0] is not self._updates:
            self._seen = (self._updates, super().table_metadata)
        return self._seen[1]


class Creation(Change, CreateTableTransaction):
    """The same for a table that is being made."""


REMEMBERED = 1024
"""How many tables' metadata are kept parsed."""

ATTEMPTS = 10
"""To turn a new SQLite file over to WAL: ten seconds, all in all."""


class Catalogue(SqlCatalog):
    """pyiceberg's SQL catalogue. A metadata file never changes, so it is parsed once for each address."""

    def __init__(self, name: str, **properties: str) -> None:
        self._parsed: OrderedDict[str, TableMetadata] = OrderedDict()
        self._lock = threading.Lock()
        super().__init__(name, **properties)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _make_sqlite_patient)
            # The connection that made the catalogue's tables is not patient, so it goes; the next one is.
            self.engine.dispose()

    def creation(self, identifier: tuple[str, str], *, schema: pa.Schema, location: str) -> Creation:
        """A transaction that makes a table with its first rows."""
        return Creation(self._create_staged_table(identifier, schema, location))

    def _convert_orm_to_iceberg(self, orm_table: IcebergTables) -> Table:
        address = orm_table.metadata_location or ""
        with self._lock:
            metadata = self._parsed.get(address)
        if metadata is None:
            table = super()._convert_orm_to_iceberg(orm_table)
            with self._lock:
                self._parsed[address] = table.metadata
                if len(self._parsed) > REMEMBERED:
                    self._parsed.popitem(last=False)
            return table
        return Table(
            identifier=(*str(orm_table.table_namespace).split("."), str(orm_table.table_name)),
            metadata=metadata,
            metadata_location=address,
            io=self._load_file_io(metadata.properties, address),
            catalog=self,
        )


def _make_sqlite_patient(connection: sqlite3.Connection, _record: object) -> None:
    """Readers beside one writer, a wait instead of an error, and every commit on the disk before it is answered."""
    connection.execute("PRAGMA busy_timeout=30000")
    connection.execute("PRAGMA synchronous=FULL")
    for attempt in range(ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            # Whoever first turns a new file over to WAL needs it alone, and for that SQLite does not wait.
            if attempt == ATTEMPTS - 1:
                raise
            time.sleep(0.01 * 2**attempt)
        else:
            return
