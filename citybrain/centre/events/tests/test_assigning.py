"""A body gives its work to one of its people: who may, to whom, what does not move, and what becomes of who left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from citybrain.centre.events import tasks
from citybrain.centre.events.actions import act
from citybrain.centre.events.backstop import CLOCK, least_busy
from citybrain.centre.events.checking import check
from citybrain.centre.events.clocks import read
from citybrain.centre.events.hearers import Hearers
from citybrain.centre.events.holders import colleagues
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Event, Mark, Step, Task
from citybrain.centre.events.orders import Order
from citybrain.centre.events.permissions import HANDLE
from citybrain.centre.events.queries import event_of
from citybrain.centre.events.queries_ways import task_ways, ways_of
from citybrain.centre.events.queues import queue
from citybrain.centre.events.refusals import NotLegal, Refused
from citybrain.centre.events.tests.county import PIT, WORD, County, body
from citybrain.centre.events.todos import HolderGone, ToHandle, ToHelp, ToSign
from citybrain.hubs.messages.models import Copy
from citybrain.kernel.identity.actions_people import close_account
from citybrain.kernel.identity.actor import SYSTEM, Actor
from citybrain.kernel.identity.models import Appointment, Delegation, Organisation, User
from citybrain.testing.people import acting_as, official

pytestmark = pytest.mark.django_db

Case = Callable[..., Event]
V = Verb
PANEL = {"headers": {"x-panel": "drawer"}}


def do(event: Event, verb: Verb, actor: Actor, **order: Any) -> Step:
    return act(event, Order(verb=verb, **order), actor, seen=event.steps)


def user(actor: Actor) -> User:
    return User.objects.get(pk=actor.user_id)


def assign(event: Event, actor: Actor, to: Actor, text: str = "") -> Step:
    return do(event, V.ASSIGN, actor, person=user(to), text=text)


def told(actor: Actor) -> list[str]:
    """Which messages somebody got, the first first."""
    return list(Copy.objects.filter(user=actor.user_id).order_by("pk").values_list("message__notice", flat=True))


def held(actor: Actor) -> set[str]:
    """Numbers of what stands in somebody's queue “Mine”."""
    found = queue("mine")
    assert found is not None
    return set(found.rows(actor).values_list("number", flat=True))


@pytest.fixture
def dispatched(case: Case, county: County) -> Event:
    """An event on the road office's desk; the water office is asked to help."""
    event = case()
    do(event, V.ACCEPT, county.desk, type=PIT.key)
    do(event, V.DISPATCH, county.desk, organisation=county.road, assistants=(county.water,))
    return event


@pytest.fixture
def section(county: County) -> Organisation:
    """A section under the road office."""
    return body("test-road-section", "养护科", Organisation.Kind.SECTION, county.road)


@pytest.fixture
def walker(section: Organisation) -> Actor:
    """Somebody of the section who may handle only what is their own."""
    return acting_as(official("test-walker", roles=["grid-worker"], organisation=section))


def test_the_body_gives_it_to_one_of_its_people_and_no_clock_starts_anew(dispatched: Event, county: County) -> None:
    before = {one.clock: (one.started, one.due_at, one.is_running) for one in read(dispatched)}
    mark = Mark.objects.get(event=dispatched, clock=CLOCK, fired_at=None).at
    assert ToSign().count(county.road_boss) == 1
    assign(dispatched, county.road_boss, county.road_worker)
    post = Appointment.objects.get(user=county.road_worker.user_id).post_id
    assert (dispatched.state, dispatched.owner_id) == (State.DISPATCHED, county.road_worker.user_id)
    assert dispatched.post_id == post
    assert {one.clock: (one.started, one.due_at, one.is_running) for one in read(dispatched)} == before
    # Who was named and does not sign is not the end of it: the backstop still waits.
    assert Mark.objects.get(event=dispatched, clock=CLOCK, fired_at=None).at == mark
    lead = dispatched.tasks.get(role="lead")
    assert (lead.state, lead.owner_id, lead.post_id) == ("waiting", county.road_worker.user_id, post)
    assert told(county.road_worker)[-1] == "event-assigned"
    assert [ToSign().count(one) for one in (county.road_worker, county.road_boss)] == [1, 0]
    assert held(county.road_worker) == {dispatched.number} and held(county.road_boss) == set()
    do(dispatched, V.SIGN, county.road_worker)
    due = dispatched.due_at
    with pytest.raises(Refused) as why:
        assign(dispatched, county.road_boss, county.road_boss)
    assert why.value.guard == "form"
    step = assign(dispatched, county.road_boss, county.road_boss, "小王请病假")
    assert (step.facts["former"], step.facts["owner"]) == (county.road_worker.user_id, county.road_boss.user_id)
    assert dispatched.due_at == due and dispatched.tasks.get(role="lead").state == "doing"
    # The former holder is told, who did it themselves is not.
    assert told(county.road_worker)[-1] == "event-handed-on" and "event-assigned" not in told(county.road_boss)
    assert [ToHandle().count(one) for one in (county.road_worker, county.road_boss)] == [0, 1]
    assert check(dispatched) == []


