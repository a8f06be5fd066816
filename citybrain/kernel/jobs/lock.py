"""One worker per installation: a lock that a killed process cannot keep."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import psycopg
from django.conf import settings

ADVISORY_KEY = 0x63697479  # "city"
"""Number of the PostgreSQL advisory lock."""

PATIENCE = 1.0
"""Seconds to try: who only looks holds the lock for an instant, and a server needs one to notice a killed client."""

PAUSE = 0.02
"""Seconds between two tries."""


class WorkerLock(Protocol):
    """Held by the one process that does the work."""

    def acquire(self, patience: float = PATIENCE) -> bool:
        """Take it; False when another process still has it after `patience` seconds."""

    def is_held(self) -> bool:
        """True as long as this object holds it."""

    def release(self) -> None:
        """Give it back."""


class FileLock:
    """A lock on a file beside the embedded databases; the kernel frees it when the process dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self, patience: float = PATIENCE) -> bool:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if _again_and_again(lambda: _lock_file(descriptor), patience):
            self._descriptor = descriptor
            return True
        os.close(descriptor)
        return False

    def is_held(self) -> bool:
        return self._descriptor is not None

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class AdvisoryLock:
    """A session lock in PostgreSQL, so that workers on several machines exclude one another too."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection | None = None

    def acquire(self, patience: float = PATIENCE) -> bool:
        connection = psycopg.connect(self._url, autocommit=True, connect_timeout=10)
        if _again_and_again(lambda: _lock_session(connection), patience):
            self._connection = connection
            return True
        connection.close()
        return False

    def is_held(self) -> bool:
        """False also when the server dropped the session, and the lock with it."""
        if self._connection is None:
            return False
        try:
            self._connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True

    def release(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _again_and_again(take: Callable[[], bool], patience: float) -> bool:
    deadline = time.monotonic() + patience
    while not take():
        if time.monotonic() >= deadline:
            return False
        time.sleep(PAUSE)
    return True


def _lock_file(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_session(connection: psycopg.Connection) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (ADVISORY_KEY,)).fetchone()
    return row is not None and bool(row[0])


def worker_lock() -> WorkerLock:
    """The lock of this installation: where the engine keeps its workflows, there the lock stands."""
    if settings.JOBS_URL.startswith("sqlite"):
        return FileLock(Path(settings.HOME) / "worker.lock")
    return AdvisoryLock(settings.JOBS_URL)


def worker_is_alive() -> bool:
    """True when some process is doing the installation's work now."""
    lock = worker_lock()
    if lock.acquire(patience=2 * PAUSE):
        lock.release()
        return False
    return True
