"""`citybrain understanding`: the model that reads texts, from the terminal."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

import citybrain.site.jobs  # noqa: F401 - a room's hooks are known when it was imported
from citybrain.centre.understanding.queries import versions
from citybrain.centre.understanding.reading import understand
from citybrain.centre.understanding.training import train as train_now
from citybrain.site.preparing import prepare

understanding = typer.Typer(name="understanding", help="The model that reads what people write.")


@understanding.command()
def train() -> None:
    """Train the model of texts now; it is used unless it reads the held-out texts worse than the one in use."""
    prepare()
    version = train_now()
    held, hand = version.measures["held"], version.measures["hand"]
    console = Console()
    console.print(
        f"{version.key}: {version.samples} samples, {version.measures['fit_seconds']} s; "
        f"macro-F1 {held['macro_f1']:.3f} held out, {hand['macro_f1']:.3f} written by hand"
    )
    console.print("Used." if version.is_used else version.note)


@understanding.command()
def read(text: Annotated[str, typer.Argument(help="What somebody wrote.")]) -> None:
    """Show what a text is read as."""
    prepare()
    found = understand(text)
    table = Table(title=found.title)
    for column in ("type", "probability", "because of"):
        table.add_column(column)
    for one in found.types:
        table.add_row(one.key, f"{one.probability:.3f}", " · ".join(one.reasons))
    console = Console()
    console.print(table)
    for place in found.places:
        console.print(f"{place.score:.2f} {place.address} ({'; '.join(place.reasons)})")
    console.print(f"{found.level.value} {'; '.join(found.level_reasons)}")


@understanding.command(name="versions")
def list_versions() -> None:
    """List the versions that were trained."""
    prepare()
    table = Table()
    for column in ("version", "trained", "samples", "confirmed", "macro-F1 held out", "used"):
        table.add_column(column)
    for one in versions():
        score = one.measures.get("held", {}).get("macro_f1", 0)
        table.add_row(
            one.key, f"{one.at:%F %R}", str(one.samples), str(one.labels), f"{score:.3f}", "yes" if one.is_used else ""
        )
    Console().print(table)