def test_who_may_give_it_away(dispatched: Event, county: County, walker: Actor, section: Organisation) -> None:
    away = dispatched.steps
    for actor in (county.desk, county.arbiter, county.leader, county.water_worker, county.town_worker, walker):
        with pytest.raises(PermissionDenied):
            assign(dispatched, actor, county.road_worker)
        assert V.ASSIGN not in {way.transition.verb for way in ways_of(dispatched, actor)}
    assert dispatched.steps == away
    assign(dispatched, county.road_boss, walker)
    # Whoever holds it signs it, whatever their reach, and passes it on with a reason.
    do(dispatched, V.SIGN, walker)
    way = next(way for way in ways_of(dispatched, walker) if way.transition.verb is V.ASSIGN)
    assert way.fields == ("person", "text") and way.required == ("person", "text")
    with pytest.raises(Refused):
        assign(dispatched, walker, county.road_worker, "  ")
    assign(dispatched, walker, county.road_worker, "下班交接")
    with pytest.raises(PermissionDenied):
        assign(dispatched, walker, walker, "还给我")
    assert check(dispatched) == []


@pytest.mark.parametrize("whom", ["another body", "may not handle", "closed", "ended", "has it"])
def test_to_whom_it_cannot_be_given(dispatched: Event, county: County, section: Organisation, whom: str) -> None:
    person = user(county.road_worker)
    match whom:
        case "another body":
            person = user(county.water_worker)
        case "may not handle":
            person = official("test-reader", roles=["auditor"], organisation=section)
        case "closed":
            close_account(SYSTEM, person)
        case "ended":
            Appointment.objects.filter(user=person).update(until=timezone.localdate() - timedelta(days=1))
        case "has it":
            assign(dispatched, county.road_boss, county.road_worker)
    with pytest.raises(Refused) as why:
        do(dispatched, V.ASSIGN, county.road_boss, person=person, text="请办")
    assert why.value.guard == "holder" and why.value.remedy
    assert dispatched.owner_id == (person.pk if whom == "has it" else None)


def test_what_lies_with_a_section_may_be_held_by_the_office_above_it(
    case: Case, county: County, section: Organisation, walker: Actor
) -> None:
    event = case()
    do(event, V.ACCEPT, county.desk, type=PIT.key)
    do(event, V.DISPATCH, county.desk, organisation=section)
    above = acting_as(official("test-inspector", roles=["grid-worker"], organisation=county.road))
    assert {one.user.pk for one in colleagues(section)} == {
        county.road_worker.user_id, county.road_boss.user_id, walker.user_id
    }  # fmt: skip
    with pytest.raises(Refused):  # Their permission is for what is their own, not for what lies below.
        assign(event, county.road_boss, above)
    assign(event, county.road_boss, county.road_worker)
    do(event, V.SIGN, county.road_worker)
    assert check(event) == [] and county.leader.user_id not in {one.user.pk for one in colleagues(county.road)}


def test_only_what_is_on_the_way_to_being_done_is_given(case: Case, county: County) -> None:
    event = case()
    do(event, V.ACCEPT, county.desk, type=WORD.key, level="yellow")
    with pytest.raises(NotLegal):
        assign(event, county.desk, county.second)
    do(event, V.DISPATCH, county.desk, organisation=county.centre)
    do(event, V.SIGN, county.desk)
    do(event, V.PAUSE, county.desk, reason="scheduled", text="明天")
    assign(event, county.desk, county.second, "夜班接手")
    assign(event, county.second, county.arbiter, "夜班结束")
    assert event.state == State.PAUSED
    do(event, V.RESUME, county.arbiter)
    do(event, V.REPORT_DONE, county.arbiter, result="answered_only")
    with pytest.raises(NotLegal):
        assign(event, county.desk, county.second, "再看看")
    # Who held it at work did nothing else, and checks it no more than who did.
    with pytest.raises(Refused) as why:
        do(event, V.CLOSE, county.second, public_text="好了")
    assert why.value.guard == "verifier" and check(event) == []


