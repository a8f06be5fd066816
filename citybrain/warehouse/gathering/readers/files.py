"""One delivered file, read by its kind; archives are opened within limits first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from citybrain.warehouse.gathering import archives
from citybrain.warehouse.gathering.readers import dbase, delimited, lines, parquet, sheets
from citybrain.warehouse.gathering.readers.reading import Reading

Reader = Callable[..., Iterator[pa.RecordBatch]]
READERS: dict[str, Reader] = {
    "csv": delimited.read,
    "xlsx": sheets.read,
    "jsonl": lines.read,
    "parquet": parquet.read,
    "dbf": dbase.read,
}
"""Kind -> reader(path, options=, reading=)."""

SUFFIXES = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".xls": "xlsx", ".ods": "xlsx", ".jsonl": "jsonl",
    ".ndjson": "jsonl", ".json": "jsonl", ".parquet": "parquet", ".dbf": "dbf",
}  # fmt: skip


@contextmanager
def opened(path: Path, *, place: str, pattern: str) -> Iterator[list[tuple[str, Path]]]:
    """(place, file) of what a delivery holds: itself, or the files of an archive."""
    if not archives.is_archive(path):
        yield [(place, path)]
        return
    inner = pattern.removesuffix(".zip").removesuffix(".gz")
    with archives.unpacked(path, place=place, pattern="*" if inner == pattern else "*.*") as files:
        yield files


def read(path: Path, *, kind: str, options: dict[str, Any], reading: Reading) -> Iterator[pa.RecordBatch]:
    """Batches of one plain file."""
    yield from READERS[kind](path, options=options, reading=reading)
