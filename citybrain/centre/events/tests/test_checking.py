"""Whatever somebody changes behind the journal's back is found and named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from hypothesis import given
from hypothesis import strategies as st

from citybrain.centre.events import journal
from citybrain.centre.events.actions import act
from citybrain.centre.events.checking import check, check_all
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Event, Step, Task
from citybrain.centre.events.orders import Order, clean
from citybrain.centre.events.tests.county import PIT, County
from citybrain.kernel.identity.models import Organisation

Case = Callable[..., Event]


def change(step: Step, **columns: Any) -> None:
    """Changes a line of the journal as only the database's owner can."""
    QuerySet(Step).filter(pk=step.pk).update(**columns)


def drop(step: Step) -> None:
    """Takes a line out of the journal."""
    QuerySet(Step).filter(pk=step.pk)._raw_delete("default")


@pytest.fixture
def event(case: Case, county: County) -> Event:
    found = case(type=PIT.key)
    act(found, Order(verb=Verb.ACCEPT), county.desk, seen=found.steps)
    act(found, Order(verb=Verb.DISPATCH, organisation=county.road, text="去看"), county.desk, seen=found.steps)
    assert check(found) == []
    return found


TAMPERINGS: dict[str, tuple[Callable[[Event], Any], str]] = {
    "words": (lambda event: change(event.journal.get(number=3), text="没有去看"), "step 3 (dispatch) was changed"),
    "who": (lambda event: change(event.journal.get(number=2), user=None), "step 2 (accept) was changed"),
    "when": (
        lambda event: change(event.journal.get(number=2), at=event.opened_at - timedelta(hours=1)),
        "step 2 lies before step 1",
    ),
    "media": (lambda event: change(event.journal.get(number=1), media=[{"sha256": "0"}]), "step 1 (open) was changed"),
    "a line less": (
        lambda event: QuerySet(Step).filter(event=event, number=2)._raw_delete("default"),
        "step 2 is missing",
    ),
    "the last line less": (lambda event: drop(event.journal.get(number=3)), "the journal has 2"),
    "an illegal state": (
        lambda event: change(event.journal.get(number=3), target="closed"),
        "leads from accepted to closed: not legal",
    ),
    "the row's state": (lambda event: Event.objects.filter(pk=event.pk).update(state="closed"), "the row says state"),
    "the row's body": (
        lambda event: Event.objects.filter(pk=event.pk).update(
            organisation=Organisation.objects.exclude(pk=event.organisation_id).earliest("pk")
        ),
        "the row says organisation",
    ),
    "the head": (lambda event: Event.objects.filter(pk=event.pk).update(head="0" * 64), "the row's head"),
    "a task": (lambda event: Task.objects.filter(event=event).update(state="done"), "says state"),
    "a task of nobody": (
        lambda event: Task.objects.create(event=event, role="assist", organisation=event.organisation),
        "is not in the journal",
    ),
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_every_tampering_is_named(event: Event, how: str) -> None:
    tamper, said = TAMPERINGS[how]
    tamper(event)
    event.refresh_from_db()
    findings = check(event)
    assert any(said in finding for finding in findings), findings
    assert all(finding.startswith(event.number) for finding in findings)
    assert set(findings) <= set(check_all())


def test_the_hash_is_the_same_whatever_database_gave_the_line_back(event: Event) -> None:
    step = event.journal.get(number=1)
    assert journal.digest_of(step, event.number) == step.hash
    line = journal.canonical(step, event.number)
    assert line.startswith(b'{"at":"') and b", " not in line.replace(step.text.encode(), b"")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.floats(-180, 180),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=8,
    )
)
def test_plain_values_stay_as_they_are(value: Any) -> None:
    once = journal.plain(value)
    assert journal.plain(once) == once and repr(journal.plain(once)) == repr(once)


@given(st.text(max_size=60))
def test_texts_are_kept_without_what_no_screen_shows(text: str) -> None:
    kept = clean(text)
    assert clean(kept) == kept and "\x00" not in kept
    kept.encode("utf-8")
