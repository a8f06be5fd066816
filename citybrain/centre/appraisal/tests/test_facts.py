"""What is counted of one event, played through the real verbs and checked by hand; kept facts equal those made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citybrain.centre.appraisal.keeping import keep, rebuild, stale
from citybrain.centre.appraisal.measuring import Period
from citybrain.centre.appraisal.models import CaseFact
from citybrain.centre.appraisal.queries import behind, excluded, values
from citybrain.centre.events.actions import act
from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Channel, Event
from citybrain.centre.events.orders import Order
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.refusals import NotLegal, Refused
from citybrain.centre.events.tests.county import PIT, WORD, County

MONDAY = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
"""Nine o'clock in the county."""

HOUR = timedelta(hours=1)
WEEK = Period(since=MONDAY - HOUR, until=MONDAY + timedelta(days=5))


def opened(county: County, at: datetime = MONDAY, **draft: Any) -> Event:
    facts = {"channel": Channel.HOTLINE, "text": "路灯不亮", "area": county.village, "type": WORD.key, **draft}
    signal = receive(SignalDraft(**facts), county.agent, at=at)
    assert signal.event is not None
    return signal.event


def steps(county: County) -> Iterator[tuple[Order, Any]]:
    yield Order(verb=Verb.ACCEPT), county.desk
    yield Order(verb=Verb.DISPATCH, organisation=county.road), county.desk
    yield Order(verb=Verb.SIGN), county.road_worker
    yield Order(verb=Verb.REPORT_DONE, result="answered_only"), county.road_worker
    yield Order(verb=Verb.CLOSE, public_text="答复"), county.desk


def closed(county: County, at: datetime = MONDAY, **draft: Any) -> Event:
    """A life with an hour between its steps."""
    event = opened(county, at, **draft)
    for place, (order, actor) in enumerate(steps(county), 1):
        act(event, order, actor, seen=event.steps, at=at + place * HOUR)
    return event


def test_a_life_is_counted_as_it_went(county: County) -> None:
    event = closed(county)
    assert keep() == 1
    fact = CaseFact.objects.get(event=event)
    assert (fact.opened_at, fact.accepted_at) == (MONDAY, MONDAY + HOUR)
    assert (fact.dispatched_at, fact.dispatches, fact.misdirected) == (MONDAY + 2 * HOUR, 1, 0)
    assert (fact.handled_at, fact.handle_hours) == (MONDAY + 4 * HOUR, 1.0)
    assert (fact.checked_at, fact.closed_at) == (MONDAY + 5 * HOUR, MONDAY + 5 * HOUR)
    assert fact.handled_in_time and fact.closed_in_time and fact.result == "answered_only"
    assert (fact.organisation, fact.body, fact.excluded) == (county.road, county.road, "")
    assert fact.town is not None and fact.town.key == "test-town-land"


def test_a_return_counts_against_the_dispatch_and_not_the_body(county: County) -> None:
    event = opened(county)
    act(event, Order(verb=Verb.ACCEPT), county.desk, seen=event.steps, at=MONDAY + HOUR)
    act(event, Order(verb=Verb.DISPATCH, organisation=county.road), county.desk, seen=event.steps, at=MONDAY + HOUR)
    act(
        event,
        Order(verb=Verb.SEND_BACK, organisation=county.water, text="不属本局"),
        county.road_worker,
        seen=event.steps,
        at=MONDAY + 2 * HOUR,
    )
    act(
        event,
        Order(verb=Verb.DISPATCH, organisation=county.water),
        county.desk,
        seen=event.steps,
        at=MONDAY + 3 * HOUR,
    )
    keep()
    fact = CaseFact.objects.get(event=event)
    assert (fact.dispatches, fact.misdirected, fact.organisation) == (2, 1, county.water)
    line = values(CaseFact.objects.all(), WEEK)[0]
    assert line.values["right_dispatch"].value == 0.5


def test_what_is_left_out_says_why(county: County) -> None:
    head, other = opened(county), opened(county)
    act(other, Order(verb=Verb.MERGE, into=head), county.desk, seen=other.steps, at=MONDAY + HOUR)
    rejected = opened(county)
    order = Order(verb=Verb.REJECT, reason="not-government", text="邻里纠纷")
    act(rejected, order, county.desk, seen=rejected.steps, at=MONDAY + HOUR)
    opened(county, is_exercise=True)
    keep()
    assert excluded(CaseFact.objects.all(), WEEK) == {"merged": 1, "not-government": 1, "exercise": 1}
    line = values(CaseFact.objects.all(), WEEK)[0]
    assert line.values["told"].value == 1


def test_rates_over_nothing_are_not_known(county: County) -> None:
    opened(county)
    keep()
    line = values(CaseFact.objects.all(), WEEK)[0]
    assert line.values["closing"].value is None and line.values["handle_hours"].value is None


def test_what_is_late_and_open_should_have_been_closed(county: County) -> None:
    closed(county)
    waiting = opened(county)
    act(waiting, Order(verb=Verb.ACCEPT), county.desk, seen=waiting.steps, at=MONDAY + HOUR)
    keep()
    CaseFact.objects.filter(event=waiting).update(whole_due_at=MONDAY + timedelta(days=1))
    line = values(CaseFact.objects.all(), WEEK)[0]
    closing = line.values["closing"]
    assert (closing.above, closing.below, closing.value) == (1, 2, 0.5)
    missed = behind(CaseFact.objects.all(), closing.measure, WEEK, missed=True)
    assert [fact.event_id for fact in missed] == [waiting.pk]
    by_body = {line.key: line.values["closing"].value for line in values(CaseFact.objects.all(), WEEK, by="body")}
    assert by_body[county.road.pk] == 1.0


def test_an_unknown_breakdown_is_refused(db: None) -> None:
    with pytest.raises(ValueError, match="broken down"):
        values(CaseFact.objects.all(), WEEK, by="owner")


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(lives=st.lists(st.lists(st.sampled_from(sorted(Verb)), max_size=8), min_size=1, max_size=3))
def test_what_is_kept_step_by_step_is_what_is_made_anew(
    county: County, case: Callable[..., Event], lives: list[list[Verb]]
) -> None:
    for life in lives:
        event = case(type=PIT.key)
        for verb in (Verb.ACCEPT, Verb.DISPATCH, Verb.SIGN, *life):
            order = Order(verb=verb, organisation=county.road, text="因", reason="scheduled", result="answered_only")
            try:
                act(event, order, county.arbiter, seen=event.steps)
            except (NotLegal, Refused):
                continue
            keep()
    assert stale() == 0
    columns = [field.attname for field in CaseFact._meta.concrete_fields]
    kept = list(CaseFact.objects.order_by("pk").values(*columns))
    assert rebuild() == len(kept)
    assert list(CaseFact.objects.order_by("pk").values(*columns)) == kept
