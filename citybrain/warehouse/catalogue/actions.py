"""The verbs of the catalogue: register a dataset, record what was gathered and governed, keep its entry findable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import pyarrow as pa
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.declare.words import OpenType, ShareType, UpdateCycle
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.records.spelling import lines
from citybrain.warehouse.catalogue.codes import department_code
from citybrain.warehouse.catalogue.models import Dataset, Field, Version
from citybrain.warehouse.catalogue.naming import field_names

NAME_LENGTH = 200
"""Longest column name the catalogue keeps."""


def register_dataset(
    key: str,
    *,
    chinese: str,
    provider: Organisation,
    source_key: str,
    english: str = "",
    summary: str = "",
    cycle: UpdateCycle = UpdateCycle.ON_DEMAND,
    share: ShareType = ShareType.CONDITIONAL,
    open: OpenType = OpenType.NONE,
    primary_key: Sequence[str] = (),
    watermark: str = "",
    references: Sequence[Mapping[str, str]] = (),
    is_real: bool = False,
    attribution: str = "",
) -> Dataset:
    """Make or bring up to date the entry `key` from a source's declaration; doing it again changes nothing.

    What gathering and governance wrote (state, rows, versions, scores, matches) is left alone. Raises ValueError when
    another provider already holds the key.
    """
    declared = {
        "chinese": chinese,
        "english": english,
        "summary": summary,
        "source_key": source_key,
        "cycle": cycle.value,
        "share": share.name,
        "open": open.name,
        "primary_key": list(primary_key),
        "watermark": watermark,
        "references": [dict(reference) for reference in references],
        "is_real": is_real,
        "attribution": attribution,
    }
    with transaction.atomic():
        dataset, is_new = Dataset.objects.select_related("provider").get_or_create(
            key=key, defaults={**declared, "provider": provider}
        )
        if dataset.provider_id != provider.pk:
            raise ValueError(
                _("Dataset %(key)s belongs to %(owner)s; %(other)s cannot take it over. Give the new one its own key.")
                % {"key": key, "owner": dataset.provider, "other": provider}
            )
        changed = [name for name, value in declared.items() if getattr(dataset, name) != value]
        for name in changed:
            setattr(dataset, name, declared[name])
        if is_new:
            dataset.code = department_code(provider, dataset.pk)
        if is_new or changed:
            _spell(dataset, list(dataset.fields.all()))
            dataset.save()
    return dataset


def record_gathered(
    dataset: Dataset,
    *,
    snapshot: int,
    rows: int,
    bytes: int,
    schema: pa.Schema,
    data_at: datetime | None,
    note: str = "",
    at: datetime | None = None,
) -> Version:
    """Serve `snapshot` of the raw table from now on: its rows, bytes and columns become the entry's.

    `schema` holds the columns as delivered, `data_at` when the provider made the data (None when nothing tells). New
    columns join the entry, missing ones are marked gone, matches that people confirmed stay. Recording a snapshot
    again, as a resumed step does, changes nothing. Raises ValueError for a column name no catalogue can hold.
    """
    at = at or timezone.now()
    _check_names(dataset, schema)
    with transaction.atomic():
        version = Version.objects.get_or_create(
            dataset=dataset,
            snapshot=snapshot,
            defaults={
                "made_at": at,
                "rows": rows,
                "schema": [[column.name, str(column.type)] for column in schema],
                "note": note[:300],
            },
        )[0]
        fields, is_changed = _sync_fields(dataset, schema)
        dataset.raw_snapshot = snapshot
        dataset.raw_rows = rows
        dataset.raw_bytes = bytes
        dataset.gathered_at = at
        dataset.data_at = data_at
        dataset.state = Dataset.State.SERVED
        changed = ["raw_snapshot", "raw_rows", "raw_bytes", "gathered_at", "data_at", "state"]
        if is_changed:
            changed += _spell(dataset, fields)
        dataset.save(update_fields=changed)
    return version


def record_governed(
    dataset: Dataset, *, snapshot: int | None, rows: int, problem_rows: int, score: float | None, at: datetime
) -> None:
    """Serve `snapshot` of the standard table from now on (None when no row was fit for it), with its score 0-100.

    Grade and search text follow the matches that the run was made with.
    """
    dataset.standard_snapshot = snapshot
    dataset.standard_rows = rows
    dataset.problem_rows = problem_rows
    dataset.score = score
    dataset.governed_at = at
    changed = ["standard_snapshot", "standard_rows", "problem_rows", "score", "governed_at"]
    dataset.save(update_fields=[*changed, *_refresh(dataset)])


def hold(dataset: Dataset) -> None:
    """Mark that a delivery waits for a person's decision; the last good version stays served."""
    dataset.state = Dataset.State.HELD
    dataset.save(update_fields=["state"])


