"""The tutorial is true: a reader who types it word for word has a register, and its inherited tests pass."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

from tests.architecture.sources import ROOT
from tests.tutorial.conftest import in_checkout, sources

TUTORIAL = ROOT / "docs" / "tutorial.md"
FILE = re.compile(r'^```python title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
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


def test_from_nothing_to_a_register(checkout: Path) -> None:
    before = sources(checkout)
    in_checkout(checkout, "-m", "citybrain.site.command", "new-application", "trees")
    for name, text in files().items():
        path = checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    in_checkout(checkout, "-m", "django", "makemigrations", "trees")
    assert (checkout / "citybrain/applications/trees/migrations/0001_initial.py").exists()
    in_checkout(checkout, "-m", "django", "check", "--fail-level", "WARNING")
    in_checkout(checkout, "-m", "pytest", "-q", "citybrain/applications/trees")
    shutil.rmtree(checkout / "citybrain/applications/trees")
    assert sources(checkout) == before, "an application is a folder: no other file changes"
