"""`citybrain check`: are declarations, settings and stores in order?"""

from __future__ import annotations

import json

import typer
from django.core import checks
from django.db import connection
from rich.console import Console

import citybrain.site.jobs  # noqa: F401 - a room's checks are known when it was imported
from citybrain.kernel.lake.tables import lake
from citybrain.site.commands.printing import AsJson


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
