"""Writes `docs/reference.md` from the code: kinds of declarations, commands, checks, settings, applications.

`python -m citybrain.site.reference` writes it, `--check` says whether it is up to date (a test asks).
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup

from citybrain.kernel.registry import checks
from citybrain.site.command import application
from citybrain.site.commands.bench import benchmarks
from citybrain.site.settings import ROOT

DECLARE = ROOT / "citybrain" / "declare"
TARGET = ROOT / "docs" / "reference.md"


def class_lines(source: str) -> Iterator[str]:
    """One section for each public class of a module of `declare/`: its docstring, and each field with what it means."""
    for node in ast.parse(source).body:
        if not isinstance(node, ast.ClassDef) or node.name.startswith("_"):
            continue
        yield f"### {node.name}"
        yield ""
        yield inspect.cleandoc(ast.get_docstring(node) or "")
        yield ""
        rows = list(field_rows(node))
        if rows:
            yield "| name | what it means |"
            yield "|---|---|"
            yield from rows
            yield ""


def field_rows(node: ast.ClassDef) -> Iterator[str]:
    """A row for each field or member that has a docstring under it."""
    for item, following in zip(node.body, [*node.body[1:], None], strict=True):
        match item:
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                text = ""
                if (
                    isinstance(following, ast.Expr)
                    and isinstance(following.value, ast.Constant)
                    and isinstance(following.value.value, str)
                ):
                    text = " ".join(inspect.cleandoc(following.value.value).split()).replace("|", "\\|")
                if not name.startswith("_"):
                    yield f"| `{name}` | {text} |"
            case _:
                continue


def command_lines(command: TyperCommand | TyperGroup, path: str) -> Iterator[str]:
    """A section for a command, its arguments and options, and those of the commands below it."""
    if isinstance(command, TyperGroup):
        for name, below in sorted(command.commands.items()):
            yield from command_lines(below, f"{path} {name}")
        return
    if command.hidden:
        return
    yield f"### `{path}`"
    yield ""
    yield inspect.cleandoc(command.help or "").split("\n\n")[0]
    yield ""
    for parameter in command.params:
        names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
        if isinstance(parameter, TyperArgument):
            names = f"`{str(parameter.name).upper()}`"
        text = getattr(parameter, "help", None) or ""
        if text and parameter.name != "help":
            yield f"* {names}: {text}"
    yield ""


def reference() -> str:
    """The whole page."""
    lines = ["# Reference", "", "Made from the code by `python -m citybrain.site.reference`; do not edit.", ""]
    lines += ["## Kinds of declarations", ""]
    for module in sorted(DECLARE.glob("*.py")):
        if module.name != "__init__.py":
            lines += class_lines(module.read_text(encoding="utf-8"))
    lines += ["## Commands", "", *command_lines(typer.main.get_command(application), "citybrain")]
    lines += ["## Checks", "", inspect.cleandoc(checks.__doc__ or ""), ""]
    lines += ["## Benchmarks", "", "`citybrain bench NAME`; results stand in `benchmarks/README.md`.", ""]
    lines += [f"* `{name}`: {text}" for name, text in benchmarks().items()]
    lines += ["", "## Settings", "", "| setting | what it is |", "|---|---|"]
    module = ast.parse((ROOT / "citybrain" / "site" / "settings.py").read_text(encoding="utf-8"))
    holder = ast.ClassDef(name="Settings", bases=[], keywords=[], body=module.body, decorator_list=[])
    lines += [row for row in field_rows(holder) if not row.endswith("|  |")]
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` compare it; 1 when it is out of date."""
    text = reference()
    if "--check" in arguments:
        is_current = TARGET.exists() and TARGET.read_text(encoding="utf-8") == text
        if not is_current:
            sys.stderr.write("docs/reference.md is out of date: run `python -m citybrain.site.reference`.\n")
        return int(not is_current)
    Path(TARGET).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
