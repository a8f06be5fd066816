"""CSV and TSV in any encoding: every column text exactly as delivered, every bad line in quarantine, the rest loaded.

Three gears. A block of clean lines goes through pyarrow as it is. A block with suspicious lines is first split into
records, so that an unclosed quote costs one physical line and not the rest of the file. What pyarrow still reads
otherwise than those records is parsed by the strict rules, record by record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from citybrain.warehouse.gathering.errors import UnreadableDelivery
from citybrain.warehouse.gathering.landing import column_names
from citybrain.warehouse.gathering.readers import dialects, encodings
from citybrain.warehouse.gathering.readers.dialects import Dialect
from citybrain.warehouse.gathering.readers.physical_lines import Block, blocks
from citybrain.warehouse.gathering.readers.reading import Reading

SNIFFED_LINES = 50
RECORD_LINES = 100
"""Physical lines a quoted value may span; beyond, the quote is taken for an unclosed one."""
FIELD_LIMIT = 8 << 20
"""Bytes of one line; more goes to quarantine."""
FEED, RETURN = 10, 13


@dataclass(frozen=True)
class Record:
    """One record of a block, over one or more physical lines."""

    line: int
    offset: int
    raw: bytes
    """As delivered."""
    text: str


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What the head of the file told."""

    dialect: Dialect
    names: list[str]
    first_line: int
    """Physical line of the first row."""

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([(name, pa.string()) for name in self.names])


def read(path: Path, *, options: dict[str, Any], reading: Reading) -> Iterator[pa.RecordBatch]:
    """Text columns. Options: `encoding`, `delimiter`, `quote`, `header_row` (from 1), `columns` (none)."""
    encoding, mark = encodings.detect(path, declared=str(options.get("encoding", "")))
    shape: Shape | None = None
    rest: Block | None = None
    for block, is_last in _with_last(blocks(path, encoding=encoding, start=mark)):
        if shape is None:
            shape = _shape(block, options, reading)
        if block.line < shape.first_line:
            block = _after(block, shape.first_line)
        if rest is not None:
            block = Block(data=rest.data + block.data, offset=rest.offset, line=rest.line, encoding=encoding)
        batch, rest = _rows(block, shape, reading, is_last=is_last)
        if batch.num_rows:
            yield batch
    if shape is None:
        raise UnreadableDelivery("unreadable-file", f"{reading.place} is empty: not even a header. Deliver it again.")


def _with_last(stream: Iterator[Block]) -> Iterator[tuple[Block, bool]]:
    """Each block, and whether it is the last."""
    before = next(stream, None)
    for block in stream:
        if before is not None:
            yield before, False
        before = block
    if before is not None:
        yield before, True


def _shape(block: Block, options: dict[str, Any], reading: Reading) -> Shape:
    head = []
    for _number, _offset, raw in block.lines():
        head.append(raw.decode(block.encoding, "replace").rstrip("\r\n"))
        if len(head) == SNIFFED_LINES:
            break
    if "\r" in head[0]:
        raise UnreadableDelivery(
            "unreadable-file", f"{reading.place} ends its lines with CR alone. Deliver it with LF or CRLF line ends."
        )
    dialect = dialects.sniff(head, delimiter=str(options.get("delimiter", "")), quote=str(options.get("quote", "")))
    if columns := options.get("columns"):
        return Shape(dialect=dialect, names=column_names(columns), first_line=1)
    declared = int(options.get("header_row", 0))
    index = declared - 1 if declared else dialects.header_row(head, dialect)
    if index >= len(head):
        raise UnreadableDelivery("unreadable-file", f"{reading.place} has no line {declared} for a header.")
    return Shape(
        dialect=dialect, names=column_names(dialects.fields(head[index], dialect)), first_line=block.line + index + 1
    )


def _after(block: Block, line: int) -> Block:
    for number, offset, _raw in block.lines():
        if number >= line:
            cut = offset - block.offset
            return Block(data=block.data[cut:], offset=offset, line=number, encoding=block.encoding)
    return Block(data=b"", offset=block.offset, line=line, encoding=block.encoding)


def _rows(block: Block, shape: Shape, reading: Reading, *, is_last: bool) -> tuple[pa.RecordBatch, Block | None]:
    """The block's rows, and the lines at its end that belong to a record the next block goes on with."""
    if not block.data:
        return _empty(shape), None
    if block.text is not None and (batch := _clean(block, shape, reading)) is not None:
        return batch, None
    records, rest = _records(block, shape, reading, is_last=is_last)
    if not records:
        return _empty(shape), rest
    wrong: list[int] = []
    joined = "\n".join(record.text for record in records).encode()
    batch = _parse(joined, shape, wrong, several_lines=True)
    if batch is None or batch.num_rows + len(wrong) != len(records):
        return _strictly(records, shape, reading), rest
    for number in wrong:
        record = records[number - 1]
        reading.spoil(row=record.line, offset=record.offset, reason="wrong-column-count", data=record.raw)
    return batch, rest


def _clean(block: Block, shape: Shape, reading: Reading) -> pa.RecordBatch | None:
    """The block by pyarrow alone; None when a line in it needs a closer look."""
    text = block.text or b""
    data = np.frombuffer(text, np.uint8)
    feeds = np.flatnonzero(data == FEED)
    count = len(feeds) + (not text.endswith(b"\n"))
    if _has_blank_or_huge_lines(data, feeds) or text.count(b"\r") > text.count(b"\r\n"):
        return None
    quote = shape.dialect.quote.encode()
    has_quotes = quote in text
    if has_quotes and _is_suspicious(data, feeds, quote[0], ord(shape.dialect.delimiter)):
        return None
    wrong: list[int] = []
    batch = _parse(text, shape, wrong, several_lines=False, quoted=has_quotes)
    if batch is None or batch.num_rows + len(wrong) != count:
        return None
    if wrong:
        starts = set(wrong)
        for index, (line, offset, raw) in enumerate(block.lines(), 1):
            if index in starts:
                reading.spoil(row=line, offset=offset, reason="wrong-column-count", data=raw)
    reading.rows += count
    return batch


