"""Due marks: found by their index, told once to whom they concern, together; loops widened; nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citybrain.centre.events import escalation, jobs
from citybrain.centre.events.actions import act
from citybrain.centre.events.deadlines import follow
from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.escalation import escalate
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Channel, Event, Mark
from citybrain.centre.events.orders import Order
from citybrain.centre.events.policy import policy
from citybrain.centre.events.receiving import receive
from citybrain.declare.event import Clock
from citybrain.hubs.messages.models import Copy, Message
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.models import Organisation, User
from citybrain.kernel.jobs.models import Job

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def people(official: Callable[..., User]) -> dict[str, User]:
    """A county with a bureau, a section of it, supervision, and a leader."""
    root = Organisation.objects.create(
        key="county", chinese="永康市", english="Yongkang", kind="county", path="county/"
    )
    bodies = {"county": root}
    for key, parent, kind in (
        ("bureau", root, "government"),
        ("desk", root, "government"),
        ("section", "bureau", "section"),
    ):
        above = bodies[parent] if isinstance(parent, str) else parent
        bodies[key] = Organisation.objects.create(
            key=key, chinese=key, english=key, kind=kind, parent=above, path=f"{above.path}{key}/", schedule="office"
        )
    return {
        "handler": official("handler", roles=["department-staff"], organisation=bodies["section"]),
        "colleague": official("colleague", roles=["department-staff"], organisation=bodies["section"]),
        "head": official("head", roles=["leader"], organisation=bodies["bureau"]),
        "supervisor": official("supervisor", roles=["event-desk"], organisation=bodies["desk"]),
        "leader": official("leader", roles=["leader"], organisation=root),
    }


def opened(at: datetime, level: str = "orange", number: int = 1) -> Event:
    """An event in progress since an hour after `at`."""
    draft = SignalDraft(
        channel=Channel.HOTLINE, source_reference=f"S{number}", text="路面有个大坑", type="damaged-road", level=level
    )
    event = receive(draft, SYSTEM, at=at).event
    assert event is not None
    section, handler = Organisation.objects.get(key="section"), User.objects.get(username="handler")
    for verb, order in (
        (Verb.ACCEPT, Order(verb=Verb.ACCEPT, type="damaged-road", level=level)),
        (Verb.DISPATCH, Order(verb=Verb.DISPATCH, organisation=section, person=handler)),
        (Verb.SIGN, Order(verb=Verb.SIGN, person=handler)),
    ):
        at += HOUR / 3
        act(event, order, SYSTEM, seen=event.steps, at=at)
        assert event.journal.filter(verb=verb).exists()
    Mark.objects.exclude(clock=Clock.HANDLE).delete()
    Event.objects.filter(pk=event.pk).update(owner=handler)
    event.refresh_from_db()
    return event


@pytest.fixture
def now() -> datetime:
    """Nothing older than an hour is told to anybody, so the tests live now."""
    return datetime.now(UTC).replace(microsecond=0)


def titles(user: User) -> list[str]:
    return list(Copy.objects.filter(user=user).order_by("pk").values_list("message__title", flat=True))


def forget_dispatch() -> None:
    """Drops the messages of the steps, so that only reminders are left."""
    Message.objects.all().delete()


def test_who_hears_grows_with_the_share(people: dict[str, User], now: datetime):
    # Orange: 24 hours by the clock to handle, from an hour after the beginning.
    event = opened(now - 10 * HOUR)
    signed = event.journal.get(verb=Verb.SIGN).at
    heard: list[set[str]] = []
    for share in (0.5, 0.75, 1, 2, 3):
        forget_dispatch()
        mark = Mark.objects.get(event=event, clock=Clock.HANDLE, fired_at=None)
        assert mark.at == signed + 24 * HOUR * share and mark.percent == share * 100
        assert escalate(mark.at - timedelta(microseconds=1)).fired == 0
        assert escalate(mark.at).fired == 1
        heard.append({name for name, user in people.items() if titles(user)})
        if share == 2:
            break
    assert heard[:3] == [{"handler"}, {"handler", "colleague"}, {"head"}]
    assert "supervisor" in heard[3]
    event.refresh_from_db()
    assert Event.objects.get(pk=event.pk).loop != "micro"


def test_one_message_tells_of_many_events(people: dict[str, User], now: datetime):
    events = [opened(now - 30 * HOUR, number=number) for number in range(5)]
    forget_dispatch()
    done = escalate(now)
    assert done.fired == 5 * 3 and done.raised == 0
    assert len(titles(people["head"])) == 1 and "5" in titles(people["head"])[0]
    assert len(titles(people["handler"])) == 1
    text = Message.objects.get(copies__user=people["head"]).text
    assert all(event.number in text for event in events)
    # Nothing is left, and nothing is said twice.
    assert escalate(now).fired == 0 and len(titles(people["head"])) == 1


def test_marks_between_two_passes_fire_with_the_one_after(people: dict[str, User], now: datetime):
    event = opened(now - 30 * HOUR)
    escalate(now)
    fired = Mark.objects.filter(event=event, clock=Clock.HANDLE).exclude(fired_at=None)
    assert sorted(fired.values_list("percent", flat=True)) == [50, 75, 100]
    assert Mark.objects.get(event=event, clock=Clock.HANDLE, fired_at=None).percent == 200


def test_twice_over_the_limit_widens_the_loop_once(people: dict[str, User], now: datetime):
    event = opened(now - 55 * HOUR)
    before = Event.objects.get(pk=event.pk).steps
    done = escalate(now)
    assert done.raised <= 1
    event.refresh_from_db()
    raised = event.journal.filter(verb=Verb.RAISE, reason="overdue")
    assert raised.count() == 1 and event.steps == before + 1
    assert escalate(now).raised == 0
    assert Mark.objects.get(event=event, clock=Clock.HANDLE, fired_at=None).percent == 300


def test_a_step_moves_the_marks_and_an_end_removes_them(people: dict[str, User], now: datetime):
    event = opened(now - 3 * HOUR)
    mark = Mark.objects.get(event=event, clock=Clock.HANDLE)
    order = Order(verb=Verb.PAUSE, reason="force-majeure", text="台风")
    act(event, order, SYSTEM, seen=event.steps, at=now - HOUR)
    assert not Mark.objects.filter(event=event, clock=Clock.HANDLE).exists()
    event.refresh_from_db()
    assert event.due_at is None and event.due_clock == "handle"
    act(event, Order(verb=Verb.RESUME), SYSTEM, seen=event.steps, at=now)
    assert Mark.objects.get(event=event, clock=Clock.HANDLE).at == mark.at + HOUR
    event.refresh_from_db()
    assert event.due_at == event.journal.get(verb=Verb.SIGN).at + 25 * HOUR


@pytest.mark.parametrize("until", [None, 2 * HOUR])
def test_a_pause_ends_by_itself_and_the_handler_hears_of_it(
    people: dict[str, User], now: datetime, until: timedelta | None
):
    at = now - 300 * HOUR
    event = opened(at - 2 * HOUR)
    ends = at + (until or timedelta(hours=policy().pause_hours))
    order = Order(verb=Verb.PAUSE, reason="waiting-material", text="等材料", until=until and ends)
    act(event, order, SYSTEM, seen=event.steps, at=at)
    assert escalate(ends - timedelta(minutes=1)).handled == 0
    event.refresh_from_db()
    assert event.state == "paused"
    assert escalate(ends).handled == 1
    event.refresh_from_db()
    assert (event.state, event.state_since) == ("in_progress", ends)
    assert event.journal.get(verb=Verb.RESUME).client == "house" and event.due_at is not None
    assert escalate(ends).handled == 0 and not Mark.objects.filter(clock="pause", fired_at=None).exists()


def test_who_goes_on_earlier_is_not_woken_later(people: dict[str, User], now: datetime):
    event = opened(now - 3 * HOUR)
    order = Order(verb=Verb.PAUSE, reason="scheduled", text="明天去", until=now + HOUR)
    act(event, order, SYSTEM, seen=event.steps, at=now - HOUR)
    act(event, Order(verb=Verb.RESUME), SYSTEM, seen=event.steps, at=now)
    assert not Mark.objects.filter(event=event, clock="pause").exists()
    assert escalate(now + 2 * HOUR).handled == 0


def test_a_pass_asks_few_questions_however_many_are_due(people: dict[str, User], now: datetime):
    def asked(count: int, first: int) -> int:
        for number in range(first, first + count):
            opened(now - 15 * HOUR, number=number)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert escalate(now).fired == count
        return len(caught)

    assert asked(12, 100) <= asked(2, 0) + 2


def test_a_pass_that_dies_before_its_end_did_nothing(people: dict[str, User], now: datetime, monkeypatch: Any):
    opened(now - 15 * HOUR)
    forget_dispatch()

    def dies(*_given: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(escalation, "tell", dies)
        with pytest.raises(KeyboardInterrupt):
            escalate(now)
    assert Mark.objects.filter(clock=Clock.HANDLE).exclude(fired_at=None).count() == 0
    assert escalate(now).fired == 1 and titles(people["handler"])


def test_old_stories_are_told_to_nobody(people: dict[str, User], now: datetime):
    opened(now - 300 * HOUR)
    forget_dispatch()
    assert escalate(now - 284 * HOUR).fired == 1
    assert not Message.objects.exists()


def test_a_handler_that_fails_is_tried_again_and_holds_up_nobody(
    people: dict[str, User], now: datetime, monkeypatch: Any
):
    event = opened(now - 15 * HOUR)
    calls: list[str] = []

    def fails_once(found: Event, mark: Mark, at: datetime) -> None:
        calls.append(found.number)
        if len(calls) == 1:
            raise RuntimeError("not now")

    monkeypatch.setitem(escalation.HANDLERS, "backstop", fails_once)
    Mark.objects.create(event=event, clock="backstop", percent=100, at=now - HOUR)
    assert escalate(now).handled == 0
    assert escalate(now).handled == 0
    assert escalate(now + escalation.LATER).handled == 1
    assert calls == [event.number] * 2
    assert Mark.objects.get(clock="backstop").fired_at == now + escalation.LATER


def test_following_the_last_step_again_changes_nothing(people: dict[str, User], now: datetime):
    event = opened(now - 15 * HOUR)
    for _again in range(2):
        step = event.journal.order_by("-number").first()
        assert step is not None
        columns = follow(event, step)
        assert columns == {"due_at": event.due_at, "due_clock": "handle", "whole_due_at": event.whole_due_at}
    assert Mark.objects.filter(event=event, clock=Clock.HANDLE).count() == 1


def test_the_job_asks_for_itself_once_when_something_falls_due_soon(people: dict[str, User], now: datetime):
    event = opened(now - 3 * HOUR)
    jobs.ask_for_more()
    assert not Job.objects.filter(name=jobs.KEY).exists()
    Mark.objects.filter(event=event).update(at=datetime.now(UTC) + timedelta(seconds=20))
    for _again in range(3):
        jobs.ask_for_more()
    asked = Job.objects.get(name=jobs.KEY)
    assert asked.not_before == Mark.objects.get(event=event).at
