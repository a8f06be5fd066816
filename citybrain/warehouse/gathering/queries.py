"""Questions about sources: how each is doing, what changed, what was loaded, what lies in quarantine."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import scoped, scoped_one
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.gathering import quarantine
from citybrain.warehouse.gathering.models import GatherRun, QuarantineItem, SchemaChange, Source, SourceTable
from citybrain.warehouse.permissions import DECIDE, QUARANTINE, VIEW


def source(key: str, actor: Actor) -> Source:
    """The source with `key` and its department. Raises Source.DoesNotExist for one the person may not see."""
    return scoped_one(Source.objects.select_related("department"), actor, VIEW, key=key)


def sources(actor: Actor, *, q: str = "", kind: str = "", department: str = "", state: str = "") -> QuerySet[Source]:
    """Sources the person may see, with what their tables hold and how their last runs ended, in one query.

    `state` is `failed`, `held` (a changed column waits) or `quarantine` (rows were put aside).
    """
    waiting = SchemaChange.objects.filter(run__table__source=OuterRef("pk"), decision=SchemaChange.Decision.PENDING)
    counted = waiting.order_by().values("run__table__source").annotate(number=Count("pk")).values("number")
    aside = standing_quarantine().filter(run__table__source=OuterRef("pk")).order_by()
    aside = aside.values("run__table__source").annotate(number=Sum("rows")).values("number")
    found = scoped(Source.objects.select_related("department"), actor, VIEW).annotate(
        table_count=Count("tables"),
        rows=Coalesce(Sum("tables__dataset__raw_rows"), 0),
        bytes=Coalesce(Sum("tables__dataset__raw_bytes"), 0),
        quarantined=Coalesce(Subquery(aside), 0),
        failed=Count("tables", filter=Q(tables__last_run__state=GatherRun.State.FAILED)),
        last_run_at=Max("tables__last_run__finished_at"),
        data_at=Max("tables__dataset__data_at"),
        waiting=Coalesce(Subquery(counted), 0),
    )
    if q:
        found = found.filter(Q(key__icontains=q) | Q(chinese__icontains=q) | Q(english__icontains=q))
    if kind:
        found = found.filter(kind=kind)
    if department:
        found = found.filter(department__key=department)
    wanted = {"failed": Q(failed__gt=0), "held": Q(waiting__gt=0), "quarantine": Q(quarantined__gt=0)}.get(state)
    return (found.filter(wanted) if wanted else found).order_by("department__position", "key")


def kinds_of_sources(actor: Actor) -> list[str]:
    """The kinds of the sources the person may see."""
    found = scoped(Source.objects.all(), actor, VIEW).order_by("kind").values_list("kind", flat=True)
    return list(found.distinct())


def standing_quarantine() -> QuerySet[QuarantineItem]:
    """What was put aside and not yet replaced: no later load of its table brought rows."""
    later = GatherRun.objects.filter(table=OuterRef("run__table"), pk__gt=OuterRef("run"), rows_loaded__gt=0)
    return QuarantineItem.objects.filter(~Exists(later))


def delivering_departments() -> QuerySet[Organisation]:
    """The bodies that deliver something, in the county's order."""
    return Organisation.objects.filter(sources__isnull=False).distinct().order_by("position")


def source_counts(source: Source, actor: Actor) -> dict[str, int]:
    """How much stands under each tab of a source's page."""
    return {
        "tables": source.tables.count(),
        "changes": changes_of(source, actor).count(),
        "waiting": changes_of(source, actor).filter(decision=SchemaChange.Decision.PENDING).count(),
        "runs": gather_runs_of(source, actor).count(),
        "quarantine": quarantine_of(source, actor).count(),
        "rows": source.tables.aggregate(rows=Coalesce(Sum("dataset__raw_rows"), 0))["rows"],
    }


def attributions(source: Source) -> list[str]:
    """Source and licence of each real dataset among a source's tables; empty when all are rehearsal data."""
    real = source.tables.filter(dataset__is_real=True).values_list("dataset__attribution", flat=True)
    return sorted(set(real))


def tables_of(source: Source, actor: Actor) -> QuerySet[SourceTable]:
    """A source's tables with their datasets and last runs."""
    found = SourceTable.objects.filter(source=source).select_related("dataset", "last_run")
    return scoped(found, actor, VIEW).order_by("name")


def changes_of(source: Source, actor: Actor) -> QuerySet[SchemaChange]:
    """Changed columns of a source's tables, those waiting for a decision first."""
    found = SchemaChange.objects.filter(run__table__source=source).select_related("dataset", "run", "decided_by")
    open_first = Count("pk", filter=Q(decision=SchemaChange.Decision.PENDING))
    return scoped(found, actor, VIEW).annotate(open=open_first).order_by("-open", "-id")


def gather_runs_of(source: Source, actor: Actor) -> QuerySet[GatherRun]:
    """Loads of a source's tables, newest first."""
    return scoped(GatherRun.objects.filter(table__source=source).select_related("table__dataset"), actor, VIEW)


def source_of_dataset(dataset: Dataset, actor: Actor) -> Source | None:
    """The source a dataset comes from; None when it is no longer declared."""
    return scoped(Source.objects.filter(key=dataset.source_key), actor, VIEW).first()


def changes_of_dataset(dataset: Dataset, actor: Actor) -> QuerySet[SchemaChange]:
    """Changed columns of a dataset, newest first."""
    return scoped(dataset.schema_changes.select_related("dataset", "run", "decided_by"), actor, VIEW)


def gather_runs_of_dataset(dataset: Dataset, actor: Actor) -> QuerySet[GatherRun]:
    """Loads of a dataset, newest first."""
    return scoped(GatherRun.objects.filter(table__dataset=dataset).select_related("table__dataset"), actor, VIEW)


def change_to_decide(change_id: int, actor: Actor) -> SchemaChange:
    """A changed column the person may decide about. Raises SchemaChange.DoesNotExist for any other."""
    return scoped_one(SchemaChange.objects.select_related("dataset"), actor, DECIDE, id=change_id)


def quarantine_of(source: Source, actor: Actor, reason: str = "") -> QuerySet[QuarantineItem]:
    """What a source's tables put aside, newest run first; only those with `reason` if given."""
    found = QuarantineItem.objects.filter(run__table__source=source).select_related("run__table__dataset")
    return scoped(found.filter(reason=reason) if reason else found, actor, VIEW).order_by("-run", "id")


def quarantine_reasons(source: Source, actor: Actor) -> list[dict[str, Any]]:
    """Reasons among what a source's tables put aside, with the number of pieces, most frequent first."""
    counted = quarantine_of(source, actor).order_by().values("reason").annotate(number=Count("pk")).order_by("-number")
    return [{**line, "title": quarantine.REASONS.get(line["reason"], line["reason"])} for line in counted]


def quarantine_item(item_id: int, actor: Actor) -> QuarantineItem:
    """A piece whose bytes the person may fetch. Raises QuarantineItem.DoesNotExist for any other."""
    return scoped_one(QuarantineItem.objects.select_related("run__table__dataset"), actor, QUARANTINE, id=item_id)


def bytes_of(item: QuarantineItem) -> bytes:
    """The quarantined bytes exactly as delivered."""
    folder = settings.HOME / "quarantine"
    return quarantine.read(folder, segment=item.segment, start=item.start, size=item.size)
