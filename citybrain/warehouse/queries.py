"""Questions the pages ask across the warehouse's rooms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models import Sum as Total
from django.utils import timezone

from citybrain.declare.role import Permission
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import Vouched, scoped, scoped_one, vouched
from citybrain.kernel.jobs.models import Job
from citybrain.warehouse.catalogue.models import Dataset, Field
from citybrain.warehouse.catalogue.queries import BOUND
from citybrain.warehouse.gathering.models import GatherRun, SchemaChange, Source
from citybrain.warehouse.gathering.queries import standing_quarantine
from citybrain.warehouse.governance.models import GovernRun
from citybrain.warehouse.permissions import DECIDE, VIEW


def fields_by_element() -> dict[str, int]:
    """How many fields are bound to each element, by its key."""
    bound = Field.objects.filter(match__in=BOUND, is_gone=False).values("element_key").annotate(fields=Count("id"))
    return dict(bound.values_list("element_key", "fields"))


def fields_of_element(key: str, actor: Actor) -> QuerySet[Field]:
    """The fields bound or proposed to an element, with their datasets and providers, best matches first."""
    found = Field.objects.filter(element_key=key, is_gone=False).exclude(match=Field.Match.REFUSED)
    found = found.select_related("dataset__provider").order_by("match", "-match_score", "dataset__key")
    return scoped(found, actor, VIEW)


WORKED_ON = ("source", "sources", "dataset", "month")
"""Arguments of jobs that name what is worked on; switches, counts and moments say nothing to a reader."""


def worked_on(job: Job) -> tuple[str, ...]:
    """Keys of what a job was asked to work on; nothing when that is all there is."""
    named = (job.arguments.get(name) or () for name in WORKED_ON)
    return tuple(key for value in named for key in ((value,) if isinstance(value, str) else value))


@dataclass(frozen=True, kw_only=True)
class JobLine:
    """One job as lists show it. Whoever sees the warehouse sees what it does; what a job found has its own owners."""

    job: Job
    share: float | None
    """How much of it is done, 0-1; None when nothing tells."""
    seconds: float | None
    """How long it ran."""


def with_progress(jobs: QuerySet[Job], actor: Actor) -> Vouched[JobLine]:
    """Jobs with the share of their steps that is done, in two queries."""
    shown = list(jobs.prefetch_related("steps"))
    return vouched((JobLine(job=job, share=share_done(job), seconds=took(job)) for job in shown), actor, VIEW)


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


@dataclass(frozen=True, kw_only=True)
class CountyFacts:
    """What the front page tells beside the departments' sums."""

    sources: int
    bytes: int
    """In the lake as gathered."""
    gathered_at: datetime | None
    governed_at: datetime | None
    real: int
    """Datasets of published real data."""
    rehearsal: int
    """Datasets of the rehearsal county."""


def county_facts() -> CountyFacts:
    """Sources, bytes and ages of the whole warehouse, in two queries."""
    facts = Dataset.objects.aggregate(
        bytes=Total("raw_bytes", default=0),
        gathered_at=Max("gathered_at"),
        governed_at=Max("governed_at"),
        real=Count("pk", filter=Q(is_real=True)),
        rehearsal=Count("pk", filter=Q(is_real=False)),
    )
    return CountyFacts(sources=Source.objects.count(), **facts)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How much waits for a person, by kind."""

    matches: int
    """Fields whose element was proposed below the threshold."""
    changes: int
    """Columns that were lost or changed their type."""
    failed: int
    """Sources with a table whose last load failed."""
    quarantined: int
    """Sources with rows put aside that no later load replaced."""


def waiting(actor: Actor) -> Waiting:
    """How much waits for somebody of the person's department, or of the county, in four queries."""
    last = scoped(Source.objects.all(), actor, VIEW).aggregate(
        failed=Count("pk", filter=Q(tables__last_run__state=GatherRun.State.FAILED), distinct=True),
    )
    aside = scoped(standing_quarantine(), actor, VIEW).order_by()
    quarantined = aside.values("run__table__source").distinct().count()
    matches, changes = proposed_matches(actor).count(), pending_changes(actor).count()
    return Waiting(matches=matches, changes=changes, quarantined=quarantined, **last)


def proposed_matches(actor: Actor, permission: Permission = VIEW) -> QuerySet[Field]:
    """Fields of the person's department, or of the county, whose element waits for a decision, surest first."""
    found = Field.objects.filter(match=Field.Match.PROPOSED, is_gone=False).select_related("dataset__provider")
    return scoped(found, actor, permission, scope=Field.ROWS).order_by("-match_score", "dataset__key", "position")


def pending_changes(actor: Actor, permission: Permission = VIEW) -> QuerySet[SchemaChange]:
    """Changed columns of the person's department, or of the county, that wait for a decision, oldest first."""
    found = SchemaChange.objects.filter(decision=SchemaChange.Decision.PENDING)
    found = found.select_related("dataset__provider", "run", "decided_by").order_by("id")
    return scoped(found, actor, permission)


def field_to_decide(field_id: int, actor: Actor) -> Field:
    """A field whose match the person may decide about. Raises Field.DoesNotExist for any other."""
    fields = Field.objects.select_related("dataset")
    return scoped_one(fields, actor, DECIDE, scope=Field.ROWS, id=field_id)


@dataclass(frozen=True)
class Sum:
    """A sum that must add up: the whole, and its parts by name."""

    whole: int
    parts: dict[str, int]

    @property
    def adds_up(self) -> bool:
        """Whether the parts make the whole."""
        return self.whole == sum(self.parts.values())


def gather_loads(job: Job, actor: Actor) -> QuerySet[GatherRun]:
    """The loads a job made that the person may see, newest first: their names begin with its id."""
    found = GatherRun.objects.filter(load__startswith=f"{job.id}:").select_related("table__dataset")
    return scoped(found, actor, VIEW)


def govern_passes(job: Job, actor: Actor) -> QuerySet[GovernRun]:
    """The governance passes a job made that the person may see, newest first."""
    found = GovernRun.objects.filter(load__startswith=f"{job.id}:").select_related("dataset").defer("profile")
    return scoped(found, actor, VIEW)


def gather_sum(loads: QuerySet[GatherRun]) -> Sum:
    """Rows read = loaded + quarantined + skipped, over some loads."""
    found = total(loads, "read", "loaded", "quarantined", "skipped")
    return Sum(found.pop("read"), found)


def govern_sum(passes: QuerySet[GovernRun]) -> Sum:
    """Rows in = standard + held back + duplicate, over some finished passes."""
    found = total(passes.filter(state=GovernRun.State.DONE), "in", "standard", "held", "duplicate")
    return Sum(found.pop("in"), found)


def total(runs: QuerySet[Any], *names: str) -> dict[str, int]:
    """Sums of the columns `rows_<name>`, by name."""
    return runs.order_by().aggregate(**{name: Total(f"rows_{name}", default=0) for name in names})


def problem_kinds() -> list[tuple[str, int]]:
    """Kinds of problems with their findings in the last pass of every dataset, most frequent first; one query."""
    newest = GovernRun.objects.filter(dataset=OuterRef("dataset"), state=GovernRun.State.DONE).values("pk")[:1]
    kinds: Counter[str] = Counter()
    for problems in GovernRun.objects.filter(pk=Subquery(newest)).values_list("problems", flat=True):
        for line in problems:
            kinds[line["rule"].rsplit(".", 1)[-1]] += line["rows"]
    return [(kind, number) for kind, number in kinds.most_common() if number]
