"""Shows in the terminal how a job stands."""

from __future__ import annotations

import uuid
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from citybrain.kernel.jobs.queries import job_snapshot

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
