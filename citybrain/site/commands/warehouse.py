"""`citybrain gather` and `govern`: the warehouse's work from the terminal."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console

from citybrain.kernel.jobs.actions import enqueue
from citybrain.site.commands.printing import AsJson, cell
from citybrain.site.commands.progress import see_through
from citybrain.site.preparing import prepare
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.gathering.models import Source


def gather(
    sources: Annotated[list[str] | None, typer.Argument(help="Keys of sources; none means all.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch what is new. Running it again is harmless."""
    prepare()
    for key in sources or [""]:
        _known(key, Source)
        snapshot = see_through(enqueue("gather", source=key).id, as_json=as_json)
        _say(snapshot["result"]["gathered"], as_json)


def govern(
    datasets: Annotated[list[str] | None, typer.Argument(help="Keys of datasets; none means all.")] = None,
    as_json: AsJson = False,
) -> None:
    """Standardise, check, profile and score what was gathered."""
    prepare()
    for key in datasets or [""]:
        _known(key, Dataset)
        snapshot = see_through(enqueue("govern", dataset=key).id, as_json=as_json)
        _say(snapshot["result"]["governed"], as_json)


def _known(key: str, model: type[Source] | type[Dataset]) -> None:
    if key and not model.objects.filter(key=key).exists():
        word = "source" if model is Source else "dataset"
        near = model.objects.filter(key__contains=key.split(".")[-1][:6]).values_list("key", flat=True)[:3]
        hint = f" Near it: {', '.join(near)}." if near else ""
        raise LookupError(f"There is no {word} {key!r}.{hint}")


def _say(sums: dict[str, Any], as_json: bool) -> None:
    if not as_json:
        Console().print(" · ".join(f"{name} {cell(value)}" for name, value in sums.items()), highlight=False)
    if sums.get("errors"):
        raise typer.Exit(1)
