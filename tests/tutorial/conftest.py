"""A copy of the sources, in which applications are added and removed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from citybrain.testing.databases import MADE_BEFORE
from tests.architecture.sources import ROOT

LEFT_OUT = shutil.ignore_patterns("node_modules", "var", ".*", "*.egg-info", "static")


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """The copy; the front-end files are linked, not copied, and what Python compiled before comes along."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("citybrain", "counties", "conftest.py", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=LEFT_OUT)
        elif source.exists():
            shutil.copy(source, folder / name)
    for static in (ROOT / "citybrain").rglob("static"):
        (folder / static.relative_to(ROOT)).symlink_to(static)
    shutil.copy(sqlite_template, folder / "tables.sqlite3")
    return folder


def sources(checkout: Path) -> dict[Path, bytes]:
    """What every file of the copy says, but what running it leaves: the home, caches, compiled code, linked files."""
    found = (path for path in checkout.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in found if not is_left_behind(path.relative_to(checkout))}


def is_left_behind(path: Path) -> bool:
    """Whether running the copy writes it, or it is linked to the sources."""
    return any(part in ("var", "static", "__pycache__") or part.startswith(".") for part in path.parts)


def in_checkout(checkout: Path, *words: str) -> str:
    """Runs Python there; its output. Fails with all it said when it fails."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CITYBRAIN_", "PYTEST_"))}
    environment |= {
        "PYTHONPATH": str(checkout),
        "CITYBRAIN_HOME": str(checkout / "var"),
        "DJANGO_SETTINGS_MODULE": "citybrain.site.settings",
        MADE_BEFORE: str(checkout / "tables.sqlite3"),
    }
    done = subprocess.run(
        [sys.executable, *words], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
