"""JSON lines, workbooks, Parquet, DBF and archives: good rows loaded, hostile files refused with a reason."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from citybrain.warehouse.gathering import archives
from citybrain.warehouse.gathering.errors import UnreadableDelivery
from citybrain.warehouse.gathering.readers import dbase, lines, parquet, physical_lines, sheets

# --- JSON lines


def test_json_lines_stand_each_for_itself(read_file: Any, spoilt: Any) -> None:
    data = '{"id":1,"名":"王"}\nbroken\n{"id":2,"名":null,"x":{"a":[1]}}\n[1]\n\n{"id":3}'.encode()
    rows, reading = read_file(lines.read, data)
    assert [row["id"] for row in rows] == [1, 2, 3]
    assert rows[1]["x"] == '{"a":[1]}'
    assert [item[:2] for item in spoilt(reading)] == [(2, "not-json"), (4, "not-json")]


def test_text_that_looks_like_a_time_stays_text(read_file: Any) -> None:
    rows, _ = read_file(
        lines.read, b'{"at":"2026-01-01 00:00:00","n":1.5,"b":true}\n{"at":"2026-01-02","n":2,"b":null}\n'
    )
    assert rows[0] == {"at": "2026-01-01 00:00:00", "n": 1.5, "b": True}


def test_a_value_of_another_type_than_served_is_one_bad_row(read_file: Any, spoilt: Any) -> None:
    data = b"".join(b'{"n":%d}\n' % number for number in range(20)) + b'{"n":"many"}\n'
    rows, reading = read_file(lines.read, data, expected=pa.schema([("n", pa.int64())]))
    assert len(rows) == 20
    assert spoilt(reading) == [(21, "wrong-type", b'{"n":"many"}\n')]


def test_a_column_of_another_type_is_a_changed_column(read_file: Any) -> None:
    data = b"".join(b'{"n":"%d"}\n' % number for number in range(20))
    rows, _ = read_file(lines.read, data, expected=pa.schema([("n", pa.int64())]))
    assert rows[3] == {"n": "3"}


def test_numbers_beyond_64_bits_keep_their_digits(read_file: Any) -> None:
    rows, _ = read_file(lines.read, b'{"n":12345678901234567890}\n')
    assert rows == [{"n": "12345678901234567890"}]


def test_columns_that_appear_late_are_columns(read_file: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(physical_lines, "BLOCK", 40)
    rows, _ = read_file(lines.read, b'{"a":1}\n' * 9 + b'{"b":"x"}\n' * 9)
    assert rows[0] == {"a": 1}
    assert rows[-1].get("b") == "x"


def test_a_json_document_with_a_list(read_file: Any) -> None:
    rows, reading = read_file(lines.read, b'[{"a":1},2,{"a":3}]', name="x.json")
    assert rows == [{"a": 1}, {"a": 3}]
    assert reading.quarantine.rows == 1


def test_a_broken_json_document_is_refused(read_file: Any) -> None:
    with pytest.raises(UnreadableDelivery, match="not JSON"):
        read_file(lines.read, b'[{"a":1},')


# --- workbooks


def workbook(fill: Any) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_header_below_title_rows_and_merged_cells(read_file: Any) -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        sheet.append(["2026年企业名单", None, None])
        sheet.merge_cells("A1:C1")
        sheet.append(["制表：市场监管局"])
        sheet.append(["镇", "企业", "从业人数"])
        sheet.append(["古山镇", "甲厂", 12])
        sheet.append([None, "乙厂", 7.5])
        sheet.merge_cells("A4:A5")
        sheet.append([])
        sheet.append(["合计", None, 19.5])

    rows, reading = read_file(sheets.read, workbook(fill), name="f.xlsx")
    assert rows == [
        {"镇": "古山镇", "企业": "甲厂", "从业人数": "12"},
        {"镇": "古山镇", "企业": "乙厂", "从业人数": "7.5"},
    ]
    assert (reading.rows, reading.skipped) == (3, 1)


def test_sheets_with_one_header_are_one_table(read_file: Any) -> None:
    def fill(book: Any) -> None:
        for town in ("东城", "西城"):
            sheet = book.create_sheet(town)
            sheet.append(["编号", "名称"])
            sheet.append([1, town])
        other = book.create_sheet("说明")
        other.append(["说", "明", "书"])
        other.append(["a", "b", "c"])

    rows, reading = read_file(sheets.read, workbook(fill), name="f.xlsx")
    assert [row["名称"] for row in rows] == ["东城", "西城"]
    assert "说明" in reading.notes[0]
    assert read_file(sheets.read, workbook(fill), name="f.xlsx", sheet="西城")[0] == [{"编号": "1", "名称": "西城"}]


def test_a_two_line_header_is_joined(read_file: Any) -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        sheet.append(["姓名", "地址", None])
        sheet.append([None, "镇", "村"])
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:C1")
        sheet.append(["王", "古山", "前"])

    rows, _ = read_file(sheets.read, workbook(fill), name="f.xlsx")
    assert rows == [{"姓名": "王", "地址_镇": "古山", "地址_村": "前"}]


def test_cells_beyond_the_header_are_a_bad_row(read_file: Any) -> None:
    rows, reading = read_file(
        sheets.read,
        workbook(lambda book: [book.active.append(row) for row in (["a", "b"], [1, 2], [1, 2, 3], [5, 6])]),
        name="f.xlsx",
    )
    assert len(rows) == 2
    assert reading.quarantine.items[0]["reason"] == "wrong-column-count"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"no workbook at all"])
def test_what_is_no_workbook_is_refused(data: bytes, read_file: Any) -> None:
    with pytest.raises(UnreadableDelivery):
        read_file(sheets.read, data, name="f.xlsx")


# --- Parquet


def test_parquet_types_become_the_lakes(read_file: Any) -> None:
    buffer = io.BytesIO()
    table = pa.table(
        {
            "i": pa.array([1], pa.int16()),
            "d": pa.array(["x"]).dictionary_encode(),
            "l": pa.array([[1, 2]]),
            "t": pa.array([1_000_001], pa.timestamp("ns")),
            "n": pa.nulls(1),
        }
    )
    pq.write_table(table, buffer)
    rows, _ = read_file(parquet.read, buffer.getvalue())
    assert rows[0]["i"] == 1
    assert rows[0]["d"] == "x"
    assert rows[0]["l"] == "[1, 2]"
    assert rows[0]["n"] is None


def test_a_cut_parquet_file_is_refused_whole(read_file: Any) -> None:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"a": list(range(1000))}), buffer)
    with pytest.raises(UnreadableDelivery, match="whole Parquet"):
        read_file(parquet.read, buffer.getvalue()[:-100])


# --- DBF


def dbf(columns: list[tuple[str, str, int]], records: list[bytes], *, declared: int | None = None) -> bytes:
    fields = b"".join(
        name.encode("gbk").ljust(11, b"\0") + kind.encode() + b"\0" * 4 + bytes([size]) + b"\0" * 15
        for name, kind, size in columns
    )
    length = 1 + sum(size for _, _, size in columns)
    count = len(records) if declared is None else declared
    head = struct.pack("<BBBBIHH", 3, 126, 11, 21, count, 32 + len(fields) + 1, length) + b"\0" * 17 + b"\x4d\0\0"
    return head + fields + b"\r" + b"".join(records) + b"\x1a"


def record(*cells: tuple[bytes, int], mark: bytes = b" ") -> bytes:
    return mark + b"".join(cell.ljust(size) for cell, size in cells)


def test_dbf_texts_come_as_stored(read_file: Any, spoilt: Any) -> None:
    data = dbf(
        [("姓名", "C", 10), ("NL", "N", 4), ("CSRQ", "D", 8)],
        [
            record(("王小明".encode("gbk"), 10), (b"  12", 4), (b"20260230", 8)),
            record(("李".encode("gbk"), 10), (b"****", 4), (b"", 8), mark=b"*"),
            record((b"\xff\xff", 10), (b"   3", 4), (b"20260101", 8)),
        ],
    )
    rows, reading = read_file(dbase.read, data)
    assert rows == [{"姓名": "王小明", "NL": "12", "CSRQ": "20260230"}]
    assert reading.skipped == 1
    found = spoilt(reading)
    assert found[0][:2] == (3, "undecodable")
    assert found[0][2].startswith(b" \xff\xff")


def test_a_dbf_cut_off_keeps_its_tail(read_file: Any, spoilt: Any) -> None:
    data = dbf([("A", "C", 4)], [record((b"x", 4)), record((b"y", 4))], declared=5)[:-3]
    rows, reading = read_file(dbase.read, data)
    assert rows == [{"A": "x"}]
    assert spoilt(reading) == [(2, "cut-off", b" y ")]
    assert "5 records" in reading.notes[0]


@pytest.mark.parametrize("data", [b"", b"\x03" * 40, dbf([("M", "M", 10)], [])])
def test_what_is_no_plain_dbf_is_refused(data: bytes, read_file: Any) -> None:
    with pytest.raises(UnreadableDelivery):
        read_file(dbase.read, data)


# --- archives


def zipped(members: dict[str, bytes], *, link: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if name == link:
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def unpack(path: Path) -> list[tuple[str, bytes]]:
    with archives.unpacked(path, place="a.zip") as files:
        return [(place, file.read_bytes()) for place, file in files]


def test_archives_give_their_files(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"d/x.csv": b"a\n1\n", "名单.csv": b"a\n2\n"}))
    assert unpack(path) == [("a.zip/d/x.csv", b"a\n1\n"), ("a.zip/名单.csv", b"a\n2\n")]
    packed = tmp_path / "x.csv.gz"
    packed.write_bytes(gzip.compress(b"a\n1\n"))
    assert unpack(packed) == [("a.zip", b"a\n1\n")]


@pytest.mark.parametrize(
    ("members", "link", "why"),
    [
        ({"../x.csv": b"1"}, "", "leaves the archive"),
        ({"/etc/x.csv": b"1"}, "", "leaves the archive"),
        ({"C:\\x.csv": b"1"}, "", "leaves the archive"),
        ({"l.csv": b"/etc/passwd"}, "l.csv", "is a link"),
        ({"inner.zip": b"PK"}, "", "archive itself"),
        ({"bomb.csv": b"0" * (40 << 20)}, "", "times its size"),
    ],
)
def test_hostile_archives_are_refused(members: dict[str, bytes], link: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(members, link=link))
    with pytest.raises(UnreadableDelivery, match=why) as refusal:
        unpack(path)
    assert refusal.value.reason == "archive-refused"


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(archives, "MEMBER_LIMIT", 10)
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{number}.csv": b"" for number in range(11)}))
    with pytest.raises(UnreadableDelivery, match="11 members"):
        unpack(path)


def test_a_table_of_contents_that_lies_is_found_out(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(archives, "RATIO_FLOOR", 1 << 10)
    packed = tmp_path / "x.csv.gz"
    packed.write_bytes(gzip.compress(b"0" * (4 << 20)))
    with pytest.raises(UnreadableDelivery, match="times its size"):
        unpack(packed)
    cut = tmp_path / "y.csv.gz"
    cut.write_bytes(gzip.compress(b"abc" * 1000)[:-9])
    with pytest.raises(UnreadableDelivery, match="broken"):
        unpack(cut)


def test_a_bomb_in_a_workbook_is_refused_before_it_is_opened(read_file: Any) -> None:
    data = zipped({"[Content_Types].xml": b"<x/>", "xl/worksheets/sheet1.xml": b"<c/>" * (10 << 20)})
    with pytest.raises(UnreadableDelivery, match="times its size"):
        read_file(sheets.read, data, name="f.xlsx")
