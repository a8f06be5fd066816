"""The lake keeps what was published, once, and answers without reaching outside."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier, Timer

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyiceberg.catalog.sql import SqlCatalog
from pytest_django import Settings

from citybrain.kernel.lake.query import query, quote
from citybrain.kernel.lake.tables import Lake, TableName
from citybrain.kernel.lake.tables import lake as installed_lake

PEOPLE = TableName(namespace="raw", name="people")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(catalogue_url=f"sqlite:///{tmp_path}/lake.sqlite3", location=str(tmp_path / "lake"))


def put(lake: Lake, rows: pa.Table, load: str, *, replace: bool = False) -> int:
    path = lake.new_file(PEOPLE)
    pq.write_table(rows, path)
    return lake.publish(PEOPLE, [path], schema=rows.schema, load=load, replace=replace).id


def test_a_load_published_twice_is_there_once(lake: Lake) -> None:
    rows = pa.table({"id": ["1", "2"]})
    first = put(lake, rows, "load-1")
    assert put(lake, rows, "load-1") == first
    assert lake.dataset(PEOPLE).count_rows() == 2
    assert [snapshot.load for snapshot in lake.snapshots(PEOPLE)] == ["load-1"]


def test_first_writers_may_come_together(lake: Lake, tmp_path: Path) -> None:
    writers = [Lake(catalogue_url=f"sqlite:///{tmp_path}/lake.sqlite3", location=lake.location) for _ in range(8)]
    together = Barrier(len(writers))

    def write(number: int) -> int:
        name = TableName(namespace="fresh", name=f"t{number}")
        path = writers[number].new_file(name)
        rows = pa.table({"id": [str(number)]})
        pq.write_table(rows, path)
        together.wait()
        return writers[number].publish(name, [path], schema=rows.schema, load="first").rows

    with ThreadPoolExecutor(len(writers)) as pool:
        assert list(pool.map(write, range(len(writers)))) == [1] * len(writers)
    assert lake.tables("fresh") == [f"t{number}" for number in range(len(writers))]


def test_a_new_catalogue_waits_for_whoever_is_writing_it(tmp_path: Path) -> None:
    path = tmp_path / "lake.sqlite3"
    SqlCatalog("lake", uri=f"sqlite:///{path}", warehouse=str(tmp_path))
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        release = Timer(0.3, writer.execute, ["COMMIT"])
        release.start()
        opened = Lake(catalogue_url=f"sqlite:///{path}", location=str(tmp_path / "lake"))
        assert opened.tables("raw") == []
        release.join()


def test_a_process_has_one_lake(settings: Settings, tmp_path: Path) -> None:
    settings.LAKE, settings.LAKE_CATALOGUE_URL = str(tmp_path / "lake"), f"sqlite:///{tmp_path}/lake.sqlite3"
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: installed_lake(), range(8)))) == 1


def test_new_columns_widen_the_table_and_older_rows_hold_null(lake: Lake) -> None:
    put(lake, pa.table({"id": ["1"]}), "a")
    put(lake, pa.table({"id": ["2"], "name": ["王"]}), "b")
    assert lake.dataset(PEOPLE).to_table().sort_by("id").to_pylist() == [
        {"id": "1", "name": None},
        {"id": "2", "name": "王"},
    ]


def test_replace_keeps_the_old_version_readable(lake: Lake) -> None:
    old = put(lake, pa.table({"id": ["1", "2"]}), "a")
    put(lake, pa.table({"id": ["3"]}), "b", replace=True)
    assert lake.dataset(PEOPLE).to_table()["id"].to_pylist() == ["3"]
    assert lake.dataset(PEOPLE, snapshot=old).to_table()["id"].to_pylist() == ["1", "2"]
    lake.expire(PEOPLE, keep=1)
    assert len(lake.snapshots(PEOPLE)) == 1


def test_a_retyped_column_begins_anew_and_the_old_version_keeps_its_type(lake: Lake) -> None:
    old = put(lake, pa.table({"id": [1]}), "a")
    path = lake.new_file(PEOPLE)
    rows = pa.table({"id": ["x"]})
    pq.write_table(rows, path)
    with pytest.raises(ValueError, match="Mismatch"):
        lake.publish(PEOPLE, [path], schema=rows.schema, load="b", replace=True)
    lake.publish(PEOPLE, [path], schema=rows.schema, load="b", replace=True, retype=True)
    assert lake.dataset(PEOPLE).to_table()["id"].to_pylist() == ["x"]
    assert lake.dataset(PEOPLE, snapshot=old).to_table()["id"].to_pylist() == [1]


def test_a_query_cannot_reach_files(lake: Lake) -> None:
    put(lake, pa.table({"id": ["1"]}), "a")
    assert query(lake, "SELECT count(*) AS n FROM t", tables={"t": PEOPLE})["n"].to_pylist() == [1]
    with pytest.raises(duckdb.PermissionException):
        query(lake, "SELECT * FROM read_csv('/etc/passwd')")


@pytest.mark.parametrize("name", ['a"b', "a;DROP TABLE t", "名 称", "select", "a''b"])
def test_hostile_column_names_stay_names(lake: Lake, name: str) -> None:
    put(lake, pa.table({name: ["x"]}), "a")
    assert query(lake, f"SELECT {quote(name)} AS v FROM t", tables={"t": PEOPLE})["v"].to_pylist() == ["x"]


def test_a_missing_table_says_what_to_do(lake: Lake) -> None:
    with pytest.raises(LookupError, match="gather or govern"):
        lake.schema(PEOPLE)
