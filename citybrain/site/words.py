"""The words of the `citybrain` command: a word's module, and the libraries it needs, are loaded when it is said.

`citybrain status` asks a few rows and must not wait for what gathers, governs and draws reports.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from citybrain.kernel.registry.registry import named

COMMANDS = {
    "run": "demo.run",
    "serve": "serving.serve",
    "work": "working.work",
    "password": "logins.password",
    "gather": "warehouse.gather",
    "govern": "warehouse.govern",
    "catalogue": "catalogue.catalogue",
    "sources": "asking.sources",
    "status": "asking.status",
    "check": "checking.check",
    "bench": "bench.bench",
    "new-application": "scaffold.new_application",
    "appraisal": "appraisal.appraisal",
    "areas": "areas.areas",
    "county": "county.county",
    "events": "events.events",
    "evidence": "evidence.evidence",
    "understanding": "understanding.understanding",
}
"""Word: where in `citybrain.site.commands` its function, or the group of words below it, stands."""


class Loaded(Mapping[str, TyperCommand | TyperGroup]):
    """Every word with its command, made when it is looked up."""

    def __getitem__(self, word: str) -> TyperCommand | TyperGroup:
        """Raises KeyError for a word there is not."""
        path = f"citybrain.site.commands.{COMMANDS[word]}"
        gc.disable()
        found = named(path)
        gc.freeze()
        gc.enable()
        if isinstance(found, typer.Typer):
            group = get_group(found)
            group.name = word
            return group
        alone = typer.Typer(add_completion=False)
        alone.command(word)(found)
        return get_command(alone)

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class Words(TyperGroup):
    """The group of all words."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "commands": Loaded()})

    def list_commands(self, ctx: Any) -> list[str]:
        """The words, without loading them."""
        return list(self.commands)
