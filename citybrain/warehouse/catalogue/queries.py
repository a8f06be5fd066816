"""The questions of the catalogue: everything a page or an interface shows of one entry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet, TextField, Window
from django.db.models.functions import Cast, RowNumber
from django.utils.translation import gettext as _

from citybrain.declare.element import Element
from citybrain.declare.words import Grade, Masking, OpenType, ShareType, UpdateCycle
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import Vouched, reaches, scoped, scoped_one, vouched
from citybrain.kernel.registry.registry import registry
from citybrain.warehouse.catalogue.freshness import Freshness, freshness
from citybrain.warehouse.catalogue.models import Dataset, Field, Score, Version
from citybrain.warehouse.permissions import VIEW

BOUND = (Field.Match.TAKEN, Field.Match.CONFIRMED)
"""States in which a field's values are governed, and masked, by its element."""

VERSIONS = 50
"""Most versions an entry lists; the lake keeps no more either."""

HISTORY = 120
"""Most points of a score's history."""


@dataclass(frozen=True, kw_only=True)
class FieldEntry:
    """One field with what the standards say about it."""

    field: Field
    element: Element | None
    """The element it was matched or proposed to; None for none, or for one no longer declared."""
    is_bound: bool
    """The element governs it, by threshold or by a person; else it is only proposed."""
    masking: Masking
    """How its values are shown without a grant."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """A score at one time."""

    at: datetime
    score: float | None


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A foreign key: `column` of one dataset names rows of the other by `field`."""

    column: str
    dataset: Dataset
    field: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A catalogue entry as a page shows it (目录条目), made from declarations and scans."""

    dataset: Dataset
    """With its provider loaded."""
    provider: Organisation
    is_open: bool
    """Whether the person who asked may look at the rows behind it, and not only at its head."""
    fields: Vouched[FieldEntry]
    """Fields of the version served."""
    gone: Vouched[FieldEntry]
    """Fields that earlier deliveries had."""
    cycle: UpdateCycle
    freshness: Freshness
    share: ShareType
    open: OpenType
    grade: Grade | None
    grade_fields: tuple[Field, ...]
    """The fields that make it this grade."""
    versions: QuerySet[Version]
    """Newest first, at most VERSIONS."""
    history: tuple[Point, ...]
    """Scores over time, oldest first."""
    refers_to: tuple[Reference, ...]
    referred_by: tuple[Reference, ...]

    @property
    def grade_reason(self) -> str:
        """Why the entry has its grade, one sentence."""
        if self.grade is None:
            return _("No field has been graded yet.")
        if not self.grade_fields:
            return _("No field was recognised yet; until one is, the entry is graded with care.")
        names = ", ".join(field.chinese or field.name for field in self.grade_fields[:5])
        return _("The highest grade among its fields: %(fields)s.") % {"fields": names}


def entry(key: str, actor: Actor, *, now: datetime) -> Entry:
    """The entry `key`, in seven database queries at most. Raises Dataset.DoesNotExist when there is none."""
    dataset = scoped_one(Dataset.objects.select_related("provider"), actor, VIEW, key=key)
    fields = [field_entry(field) for field in dataset.fields.all()]
    cycle = UpdateCycle(dataset.cycle)
    present = [field.field for field in fields if not field.field.is_gone]
    grade = max((field.grade for field in present if field.grade), default=dataset.grade)
    return Entry(
        dataset=dataset,
        provider=dataset.provider,
        is_open=reaches(dataset, actor, VIEW, scope=Dataset.ROWS),
        fields=vouched((field for field in fields if not field.field.is_gone), actor, VIEW),
        gone=vouched((field for field in fields if field.field.is_gone), actor, VIEW),
        cycle=cycle,
        freshness=freshness(data_at=dataset.data_at, cycle=cycle, now=now),
        share=ShareType[dataset.share],
        open=OpenType[dataset.open],
        grade=Grade(grade) if grade else None,
        grade_fields=tuple(field for field in present if grade and field.grade == grade),
        versions=scoped(dataset.versions.all(), actor, VIEW)[:VERSIONS],
        history=score_history(Score.Subject.DATASET, dataset.key),
        refers_to=_refers_to(dataset),
        referred_by=_referred_by(dataset),
    )


def field_entry(field: Field) -> FieldEntry:
    """One field with its element from the registry."""
    element = registry().find(Element, field.element_key) if field.element_key else None
    is_bound = element is not None and field.match in BOUND
    return FieldEntry(field=field, element=element, is_bound=is_bound, masking=masking_of(field))


def masking_of(field: Field) -> Masking:
    """How values of `field` are shown without a grant.

    A governed field follows its element. Of the others nothing is known, whatever was proposed for them: all is hidden
    unless the dataset is published.
    """
    element = registry().find(Element, field.element_key) if field.match in BOUND else None
    if element is not None:
        return element.masking
    return Masking.NONE if field.dataset.is_real else Masking.ALL


def score_history(subject: Score.Subject, key: str, *, most: int = HISTORY) -> tuple[Point, ...]:
    """The last `most` scores of one subject, oldest first."""
    newest = Score.objects.filter(subject=subject, key=key).order_by("-at").values_list("at", "score")[:most]
    return tuple(Point(at=at, score=score) for at, score in reversed(newest))


def latest_scores(subject: Score.Subject) -> dict[str, Score]:
    """The newest score of every subject of one kind, by key, in one query however long the history is."""
    place = Window(RowNumber(), partition_by=F("key"), order_by=F("at").desc())
    newest = Score.objects.filter(subject=subject).annotate(place=place).filter(place=1)
    return {score.key: score for score in newest}


def _refers_to(dataset: Dataset) -> tuple[Reference, ...]:
    known = _by_key(reference["dataset"] for reference in dataset.references)
    return tuple(
        Reference(column=reference["column"], dataset=known[reference["dataset"]], field=reference["field"])
        for reference in dataset.references
        if reference["dataset"] in known
    )


def _referred_by(dataset: Dataset) -> tuple[Reference, ...]:
    # JSON containment is PostgreSQL's alone; the key in quotes is in the text of every entry that refers to it.
    as_text = Dataset.objects.annotate(text=Cast("references", TextField()))
    return tuple(
        Reference(column=reference["column"], dataset=other, field=reference["field"])
        for other in as_text.filter(text__contains=f'"{dataset.key}"').order_by("key")
        for reference in other.references
        if reference["dataset"] == dataset.key
    )


def _by_key(keys: Iterable[str]) -> dict[str, Dataset]:
    return {dataset.key: dataset for dataset in Dataset.objects.filter(key__in=set(keys))}
