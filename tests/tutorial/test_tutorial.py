"""The tutorial is true: a reader who types it word for word has a register, and its inherited tests pass."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

TUTORIAL = ROOT / "docs" / "tutorial.md"
FILE = re.compile(r'^```python title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules", "var", ".*", "*.egg-info", "static")
MOST_LINES = 30


def files() -> dict[str, str]:
    """The files the tutorial has its reader write."""
    return dict(FILE.findall(TUTORIAL.read_text(encoding="utf-8")))


def models() -> str:
    return files()["citybrain/applications/trees/models.py"]


def test_a_record_type_is_declared_in_under_thirty_lines() -> None:
    lines = [line for line in models().splitlines() if line.strip()]
    assert len(lines) < MOST_LINES


def test_every_field_is_named_once() -> None:
    tree = ast.parse(models())
    record = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    names = [node.targets[0].id for node in record.body if isinstance(node, ast.Assign)]  # type: ignore[attr-defined]
    assert len(names) >= 6
    whole = "\n".join(files().values())
    for name in names:
        # The tests name fields to fill them; an order names the one it means.
        declared = re.sub(r'"[^"]*"', "", whole)
        assert len(re.findall(rf"\b{name}\b", declared)) == 1, name


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, in which the tutorial is followed; the front-end files are linked, not copied."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("citybrain", "counties", "conftest.py", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=LEFT_OUT)
        elif source.exists():
            shutil.copy(source, folder / name)
    for static in (ROOT / "citybrain").rglob("static"):
        (folder / static.relative_to(ROOT)).symlink_to(static)
    return folder


def in_checkout(checkout: Path, *words: str) -> str:
    """Runs Python there; its output. Fails with all it said when it fails."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CITYBRAIN_", "PYTEST_"))}
    environment |= {
        "PYTHONPATH": str(checkout),
        "CITYBRAIN_HOME": str(checkout / "var"),
        "DJANGO_SETTINGS_MODULE": "citybrain.site.settings",
    }
    done = subprocess.run(
        [sys.executable, *words], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_from_nothing_to_a_register(checkout: Path) -> None:
    before = {path: path.read_bytes() for path in checkout.rglob("*.py")}
    in_checkout(checkout, "-m", "citybrain.site.command", "new-application", "trees")
    for name, text in files().items():
        path = checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    in_checkout(checkout, "-m", "django", "makemigrations", "trees")
    assert (checkout / "citybrain/applications/trees/migrations/0001_initial.py").exists()
    in_checkout(checkout, "-m", "django", "check", "--fail-level", "WARNING")
    in_checkout(checkout, "-m", "pytest", "-q", "citybrain/applications/trees")
    changed = [str(path) for path, content in before.items() if path.read_bytes() != content]
    assert changed == [], "an application is a folder: no other file changes"
