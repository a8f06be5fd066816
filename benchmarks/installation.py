"""A running system of its own in a temporary folder, used through the command as anybody would, and what that costs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Cost:
    """What processes took: CPU seconds and wall seconds of all, peak MB of the largest."""

    cpu: float = 0.0
    wall: float = 0.0
    peak_mb: float = 0.0

    def add(self, other: Cost) -> None:
        """Count another process in."""
        self.cpu += other.cpu
        self.wall += other.wall
        self.peak_mb = max(self.peak_mb, other.peak_mb)

    def rounded(self) -> dict[str, float]:
        """The three numbers as results show them."""
        return {"cpu": round(self.cpu, 2), "wall": round(self.wall, 2), "peak_mb": round(self.peak_mb, 1)}


@dataclass
class Installation:
    """A home, and the `citybrain` command run in it."""

    home: Path
    costs: dict[str, Cost] = field(default_factory=dict)
    """By the command's first word."""

    def citybrain(self, *words: str) -> Cost:
        """Run a command to its end. Raises RuntimeError with what it said when it fails."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("CITYBRAIN_")}
        environment |= {"CITYBRAIN_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "citybrain.site.settings"}
        started = time.perf_counter()
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "citybrain.site.command", *words],
                cwd=ROOT,
                env=environment,
                stdout=said,
                stderr=said,
            )
            _pid, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                said.seek(0)
                raise RuntimeError(f"citybrain {' '.join(words)}: {said.read().decode(errors='replace')[-2000:]}")
        cost = Cost(
            cpu=used.ru_utime + used.ru_stime, wall=time.perf_counter() - started, peak_mb=used.ru_maxrss / 1024
        )
        self.costs.setdefault(words[0], Cost()).add(cost)
        return cost

    def open(self) -> None:
        """Let this process read what the installation keeps: once in a process, before any room is imported."""
        os.environ["CITYBRAIN_HOME"] = str(self.home)
        import citybrain.site.startup  # noqa: F401

    def cost_of(self, *words: str) -> Cost:
        """What the commands with these first words took together."""
        total = Cost()
        for word in words:
            total.add(self.costs.get(word, Cost()))
        return total


@contextmanager
def installation() -> Iterator[Installation]:
    """An installation that is forgotten when the block ends."""
    with tempfile.TemporaryDirectory(prefix="citybrain-bench-") as folder:
        yield Installation(home=Path(folder) / "home")
