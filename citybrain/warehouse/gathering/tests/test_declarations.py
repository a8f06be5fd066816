"""Source files: what is right becomes rows, once; what is wrong is named with file, key and remedy."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.lake.tables import Lake
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.gathering.actions import gather_table, register_sources, scan
from citybrain.warehouse.gathering.declarations import read_file, read_folder
from citybrain.warehouse.gathering.errors import DeclarationError
from citybrain.warehouse.gathering.models import Source, SourceTable

GOOD = """
key = "police-household"
title = "户籍系统"
english = "Household registration system"
department = "police"
kind = "sqlite"
url = "sqlite:///deliveries/h.sqlite"
schedule = "0 2 * * *"

[[tables]]
name = "T_RKXX"
key = "household-person"
title = "户籍人口"
primary_key = ["SFZH"]
mode = "incremental"
watermark = "UPDATE_TIME"
cycle = "daily"
share = "unconditional"
open = "conditional"
references = [{column = "CZBH", dataset = "police.household", field = "HH"}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "sources"
    made.mkdir()
    (made / "a.toml").write_text(GOOD, encoding="utf-8")
    return made


@pytest.fixture
def police(db: None) -> Organisation:
    return Organisation.objects.create(key="police", chinese="公安局", english="Police")


def test_registering_twice_changes_nothing(folder: Path, police: Organisation) -> None:
    register_sources(folder)
    register_sources(folder)
    table = SourceTable.objects.get()
    assert (table.source.key, table.name, table.mode, table.watermark) == (
        "police-household",
        "T_RKXX",
        "incremental",
        "UPDATE_TIME",
    )
    dataset = Dataset.objects.get()
    assert (dataset.key, dataset.cycle, dataset.share, dataset.open) == (
        "police.household-person",
        "daily",
        "UNCONDITIONAL",
        "CONDITIONAL",
    )
    assert dataset.references == [{"column": "CZBH", "dataset": "police.household", "field": "HH"}]


def test_an_edit_moves_the_table_and_keeps_how_far_it_came(folder: Path, police: Organisation) -> None:
    register_sources(folder)
    SourceTable.objects.update(watermark_value="2026-01-01")
    (folder / "a.toml").write_text(GOOD.replace("T_RKXX", "T_NEW"), encoding="utf-8")
    register_sources(folder)
    table = SourceTable.objects.get()
    assert (table.name, table.watermark_value) == ("T_NEW", "2026-01-01")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('kind = "sqlite"', 'kind = "sqllite"'), "a.toml: kind: .*Did you mean 'sqlite'"),
        (('schedule = "0 2 * * *"', 'schedule = "daily"'), "a.toml: schedule: 'daily' is no cron"),
        (("schedule =", "shedule ="), "a.toml: shedule: no such key. Did you mean 'schedule'"),
        (('title = "户籍系统"\n', ""), "a.toml: title: it is missing"),
        (("primary_key =", "primarykey ="), r"a.toml: tables\[1\].primarykey: .*'primary_key'"),
        (('mode = "incremental"', 'mode = "incremntal"'), r"tables\[1\].mode: .*Did you mean 'incremental'"),
        (('mode = "incremental"', 'mode = "full"'), r"tables\[1\].watermark: "),
        (('cycle = "daily"', "cycle = 3"), r"tables\[1\].cycle: it must be text"),
        (('share = "unconditional"', 'share = "all"'), r"tables\[1\].share: 'all' is none of"),
        (('key = "household-person"', 'key = "Household Person"'), "kebab-case"),
        (("url =", 'path = "x"\nurl ='), "either `url` or `path`"),
        (('[{column = "CZBH",', "[{"), r"tables\[1\].references"),
        (("[[tables]]", "[tables]"), "a.toml: tables: it must be a list"),
        (('"police-household"', '"police-household'), "a.toml is not TOML"),
    ],
)
def test_mistakes_are_named(change: tuple[str, str], message: str, folder: Path) -> None:
    assert change[0] in GOOD
    (folder / "a.toml").write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(DeclarationError, match=message):
        read_file(folder / "a.toml")


def test_all_mistakes_of_all_files_come_together_and_nothing_is_written(folder: Path, police: Organisation) -> None:
    (folder / "b.toml").write_text(GOOD.replace('kind = "sqlite"', 'kind = "x"'), encoding="utf-8")
    (folder / "c.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"(?s)b\.toml.*c\.toml: key 'police-household' is used"):
        register_sources(folder)
    assert not Source.objects.exists()


def test_an_unknown_department_is_named(folder: Path, db: None) -> None:
    with pytest.raises(DeclarationError, match=r"'police'; add it to the county's organisations\.toml"):
        register_sources(folder)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="build the county"):
        read_folder(tmp_path / "none")


def test_keys_that_would_share_a_table_are_refused(folder: Path, police: Organisation) -> None:
    Organisation.objects.create(key="police-household", chinese="户籍科", english="x")
    other = GOOD.replace('department = "police"', 'department = "police-household"').replace(
        'key = "police-household"', 'key = "other"'
    )
    (folder / "b.toml").write_text(other.replace('"household-person"', '"person"'), encoding="utf-8")
    with pytest.raises(DeclarationError, match="would share the table police_household_person"):
        register_sources(folder)


def test_a_scan_makes_rows_of_tables_and_gathers_them(
    folder: Path, police: Organisation, deliveries: Path, lake: Lake
) -> None:
    register_sources(folder)
    with closing(sqlite3.connect(deliveries / "h.sqlite")) as database, database:
        for name in ("T_RKXX", "T A", "t-a", "表", 'x"; DROP TABLE "t-a'):
            quoted = name.replace('"', '""')
            database.execute(f'CREATE TABLE "{quoted}" (a INTEGER, UPDATE_TIME TEXT)')
            database.execute(f'INSERT INTO "{quoted}" VALUES (1, NULL)')
    source = Source.objects.get()
    found = scan(source)
    assert [table.dataset.key for table in found] == [
        "police.t-a",
        "police.t-a-2",
        "police.x-drop-table-t-a",
        "police.table",
    ]
    assert scan(source) == []
    assert {gather_table(table, lake=lake, load="a").state for table in source.tables.all()} == {"done"}
