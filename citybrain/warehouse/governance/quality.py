"""The quality score of fields, datasets, sources, departments, elements and the county (质量评分), 0-100.

    findings of one run ──> dimensions of a field ──> dimensions of a dataset ──> score of the dataset
                                                         │ weighted by 1 + log10(rows)
                                                         └──> source, department, county
    fields bound to one element ── weighted by rows ──> element

Dimensions carry the words of GB/T 36344-2018 (信息技术 数据质量评价指标). Its accuracy (准确性) holds uniqueness too;
we show it apart because it is mended elsewhere. A dimension that nothing was checked for does not count: its weight
goes to the others. Everything here is a pure function of numbers; more failures never raise a score.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from citybrain.declare.element import DataType, Element
from citybrain.declare.rule import Check, Readable, Severity
from citybrain.declare.words import _
from citybrain.warehouse.catalogue.freshness import VERY_LATE_CYCLES, Freshness


class Dimension(StrEnum):
    """One side of quality."""

    COMPLETENESS = "completeness"
    CONFORMITY = "conformity"
    ACCURACY = "accuracy"
    UNIQUENESS = "uniqueness"
    CONSISTENCY = "consistency"
    TIMELINESS = "timeliness"
    ACCESSIBILITY = "accessibility"

    @property
    def label(self) -> str:
        return {
            Dimension.COMPLETENESS: _("Completeness"),
            Dimension.CONFORMITY: _("Conformity"),
            Dimension.ACCURACY: _("Accuracy"),
            Dimension.UNIQUENESS: _("Uniqueness"),
            Dimension.CONSISTENCY: _("Consistency"),
            Dimension.TIMELINESS: _("Timeliness"),
            Dimension.ACCESSIBILITY: _("Accessibility"),
        }[self]

    @property
    def chinese(self) -> str:
        """The word of GB/T 36344-2018."""
        return {
            Dimension.COMPLETENESS: "完整性",
            Dimension.CONFORMITY: "规范性",
            Dimension.ACCURACY: "准确性",
            Dimension.UNIQUENESS: "唯一性",
            Dimension.CONSISTENCY: "一致性",
            Dimension.TIMELINESS: "时效性",
            Dimension.ACCESSIBILITY: "可访问性",
        }[self]

    @property
    def formula(self) -> str:
        """How it is counted, one clause for the page."""
        return {
            Dimension.COMPLETENESS: _("share of rows in which a required value is filled in"),
            Dimension.CONFORMITY: _("share of values in the form and the code list that the standard asks for"),
            Dimension.ACCURACY: _("share of values that can be true: readable, possible, with a right check digit"),
            Dimension.UNIQUENESS: _("share of rows that neither repeat nor contradict another row of their key"),
            Dimension.CONSISTENCY: _("share of rows whose fields agree with each other and with rows they refer to"),
            Dimension.TIMELINESS: _("1 while the data are within the promised cycle, falling to 0 at three cycles"),
            Dimension.ACCESSIBILITY: _("share of delivered rows that could be read; the others lie in quarantine"),
        }[self]


@dataclass(frozen=True, kw_only=True)
class Formula:
    """Every number of the formula, in one place."""

    version: str
    """Stored with each score; scores of different versions are not compared."""
    weights: Mapping[Dimension, float] = field(hash=False)
    """What each dimension weighs in a field's and a dataset's score; they sum to 1."""
    notice: float
    """What a notice counts of an error: the row goes through, but someone should look."""
    key_field: float
    """What a field of the primary key weighs among the fields of a dataset; any other weighs 1."""

    def __post_init__(self) -> None:
        if set(self.weights) != set(Dimension) or not math.isclose(sum(self.weights.values()), 1.0):
            raise ValueError("Formula.weights must name every dimension and sum to 1.")


FORMULA = Formula(
    version="1",
    weights={
        Dimension.COMPLETENESS: 0.20,
        Dimension.CONFORMITY: 0.15,
        Dimension.ACCURACY: 0.25,
        Dimension.UNIQUENESS: 0.10,
        Dimension.CONSISTENCY: 0.15,
        Dimension.TIMELINESS: 0.10,
        Dimension.ACCESSIBILITY: 0.05,
    },
    notice=0.25,
    key_field=2.0,
)

DIMENSION_OF_RULE = {
    "required": Dimension.COMPLETENESS,
    "required-when": Dimension.COMPLETENESS,
    "key-missing": Dimension.COMPLETENESS,
    "length": Dimension.CONFORMITY,
    "pattern": Dimension.CONFORMITY,
    "in-list": Dimension.CONFORMITY,
    "embedded-code": Dimension.CONFORMITY,
    "mojibake": Dimension.CONFORMITY,
    "readable": Dimension.ACCURACY,
    "check-digit": Dimension.ACCURACY,
    "embedded-check-digit": Dimension.ACCURACY,
    "embedded-date": Dimension.ACCURACY,
    "between": Dimension.ACCURACY,
    "date-between": Dimension.ACCURACY,
    "key-conflict": Dimension.UNIQUENESS,
    "duplicate": Dimension.UNIQUENESS,
    "superseded": Dimension.UNIQUENESS,
    "in-order": Dimension.CONSISTENCY,
    "birth-matches": Dimension.CONSISTENCY,
    "sex-matches": Dimension.CONSISTENCY,
    "orphan": Dimension.CONSISTENCY,
}
"""Where each kind of check counts. A rule's name may stand before it: `citizen-id.check-digit`."""

