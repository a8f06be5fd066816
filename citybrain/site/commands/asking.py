"""`citybrain status` and `sources`: how the county stands, from the terminal."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.jobs.lock import worker_is_alive
from citybrain.kernel.jobs.queries import recent
from citybrain.site.commands.printing import AsJson, cell
from citybrain.warehouse.catalogue.departments import lines, totals
from citybrain.warehouse.gathering.kinds import KINDS
from citybrain.warehouse.gathering.models import SchemaChange
from citybrain.warehouse.gathering.queries import sources as source_rows


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
        table.add_row(*(cell(value) for value in row.values()))
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
                table.add_row(name.replace("_", " "), cell(value))
        for job in facts["jobs"]:
            table.add_row(f"job {job['id'][:8]}", f"{job['title']}: {job['state']} {job['error'][:80]}")
        Console().print(table)
    if waiting or any(job["state"] == "failed" for job in facts["jobs"]):
        raise typer.Exit(1)
