"""Questions pages and the command ask about jobs; the answers are plain JSON."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any

from asgiref.sync import sync_to_async
from django.utils import timezone
from django.utils.translation import gettext

from citybrain.kernel.jobs.models import Job, Step

Snapshot = dict[str, Any]


def job_snapshot(job_id: uuid.UUID | str) -> Snapshot:
    """The job and its progress now, JSON-able, words in the reader's language. Raises Job.DoesNotExist."""
    job = Job.objects.prefetch_related("steps").get(id=job_id)
    return {**_summary(job), "steps": [_line(step) for step in job.steps.all()]}


def recent(limit: int = 50, *, name: str = "") -> list[Snapshot]:
    """The latest jobs, newest first, without their steps; only those of kind `name` if given."""
    jobs = Job.objects.filter(name=name) if name else Job.objects.all()
    return [_summary(job) for job in jobs[:limit]]


def unfinished(name: str, /, **arguments: Any) -> Job | None:
    """The oldest job of this kind and with these arguments that still waits or runs: ask it before asking twice."""
    jobs = Job.objects.filter(name=name, state__in=[Job.State.QUEUED, Job.State.RUNNING]).order_by("queued_at")
    return next((job for job in jobs if job.arguments == arguments), None)


def follow(job_id: uuid.UUID | str, *, interval: float = 0.25) -> Iterator[Snapshot]:
    """Snapshots of a job, one for each change, the last one final. Waits for ever if no worker runs."""
    last: Snapshot | None = None
    while True:
        snapshot = job_snapshot(job_id)
        if snapshot != last:
            yield snapshot
            last = snapshot
        if snapshot["is_final"]:
            return
        time.sleep(interval)


async def follow_async(job_id: uuid.UUID | str, *, interval: float = 0.5) -> AsyncIterator[Snapshot]:
    """`follow` for the event loop: what a page's live stream (SSE) sends."""
    last: Snapshot | None = None
    while True:
        snapshot = await sync_to_async(job_snapshot)(job_id)
        if snapshot != last:
            yield snapshot
            last = snapshot
        if snapshot["is_final"]:
            return
        await asyncio.sleep(interval)


def _summary(job: Job) -> Snapshot:
    return {
        "id": str(job.id),
        "name": job.name,
        "title": gettext(job.title) if job.title else job.name,
        "arguments": job.arguments,
        "state": job.state,
        "state_title": job.get_state_display(),
        "is_final": job.is_final,
        "queued_at": _moment(job.queued_at),
        "started_at": _moment(job.started_at),
        "finished_at": _moment(job.finished_at),
        "not_before": _moment(job.not_before),
        "requested_by": job.requested_by,
        "schedule": job.schedule,
        "parent": str(job.parent_id) if job.parent_id else None,
        "attempts": job.attempts,
        "cancel_requested": job.cancel_requested,
        "result": job.result,
        "error": job.error,
    }


def _line(step: Step) -> Snapshot:
    return {
        "key": step.key,
        "label": gettext(step.label) if step.label else step.key,
        "done": step.done,
        "total": step.total,
        "unit": gettext(step.unit) if step.unit else "",
        "percent": min(100, 100 * step.done // step.total) if step.total else None,
        "state": step.state,
        "started_at": _moment(step.started_at),
        "updated_at": _moment(step.updated_at),
        "finished_at": _moment(step.finished_at),
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else timezone.localtime(moment).isoformat(timespec="milliseconds")
