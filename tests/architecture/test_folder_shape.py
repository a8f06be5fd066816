"""Folders look alike, so that who knows one knows all."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGE, ROOT, applications, modules

LONGEST = 450
"""Lines a module may have; about 400 is the aim. Modules that only declare are tables, and may be longer."""

VAGUE = {"utils", "util", "common", "manager", "managers", "helpers", "helper", "core", "misc", "extras", "tools"}
"""Names that say nothing about what is inside."""


def test_every_folder_of_python_is_a_package_with_an_empty_init() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    missing = [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()]
    filled = [str(path.relative_to(ROOT)) for path in PACKAGE.rglob("__init__.py") if path.stat().st_size]
    assert (sorted(missing), sorted(filled)) == ([], [])


@pytest.mark.parametrize("folder", applications(), ids=lambda folder: folder.name)
def test_an_application_has_what_applications_have(folder: Path) -> None:
    missing = [name for name in ("manifest.py", "README.md") if not (folder / name).is_file()]
    missing += [name for name in ("sample", "tests", "locale") if not any((folder / name).glob("*"))]
    missing += [] if list((folder / "tests").glob("test_*.py")) else ["tests/test_*.py"]
    assert missing == []


def test_counties_are_data() -> None:
    assert [str(path) for path in (ROOT / "counties").rglob("*.py*")] == []


def test_names_say_what_is_inside() -> None:
    named = [*PACKAGE.rglob("*.py"), *(path for path in PACKAGE.rglob("*") if path.is_dir())]
    assert [str(path.relative_to(ROOT)) for path in named if path.stem in VAGUE] == []


def test_modules_are_short_enough_to_read() -> None:
    long = {}
    for path, tree in modules().items():
        lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
        if lines > LONGEST and any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in ast.walk(tree)):
            long[str(path)] = lines
    assert long == {}, f"split them: at most {LONGEST} lines"


def test_no_test_is_skipped_for_good_and_nothing_is_left_to_do() -> None:
    marks = (r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b", "pragma: no " + "cover", "type: ignore" + r"$")
    found = [
        f"{path.relative_to(ROOT)}: {mark}"
        for folder in (PACKAGE, ROOT / "tests", ROOT / "benchmarks")
        for path in folder.rglob("*.py")
        for mark in marks
        if re.search(mark, path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert found == [], "do it, or write in docs/limits.md that it is not done; name the error a `type: ignore` is for"
