"""The truth adds up: every listed defect is in the delivered file, and nothing that is not listed is wrong."""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from citybrain.rehearsal.codes import is_citizen_number, is_credit_code, organisation_check
from citybrain.rehearsal.defects import CITIZEN_NUMBERS, KINDS, LINES, MISSING, NATURAL, ROWS
from citybrain.rehearsal.specification import Later, Quoting, Source, Table, Way
from citybrain.rehearsal.tests.reading import Row, as_text, read, read_csv_lines, tables

PAIRS = [pytest.param(source, table, id=source.dataset(table)) for source, table in tables() if not table.real]


@lru_cache(maxsize=4)
def truth(out: Path) -> dict[str, list[Row]]:
    """The truth rows of each dataset."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in pq.read_table(out / "truth" / "defects.parquet").to_pylist():
        rows[row["dataset"]].append(row)
    return rows


def same(listed: object, delivered: object) -> bool:
    """Equal as numbers where a number was delivered, else as text; empty is empty."""
    left, right = as_text(listed), as_text(delivered)
    if isinstance(delivered, int | float) and left is not None:
        return float(left) == delivered
    # A DBF pads with blanks, so trailing ones are lost.
    return left == right or (left is not None and right is not None and left.rstrip() == right.rstrip())


@pytest.mark.parametrize(("source", "table"), PAIRS)
def test_listed_defects_are_in_the_delivery(out: Path, source: Source, table: Table) -> None:
    rows = read(out, source, table)
    for defect in truth(out)[source.dataset(table)]:
        if defect["row_number"] is None or defect["kind"] in LINES:
            continue
        row = rows[defect["row_number"] - 1]
        key = "|".join(as_text(row[name]) or "" for name in table.primary_key) or None
        assert same(defect["row_key"], key), defect
        if defect["column"] is not None:
            assert same(defect["given"], row[defect["column"]]), defect
            assert defect["given"] != defect["true"] or defect["kind"] in (*NATURAL, "date-other-layout"), defect


@pytest.mark.parametrize(("source", "table"), PAIRS)
def test_keys_repeat_only_where_listed(out: Path, source: Source, table: Table) -> None:
    listed = truth(out)[source.dataset(table)]
    spoilt = {row["row_number"] for row in listed if row["kind"] in LINES}
    seconds = {row["row_number"]: row for row in listed if row["kind"] in ("duplicate-row", "key-conflict")}
    rows = read(out, source, table)
    seen: dict[tuple[object, ...], Row] = {}
    for number, row in enumerate(rows, start=1):
        if number in spoilt:
            continue
        key = tuple(row.get(name) for name in table.primary_key)
        if number in seconds:
            equal = row == seen[key]
            assert equal == (seconds[number]["kind"] == "duplicate-row"), seconds[number]
        elif all(part not in (None, "") for part in key):
            assert key not in seen, (number, key)
            seen[key] = row


def half_width(text: str) -> str:
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)


def sound_citizen(text: str) -> bool:
    text = half_width(text).upper()
    if len(text) == 15:
        return text.isdigit()
    try:
        born = datetime.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return is_citizen_number(text) and born <= datetime.date(2026, 10, 31)


def sound_credit(text: str) -> bool:
    text = half_width(text)
    return is_credit_code(text) and organisation_check(text[8:16]) == text[16]


def sound_mobile(text: str) -> bool:
    return re.fullmatch(r"(\+?86 ?)?1[3-9]\d-?\d{4}-?\d{4}", half_width(text)) is not None


def sound_plate(text: str) -> bool:
    return re.fullmatch(r"浙G[A-HJ-NP-Z0-9]\d{4,5}", half_width(text)) is not None


def sound_organisation(text: str) -> bool:
    return organisation_check(text[:8]) == text[8:]


SOUND: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(CITIZEN_NUMBERS, sound_citizen),
    "credit-code": sound_credit,
    "mobile": sound_mobile,
    "plate": sound_plate,
    "organisation-code": sound_organisation,
}


@pytest.mark.parametrize(("source", "table"), PAIRS)
def test_nothing_else_is_wrong(out: Path, source: Source, table: Table) -> None:
    listed = truth(out)[source.dataset(table)]
    wrong = {(row["row_number"], row["column"]) for row in listed if row["is_error"]}
    lines = {row["row_number"] for row in listed if row["kind"] in LINES}
    checked = {name: SOUND[maker.meaning] for name, maker in table.columns.items() if maker.meaning in SOUND}
    for number, row in enumerate(read(out, source, table), start=1):
        if number in lines:
            continue
        for name, sound in checked.items():
            value = row[name]
            if value in (None, ""):
                continue
            listed_here = (number, name) in wrong
            first = next((r for r in listed if r["row_number"] == number and "first row" in r["note"]), None)
            if first is None:
                assert sound(str(value)) != listed_here, (number, name, value)


@pytest.mark.parametrize(
    ("source", "table"),
    [pytest.param(s, t, id=s.dataset(t)) for s, t in tables() if s.way is Way.CSV and s.quoting is Quoting.BAD],
)
def test_spoilt_lines_are_spoilt_and_no_others(out: Path, source: Source, table: Table) -> None:
    listed = {row["row_number"]: row["kind"] for row in truth(out)[source.dataset(table)] if row["kind"] in LINES}
    path = out / "deliveries" / source.department / f"{table.name}.csv"
    for number, line in enumerate(read_csv_lines(path, source.encoding, source.delimiter), start=1):
        outside = re.sub(r'"[^"]*"', "", line)
        fits = outside.count(source.delimiter) == len(table.columns) - 1 and '"' not in outside
        decoded = "\ufffd" not in line or any(
            row["row_number"] == number and row["kind"] == "mojibake" for row in truth(out)[source.dataset(table)]
        )
        assert (fits and decoded) == (number not in listed), (number, line, listed.get(number))


def test_orphans_point_nowhere_and_all_others_somewhere(out: Path) -> None:
    sources = {source.dataset(table): (source, table) for source, table in tables()}
    for dataset, (source, table) in sources.items():
        spoilt = {row["row_number"] for row in truth(out)[dataset] if row["kind"] in LINES}
        for name, maker in table.columns.items():
            if not maker.refers:
                continue
            target, target_table = sources[maker.refers]
            keys = {row.get(target_table.primary_key[0]) for row in read(out, target, target_table)}
            orphans = {row["row_number"] for row in truth(out)[dataset] if row["kind"] == "orphan-key"}
            for number, row in enumerate(read(out, source, table), start=1):
                if row.get(name) in (None, "") or number in spoilt:
                    continue
                assert (row[name] in keys) != (number in orphans), (dataset, number, row[name])


def test_kinds_are_told_apart(out: Path) -> None:
    rows = [row for listed in truth(out).values() for row in listed]
    errors = {row["kind"] for row in rows if row["is_error"]}
    oddities = {row["kind"] for row in rows if not row["is_error"]}
    assert not errors & oddities
    declared = {kind.name for kind in KINDS} | {MISSING.name} | set(NATURAL) | set(ROWS) | set(LINES) | set(Later)
    assert errors | oddities <= declared
    counts = Counter(row["kind"] for row in rows)
    assert {"id-checksum", "id-15-digit", "mojibake", "uscc-checksum", "orphan-key", "unclosed-quote"} <= set(counts)
