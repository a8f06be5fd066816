"""`citybrain county`: a rehearsal county with known truth."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from citybrain.rehearsal.build import CountyReport, build_county
from citybrain.rehearsal.later import deliver, deliveries

county = typer.Typer(help="A synthetic county with known truth.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Out = Annotated[Path | None, typer.Option(help="Folder to write to; the running system's own by default.")]


@county.command()
def build(
    people: Annotated[int, typer.Option(help="Residents; 600000 is the plan's size.")] = 60_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same county.")] = 7,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Build a rehearsal county: forty departments' deliveries, and the truth about every spoilt value."""
    report = build_with_bar(people, seed, out or settings.DELIVERIES)
    if as_json:
        print(json.dumps({**asdict(report), "out": str(report.out)}, ensure_ascii=False))


@county.command("deliver")
def deliver_next(
    number: Annotated[int, typer.Argument(help="1, 2, ...: which later delivery arrives.")],
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Let a later delivery of the rehearsal county arrive: late rows, repeated files, changed columns."""
    folder = out or settings.DELIVERIES
    try:
        touched = [str(path.relative_to(folder)) for path in deliver(folder, number)]
    except FileNotFoundError as error:
        raise LookupError(f"{error}. Deliveries that wait: {deliveries(folder)}") from error
    print(json.dumps(touched, ensure_ascii=False) if as_json else "\n".join(touched))


def build_with_bar(people: int, seed: int, out: Path) -> CountyReport:
    """Build the county with a bar on stderr."""
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=32), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console) as bars:
        task = bars.add_task("Building the rehearsal county", total=None)

        def show(label: str, done: int, total: int) -> None:
            bars.update(task, description=f"Building the county: {label}", completed=done, total=total)

        report = build_county(people=people, seed=seed, out=out, county=settings.COUNTY, progress=show)
    rows = sum(report.rows.values())
    console.print(
        f"{report.people} people, {report.firms} firms, {report.departments} departments, {len(report.rows)} tables, "
        f"{rows} rows, {sum(report.defects.values())} rows of truth in {out}",
        highlight=False,
    )
    return report
