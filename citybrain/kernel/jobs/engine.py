"""DBOS behind the jobs room's own words: the only module that imports it.

A job is a workflow whose id is the job's id and generation, so handing it over twice starts it once; workflows left
open by a killed process go on when the engine starts again. A durable step is a DBOS step named by its key.
"""

from __future__ import annotations

import contextvars
import json
import logging
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

from dbos import DBOS, SetWorkflowID
from django.db import connections

from citybrain.kernel.jobs.perform import perform
from citybrain.kernel.jobs.run import Interrupted, Run, Stopped

log = logging.getLogger(__name__)

APPLICATION_VERSION = "citybrain-1"
"""DBOS resumes only workflows of its own version, by default a hash of the source: one edited line would strand every
open job. Raise it only together with a migration of what is open."""

OPEN_STATES = frozenset({"PENDING", "ENQUEUED", "DELAYED"})
"""DBOS states of a workflow that will still be worked on."""


class JsonSerializer:
    """Keeps what DBOS stores as JSON: readable, and nothing in that database can become code, as a pickle could."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, ensure_ascii=False, default=_plain)

    def deserialize(self, serialized_data: str) -> Any:
        data = json.loads(serialized_data)
        return RuntimeError(data["error"]) if isinstance(data, dict) and data.keys() == {"error"} else data

    def name(self) -> str:
        return "citybrain_json"


def _plain(value: Any) -> Any:
    if isinstance(value, BaseException):
        return {"error": f"{type(value).__name__}: {value}"}
    raise TypeError(f"{type(value).__name__} is not JSON")


class ActiveRuns:
    """The runs this process works on now, so that orders and progress pass between them and the worker."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: dict[uuid.UUID, Run] = {}
        self._stopping = False
        self.slot_freed = threading.Event()
        """Set when a job ended, so that the next one need not wait for the worker's turn."""

    @contextmanager
    def hold(self, run: Run) -> Iterator[None]:
        """Surrounds a run's work."""
        with self._lock:
            self._runs[run.job_id] = run
            if self._stopping:
                run.interrupt(Stopped)
        try:
            yield
        finally:
            with self._lock:
                del self._runs[run.job_id]

    def all(self) -> list[Run]:
        with self._lock:
            return list(self._runs.values())

    def interrupt(self, order: type[Interrupted], job_ids: set[uuid.UUID]) -> None:
        """Pass `order` to the runs of `job_ids`."""
        for run in self.all():
            if run.job_id in job_ids:
                run.interrupt(order)

    def stop(self, stopping: bool = True) -> None:
        """Tell every run, and those still to come, that the worker is going down; or take it back."""
        with self._lock:
            self._stopping = stopping
        if stopping:
            for run in self.all():
                run.interrupt(Stopped)


active = ActiveRuns()


class DbosJournal:
    """Keeps the results of a job's steps as DBOS steps, found again by key in every generation of the job.

    DBOS numbers steps by the order of calls. Numbers are drawn here above all recorded ones and results looked up by
    name, so that a resumed job may meet its tables in another order, or from several threads.
    """

    def __init__(self, job_id: uuid.UUID, generation: int) -> None:
        self._context = contextvars.copy_context()
        self._lock = threading.Lock()
        self._kept: dict[str, str] = {}
        highest = 0
        for number in range(generation + 1):
            # Asked inside the workflow's context, the question itself would be recorded as a step.
            steps = contextvars.Context().run(DBOS.list_workflow_steps, workflow_id(job_id, number))
            self._kept.update({step["function_name"]: step["output"] for step in steps if step["error"] is None})
            highest = max((step["function_id"] for step in steps), default=0)
        while highest and self._reserve().step_id < highest:
            pass

    def once(self, key: str, produce: Callable[[], str]) -> str:
        if key in self._kept:
            return self._kept[key]
        reservation = self._reserve()
        kept: str = self._context.copy().run(reservation.run, {"name": key}, produce)
        return kept

    def _reserve(self) -> Any:
        with self._lock:
            return self._context.copy().run(DBOS.reserve_step)


def workflow_id(job_id: uuid.UUID, generation: int) -> str:
    """Name of the workflow that carries this generation of the job."""
    return f"{job_id}.{generation}"


def _work(job: str, generation: int) -> None:
    """The one workflow: carries a job, in a thread of DBOS."""
    job_id = uuid.UUID(job)
    try:
        perform(job_id, generation, DbosJournal(job_id, generation), active.hold)
    finally:
        connections.close_all()
        active.slot_freed.set()


_workflow = DBOS.workflow(name="citybrain.job", max_recovery_attempts=None)(_work)


def launch(url: str) -> None:
    """Start the engine on the database at `url`; workflows that a killed process left open go on by themselves."""
    if url.startswith("sqlite"):
        # Readers do not block the writer, and a commit costs one flush instead of three.
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    active.stop(False)
    DBOS(
        config={
            "name": "citybrain",
            "system_database_url": url,
            "application_version": APPLICATION_VERSION,
            "executor_id": "worker",
            "serializer": JsonSerializer(),
            "log_level": "WARNING",
            # Nothing here waits for DBOS notifications; the short interval lets the engine stop at once.
            "use_listen_notify": False,
            "notification_listener_polling_interval_sec": 0.2,
        }
    )
    DBOS.launch()


def shut_down() -> None:
    """Stop the engine; what is still open goes on at the next launch."""
    DBOS.destroy()


def hand_over(job_id: uuid.UUID, generation: int) -> None:
    """Start the job's workflow; does nothing when it was handed over before."""
    with SetWorkflowID(workflow_id(job_id, generation)):
        DBOS.start_workflow(_workflow, str(job_id), generation)


def is_open(job_id: uuid.UUID, generation: int) -> bool:
    """True when the engine will still work on this generation of the job."""
    status = DBOS.get_workflow_status(workflow_id(job_id, generation))
    return status is not None and status.status in OPEN_STATES


def forget(before: datetime, *, at_most: int = 500) -> int:
    """Delete the engine's record of workflows that ended before then, oldest first; returns how many.

    The job's row stays. A job asked for again after that repeats its steps, which bear being repeated.
    """
    ended = DBOS.list_workflows(
        status=["SUCCESS", "ERROR"],
        completed_before=before.isoformat(),
        limit=at_most,
        load_input=False,
        load_output=False,
    )
    if ended:
        DBOS.delete_workflows([workflow.workflow_id for workflow in ended])
    return len(ended)
