"""The room's jobs: remind and escalate by time limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta

from django.utils import timezone

import citybrain.centre.events.taking  # noqa: F401 - it registers what the marks of the backstop call
from citybrain.centre.events import backstop
from citybrain.centre.events.escalation import escalate, handler, next_due
from citybrain.centre.events.taking import take_over
from citybrain.declare.words import _
from citybrain.kernel.jobs.actions import enqueue
from citybrain.kernel.jobs.definitions import Schedule, job, schedules
from citybrain.kernel.jobs.run import Run

handler(backstop.CLOCK)(take_over)

BETWEEN = timedelta(minutes=1)
"""How often the clock asks anyway."""


@job(key="events-escalate", title=_("Remind and escalate by time limits"), lane="events:escalate")
def remind(run: Run) -> dict[str, int]:
    """Fires what is due, and asks for itself again for what falls due before the clock would ask."""
    done = escalate()
    due = next_due()
    if due is not None and due < timezone.now() + BETWEEN:
        enqueue("events-escalate", not_before=due)
    return asdict(done)


@schedules
def every_minute() -> Iterable[Schedule]:
    """Limits run out at any time."""
    yield Schedule(key="events-escalate", cron="* * * * *", job="events-escalate")
