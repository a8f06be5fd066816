"""The running system as one process tree: pages, worker, and the rehearsal county's live departments.

The parent starts each child, restarts one that dies, and stops all when it is told to. A child dies with its parent,
even when the parent is killed, so that nothing is left holding a port or a lock.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
RESTART_AFTER = 1.0
"""Seconds between a child's death and its restart."""
STOP_WITHIN = 15.0
"""Seconds a child has to finish before it is killed."""


@dataclass(kw_only=True)
class Child:
    """One process of the tree."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command, env=self.environment, start_new_session=True, preexec_fn=_die_with_parent
        )
        self.started = time.monotonic()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _die_with_parent() -> None:
    """Ask Linux to end this process when its parent ends; other systems have no such call and go without."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def web_workers() -> int:
    """Processes that serve pages, from the environment. Raises ValueError for what is no number from 1 to 64."""
    text = os.environ.get("CITYBRAIN_WEB_WORKERS", "1")
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise ValueError(f"CITYBRAIN_WEB_WORKERS is {text!r}: a number from 1 to 64.")
    return int(text)


def web_command(host: str, port: int) -> list[str]:
    """The pages: Granian. One process by default: live streams share one hub, and what is kept in memory is one.

    More of them (CITYBRAIN_WEB_WORKERS) use more cores: each has a hub of its own, which reads the same rows, and what
    one keeps in memory for some seconds, as the counts of the menu, another may show older.
    """
    return [
        *(sys.executable, "-m", "granian", "--interface", "asginl", "--host", host, "--port", str(port)),
        *("--workers", str(web_workers()), "--log-level", "warning", "--no-ws", "citybrain.site.asgi:application"),
    ]


def command(*words: str) -> list[str]:
    """A `citybrain` command of this installation."""
    return [sys.executable, "-m", "citybrain.site.command", *words]


@contextlib.contextmanager
def running(children: list[Child]) -> Iterator[None]:
    """Start `children` in order; stop them in reverse order when the block ends."""
    begun: list[Child] = []
    try:
        for child in children:
            child.start()
            begun.append(child)
        yield
    finally:
        for child in reversed(begun):
            child.stop()


def keep(children: list[Child], *, until: Callable[[], bool], on_restart: Callable[[Child], None]) -> None:
    """Restart whichever child dies, until `until` says so."""
    while not until():
        for child in children:
            if child.process is not None and child.process.poll() is not None:
                on_restart(child)
                time.sleep(RESTART_AFTER)
                child.start()
        time.sleep(0.2)


def wait_for_port(host: str, port: int, *, seconds: float = 30.0) -> bool:
    """True as soon as somebody listens at `host:port`, False when nobody does in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=0.5):
            return True
        time.sleep(0.1)
    return False


def is_free(host: str, port: int) -> bool:
    """Can `host:port` be listened at?"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True
