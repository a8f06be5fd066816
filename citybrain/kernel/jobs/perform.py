"""Carries one job from `running` to its end and writes down how it ended. Knows no engine: any journal will do."""

from __future__ import annotations

import logging
import traceback
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.jobs.definitions import JobType, UnknownJob, job_type
from citybrain.kernel.jobs.models import Job, Step
from citybrain.kernel.jobs.run import Cancelled, Interrupted, Journal, Run, as_json
from citybrain.kernel.jobs.telling import tell

log = logging.getLogger(__name__)

BEGINNINGS = 20
"""A job begun this often without an end kills its workers, and is given up."""

LONGEST_PAUSE = 600.0
"""Seconds between two tries, at most."""

ERROR_LENGTH = 4000

Guard = Callable[[Run], AbstractContextManager[None]]


def perform(job_id: uuid.UUID, generation: int, journal: Journal, guard: Guard = lambda run: nullcontext()) -> None:
    """Do the job and write down its end; does nothing when the row moved on (cancelled, or handed over again).

    `guard` surrounds the work, so that a worker can reach the Run while it lasts.
    """
    job = _begin(job_id, generation)
    if job is None:
        return
    try:
        kind = job_type(job.name)
        if job.attempts > BEGINNINGS:
            raise RuntimeError(
                _("It was begun %(times)d times and never ended: it probably brings its worker down (memory?).")
                % {"times": BEGINNINGS}
            )
    except (UnknownJob, RuntimeError) as error:
        _end(job, Job.State.FAILED, error=str(error))
        return
    run = Run(job, journal)
    try:
        with guard(run):
            result = kind.function(run, **job.arguments)
            as_json("result", result)
    except Interrupted as order:
        if isinstance(order, Cancelled):
            _end(job, Job.State.CANCELLED)
        else:
            _requeue(job)
    except BaseException as error:
        _fail(job, kind, error)
    else:
        _end(job, Job.State.DONE, result=result)


def _begin(job_id: uuid.UUID, generation: int) -> Job | None:
    begun = Job.objects.filter(
        id=job_id, generation=generation, state__in=[Job.State.QUEUED, Job.State.RUNNING]
    ).update(
        state=Job.State.RUNNING,
        started_at=Coalesce(F("started_at"), Value(timezone.now())),
        attempts=F("attempts") + 1,
        not_before=None,
    )
    if not begun:
        return None
    job = Job.objects.get(id=job_id)
    tell(job.id, job.parent_id, is_turn=True)
    return job


def _fail(job: Job, kind: JobType, error: BaseException) -> None:
    log.exception("Job %s (%s) met an error", job.name, job.id)
    if isinstance(error, kind.transient) and job.failures + 1 < kind.tries:
        pause = min(kind.pause * 2**job.failures, LONGEST_PAUSE)
        _requeue(
            job,
            not_before=timezone.now() + timedelta(seconds=pause),
            failures=job.failures + 1,
            error=_described(error),
        )
    else:
        _end(job, Job.State.FAILED, error=_described(error))


def _described(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({frames[-1].name}, {frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{place}"[:ERROR_LENGTH]


def _requeue(job: Job, *, not_before: datetime | None = None, failures: int = 0, error: str = "") -> None:
    _leave_steps(job)
    _running(job).update(
        state=Job.State.QUEUED,
        generation=F("generation") + 1,
        not_before=not_before,
        failures=failures or job.failures,
        error=error,
    )
    tell(job.id, job.parent_id, is_turn=True)


def _end(job: Job, state: Job.State, *, result: Any = None, error: str = "") -> None:
    _leave_steps(job)
    _running(job).update(state=state, result=result, error=error, finished_at=timezone.now())
    tell(job.id, job.parent_id, is_turn=True)


def _running(job: Job) -> Any:
    return Job.objects.filter(id=job.id, generation=job.generation, state=Job.State.RUNNING)


def _leave_steps(job: Job) -> None:
    """Parts that a killed worker left open, and nobody entered again, do not look alive for ever."""
    now = timezone.now()
    Step.objects.filter(job=job, state=Step.State.RUNNING).update(
        state=Step.State.STOPPED, updated_at=now, finished_at=now
    )
