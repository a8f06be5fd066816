"""Writes XLSX as clerks send it: a merged title, a line of particulars, then the header; sometimes merged cells below.

Written by hand because the same rows must give the same bytes: a workbook is a zip of five small XML files.
"""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from citybrain.rehearsal.strings import joined

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FIXED = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
_EPOCH = (1980, 1, 1, 0, 0, 0)
TITLE_ROWS = 3
"""Rows above the data: title, particulars, header."""


def column_letters(index: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _cells(column: pa.Array, letters: str, row_numbers: pa.Array) -> pa.Array:
    """The XML of one column's cells; null gives no cell."""
    if pa.types.is_string(column.type):
        for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            column = pc.replace_substring(column, character, entity)
        start, end = '" t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
    else:
        column, start, end = column.cast(pa.string()), '"><v>', "</v></c>"
    return pc.fill_null(joined(f'<c r="{letters}', row_numbers, start, column, end), "")


def _runs(column: pa.Array) -> list[tuple[int, int]]:
    """First and last row (0-based) of each run of at least two equal values."""
    values = np.asarray(column.dictionary_encode().indices.fill_null(-1))
    starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
    ends = np.concatenate([starts[1:], [len(values)]]) - 1
    return [(int(start), int(end)) for start, end in zip(starts, ends, strict=True) if end > start]


def write_workbook(
    rows: pa.Table, path: Path, *, title: str, department: str, filled: date, merged: bool = False
) -> None:
    """Write one sheet; with `merged`, runs of equal values in the first column become one merged cell each."""
    letters = [column_letters(index) for index in range(rows.num_columns)]
    last = letters[-1]
    merges = [f"A1:{last}1"]
    particulars = _text_cell("A2", f"填报单位:{department}") + _text_cell("C2", f"填报日期:{filled:%Y年%m月%d日}")
    names = zip(letters, rows.column_names, strict=True)
    head = [
        f'<row r="1">{_text_cell("A1", title)}</row>',
        f'<row r="2">{particulars}</row>',
        f'<row r="3">{"".join(_text_cell(f"{letter}3", name) for letter, name in names)}</row>',
    ]
    numbers = pa.array(np.arange(TITLE_ROWS + 1, TITLE_ROWS + 1 + rows.num_rows)).cast(pa.string())
    columns = [column.combine_chunks() for column in rows.itercolumns()]
    if merged and rows.num_rows:
        covered = np.zeros(rows.num_rows, dtype=bool)
        for start, end in _runs(columns[0]):
            covered[start + 1 : end + 1] = True
            merges.append(f"A{start + TITLE_ROWS + 1}:A{end + TITLE_ROWS + 1}")
        columns[0] = pc.if_else(pa.array(covered), pa.scalar(None, columns[0].type), columns[0])
    cells = [_cells(column, letter, numbers) for column, letter in zip(columns, letters, strict=True)]
    body = joined('<row r="', numbers, '">', *cells, "</row>").to_pylist() if rows.num_rows else []
    sheet = "".join([
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>', *head, *body, "</sheetData>",
        f'<mergeCells count="{len(merges)}">', *(f'<mergeCell ref="{area}"/>' for area in merges),
        "</mergeCells></worksheet>",
    ])  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, content in {**_FIXED, "xl/worksheets/sheet1.xml": sheet}.items():
            book.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED, compresslevel=1)
