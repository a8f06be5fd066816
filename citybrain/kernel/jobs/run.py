"""What a job's function holds in its hand while it works: progress, durable steps, stable names, the order to stop."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.jobs.models import Job, Step
from citybrain.kernel.jobs.telling import Teller

FLUSH_SECONDS = 0.25
"""Progress is written at most this often."""


class Interrupted(BaseException):
    """The job must leave off. Not an Exception, so that a room that goes on after a bad table does not swallow it."""


class Cancelled(Interrupted):
    """Somebody cancelled the job."""


class Stopped(Interrupted):
    """The worker is going down; the job goes on after it comes back."""


class Journal(Protocol):
    """Where results of durable steps are kept."""

    def once(self, key: str, produce: Callable[[], str]) -> str:
        """What `key` gave before, else what `produce` gives now, kept before it is returned."""


class MemoryJournal:
    """A journal that lasts as long as the process: for tests, and for work that nobody needs to resume."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def once(self, key: str, produce: Callable[[], str]) -> str:
        if key not in self._kept:
            self._kept[key] = produce()
        return self._kept[key]


class Progress:
    """One line of progress. `advance` only counts; the worker writes it down a few times a second."""

    def __init__(self, run: Run, key: str, total: int | None) -> None:
        self.key = key
        self.done = 0
        self.total = total
        self._run = run
        self._lock = threading.Lock()
        self._written: tuple[int, int | None] = (0, total)

    def advance(self, amount: int = 1) -> None:
        """Count `amount` more as done, from any thread. Leaves off here when the job was cancelled."""
        with self._lock:
            self.done += amount
        self._run.check()

    def expect(self, total: int) -> None:
        """Say, or correct, how much there is to do."""
        with self._lock:
            self.total = total

    def flush(self) -> bool:
        """Write the count down if it moved since the last time; returns whether it did."""
        with self._lock:
            now = (self.done, self.total)
        if now != self._written:
            # Only a running step: the end of the step may have been written since the count was read.
            Step.objects.filter(job_id=self._run.job_id, key=self.key, state=Step.State.RUNNING).update(
                done=now[0], total=now[1], updated_at=timezone.now()
            )
            self._written = now
            return True
        return False


class Run:
    """One execution of one job. Threads the job starts may share it."""

    def __init__(self, job: Job, journal: Journal) -> None:
        self.job_id: uuid.UUID = job.id
        self.name = job.name
        self.requested_by = job.requested_by
        self._journal = journal
        self._lock = threading.Lock()
        self._keys: set[str] = set()
        self._open: dict[str, Progress] = {}
        self._order: type[Interrupted] | None = None
        self._flushed = time.monotonic()
        self._teller = Teller(job)

    def once(self, key: str, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Do `function(*args, **kwargs)` and keep its result under `key`: a resumed job gets the result, not the work.

        Killed between the work and the keeping, the step is done again: `function` must be idempotent, so give it
        `load_id(key)`. The result must be JSON; it comes back as JSON gives it (a tuple as a list), the first time too.
        Keys are names, not positions: steps may come in any order and from several threads. A key used twice in one
        run is a mistake and raises ValueError; a result that is not JSON raises TypeError.
        """
        self.check()
        with self._lock:
            if key in self._keys:
                raise ValueError(
                    _("Job “%(job)s” uses the step key “%(key)s” twice; give each step its own.")
                    % {"job": self.name, "key": key}
                )
            self._keys.add(key)
        return json.loads(self._journal.once(key, lambda: as_json(key, function(*args, **kwargs))))

    def load_id(self, key: str) -> str:
        """A name for what step `key` writes: the same in every attempt of this job, and in no other job."""
        return str(uuid.uuid5(self.job_id, key))

    @contextmanager
    def step(self, key: str, label: str, *, total: int | None = None, unit: str = "") -> Iterator[Progress]:
        """Show a part of the job called `label` while the block runs, counting to `total` in `unit`."""
        self.check()
        now = timezone.now()
        row = Step(
            job_id=self.job_id, key=key, label=label[:200], total=total, unit=unit, started_at=now, updated_at=now
        )
        Step.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["job", "key"],
            update_fields=["label", "done", "total", "unit", "state", "started_at", "updated_at", "finished_at"],
        )
        self._teller.moved()
        progress = Progress(self, key, total)
        with self._lock:
            self._open[key] = progress
        state = Step.State.STOPPED
        try:
            yield progress
            state = Step.State.DONE
        finally:
            with self._lock:
                del self._open[key]
            now = timezone.now()
            Step.objects.filter(job_id=self.job_id, key=key).update(
                done=progress.done, total=progress.total, state=state, updated_at=now, finished_at=now
            )
            self._teller.moved()

    def check(self) -> None:
        """Leave off here if the job was cancelled or the worker is going down. Costs nothing; call it often."""
        if self._order is not None:
            raise self._order

    def interrupt(self, order: type[Interrupted]) -> None:
        """Make the next `check` raise `order`; a cancellation outranks a stop."""
        if self._order is not Cancelled:
            self._order = order

    def flush(self) -> None:
        """Write down the progress of every open step, at most every FLUSH_SECONDS."""
        if time.monotonic() - self._flushed < FLUSH_SECONDS:
            return
        with self._lock:
            lines = list(self._open.values())
        moved = [line.flush() for line in lines]
        if any(moved):
            self._teller.moved()
        self._teller.speak()
        self._flushed = time.monotonic()


def as_json(key: str, result: Any) -> str:
    """`result` of step `key` as JSON text. Raises TypeError when it is none."""
    try:
        return json.dumps(result, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise TypeError(
            _("The result of step “%(key)s” cannot be kept as JSON: %(error)s.") % {"key": key, "error": error}
        ) from error
