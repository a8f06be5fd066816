"""Upkeep of patrols: every night the walkers of old walks are forgotten."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_noop as _

import citybrain.applications.city.queries  # noqa: F401 - the worker too knows who keeps a part
from citybrain.applications.city.actions import forget_walks
from citybrain.kernel.jobs.definitions import Schedule, job, schedules
from citybrain.kernel.jobs.run import Run

FORGET_AT = "50 3 * * *"


@job(key="forget-walks", title=_("Forget who walked patrols"), lane="forget-walks")
def forget_old_walks(run: Run) -> dict[str, int]:
    """Delete the points and the walkers of walks whose time is over; what was covered stays."""
    return {"forgotten": forget_walks()}


@schedules
def forgetting() -> Iterable[Schedule]:
    """Every night."""
    yield Schedule(key="forget-walks", cron=FORGET_AT, job="forget-walks")
