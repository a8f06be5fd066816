"""The `citybrain` command: thin words over the rooms' verbs and questions."""

# ruff: noqa: E402 - Django, and the collector, are set up before the rooms are loaded

from __future__ import annotations

import gc
import sys

gc.disable()  # hundreds of modules stay as they are loaded; looking for garbage among them is a fifth of a start

# isort: split
import citybrain.site.startup

# isort: split
import typer
from rich.console import Console

from citybrain.site.words import Words

gc.freeze()
gc.enable()

application = typer.Typer(
    name="citybrain", cls=Words, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False
)


@application.callback()
def citybrain() -> None:
    """The open city brain for counties."""


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
