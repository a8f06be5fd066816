"""Each way of delivery gives back what was written, read by another library."""

from __future__ import annotations

import csv
import datetime
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import dbfread
import openpyxl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citybrain.rehearsal.defects import LINES
from citybrain.rehearsal.specification import Quoting
from citybrain.rehearsal.tests.reading import read_sheet
from citybrain.rehearsal.ways.databases import write_sqlite
from citybrain.rehearsal.ways.dbase import write_dbf
from citybrain.rehearsal.ways.delimited import spoil_line, write_csv
from citybrain.rehearsal.ways.workbook import column_letters, write_workbook

LINE_TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12)
GBK_TEXT = st.text("永康市方岩镇a1-,;\"' 應陳", max_size=12)
SHEET_TEXT = st.text("永康<>&\"'= x1\n", min_size=1, max_size=12)
ONE_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)


def columns(text: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.lists(st.tuples(text, text), min_size=1, max_size=20)


def table(rows: list[tuple[str, str]]) -> pa.Table:
    return pa.table({"编号": [row[0] for row in rows], "b": [row[1] for row in rows]})


@ONE_FOLDER
@given(
    rows=columns(LINE_TEXT),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    quoting=st.sampled_from(list(Quoting)),
    delimiter=st.sampled_from([",", "\t", ";"]),
)
def test_csv(tmp_path: Path, rows: list[tuple[str, str]], encoding: str, quoting: Quoting, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    write_csv(table(rows), path, encoding=encoding, quoting=quoting, delimiter=delimiter)
    text = path.read_bytes().decode(encoding)
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    assert read == [["编号", "b"], *(list(row) for row in rows)]


def test_csv_quotes_no_more_than_it_must(tmp_path: Path) -> None:
    write_csv(table([("永康", "a,b")]), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == '编号,b\n永康,"a,b"\n'


@pytest.mark.parametrize("kind", LINES)
def test_spoilt_line_differs_and_stays_one_line(kind: str) -> None:
    line = "WH01,永康五金厂,2026年01月02日".encode()
    spoilt = spoil_line(line, kind, b",")
    assert spoilt != line
    assert b"\n" not in spoilt
    fields = spoilt.count(b",") + 1
    assert fields == {"too-few-columns": 2, "too-many-columns": 4}.get(kind, 3)
    assert spoilt.count(b'"') % 2 == (kind in ("unclosed-quote", "stray-quote"))


@ONE_FOLDER
@given(rows=columns(GBK_TEXT))
def test_dbf(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    path = tmp_path / "a.dbf"
    days = [datetime.date(1949, 10, 1), None] * 10
    numbers = [1.25, None, -3.5, 7.0] * 5
    written = table(rows).append_column("D", pa.array(days[: len(rows)], pa.date32()))
    write_dbf(written.append_column("N", pa.array(numbers[: len(rows)])), path)
    read = [(r["编号"], r["b"], r["D"], r["N"]) for r in dbfread.DBF(path, encoding="gbk")]
    # Trailing blanks are padding in a DBF.
    expected = [(a.rstrip(), b.rstrip(), d, n) for (a, b), d, n in zip(rows, days, numbers, strict=False)]
    assert read == expected


def test_dbf_names_a_field_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="统一社会信用代码"):
        write_dbf(pa.table({"统一社会信用代码": ["a"]}), tmp_path / "a.dbf")


@ONE_FOLDER
@given(rows=columns(SHEET_TEXT), merged=st.booleans())
def test_workbook(tmp_path: Path, rows: list[tuple[str, str]], merged: bool) -> None:
    path = tmp_path / "a.xlsx"
    written = table(rows).append_column("n", pa.array(range(len(rows))))
    write_workbook(written, path, title="表", department="局", filled=datetime.date(2026, 11, 1), merged=merged)
    assert read_sheet(path) == written.to_pylist()


def test_workbook_has_title_rows_and_merged_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = table([("x", "1"), ("x", "2"), ("y", "3")])
    write_workbook(rows, path, title="农机", department="农业农村局", filled=datetime.date(2026, 11, 1), merged=True)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:B1", "A4:A5"}
    assert sheet["A1"].value == "农机"


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_letters(index: int, letters: str) -> None:
    assert column_letters(index) == letters


def test_sqlite_keeps_types_and_nulls(tmp_path: Path) -> None:
    write_sqlite(pa.table({"a": [1, None], "b": [0.5, None], "c": ["永康", None]}), tmp_path / "a.sqlite", "T")
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as database:
        assert database.execute("SELECT * FROM T").fetchall() == [(1, 0.5, "永康"), (None, None, None)]
