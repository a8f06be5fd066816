"""Jobs of the doors: hand answers over, exchange with peers, look at the warehouse's runs, forget old counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import citybrain.centre.intake.installing  # noqa: F401 - whoever knows the jobs has the hooks
from citybrain.centre.intake.delivering import TRIES, attempt
from citybrain.centre.intake.quotas import forget_usage
from citybrain.declare.words import _
from citybrain.hubs.messages.channels.channel import Passing
from citybrain.kernel.jobs.definitions import Schedule, job, schedules
from citybrain.kernel.jobs.run import Run


@job(
    key="intake-reply",
    title=_("Answer a reporter"),
    lane="intake:reply:{reply}",
    transient=(Passing, ConnectionError, TimeoutError),
    tries=TRIES,
    pause=15.0,
)
def reply_to(run: Run, *, reply: int) -> dict[str, str]:
    """Hand one answer to the gateway of its way."""
    return {"state": attempt(reply)}


@job(key="intake-forget", title=_("Forget old counts of messages"))
def forget(run: Run) -> dict[str, Any]:
    """Remove counts that no quota needs any more."""
    return {"forgotten": forget_usage()}


@schedules
def nightly() -> Iterable[Schedule]:
    """Counts are forgotten at night."""
    yield Schedule(key="intake-forget", cron="50 3 * * *", job="intake-forget")
