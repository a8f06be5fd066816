"""Verbs of the warehouse as a whole: start its jobs, call them off, ask for them again."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped_one
from citybrain.kernel.jobs.actions import cancel, enqueue, retry
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.jobs.queries import unfinished
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.gathering.models import Source
from citybrain.warehouse.permissions import START

STARTS = {"run": (), "gather": ("source",), "govern": ("dataset",)}
"""Jobs that a page may start -> names of the arguments its form may send along."""


def start_job(name: str, arguments: dict[str, str], *, actor: Actor, username: str) -> tuple[Job, bool]:
    """Ask for a job; returns it with whether it is new: one of the same arguments under way is not asked for twice.

    For one source or dataset it must be the person's own department's, or they reach the county, who alone may work on
    everything. Raises Source.DoesNotExist, Dataset.DoesNotExist or PermissionDenied.
    """
    if key := arguments.get("source"):
        scoped_one(Source.objects.all(), actor, START, key=key)
    elif key := arguments.get("dataset"):
        scoped_one(Dataset.objects.all(), actor, START, scope=Dataset.ROWS, key=key)
    elif actor.reach(START) is not Reach.COUNTY:
        raise PermissionDenied(_("Only who works for the whole county may start work on everything."))
    job = unfinished(name, **arguments)
    if job is not None:
        return job, False
    return enqueue(name, requested_by=username, **arguments), True


def stop_job(job: Job, *, actor: Actor, username: str) -> None:
    """Call a job off. Raises PermissionDenied when it is a colleague's and the person does not reach the county."""
    _demand_own(job, actor, username)
    cancel(job.id)


def repeat_job(job: Job, *, actor: Actor, username: str) -> None:
    """Ask again for a job that failed or was called off. Raises PermissionDenied or ValueError."""
    _demand_own(job, actor, username)
    retry(job.id)


def may_touch(job: Job, actor: Actor, username: str) -> bool:
    """Whether the person may call the job off or ask for it again: their own jobs, or all with the county's reach."""
    reach = actor.reach(START)
    return reach is Reach.COUNTY or (reach is not None and bool(job.requested_by) and job.requested_by == username)


def _demand_own(job: Job, actor: Actor, username: str) -> None:
    if not may_touch(job, actor, username):
        raise PermissionDenied(_("Somebody else asked for this work: only who works for the county may stop it."))
