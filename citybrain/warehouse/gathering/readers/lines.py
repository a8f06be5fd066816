"""JSON lines, leniently: each line stands for itself, so a broken one costs one row. Also one JSON array of objects."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pajson

from citybrain.warehouse.gathering.errors import UnreadableDelivery
from citybrain.warehouse.gathering.landing import lake_batch
from citybrain.warehouse.gathering.readers import encodings
from citybrain.warehouse.gathering.readers.json_rows import from_dicts
from citybrain.warehouse.gathering.readers.physical_lines import Block, blocks
from citybrain.warehouse.gathering.readers.reading import Reading

ARRAY_LIMIT = 256 << 20
"""Bytes of a JSON array file, which has to be parsed in one piece; larger ones are delivered as JSON lines."""
ARRAY_BATCH = 20_000
HEAD = 1 << 16
"""Bytes that tell the types of a first block."""
LONG_NUMBER = re.compile(rb"[:,\[]\s*-?[0-9]{16,}")
"""A number with more digits than a float keeps, or text that looks like one: worth a closer look."""


def read(path: Path, *, options: dict[str, Any], reading: Reading) -> Iterator[pa.RecordBatch]:
    """Batches of the columns the objects have. Options: `encoding`, `records` (key of the list in a JSON document)."""
    encoding, mark = encodings.detect(path, declared=str(options.get("encoding", "")))
    if options.get("records") or _is_array(path, mark):
        yield from _array(path, encoding, mark, options, reading)
        return
    known: pa.Schema | None = reading.expected
    for block in blocks(path, encoding=encoding, start=mark):
        batch = _fast(block, known, reading)
        if batch is None:
            batch = _line_by_line(block, known if known is not None else reading.expected, reading)
        if known is None and batch.num_columns:
            known = pa.schema([item for item in batch.schema if not pa.types.is_null(item.type)])
        yield batch


def _is_array(path: Path, mark: int) -> bool:
    with path.open("rb") as file:
        file.seek(mark)
        return file.read(64).lstrip()[:1] == b"["


def _fast(block: Block, known: pa.Schema | None, reading: Reading) -> pa.RecordBatch | None:
    """The block by pyarrow; None when a line needs a closer look or the types do not hold."""
    if block.text is None or not block.text.strip():
        return None
    count = block.count
    try:
        table = _as_text(block.text, known if known is not None else _guessed(block.text))
    except pa.ArrowInvalid:
        return None
    if _may_be_rounded(table) and LONG_NUMBER.search(block.text):
        return None
    if table.num_rows != count or any(pa.types.is_nested(item.type) for item in table.schema):
        return None
    reading.rows += count
    given = {name for name in table.schema.names if known is None or name not in known.names}
    batch = table.combine_chunks().to_batches()[0]
    # A column that no line of this block has is not a column of this block.
    keep = [i for i, item in enumerate(batch.schema) if item.name in given or f'"{item.name}"'.encode() in block.text]
    return lake_batch(batch.select(keep))


def _guessed(text: bytes) -> pa.Schema | None:
    """The types the first lines have, so that the block is parsed once; None when that tells nothing."""
    try:
        found = _as_text(text[: text.rfind(b"\n", 0, HEAD) + 1] or text, None).schema
        return pa.schema([item for item in found if not pa.types.is_null(item.type)])
    except pa.ArrowInvalid:
        return None


def _as_text(text: bytes, known: pa.Schema | None) -> pa.Table:
    """The lines parsed. pyarrow makes time stamps of text that looks like one; text is delivered, text is kept."""
    table = _parsed(text, known)
    if not any(pa.types.is_temporal(item.type) and not _is_known(item, known) for item in table.schema):
        return table
    kept = [
        pa.field(item.name, pa.string()) if pa.types.is_temporal(item.type) and not _is_known(item, known) else item
        for item in table.schema
    ]
    return _parsed(text, pa.schema(kept))


def _may_be_rounded(table: pa.Table) -> bool:
    """Whether a number stands beyond what a float counts in ones: pyarrow reads long whole numbers as floats."""
    floats = (column for column in table.columns if pa.types.is_floating(column.type))
    return any((pc.max(pc.abs(column)).as_py() or 0) >= 2**53 for column in floats)


def _is_known(item: pa.Field, known: pa.Schema | None) -> bool:
    return known is not None and item.name in known.names


def _parsed(text: bytes, known: pa.Schema | None) -> pa.Table:
    return pajson.read_json(
        io.BytesIO(text),
        read_options=pajson.ReadOptions(use_threads=False, block_size=len(text) + 1),
        parse_options=pajson.ParseOptions(explicit_schema=known, unexpected_field_behavior="infer"),
    )


def _line_by_line(block: Block, known: pa.Schema | None, reading: Reading) -> pa.RecordBatch:
    rows: list[dict[str, Any]] = []
    origins: list[tuple[int, int, bytes]] = []
    for number, offset, raw in block.lines():
        if not raw.strip(b"\r\n\t \x00"):
            continue
        reading.rows += 1
        try:
            text = raw.decode(block.encoding)
        except UnicodeDecodeError:
            reading.spoil(row=number, offset=offset, reason="undecodable", data=raw)
            continue
        try:
            value = orjson.loads(text)
        except (orjson.JSONDecodeError, UnicodeEncodeError):
            value = None
        if not isinstance(value, dict):
            reading.spoil(row=number, offset=offset, reason="not-json", data=raw)
            continue
        rows.append(value)
        origins.append((number, offset, raw))

    def spoil(index: int) -> None:
        number, offset, raw = origins[index]
        reading.spoil(row=number, offset=offset, reason="wrong-type", data=raw)

    return from_dicts(rows, expected=known if reading.expected is not None else None, spoil=spoil)


def _array(path: Path, encoding: str, mark: int, options: dict[str, Any], reading: Reading) -> Iterator[pa.RecordBatch]:
    size = path.stat().st_size
    if size > ARRAY_LIMIT:
        raise UnreadableDelivery(
            "unreadable-file", f"{reading.place} is one JSON document of {size:,} bytes. Deliver it as JSON lines."
        )
    try:
        document = orjson.loads(path.read_bytes()[mark:].decode(encoding))
    except (orjson.JSONDecodeError, UnicodeError) as error:
        raise UnreadableDelivery("unreadable-file", f"{reading.place} is not JSON: {error}.") from error
    if key := options.get("records"):
        document = document.get(key) if isinstance(document, dict) else None
    if not isinstance(document, list):
        raise UnreadableDelivery("unreadable-file", f"{reading.place} holds no list of records.")
    for start in range(0, len(document), ARRAY_BATCH):
        numbers: list[int] = []
        rows: list[dict[str, Any]] = []
        for number, value in enumerate(document[start : start + ARRAY_BATCH], start + 1):
            reading.rows += 1
            if isinstance(value, dict):
                rows.append(value)
                numbers.append(number)
            else:
                reading.spoil(row=number, offset=None, reason="not-json", data=orjson.dumps(value))

        def spoil(index: int, rows: list[dict[str, Any]] = rows, numbers: list[int] = numbers) -> None:
            reading.spoil(row=numbers[index], offset=None, reason="wrong-type", data=orjson.dumps(rows[index]))

        yield from_dicts(rows, expected=reading.expected, spoil=spoil)
