"""Writing what a pass makes: Parquet files for the lake, each column encoded as its values deserve."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from citybrain.kernel.lake.tables import Lake, TableName

ROW_GROUP = 262_144
COMPRESSION_LEVEL = 1
TOGETHER = 16_384
"""Rows written at a time at least: each write costs the same for one row as for thousands."""
PROBED = 8_192
"""Values of the first batch that tell whether a column repeats itself."""


class Output:
    """One Parquet file of `table`, begun with the first row; nothing is made for no rows."""

    def __init__(self, lake: Lake, table: TableName, schema: pa.Schema) -> None:
        self.lake = lake
        self.table = table
        self.schema = schema
        self.path = ""
        self.rows = 0
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = 0

    def write(self, batch: pa.RecordBatch) -> None:
        """Append `batch`, whose columns may be dictionaries of the schema's types."""
        if batch.num_rows == 0:
            return
        self.rows += batch.num_rows
        self._waiting.append(batch)
        self._waiting_rows += batch.num_rows
        if self._waiting_rows >= TOGETHER:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        batch = self._waiting[0] if len(self._waiting) == 1 else pa.concat_batches(self._waiting)
        self._waiting, self._waiting_rows = [], 0
        if self._writer is None:
            self._writer = self._begin(batch)
        self._writer.write_batch(batch, row_group_size=ROW_GROUP)

    def _begin(self, batch: pa.RecordBatch) -> pq.ParquetWriter:
        self.path = self.lake.new_file(self.table)
        filesystem, inside = None, self.path
        if "://" in self.path:
            filesystem, inside = pafs.FileSystem.from_uri(self.path)
        return pq.ParquetWriter(
            inside,
            batch.schema,
            filesystem=filesystem,
            compression="zstd",
            compression_level=COMPRESSION_LEVEL,
            use_dictionary=[name for name in batch.schema.names if _repeats(batch.column(name))],
            # Dictionaries are ours, not the table's: without the Arrow schema every reader sees plain texts.
            store_schema=False,
        )

    def close(self) -> list[str]:
        """Finish; the file made, or nothing."""
        self._flush()
        if self._writer is None:
            return []
        self._writer.close()
        self._writer = None
        return [self.path]

    def discard(self) -> None:
        """Stop after a failure; a file never published is garbage, never data."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None


def _repeats(values: pa.Array) -> bool:
    """Whether a dictionary pays: building one for values that hardly repeat costs more than all rules together."""
    if isinstance(values, pa.DictionaryArray):
        return True
    if pa.types.is_boolean(values.type):
        return False
    head = values.slice(0, PROBED)
    return len(head.unique()) * 2 < len(head) + 2
