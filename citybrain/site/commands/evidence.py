"""`citybrain evidence`: the ledger from the terminal."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

import citybrain.site.jobs  # noqa: F401 - a ledger's records are computed anew by the rooms that wrote them
from citybrain.hubs.evidence import queries
from citybrain.hubs.evidence.checking import Report, check
from citybrain.hubs.evidence.keys import public_key
from citybrain.site.preparing import prepare

evidence = typer.Typer(name="evidence", help="The evidence ledger: hashes of records that nobody changes unseen.")


@evidence.command()
def verify(
    log: Annotated[str | None, typer.Option(help="One log; none means all.")] = None,
    against: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint that was kept elsewhere; may be given several times.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False,
) -> None:
    """Compute every log anew from the records; exit status 1 and the first bad record when something differs."""
    prepare()
    origins = {row.key: row.origin for row in queries.logs()}
    known = [known_log(log)] if log else list(origins)
    kept = [path.read_text(encoding="utf-8") for path in against or ()]
    reports = []
    for key in known:
        own = [note for note in kept if note.startswith(f"{origins[key]}\n")]
        kept = [note for note in kept if note not in own]
        reports.append(_checked(key, own, as_json))
    if kept and log is None:
        raise ValueError(f"A checkpoint of {kept[0].splitlines()[0][:100]!r} was given, which is no log of this house.")
    if as_json:
        print(json.dumps([_plain(report) for report in reports], ensure_ascii=False))
    elif not known:
        print("No log has begun: the first one begins with the first leaf that is sealed.")
    if any(report.fault for report in reports):
        raise typer.Exit(1)


def known_log(log: str) -> str:
    """The log's own name. Raises LookupError, which says which logs there are."""
    known = [row.key for row in queries.logs()]
    if log not in known:
        raise LookupError(f"There is no log {log!r}; there are: {', '.join(known) or 'none yet'}.")
    return log


def _checked(key: str, against: list[str], as_json: bool) -> Report:
    """One log, with a bar on the terminal."""
    console = Console()
    with Progress(console=console, disable=as_json, transient=True) as bar:
        task = bar.add_task(key, total=None)
        report = check(key, against, lambda done, size: bar.update(task, completed=done, total=size))
    if as_json:
        return report
    if report.fault is not None:
        console.print(f"[red]✗[/] {key}: {report.fault}", highlight=False, soft_wrap=True)
        return report
    said = (
        f"{report.leaves:,} leaves, {report.checkpoints:,} checkpoints, {report.waiting:,} waiting; root {report.root}"
    )
    console.print(f"[green]✓[/] {key}: {said}", highlight=False, soft_wrap=True)
    for kind in sorted(report.unanswered):
        console.print(f"  No room computes records of the kind {kind!r} anew: only their leaves were checked.")
    return report


def _plain(report: Report) -> dict[str, object]:
    return asdict(report) | {"unanswered": sorted(report.unanswered)}


@evidence.command()
def checkpoint(log: Annotated[str, typer.Argument(help="The log: events.")] = "events") -> None:
    """Print the checkpoint in force, to be kept elsewhere."""
    prepare()
    print(queries.checkpoint_at(known_log(log), None).note, end="")


@evidence.command()
def key(log: Annotated[str, typer.Argument(help="The log: events.")] = "events") -> None:
    """Print the public key, to be kept elsewhere."""
    prepare()
    print(public_key(queries.logs().get(pk=known_log(log)).origin))
