"""Merging keeps everybody who reported, sums the counts, and can be undone to the letter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from citybrain.centre.events import guards, merging
from citybrain.centre.events.actions import act
from citybrain.centre.events.checking import check
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Event, Signal
from citybrain.centre.events.orders import Order
from citybrain.centre.events.refusals import Refused
from citybrain.centre.events.situation import Situation, signals_of
from citybrain.centre.events.tests.county import PIT, County

Case = Callable[..., Event]


def merge(event: Event, head: Event, county: County) -> None:
    act(event, Order(verb=Verb.MERGE, into=head, text="同一处"), county.desk, seen=event.steps)


def split(event: Event, county: County) -> None:
    act(event, Order(verb=Verb.UNMERGE, text="不是一处"), county.desk, seen=event.steps)


def facts(event: Event) -> dict[str, object]:
    event.refresh_from_db()
    names = ("state", "organisation_id", "signal_count", "type", "level", "loop", "merged_into_id", "is_mass")
    return {name: getattr(event, name) for name in names}


def test_merging_sums_and_splitting_restores(case: Case, county: County) -> None:
    head, other = case(type=PIT.key), case(type=PIT.key)
    act(head, Order(verb=Verb.ACCEPT), county.desk, seen=head.steps)
    before = facts(head), facts(other)
    merge(other, head, county)
    assert (other.state, other.merged_into_id) == (State.MERGED, head.pk)
    assert (head.state, head.signal_count) == (State.ACCEPTED, 2)
    assert other.due_at is None
    assert len(signals_of(head)) == 2 and Signal.objects.get(event=other).event_id == other.pk
    assert check(head) == [] and check(other) == []
    split(other, county)
    assert (facts(head), facts(other)) == before
    assert check(head) == [] and check(other) == []


def test_a_signal_of_a_merged_event_joins_the_head(case: Case, county: County) -> None:
    head, other = case(type=PIT.key), case(type=PIT.key, fingerprint="f")
    merge(other, head, county)
    again = case(type=PIT.key, fingerprint="f")
    assert again.pk == head.pk
    assert Event.objects.get(pk=head.pk).signal_count == 3
    assert merging.head_of(Event.objects.get(pk=other.pk)) == head


def test_merges_of_merges_split_from_the_outside_in(case: Case, county: County) -> None:
    first, second, third = case(), case(), case()
    merge(third, second, county)
    merge(second, first, county)
    assert Event.objects.get(pk=first.pk).signal_count == 3
    assert {signal.event_id for signal in signals_of(first)} == {first.pk, second.pk, third.pk}
    third.refresh_from_db()
    with pytest.raises(Refused):
        split(third, county)
    second.refresh_from_db()
    split(second, county)
    third.refresh_from_db()
    split(third, county)
    for event in (first, second, third):
        event.refresh_from_db()
        assert (event.state, event.signal_count) == (State.NEW, 1)
        assert check(event) == []


def test_what_cannot_be_merged(case: Case, county: County) -> None:
    one, other, drill = case(), case(), case(is_exercise=True)
    with pytest.raises(Refused):
        merge(one, one, county)
    with pytest.raises(Refused):
        merge(drill, one, county)
    act(other, Order(verb=Verb.REJECT, reason="no-fact", text="没有"), county.desk, seen=other.steps)
    with pytest.raises(Refused):
        merge(one, other, county)
    with pytest.raises(Refused):
        act(one, Order(verb=Verb.MERGE), county.desk, seen=one.steps)


def test_a_merge_is_undone_within_its_days(case: Case, county: County) -> None:
    early = timezone.now() - timedelta(days=30)
    one, other = case(observed_at=early), case()
    merge(other, one, county)
    late = timezone.now() + timedelta(minutes=4)
    assert other.journal.get(verb=Verb.MERGE).at < late
    order = Order(verb=Verb.UNMERGE, text="不是")
    other.refresh_from_db()
    assert guards.unmerge_allowed(Situation(other, county.desk, order, late)) is None
    refusal = guards.unmerge_allowed(Situation(other, county.desk, order, late + timedelta(days=8)))
    assert refusal is not None and refusal.guard == "merge"
