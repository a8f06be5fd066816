"""The worker: the one process of an installation that does the queued work, and strikes its clocks."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import connections
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.jobs import engine
from citybrain.kernel.jobs.clock import known_schedules, strike
from citybrain.kernel.jobs.lock import WorkerLock, worker_is_alive, worker_lock
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.jobs.pulses import beat_until
from citybrain.kernel.jobs.queries import Snapshot, job_snapshot
from citybrain.kernel.jobs.run import Cancelled

log = logging.getLogger(__name__)

TURN_SECONDS = 0.2
"""How often the worker looks for new jobs and cancellations, and writes progress down."""

CLOCK_SECONDS = 2.0
"""How often it looks at the clocks and at its lock."""

MEND_SECONDS = 30.0
"""How often it looks for jobs whose workflow is gone, and for workflows old enough to forget."""

KEEP_DAYS = 30
"""How long the results of finished steps are kept for a job that may be asked for again."""

LOOK_AHEAD = 8
"""Queued rows looked at per free slot: those behind a busy lane are passed over."""

LOCK_SECONDS = 2.0
"""How often somebody who waits for a job tries to become the worker."""


class WorkerBusy(RuntimeError):
    """Another process of this installation is the worker."""


class Worker:
    """Does the installation's work while it is started: `with Worker(): ...`."""

    def __init__(self, *, slots: int = 2, clocks: bool = True) -> None:
        """`slots` is the number of jobs at a time; without `clocks` no schedule strikes and no pulse beats."""
        self._slots = slots
        self._clocks = clocks
        self._lock: WorkerLock | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._pulses: threading.Thread | None = None
        self._handed: dict[uuid.UUID, tuple[int, str]] = {}
        self._clock_due = 0.0
        self._mend_due = 0.0

    def start(self) -> None:
        """Become the worker. Raises WorkerBusy when another process is."""
        lock = worker_lock()
        if not lock.acquire():
            raise WorkerBusy(_("Another process is this installation's worker; it will do the queued work."))
        try:
            engine.launch(settings.JOBS_URL)
        except BaseException:
            lock.release()
            raise
        self._lock = lock
        self._thread = threading.Thread(target=self._serve, name="citybrain-worker", daemon=True)
        self._thread.start()
        if self._clocks:
            self._pulses = threading.Thread(
                target=beat_until, args=(self._stopping,), name="citybrain-pulses", daemon=True
            )
            self._pulses.start()

    def stop(self, *, timeout: float = 30.0) -> bool:
        """Let running jobs leave off at their next check and go back into the queue; then stop.

        False when some job did not heed within `timeout` seconds: then the engine stays up for it. The caller may stop
        again later, or end the process; the job goes on where it stood when the next worker starts.
        """
        if self._thread is None or self._lock is None:
            return True
        self.ask_to_stop()
        self._thread.join()
        if self._pulses is not None:
            self._pulses.join()
            self._pulses = None
        engine.active.stop()
        deadline = time.monotonic() + timeout
        while engine.active.all():
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)
        engine.shut_down()
        self._lock.release()
        self._lock = self._thread = None
        self._stopping.clear()
        return True

    @property
    def is_running(self) -> bool:
        """False before the start, after the stop, and when the lock was lost."""
        return self._thread is not None and self._thread.is_alive()

    def ask_to_stop(self) -> None:
        """Let `wait` return soon; safe in a signal handler."""
        self._stopping.set()
        engine.active.slot_freed.set()

    def wait(self) -> None:
        """Return when the worker was asked to stop, or lost its lock."""
        while self._thread is not None and self.is_running:
            # Short waits let signals through.
            self._thread.join(0.5)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _serve(self) -> None:
        try:
            while not self._stopping.is_set():
                engine.active.slot_freed.wait(TURN_SECONDS)
                engine.active.slot_freed.clear()
                try:
                    self._turn()
                except Exception:
                    # The database may be away for a while; nothing is lost by waiting.
                    log.exception("The worker's turn failed; it tries again")
                    connections.close_all()
                    self._stopping.wait(1.0)
        finally:
            connections.close_all()

    def _turn(self) -> None:
        now = time.monotonic()
        runs = engine.active.all()
        for run in runs:
            run.flush()
        if runs:
            called_off = Job.objects.filter(id__in=[run.job_id for run in runs], cancel_requested=True)
            engine.active.interrupt(Cancelled, set(called_off.values_list("id", flat=True)))
        if now >= self._clock_due:
            self._clock_due = now + CLOCK_SECONDS
            if self._lock is None or not self._lock.is_held():
                log.error("The worker lost its lock in the jobs database; it stops")
                engine.active.stop()
                self._stopping.set()
                return
            if self._clocks:
                strike(known_schedules(), timezone.now())
        if now >= self._mend_due:
            self._mend_due = now + MEND_SECONDS
            self._mend()
            engine.forget(timezone.now() - timedelta(days=KEEP_DAYS))
        self._hand_over()

    def _hand_over(self) -> None:
        """Start queued jobs, oldest first, while slots are free and nobody works in their lane."""
        if not Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists():
            return
        running = list(Job.objects.filter(state=Job.State.RUNNING).values_list("lane", flat=True))
        if self._handed:
            queued = Job.objects.filter(state=Job.State.QUEUED, id__in=self._handed)
            still = set(queued.values_list("id", "generation"))
            self._handed = {id_: mark for id_, mark in self._handed.items() if (id_, mark[0]) in still}
        busy = {lane for lane in [*running, *(lane for _generation, lane in self._handed.values())] if lane}
        free = self._slots - len(running) - len(self._handed)
        if free <= 0:
            return
        waiting = (
            Job.objects.filter(Q(not_before=None) | Q(not_before__lte=timezone.now()), state=Job.State.QUEUED)
            .exclude(id__in=self._handed)
            .exclude(lane__in=busy)
            .order_by("queued_at", "id")
            .values_list("id", "generation", "lane")
        )
        for job_id, generation, lane in waiting[: free * LOOK_AHEAD]:
            if free and lane not in busy:
                engine.hand_over(job_id, generation)
                self._handed[job_id] = (generation, lane)
                free -= 1
                if lane:
                    busy.add(lane)

    def _mend(self) -> None:
        """Queue anew the jobs whose workflow is gone or over (its database was lost, put back, or away at the end)."""
        for job in Job.objects.filter(Q(state=Job.State.RUNNING) | Q(id__in=self._handed)).only("id", "generation"):
            if not engine.is_open(job.id, job.generation):
                mended = Job.objects.filter(
                    id=job.id, generation=job.generation, state__in=[Job.State.QUEUED, Job.State.RUNNING]
                ).update(state=Job.State.QUEUED, generation=F("generation") + 1)
                if mended:
                    log.warning("Job %s had no workflow any more; it is queued again", job.id)


