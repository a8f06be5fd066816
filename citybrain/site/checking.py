"""`make check`: style, types, floors, declarations, migrations, translations, in seconds; two checks run at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent

CHECKS = {
    "types": [str(BIN / "mypy")],
    # Also Django's checks, the declarations, the migrations and the translations: one start of Django for all.
    "architecture": [sys.executable, "-m", "pytest", "-q", "tests/architecture"],
    "style": [str(BIN / "ruff"), "check", "--quiet", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
}
"""Slowest first, so that two cores finish together."""


def check(name: str) -> tuple[str, bool, float, str]:
    """Run one check: its name, whether it holds, seconds, what it printed."""
    started = time.monotonic()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "citybrain.site.settings"}
    done = subprocess.run(  # noqa: S603 - the commands are the constants above
        CHECKS[name], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return name, done.returncode == 0, time.monotonic() - started, done.stdout + done.stderr


def main() -> int:
    """Run every check; the exit status is 1 when one does not hold."""
    console = Console()
    failed = False
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, holds, seconds, output in pool.map(check, CHECKS):
            console.print(f"{'[green]✓' if holds else '[red]✗'}[/] {name:<28} {seconds:5.1f} s")
            if not holds:
                failed = True
                console.print(output, markup=False, highlight=False)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
