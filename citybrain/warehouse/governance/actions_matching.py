"""Verbs of matching: fill in what columns stand for, and keep what a person decided."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from threading import Lock

import pyarrow as pa
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from citybrain.declare.element import Element
from citybrain.declare.rule import Required
from citybrain.declare.words import Grade
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.lake.tables import Lake, TableName
from citybrain.kernel.registry.registry import registry
from citybrain.warehouse.catalogue.actions import reindex
from citybrain.warehouse.catalogue.models import Dataset, Field
from citybrain.warehouse.catalogue.sentences import Sentence
from citybrain.warehouse.governance.matching import THRESHOLD, Matcher, Proposal, suggest_grade

ROWS_LOOKED_AT = 1000
"""Rows of a dataset that matching reads: the first ones, all columns."""

DECIDED = (Field.Match.CONFIRMED, Field.Match.REFUSED)
"""What a person said stays said."""

_matchers: dict[tuple[int, ...], tuple[tuple[Element, ...], Matcher]] = {}
_lock = Lock()


def matcher_of(elements: Sequence[Element], today: datetime.date) -> Matcher:
    """The matcher of these elements for today, made once."""
    key = (today.toordinal(), *map(id, elements))
    with _lock:
        if key not in _matchers:
            # The elements are kept with their matcher, so that their ids are never another's.
            _matchers.clear()
            _matchers[key] = (tuple(elements), Matcher(elements, today))
        return _matchers[key][1]


def match_fields(dataset: Dataset, lake: Lake, elements: Sequence[Element]) -> list[Field]:
    """Match the columns of `dataset` to `elements` and suggest grades; returns the fields that changed.

    What a person confirmed or refused stays, and a refused field gets no other element by itself. What was taken stays
    too: were it judged anew, a column whose values all went bad would lose its element, and with it every finding.
    """
    by_key = {element.key: element for element in elements}
    fields = list(dataset.fields.filter(is_gone=False))
    open_fields = [field for field in fields if not _stays(field, by_key)]
    matcher = matcher_of(elements, timezone.localdate())
    samples = _samples(dataset, lake, [field.name for field in open_fields])
    proposals = {
        field: matcher.propose(field.name, field.chinese, field.raw_type, samples.get(field.name, ()))
        for field in open_fields
    }
    changed = [field for field, found in proposals.items() if _write(field, found)]
    changed += _one_of_each(fields, open_fields, by_key)
    with transaction.atomic():
        Field.objects.bulk_update(changed, ["element_key", "match", "match_score", "match_reasons", "grade"])
        _grade(dataset, fields, by_key)
    return list(dict.fromkeys(changed))


def confirm_match(field: Field, element_key: str, actor: Actor) -> Field:
    """`actor` says that `field` is the element with `element_key`; this stays through later runs.

    Raises LookupError when no application declares the element.
    """
    element = registry().get(Element, element_key)
    field.element_key = element.key
    field.match = Field.Match.CONFIRMED
    field.match_by = actor.name
    field.grade = element.grade.value
    field.save(update_fields=["element_key", "match", "match_by", "grade"])
    reindex(field.dataset)
    return field


def refuse_match(field: Field, actor: Actor) -> Field:
    """`actor` says that the proposed element is wrong: the field passes unchecked until one is confirmed."""
    field.match = Field.Match.REFUSED
    field.match_by = actor.name
    field.save(update_fields=["match", "match_by"])
    reindex(field.dataset)
    return field


def _write(field: Field, found: Sequence[Proposal]) -> bool:
    """Put the best proposal into `field`; tells whether that changed it."""
    before = (field.element_key, field.match, field.match_score, field.match_reasons)
    if not found:
        field.element_key, field.match, field.match_score, field.match_reasons = "", Field.Match.NONE, None, []
    else:
        best = found[0]
        field.element_key = best.element.key
        field.match = Field.Match.TAKEN if best.score >= THRESHOLD else Field.Match.PROPOSED
        field.match_score = best.score
        field.match_reasons = [reason.stored() for reason in best.reasons]
        field.grade = best.element.grade.value
    return before != (field.element_key, field.match, field.match_score, field.match_reasons)


def _stays(field: Field, by_key: dict[str, Element]) -> bool:
    """Whether the field's match is settled: by a person, or taken before with an element that still exists."""
    return field.match in DECIDED or (field.match == Field.Match.TAKEN and field.element_key in by_key)


def _one_of_each(fields: Sequence[Field], open_fields: Sequence[Field], by_key: dict[str, Element]) -> list[Field]:
    """An element that must be filled in names what a row is about: of several columns only the best is taken.

    A column that had it before comes first.
    """
    taken: dict[str, list[Field]] = {}
    for field in fields:
        if field.match == Field.Match.TAKEN and _must_be_filled(by_key[field.element_key]):
            taken.setdefault(field.element_key, []).append(field)
    doubted = []
    for rivals in taken.values():
        best, *others = sorted(
            rivals, key=lambda field: (field in open_fields, -(field.match_score or 0), field.position)
        )
        for field in others:
            if field in open_fields:
                field.match = Field.Match.PROPOSED
                reason = Sentence(_("The column “%(column)s” fits the element better."), {"column": best.name})
                field.match_reasons = [*field.match_reasons, reason.stored()]
                doubted.append(field)
    return doubted


def _must_be_filled(element: Element) -> bool:
    return any(isinstance(check, Required) for check in element.checks)


def _grade(dataset: Dataset, fields: Sequence[Field], by_key: dict[str, Element]) -> None:
    """A dataset is as sensitive as its most sensitive field, taken or only proposed: doubt counts as sensitive."""
    known = [by_key[field.element_key] for field in fields if field.element_key in by_key]
    grade = suggest_grade(known, otherwise=Grade.L2).value
    if dataset.grade != grade:
        dataset.grade = grade
        dataset.save(update_fields=["grade"])


def _samples(dataset: Dataset, lake: Lake, columns: Sequence[str]) -> dict[str, list[str | None]]:
    """The first rows of each column as text."""
    table = TableName(namespace="raw", name=dataset.table)
    if dataset.raw_snapshot is None or not lake.exists(table):
        return {}
    rows = lake.dataset(table, snapshot=dataset.raw_snapshot).head(ROWS_LOOKED_AT)
    return {name: as_texts(rows.column(name)) for name in columns if name in rows.column_names}


def as_texts(column: pa.ChunkedArray) -> list[str | None]:
    """Values of any Arrow type written as a text delivery would write them."""
    return [None if value is None else _written(value) for value in column.to_pylist()]


def _written(value: object) -> str:
    match value:
        case bool():
            return "1" if value else "0"
        case datetime.datetime():
            return value.strftime("%Y-%m-%d %H:%M:%S")
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case bytes():
            return value.decode("utf-8", "replace")
    return str(value)
