"""Does a job in the terminal, or waits for the worker that does it, and answers for it with an exit status."""

from __future__ import annotations

import json
import uuid
from contextlib import nullcontext

import typer
from rich.console import Console

import citybrain.site.jobs  # noqa: F401 - who does the work here knows a job when its room was imported
from citybrain.kernel.jobs.lock import worker_is_alive
from citybrain.kernel.jobs.worker import run_to_end
from citybrain.site.commands.bars import Bars, Snapshot
from citybrain.site.rehearsed import live_departments


def see_through(job_id: uuid.UUID, *, as_json: bool) -> Snapshot:
    """Follow the job to its end, doing its work here when no worker runs; exit status 1 when it did not succeed."""
    departments = nullcontext() if worker_is_alive() else live_departments()
    with departments:
        if as_json:
            snapshot = run_to_end(job_id)
            print(json.dumps(snapshot, ensure_ascii=False))
        else:
            with Bars(Console(stderr=True)) as bars:
                snapshot = run_to_end(job_id, bars.show)
    if snapshot["state"] != "done":
        if not as_json:
            Console(stderr=True).print(f"[red]{snapshot['state_title']}[/]: {snapshot['error']}", highlight=False)
        raise typer.Exit(1)
    return snapshot
