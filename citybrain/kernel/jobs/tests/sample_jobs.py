"""Jobs that only the tests ask for. Each notes what it does in a ledger file, where it can be counted."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from citybrain.kernel.jobs.definitions import Schedule, job, schedules
from citybrain.kernel.jobs.run import Run

STEPS = 4


def note(text: str) -> None:
    """Add a line to the ledger, on disk before it returns: it must outlive kill -9."""
    descriptor = os.open(os.environ["LEDGER"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(descriptor, f"{text}\n".encode())
    os.fsync(descriptor)
    os.close(descriptor)


def ledger() -> list[str]:
    """Every line noted so far."""
    path = Path(os.environ["LEDGER"])
    return path.read_text().splitlines() if path.exists() else []


def one_step(name: str, number: int, seconds: float) -> int:
    note(f"begin {name} {number}")
    time.sleep(seconds)
    note(f"end {name} {number}")
    return number


@job(key="steps", title="Steps")
def steps(run: Run, *, name: str, seconds: float = 0.0) -> dict[str, Any]:
    """Does STEPS durable steps one after the other."""
    with run.step("all", "All", total=STEPS, unit="steps") as progress:
        total = 0
        for number in range(STEPS):
            total += run.once(f"step {number}", one_step, name, number, seconds)
            progress.advance()
    return {"sum": total}


@job(key="wait", title="Wait", lane="wait:{name}")
def wait(run: Run, *, name: str) -> None:
    """Lasts until it is told to leave off, or a file called after it appears."""
    note(f"begin {name}")
    release = Path(os.environ["LEDGER"]).with_name(name)
    with run.step("wait", "Wait") as progress:
        while not release.exists():
            progress.advance()
            time.sleep(0.01)
    note(f"end {name}")


@job(key="deaf", title="Deaf")
def deaf(run: Run, *, name: str) -> None:
    """Kills its own process the first time, between two steps."""
    run.once("before", one_step, name, 0, 0.0)
    if f"died {name}" not in ledger():
        note(f"died {name}")
        os.kill(os.getpid(), 9)
    run.once("after", one_step, name, 1, 0.0)


@job(key="shaky", title="Shaky", tries=3, pause=0.01)
def shaky(run: Run, *, name: str, faults: int) -> dict[str, Any]:
    """Meets a passing fault `faults` times, after a step that works."""
    run.once("good", one_step, name, 0, 0.0)
    note(f"try {name}")
    if ledger().count(f"try {name}") <= faults:
        raise ConnectionError("the other end hung up")
    return {"tries": ledger().count(f"try {name}")}


@job(key="broken", title="Broken")
def broken(run: Run, *, name: str) -> None:
    """Fails for good unless a file called after it exists."""
    with run.step("part", "Part", total=2):
        run.once("good", one_step, name, 0, 0.0)
        if not Path(os.environ["LEDGER"]).with_name(name).exists():
            raise ValueError("row 7 is not a row")


@job(key="tick", title="Tick")
def tick(run: Run, *, name: str) -> None:
    """What the test's clock starts."""
    note(f"tick {name} {run.job_id}")


@schedules
def every_minute() -> list[Schedule]:
    """One clock that strikes each minute, where the test asks for it."""
    if "TICKING" not in os.environ:
        return []
    return [Schedule(key="test:minute", cron="* * * * *", job="tick", arguments={"name": "minute"})]
