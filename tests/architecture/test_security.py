"""docs/security.md is true: every test it names exists, and every control of GB/T 22239-2019 8.1.4 has its lines."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

DOCUMENT = ROOT / "docs" / "security.md"
SHORT = {
    "I/": "citybrain/kernel/identity/tests/",
    "A/": "citybrain/ui/account/tests/",
    "U/": "citybrain/ui/tests/",
}
CONTROLS = 11
"""Controls of 8.1.4."""


@cache
def document() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


def named() -> list[str]:
    """`path::test` as the document writes them, in full."""
    found = re.findall(r"`([\w/]+\.py::test_\w+)`", document())
    return sorted({re.sub(r"^[IAU]/", lambda match: SHORT[match[0]], text) for text in found})


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_the_document_is_read() -> None:
    assert len(named()) > 40


@pytest.mark.parametrize("name", named())
def test_a_named_test_exists(name: str) -> None:
    path, _colons, test = name.partition("::")
    assert (ROOT / path).exists(), f"{path} is gone: name the test that shows it now"
    assert test in functions_of(ROOT / path)


def test_every_control_has_its_lines() -> None:
    headings = " ".join(line for line in document().splitlines() if line.startswith("## "))
    missing = [number for number in range(1, CONTROLS + 1) if not re.search(rf"8\.1\.4\.{number}\b", headings)]
    assert missing == []


def test_every_line_names_a_test_or_says_that_it_is_outside() -> None:
    body = document().split("## Settings")[0]
    lines = [line for line in body.splitlines() if line.startswith("| ") and not line.startswith("| control")]
    unshown = [line for line in lines if "::test_" not in line and not line.rstrip().endswith("| outside |")]
    assert len(lines) > 30
    assert unshown == []


def test_what_is_outside_or_missing_is_said() -> None:
    assert document().count("issing:") >= 5
    assert "not verified" in document()
