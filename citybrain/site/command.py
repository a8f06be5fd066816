"""The `citybrain` command: thin words over the rooms' verbs and questions."""

# ruff: noqa: E402 - Django, and the collector, are set up before the rooms are loaded

from __future__ import annotations

import gc
import sys

gc.disable()  # two thousand modules stay as they are loaded; looking for garbage among them is a fifth of a start

# isort: split
import citybrain.site.startup

# isort: split
import typer
from rich.console import Console

import citybrain.site.jobs  # noqa: F401 - the worker knows a job when its room was imported
from citybrain.site.commands import (
    appraisal,
    areas,
    bench,
    county,
    events,
    evidence,
    scaffold,
    serving,
    understanding,
    warehouse,
)

gc.freeze()
gc.enable()

application = typer.Typer(
    name="citybrain",
    help="The open city brain for counties.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
application.add_typer(appraisal.appraisal, name="appraisal")
application.add_typer(areas.areas, name="areas")
application.add_typer(county.county, name="county")
application.add_typer(events.events, name="events")
application.add_typer(evidence.evidence, name="evidence")
application.add_typer(understanding.understanding, name="understanding")
for word in (
    serving.run,
    serving.serve,
    serving.work,
    serving.password,
    warehouse.gather,
    warehouse.govern,
    warehouse.catalogue,
    warehouse.sources,
    warehouse.status,
    warehouse.check,
    bench.bench,
):
    application.command()(word)
application.command("new-application")(scaffold.new_application)


def main() -> None:
    """Run the command; an expected error is one sentence on stderr and exit status 1, not a trace."""
    try:
        application()
    except (LookupError, ValueError, OSError) as error:
        text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
        Console(stderr=True).print(f"[red]{type(error).__name__}[/]: {text}", highlight=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
