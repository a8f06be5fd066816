"""Code is found by import statements; only the registry imports by name, and nothing is made code at run time."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import modules

HOME = Path("citybrain/kernel/registry")
"""The one room that may import by name: it finds the application folders."""

NAMES = {"__import__", "exec", "eval", "compile"}
"""Built-in functions that make code of text."""

ATTRIBUTES = {
    "import_module",
    "__import__",
    "import_string",
    "autodiscover_modules",
    "get_model",
    "exec_module",
    "load_module",
    "run_module",
    "run_path",
}
"""Functions that import, or fetch a class, by a name in a string."""


def offences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of every use, call or not, of what imports by name."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) if name in NAMES | ATTRIBUTES:
                yield node.lineno, name
            case ast.Attribute(attr=name) if name in ATTRIBUTES:
                yield node.lineno, name
            case ast.ImportFrom(names=names):
                yield from ((node.lineno, alias.name) for alias in names if alias.name in ATTRIBUTES)


def test_only_the_registry_imports_by_name() -> None:
    found = [
        f"{path}:{line} {name}"
        for path, tree in modules().items()
        if HOME not in path.parents
        for line, name in offences(tree)
    ]
    assert found == [], "import it at the top of the module, or let the registry find it"


@pytest.mark.parametrize(
    "code",
    [
        "import importlib\nimportlib.import_module('a')",
        "from importlib import import_module as load\nload('a')",
        "__import__('a')",
        "from django.apps import apps\napps.get_model('a', 'B')",
        "from django.utils import module_loading\nf = module_loading.import_string",
        "exec('import a')",
        "list(map(eval, []))",
    ],
)
def test_an_import_by_name_is_noticed(code: str) -> None:
    assert list(offences(ast.parse(code)))


def test_an_ordinary_call_is_not() -> None:
    assert not list(offences(ast.parse("import re\nre.compile('a')\nmodel.objects.get()\nthread.run()")))
