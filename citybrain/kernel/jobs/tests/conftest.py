"""Installations of their own for tests of the worker: databases, lock, ledger, and processes that can be killed."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path

import pytest
from django.db import connections
from pytest_django import Settings

from citybrain.kernel.jobs import definitions, pulses
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.jobs.tests import sample_jobs
from citybrain.kernel.jobs.tests.sample_jobs import ledger
from citybrain.kernel.jobs.worker import work

PATIENCE = 60.0
"""Seconds a test waits before it says that nothing happened."""


def until(condition: Callable[[], object], what: str) -> None:
    """Wait until `condition` holds; fail with `what` when it does not."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE:.0f} s for: {what}; ledger: {ledger()}"
        time.sleep(0.02)


@dataclass
class Installation:
    """One installation: this process asks for jobs in it, other processes work for it."""

    home: Path
    workers: list[ForkProcess] = field(default_factory=list)

    def start_worker(self, prepare: Callable[[], object] = lambda: None) -> ForkProcess:
        """A worker in a process of its own, forked so that it starts at once; `prepare` may change its code before."""
        # A connection must not cross a fork; this process opens another when it next asks.
        connections["default"].close()
        worker = get_context("fork").Process(target=_serve, args=(prepare,))
        worker.start()
        self.workers.append(worker)
        return worker

    def kill(self, worker: ForkProcess) -> None:
        """kill -9, and wait until it is gone."""
        worker.kill()
        worker.join()

    def until_all_ended(self) -> None:
        """Wait until no job waits or runs."""
        open_states = [Job.State.QUEUED, Job.State.RUNNING]
        until(lambda: not Job.objects.filter(state__in=open_states).exists(), "every job to end")


@pytest.fixture
def installation(
    own_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> Iterator[Installation]:
    """An empty installation on SQLite, then on PostgreSQL, which this process's Django is pointed at."""
    monkeypatch.setenv("LEDGER", str(tmp_path / "ledger"))
    # Rooms imported by other tests bring schedules of their own, which nobody here counts on.
    own = [source for source in definitions.schedule_sources() if source.__module__ == sample_jobs.__name__]
    monkeypatch.setattr(definitions, "_sources", own)
    monkeypatch.setattr(pulses, "_pulses", {})
    settings.JOBS_URL = f"sqlite:///{tmp_path}/jobs.sqlite3"
    if own_database == "postgresql":
        database = connections["default"].settings_dict
        settings.JOBS_URL = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    made = Installation(home=tmp_path)
    yield made
    for worker in made.workers:
        made.kill(worker)


def _serve(prepare: Callable[[], object]) -> None:
    prepare()
    sys.exit(work(timeout=5.0))
