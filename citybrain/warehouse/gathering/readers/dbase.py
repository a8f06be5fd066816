"""DBF tables (dBase III to FoxPro), as many bureaus still export them: fixed-length records, Chinese in GBK.

Columns come as text exactly as stored, without the padding: numbers and dates in a DBF are text too, and often wrong.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from citybrain.warehouse.gathering.errors import UnreadableDelivery
from citybrain.warehouse.gathering.landing import column_names
from citybrain.warehouse.gathering.readers.reading import Reading

BATCH = 50_000
END_OF_FIELDS = 0x0D
END_OF_FILE = 0x1A
DELETED = ord("*")
LANGUAGES = {0x4D: "gb18030", 0x7A: "gb18030", 0x03: "cp1252", 0x78: "big5"}
"""Language byte of the header -> encoding; GB18030 reads all GBK."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of the fixed-length record."""

    name: str
    kind: str
    start: int
    length: int


def read(path: Path, *, options: dict[str, Any], reading: Reading) -> Iterator[pa.RecordBatch]:
    """Batches of text columns. Options: `encoding`. Records marked deleted are counted as skipped."""
    data = np.memmap(path, np.uint8, "r") if path.stat().st_size else np.empty(0, np.uint8)
    columns, start, length, declared, encoding = _header(bytes(data[:65_536]), reading.place)
    encoding = str(options.get("encoding", "")) or encoding
    schema = pa.schema([(column.name, pa.string()) for column in columns])
    whole = min(declared, (len(data) - start) // length)
    for first in range(0, whole, BATCH):
        count = min(BATCH, whole - first)
        offset = start + first * length
        records = np.asarray(data[offset : offset + count * length]).reshape(count, length)
        alive = records[:, 0] != DELETED
        reading.rows += count
        reading.skipped += int(count - alive.sum())
        numbers = np.flatnonzero(alive)
        arrays = []
        bad: set[int] = set()
        for column in columns:
            array, wrong = _texts(records[alive, column.start : column.start + column.length], column, encoding)
            arrays.append(array)
            bad.update(wrong)
        batch = pa.RecordBatch.from_arrays(arrays, schema=schema)
        for index in sorted(bad):
            number = int(numbers[index])
            reading.spoil(
                row=first + number + 1,
                offset=offset + number * length,
                reason="undecodable",
                data=records[number].tobytes(),
            )
        yield batch.filter(pa.array([index not in bad for index in range(batch.num_rows)])) if bad else batch
    tail = bytes(data[start + whole * length :]).rstrip(bytes([END_OF_FILE]))
    if whole < declared:
        reading.rows += 1
        reading.spoil(row=whole + 1, offset=start + whole * length, reason="cut-off", data=tail)
        reading.notes.append(f"{reading.place}: the header promises {declared} records, the file holds {whole}.")
    elif not whole:
        yield pa.RecordBatch.from_pylist([], schema=schema)


def _header(head: bytes, place: str) -> tuple[list[Column], int, int, int, str]:
    """(columns, offset of the records, length of a record, number of records, encoding)."""
    if len(head) < 33:
        raise UnreadableDelivery("unreadable-file", f"{place} is shorter than a DBF header. Deliver it again.")
    declared, start, length = struct.unpack("<IHH", head[4:12])
    encoding = LANGUAGES.get(head[29], "gb18030")
    names: list[str] = []
    kinds: list[tuple[str, int]] = []
    position = 32
    while position + 32 <= min(start, len(head)) and head[position] != END_OF_FIELDS:
        entry = head[position : position + 32]
        names.append(entry[:11].split(b"\0")[0].decode(encoding, "replace"))
        kind = chr(entry[11])
        # Character columns over 255 bytes keep the high byte of their length where others keep the decimals.
        size = entry[16] + (entry[17] << 8 if kind == "C" else 0)
        kinds.append((kind, size))
        position += 32
    columns: list[Column] = []
    at = 1
    for name, (kind, size) in zip(column_names(names), kinds, strict=True):
        if kind not in "CNFDLI":
            raise UnreadableDelivery(
                "unreadable-file",
                f"{place}: column {name} is of DBF type {kind} (memo or binary), which is not read. "
                "Export it as a character column, or as CSV.",
            )
        columns.append(Column(name=name, kind=kind, start=at, length=size))
        at += size
    if not columns or at > length or start < position or length == 0:
        raise UnreadableDelivery("unreadable-file", f"{place} has no valid DBF header. Deliver it again.")
    return columns, start, length, declared, encoding


def _texts(cells: np.ndarray, column: Column, encoding: str) -> tuple[pa.Array, list[int]]:
    """The cells (rows, length) as text without padding, and the rows that do not decode."""
    rows = len(cells)
    if not rows or not column.length:
        return pa.array([""] * rows, pa.string()), []
    flat = np.ascontiguousarray(cells)
    if column.kind == "I":
        return pa.array([str(value) for value in flat.view("<i4")[:, 0].tolist()], pa.string()), []
    if (flat < 128).all():
        fixed = pa.Array.from_buffers(pa.binary(column.length), rows, [None, pa.py_buffer(flat)])
        trim = pc.utf8_rtrim if column.kind == "C" else pc.utf8_trim
        return trim(pc.cast(pc.cast(fixed, pa.binary()), pa.string()), characters=" \0"), []
    texts: list[str] = []
    wrong: list[int] = []
    for index, cell in enumerate(flat.view(f"V{column.length}")[:, 0].tolist()):
        try:
            texts.append(cell.rstrip(b" \0").decode(encoding))
        except UnicodeDecodeError:
            texts.append("")
            wrong.append(index)
    return pa.array(texts, pa.string()), wrong
