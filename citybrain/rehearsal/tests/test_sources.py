"""The declarations name what lies in the folders, and nothing that does not."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from citybrain.declare.words import OpenType, ShareType, UpdateCycle
from citybrain.rehearsal.tables.county import SOURCES
from citybrain.warehouse.gathering.declarations import read_folder


def declarations(out: Path) -> Iterator[dict[str, Any]]:
    for file in sorted((out / "sources").glob("*.toml")):
        declared = tomllib.loads(file.read_text(encoding="utf-8"))
        assert declared["key"] == file.stem
        yield declared


def test_every_source_is_declared(out: Path) -> None:
    assert {declared["key"] for declared in declarations(out)} == {source.key for source in SOURCES}


def test_words_are_those_of_the_vocabulary(out: Path) -> None:
    tables = [table for declared in declarations(out) for table in declared["tables"]]
    assert {table["cycle"] for table in tables} <= {str(cycle) for cycle in UpdateCycle}
    assert {table["share"] for table in tables} <= {share.name.lower() for share in ShareType}
    assert {table["open"] for table in tables} <= {opened.name.lower() for opened in OpenType}
    assert {table["mode"] for table in tables} == {"full", "incremental", "compare"}
    assert all(("watermark" in table) == (table["mode"] == "incremental") for table in tables)


def test_files_and_databases_hold_the_declared_tables(out: Path) -> None:
    for declared in declarations(out):
        names = {table["name"] for table in declared["tables"]}
        match declared["kind"]:
            case "sqlite":
                path = out / str(declared["url"]).removeprefix("sqlite:///")
                with closing(sqlite3.connect(path)) as database:
                    held = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
                assert held == names
            case "postgresql":
                assert {file.stem for file in (out / "postgres").iterdir()} == names
            case "http-json":
                assert {file.stem for file in (out / "api").iterdir()} == names
            case _:
                files = list(out.glob(str(declared["path"])))
                assert files
                for name in names:
                    assert len([file for file in files if file.match(name)]) == 1, (declared["key"], name)


def test_gathering_reads_the_declarations(out: Path) -> None:
    declared = read_folder(out / "sources")
    assert [source.key for source in declared] == sorted(source.key for source in SOURCES)
    real = {table.key for source in declared for table in source.tables if table.is_real}
    assert real == {"division", "industry-code", "air-hourly"}
    assert all(table.attribution for source in declared for table in source.tables if table.is_real)


def test_references_name_a_dataset_and_its_key(out: Path) -> None:
    keys = {
        f"{declared['department']}.{table['key']}": table.get("primary_key")
        for declared in declarations(out)
        for table in declared["tables"]
    }
    references = [
        reference
        for declared in declarations(out)
        for table in declared["tables"]
        for reference in table.get("references", [])
    ]
    assert len(references) > 20
    for reference in references:
        assert keys[reference["dataset"]] == [reference["field"]]


@pytest.mark.parametrize("kind", ["file", "database"])
def test_no_secret_and_no_machine_path_is_declared(out: Path, kind: str) -> None:
    for declared in declarations(out):
        location = str(declared.get("path" if kind == "file" else "url", ""))
        assert not location.startswith("/")
        assert str(out) not in location
        assert "@" not in location
