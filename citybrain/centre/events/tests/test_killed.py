"""kill -9 in the middle of a transition: it happened wholly or not at all, and can be done again."""

from __future__ import annotations

import multiprocessing
import os
import signal as signals
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from citybrain.centre.events import actions, backstop, deadlines, hooks, journal, notices
from citybrain.centre.events.actions import act
from citybrain.centre.events.checking import check_all
from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Channel, Event, Mark, Signal, Step
from citybrain.centre.events.orders import Order
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.tests.county import WORD, County, settle
from citybrain.hubs.evidence.models import Leaf
from citybrain.hubs.messages.models import Message
from citybrain.kernel.identity.models import User
from citybrain.kernel.live.models import LiveEvent

pytestmark = pytest.mark.fault

processes = multiprocessing.get_context("fork")

FAILPOINTS: dict[str, tuple[Any, str]] = {
    "before anything is written": (journal, "_moment"),
    "before the due times": (deadlines, "follow"),
    "before the backstop's mark": (backstop, "follow"),
    "before the evidence": (journal, "append"),
    "before the announcement": (journal, "announce"),
    "before the messages": (notices, "follow"),
    "before the commit": (hooks, "tell"),
    "after the commit": (actions, "mirror"),
}
"""Where the process dies: the function at whose call it is killed."""


def die(*args: Any, **kwargs: Any) -> None:
    os.kill(os.getpid(), signals.SIGKILL)


def killed_at(place: str, work: Callable[[], Any]) -> None:
    """Runs `work` in a process of its own that is killed at a failpoint."""
    connections.close_all()

    def run() -> None:
        module, name = FAILPOINTS[place]
        setattr(module, name, die)
        work()

    child = processes.Process(target=run)
    child.start()
    child.join(120)
    assert child.exitcode == -signals.SIGKILL, "it died where it should"


def picture() -> dict[str, int]:
    tables = (Event, Signal, Step, Leaf, Mark, Message, LiveEvent)
    return {model.__name__: model._default_manager.count() for model in tables}


@pytest.mark.parametrize("place", FAILPOINTS)
def test_a_transition_happens_wholly_or_not_at_all(own_database: str, place: str) -> None:
    county, event = prepared()
    before, seen = picture(), event.steps
    order = Order(verb=Verb.DISPATCH, organisation=county.road, text="请处理")
    killed_at(place, lambda: act(event, order, county.desk, seen=seen))

    event.refresh_from_db()
    assert list(check_all()) == []
    assert Leaf.objects.count() == Step.objects.count()
    if place == "after the commit":
        assert event.state == State.DISPATCHED and event.steps == seen + 1
        return
    assert (event.state, event.steps) == (State.ACCEPTED, seen) and picture() == before
    act(event, order, county.desk, seen=seen)
    assert event.state == State.DISPATCHED and list(check_all()) == []


@pytest.mark.parametrize("place", ["before the evidence", "before the commit"])
def test_a_signal_comes_in_wholly_or_not_at_all(own_database: str, place: str) -> None:
    county, _event = prepared()
    before = picture()
    draft = SignalDraft(channel=Channel.PEER, source_reference="P-7", text="坑", type=WORD.key)
    killed_at(place, lambda: receive(draft, county.agent))
    assert picture() == before
    receive(draft, county.agent)
    receive(draft, county.agent)
    assert Signal.objects.filter(source_reference="P-7").count() == 1 and list(check_all()) == []


def prepared() -> tuple[County, Event]:
    county = settle()
    assert User.objects.exists()
    draft = SignalDraft(channel=Channel.HOTLINE, text="坑", type=WORD.key, area=county.village)
    event = receive(draft, county.agent).event
    assert event is not None
    act(event, Order(verb=Verb.ACCEPT), county.desk, seen=event.steps)
    return county, event