def test_a_task_is_given_to_somebody_below_the_body_that_was_asked(dispatched: Event, county: County) -> None:
    below = body("test-water-section", "抢修队", Organisation.Kind.SECTION, county.water)
    diver = acting_as(official("test-diver", roles=["department-staff"], organisation=below))
    task = dispatched.tasks.get(role="assist")
    with pytest.raises(Event.DoesNotExist):
        event_of(diver, dispatched.number)
    for actor in (county.desk, county.road_boss, diver):
        assert V.ASSIGN_TASK not in task_ways(task, actor)
        with pytest.raises(PermissionDenied):
            tasks.assign_task(task, user(diver), actor)
    with pytest.raises(Refused):
        tasks.assign_task(task, user(county.road_worker), county.water_worker)
    tasks.assign_task(task, user(diver), county.water_worker)
    assert (task.state, task.owner_id) == (Task.State.WAITING, diver.user_id)
    dispatched.refresh_from_db()
    assert event_of(diver, dispatched.number).owner_id is None
    assert told(diver) == ["event-assigned"] and held(diver) == {dispatched.number}
    assert [ToHelp().count(one) for one in (diver, county.water_worker)] == [1, 0]
    tasks.sign_task(task, diver)
    with pytest.raises(Refused):
        tasks.assign_task(task, user(county.water_worker), diver, "")
    tasks.assign_task(task, user(county.water_worker), diver, "轮班")
    tasks.finish_task(task, county.water_worker, "已关阀")
    with pytest.raises(NotLegal):
        tasks.assign_task(task, user(diver), county.water_worker, "再来")
    dispatched.refresh_from_db()
    assert check(dispatched) == []


def test_the_choice_names_the_least_busy_first_and_who_is_away_last(
    case: Case, dispatched: Event, county: County, walker: Actor
) -> None:
    assign(dispatched, county.road_boss, county.road_worker)
    found = [(one.user.pk, one.open) for one in colleagues(county.road)]
    assert found == [(county.road_boss.user_id, 0), (walker.user_id, 0), (county.road_worker.user_id, 1)]
    now = timezone.now()
    Delegation.objects.create(
        appointment=Appointment.objects.get(user=county.road_boss.user_id), deputy=user(county.road_worker),
        since=now - timedelta(hours=1), until=now + timedelta(days=1), reason="病假",
    )  # fmt: skip
    away = colleagues(county.road)[-1]
    assert (away.user.pk, away.deputy) == (county.road_boss.user_id, user(county.road_worker).name)
    busy = least_busy(county.road, HANDLE)
    assert busy is not None and busy.user_id != county.road_worker.user_id


@pytest.mark.parametrize("how", ["closed", "ended", "moved"])
def test_what_somebody_held_who_left_comes_to_light(
    dispatched: Event, county: County, how: str, signed_in_client: Callable[..., Client]
) -> None:
    shown = queue("holder-gone")
    assert shown is not None
    task = dispatched.tasks.get(role="assist")
    tasks.assign_task(task, user(county.water_worker), county.water_worker)
    dispatched.refresh_from_db()
    do(dispatched, V.SIGN, county.road_worker)
    assert not shown.rows(county.desk).exists() and HolderGone().count(county.road_boss) == 0
    people = [county.road_worker.user_id, county.water_worker.user_id]
    if how == "closed":
        for pk in people:
            close_account(SYSTEM, User.objects.get(pk=pk))
    else:
        Appointment.objects.filter(user__in=people).update(until=timezone.localdate() - timedelta(days=1))
    if how == "moved":
        for pk in people:
            official(User.objects.get(pk=pk).username, roles=["department-staff"], organisation=county.power)
    assert set(shown.rows(county.desk)) == set(shown.rows(county.road_boss)) == {dispatched}
    assert [HolderGone().count(one) for one in (county.road_boss, county.power_worker, county.desk)] == [1, 0, 0]
    assert "(left)" in signed_in_client(user(county.road_boss)).get(f"/events/{dispatched.number}/").content.decode()
    # A colleague of the one who held the task finds it among what was asked of them.
    helper = acting_as(official("test-helper", roles=["department-staff"], organisation=county.water))
    assert ToHelp().count(helper) == 1
    if how != "moved":
        heard = Hearers().of(50, county.road.pk, county.road_worker.user_id, dispatched.post_id)
        assert heard and ("person", county.road_worker.user_id) not in heard
    assign(dispatched, county.road_boss, county.road_boss, "原经办人离岗")
    assert not shown.rows(county.desk).exists() and HolderGone().count(county.road_boss) == 0


def test_who_stands_in_for_somebody_has_not_left(dispatched: Event, county: County) -> None:
    now = timezone.now()
    lent = Delegation.objects.create(
        appointment=Appointment.objects.get(user=county.road_worker.user_id), deputy=user(county.power_worker),
        since=now - timedelta(hours=1), until=now + timedelta(days=1), reason="病假",
    )  # fmt: skip
    post = lent.appointment.post_id
    Event.objects.filter(pk=dispatched.pk).update(owner=county.power_worker.user_id, post=post)
    shown = queue("holder-gone")
    assert shown is not None and not shown.rows(county.desk).exists()
    Delegation.objects.update(revoked_at=now)
    assert shown.rows(county.desk).exists()


