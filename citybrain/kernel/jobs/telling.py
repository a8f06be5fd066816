"""Tells open pages how jobs go on: topic `job:<id>` for each, `jobs` when one begins or ends."""

from __future__ import annotations

import time
import uuid

from citybrain.kernel.jobs.models import Job
from citybrain.kernel.live.actions import announce

TELL_SECONDS = 1.0
"""Progress inside a job is told at most this often."""

JOBS = "jobs"
"""Topic of lists of jobs."""


def topic_of(job_id: uuid.UUID | str) -> str:
    """The live topic of one job."""
    return f"job:{job_id}"


def tell(job_id: uuid.UUID, parent_id: uuid.UUID | None = None, *, is_turn: bool = False) -> None:
    """Tell that a job moved, to its own page and its parent's; `is_turn` when it began or ended, to lists too."""
    for one in filter(None, (job_id, parent_id)):
        announce(topic_of(one))
    if is_turn:
        announce(JOBS)


class Teller:
    """Tells of one running job, not too often."""

    def __init__(self, job: Job) -> None:
        self._job_id, self._parent_id = job.id, job.parent_id
        self._due = 0.0
        self._has_moved = False

    def moved(self) -> None:
        """Some progress was written down."""
        self._has_moved = True
        self.speak()

    def speak(self) -> None:
        """Tell of what moved, as soon as it is time again."""
        now = time.monotonic()
        if self._has_moved and now >= self._due:
            self._due, self._has_moved = now + TELL_SECONDS, False
            tell(self._job_id, self._parent_id)
