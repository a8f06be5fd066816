"""The project's own files, read and parsed once for all architecture tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "citybrain"
APPLICATIONS = PACKAGE / "applications"


@cache
def modules() -> dict[Path, ast.Module]:
    """Every Python module of the package, by its path from the project's root."""
    return {path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8")) for path in python_files()}


def python_files() -> Iterator[Path]:
    """Every Python file of the package; migrations are Django's writing."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def applications() -> list[Path]:
    """Every application's folder."""
    return sorted(path.parent for path in APPLICATIONS.glob("*/__init__.py"))


def is_test(path: Path) -> bool:
    """True for what only pytest imports."""
    return "tests" in path.parts
