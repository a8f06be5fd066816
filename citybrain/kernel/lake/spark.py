"""Questions to a Spark Connect server: the engine for what outgrows one machine."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType

import pyarrow as pa
from pyspark.sql.connect.session import SparkSession


class Spark:
    """A session on a Spark Connect server (`sc://host:port`): Spark 4 or Sail."""

    def __init__(self, url: str) -> None:
        self._session = SparkSession.builder.remote(url).create()

    def __enter__(self) -> Spark:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.stop()

    def query(self, sql: str, *, tables: Mapping[str, pa.Table] | None = None) -> pa.Table:
        """Run one SELECT over Arrow tables, each visible under its name in `tables`."""
        for name, rows in (tables or {}).items():
            self._session.createDataFrame(rows).createOrReplaceTempView(name)
        result: pa.Table = self._session.sql(sql).toArrow()
        return result
