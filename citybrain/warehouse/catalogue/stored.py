"""What of a catalogue entry lies in the lake: its way through the stages, and masked samples of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.declare.words import Masking
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Vouched, reaches, vouched
from citybrain.kernel.lake.tables import Lake, TableName
from citybrain.kernel.standards.masking import HIDDEN, mask
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.catalogue.queries import masking_of
from citybrain.warehouse.permissions import VIEW

SAMPLE_ROWS = 10
MAX_SAMPLE_ROWS = 100


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One station of a dataset's way: its table in the lake, as it stands now."""

    namespace: str
    """`raw`, `standard`, `held` or `problem`."""
    table: str
    snapshot: int | None
    """None when the table was never written."""
    rows: int
    bytes: int
    made_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Samples:
    """The first rows of a dataset as someone without a grant may see them."""

    namespace: str
    """Where they were read: `standard`, or `raw` before the first governance run; empty when there is no row yet."""
    columns: tuple[str, ...]
    rows: Vouched[tuple[str, ...]]


def lineage(dataset: Dataset, lake: Lake) -> tuple[Stage, ...]:
    """The dataset's way through the lake (血缘): raw, then what was served, held back and found in it."""
    return tuple(
        _stage(lake, TableName(namespace=namespace, name=dataset.table))
        for namespace in ("raw", "standard", "held", "problem")
    )


def samples(dataset: Dataset, lake: Lake, actor: Actor, *, rows: int = SAMPLE_ROWS) -> Samples:
    """The first `rows` rows, masked value by value: clean ones if there are any, else as delivered.

    Raises PermissionDenied when the rows behind the entry are not the person's to see.
    """
    if not reaches(dataset, actor, VIEW, scope=Dataset.ROWS):
        raise PermissionDenied(_("The rows of this dataset belong to another department."))
    rows = max(0, min(rows, MAX_SAMPLE_ROWS))
    namespace = "standard" if dataset.standard_snapshot else "raw" if dataset.raw_snapshot else ""
    table = TableName(namespace=namespace, name=dataset.table)
    if not namespace or not lake.exists(table):
        return Samples(namespace="", columns=(), rows=vouched((), actor, VIEW))
    snapshot = dataset.standard_snapshot if namespace == "standard" else dataset.raw_snapshot
    maskings = {field.name: masking_of(field) for field in dataset.fields.select_related("dataset")}
    head = lake.dataset(table, snapshot=snapshot).head(rows)
    columns = [
        [shown(value, maskings.get(name, Masking.ALL)) for value in column.to_pylist()]
        for name, column in zip(head.column_names, head.columns, strict=True)
    ]
    masked = vouched(zip(*columns, strict=True), actor, VIEW)
    return Samples(namespace=namespace, columns=tuple(head.column_names), rows=masked)


def shown(value: Any, masking: Masking) -> str:
    """One value of a table as text, masked; times in the county's zone; bytes that are no text are hidden."""
    if isinstance(value, bytes):
        return HIDDEN
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value).replace(tzinfo=None)
    return mask(None if value is None else str(value), masking)


def _stage(lake: Lake, table: TableName) -> Stage:
    snapshots = lake.snapshots(table)
    last = snapshots[-1] if snapshots else None
    return Stage(
        namespace=table.namespace,
        table=table.name,
        snapshot=last.id if last else None,
        rows=last.rows if last else 0,
        bytes=last.bytes if last else 0,
        made_at=last.made_at if last else None,
    )
