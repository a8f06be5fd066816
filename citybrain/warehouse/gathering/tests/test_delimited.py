"""Delimited text: whatever a department's export program does, good rows are loaded and bad ones kept byte for byte."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citybrain.warehouse.gathering.errors import UnreadableDelivery
from citybrain.warehouse.gathering.quarantine import Segment
from citybrain.warehouse.gathering.readers import delimited, physical_lines
from citybrain.warehouse.gathering.readers.encodings import detect
from citybrain.warehouse.gathering.readers.reading import Reading

PEOPLE = '编号,姓名,住址\r\n1,王小明,永康市东城街道\r\n2,李𠮷,"古山镇, 3组"\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_gives_the_same_rows(encoding: str, read_file: Any) -> None:
    rows, reading = read_file(delimited.read, PEOPLE.encode(encoding))
    assert rows == [
        {"编号": "1", "姓名": "王小明", "住址": "永康市东城街道"},
        {"编号": "2", "姓名": "李𠮷", "住址": "古山镇, 3组"},
    ]
    assert reading.quarantine.rows == 0


def test_text_stays_exactly_as_delivered(read_file: Any) -> None:
    rows, _ = read_file(delimited.read, b'id,v\n007, x \nNA,\n"=HYPERLINK(""http://x"")",1e5\n\xef\xbc\x91,a\x00b\n')
    assert [tuple(row.values()) for row in rows] == [
        ("007", " x "),
        ("NA", ""),
        ('=HYPERLINK("http://x")', "1e5"),
        ("１", "a\x00b"),
    ]


def test_an_unclosed_quote_costs_its_line_only(read_file: Any, spoilt: Any) -> None:
    data = 'id,name\n1,王\n2,"李\n3,赵\n4,"钱"\n'.encode()
    rows, reading = read_file(delimited.read, data)
    assert [row["id"] for row in rows] == ["1", "3", "4"]
    assert spoilt(reading) == [(3, "unclosed-quote", '2,"李\n'.encode())]


def test_a_quoted_value_may_span_lines(read_file: Any) -> None:
    rows, reading = read_file(delimited.read, b'id,note\n1,"a\nb ""c"" , d"\n2,e\n')
    assert rows == [{"id": "1", "note": 'a\nb "c" , d'}, {"id": "2", "note": "e"}]
    assert reading.rows == 2


def test_wrong_column_counts_are_kept_with_line_and_offset(read_file: Any, tmp_path: Path) -> None:
    _rows, reading = read_file(delimited.read, b"a,b\n1,2\n3\n4,5,6\n7,8\n")
    items = reading.quarantine.close()
    assert [(item["row"], item["offset"], item["reason"]) for item in items] == [
        (3, 8, "wrong-column-count"),
        (4, 10, "wrong-column-count"),
    ]
    assert reading.rows == 4


def test_bytes_that_are_no_text_are_kept(read_file: Any, spoilt: Any) -> None:
    good = "".join(f"{number},永康\n" for number in range(50)).encode()
    rows, reading = read_file(delimited.read, b"id,n\n" + good + b"x,\xff\xfe\n" + b"y,z\n")
    assert len(rows) == 51
    assert spoilt(reading) == [(52, "undecodable", b"x,\xff\xfe\n")]


def test_a_multibyte_character_cut_at_the_end_is_one_bad_row(read_file: Any, spoilt: Any) -> None:
    good = "编号,名\n" + "".join(f"{number},永康\n" for number in range(30))
    rows, reading = read_file(delimited.read, good.encode("gb18030") + "31,永".encode("gb18030")[:-1])
    assert len(rows) == 30
    assert spoilt(reading)[0][1:] == ("undecodable", "31,永".encode("gb18030")[:-1])


def test_text_after_a_closing_quote_is_bad_quoting(read_file: Any, spoilt: Any) -> None:
    rows, reading = read_file(delimited.read, b'a,b\n"x"y,1\n5" pipe,2\n"ok",3\n')
    assert [row["a"] for row in rows] == ['5" pipe', "ok"]
    assert [item[1] for item in spoilt(reading)] == ["bad-quoting"]


@pytest.mark.parametrize(
    ("delimiter", "text"), [("\t", "a\tb\n1\t2,3\n"), (";", "a;b\n1;2,3\n"), ("|", "a|b\n1|2,3\n")]
)
def test_the_delimiter_is_found(delimiter: str, text: str, read_file: Any) -> None:
    rows, _ = read_file(delimited.read, text.encode())
    assert rows == [{"a": "1", "b": "2,3"}]


def test_a_title_above_the_header_is_no_row(read_file: Any) -> None:
    rows, _ = read_file(delimited.read, "2026年人口表\n编号,姓名,年龄\n1,王,3\n2,李,4\n".encode())
    assert rows[0] == {"编号": "1", "姓名": "王", "年龄": "3"}


def test_repeated_and_empty_column_names_are_told_apart(read_file: Any) -> None:
    rows, _ = read_file(delimited.read, b"id,,ID,id\n1,2,3,4\n")
    assert list(rows[0]) == ["id", "column_2", "ID_2", "id_3"]


def test_blank_lines_are_no_rows(read_file: Any) -> None:
    rows, reading = read_file(delimited.read, b"a,b\n\n1,2\r\n\r\n3,4")
    assert len(rows) == reading.rows == 2


@pytest.mark.parametrize("data", [b"", b"a,b\r1,2\r3,4\r"])
def test_what_is_no_table_is_refused_with_a_remedy(data: bytes, read_file: Any) -> None:
    with pytest.raises(UnreadableDelivery, match="Deliver"):
        read_file(delimited.read, data)


def test_a_huge_field_is_one_bad_row(read_file: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(delimited, "FIELD_LIMIT", 1000)
    rows, reading = read_file(delimited.read, b"a,b\n1," + b"x" * 2000 + b"\n2,y\n")
    assert rows == [{"a": "2", "b": "y"}]
    assert reading.quarantine.items[0]["reason"] == "field-too-large"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_records_across_block_borders(encoding: str, read_file: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(physical_lines, "BLOCK", 64)
    text = "id,note\n" + "".join(f'{n},"第{n}行\n{"长" * (n % 7)}"\n' if n % 3 else f"{n},平\n" for n in range(100))
    rows, reading = read_file(delimited.read, text.encode(encoding))
    assert [row["id"] for row in rows] == [str(number) for number in range(100)]
    assert rows[5]["note"] == f"第5行\n{'长' * 5}"
    assert reading.quarantine.rows == 0


def test_a_declared_encoding_wins(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes("a\né\n".encode("latin-1"))
    assert detect(path, declared="latin-1") == ("iso8859-1", 0)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00", exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    table=st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(TEXT, min_size=width, max_size=width), min_size=1, max_size=20)
    ),
    encoding=st.sampled_from(["utf-8-sig", "gb18030", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_python_writes_comes_back_whole(table: list[list[str]], encoding: str, quoting: int) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=quoting, lineterminator="\n")
    names = [f"c{number}" for number in range(len(table[0]))]
    writer.writerow(names)
    writer.writerows(table)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(buffer.getvalue().encode(encoding))
        reading = Reading(place="t", quarantine=Segment(Path(folder) / "q"))
        options = {"delimiter": ",", "header_row": 1, "encoding": encoding.removesuffix("-sig")}
        rows = [
            tuple(r.values()) for b in delimited.read(path, options=options, reading=reading) for r in b.to_pylist()
        ]
    assert rows == [tuple(row) for row in table]
    assert reading.rows == len(table)


@settings(max_examples=150, deadline=None)
@given(
    lines=st.lists(st.binary(max_size=30).map(lambda data: data.replace(b"\n", b"")), max_size=30),
    block=st.sampled_from([16, 64, 4096]),
)
def test_no_line_of_any_bytes_is_lost(lines: list[bytes], block: int) -> None:
    """Loaded and quarantined rows together are the lines that are not blank, whatever the bytes."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(physical_lines, "BLOCK", block)
        path = Path(folder) / "t.csv"
        path.write_bytes(b"a,b,c\n" + b"\n".join(lines))
        reading = Reading(place="t", quarantine=Segment(Path(folder) / "q"))
        options = {"encoding": "utf-8", "delimiter": ",", "header_row": 1}
        loaded = sum(batch.num_rows for batch in delimited.read(path, options=options, reading=reading))
        reading.quarantine.discard()
    assert reading.rows == loaded + reading.quarantine.rows
    if not any(b'"' in line for line in lines):
        assert reading.rows == sum(1 for line in lines if line.strip(b"\r"))
