"""Loads killed with SIGKILL at every named point and resumed: nothing lost, nothing doubled, the books add up."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from citybrain.warehouse.gathering.faults import FAILPOINTS

pytestmark = pytest.mark.fault

ROUNDS = 3
"""Loads of each life: the first, one with new and repeated rows, one more."""

LIFE = """
import json, os, sys
import django
django.setup()
from django.core.management import call_command
from citybrain.kernel.lake.tables import TableName, lake
from citybrain.warehouse.gathering.actions import gather_table
from citybrain.warehouse.gathering.models import GatherRun, SourceTable

for table in SourceTable.objects.select_related("source", "dataset").order_by("pk"):
    gather_table(table, lake=lake(), load=sys.argv[1])
facts = {}
for table in SourceTable.objects.select_related("dataset").order_by("pk"):
    rows = lake().dataset(TableName(namespace="raw", name=table.dataset.table)).to_table().to_pylist()
    runs = GatherRun.objects.filter(table=table).order_by("pk")
    facts[table.name] = {
        "ids": sorted(int(row["id"]) for row in rows),
        "served": table.dataset.raw_rows,
        "watermark": table.watermark_value,
        "runs": [[r.load, r.state, r.rows_read, r.rows_loaded, r.rows_quarantined, r.rows_skipped] for r in runs],
        "quarantined": sum(item.rows for run in runs for item in run.quarantine.all()),
        "deliveries": table.deliveries.count(),
        "versions": table.dataset.versions.count(),
    }
print(json.dumps(facts))
"""

BIRTH = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from citybrain.kernel.identity.models import Organisation
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.gathering.models import Source, SourceTable
office = Organisation.objects.create(key="tax", chinese="税务局", english="Tax")
for kind, address, name in (("sqlite", "sqlite:///t.sqlite", "t"), ("csv", "files", "*.csv")):
    source = Source.objects.create(key=f"tax-{kind}", chinese=kind, department=office, kind=kind, address=address)
    dataset = Dataset.objects.create(key=f"tax.{kind}", chinese=kind, provider=office, source_key=source.key)
    mark = "at" if kind == "sqlite" else ""
    SourceTable.objects.create(source=source, name=name, dataset=dataset, mode="incremental", watermark=mark)
"""


def live(home: Path, program: str, *arguments: str, failpoint: str = "") -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "CITYBRAIN_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "citybrain.site.settings",
        "CITYBRAIN_FAILPOINT": failpoint,
    }
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], env=environment, capture_output=True, text=True, timeout=120
    )


def deliver(home: Path, number: int) -> None:
    """What the department has on day `number`: new rows, rows of the day before once more, one bad line."""
    with closing(sqlite3.connect(home / "county" / "t.sqlite")) as database, database:
        database.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER, at TEXT)")
        database.executemany("INSERT INTO t VALUES (?, ?)", [(number * 10 + n, f"2026-01-0{number}") for n in range(3)])
        if number > 1:
            database.execute("INSERT INTO t VALUES (?, ?)", (number * 10 + 9, f"2026-01-0{number - 1}"))
    folder = home / "county" / "files"
    folder.mkdir(exist_ok=True)
    (folder / f"{number}.csv").write_text(f"id,name\n{number}1,a\n{number}2,b\nbroken\n")


def check(facts: dict[str, Any]) -> None:
    table, files = facts["t"], facts["*.csv"]
    # Row 29 came on day 2 with day 1's mark, the watermark's edge; row 39 likewise.
    assert table["ids"] == [10, 11, 12, 20, 21, 22, 29, 30, 31, 32, 39]
    assert files["ids"] == [11, 12, 21, 22, 31, 32]
    assert (table["watermark"], files["deliveries"], files["quarantined"]) == ("2026-01-03", 3, 3)
    for one in (table, files):
        assert one["served"] == len(one["ids"])
        assert one["versions"] == len(one["runs"]) == ROUNDS
        for _load, state, read, loaded, quarantined, skipped in one["runs"]:
            assert state == "done"
            assert read == loaded + quarantined + skipped
        assert sum(run[3] for run in one["runs"]) == len(one["ids"])


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_a_killed_load_is_finished_once(failpoint: str, tmp_path: Path) -> None:
    (tmp_path / "county").mkdir()
    born = live(tmp_path, BIRTH)
    assert born.returncode == 0, born.stderr
    answer = ""
    for number in range(1, ROUNDS + 1):
        deliver(tmp_path, number)
        if number == 2:
            killed = live(tmp_path, LIFE, f"day-{number}", failpoint=failpoint)
            assert killed.returncode == -signal.SIGKILL, killed.stderr
        done = live(tmp_path, LIFE, f"day-{number}")
        assert done.returncode == 0, done.stderr
        answer = done.stdout
    check(json.loads(answer.splitlines()[-1]))


def test_a_load_given_up_is_finished_before_the_next(tmp_path: Path) -> None:
    """The job that prepared a load never comes back: the next job finishes it first, and doubles nothing."""
    (tmp_path / "county").mkdir()
    assert live(tmp_path, BIRTH).returncode == 0
    for number in range(1, ROUNDS + 1):
        deliver(tmp_path, number)
        if number == 2:
            assert live(tmp_path, LIFE, "day-2", failpoint="gathering-published").returncode == -signal.SIGKILL
            continue
        done = live(tmp_path, LIFE, f"day-{number}")
        assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout.splitlines()[-1])
    assert facts["t"]["ids"] == [10, 11, 12, 20, 21, 22, 29, 30, 31, 32, 39]
    assert facts["*.csv"]["ids"] == [11, 12, 21, 22, 31, 32]
    assert [run[0].split(":")[0] for run in facts["t"]["runs"]] == ["day-1", "day-2", "day-3"]
