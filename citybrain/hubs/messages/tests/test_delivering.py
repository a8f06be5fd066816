"""The outbox: every delivery ends, none is forgotten, and a dead worker loses and doubles nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from citybrain.declare.notice import Channel, Urgency
from citybrain.declare.role import Reach
from citybrain.hubs.messages import delivering, jobs
from citybrain.hubs.messages.actions import read, send, write
from citybrain.hubs.messages.addressing import to_organisation, to_person
from citybrain.hubs.messages.administering import keep_robot, stop_robot, try_again
from citybrain.hubs.messages.channels.channel import Handed, Outgoing, Passing, Receipt, Refused
from citybrain.hubs.messages.delivering import TRIES, attempt, take_receipt, waiting
from citybrain.hubs.messages.models import Delivery, Message, Preference
from citybrain.hubs.messages.permissions import ADMINISTER, SEND
from citybrain.hubs.messages.tests.samples import OVERDUE, VALUES, body
from citybrain.kernel.identity.models import SecurityEvent, User
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.jobs.perform import perform
from citybrain.kernel.jobs.run import MemoryJournal
from citybrain.kernel.network.addresses import AddressRefused

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]

Died = type("Died", (BaseException,), {"__doc__": "The worker is gone: nothing after this line happens."})


@dataclass
class Way:
    """A way out that remembers what it took, and fails as it is told."""

    key: str = Channel.EMAIL
    is_idempotent: bool = True
    fails: list[BaseException] = field(default_factory=list)
    taken: list[Outgoing] = field(default_factory=list)
    dies_after: bool = False

    def is_ready(self) -> bool:
        return True

    def address_of(self, user: User) -> str:
        return user.email

    def hand_over(self, outgoing: Outgoing) -> Handed:
        if self.fails:
            raise self.fails.pop(0)
        self.taken.append(outgoing)
        if self.dies_after:
            self.dies_after = False
            raise Died
        return Handed(gateway_id="g1")

    def receipts(self, body: bytes) -> Any:
        raise ValueError


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> Way:
    made = Way()
    for module in ("actions", "delivering", "jobs"):
        monkeypatch.setattr(f"citybrain.hubs.messages.{module}.channels", lambda: {Channel.EMAIL: made})
    return made


@pytest.fixture
def message(way: Way, official: Make) -> Message:
    """An important message to somebody with an e-mail address."""
    li = official("li")
    User.objects.filter(pk=li.pk).update(email="li@county.example", language="zh-hans")
    return send(OVERDUE, to_person(li), VALUES, link="/cases/1/")


def outside(message: Message) -> Delivery:
    return message.deliveries.exclude(channel=Channel.IN_APP).get()


def run_job() -> Job:
    """The worker does the queued delivery once."""
    job = Job.objects.get(name="messages-deliver")
    perform(job.id, job.generation, MemoryJournal())
    job.refresh_from_db()
    return job


def test_what_waits_is_handed_over_once(way: Way, message: Message, settings: Any) -> None:
    settings.SITE_ADDRESS = "https://brain.county.example"
    job = run_job()
    found = outside(message)
    assert (job.state, job.result, found.state, found.gateway_id) == ("done", {"sent": 1}, "sent", "g1")
    assert [(one.id, one.address, one.link) for one in way.taken] == [
        (str(found.pk), "li@county.example", "https://brain.county.example/cases/1/")
    ]
    assert attempt(str(found.pk)) == "sent" and waiting(message.pk) == [] and len(way.taken) == 1


def test_a_passing_fault_is_tried_again_later_and_given_up_in_the_end(way: Way, message: Message) -> None:
    way.fails = [Passing("busy")] * TRIES
    for number in range(1, TRIES):
        job = run_job()
        assert (job.state, outside(message).state, outside(message).attempts) == ("queued", "retried", number)
        assert job.not_before is not None and job.not_before > timezone.now()
    assert run_job().state == "done"
    assert (outside(message).state, outside(message).error) == ("failed", "busy")


def test_a_refusal_ends_it_at_once(way: Way, message: Message) -> None:
    way.fails = [Refused("no such address")]
    assert run_job().result == {"failed": 1}
    assert (outside(message).state, outside(message).attempts) == ("failed", 1)


def test_an_error_of_ours_is_not_swallowed(way: Way, message: Message) -> None:
    way.fails = [ZeroDivisionError("ours")]
    assert run_job().state == "failed"
    assert outside(message).error == "ZeroDivisionError: ours"


@pytest.mark.parametrize(
    ("is_idempotent", "urgency", "times", "state"),
    [
        (True, Urgency.ROUTINE, 2, "sent"),
        (False, Urgency.ROUTINE, 1, "unsure"),
        (False, Urgency.IMPORTANT, 1, "unsure"),
        (False, Urgency.URGENT, 2, "sent"),
    ],
)
def test_a_worker_that_dies_while_it_sends(
    is_idempotent: bool, urgency: str, times: int, state: str, way: Way, message: Message
) -> None:
    Message.objects.filter(pk=message.pk).update(urgency=urgency)
    way.is_idempotent, way.dies_after = is_idempotent, True
    key = str(outside(message).pk)
    with pytest.raises(Died):
        attempt(key)
    assert outside(message).state == "sending"
    assert waiting(message.pk) == [key], "the next worker finds it"
    assert attempt(key) == state
    assert len(way.taken) == times and len({one.id for one in way.taken}) == 1, "always under the same id"


def test_a_receipt_counts_even_when_it_is_faster_than_the_answer(way: Way, message: Message) -> None:
    key = str(outside(message).pk)
    Delivery.objects.filter(pk=key).update(state="sending")
    assert take_receipt(Receipt(id=key, is_delivered=True))
    assert outside(message).state == "delivered" and outside(message).delivered_at is not None
    assert not take_receipt(Receipt(id=key, is_delivered=False, error="late")), "what arrived has arrived"
    assert waiting(message.pk) == []


def test_quiet_hours_hold_a_delivery_back(way: Way, message: Message) -> None:
    Delivery.objects.filter(pk=outside(message).pk).update(not_before=timezone.now() + timedelta(hours=1))
    assert run_job().result == {} and way.taken == []
    Delivery.objects.filter(pk=outside(message).pk).update(not_before=timezone.now() - timedelta(seconds=1))
    assert waiting(message.pk) == [str(outside(message).pk)]


def test_somebody_who_lost_their_address_is_told_of_in_the_books(way: Way, message: Message) -> None:
    User.objects.filter(username="li").update(email="")
    assert run_job().result == {"failed": 1} and way.taken == []
    assert "no address" in outside(message).error


def test_a_failed_delivery_is_tried_again_by_an_administrator(
    way: Way, message: Message, official: Make, allowed: Make, acting_as: Make
) -> None:
    way.fails = [Refused("typo")]
    run_job()
    admin = acting_as(official("admin", roles=[allowed(ADMINISTER, reach=Reach.COUNTY)]))
    try_again(outside(message), admin)
    assert attempt(str(outside(message).pk)) == "sent"
    with pytest.raises(ValueError, match="Only a delivery"):
        try_again(outside(message), admin)
    assert SecurityEvent.objects.filter(action="message-again").count() == 1


def test_robots_get_what_is_sent_to_their_organisation(
    official: Make, allowed: Make, acting_as: Make, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    way = Way(key=Channel.ROBOT, is_idempotent=False)
    monkeypatch.setattr(delivering, "robots", lambda: {"wecom": way})
    office = body("office")
    admin = acting_as(official("admin", roles=[allowed(ADMINISTER, reach=Reach.COUNTY)]))
    with pytest.raises(AddressRefused):
        keep_robot(office, "wecom", "Group", url="http://169.254.169.254/x", actor=admin)
    settings.MESSAGES_ALLOWED_HOSTS = ("127.0.0.1:9",)
    robot = keep_robot(office, "wecom", "Group", url="http://127.0.0.1:9/x?key=abc", secret="s", actor=admin)
    assert "abc" not in robot.sealed_url and robot.host == "127.0.0.1"
    writer = acting_as(official("writer", roles=[allowed(SEND, reach=Reach.COUNTY)]))
    first = write("One", "", to_organisation(office), actor=writer)
    attempt(str(outside(first).pk))
    assert [(one.address, one.secret) for one in way.taken] == [("http://127.0.0.1:9/x?key=abc", "s")]
    second = write("Two", "", to_organisation(office), actor=writer)
    stop_robot(robot, admin)
    assert attempt(str(outside(second).pk)) == "failed" and len(way.taken) == 1
    assert not write("Three", "", to_organisation(office), actor=writer).deliveries.filter(robot=robot).exists()


def test_routine_emails_come_together_and_what_was_read_is_left_out(
    settings: Any, official: Make, allowed: Make, acting_as: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail", "brain@county.example"
    monkeypatch.setattr(jobs, "calendar", lambda: type("Always", (), {"is_working_day": lambda self, day: True})())
    li = official("li")
    User.objects.filter(pk=li.pk).update(email="li@county.example", language="en")
    Preference.objects.create(user=li, channels={"routine": ["email"]}, wants_digest=True)
    writer = acting_as(official("writer", roles=[allowed(SEND, reach=Reach.COUNTY)]))
    copies = [write(title, "", to_person(li), actor=writer).copies.get() for title in ("One", "Two", "Three")]
    assert not Job.objects.exists(), "a digest waits for its hour"
    read(copies[1], acting_as(li))
    job = Job.objects.create(name="messages-digest", title="", queued_at=timezone.now())
    perform(job.id, 0, MemoryJournal())
    job.refresh_from_db()
    assert job.result == {"sent": 1}, job.error
    assert (mail.outbox[0].subject, mail.outbox[0].body) == ("2 messages wait for you", "· One\n· Three")
    assert not Delivery.objects.filter(channel=Channel.EMAIL, state="queued").exists()
