"""Verbs: ask for work, call it off, ask for it again. Each writes only rows; the worker does the rest."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.jobs.definitions import job_type
from citybrain.kernel.jobs.models import Job


def new_job(
    name: str,
    arguments: dict[str, Any],
    *,
    requested_by: str = "",
    parent: Job | None = None,
    schedule: str = "",
    tick: datetime | None = None,
    not_before: datetime | None = None,
) -> Job:
    """An unsaved job of kind `name`, its arguments checked against the function that will take them."""
    kind = job_type(name)
    kind.bind(arguments)
    return Job(
        name=name,
        title=kind.title,
        arguments=arguments,
        lane=kind.lane_of(arguments),
        queued_at=timezone.now(),
        requested_by=requested_by,
        parent=parent,
        schedule=schedule,
        tick=tick,
        not_before=not_before,
    )


def enqueue(
    name: str,
    /,
    *,
    requested_by: str = "",
    parent: Job | None = None,
    not_before: datetime | None = None,
    **arguments: Any,
) -> Job:
    """Ask for a job, to be begun at once or `not_before` a time: one row, in the caller's transaction, nothing else.

    Raises UnknownJob for a kind nobody declares, TypeError for arguments it does not take or that are not JSON.
    """
    job = new_job(name, arguments, requested_by=requested_by, parent=parent, not_before=not_before)
    job.save(force_insert=True)
    return job


def cancel(job_id: uuid.UUID) -> Job:
    """Call a job off: at once while it waits, at its next check while it runs; one that ended stays as it ended."""
    Job.objects.filter(id=job_id, state=Job.State.QUEUED).update(
        state=Job.State.CANCELLED, cancel_requested=True, finished_at=timezone.now()
    )
    Job.objects.filter(id=job_id, state=Job.State.RUNNING).update(cancel_requested=True)
    return Job.objects.get(id=job_id)


def retry(job_id: uuid.UUID) -> Job:
    """Ask again for a job that failed or was cancelled; the steps it had finished are not repeated.

    Raises ValueError when there is nothing to ask for again.
    """
    asked = Job.objects.filter(id=job_id, state__in=[Job.State.FAILED, Job.State.CANCELLED]).update(
        state=Job.State.QUEUED,
        generation=F("generation") + 1,
        attempts=0,
        failures=0,
        error="",
        cancel_requested=False,
        queued_at=timezone.now(),
        not_before=None,
        finished_at=None,
    )
    job = Job.objects.get(id=job_id)
    if not asked:
        raise ValueError(
            _("Job %(id)s is “%(state)s”: only a failed or cancelled job can be asked for again.")
            % {"id": job.id, "state": job.get_state_display()}
        )
    return job
