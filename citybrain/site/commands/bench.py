"""`citybrain bench`: ours, the peers and the limit in one run."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from citybrain.site.settings import ROOT

COMMAND = [sys.executable, "-m", "benchmarks"]


def benchmarks() -> dict[str, str]:
    """What each benchmark measures, by its name: the first sentence of its module."""
    found = {}
    for path in sorted((ROOT / "benchmarks").glob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "\ndef run(" in source:
            found[path.stem.replace("_", "-")] = (ast.get_docstring(ast.parse(source)) or "").split("\n")[0]
    return found


def bench(
    name: Annotated[str | None, typer.Argument(help="The benchmark's name; --all runs every one.")] = None,
    size: Annotated[int | None, typer.Option(help="Rows, tables or people, as the benchmark says.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Run every benchmark.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print nothing but the JSON line.")] = False,
) -> None:
    """Run a benchmark; its last line is one JSON object with CPU and wall seconds, peak MB and ratios."""
    names = benchmarks()
    if not names:
        raise typer.BadParameter("Benchmarks run from a checkout of the source, where `benchmarks/` lies.")
    if not all_ and name not in names:
        raise typer.BadParameter(f"No benchmark {name!r}. There are: {', '.join(names)}.")
    for one in names if all_ else [str(name)]:
        command = [*COMMAND, one, *(["--size", str(size)] if size else [])]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
            last = ""
            for line in process.stdout or ():
                if last and not as_json:
                    print(last)
                last = line.rstrip("\n")
        if process.returncode:
            raise typer.Exit(process.returncode)
        if not as_json:
            show(json.loads(last))
        print(last)


def show(result: dict[str, object]) -> None:
    """The result as a table: contestants and ratios."""
    table = Table(title=f"{result['name']} · {result.get('size')}")
    for column in ("contestant", "CPU s", "wall s", "peak MB"):
        table.add_column(column, justify="left" if column == "contestant" else "right")
    contestants = {"ours": result.get("ours"), "limit": result.get("limit")}
    peers = result.get("peers")
    for who, numbers in {**contestants, **(peers if isinstance(peers, dict) else {})}.items():
        if isinstance(numbers, dict):
            table.add_row(
                who, *(f"{numbers[key]:.3g}" if key in numbers else "—" for key in ("cpu", "wall", "peak_mb"))
            )
    console = Console(stderr=True)
    console.print(table)
    console.print(result.get("ratios"))
