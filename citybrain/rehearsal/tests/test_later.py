"""Later deliveries come into place, twice if need be, and did what the truth says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from citybrain.rehearsal.later import day_of, deliver, deliveries
from citybrain.rehearsal.specification import Later, Source, Table, Way
from citybrain.rehearsal.tests.reading import Row, read, tables

GROWING = [
    pytest.param(source, table, id=source.dataset(table)) for source, table in tables() if Later.GROW in table.later
]


@pytest.fixture
def county(out: Path, tmp_path: Path) -> Path:
    """A copy whose deliveries may be changed."""
    for name in ("deliveries", "deliveries_later", "truth"):
        shutil.copytree(out / name, tmp_path / name)
    return tmp_path


def find(key: str) -> tuple[Source, Table]:
    return next((source, table) for source, table in tables() if source.dataset(table) == key)


def state(county: Path, source: Source, table: Table, delivery: int) -> dict[object, Row]:
    """Rows of a table by key after a delivery."""
    path = None
    if source.dated:
        path = county / "deliveries" / source.department / day_of(delivery) / f"{table.name}.csv"
    return {row[table.primary_key[0]]: row for row in read(county, source, table, path)}


@pytest.mark.parametrize(("source", "table"), GROWING)
def test_growing_tables_change_as_listed(county: Path, source: Source, table: Table) -> None:
    changes = pq.read_table(county / "truth" / "changes.parquet").to_pylist()
    before = state(county, source, table, 0)
    for number, later in enumerate(table.later, start=1):
        if later is not Later.GROW:
            continue
        deliver(county, number)
        after = state(county, source, table, number)
        listed = [
            (row["change"], row["row_key"])
            for row in changes
            if row["dataset"] == source.dataset(table) and row["delivery"] == number
        ]
        seen = {("added", key) for key in after.keys() - before.keys()}
        seen |= {("removed", key) for key in before.keys() - after.keys()}
        seen |= {("changed", key) for key in after.keys() & before.keys() if after[key] != before[key]}
        assert seen == set(listed)
        assert {change for change, _ in listed} >= {"added", "changed"}
        if table.watermark:
            fresh = [str(after[key][table.watermark]) for change, key in seen]
            oldest = max(str(row[table.watermark]) for row in before.values())
            assert all(stamp > oldest for stamp in fresh)
        before = after


def test_delivering_twice_changes_nothing_more(county: Path) -> None:
    source, table = find("police.household-person")
    deliver(county, 1)
    once = read(county, source, table)
    deliver(county, 1)
    assert read(county, source, table) == once


def test_a_delivery_that_does_not_exist_is_named(county: Path) -> None:
    assert deliveries(county) == [1, 2, 3]
    with pytest.raises(FileNotFoundError, match="no delivery 9"):
        deliver(county, 9)


def test_columns_come_go_and_change_type(county: Path) -> None:
    source, table = find("human-resources.training")
    first = list(table.columns)
    headers, hours = [], []
    for number in (1, 2, 3):
        deliver(county, number)
        rows = list(state(county, source, table, number).values())
        headers.append(list(rows[0]))
        hours.append(str(rows[0]["课时"]))
    assert headers == [[*first, "beizhu"], first, first]
    assert hours[1].isdigit()
    assert hours[2].startswith("约")


def test_repeated_and_late_files(county: Path) -> None:
    folder = county / "deliveries" / "tax"
    deliver(county, 1)
    deliver(county, 2)
    first = (folder / day_of(0) / "nsxypj-202610.csv").read_bytes()
    assert (folder / day_of(1) / "nsxypj-202610.csv").read_bytes() == first
    late = (folder / day_of(2) / "nsxypj-202609.csv").read_bytes()
    assert late != first
    assert late.splitlines()[0] == first.splitlines()[0]


def test_first_delivery_lies_in_its_day_folder(out: Path) -> None:
    dated = [source for source, _ in tables() if source.dated]
    assert {source.way for source in dated} == {Way.CSV}
    assert all((out / "deliveries" / source.department / day_of(0)).is_dir() for source in dated)
