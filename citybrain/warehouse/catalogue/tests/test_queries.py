"""An entry with everything it shows, samples that do not leak, and lines of departments that add up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citybrain.declare.words import Grade, Masking, OpenType, ShareType, UpdateCycle
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.lake.tables import Lake, TableName
from citybrain.kernel.standards.masking import HIDDEN
from citybrain.warehouse.catalogue import actions, departments
from citybrain.warehouse.catalogue.freshness import FreshnessState, freshness
from citybrain.warehouse.catalogue.models import Dataset, Field, Score
from citybrain.warehouse.catalogue.queries import entry, latest_scores, score_history
from citybrain.warehouse.catalogue.stored import lineage, samples, shown
from citybrain.warehouse.catalogue.tests.conftest import ELEMENTS, Make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("declared")]

NOW = datetime(2026, 11, 21, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def persons(make: Make) -> Dataset:
    make("police.household", "户", columns=("HH",))
    dataset = make(
        "police.household-person",
        "户籍人口",
        columns=("SFZH", "XM", "BZ"),
        cycle=UpdateCycle.DAILY,
        share=ShareType.UNCONDITIONAL,
        open=OpenType.CONDITIONAL,
        references=[{"column": "HH", "dataset": "police.household", "field": "HH"}],
    )
    Dataset.objects.filter(pk=dataset.pk).update(data_at=NOW - 5 * DAY)
    return dataset


def match(dataset: Dataset, name: str, masking: Masking, state: str = "taken", grade: str = "") -> None:
    dataset.fields.filter(name=name).update(element_key=masking.value, match=state, grade=grade)


def test_an_entry_is_whole(persons: Dataset) -> None:
    match(persons, "SFZH", Masking.IDENTIFIER, grade="L3")
    match(persons, "XM", Masking.NAME, "proposed", grade="L2")
    persons.fields.filter(name="BZ").update(is_gone=True, grade="L4")
    shown = entry("police.household-person", SYSTEM, now=NOW)
    assert shown.provider.key == "police"
    assert (shown.share.national, shown.share.zhejiang, shown.open.zhejiang) == ("无条件共享", "无条件共享", "受限开放")
    assert (shown.freshness.state, shown.freshness.late_by) == (FreshnessState.VERY_LATE, 4 * DAY)
    assert [field.field.name for field in shown.fields] == ["SFZH", "XM"]
    assert [field.field.name for field in shown.gone] == ["BZ"]
    assert [field.is_bound for field in shown.fields] == [True, False]
    assert shown.fields[0].element is ELEMENTS[Masking.IDENTIFIER]
    assert shown.grade is Grade.L3, "a column that is gone grades nothing"
    assert "SFZH" in shown.grade_reason
    assert [version.rows for version in shown.versions] == [10]
    assert [reference.dataset.key for reference in shown.refers_to] == ["police.household"]


def test_an_entry_knows_who_refers_to_it(persons: Dataset, make: Make) -> None:
    references = [{"column": "X", "dataset": "police.household-person-history", "field": "Y"}]
    make("police.other", "别的", references=references)
    shown = entry("police.household", SYSTEM, now=NOW)
    assert [(found.dataset.key, found.column, found.field) for found in shown.referred_by] == [
        ("police.household-person", "HH", "HH")
    ]
    assert entry("police.household-person", SYSTEM, now=NOW).referred_by == ()


def test_an_entry_with_nothing_yet(make: Make) -> None:
    make("police.new", "新表")
    shown = entry("police.new", SYSTEM, now=NOW)
    assert (shown.fields.rows, list(shown.versions), shown.history, shown.grade) == ((), [], (), None)
    assert shown.freshness.state is FreshnessState.UNKNOWN
    assert shown.grade_reason


def test_an_element_no_longer_declared_governs_nothing(persons: Dataset) -> None:
    persons.fields.update(element_key="gone-element", match="confirmed")
    shown = entry(persons.key, SYSTEM, now=NOW)
    assert {(field.element, field.is_bound, field.masking) for field in shown.fields} == {(None, False, Masking.ALL)}


def test_no_such_entry() -> None:
    with pytest.raises(Dataset.DoesNotExist):
        entry("police.none", SYSTEM, now=NOW)


def test_an_entry_asks_a_constant_number_of_queries(persons: Dataset, make: Make) -> None:
    columns = tuple(f"C{number}" for number in range(60))
    wide = make("police.wide", "宽表", columns=columns, references=persons.references * 5)
    wide.fields.update(element_key="name", match="taken")
    for key in (persons.key, "police.wide"):
        with CaptureQueriesContext(connection) as captured:
            entry(key, SYSTEM, now=NOW)
        assert len(captured) == 5


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(catalogue_url=f"sqlite:///{tmp_path / 'lake.sqlite3'}", location=str(tmp_path / "lake"))


def publish(lake: Lake, dataset: Dataset, namespace: str, rows: pa.Table) -> int:
    table = TableName(namespace=namespace, name=dataset.table)
    file = lake.new_file(table)
    pq.write_table(rows, file)
    return lake.publish(table, [file], schema=rows.schema, load=f"{namespace}-1").id


def test_samples_are_masked_by_element(persons: Dataset, lake: Lake) -> None:
    match(persons, "SFZH", Masking.IDENTIFIER)
    match(persons, "XM", Masking.NONE, "proposed", grade="L1")
    rows = pa.table({"SFZH": ["330784199001010013", None], "XM": ["王小明", "李"], "BZ": ["住在隔壁", ""]})
    persons.raw_snapshot = publish(lake, persons, "raw", rows)
    found = samples(persons, lake, SYSTEM)
    assert (found.namespace, found.columns) == ("raw", ("SFZH", "XM", "BZ"))
    assert found.rows.rows == (("3****************3", HIDDEN, HIDDEN), ("", HIDDEN, "")), (
        "what is only proposed stays hidden"
    )


def test_samples_of_published_data_are_open(persons: Dataset, lake: Lake) -> None:
    Dataset.objects.filter(pk=persons.pk).update(is_real=True)
    persons.refresh_from_db()
    persons.standard_snapshot = publish(
        lake, persons, "standard", pa.table({"SFZH": [date(2016, 1, 2)], "N": [b"\xff"]})
    )
    found = samples(persons, lake, SYSTEM, rows=10**9)
    assert found.rows.rows == (("2016-01-02", HIDDEN),)
    assert found.namespace == "standard"


def test_samples_of_nothing(persons: Dataset, lake: Lake) -> None:
    assert samples(persons, lake, SYSTEM).rows.rows == ()
    assert samples(Dataset(key="a.b"), lake, SYSTEM).rows.rows == ()


def test_lineage_counts_what_lies_in_the_lake(persons: Dataset, lake: Lake) -> None:
    snapshot = publish(lake, persons, "raw", pa.table({"A": ["1", "2", "3"]}))
    publish(lake, persons, "held", pa.table({"A": ["1"]}))
    stages = {stage.namespace: stage for stage in lineage(persons, lake)}
    assert (stages["raw"].snapshot, stages["raw"].rows, stages["held"].rows) == (snapshot, 3, 1)
    assert (stages["standard"].snapshot, stages["standard"].rows, stages["problem"].made_at) == (None, 0, None)


def add_score(subject: str, key: str, days: int, score: float | None) -> None:
    Score.objects.create(subject=subject, key=key, at=NOW + days * DAY, score=score, formula="1")


def test_history_is_the_newest_in_order() -> None:
    for days in range(5):
        add_score("dataset", "a.b", days, float(days))
    assert [point.score for point in score_history(Score.Subject.DATASET, "a.b", most=3)] == [2.0, 3.0, 4.0]


def test_latest_scores_are_one_a_subject() -> None:
    for days, score in ((2, 60.0), (0, 80.0), (1, 70.0)):
        add_score("department", "police", days, score)
    add_score("department", "tax", 0, None)
    add_score("source", "police", 9, 1.0)
    found = latest_scores(Score.Subject.DEPARTMENT)
    assert {key: score.score for key, score in found.items()} == {"police": 60.0, "tax": None}


def test_lines_of_departments(persons: Dataset, police: Organisation, tax: Organisation) -> None:
    Organisation.objects.create(key="town", chinese="古山镇", english="Gushan", kind="town", position=9)
    actions.record_governed(persons, snapshot=1, rows=8, problem_rows=2, score=90.0, at=NOW)
    actions.hold(persons)
    add_score("department", "police", 0, 88.0)
    add_score("county", "", 0, 87.5)
    first, second = found = departments.lines(now=NOW)
    assert (first.organisation, first.datasets, first.gathered, first.rows) == (police, 2, 2, 20)
    assert (first.standard_rows, first.problem_rows, first.problem_share, first.score) == (8, 2, 0.1, 88.0)
    assert (first.very_late, first.unknown, first.held, first.data_at) == (1, 1, 1, NOW - 5 * DAY)
    assert (second.organisation, second.datasets, second.score, second.problem_share) == (tax, 0, None, None)
    sums = departments.totals(found)
    assert (sums.departments, sums.datasets, sums.rows, sums.score) == (1, 2, 20, 87.5)
    assert (sums.fields, sums.bound_fields) == (4, 0)


def test_lines_ask_a_constant_number_of_queries(persons: Dataset, make: Make) -> None:
    for number in range(5):
        provider = Organisation.objects.create(key=f"o{number}", chinese="局", english="Bureau", position=number + 5)
        make(f"o{number}.t", "表", provider=provider)
    with CaptureQueriesContext(connection) as captured:
        departments.totals(departments.lines(now=NOW))
    assert len(captured) == 5


@pytest.mark.parametrize("cycle", UpdateCycle)
def test_the_database_and_the_page_agree_on_lateness(make: Make, cycle: UpdateCycle) -> None:
    hours = cycle.hours or 24
    ages = [
        timedelta(hours=hours) * factor + shift * timedelta(minutes=1) for factor in (0, 1, 3) for shift in (-1, 0, 1)
    ]
    ages += [-DAY, -DAY - timedelta(minutes=1)]
    conditions = {
        FreshnessState.FRESH: departments.is_fresh(NOW),
        FreshnessState.LATE: departments.is_late(NOW),
        FreshnessState.VERY_LATE: departments.is_very_late(NOW),
    }
    dataset = make("police.t", "表", cycle=cycle)
    for age in ages:
        Dataset.objects.filter(pk=dataset.pk).update(data_at=NOW - age)
        state = freshness(data_at=NOW - age, cycle=cycle, now=NOW).state
        found = {name for name, condition in conditions.items() if Dataset.objects.filter(condition).exists()}
        assert found == ({state} - {FreshnessState.UNKNOWN}), age
    assert Field.objects.count() == 0


def test_a_time_is_shown_in_the_countys_zone() -> None:
    moment = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
    assert shown(moment, Masking.NONE) == "2026-11-21 09:30:00"
