"""Scores are kept with their subjects and in the history, once a run, and rolled up over what is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citybrain.declare.words import UpdateCycle
from citybrain.kernel.identity.models import Organisation
from citybrain.warehouse.catalogue import actions as catalogue
from citybrain.warehouse.catalogue.models import Dataset, Field, Score
from citybrain.warehouse.governance.actions_scores import record_scores, roll_up
from citybrain.warehouse.governance.quality import DatasetFindings, FieldFindings

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def dataset(number: int, provider: Organisation, rows: int = 100) -> Dataset:
    entry = catalogue.register_dataset(
        f"{provider.key}.t{number}",
        chinese=f"表{number}",
        provider=provider,
        source_key=f"{provider.key}-source",
        cycle=UpdateCycle.DAILY,
    )
    schema = pa.schema([("SFZH", pa.string()), ("BZ", pa.string())])
    catalogue.record_gathered(entry, snapshot=1, rows=rows, bytes=1, schema=schema, data_at=NOW)
    entry.fields.filter(name="SFZH").update(element_key="citizen-id", match=Field.Match.TAKEN)
    return entry


@pytest.fixture
def police() -> Organisation:
    return Organisation.objects.create(key="police", chinese="公安局", english="Police")


@pytest.fixture
def tax() -> Organisation:
    return Organisation.objects.create(key="tax", chinese="税务局", english="Tax", position=1)


def found(broken: int, rows: int = 100) -> DatasetFindings:
    return DatasetFindings(
        rows=rows,
        fields={"SFZH": FieldFindings(rows=rows, failures={"check-digit": broken}), "BZ": FieldFindings(rows=rows)},
    )


def history(subject: str, key: str) -> list[float | None]:
    return list(Score.objects.filter(subject=subject, key=key).order_by("at").values_list("score", flat=True))


def test_a_run_scores_dataset_and_fields(police: Organisation) -> None:
    entry = dataset(1, police)
    quality = record_scores(entry, found(10), at=NOW)
    entry.refresh_from_db()
    assert entry.score == round(quality.score or 0, 2) == history("dataset", entry.key)[0]
    assert entry.score_parts == {"accuracy": 90.0, "uniqueness": 100.0, "accessibility": 100.0, "timeliness": 100.0}
    assert entry.fields.get(name="SFZH").score == 90.0 == history("field", f"{entry.key}/SFZH")[0]
    assert entry.fields.get(name="BZ").score is None
    assert history("field", f"{entry.key}/BZ") == []


def test_late_data_score_lower(police: Organisation) -> None:
    entry = dataset(1, police)
    record_scores(entry, found(10), at=NOW + timedelta(days=2))
    assert entry.score_parts["timeliness"] == 50.0


def test_the_same_run_again_is_one_run(police: Organisation) -> None:
    entry = dataset(1, police)
    record_scores(entry, found(10), at=NOW)
    record_scores(entry, found(20), at=NOW)
    assert len(history("dataset", entry.key)) == 1
    assert history("field", f"{entry.key}/SFZH") == [80.0]


def test_fields_enter_the_history_when_they_change(police: Organisation) -> None:
    entry = dataset(1, police)
    for day, broken in enumerate([10, 10, 30, 30, 10]):
        record_scores(entry, found(broken), at=NOW + timedelta(days=day))
    assert history("field", f"{entry.key}/SFZH") == [90.0, 70.0, 90.0]
    assert len(history("dataset", entry.key)) == 5


def test_a_dataset_without_a_verdict_loses_its_old_one(police: Organisation) -> None:
    entry = dataset(1, police)
    record_scores(entry, found(10), at=NOW)
    record_scores(entry, DatasetFindings(rows=0, fields={"SFZH": FieldFindings(rows=0)}), at=NOW + timedelta(days=1))
    entry.refresh_from_db()
    assert (entry.score, entry.score_parts) == (None, {})
    assert entry.fields.get(name="SFZH").score is None


def test_roll_up(police: Organisation, tax: Organisation) -> None:
    for number, (provider, broken) in enumerate([(police, 0), (police, 20), (tax, 40)]):
        record_scores(dataset(number, provider), found(broken), at=NOW)
    dataset(9, tax)
    whole = roll_up(at=NOW)
    scores = dict(Dataset.objects.exclude(score=None).values_list("key", "score"))
    mean = (scores["police.t0"] + scores["police.t1"]) / 2
    assert history("department", "police") == history("source", "police-source") == [pytest.approx(mean, abs=0.01)]
    assert history("department", "tax") == [scores["tax.t2"]], "what has no score does not count"
    assert history("element", "citizen-id") == [80.0]
    assert history("county", "") == [round(whole.score or 0, 2)]
    roll_up(at=NOW + timedelta(days=1))
    assert (len(history("element", "citizen-id")), len(history("county", ""))) == (1, 2)


def test_roll_up_over_nothing() -> None:
    assert roll_up(at=NOW).score is None
    assert history("county", "") == [None]


def test_roll_up_asks_a_constant_number_of_queries(police: Organisation) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            roll_up(at=NOW)
        return len(captured)

    record_scores(dataset(1, police), found(1), at=NOW)
    few = queries()
    for number in range(2, 12):
        record_scores(dataset(number, police), found(number), at=NOW)
    assert queries() == few
    assert Field.objects.exclude(score=None).count() == 11
