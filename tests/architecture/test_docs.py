"""What exists is documented: kinds of declarations, commands, checks, settings, applications, benchmarks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from citybrain.site import reference
from citybrain.site.commands.bench import benchmarks
from tests.architecture.sources import ROOT, applications, is_test, modules

LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)")


@cache
def documents() -> dict[Path, str]:
    """Every document a reader may open."""
    paths = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")]
    paths += [folder / "README.md" for folder in applications()]
    return {path: path.read_text(encoding="utf-8") for path in paths if path.exists()}


def prose() -> str:
    return "\n".join(documents().values())


def test_the_reference_is_up_to_date() -> None:
    assert reference.TARGET.read_text(encoding="utf-8") == reference.reference(), (
        "run `python -m citybrain.site.reference`"
    )


def public_classes() -> Iterator[str]:
    for path, tree in modules().items():
        if path.parent.name == "declare":
            yield from (node.name for node in tree.body if isinstance(node, ast.ClassDef) and node.name[0] != "_")


def test_every_kind_of_declaration_is_documented() -> None:
    # Not parametrised: every worker that collects would parse the whole house for the names.
    known = prose()
    assert [name for name in sorted(public_classes()) if f"### {name}\n" not in known] == []


def check_ids() -> Iterator[str]:
    """Every id of a finding, however it is written: `citybrain.E012`, or `finding("012", ...)`."""
    for path, tree in modules().items():
        if is_test(path):
            continue
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id="finding"), args=[ast.Constant(value=str(number)), *_]):
                    yield f"E{number}"
                case ast.Constant(value=str(text)) if re.fullmatch(r"citybrain\.[EW]\d{3}", text):
                    yield text.removeprefix("citybrain.")


def test_every_check_is_documented() -> None:
    found = set(check_ids())
    assert len(found) >= 10, "the checks were not found: has `finding` another name now?"
    assert sorted(found - set(re.findall(r"\b[EW]\d{3}\b", prose()))) == []


def test_every_declared_field_says_what_it_is_for() -> None:
    silent = []
    for path, tree in modules().items():
        if path.parent.name == "declare":
            for node in tree.body:
                # A check says in its own sentence what its fields are, and inherits the rest.
                if isinstance(node, ast.ClassDef) and not node.bases:
                    silent += [f"{path.name}: {node.name}.{name}" for name in undocumented(node)]
    assert silent == [], "write a docstring under the field"


def undocumented(node: ast.ClassDef) -> Iterator[str]:
    """Fields of a class without a docstring under them."""
    for item, following in zip(node.body, [*node.body[1:], None], strict=True):
        match item, following:
            case ast.AnnAssign(), ast.Expr(value=ast.Constant(value=str())):
                continue
            case ast.AnnAssign(target=ast.Name(id=name)), _ if not name.startswith("_"):
                yield name


@pytest.mark.parametrize("path", sorted(documents()), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    broken = [link for link in LINK.findall(documents()[path]) if not (path.parent / link).exists()]
    assert broken == []


def test_every_benchmark_has_its_line() -> None:
    assert len(benchmarks()) >= 4
    assert sorted(name for name in benchmarks() if f"`{name}`" not in prose()) == []
