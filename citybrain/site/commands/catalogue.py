"""`citybrain catalogue`: the catalogue searched, or exported, from the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from citybrain.site.commands.printing import AsJson, cell
from citybrain.warehouse.catalogue import dcat
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.catalogue.search import Filters, search


def catalogue(
    words: Annotated[list[str] | None, typer.Argument(help="Chinese, pinyin or English.")] = None,
    department: Annotated[str | None, typer.Option(help="Key of the providing department.")] = None,
    page: Annotated[int, typer.Option(min=1)] = 1,
    dcat_file: Annotated[Path | None, typer.Option("--dcat", help="Write the catalogue as DCAT 3 JSON-LD.")] = None,
    as_json: AsJson = False,
) -> None:
    """Search the catalogue, or export it."""
    if dcat_file is not None:
        dcat_file.write_bytes(dcat.export())
        return
    found = search(" ".join(words or []), filters=Filters(department=department), page=page)
    if as_json:
        entries = [_entry(hit.dataset) for hit in found.hits]
        print(json.dumps({"total": found.total, "page": found.page, "entries": entries}, ensure_ascii=False))
        return
    table = Table("key", "title", "provider", "rows", "score", "state", title=f"{found.total} entries")
    for hit in found.hits:
        entry = _entry(hit.dataset)
        table.add_row(*(cell(entry[name]) for name in ("key", "title", "provider", "rows", "score", "state")))
    Console().print(table)
    if found.suggestions:
        Console(stderr=True).print(f"Did you mean: {', '.join(found.suggestions)}?")


def _entry(dataset: Dataset) -> dict[str, Any]:
    return {
        "key": dataset.key,
        "title": dataset.chinese,
        "english": dataset.english,
        "provider": dataset.provider.chinese,
        "rows": dataset.raw_rows,
        "score": dataset.score,
        "state": dataset.state,
        "grade": dataset.grade,
    }
