"""Sources become rows of the catalogue: from source files, and by scanning a database that lists its own tables."""

from __future__ import annotations

import re
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from citybrain.kernel.identity.models import Organisation
from citybrain.warehouse.catalogue.actions import register_dataset
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.gathering.connections import connection
from citybrain.warehouse.gathering.declarations import SourceDeclaration, TableDeclaration, read_folder
from citybrain.warehouse.gathering.errors import DeclarationError
from citybrain.warehouse.gathering.kinds import Way, kind_of
from citybrain.warehouse.gathering.models import Source, SourceTable
from citybrain.warehouse.gathering.readers import postgresql, sqlalchemy_url, sqlite


def register_sources(folder: Path) -> list[Source]:
    """Bring sources, tables and catalogue entries up to date with a folder of source files.

    Doing it again changes nothing. Tables that a file no longer names stay: what was gathered is not forgotten by an
    edit. Raises DeclarationError, with nothing written, when any file is wrong.
    """
    declared = read_folder(folder)
    with transaction.atomic():
        sources = [register_source(source) for source in declared]
        _check_tables()
    return sources


def register_source(declared: SourceDeclaration) -> Source:
    """One source with its tables."""
    department = Organisation.objects.filter(key=declared.department).first()
    if department is None:
        raise DeclarationError(
            _("Source %(source)s: there is no organisation %(key)s; add it to the county's organisations.toml.")
            % {"source": declared.key, "key": repr(declared.department)}
        )
    source, _is_new = Source.objects.update_or_create(
        key=declared.key,
        defaults={
            "chinese": declared.title,
            "english": declared.english,
            "department": department,
            "kind": declared.kind,
            "address": declared.address,
            "schedule": declared.schedule,
            "options": declared.options,
            "is_enabled": declared.is_enabled,
        },
    )
    known = {table.dataset.key: table for table in source.tables.select_related("dataset")}
    for table in declared.tables:
        _register_table(source, table, known.get(f"{department.key}.{table.key}"))
    return source


def _register_table(source: Source, table: TableDeclaration, known: SourceTable | None) -> None:
    dataset = register_dataset(
        f"{source.department.key}.{table.key}",
        chinese=table.title,
        english=table.english,
        summary=table.summary,
        provider=source.department,
        source_key=source.key,
        cycle=table.cycle,
        share=table.share,
        open=table.open,
        primary_key=table.primary_key,
        watermark=table.watermark,
        references=table.references,
        is_real=table.is_real,
        attribution=table.attribution,
    )
    facts = {
        "name": table.name,
        "primary_key": list(table.primary_key),
        "mode": table.mode,
        "watermark": table.watermark,
    }
    if known is None:
        SourceTable.objects.update_or_create(dataset=dataset, defaults={"source": source, **facts})
    elif any(getattr(known, name) != value for name, value in facts.items()):
        for name, value in facts.items():
            setattr(known, name, value)
        known.save(update_fields=list(facts))


def scan(source: Source) -> list[SourceTable]:
    """List the tables of a database source and register those not yet known; the new ones are returned.

    They are full tables with the name the database gives them: 22 261 of them are rows, not code.
    """
    if kind_of(source.kind).way is not Way.DATABASE:
        return []
    opened = connection(source.kind, source.address)
    if opened.file is not None:
        names = sqlite.tables(opened.file)
    elif opened.is_postgresql:
        names = postgresql.tables(opened)
    else:
        names = sqlalchemy_url.tables(opened)
    known = set(source.tables.values_list("name", flat=True))
    taken = set(Dataset.objects.filter(key__startswith=f"{source.department.key}.").values_list("key", flat=True))
    added: list[SourceTable] = []
    with transaction.atomic():
        for name in names:
            if name in known:
                continue
            key = _free_key(source, name, taken)
            dataset = register_dataset(key, chinese=name, provider=source.department, source_key=source.key)
            added.append(SourceTable(source=source, name=name, dataset=dataset))
        SourceTable.objects.bulk_create(added)
        _check_tables()
    return added


def _check_tables() -> None:
    """Refuse two dataset keys that would share one table of the lake: `a-b.c` and `a.b-c`."""
    keys: dict[str, str] = {}
    for dataset in Dataset.objects.only("key"):
        other = keys.setdefault(dataset.table, dataset.key)
        if other != dataset.key:
            raise DeclarationError(
                _("Datasets %(one)s and %(other)s would share the table %(table)s: rename one.")
                % {"one": other, "other": dataset.key, "table": dataset.table}
            )


def _free_key(source: Source, name: str, taken: set[str]) -> str:
    """A dataset key made of the table's name, numbered when another table has it already."""
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80] or "table"
    key, number = f"{source.department.key}.{stem}", 1
    while key in taken:
        number += 1
        key = f"{source.department.key}.{stem}-{number}"
    taken.add(key)
    return key
