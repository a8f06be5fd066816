"""The reporter's word: once a closing, reopens once, then a person decides."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from citybrain.centre.events.actions import act
from citybrain.centre.events.checking import check
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Event, Signal
from citybrain.centre.events.orders import Order
from citybrain.centre.events.rating import rate
from citybrain.centre.events.refusals import NotLegal, Refused
from citybrain.centre.events.tests.county import WORD, County

Case = Callable[..., Event]


def through(event: Event, county: County, *, first: bool = True) -> Event:
    """Once through the loop until it is closed."""
    orders = [
        (Order(verb=Verb.ACCEPT), county.desk),
        (Order(verb=Verb.DISPATCH, organisation=county.road), county.desk),
        (Order(verb=Verb.SIGN), county.road_worker),
        (Order(verb=Verb.REPORT_DONE, result="answered_only"), county.road_worker),
        (Order(verb=Verb.CLOSE, public_text="答复"), county.desk),
    ]
    for order, actor in orders if first else orders[2:]:
        act(event, order, actor, seen=event.steps)
    return event


def signal_of(event: Event) -> Signal:
    return Signal.objects.filter(event=event).earliest("pk")


def test_unsolved_reopens_once_then_comes_under_supervision(case: Case, county: County) -> None:
    event = case(type=WORD.key)
    with pytest.raises(NotLegal):
        rate(event, signal_of(event), True, 5)
    through(event, county)
    said = rate(event, signal_of(event), False, 1, "还是没人管")
    assert said.reopened and (event.state, event.reopen_count, event.is_solved) == (State.DISPATCHED, 1, False)
    assert event.tasks.filter(role="lead").count() == 2
    through(event, county, first=False)
    again = rate(event, signal_of(event), False, 2)
    assert not again.reopened and (event.state, event.is_supervised) == (State.CLOSED, True)
    assert event.rating == 2
    act(event, Order(verb=Verb.REDO, text="督办重办"), county.desk, seen=event.steps)
    assert check(event) == []


def test_one_word_a_closing(case: Case, county: County) -> None:
    event = through(case(type=WORD.key), county)
    rate(event, signal_of(event), True, 5, "谢谢")
    assert (event.rating, event.is_solved, event.state) == (5, True, State.CLOSED)
    with pytest.raises(Refused):
        rate(event, signal_of(event), False, 1)
    with pytest.raises(Refused):
        rate(event, signal_of(event), True, 6)


def test_who_reported_a_merged_event_rates_the_head(case: Case, county: County) -> None:
    head, other, stranger = case(type=WORD.key), case(type=WORD.key), case(type=WORD.key)
    act(other, Order(verb=Verb.MERGE, into=head), county.desk, seen=other.steps)
    head.refresh_from_db()
    through(head, county)
    rate(head, signal_of(head), True, 5)
    rate(other, signal_of(other), True, 3)
    head.refresh_from_db()
    assert head.rating == 3 and head.ratings.count() == 2
    with pytest.raises(Refused):
        rate(head, signal_of(stranger), True, 5)
    assert check(head) == []
