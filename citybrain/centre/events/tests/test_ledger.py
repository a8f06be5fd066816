"""Whatever somebody with the database's password does to events is found by the ledger, and named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from citybrain.centre.events.actions import act
from citybrain.centre.events.journal import LOG
from citybrain.centre.events.ledger import digests, page
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Event, Step
from citybrain.centre.events.orders import Order
from citybrain.centre.events.tests.county import PIT, County
from citybrain.hubs.evidence.checking import Fault, check
from citybrain.hubs.evidence.sealing import seal

Case = Callable[..., Event]


@pytest.fixture(autouse=True)
def own_home(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def events(county: County, case: Case) -> list[Event]:
    """Three cases of two steps; all but the last step sealed."""
    found = [case(text=f"路面坑洼 {number}") for number in range(3)]
    for place, event in enumerate(found):
        if place == 2:
            seal(LOG)
        act(event, Order(verb=Verb.ACCEPT, type=PIT.key), county.desk, seen=event.steps)
    return found


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount


def fault() -> Fault:
    found = check(LOG).fault
    assert found is not None
    return found


def test_honest_events_hold(events: list[Event]) -> None:
    report = check(LOG)
    assert (report.fault, report.leaves, report.waiting, report.unanswered) == (None, 5, 1, set())


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("text", "forged"),
        ("reason", "other"),
        ("at", "2020-01-01 00:00:00"),
        ("facts", '{"type": "test-word"}'),
        ("media", '[{"sha256": "00"}]'),
        ("verb", "close"),
        ("target", "closed"),
        ("previous", "00"),
        ("client", "phone"),
        ("on_behalf_of", "somebody"),
    ],
)
def test_a_changed_step_is_named(events: list[Event], column: str, value: str) -> None:
    step = Step.objects.get(event=events[1], number=2)
    sql(f"UPDATE events_step SET {column} = %s WHERE id = %s", value, step.pk)
    assert fault().reference == f"{events[1].number}/2"
    assert "record was changed" in fault().text


def test_a_changed_hash_is_named(events: list[Event]) -> None:
    sql("UPDATE events_step SET hash = %s WHERE event_id = %s AND number = 2", "00" * 32, events[1].pk)
    assert str(fault()).startswith(events[1].number) and "step 2" in str(fault())


def test_a_removed_step_is_named(events: list[Event]) -> None:
    sql("DELETE FROM events_step WHERE event_id = %s AND number = 2", events[0].pk)
    assert fault().reference == f"{events[0].number}/2"
    assert "gone" in fault().text


def test_a_case_that_does_not_follow_from_its_journal_is_named(events: list[Event]) -> None:
    sql("UPDATE events_event SET state = 'closed' WHERE id = %s", events[2].pk)
    assert str(fault()).startswith(events[2].number)


def test_a_step_written_past_the_ledger_is_named(events: list[Event]) -> None:
    sql("DELETE FROM evidence_leaf WHERE reference = %s", f"{events[2].number}/2")
    assert f"{events[2].number}/2 has no leaf" in str(fault())


def test_references_that_name_no_step_are_no_steps(events: list[Event]) -> None:
    number = events[0].number
    assert set(digests([f"{number}/1", f"{number}/99", f"{number}/x", "nothing", "/", "T/²"])) == {f"{number}/1"}
    assert digests([]) == {}
    assert page(f"{number}/1") == f"/events/{number}/"
