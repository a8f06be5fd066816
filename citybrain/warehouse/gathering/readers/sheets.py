"""XLSX, XLS and ODS sheets as offices make them: title rows above the header, merged cells, several sheets.

Cells come as text as a person reads them: whole numbers without `.0`, dates as ISO, so that an id is never a number.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from citybrain.warehouse.gathering.archives import check_zip, is_zip
from citybrain.warehouse.gathering.errors import UnreadableDelivery
from citybrain.warehouse.gathering.landing import column_names
from citybrain.warehouse.gathering.readers.reading import Reading

BATCH = 20_000
HEAD = 30
"""Rows searched for the header."""
Cell = Any
TOTALS = ("合计", "总计", "小计")
"""A line that begins with one of these alone sums up others: skipped, and counted so."""
FOOTERS = ("制表", "填表", "审核", "注：", "注:", "备注：", "说明：")
"""First words of the few cells below a table that are no row of it."""
CLOSING = TOTALS + FOOTERS


def read(path: Path, *, options: dict[str, Any], reading: Reading) -> Iterator[pa.RecordBatch]:
    """Batches of text columns. Options: `sheet` (name), `header_row` (from 1). Without `sheet` every sheet that has the
    first one's header is read; others are noted."""
    if is_zip(path):
        check_zip(path, reading.place)
    try:
        book = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableDelivery(
            "unreadable-file", f"{reading.place} is not a readable workbook: {error}. Save it again as .xlsx."
        ) from error
    with book:
        wanted = str(options.get("sheet", ""))
        if wanted and wanted not in book.sheet_names:
            raise UnreadableDelivery(
                "unreadable-file", f"{reading.place} has no sheet {wanted!r}; it has {', '.join(book.sheet_names)}."
            )
        names: list[str] | None = None
        for title in [wanted] if wanted else book.sheet_names:
            sheet = book.get_sheet_by_name(title)
            rows = _filled(sheet)
            header = int(options.get("header_row", 0)) - 1 if options.get("header_row") else _header(rows)
            if header is None or header >= len(rows):
                continue
            found, body = _names(rows, header, sheet)
            if names is not None and found != names:
                reading.notes.append(f"{reading.place}: sheet {title} has other columns and was not read.")
                continue
            names = found
            yield from _batches(rows, body, names, title, reading)
        if names is None:
            raise UnreadableDelivery("unreadable-file", f"{reading.place} has no sheet with a header and rows.")


def _filled(sheet: CalamineSheet) -> list[list[Cell]]:
    """All cells, each merged area filled with its first cell's value."""
    rows = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value = rows[top][left]
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = value
    return rows


def _text(cell: Cell) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        is_date = (cell.hour, cell.minute, cell.second, cell.microsecond) == (0, 0, 0, 0)
        return cell.date().isoformat() if is_date else cell.isoformat(sep=" ")
    return str(cell)


def _header(rows: Sequence[Sequence[Cell]]) -> int | None:
    """Index of the header: the first row whose cells are all different texts over the width the rows below have."""
    head = [[_text(cell).strip() for cell in row] for row in rows[:HEAD]]
    widths = [_width(row) for row in head]
    if not any(widths):
        return None
    usual = max(widths)
    for index, row in enumerate(head):
        cells = row[: widths[index]]
        if widths[index] >= max(1, usual * 0.6) and all(cells) and len(set(cells)) >= max(1, len(cells) * 0.6):
            return index
    return next((index for index, width in enumerate(widths) if width == usual), None)


def _width(row: Sequence[str]) -> int:
    return max((index + 1 for index, cell in enumerate(row) if cell), default=0)


def _names(rows: list[list[Cell]], header: int, sheet: CalamineSheet) -> tuple[list[str], int]:
    """(column names, index of the first row): a header merged over two lines is joined as `上_下`."""
    first = [_text(cell).strip() for cell in rows[header]]
    width = _width(first)
    first = first[:width]
    merged = [
        (left, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
        if top == header and (bottom > top or right > left)
    ]
    two_lines = any(right > left for left, right in merged) and header + 1 < len(rows)
    if not two_lines:
        return column_names(first), header + 1
    second = [_text(cell).strip() for cell in rows[header + 1][:width]]
    joined = [
        upper if upper == lower or not lower else f"{upper}_{lower}"
        for upper, lower in zip(first, second, strict=False)
    ]
    return column_names(joined), header + 2


def _batches(
    rows: list[list[Cell]], body: int, names: list[str], title: str, reading: Reading
) -> Iterator[pa.RecordBatch]:
    schema = pa.schema([(name, pa.string()) for name in names])
    width = len(names)
    waiting: list[list[Cell]] = []
    yielded = False
    for number, cells in enumerate(rows[body:], body + 1):
        # Most rows begin with a value that is no total and are as wide as the header: nothing more to look at.
        first = cells[0] if cells else ""
        if len(cells) != width or first == "" or (isinstance(first, str) and first.strip().startswith(CLOSING)):
            if not any(cell not in ("", None) for cell in cells):
                continue
            reading.rows += 1
            texts = [_text(cell) for cell in cells]
            if _is_closing(texts, width):
                reading.skipped += 1
                continue
            if _width(texts) > width:
                data = orjson.dumps({"sheet": title, "row": number, "cells": texts})
                reading.spoil(row=number, offset=None, reason="wrong-column-count", data=data)
                continue
            cells = [*texts[:width], *[""] * (width - len(texts))]
        else:
            reading.rows += 1
        waiting.append(cells)
        if len(waiting) == BATCH:
            yield _batch(waiting, schema)
            yielded = True
            waiting = []
    if waiting or not yielded:
        yield _batch(waiting, schema)


def _is_closing(texts: list[str], width: int) -> bool:
    """Whether a line sums up the table, or stands below it."""
    filled = [text.strip() for text in texts if text != ""]
    return filled[0] in TOTALS or (len(filled) <= max(1, width // 3) and filled[0].startswith(FOOTERS))


def _batch(rows: list[list[Cell]], schema: pa.Schema) -> pa.RecordBatch:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    return pa.RecordBatch.from_arrays([_column(column) for column in columns], schema=schema)


def _column(cells: Sequence[Cell]) -> pa.Array:
    if set(map(type, cells)) <= {str}:
        return pa.array(cells, pa.string())
    return pa.array([_text(cell) for cell in cells], pa.string())
