"""Many at once: fifty attempts at one transition have one effect, fifty deliveries make one signal."""

from __future__ import annotations

from typing import Any

import pytest

from citybrain.centre.events import backstop, tasks
from citybrain.centre.events.actions import act
from citybrain.centre.events.checking import check, check_all
from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Channel, Event, Signal, Step, Task
from citybrain.centre.events.orders import Order
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.refusals import NotLegal, Stale
from citybrain.centre.events.tests.county import WORD, County, settle
from citybrain.hubs.evidence.models import Leaf
from citybrain.testing.threads import at_once

pytestmark = pytest.mark.fault

ATTEMPTS = 50


def opened(county: County, **draft: Any) -> Event:
    signal = receive(SignalDraft(channel=Channel.HOTLINE, text="坑", type=WORD.key, **draft), county.agent)
    assert signal.event is not None
    return signal.event


def test_fifty_attempts_at_one_transition_have_one_effect(own_database: str) -> None:
    county = settle()
    event = opened(county)
    seen = event.steps
    people = (county.desk, county.second, county.arbiter)

    def accept(number: int) -> Step:
        order = Order(verb=Verb.ACCEPT) if number % 2 else Order(verb=Verb.REJECT, reason="no-fact", text="没有")
        return act(Event.objects.get(pk=event.pk), order, people[number % 3], seen=seen)

    answers = at_once(ATTEMPTS, accept)
    assert sum(isinstance(one, Step) for one in answers) == 1
    assert all(isinstance(one, Step | Stale) for one in answers), answers
    event.refresh_from_db()
    assert event.steps == seen + 1 and event.journal.count() == seen + 1
    assert Leaf.objects.count() == Step.objects.count()
    assert check(event) == []


def test_fifty_deliveries_make_one_signal(own_database: str) -> None:
    county = settle()
    draft = SignalDraft(channel=Channel.PEER, source_reference="P-1", text="坑", type=WORD.key)
    answers = at_once(ATTEMPTS, lambda number: receive(draft, county.agent))
    assert all(isinstance(one, Signal) for one in answers), answers
    assert len({one.pk for one in answers}) == Signal.objects.count() == Event.objects.count() == 1
    assert list(check_all()) == []


def test_fifty_repeats_of_an_alarm_make_one_event(own_database: str) -> None:
    county = settle()

    def repeat(number: int) -> Signal:
        draft = SignalDraft(
            channel=Channel.DEVICE, source_reference=f"{number}", text="水位", type=WORD.key, fingerprint="water-7"
        )
        return receive(draft, county.agent)

    answers = at_once(ATTEMPTS, repeat)
    assert all(isinstance(one, Signal) for one in answers), answers
    event = Event.objects.get()
    assert event.signal_count == ATTEMPTS == Signal.objects.filter(event=event).count()
    assert event.is_mass and check(event) == [] and backstop.proof().holds


def test_merges_crosswise_never_wait_for_each_other(own_database: str) -> None:
    county = settle()
    one, other = opened(county), opened(county)

    def merge(number: int) -> Step:
        event, head = (one, other) if number % 2 else (other, one)
        event, head = Event.objects.get(pk=event.pk), Event.objects.get(pk=head.pk)
        return act(event, Order(verb=Verb.MERGE, into=head), county.desk, seen=None)

    answers = at_once(ATTEMPTS, merge)
    assert sum(isinstance(answer, Step) for answer in answers) == 1, {repr(one) for one in answers}
    states = {event.state for event in Event.objects.all()}
    assert states == {State.NEW, State.MERGED} and list(check_all()) == []


def test_one_task_is_signed_once(own_database: str) -> None:
    county = settle()
    event = opened(county)
    act(event, Order(verb=Verb.ACCEPT), county.desk, seen=event.steps)
    order = Order(verb=Verb.DISPATCH, organisation=county.road, assistants=(county.water,))
    act(event, order, county.desk, seen=event.steps)
    task = event.tasks.get(role=Task.Role.ASSIST)
    answers = at_once(ATTEMPTS, lambda number: tasks.sign_task(Task.objects.get(pk=task.pk), county.water_worker))
    assert sum(isinstance(one, Step) for one in answers) == 1
    assert all(isinstance(one, Step | NotLegal) for one in answers), answers
    event.refresh_from_db()
    assert check(event) == []
