"""No event is without an owner longer than its minutes: the mark is there, and somebody by name takes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from citybrain.centre.events import backstop
from citybrain.centre.events.actions import act
from citybrain.centre.events.checking import check, check_all
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Event, Mark
from citybrain.centre.events.orders import Order
from citybrain.centre.events.taking import take_over
from citybrain.centre.events.tests.county import FLOOD, PIT, County
from citybrain.kernel.identity.models import Appointment

Case = Callable[..., Event]


def mark_of(event: Event) -> Mark | None:
    return Mark.objects.filter(event=event, clock=backstop.CLOCK, fired_at=None).first()


def fire(event: Event) -> Event:
    """What escalation does when the mark is due."""
    mark = mark_of(event)
    assert mark is not None
    now = timezone.now()
    Mark.objects.filter(pk=mark.pk).update(fired_at=now)
    take_over(event, mark, now)
    event.refresh_from_db()
    return event


def test_every_waiting_event_has_a_mark(case: Case, county: County) -> None:
    event = case(type=FLOOD.key)
    assert (mark := mark_of(event)) is not None and mark.at == event.state_since + timedelta(minutes=15)
    act(event, Order(verb=Verb.ACCEPT), county.desk, seen=event.steps)
    assert mark_of(event) is not None and Mark.objects.filter(event=event, clock=backstop.CLOCK).count() == 1
    act(event, Order(verb=Verb.DISPATCH, organisation=county.road), county.desk, seen=event.steps)
    assert mark_of(event) is not None
    assert backstop.proof().in_time == 1
    act(event, Order(verb=Verb.SIGN), county.road_worker, seen=event.steps)
    assert mark_of(event) is None
    proof = backstop.proof()
    assert (proof.owned, proof.in_time, proof.late, proof.lost, proof.holds) == (1, 0, 0, 0, True)


def test_undispatched_the_centre_takes_it_by_name(case: Case, county: County) -> None:
    event = case(type=PIT.key, organisation=county.town)
    assert event.organisation_id == county.town.pk
    fire(event)
    assert event.organisation_id == county.centre.pk and event.owner_id is not None
    assert event.journal.latest("number").reason == "backstop" and mark_of(event) is None
    assert backstop.proof().holds and check(event) == []
    # The next one goes to whoever holds fewest.
    other = fire(case(type=PIT.key))
    assert other.owner_id not in (None, event.owner_id)


def test_unsigned_the_town_takes_it(case: Case, county: County) -> None:
    event = case(type=PIT.key)
    act(event, Order(verb=Verb.ACCEPT), county.desk, seen=event.steps)
    act(event, Order(verb=Verb.DISPATCH, organisation=county.road), county.desk, seen=event.steps)
    fire(event)
    assert (event.state, event.organisation_id) == (State.DISPATCHED, county.town.pk)
    assert event.owner_id == county.town_worker.user_id
    leads = event.tasks.filter(role="lead").order_by("pk").values_list("organisation", "state")
    assert list(leads) == [(county.road.pk, "cancelled"), (county.town.pk, "waiting")]
    act(event, Order(verb=Verb.SIGN), county.town_worker, seen=event.steps)
    assert check(event) == []


def test_who_came_first_is_not_overruled(case: Case, county: County) -> None:
    event = case(type=PIT.key)
    mark = mark_of(event)
    assert mark is not None
    act(event, Order(verb=Verb.TAKE), county.desk, seen=event.steps)
    assert take_over(event, mark, timezone.now()) is None
    assert mark_of(event) is None and backstop.proof().holds


def test_without_anybody_it_is_tried_again(case: Case, county: County) -> None:
    event = case(type=PIT.key)
    Appointment.objects.all().update(until=timezone.localdate() - timedelta(days=1))
    fire(event)
    assert event.owner_id is None
    mark = mark_of(event)
    assert mark is not None and mark.at > timezone.now() + timedelta(minutes=50)
    assert list(check_all()) == []


def test_a_lost_mark_is_found(case: Case, county: County) -> None:
    event = case(type=PIT.key)
    Mark.objects.filter(event=event).delete()
    assert backstop.proof().lost == 1 and not backstop.proof().holds
    assert any(event.number in finding for finding in check_all())


def test_late_is_counted_and_dated(case: Case, county: County) -> None:
    event = case(type=FLOOD.key)
    at = event.state_since + timedelta(minutes=20)
    proof = backstop.proof(now=at)
    assert (proof.late, proof.in_time, proof.oldest) == (1, 0, event.state_since + timedelta(minutes=15))
