"""Parquet files, in batches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from citybrain.warehouse.gathering.errors import UnreadableDelivery
from citybrain.warehouse.gathering.landing import lake_batch
from citybrain.warehouse.gathering.readers.reading import Reading

BATCH = 131_072
PAGE_LIMIT = 512 << 20
"""Uncompressed bytes of one row group: more would not fit beside other work in memory."""


def read(path: Path, *, options: dict[str, Any], reading: Reading) -> Iterator[pa.RecordBatch]:
    """Batches with the file's columns in lake types. A file cut anywhere is refused whole: its footer is gone."""
    try:
        with pq.ParquetFile(path, thrift_string_size_limit=64 << 20) as file:
            for group in range(file.metadata.num_row_groups):
                if (size := file.metadata.row_group(group).total_byte_size) > PAGE_LIMIT:
                    raise UnreadableDelivery(
                        "unreadable-file",
                        f"{reading.place} has a row group of {size:,} bytes. Write it with smaller row groups.",
                    )
            for batch in file.iter_batches(BATCH, use_threads=False):
                reading.rows += batch.num_rows
                yield lake_batch(batch)
            if not file.metadata.num_rows:
                yield lake_batch(pa.RecordBatch.from_pylist([], schema=file.schema_arrow))
    except (pa.ArrowInvalid, OSError) as error:
        raise UnreadableDelivery("unreadable-file", f"{reading.place} is not a whole Parquet file: {error}.") from error
