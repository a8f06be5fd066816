"""Fixtures of the loop's tests: a small county with bodies and people, made-up event types, one case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.models import Channel, Event
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.tests.county import TYPES, County, settle
from citybrain.centre.events.types import event_types
from citybrain.declare.event import EventType
from citybrain.kernel.registry.registry import registry


@pytest.fixture(autouse=True)
def _types() -> Iterator[None]:
    """Event types that only these tests know."""
    declared = registry()._by_kind.setdefault(EventType, {})
    before = dict(declared)
    declared.update({one.key: one for one in TYPES})
    event_types.cache_clear()
    yield
    declared.clear()
    declared.update(before)
    event_types.cache_clear()


@pytest.fixture
def county(db: None) -> County:
    """Bodies, areas and people."""
    return settle()


@pytest.fixture
def case(county: County) -> Callable[..., Event]:
    """`case(**draft)`: an event that a call opened."""

    def opened(**draft: Any) -> Event:
        facts = {"channel": Channel.HOTLINE, "text": "胡库村村口路面有个大坑", "area": county.village, **draft}
        signal = receive(SignalDraft(**facts), county.agent)
        assert signal.event is not None
        return signal.event

    return opened
