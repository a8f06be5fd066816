"""The live departments: every row arrives although some requests fail, and both can be stopped and started again."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq
import pytest

from citybrain.rehearsal.build import build_county
from citybrain.rehearsal.services import API_TOKEN, ApiDepartment, api_department, postgres_department
from citybrain.rehearsal.tests.conftest import COUNTY


def ask(url: str, token: str = API_TOKEN) -> dict[str, Any]:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        page: dict[str, Any] = json.loads(answer.read())
        return page


def test_every_row_arrives_although_pages_fail(out: Path) -> None:
    rows: list[object] = []
    failures: list[object] = []
    with api_department(out) as base:
        following: object = "/hotline_call?page=1&size=40"
        while following is not None:
            try:
                page = ask(f"{base}{following}")
            except urllib.error.HTTPError as error:
                failures.append(error.code)
                assert error.code != 429 or error.headers["Retry-After"] == "1"
                continue
            except http.client.IncompleteRead:
                failures.append("cut")
                continue
            rows += page["data"]
            following = page["next"]
    lines = (out / "api" / "hotline_call.jsonl").read_bytes().splitlines()
    assert rows == [json.loads(line) for line in lines]
    assert {500, 429, "cut"} == set(failures)


def test_failures_are_the_same_each_time(out: Path) -> None:
    def codes() -> list[int]:
        seen = []
        with api_department(out) as base:
            for page in range(1, 7):
                try:
                    ask(f"{base}/service_case?page={page}&size=20")
                    seen.append(200)
                except urllib.error.HTTPError as error:
                    seen.append(error.code)
                except http.client.IncompleteRead:
                    seen.append(0)
        return seen

    first = codes()
    assert first == codes()
    assert {200, 500, 429, 0} == set(first)


@pytest.mark.parametrize(
    ("path", "token", "code"),
    [
        ("/hotline_call", "wrong", 401),
        ("/nothing", API_TOKEN, 404),
        ("/../county.json", API_TOKEN, 404),
        ("/hotline_call?page=0", API_TOKEN, 400),
        ("/hotline_call?page=x", API_TOKEN, 400),
        ("/hotline_call?size=999999", API_TOKEN, 400),
    ],
)
def test_refusals(out: Path, path: str, token: str, code: int) -> None:
    with api_department(out) as base, pytest.raises(urllib.error.HTTPError) as refused:
        ask(f"{base}{path}", token)
    assert refused.value.code == code
    assert "error" in json.loads(refused.value.read())


def test_tables_are_listed_and_the_last_page_has_no_next(out: Path) -> None:
    with api_department(out, failing=False) as base:
        assert "service_item" in ask(f"{base}/")["tables"]
        last = ask(f"{base}/service_item?page=1&size=5000")
        assert last["next"] is None
        assert last["total"] == len(last["data"])


def test_the_port_is_free_again_after_stopping(out: Path) -> None:
    department = ApiDepartment(out=out, failing=False)
    base = department.start()
    department.stop()
    with pytest.raises(urllib.error.URLError):
        ask(f"{base}/")
    again = ApiDepartment(out=out, port=int(base.rpartition(":")[2]), failing=False)
    assert again.start() == base
    again.stop()


def test_services_ask_for_a_county(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="build the county first"), api_department(tmp_path):
        pass
    with pytest.raises(FileNotFoundError, match="build the county first"), postgres_department(tmp_path):
        pass


@pytest.mark.postgres
def test_postgres_holds_the_tables_before_and_after_a_restart(out: Path) -> None:
    expected = pq.read_table(out / "postgres" / "ac01.parquet", columns=["aac002", "aac006"]).to_pylist()
    for _ in range(2):
        with postgres_department(out) as url, psycopg.connect(url) as connection:
            rows = connection.execute("SELECT aac002, aac006 FROM ac01 ORDER BY ctid").fetchall()
            assert [{"aac002": number, "aac006": born} for number, born in rows] == expected
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


@pytest.mark.postgres
@pytest.mark.fault
def test_postgres_survives_the_killing_of_its_user(out: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from citybrain.rehearsal.services import PostgresDepartment;"
        "print(PostgresDepartment(out=Path(sys.argv[1])).start(), flush=True); time.sleep(60)"
    )
    user = subprocess.Popen(
        [sys.executable, "-c", program, str(out)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert user.stdout is not None
    assert user.stdout.readline().startswith(b"postgresql://")
    os.kill(user.pid, signal.SIGKILL)
    user.wait(10)
    with postgres_department(out) as url, psycopg.connect(url) as connection:
        count = connection.execute("SELECT count(*) FROM ac01").fetchone()
        assert count == (pq.read_metadata(out / "postgres" / "ac01.parquet").num_rows,)
    assert not (out / "pgdata" / "postmaster.pid").exists()


@pytest.mark.postgres
def test_postgres_loads_again_what_was_built_again(tmp_path: Path) -> None:
    for people in (200, 300):
        build_county(people=people, seed=1, out=tmp_path, county=COUNTY)
        with postgres_department(tmp_path) as url, psycopg.connect(url) as connection:
            count = connection.execute("SELECT count(*) FROM ac01").fetchone()
            assert count == (pq.read_metadata(tmp_path / "postgres" / "ac01.parquet").num_rows,)
