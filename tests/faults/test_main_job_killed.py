"""`citybrain run --once` is killed at random moments, its worker or its whole tree; nothing is lost or doubled."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.sources import ROOT
from tests.conftest import environment_of

pytestmark = pytest.mark.fault

SOURCES = (
    "police-household",  # SQLite, by watermark
    "human-resources-insurance",  # PostgreSQL
    "data-bureau-hotline",  # the interface that sometimes fails
    "gas-supply-customers",  # badly quoted CSV, with a quarantine
)
"""What the job is about; the county's other sources are left out to keep this short."""

KILLED = (("worker", "gather"), ("tree", "gather"), ("worker", "govern"), ("tree", "govern"))
"""Who is killed, and in which part of the job."""

LAST = 15
"""Tables after which nobody is killed: the parts have a few more."""

PATIENCE = 150.0


class Installation:
    """A home with a small county, and the command run in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = environment_of(home)
        self.said = home.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Installation:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.process is not None and self.process.poll() is None:
            kill(self.process, "tree")
            self.process.wait()

    def start(self) -> subprocess.Popen[bytes]:
        """`citybrain run --once`, at a port of its own."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with self.said.open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "citybrain.site.command", "run", "--once", "--port", str(port)],
                cwd=ROOT,
                env=self.environment,
                stdout=said,
                stderr=said,
            )
        return self.process

    def finish(self) -> None:
        """Wait until the command ends well."""
        assert self.process is not None
        try:
            assert self.process.wait(PATIENCE) == 0, self.last_words()
        except subprocess.TimeoutExpired:
            pytest.fail(f"It did not end within {PATIENCE:.0f} s: {self.last_words()}")

    def do(self, *module_and_words: str) -> str:
        """Run a module to its end and give what it printed."""
        return subprocess.run(
            [sys.executable, "-m", *module_and_words],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        ).stdout

    def done(self, part: str) -> int:
        """Tables that a part of the job is through with; -1 before it began."""
        if not (self.home / "citybrain.sqlite3").exists():
            return -1
        with closing(sqlite3.connect(self.home / "citybrain.sqlite3", timeout=30)) as connection:
            try:
                rows = connection.execute("SELECT done FROM jobs_step WHERE key = ?", [part]).fetchall()
            except sqlite3.OperationalError:  # the tables are being made
                return -1
        return rows[0][0] if rows else -1

    def last_words(self) -> str:
        return self.said.read_text(encoding="utf-8", errors="replace")[-3000:] if self.said.exists() else ""


def children(pid: int) -> dict[int, str]:
    """The processes under `pid`, all the way down, with their command lines."""
    found: dict[int, str] = {}
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
            found[child] = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            found |= children(child)
    return found


def kill(process: subprocess.Popen[bytes], who: str) -> None:
    """SIGKILL to the worker, which the tree starts again, or to every process of the tree at once."""
    under = children(process.pid)
    if who == "worker":
        victims = [pid for pid, command in under.items() if command.rstrip().endswith("citybrain.site.command work")]
        assert victims, under
    else:
        # The bundled PostgreSQL is a server of its own: it outlives whoever started it.
        victims = [process.pid, *(pid for pid, command in under.items() if "postgres" not in command)]
    for pid in victims:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def run_and_kill(installation: Installation, moments: random.Random) -> int:
    """Run the main job to its end through all kills; how many of them came before it was over."""
    process = installation.start()
    kills = 0
    for who, part in KILLED:
        at = moments.randrange(1, LAST)
        if wait(installation, process, part, at):
            break
        kill(process, who)
        kills += 1
        if who == "tree":
            process.wait()
            process = installation.start()
    installation.finish()
    return kills


def wait(installation: Installation, process: subprocess.Popen[bytes], part: str, done: int) -> bool:
    """Wait for a part of the job to get so far; True when the command ended before."""
    deadline = time.monotonic() + PATIENCE
    while installation.done(part) < done:
        if process.poll() is not None:
            return True
        assert time.monotonic() < deadline, f"{part} never reached {done}: {installation.last_words()}"
        time.sleep(0.02)
    return False


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where the two installations live. A socket of PostgreSQL needs a short path."""
    path = Path(tempfile.mkdtemp(prefix="cb-"))
    yield path
    for pid_file in path.glob("*/county/pgdata/postmaster.pid"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid_file.read_text().split()[0]), signal.SIGQUIT)
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def undisturbed(folder: Path, new_home: Callable[[Path], Path]) -> Any:
    """The books of a county whose main job ran in peace."""
    with Installation(new_home(folder / "peace")) as installation:
        installation.do("citybrain.site.command", "county", "build", "--people", "400")
        for declaration in (installation.home / "county" / "sources").glob("*.toml"):
            if declaration.stem not in SOURCES:
                declaration.unlink()
                continue
            # One that falls due by the clock meanwhile would be loaded twice.
            lines = declaration.read_text(encoding="utf-8").splitlines(keepends=True)
            declaration.write_text("".join(line for line in lines if not line.startswith("schedule")), encoding="utf-8")
        shutil.copytree(installation.home / "county", folder / "killed" / "county")
        installation.start()
        installation.finish()
        return json.loads(installation.do("tests.faults.books"))


@pytest.fixture(scope="module")
def killed(folder: Path, undisturbed: Any, new_home: Callable[[Path], Path]) -> Any:
    """The books of the same county whose main job was killed."""
    assert undisturbed["job"]["state"] == "done"
    seed = random.randrange(10**6)
    with Installation(new_home(folder / "killed")) as installation:
        kills = run_and_kill(installation, random.Random(seed))
        return {**json.loads(installation.do("tests.faults.books")), "kills": kills, "seed": seed}


def test_it_ends_however_it_was_killed(killed: Any) -> None:
    job = killed["job"]
    assert killed["kills"] >= 3, f"seed {killed['seed']}: it was over before it was killed often enough"
    assert (job["state"], job["error"]) == ("done", ""), killed["seed"]
    assert job["result"]["gathered"]["errors"] == job["result"]["governed"]["errors"] == [], killed["seed"]


def test_sums_add_up_and_are_what_lies_in_the_lake(killed: Any) -> None:
    for key, entry in killed["datasets"].items():
        (gathered,), (governed,) = entry["gathered"], entry["governed"]
        assert gathered["state"] == governed["state"] == "done", (killed["seed"], key)
        assert gathered["read"] == gathered["loaded"] + gathered["quarantined"] + gathered["skipped"], key
        assert governed["in"] == governed["standard"] + governed["held"] + governed["duplicate"], key
        assert gathered["loaded"] == governed["in"] == entry["lake"].get("raw", 0), (killed["seed"], key)
        for namespace in ("standard", "held"):
            assert governed[namespace] == entry["lake"].get(namespace, 0), (killed["seed"], key, namespace)


def test_no_load_is_doubled(killed: Any) -> None:
    for key, entry in killed["datasets"].items():
        for namespace, loads in entry["loads"].items():
            assert len(loads) == len(set(loads)) <= 1, (killed["seed"], key, namespace, loads)


def test_everything_is_as_if_nobody_had_killed_it(killed: Any, undisturbed: Any) -> None:
    assert killed["datasets"].keys() == undisturbed["datasets"].keys()
    for key, entry in killed["datasets"].items():
        peace = undisturbed["datasets"][key]
        for part in ("gathered", "governed", "lake", "score"):
            assert entry[part] == peace[part], (killed["seed"], key, part)
