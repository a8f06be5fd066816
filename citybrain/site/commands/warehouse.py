"""`citybrain gather`, `govern`, `catalogue`, `sources`, `status` and `check`: the warehouse from the terminal."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from django.core import checks
from django.db import connection
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.jobs.actions import enqueue
from citybrain.kernel.jobs.lock import worker_is_alive
from citybrain.kernel.jobs.queries import recent
from citybrain.kernel.lake.tables import lake
from citybrain.site.commands.progress import see_through
from citybrain.site.preparing import prepare
from citybrain.warehouse.catalogue import dcat
from citybrain.warehouse.catalogue.departments import lines, totals
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.catalogue.search import Filters, search
from citybrain.warehouse.gathering.kinds import KINDS
from citybrain.warehouse.gathering.models import SchemaChange, Source
from citybrain.warehouse.gathering.queries import sources as source_rows

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object or list.")]


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
        table.add_row(*(_cell(entry[name]) for name in ("key", "title", "provider", "rows", "score", "state")))
    Console().print(table)
    if found.suggestions:
        Console(stderr=True).print(f"Did you mean: {', '.join(found.suggestions)}?")


def sources(
    kinds: Annotated[bool, typer.Option("--kinds", help="List what can be connected instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the sources, or with --kinds every kind of source and whether it is tested here."""
    if kinds:
        rows = [
            {"key": kind.key, "title": kind.title, "status": str(kind.status), "install": kind.install}
            for kind in KINDS.values()
        ]
    else:
        rows = [
            {
                "key": source.key,
                "title": source.chinese,
                "department": source.department.chinese,
                "kind": source.kind,
                "tables": source.table_count,
                "rows": source.rows,
                "schedule": source.schedule,
            }
            for source in source_rows(SYSTEM)
        ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    table = Table(*(rows[0] if rows else ["key"]), title=f"{len(rows)} {'kinds' if kinds else 'sources'}")
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    Console().print(table)


def status(as_json: AsJson = False) -> None:
    """The county in one screen; exit status 1 when something needs a person."""
    now = timezone.now()
    sums = totals(lines(now=now))
    waiting = SchemaChange.objects.filter(decision=SchemaChange.Decision.PENDING).count()
    jobs = recent(5)
    facts = {
        **asdict(sums),
        "changes_waiting": waiting,
        "worker": worker_is_alive(),
        "jobs": [{name: job[name] for name in ("id", "title", "state", "finished_at", "error")} for job in jobs],
    }
    if as_json:
        print(json.dumps(facts, ensure_ascii=False, default=str))
    else:
        table = Table(show_header=False, title="City Brain")
        for name, value in facts.items():
            if name != "jobs":
                table.add_row(name.replace("_", " "), _cell(value))
        for job in facts["jobs"]:
            table.add_row(f"job {job['id'][:8]}", f"{job['title']}: {job['state']} {job['error'][:80]}")
        Console().print(table)
    if waiting or any(job["state"] == "failed" for job in facts["jobs"]):
        raise typer.Exit(1)


def check(as_json: AsJson = False) -> None:
    """Are declarations, settings and stores in order? Exit status 1 when not."""
    findings = [
        {"id": finding.id or "", "text": str(finding.msg), "remedy": str(finding.hint or "")}
        for finding in checks.run_checks()
        if finding.level >= checks.WARNING
    ]
    for name, probe in {"database": _probe_database, "lake": _probe_lake}.items():
        try:
            probe()
        except Exception as error:
            # Whatever a store throws, the answer is the same: say which store, and what it said.
            findings.append({"id": "citybrain.E900", "text": f"{name}: {error}", "remedy": "See docs/production.md."})
    if as_json:
        print(json.dumps(findings, ensure_ascii=False))
    else:
        for finding in findings:
            Console().print(f"[red]{finding['id']}[/] {finding['text']} {finding['remedy']}", highlight=False)
        Console().print(f"{len(findings)} findings" if findings else "All in order.")
    if findings:
        raise typer.Exit(1)


def _probe_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _probe_lake() -> None:
    lake().tables("raw")


def _known(key: str, model: type[Source] | type[Dataset]) -> None:
    if key and not model.objects.filter(key=key).exists():
        word = "source" if model is Source else "dataset"
        near = model.objects.filter(key__contains=key.split(".")[-1][:6]).values_list("key", flat=True)[:3]
        hint = f" Near it: {', '.join(near)}." if near else ""
        raise LookupError(f"There is no {word} {key!r}.{hint}")


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


def _say(sums: dict[str, Any], as_json: bool) -> None:
    if not as_json:
        Console().print(" · ".join(f"{name} {_cell(value)}" for name, value in sums.items()), highlight=False)
    if sums.get("errors"):
        raise typer.Exit(1)


def _cell(value: Any) -> str:
    match value:
        case None:
            return "—"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return "—" if math.isnan(value) else f"{value:.1f}"
        case _:
            return str(value)
