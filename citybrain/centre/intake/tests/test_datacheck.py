"""Data problems: one event a table and rule, repeats joined, clean runs are proofs, nothing floods the desks."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from citybrain.centre.events.models import Event, Signal, Step
from citybrain.centre.intake.datacheck import inspecting
from citybrain.centre.intake.datacheck.inspecting import inspect, waiting
from citybrain.kernel.identity.models import Organisation
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.governance.models import GovernRun

pytestmark = pytest.mark.usefixtures("centre")


@pytest.fixture
def dataset(db: None) -> Dataset:
    provider = Organisation.objects.create(key="police", path="police/", chinese="公安局", english="Police")
    return Dataset.objects.create(key="police.person", chinese="人口", provider=provider, source_key="police")


def run(dataset: Dataset, rows: dict[str, int], of: int = 1000, severity: str = "error") -> GovernRun:
    problems = [
        {"field": "id_no", "element": "", "rule": rule, "severity": severity, "rows": count}
        for rule, count in rows.items()
    ]
    return GovernRun.objects.create(
        dataset=dataset,
        load=f"load-{GovernRun.objects.count()}",
        state=GovernRun.State.DONE,
        today=timezone.localdate(),
        rows_in=of,
        problems=problems,
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )


def test_a_grave_problem_is_an_event_of_the_provider(dataset: Dataset) -> None:
    assert inspect(run(dataset, {"citizen-id.checksum": 120, "mobile.pattern": 3}))["opened"] == 1
    event = Event.objects.get()
    assert (event.type, event.channel, event.organisation.key) == ("data-problem", "data_check", "police")
    assert (event.asset_kind, event.asset_number) == ("dataset", "police.person")
    assert "/datasets/police.person/?tab=problems" in event.description


@pytest.mark.parametrize(
    ("rows", "of", "severity"),
    [(19, 100, "error"), (49, 1000, "error"), (500, 1000, "warning"), (0, 0, "error")],
)
def test_what_is_small_or_a_warning_is_none(dataset: Dataset, rows: int, of: int, severity: str) -> None:
    assert inspect(run(dataset, {"a": rows}, of, severity))["opened"] == 0


def test_a_run_is_looked_at_once(dataset: Dataset) -> None:
    one = run(dataset, {"a": 100})
    assert inspect(one) == inspect(one)
    assert Signal.objects.count() == 1
    assert list(waiting()) == []


def test_repeats_join_and_a_clean_run_is_the_proof(dataset: Dataset) -> None:
    inspect(run(dataset, {"a": 100}))
    assert inspect(run(dataset, {"a": 90}))["joined"] == 1
    assert inspect(run(dataset, {"a": 5}))["recovered"] == 1
    event = Event.objects.get()
    assert event.signal_count == 3
    assert Step.objects.filter(event=event, facts__is_recovery=True).count() == 1
    assert not event.is_mass


def test_only_the_newest_run_of_a_table_is_looked_at(dataset: Dataset) -> None:
    run(dataset, {"a": 100})
    newest = run(dataset, {})
    assert list(waiting()) == [newest]


def test_the_worst_come_first_and_the_others_wait(dataset: Dataset, monkeypatch: Any) -> None:
    rows = {f"rule-{number}": 100 + number for number in range(5)}
    counts = inspect(run(dataset, rows))
    assert (counts["opened"], counts["waiting"]) == (3, 2)
    assert {int(signal.value) for signal in Signal.objects.all()} == {104, 103, 102}
    monkeypatch.setattr(inspecting, "MOST_A_DAY", 4)
    assert inspect(run(dataset, rows)) == {"opened": 1, "joined": 3, "recovered": 0, "waiting": 1}


def test_long_names_stay_apart(dataset: Dataset) -> None:
    first, second = ("x" * 200 + end for end in ("1", "2"))
    inspect(run(dataset, {first: 100, second: 100}))
    assert Event.objects.count() == 2