def release(dataset: Dataset) -> None:
    """Take the mark of `hold` away: the delivery that waited was refused or replaced by a newer one."""
    dataset.state = Dataset.State.FOUND if dataset.raw_snapshot is None else Dataset.State.SERVED
    dataset.save(update_fields=["state"])


def reindex(dataset: Dataset) -> None:
    """Bring the entry's grade and search text up to date with its fields, after matches or titles changed."""
    if changed := _refresh(dataset):
        dataset.save(update_fields=changed)


def _refresh(dataset: Dataset) -> list[str]:
    """Set grade and search texts of `dataset` by its fields; the names of the columns that changed."""
    fields = list(dataset.fields.all())
    changed = _spell(dataset, fields)
    grade = max((field.grade for field in fields if field.grade and not field.is_gone), default=dataset.grade)
    if grade != dataset.grade:
        dataset.grade = grade
        changed.append("grade")
    return changed


def _sync_fields(dataset: Dataset, schema: pa.Schema) -> tuple[list[Field], bool]:
    """Make the entry's fields those of `schema`; the fields now, and whether any changed."""
    known = {field.name: field for field in dataset.fields.all()}
    fresh: list[Field] = []
    stale: list[Field] = []
    for position, column in enumerate(schema):
        raw_type = str(column.type)[:64]
        field = known.pop(column.name, None)
        if field is None:
            fresh.append(Field(dataset=dataset, position=position, name=column.name, raw_type=raw_type))
        elif (field.position, field.raw_type, field.is_gone) != (position, raw_type, False):
            field.position, field.raw_type, field.is_gone = position, raw_type, False
            stale.append(field)
    for field in known.values():
        if not field.is_gone:
            field.is_gone = True
            stale.append(field)
    if fresh:
        Field.objects.bulk_create(fresh)
    if stale:
        Field.objects.bulk_update(stale, ["position", "raw_type", "is_gone"])
    if not fresh and not stale:
        return [], False
    return list(dataset.fields.all()), True


def _check_names(dataset: Dataset, schema: pa.Schema) -> None:
    for name in schema.names:
        if len(name) > NAME_LENGTH or "\0" in name or not name:
            raise ValueError(
                _(
                    "Dataset %(key)s: column name %(name)r is empty, longer than %(most)d characters or holds a NUL. "
                    "Rename the column in the source's export."
                )
                % {"key": dataset.key, "name": name[:60], "most": NAME_LENGTH}
            )


def _spell(dataset: Dataset, fields: Sequence[Field]) -> list[str]:
    """Set the three search texts of `dataset`; the names of those that changed."""
    provider = dataset.provider
    present = [field for field in fields if not field.is_gone]
    texts = {
        "search_title": lines([dataset.chinese, dataset.english, dataset.key, dataset.code]),
        "search_fields": lines(name for field in present for name in field_names(field)),
        "search_text": lines(
            [
                dataset.summary,
                provider.chinese,
                provider.short,
                provider.english,
                dataset.source_key,
                dataset.attribution,
            ]
        ),
    }
    changed = [name for name, text in texts.items() if getattr(dataset, name) != text]
    for name in changed:
        setattr(dataset, name, texts[name])
    return changed
