"""The verbs of quality scores: keep those of a governance run, and roll them up when all datasets were run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from citybrain.declare.words import UpdateCycle
from citybrain.warehouse.catalogue.freshness import freshness
from citybrain.warehouse.catalogue.models import Dataset, Field, Score
from citybrain.warehouse.catalogue.queries import BOUND
from citybrain.warehouse.governance.quality import (
    FORMULA,
    DatasetFindings,
    Quality,
    dataset_score,
    field_score,
    rollup,
    value_weight,
)

DIGITS = 2
"""Decimals a score is kept with."""


def record_scores(dataset: Dataset, findings: DatasetFindings, *, at: datetime) -> Quality:
    """Score `dataset` and its fields by what a run found, keep the scores with them and in the history.

    Recording the same run (`at`) again overwrites its rows. Fields enter the history when their number changed.
    Findings that say nothing of freshness take that of the dataset at the time of the run.
    """
    if findings.freshness is None:
        fresh = freshness(data_at=dataset.data_at, cycle=UpdateCycle(dataset.cycle), now=at)
        findings = replace(findings, freshness=fresh)
    quality = dataset_score(findings)
    history = [_row(Score.Subject.DATASET, dataset.key, at, quality)]
    fields = []
    for field in dataset.fields.filter(name__in=list(findings.fields)):
        found = field_score(findings.fields[field.name])
        score, parts = _rounded(found.score), found.percentages()
        if (field.score, field.score_parts) != (score, parts):
            field.score, field.score_parts = score, parts
            fields.append(field)
            history.append(_row(Score.Subject.FIELD, f"{dataset.key}/{field.name}", at, found))
    dataset.score, dataset.score_parts = _rounded(quality.score), quality.percentages()
    with transaction.atomic():
        dataset.save(update_fields=["score", "score_parts"])
        # An upsert of rows that are there: bulk_update's CASE for each value costs five times as much.
        Field.objects.bulk_create(
            fields, update_conflicts=True, unique_fields=["id"], update_fields=["score", "score_parts"]
        )
        _store(history)
    return quality


def roll_up(*, at: datetime) -> Quality:
    """Score sources, departments, elements and the county from what datasets and fields hold now; the county's score.

    Three queries read, one statement a thousand scores writes; meant for the end of a run over all datasets.
    """
    sources: dict[str, list[Quality]] = defaultdict(list)
    departments: dict[str, list[Quality]] = defaultdict(list)
    county: list[Quality] = []
    facts = Dataset.objects.exclude(score=None).values_list(
        "source_key", "provider__key", "score", "score_parts", "raw_rows"
    )
    for source, provider, score, parts, rows in facts.iterator():
        quality = Quality.stored(score, parts, rows)
        sources[source].append(quality)
        departments[provider].append(quality)
        county.append(quality)
    elements: dict[str, list[Quality]] = defaultdict(list)
    bound = Field.objects.filter(match__in=BOUND, is_gone=False).exclude(score=None)
    for key, score, parts, rows in bound.values_list(
        "element_key", "score", "score_parts", "dataset__raw_rows"
    ).iterator():
        elements[key].append(Quality.stored(score, parts, rows))
    whole = rollup(county)
    history = [_row(Score.Subject.COUNTY, "", at, whole)]
    history += [_row(Score.Subject.SOURCE, key, at, rollup(members)) for key, members in sources.items()]
    history += [_row(Score.Subject.DEPARTMENT, key, at, rollup(members)) for key, members in departments.items()]
    history += _changed(_row(Score.Subject.ELEMENT, key, at, rollup(of, value_weight)) for key, of in elements.items())
    _store(history)
    return whole


def _changed(rows: Iterable[Score]) -> list[Score]:
    """Those of `rows`, all of elements, whose number is not the last one kept before."""
    last: dict[str, tuple[float | None, dict[str, float]]] = {}
    kept = Score.objects.filter(subject=Score.Subject.ELEMENT).order_by("at")
    for key, score, parts in kept.values_list("key", "score", "parts").iterator():
        last[key] = (score, parts)
    return [row for row in rows if last.get(row.key) != (row.score, row.parts)]


def _row(subject: Score.Subject, key: str, at: datetime, quality: Quality) -> Score:
    return Score(
        subject=subject,
        key=key,
        at=at,
        score=_rounded(quality.score),
        parts=quality.percentages(),
        rows=quality.rows,
        formula=FORMULA.version,
    )


def _store(rows: list[Score]) -> None:
    Score.objects.bulk_create(
        rows,
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["subject", "key", "at"],
        update_fields=["score", "parts", "rows", "formula"],
    )


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, DIGITS)
