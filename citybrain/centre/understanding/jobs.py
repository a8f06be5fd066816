"""The job that trains the model: at night when people confirmed something, at once when asked or when there is none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from citybrain.centre.understanding.training import is_due, train
from citybrain.declare.words import _
from citybrain.kernel.jobs.definitions import Schedule, job, schedules
from citybrain.kernel.jobs.run import Run


@job(key="understanding-train", title=_("Train the model of texts"), lane="understanding", tries=2)
def train_model(run: Run, *, is_forced: bool) -> dict[str, Any]:
    """Trains the model unless nothing came to it."""
    if not is_forced and not is_due():
        return {"trained": False}
    version = train()
    return {"trained": True, "version": version.key, "used": version.is_used}


@schedules
def nightly() -> Iterable[Schedule]:
    """Every night at a quarter past three."""
    return [
        Schedule(
            key="understanding-train", cron="15 3 * * *", job="understanding-train", arguments={"is_forced": False}
        )
    ]
