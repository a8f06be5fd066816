"""Reads deliveries back with other people's readers, so that no writer is its own judge."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import dbfread
import openpyxl
import pyarrow.parquet as pq

from citybrain.rehearsal.specification import Quoting, Source, Table, Way
from citybrain.rehearsal.spoiling import delivery_path
from citybrain.rehearsal.tables.county import SOURCES

Row = dict[str, Any]


def tables() -> Iterator[tuple[Source, Table]]:
    """Every table with its source."""
    return ((source, table) for source in SOURCES for table in source.tables)


def read_csv_lines(path: Path, encoding: str, delimiter: str) -> list[str]:
    """The data lines of a badly quoted file; what cannot be decoded becomes U+FFFD."""
    text = path.read_bytes().decode(encoding, "replace")
    return [line.removesuffix("\r") for line in text.split("\n")][1:-1]


def read(out: Path, source: Source, table: Table, path: Path | None = None) -> list[Row]:
    """All data rows of a table's delivery, in order."""
    file = path or out / delivery_path(source, table)
    match source.way:
        case Way.SQLITE:
            with closing(sqlite3.connect(file)) as database:
                database.row_factory = sqlite3.Row
                return [dict(row) for row in database.execute(f'SELECT * FROM "{table.name}" ORDER BY rowid')]
        case Way.CSV:
            with file.open(encoding=source.encoding, newline="", errors="replace") as text:
                if source.quoting is Quoting.BAD:
                    header = text.readline().strip().split(source.delimiter)
                    lines = read_csv_lines(file, source.encoding, source.delimiter)
                    parsed = (next(csv.reader([line], delimiter=source.delimiter)) for line in lines)
                    return [dict(zip(header, fields, strict=False)) for fields in parsed]
                return list(csv.DictReader(text, delimiter=source.delimiter))
        case Way.XLSX:
            return read_sheet(file)
        case Way.JSON_LINES | Way.HTTP_JSON:
            return [json.loads(line) for line in file.read_bytes().splitlines()]
        case Way.PARQUET | Way.POSTGRESQL:
            return pq.read_table(file).to_pylist()
        case Way.DBF:
            return [dict(record) for record in dbfread.DBF(file, encoding="gbk")]


def read_sheet(file: Path) -> list[Row]:
    """The rows under the header in the third line; merged cells below take the value of their first cell."""
    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    for area in [area for area in sheet.merged_cells.ranges if area.min_row > 3]:
        value = sheet.cell(area.min_row, area.min_col).value
        sheet.unmerge_cells(str(area))
        for row in range(area.min_row, area.max_row + 1):
            sheet.cell(row, area.min_col).value = value
    header, *rows = sheet.iter_rows(min_row=3, values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def as_text(value: object) -> str | None:
    """A delivered value as the truth table writes it; empty is null."""
    return None if value is None or value == "" else str(value)
