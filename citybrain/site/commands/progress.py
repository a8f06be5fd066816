"""Shows a job in the terminal while it runs, and answers for it with an exit status."""

from __future__ import annotations

import json
import uuid
from contextlib import nullcontext
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from citybrain.kernel.jobs.lock import worker_is_alive
from citybrain.kernel.jobs.queries import job_snapshot
from citybrain.kernel.jobs.worker import run_to_end
from citybrain.site.rehearsed import live_departments

Snapshot = dict[str, Any]


class Bars:
    """One bar for each step of a job, brought up to date by snapshots."""

    def __init__(self, console: Console) -> None:
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=32),
            MofNCompleteColumn(),
            TextColumn("{task.fields[unit]}"),
            TimeElapsedColumn(),
            console=console,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Bars:
        self._bars.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._bars.stop()

    def follow(self, job_id: uuid.UUID) -> bool:
        """Show how the job stands now; True when it is over."""
        snapshot = job_snapshot(job_id)
        self.show(snapshot)
        if snapshot["is_final"]:
            said = {"done": "[green]done[/]"}.get(snapshot["state"], f"[red]{snapshot['state_title']}[/]")
            self._bars.console.print(f"{snapshot['title']}: {said} {snapshot['error']}", highlight=False)
        return bool(snapshot["is_final"])

    def show(self, snapshot: Snapshot) -> None:
        for step in snapshot["steps"]:
            if step["key"] not in self._tasks:
                self._tasks[step["key"]] = self._bars.add_task(step["label"], total=step["total"], unit=step["unit"])
            self._bars.update(self._tasks[step["key"]], completed=step["done"], total=step["total"])


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
