"""Questions to the lake, answered by DuckDB locked away from files and network."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa

from citybrain.kernel.lake.tables import Lake, TableName


def quote(name: str) -> str:
    """`name` as a quoted SQL identifier. The only way a column or table name enters SQL."""
    return '"' + name.replace('"', '""') + '"'


def query(
    lake: Lake,
    sql: str,
    *,
    tables: dict[str, TableName] | None = None,
    snapshots: dict[str, int] | None = None,
    parameters: list[Any] | None = None,
    threads: int = 1,
) -> pa.Table:
    """Run one SELECT over lake tables, each visible under the name `tables` gives it, and return an Arrow table.

    Values go through `parameters` (`?`), names through `quote`. The engine can open no file and no address of its own.
    """
    connection = duckdb.connect(
        config={"threads": threads, "autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    try:
        for alias, table in (tables or {}).items():
            connection.register(alias, lake.dataset(table, snapshot=(snapshots or {}).get(alias)))
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return connection.execute(sql, parameters or []).to_arrow_table()
    finally:
        connection.close()
