"""`citybrain work`: the worker."""

from __future__ import annotations

import typer
from rich.console import Console

import citybrain.site.jobs  # noqa: F401 - the worker knows a job when its room was imported
from citybrain.kernel.jobs.worker import WorkerBusy
from citybrain.kernel.jobs.worker import work as be_the_worker
from citybrain.site.rehearsed import live_departments


def work() -> None:
    """Be the worker: do queued jobs and start scheduled ones until told to stop."""
    try:
        with live_departments():
            raise typer.Exit(be_the_worker())
    except WorkerBusy as error:
        Console(stderr=True).print(str(error))
        raise typer.Exit(1) from error
