"""The formula's promises: 0 to 100, more failures never raise a score, nothing judged is no score."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citybrain.declare.element import DataType, Element
from citybrain.declare.rule import Algorithm, CheckDigit, Required, Severity
from citybrain.declare.words import UpdateCycle
from citybrain.warehouse.catalogue.freshness import freshness
from citybrain.warehouse.governance.quality import (
    DIMENSION_OF_RULE,
    FORMULA,
    DatasetFindings,
    Dimension,
    FieldFindings,
    Formula,
    Quality,
    dataset_score,
    dataset_weight,
    dimension_of,
    field_score,
    findings_of,
    rollup,
    timeliness,
    value_weight,
)

NOW = datetime(2026, 11, 21, tzinfo=UTC)
RULES = sorted(DIMENSION_OF_RULE)


@st.composite
def field_findings(draw: st.DrawFn, rows: int | None = None) -> FieldFindings:
    total = draw(st.integers(0, 10**7)) if rows is None else rows
    nulls = draw(st.integers(0, total))
    rules = draw(st.lists(st.sampled_from(RULES), unique=True, max_size=5))
    return FieldFindings(
        rows=total,
        nulls=nulls,
        failures={rule: draw(st.integers(0, total)) for rule in rules},
        notices=frozenset(draw(st.lists(st.sampled_from(rules), unique=True)) if rules else ()),
    )


@st.composite
def dataset_findings(draw: st.DrawFn) -> DatasetFindings:
    rows = draw(st.integers(0, 10**7))
    names = draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=4))
    age = draw(st.none() | st.integers(0, 400))
    return DatasetFindings(
        rows=rows,
        fields={name: draw(field_findings(rows)) for name in names},
        key_fields=frozenset(names[:1]),
        duplicates=draw(st.integers(0, rows)),
        key_conflicts=draw(st.integers(0, rows)),
        row_failures={
            rule: draw(st.integers(0, rows)) for rule in draw(st.lists(st.text("xyz", max_size=2), max_size=3))
        },
        quarantined=draw(st.integers(0, 1_000)),
        freshness=None if age is None else fresh_after(timedelta(days=age)),
    )


def fresh_after(age: timedelta, cycle: UpdateCycle = UpdateCycle.WEEKLY):  # type: ignore[no-untyped-def]
    return freshness(data_at=NOW - age, cycle=cycle, now=NOW)


@given(field_findings())
def test_a_field_scores_between_0_and_100(findings: FieldFindings) -> None:
    quality = field_score(findings)
    assert quality.score is None or 0 <= quality.score <= 100
    assert all(0 <= share <= 1 for share in quality.parts.values())
    assert (quality.score is None) == (not quality.parts)


@given(findings=field_findings(), more=st.integers(1, 10**7), data=st.data())
def test_more_failures_never_raise_a_fields_score(findings: FieldFindings, more: int, data: st.DataObject) -> None:
    if not findings.failures:
        return
    rule = data.draw(st.sampled_from(sorted(findings.failures)))
    worse = replace(findings, failures={**findings.failures, rule: findings.failures[rule] + more})
    before, after = field_score(findings).score, field_score(worse).score
    assert (before is None) == (after is None)
    assert before is None or after is None or after <= before + 1e-9


@settings(max_examples=200)
@given(findings=dataset_findings(), more=st.integers(1, 10**6), data=st.data())
def test_more_failures_never_raise_a_datasets_score(findings: DatasetFindings, more: int, data: st.DataObject) -> None:
    worse = [replace(findings, duplicates=findings.duplicates + more)]
    worse.append(replace(findings, key_conflicts=findings.key_conflicts + more))
    worse.append(replace(findings, quarantined=findings.quarantined + more))
    worse += [
        replace(findings, row_failures={**findings.row_failures, rule: count + more})
        for rule, count in findings.row_failures.items()
    ]
    for name, field in findings.fields.items():
        for rule, count in field.failures.items():
            broken = replace(field, failures={**field.failures, rule: count + more})
            worse.append(replace(findings, fields={**findings.fields, name: broken}))
    before = dataset_score(findings).score
    for case in worse:
        after = dataset_score(case).score
        assert (before is None) == (after is None)
        assert before is None or after is None or (0 <= after <= before + 1e-9 <= 100 + 1e-6)


@given(older=st.integers(0, 100), age=st.integers(0, 100))
def test_older_data_never_score_higher(age: int, older: int) -> None:
    field = FieldFindings(rows=10, failures={"pattern": 1})
    young = DatasetFindings(rows=10, fields={"a": field}, freshness=fresh_after(timedelta(days=age)))
    old = replace(young, freshness=fresh_after(timedelta(days=age + older)))
    assert dataset_score(old).score <= dataset_score(young).score  # type: ignore[operator]


def test_nothing_to_judge_is_no_score() -> None:
    assert field_score(FieldFindings(rows=100)).score is None
    assert field_score(FieldFindings(rows=0, failures={"required": 0})).score is None
    assert field_score(FieldFindings(rows=5, nulls=5, failures={"check-digit": 0})).score is None
    assert dataset_score(DatasetFindings(rows=0, fields={})).score is None
    unchecked = DatasetFindings(rows=9, fields={"a": FieldFindings(rows=9)}, freshness=fresh_after(timedelta(0)))
    assert dataset_score(unchecked).score is None
    assert rollup([]).score is None
    assert rollup([Quality(score=None, parts={}, rows=5)]).score is None


def test_a_field_by_hand() -> None:
    findings = FieldFindings(
        rows=100, nulls=20, failures={"required": 20, "check-digit": 8, "pattern": 4, "readable": 0}
    )
    quality = field_score(findings)
    assert quality.parts == {
        Dimension.COMPLETENESS: pytest.approx(0.8),
        Dimension.ACCURACY: pytest.approx(0.9),
        Dimension.CONFORMITY: pytest.approx(0.95),
    }
    assert quality.score == pytest.approx(100 * (0.20 * 0.8 + 0.25 * 0.9 + 0.15 * 0.95) / 0.60)


def test_a_notice_counts_a_quarter() -> None:
    error = FieldFindings(rows=100, failures={"embedded-code": 40})
    assert field_score(error).score == pytest.approx(60)
    assert field_score(replace(error, notices=frozenset({"embedded-code"}))).score == pytest.approx(90)


def test_a_dataset_by_hand() -> None:
    key = FieldFindings(rows=100, failures={"check-digit": 10})
    other = FieldFindings(rows=100, failures={"readable": 40})
    findings = DatasetFindings(
        rows=100,
        fields={"id": key, "day": other},
        key_fields=frozenset({"id"}),
        duplicates=5,
        row_failures={"birth-before-death": 20, "orphan": 0},
        quarantined=25,
        freshness=fresh_after(timedelta(days=14)),
    )
    parts = dataset_score(findings).parts
    assert parts == {
        Dimension.ACCURACY: pytest.approx((2 * 0.9 + 0.6) / 3),
        Dimension.UNIQUENESS: pytest.approx(0.95),
        Dimension.CONSISTENCY: pytest.approx(0.9),
        Dimension.ACCESSIBILITY: pytest.approx(0.8),
        Dimension.TIMELINESS: pytest.approx(0.5),
    }


@pytest.mark.parametrize(("days", "share"), [(0, 1.0), (7, 1.0), (10.5, 0.75), (14, 0.5), (21, 0.0), (400, 0.0)])
def test_timeliness_falls_to_nothing_at_three_cycles(days: float, share: float) -> None:
    assert timeliness(fresh_after(timedelta(days=days))) == pytest.approx(share)


def test_timeliness_says_nothing_without_a_promise() -> None:
    assert timeliness(fresh_after(timedelta(days=1), UpdateCycle.ON_DEMAND)) is None
    assert timeliness(freshness(data_at=None, cycle=UpdateCycle.DAILY, now=NOW)) is None
    assert timeliness(None) is None


def test_large_datasets_weigh_more_but_drown_nothing() -> None:
    big, small = (Quality(score=score, parts={}, rows=rows) for score, rows in ((100.0, 1_000_000), (50.0, 10)))
    assert (dataset_weight(0), dataset_weight(10), dataset_weight(1_000_000)) == (1, 2, 7)
    assert rollup([big, small]).score == pytest.approx((700 + 100) / 9)
    assert rollup([big, small], value_weight).score == pytest.approx(100, abs=0.01)


@given(st.lists(st.tuples(st.none() | st.floats(0, 100), st.integers(0, 10**9)), max_size=8))
def test_a_rollup_lies_between_its_members(members: list[tuple[float | None, int]]) -> None:
    scores = [score for score, _rows in members if score is not None]
    score = rollup(Quality(score=score, parts={}, rows=rows) for score, rows in members).score
    assert (score is None) == (not scores)
    assert score is None or min(scores) - 1e-6 <= score <= max(scores) + 1e-6


def test_findings_name_every_check_that_ran() -> None:
    element = Element(
        key="event-day",
        title="",
        chinese="",
        definition="",
        type=DataType.DATE,
        format="d8",
        checks=(Required(), CheckDigit(algorithm=Algorithm.LUHN, severity=Severity.NOTICE)),
    )
    findings = findings_of(element, rows=9, nulls=1, failures={"event-day.required": 1, "orphan": 2})
    assert findings.failures == {"required": 1, "check-digit": 0, "readable": 0, "orphan": 2}
    assert findings.notices == {"check-digit"}


def test_rules_without_a_known_kind_count_as_consistency() -> None:
    assert dimension_of("citizen-id.check-digit") is Dimension.ACCURACY
    assert dimension_of("birth-before-death") is Dimension.CONSISTENCY


def test_the_formula_is_whole() -> None:
    assert sum(FORMULA.weights.values()) == pytest.approx(1)
    with pytest.raises(ValueError, match="every dimension"):
        replace(FORMULA, weights={Dimension.ACCURACY: 1.0})
    assert isinstance(FORMULA, Formula)
    assert all(dimension.label and dimension.chinese and dimension.formula for dimension in Dimension)


def test_a_quality_survives_storing() -> None:
    quality = Quality(score=91.25, parts={Dimension.ACCURACY: 0.9125}, rows=7)
    assert Quality.stored(quality.score, quality.percentages(), quality.rows) == quality
    assert Quality.stored(5.0, {"gone-dimension": 3.0}, 1).parts == {}