Parts = Mapping[Dimension, float]
"""Shares 0-1 of the dimensions that applied."""


@dataclass(frozen=True, kw_only=True)
class FieldFindings:
    """What one governance run found in one field."""

    rows: int
    nulls: int = 0
    """Rows without a value, after standardising."""
    failures: Mapping[str, int] = field(default_factory=dict, hash=False)
    """{rule: rows that broke it}, of every rule that ran, 0 included. A rule not named did not run."""
    notices: frozenset[str] = frozenset()
    """The rules among them that only note."""


@dataclass(frozen=True, kw_only=True)
class DatasetFindings:
    """What one governance run found in one dataset, fields included."""

    rows: int
    """Rows that went in."""
    fields: Mapping[str, FieldFindings] = field(hash=False)
    key_fields: frozenset[str] = frozenset()
    """Names of the fields of the primary key."""
    duplicates: int = 0
    """Rows left out because the same row, or a newer one of its key, was there."""
    key_conflicts: int = 0
    """Rows held back because another row of their key says something else."""
    row_failures: Mapping[str, int] = field(default_factory=dict, hash=False)
    """{cross-field rule or reference: rows that broke it}, 0 for one that nothing broke."""
    row_notices: frozenset[str] = frozenset()
    """The rules among them that only note."""
    quarantined: int = 0
    """Rows of the same delivery that could not be read."""
    freshness: Freshness | None = None


@dataclass(frozen=True, kw_only=True)
class Quality:
    """A score with what it is made of."""

    score: float | None
    """0-100; None when there was nothing to judge: shown as a dash, neither 0 nor 100."""
    parts: Parts = field(hash=False)
    rows: int

    @classmethod
    def stored(cls, score: float | None, percentages: Mapping[str, float], rows: int) -> Quality:
        """The quality that was stored as a score and `percentages`; dimensions of another formula are left out."""
        known = set(Dimension)
        parts = {Dimension(name): share / 100 for name, share in percentages.items() if name in known}
        return cls(score=score, parts=parts, rows=rows)

    def percentages(self) -> dict[str, float]:
        """The parts as stored and shown: {dimension: 0-100, two decimals}."""
        return {dimension.value: round(100 * share, 2) for dimension, share in self.parts.items()}


def findings_of(element: Element, *, rows: int, nulls: int, failures: Mapping[str, int]) -> FieldFindings:
    """The findings of a field bound to `element`, from {check name: rows}; checks nothing broke are filled in as 0.

    Names may stand behind the element's key (`citizen-id.check-digit`); names the element does not know are kept.
    """
    checks: tuple[Check, ...] = element.checks
    if element.type is not DataType.TEXT and not any(isinstance(check, Readable) for check in checks):
        checks = (*checks, Readable())
    known = {check.name: 0 for check in checks}
    found = {name.removeprefix(f"{element.key}."): count for name, count in failures.items()}
    notices = frozenset(check.name for check in checks if check.severity is Severity.NOTICE)
    errors = frozenset(check.name for check in checks if check.severity is Severity.ERROR)
    return FieldFindings(rows=rows, nulls=nulls, failures={**known, **found}, notices=notices - errors)


def field_score(findings: FieldFindings, formula: Formula = FORMULA) -> Quality:
    """Score of one field: the weighted mean of the dimensions its rules speak about.

    Completeness is a share of all rows; the others are shares of the rows that hold a value, since an empty one breaks
    no rule but `required`. Several rules of one dimension are added up, at most to all rows.
    """
    broken: dict[Dimension, float] = {}
    for rule, count in findings.failures.items():
        dimension = dimension_of(rule)
        weight = formula.notice if rule in findings.notices else 1.0
        broken[dimension] = broken.get(dimension, 0.0) + weight * count
    parts = {}
    for dimension, count in broken.items():
        whole = findings.rows if dimension is Dimension.COMPLETENESS else findings.rows - findings.nulls
        if whole > 0:
            parts[dimension] = _share(count, whole)
    return _quality(parts, findings.rows, formula)


