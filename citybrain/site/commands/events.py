"""`citybrain events`: cases from the terminal."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

import citybrain.site.jobs  # noqa: F401 - a room's hooks are known when it was imported
from citybrain.centre.events import backstop
from citybrain.centre.events.checking import check_all
from citybrain.centre.events.models import Event
from citybrain.site.preparing import prepare

events = typer.Typer(name="events", help="Events, their journals, and that none is without an owner.")


@events.command()
def check(
    number: Annotated[str | None, typer.Argument(help="One event; none means all.")] = None,
    most: Annotated[int, typer.Option(help="Findings after which it stops.")] = 100,
) -> None:
    """Hold journals against rows: chain, numbers, legal transitions, sums, tasks; exit status 1 when one differs."""
    prepare()
    rows = Event.objects.all() if number is None else Event.objects.filter(number=number)
    if number is not None and not rows.exists():
        raise LookupError(f"There is no event {number!r}.")
    console = Console()
    found = 0
    for finding in check_all(rows):
        found += 1
        console.print(f"[red]✗[/] {finding}", highlight=False, soft_wrap=True)
        if found == most:
            console.print("… and perhaps more.")
            break
    if found:
        raise typer.Exit(1)
    proof = backstop.proof(rows)
    said = f"{rows.count():,} events; of the open ones {proof.owned:,} have an owner, {proof.in_time:,} wait in time"
    said += f", {proof.late:,} are late" if proof.late else ""
    console.print(f"[green]✓[/] {said}", highlight=False, soft_wrap=True)
