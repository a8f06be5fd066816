"""The room's jobs: remind and escalate by time limits, delete what is no longer needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta

from django.utils import timezone

import citybrain.centre.events.taking  # noqa: F401 - it registers what the marks of the backstop call
from citybrain.centre.events.escalation import escalate, next_due
from citybrain.centre.events.forgetting import forget_words
from citybrain.declare.words import _
from citybrain.kernel.jobs.actions import enqueue
from citybrain.kernel.jobs.definitions import Schedule, job, schedules
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.jobs.run import Run

KEY = "events-escalate"
FORGET = "events-forget-words"
BETWEEN = timedelta(minutes=1)
"""How often the clock asks anyway."""
AT_LEAST = timedelta(seconds=5)
"""Between two passes, however much falls due."""


@job(key=KEY, title=_("Remind and escalate by time limits"), lane="events:escalate")
def remind(run: Run) -> dict[str, int]:
    """Fires what is due, and asks for itself again for what falls due before the clock would ask."""
    done = escalate()
    ask_for_more()
    return asdict(done)


def ask_for_more() -> None:
    """Asks for the job when the next mark is due before the clock would, once however often it is called."""
    now, due = timezone.now(), next_due()
    if due is None or due >= now + BETWEEN:
        return
    due = max(due, now + AT_LEAST)
    waiting = Job.objects.filter(name=KEY, state=Job.State.QUEUED, schedule="", not_before__gt=now)
    if not waiting.filter(not_before__lte=due).exists():
        enqueue(KEY, not_before=due)


@job(key=FORGET, title=_("Delete what was said word for word"), lane="events:forget")
def forget(run: Run) -> dict[str, int]:
    """Once a day."""
    return {"signals": forget_words(timezone.now())}


@schedules
def every_minute() -> Iterable[Schedule]:
    """Limits run out at any time."""
    yield Schedule(key=KEY, cron="* * * * *", job=KEY)
    yield Schedule(key=FORGET, cron="40 3 * * *", job=FORGET)