def dataset_score(findings: DatasetFindings, formula: Formula = FORMULA) -> Quality:
    """Score of one dataset: each dimension over its fields (those of the key weigh double) and over its rows.

    None when it has no row, or when no field has a rule: freshness alone is no quality.
    """
    if findings.rows <= 0:
        return Quality(score=None, parts={}, rows=0)
    judged = {name: field_score(found, formula) for name, found in findings.fields.items()}
    parts: dict[Dimension, float] = {}
    for dimension in Dimension:
        shares = [
            (quality.parts[dimension], formula.key_field if name in findings.key_fields else 1.0)
            for name, quality in judged.items()
            if dimension in quality.parts
        ]
        if (mean := weighted_mean(shares)) is not None:
            parts[dimension] = mean
    if not parts:
        return Quality(score=None, parts={}, rows=findings.rows)
    for dimension, shares in _row_shares(findings, formula).items():
        if dimension in parts:
            shares.append(parts[dimension])
        parts[dimension] = sum(shares) / len(shares)
    parts[Dimension.UNIQUENESS] = _share(findings.duplicates + findings.key_conflicts, findings.rows)
    parts[Dimension.ACCESSIBILITY] = _share(findings.quarantined, findings.rows + findings.quarantined)
    if (share := timeliness(findings.freshness)) is not None:
        parts[Dimension.TIMELINESS] = share
    return _quality(parts, findings.rows, formula)


def _row_shares(findings: DatasetFindings, formula: Formula) -> dict[Dimension, list[float]]:
    """Shares of rows that each rule over whole rows let pass, by the dimension it counts in."""
    found: dict[Dimension, list[float]] = {}
    for rule, count in findings.row_failures.items():
        weight = formula.notice if rule in findings.row_notices else 1.0
        found.setdefault(dimension_of(rule), []).append(_share(weight * count, findings.rows))
    return found


def dataset_weight(rows: int) -> float:
    """What a dataset weighs in its source, department and county: 1 + log10(rows).

    By rows alone one table of readings would drown a hundred registers; all alike, a list of ten rows would count as
    much as the population register. By this a million rows weigh 7, a thousand 4, ten 2.
    """
    return 1.0 + math.log10(max(rows, 1))


def value_weight(rows: int) -> float:
    """What a field weighs in its element: its rows, since the question there is which share of all values is right."""
    return float(rows)


def rollup(qualities: Iterable[Quality], weight: Callable[[int], float] = dataset_weight) -> Quality:
    """The score of a source, department, county (datasets by `dataset_weight`) or element (fields by `value_weight`).

    Members without a score do not count, neither as 0 nor as 100.
    """
    members = [quality for quality in qualities if quality.score is not None]
    score = weighted_mean((quality.score, weight(quality.rows)) for quality in members if quality.score is not None)
    parts = {}
    for dimension in Dimension:
        shares = [(quality.parts[dimension], weight(quality.rows)) for quality in members if dimension in quality.parts]
        if (mean := weighted_mean(shares)) is not None:
            parts[dimension] = mean
    return Quality(score=score, parts=parts, rows=sum(quality.rows for quality in members))


def timeliness(fresh: Freshness | None) -> float | None:
    """1 within the promised cycle, falling evenly to 0 at VERY_LATE_CYCLES of them; None when nothing can be said."""
    if fresh is None or fresh.age is None or fresh.promised is None:
        return None
    cycles = fresh.age / fresh.promised
    return min(1.0, max(0.0, (VERY_LATE_CYCLES - cycles) / (VERY_LATE_CYCLES - 1)))


def dimension_of(rule: str) -> Dimension:
    """The dimension a rule counts in; a rule of an unknown kind relates fields, and counts as consistency."""
    return DIMENSION_OF_RULE.get(rule.rpartition(".")[2], Dimension.CONSISTENCY)


def weighted_mean(pairs: Iterable[tuple[float, float]]) -> float | None:
    """Mean of (value, weight) pairs; None when nothing weighs anything."""
    total = weight_sum = 0.0
    for value, weight in pairs:
        total += value * weight
        weight_sum += weight
    return total / weight_sum if weight_sum > 0 else None


def _share(broken: float, whole: int) -> float:
    return 1.0 - min(max(broken, 0.0), whole) / whole


def _quality(parts: Parts, rows: int, formula: Formula) -> Quality:
    mean = weighted_mean((share, formula.weights[dimension]) for dimension, share in parts.items())
    # The mean of shares near 1 may pass it by a rounding error.
    return Quality(score=None if mean is None else min(100.0, 100.0 * mean), parts=dict(parts), rows=rows)
