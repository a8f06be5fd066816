"""Questions the pages ask across the warehouse's rooms."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.jobs.models import Job
from citybrain.warehouse.catalogue.models import Dataset, Field, Score

BOUND = (Field.Match.TAKEN, Field.Match.CONFIRMED)
"""States in which a field's values are governed by its element."""


def fields_by_element() -> dict[str, int]:
    """How many fields are bound to each element, by its key."""
    bound = Field.objects.filter(match__in=BOUND, is_gone=False).values("element_key").annotate(fields=Count("id"))
    return dict(bound.values_list("element_key", "fields"))


def fields_of_element(key: str) -> QuerySet[Field]:
    """The fields bound or proposed to an element, with their datasets and providers, best matches first."""
    found = Field.objects.filter(element_key=key, is_gone=False).exclude(match=Field.Match.REFUSED)
    return found.select_related("dataset__provider").order_by("match", "-match_score", "dataset__key")


def element_scores() -> dict[str, float | None]:
    """The last quality score of each element that was judged, by its key."""
    history = Score.objects.filter(subject=Score.Subject.ELEMENT).order_by("at").values_list("key", "score")
    return dict(history)


def with_progress(jobs: QuerySet[Job]) -> list[dict[str, Any]]:
    """Jobs with the share of their steps that is done, in two queries."""
    shown = list(jobs.prefetch_related("steps"))
    return [{"job": job, "share": share_done(job), "took": took(job)} for job in shown]


def share_done(job: Job) -> float | None:
    """How much of a job is done, 0-1, over the steps that know their end; None when none does."""
    known = [(step.done, step.total) for step in job.steps.all() if step.total]
    if job.state == Job.State.DONE:
        return 1.0
    return sum(min(done, total) / total for done, total in known) / len(known) if known else None


def took(job: Job) -> float | None:
    """Seconds a job ran, until now if it still does."""
    if job.started_at is None:
        return None
    return ((job.finished_at or timezone.now()) - job.started_at).total_seconds()


def providers() -> QuerySet[Organisation]:
    """The bodies that provide a dataset, in the county's order."""
    return Organisation.objects.filter(pk__in=Dataset.objects.values("provider")).order_by("position")