def _has_blank_or_huge_lines(data: np.ndarray, feeds: np.ndarray) -> bool:
    ends = feeds if len(data) and data[-1] == FEED else np.append(feeds, len(data))
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts
    if not len(lengths) or lengths.max() > FIELD_LIMIT:
        return True
    short = starts[lengths <= 1]
    return bool(len(short) and (np.take(data, short, mode="clip") <= RETURN).any())


def _is_suspicious(data: np.ndarray, feeds: np.ndarray, quote: int, delimiter: int) -> bool:
    """Whether some line has an odd number of quotes, or a quote that touches no separator, line end or other quote."""
    marks = np.flatnonzero(data == quote)
    line_of = np.searchsorted(feeds, marks)
    if (np.bincount(line_of) & 1).any():
        return True
    padded = np.concatenate(([FEED], data, [FEED]))
    before, after = padded[marks], padded[marks + 2]
    borders = np.array([quote, delimiter, FEED, RETURN], np.uint8)
    return bool((~(np.isin(before, borders) | np.isin(after, borders))).any())


def _parse(
    text: bytes, shape: Shape, wrong: list[int], *, several_lines: bool, quoted: bool = True
) -> pa.RecordBatch | None:
    """`text` by pyarrow, lines with another number of columns put into `wrong`; None when it gives up."""

    def refuse(row: pacsv.InvalidRow) -> str:
        wrong.append(row.number)
        return "skip"

    try:
        table = pacsv.read_csv(
            pa.BufferReader(text),
            read_options=pacsv.ReadOptions(column_names=shape.names, use_threads=False, block_size=len(text) + 1),
            parse_options=pacsv.ParseOptions(
                delimiter=shape.dialect.delimiter,
                quote_char=shape.dialect.quote if quoted else False,
                newlines_in_values=several_lines,
                invalid_row_handler=refuse,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=shape.schema, strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return table.combine_chunks().to_batches()[0] if table.num_rows else _empty(shape)


def _empty(shape: Shape) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema=shape.schema)


def _records(block: Block, shape: Shape, reading: Reading, *, is_last: bool) -> tuple[list[Record], Block | None]:
    """The block's records; bad lines go to quarantine, blank ones are no rows."""
    lines = list(block.lines())
    records: list[Record] = []
    index = 0
    while index < len(lines):
        line, offset, raw = lines[index]
        text = _decoded(raw, block.encoding)
        if text is not None and not text.strip("\r\n"):
            index += 1
            continue
        if text is None:
            taken, reason = 1, "undecodable"
        elif len(raw) > FIELD_LIMIT:
            taken, reason = 1, "field-too-large"
        elif shape.dialect.quote not in text:
            taken, reason = 1, ""
        else:
            taken, reason = _quoted_record(lines, index, shape, block.encoding)
            if not taken and not is_last:
                cut = offset - block.offset
                return records, Block(data=block.data[cut:], offset=offset, line=line, encoding=block.encoding)
            taken, reason = (taken, reason) if taken else (1, "unclosed-quote")
        reading.rows += 1
        if reason:
            reading.spoil(row=line, offset=offset, reason=reason, data=raw)
        else:
            whole = b"".join(piece for _, _, piece in lines[index : index + taken])
            records.append(Record(line, offset, whole, _bare(whole.decode(block.encoding))))
        index += taken
    return records, None


def _quoted_record(lines: list[tuple[int, int, bytes]], index: int, shape: Shape, encoding: str) -> tuple[int, str]:
    """(physical lines the record at `index` takes, reason): a value with line ends is one only when closing it gives
    exactly the right number of columns; else the quote is an unclosed one and costs its line. 0 lines: the block ends
    before that is known."""
    text = ""
    for taken in range(1, min(RECORD_LINES, len(lines) - index) + 1):
        piece = _decoded(lines[index + taken - 1][2], encoding)
        if piece is None:
            break
        text += piece
        try:
            values = dialects.split_record(_bare(text), shape.dialect)
        except ValueError:
            return 1, "bad-quoting" if taken == 1 else "unclosed-quote"
        if values is not None:
            if taken == 1:
                return 1, "" if len(values) == len(shape.names) else "wrong-column-count"
            return (taken, "") if len(values) == len(shape.names) else (1, "unclosed-quote")
    else:
        if len(lines) - index < RECORD_LINES:
            return 0, ""
    return 1, "unclosed-quote"


def _strictly(records: list[Record], shape: Shape, reading: Reading) -> pa.RecordBatch:
    rows: list[list[str]] = []
    for record in records:
        values = dialects.split_record(record.text, shape.dialect)
        if values is None or len(values) != len(shape.names):
            reading.spoil(row=record.line, offset=record.offset, reason="wrong-column-count", data=record.raw)
        else:
            rows.append(values)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(shape.names)
    return pa.RecordBatch.from_arrays([pa.array(column, pa.string()) for column in columns], schema=shape.schema)


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        text = raw.decode(encoding)
        text.encode()
    except UnicodeError:
        return None
    return text


def _bare(text: str) -> str:
    """`text` without its line end."""
    return text.removesuffix("\n").removesuffix("\r")
