"""What one piece of work costs the process it runs in."""

from __future__ import annotations

import resource
import time
from pathlib import Path
from typing import Any


def measure(work: Any) -> tuple[dict[str, Any], Any]:
    """CPU, wall and peak memory of `work`, with what it returned."""
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    result = work()
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu": round(cpu, 3), "wall": round(wall, 3), "peak_mb": peak_mb()}, result


def peak_mb() -> int:
    """Peak memory of this process since it runs this program; `ru_maxrss` counts what its parent held before, too."""
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return round(int(line.split()[1]) / 1024)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