def test_the_journey_from_the_bodys_desk_to_the_phone_and_back(
    dispatched: Event, county: County, walker: Actor, signed_in_client: Callable[..., Client]
) -> None:
    boss, phone = signed_in_client(user(county.road_boss)), signed_in_client(user(walker))
    address = f"/events/?open={dispatched.number}&do=assign"
    form = boss.get(address, **PANEL).content.decode()
    assert 'name="order-person"' in form and "0 open cases" in form
    assert [f'value="{one.user_id}"' in form for one in (county.road_worker, walker, county.water_worker)] == [
        True,
        True,
        False,
    ]
    for sent in ("", "x", str(county.water_worker.user_id)):
        answer = boss.post(address, {"seen": dispatched.steps, "order-person": sent}, **PANEL)
        assert answer.status_code == 422, sent
    answer = boss.post(address, {"seen": dispatched.steps, "order-person": walker.user_id}, **PANEL)
    assert answer.status_code == 200 and b"note-good" in answer.content
    dispatched.refresh_from_db()
    assert dispatched.number in boss.get("/events/?queue=our-body").content.decode()
    listed = phone.get("/m/tasks/").content.decode()
    assert f"/m/tasks/{dispatched.number}/" in listed
    kept = phone.get("/m/tasks/kept.json").json()["cases"]
    assert [one["number"] for one in kept] == [dispatched.number]
    page = f"/m/tasks/{dispatched.number}/"
    assert "do=assign" in phone.get(page).content.decode()
    assert f'value="{county.road_worker.user_id}"' in phone.get(f"{page}?do=assign").content.decode()
    given = {"seen": dispatched.steps, "order-person": county.road_worker.user_id}
    assert phone.post(f"{page}?do=assign", given).status_code == 422
    answer = phone.post(f"{page}?do=assign", {**given, "order-text": "我今天休息"})
    assert (answer.status_code, answer["Location"]) == (302, "/m/tasks/")
    dispatched.refresh_from_db()
    assert dispatched.owner_id == county.road_worker.user_id
    told_ = boss.get(f"/events/{dispatched.number}/?tab=process").content.decode()
    assert f"{user(walker).name} → {user(county.road_worker).name}" in told_ and "我今天休息" in told_
    assert check(dispatched) == []


def test_a_task_is_given_from_the_page_and_a_strangers_is_not(
    dispatched: Event, county: County, signed_in_client: Callable[..., Client]
) -> None:
    helper = acting_as(official("test-helper", roles=["department-staff"], organisation=county.water))
    client, road = signed_in_client(user(county.water_worker)), signed_in_client(user(county.road_boss))
    task = dispatched.tasks.get(role="assist")
    address = f"/events/{dispatched.number}/?tab=tasks&do=assign_task&task={task.pk}"
    assert (
        f"do=assign_task&amp;task={task.pk}" in client.get(f"/events/{dispatched.number}/?tab=tasks").content.decode()
    )
    assert 'name="order-person"' in client.get(address).content.decode()
    sent = {"seen": dispatched.steps, "order-person": helper.user_id}
    assert road.post(address, sent).status_code == 409
    assert client.post(address.replace(f"task={task.pk}", "task=odd"), sent).status_code == 409
    do(dispatched, V.NOTE, county.desk, text="先看看")
    assert client.post(address, sent).status_code == 409  # Overtaken: the form is shown again.
    answer = client.post(address, {**sent, "seen": dispatched.steps})
    assert (answer.status_code, answer["Location"]) == (302, f"/events/{dispatched.number}/?tab=tasks")
    task.refresh_from_db()
    assert task.owner_id == helper.user_id
    assert f"/m/tasks/{dispatched.number}/" in signed_in_client(user(helper)).get("/m/tasks/?tab=mine").content.decode()


def test_several_are_given_at_once_and_each_says_what_stands_against_it(
    case: Case, dispatched: Event, county: County, signed_in_client: Callable[..., Client]
) -> None:
    other, held_one = case(text="另一处"), case(text="第三处")
    for event in (other, held_one):
        do(event, V.ACCEPT, county.desk, type=PIT.key)
        do(event, V.DISPATCH, county.desk, organisation=county.road)
    do(held_one, V.SIGN, county.road_worker)
    client = signed_in_client(user(county.road_boss))
    numbers = [one.number for one in (dispatched, other, held_one)]
    plan = client.get("/events/batch/assign/", {"number": numbers}).content.decode()
    assert 'name="batch-person"' in plan and user(county.road_worker).name in plan
    sent = {"number": numbers, "batch-person": county.road_boss.user_id, "batch-text": ""}
    answer = client.post("/events/batch/assign/", sent).content.decode()
    assert "2 of 3 done" in answer and "taken from somebody" in answer
    assert held(county.road_boss) == {dispatched.number, other.number}