def run_to_end(
    job_id: uuid.UUID, on_progress: Callable[[Snapshot], None] = lambda snapshot: None, *, interval: float = 0.2
) -> Snapshot:
    """Wait until the job is over, being the worker meanwhile if nobody else is; returns the final snapshot.

    `on_progress` is called with every change. Interrupted (Ctrl-C), the job goes back into the queue.
    """
    worker = Worker(clocks=False)
    next_try = 0.0
    last: Snapshot | None = None
    try:
        while True:
            if not worker.is_running and time.monotonic() >= next_try:
                next_try = time.monotonic() + LOCK_SECONDS
                worker.stop()
                if not worker_is_alive():
                    with suppress(WorkerBusy):
                        worker.start()
            snapshot = job_snapshot(job_id)
            if snapshot != last:
                on_progress(snapshot)
                last = snapshot
            if snapshot["is_final"]:
                return snapshot
            time.sleep(interval)
    finally:
        worker.stop()


def work(*, slots: int = 2, timeout: float = 30.0) -> int:
    """Be the worker until SIGTERM or SIGINT: what `citybrain work` does. Returns the exit code.

    Raises WorkerBusy when another process is the worker. A job that does not leave off in `timeout` seconds is cut off
    with the process and goes on at the next start.
    """
    worker = Worker(slots=slots)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: worker.ask_to_stop())
    worker.start()
    worker.wait()
    if not worker.stop(timeout=timeout):
        log.warning("Some jobs did not leave off in time; they go on when the worker starts again")
        os._exit(0)
    return 0
