"""Writes CSV as departments export it: three encodings, good and bad quoting, and JSON lines."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from citybrain.rehearsal.specification import Quoting
from citybrain.rehearsal.strings import joined

_CUT = b"\xff"
"""A byte that begins no character in UTF-8 and in GB18030."""


def _quoted(name: str, quoting: Quoting, delimiter: str) -> str:
    if quoting is Quoting.ALL or delimiter in name:
        return '"' + name.replace('"', '""') + '"'
    return name


def spoil_line(line: bytes, kind: str, delimiter: bytes) -> bytes:
    """One line of CSV, without its end, spoilt in the way `kind` says."""
    fields = line.split(delimiter)
    match kind:
        case "unclosed-quote":
            fields[1] = b'"' + fields[1].replace(b'"', b"")
        case "stray-quote":
            half = len(fields[1]) // 2
            while half < len(fields[1]) and fields[1][half] & 0xC0 == 0x80:
                half += 1
            fields[1] = fields[1][:half] + b'"' + fields[1][half:]
        case "too-few-columns":
            del fields[-1]
        case "too-many-columns":
            fields.insert(1, fields[1])
        case "undecodable-bytes":
            fields[1] = fields[1] + _CUT
    return delimiter.join(fields)


def write_csv(
    rows: pa.Table,
    path: Path,
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
    quoting: Quoting = Quoting.NEEDED,
    lines: Mapping[int, str] | None = None,
) -> None:
    """Write all columns, which must be text; `lines` names the rows (0-based) whose line is to be spoilt."""
    header = delimiter.join(_quoted(name, quoting, delimiter) for name in rows.column_names).encode("utf-8") + b"\n"
    if quoting is Quoting.ALL:
        buffer = io.BytesIO()
        pa_csv.write_csv(rows, buffer, pa_csv.WriteOptions(include_header=False, delimiter=delimiter))
        body = buffer.getvalue()
    else:
        body = _needed_only(rows, delimiter)
    if lines:
        split = body.split(b"\n")
        for row, kind in lines.items():
            split[row] = spoil_line(split[row], kind, delimiter.encode())
        body = b"\n".join(split)
    data = header + body
    if encoding == "utf-8-sig":
        data = b"\xef\xbb\xbf" + data
    elif encoding != "utf-8":
        data = _recoded(data, encoding).replace(b"\n", b"\r\n")
    path.write_bytes(data)


def _needed_only(rows: pa.Table, delimiter: str) -> bytes:
    """The lines, quoted only where a value needs it (Arrow's writer quotes every text); no value holds a line break."""
    cells: list[pa.Array | str] = []
    for column in rows.itercolumns():
        value = column.combine_chunks()
        needs = pc.or_(pc.match_substring(value, '"'), pc.match_substring(value, delimiter))
        if pc.any(needs).as_py():
            value = pc.if_else(needs, joined('"', pc.replace_substring(value, '"', '""'), '"'), value)
        cells += [pc.fill_null(value, ""), delimiter]
    lines = joined(*cells[:-1], "\n") if rows.num_rows else pa.array([], pa.string())
    return lines.buffers()[2].to_pybytes() if len(lines) else b""


def _recoded(data: bytes, encoding: str) -> bytes:
    """UTF-8 turned into another encoding; bytes that are no UTF-8 are kept as they are."""
    return _CUT.join(piece.decode("utf-8").encode(encoding) for piece in data.split(_CUT))


def write_json_lines(rows: pa.Table, path: Path) -> None:
    """One object a line, UTF-8; null stays null, dates are text already."""
    with path.open("wb") as file:
        for batch in rows.to_batches(max_chunksize=20_000):
            file.write(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in batch.to_pylist()))
