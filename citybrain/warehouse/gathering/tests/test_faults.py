"""Loads killed with SIGKILL at every named point and resumed: nothing lost, nothing doubled, the books add up."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from citybrain.warehouse.gathering.faults import FAILPOINTS

pytestmark = pytest.mark.fault

ROUNDS = 3
"""Days: the first, one with new and repeated rows, one more."""

DRIVER = """
import json, os, sys
import django
django.setup()
from django.core.management import call_command
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.lake.tables import TableName, lake
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.gathering.actions import gather_table
from citybrain.warehouse.gathering.models import GatherRun, Source, SourceTable


def migrate():
    call_command("migrate", verbosity=0)
    Organisation.objects.create(key="tax", chinese="税务局", english="Tax")


def birth(scene):
    office = Organisation.objects.get()
    for kind, address, name in (("sqlite", f"sqlite:///{scene}/t.sqlite", "t"), ("csv", f"{scene}/files", "*.csv")):
        source = Source.objects.create(
            key=f"{scene}-{kind}", chinese=kind, department=office, kind=kind, address=address
        )
        dataset = Dataset.objects.create(
            key=f"tax.{scene}-{kind}", chinese=kind, provider=office, source_key=source.key
        )
        mark = "at" if kind == "sqlite" else ""
        SourceTable.objects.create(source=source, name=name, dataset=dataset, mode="incremental", watermark=mark)


def tables(scene):
    found = SourceTable.objects.filter(source__key__startswith=f"{scene}-")
    return found.select_related("source", "dataset")


def life(scene, load, first):
    for table in sorted(tables(scene), key=lambda table: table.source.kind != first):
        gather_table(table, lake=lake(), load=load)


def facts(scene, path):
    told = {}
    for table in tables(scene):
        rows = lake().dataset(TableName(namespace="raw", name=table.dataset.table)).to_table().to_pylist()
        runs = GatherRun.objects.filter(table=table).order_by("pk")
        told[table.name] = {
            "ids": sorted(int(row["id"]) for row in rows),
            "served": table.dataset.raw_rows,
            "watermark": table.watermark_value,
            "runs": [[r.load, r.state, r.rows_read, r.rows_loaded, r.rows_quarantined, r.rows_skipped] for r in runs],
            "quarantined": sum(item.rows for run in runs for item in run.quarantine.all()),
            "deliveries": table.deliveries.count(),
            "versions": table.dataset.versions.count(),
        }
    with open(path, "w") as file:
        json.dump(told, file)


# Every life is a child of its own, forked before anything is opened: it can be killed, and starts in no time.
for line in sys.stdin:
    verb, failpoint, *arguments = json.loads(line)
    child = os.fork()
    if not child:
        os.environ["CITYBRAIN_FAILPOINT"] = failpoint
        status = 1
        try:
            globals()[verb](*arguments)
            status = 0
        finally:
            sys.stderr.flush()
            os._exit(status)
    print(json.dumps(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])), flush=True)
"""


class Installation:
    """A system whose processes the test may kill."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER],
            env={**os.environ, "CITYBRAIN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "citybrain.site.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, verb: str, *arguments: str, failpoint: str = "") -> int:
        """Run one verb in a process of its own; its exit code, negative for the signal that killed it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([verb, failpoint, *arguments]) + "\n")
        self.process.stdin.flush()
        return int(json.loads(self.process.stdout.readline()))

    def facts(self, scene: str) -> dict[str, Any]:
        path = self.home / f"{scene}.json"
        assert self.do("facts", scene, str(path)) == 0
        return dict(json.loads(path.read_text()))


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = Installation(tmp_path_factory.mktemp("home"))
    assert made.do("migrate") == 0
    yield made
    assert made.process.stdin is not None
    made.process.stdin.close()
    made.process.wait(timeout=30)


def deliver(folder: Path, number: int) -> None:
    """What the department has on day `number`: new rows, rows of the day before once more, one bad line."""
    (folder / "files").mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / "t.sqlite")) as database, database:
        database.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER, at TEXT)")
        database.executemany("INSERT INTO t VALUES (?, ?)", [(number * 10 + n, f"2026-01-0{number}") for n in range(3)])
        if number > 1:
            database.execute("INSERT INTO t VALUES (?, ?)", (number * 10 + 9, f"2026-01-0{number - 1}"))
    (folder / "files" / f"{number}.csv").write_text(f"id,name\n{number}1,a\n{number}2,b\nbroken\n")


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
@pytest.mark.parametrize(("day", "first"), [(1, "csv"), (2, "sqlite")])
def test_a_killed_load_is_finished_once(day: int, first: str, failpoint: str, installation: Installation) -> None:
    scene = f"{failpoint}-{day}"
    assert installation.do("birth", scene) == 0
    for number in range(1, ROUNDS + 1):
        deliver(installation.home / "county" / scene, number)
        if number == day:
            assert installation.do("life", scene, f"{scene}-{number}", first, failpoint=failpoint) == -signal.SIGKILL
        assert installation.do("life", scene, f"{scene}-{number}", first) == 0
    check(installation.facts(scene))


@pytest.mark.parametrize("failpoint", ["gathering-prepared", "gathering-published"])
def test_a_load_given_up_is_finished_before_the_next(failpoint: str, installation: Installation) -> None:
    """The job that was killed never comes back: the next one finishes what was prepared, and doubles nothing."""
    scene = f"{failpoint}-given-up"
    assert installation.do("birth", scene) == 0
    for number in range(1, ROUNDS + 1):
        deliver(installation.home / "county" / scene, number)
        if number == 2:
            assert installation.do("life", scene, f"{scene}-2", "csv", failpoint=failpoint) == -signal.SIGKILL
        else:
            assert installation.do("life", scene, f"{scene}-{number}", "csv") == 0
    facts = installation.facts(scene)
    assert facts["t"]["ids"] == [10, 11, 12, 20, 21, 22, 29, 30, 31, 32, 39]
    assert facts["*.csv"]["ids"] == [11, 12, 21, 22, 31, 32]
