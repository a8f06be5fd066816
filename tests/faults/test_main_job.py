"""The county's main job is killed again and again while it gathers, matches and governs; the sums still add up."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing import Pipe, get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.sources import ROOT
from tests.faults import county_process

pytestmark = pytest.mark.fault

KILLED_AT = (("gather", 2), ("gather", 14), ("match", 4), ("govern", 3), ("govern", 16))
"""Part of the job, and how much of it is done when the worker is killed."""

PATIENCE = 300.0
"""Seconds a test waits before it says that nothing happened."""


class County:
    """A home of its own, and processes that work in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._server = get_context("forkserver")
        self._server.set_forkserver_preload([county_process.__name__])

    def start(self, function: Callable[..., None], *arguments: Any) -> ForkServerProcess:
        """A process that does `function` of `county_process`, which the fork server has loaded already."""
        process = self._server.Process(target=function, args=arguments)
        process.start()
        return process

    def do(self, function: Callable[..., None]) -> None:
        """Do `function` in another process, to its end."""
        process = self.start(function)
        process.join(PATIENCE)
        assert process.exitcode == 0, f"{function.__name__} ended with {process.exitcode}"

    def books(self) -> Any:
        """What jobs, runs and the lake say."""
        here, there = Pipe(duplex=False)
        process = self.start(county_process.report, there)
        assert here.poll(PATIENCE), "no report came"
        found = here.recv()
        process.join()
        return found

    def ask(self, question: str, *values: object) -> list[Any]:
        """First column of an answer of the database, asked from outside."""
        with closing(sqlite3.connect(self.home / "citybrain.sqlite3", timeout=30)) as connection:
            return [row[0] for row in connection.execute(question, values)]

    def is_over(self) -> bool:
        """Whether no main job waits or runs; other rooms' work goes on beside it."""
        return not self.ask("SELECT 1 FROM jobs_job WHERE name = 'run' AND state IN ('queued', 'running')")

    def wait_for(self, part: str, done: int) -> None:
        """Wait until this much of a part of the job is done, or all is over."""
        question = "SELECT 1 FROM jobs_step WHERE key = ? AND state = 'running' AND done >= ?"
        self._wait(lambda: self.is_over() or bool(self.ask(question, part, done)), f"{part} to reach {done}")

    def wait_for_end(self) -> None:
        self._wait(self.is_over, "the job to end")

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"waited {PATIENCE:.0f} s for {what}"
            time.sleep(0.02)


@pytest.fixture(scope="module")
def county(new_home: Callable[[Path], Path]) -> Iterator[County]:
    """A small county whose main job waits in the queue."""
    home = new_home(Path(tempfile.mkdtemp(prefix="citybrain-fault-")))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CITYBRAIN_HOME", str(home))
        environment.setenv("PYTHONPATH", str(ROOT))
        for name in ("DATABASE_URL", "LAKE", "LAKE_CATALOGUE_URL", "JOBS_URL", "DELIVERIES"):
            environment.delenv(f"CITYBRAIN_{name}", raising=False)
        made = County(home)
        made.do(county_process.set_up)
        yield made
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def books(county: County) -> Any:
    """The books after the job was killed at every point, and then left alone until it ended."""
    for part, done in KILLED_AT:
        worker = county.start(county_process.serve)
        county.wait_for(part, done)
        worker.kill()
        worker.join()
    worker = county.start(county_process.serve)
    county.wait_for_end()
    worker.terminate()
    worker.join()
    return county.books()


def test_the_job_ends_however_often_it_was_killed(books: Any) -> None:
    job = books["job"]
    assert (job["state"], job["error"]) == ("done", "")
    assert job["attempts"] >= 4, "it was over before it was killed often enough to show anything"
    assert job["result"]["gathered"]["errors"] == []
    assert job["result"]["governed"]["errors"] == []


def test_every_table_was_loaded_once_and_its_rows_add_up(books: Any) -> None:
    gathered = books["gathered"]
    assert len(gathered) == len({run["table_id"] for run in gathered}) == books["job"]["result"]["gathered"]["tables"]
    for run in gathered:
        assert run["state"] == "done", run
        assert run["rows_read"] == run["rows_loaded"] + run["rows_quarantined"] + run["rows_skipped"], run
    for name in ("read", "loaded", "quarantined", "skipped"):
        assert sum(run[f"rows_{name}"] for run in gathered) == books["job"]["result"]["gathered"][name]


def test_the_lake_holds_what_the_books_say(books: Any) -> None:
    loaded = sum(run["rows_loaded"] for run in books["gathered"])
    assert sum(entry["raw_in_lake"] for entry in books["datasets"].values()) == loaded > 1000
    for entry in books["datasets"].values():
        assert entry["raw_in_lake"] == entry["raw_rows"], entry
        assert entry["standard_in_lake"] == entry["standard_rows"], entry
        assert len(entry["loads"]) == len(set(entry["loads"])) == 1, entry


def test_every_dataset_was_governed_once_and_its_rows_add_up(books: Any) -> None:
    governed = books["governed"]
    assert len(governed) == len({run["dataset_id"] for run in governed}) == len(books["datasets"])
    for run in governed:
        entry = books["datasets"][run["dataset_id"]]
        assert run["state"] == "done", run
        assert run["rows_in"] == run["rows_standard"] + run["rows_held"] + run["rows_duplicate"] == entry["raw_rows"]


def test_running_again_undisturbed_changes_nothing(county: County, books: Any) -> None:
    county.do(county_process.ask)
    worker = county.start(county_process.serve)
    county.wait_for_end()
    worker.terminate()
    worker.join()
    again = county.books()
    assert again["job"]["state"] == "done"
    assert again["job"]["attempts"] == 1
    kept = ("key", "raw_rows", "standard_rows", "score", "raw_in_lake", "standard_in_lake")
    for identity, entry in books["datasets"].items():
        assert {name: again["datasets"][identity][name] for name in kept} == {name: entry[name] for name in kept}
