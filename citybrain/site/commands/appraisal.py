"""`citybrain appraisal`: facts of events folded anew, reports of months."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer
from rich.console import Console

import citybrain.site.jobs  # noqa: F401 - a room's hooks are known when it was imported
from citybrain.centre.appraisal.keeping import rebuild
from citybrain.centre.appraisal.report.making import make_report
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.site.preparing import prepare

appraisal = typer.Typer(name="appraisal", help="What is counted of events, and the reports on it.")


@appraisal.command("rebuild")
def rebuild_facts() -> None:
    """Fold every event's facts anew from its journal."""
    prepare()
    Console().print(f"{rebuild():,} events folded")


@appraisal.command()
def report(month: Annotated[str, typer.Argument(help="Month, `2026-10`.")]) -> None:
    """Make the report of a month that is over: PDF and Word, Chinese and English."""
    prepare()
    made = make_report(date.fromisoformat(f"{month}-01"), SYSTEM)
    Console().print(f"{made.number}  {made.title}", highlight=False)
