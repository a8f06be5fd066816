"""Sending, reading, confirming: who gets a copy, what is written, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone, translation

from citybrain.declare.notice import Channel, Urgency
from citybrain.declare.role import Reach
from citybrain.hubs.messages.actions import confirm, read, read_all, send, write
from citybrain.hubs.messages.addressing import (
    AddressError,
    addressee,
    to_organisation,
    to_person,
    to_post,
    to_role,
)
from citybrain.hubs.messages.models import Copy, Delivery, Message, Preference
from citybrain.hubs.messages.permissions import SEND
from citybrain.hubs.messages.queries import inbox, inbox_copy, unread
from citybrain.hubs.messages.tests.samples import OVERDUE, VALUES, body
from citybrain.hubs.messages.wording import words_of
from citybrain.kernel.identity.models import Appointment, Delegation, Post, User
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.live.models import LiveEvent

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
"""A fixture that makes people, roles or actors."""


def users(message: Message) -> set[str]:
    return set(message.copies.values_list("user__username", flat=True))


def test_a_person_gets_one_copy_a_bell_and_nothing_else(official: Make) -> None:
    li = official("li")
    message = send(OVERDUE, to_person(li), VALUES, link="/cases/1/", about=("case", 1))
    assert (message.title, message.text) == ("Case YK-1 is overdue", "It waits since Monday.")
    assert (message.thing, message.thing_id, message.sender) == ("case", "1", None)
    assert users(message) == {"li"}
    assert [(one.channel, one.state) for one in message.deliveries.all()] == [("in-app", "delivered")]
    assert not Job.objects.exists(), "nothing leaves the house, so nothing is asked of the worker"
    event = LiveEvent.objects.get(topic="inbox")
    assert (event.user_id, event.payload) == (li.pk, {"count": 1})


def test_a_message_is_no_more_than_what_it_tells_of(official: Make) -> None:
    li = official("li")
    with pytest.raises(RuntimeError), transaction.atomic():
        send(OVERDUE, to_person(li), VALUES)
        raise RuntimeError
    assert not Message.objects.exists() and not Job.objects.exists() and not LiveEvent.objects.exists()


@pytest.mark.parametrize("values", [{}, {"number": "1"}, {**VALUES, "street": "x"}])
def test_values_must_be_those_declared(values: dict[str, str], official: Make) -> None:
    with pytest.raises(ValueError, match="made-up-overdue"):
        send(OVERDUE, to_person(official("li")), values)


def test_values_are_words_and_nothing_more(official: Make) -> None:
    hostile = {"number": "{since.__class__} <b>%s</b>", "since": "a\n\nb" + "x" * 500}
    message = send(OVERDUE, to_person(official("li")), hostile)
    assert message.title == "Case {since.__class__} <b>%s</b> is overdue"
    assert "\n" not in message.text and len(message.text) < 230


def test_a_reader_gets_the_words_in_their_own_language(monkeypatch: pytest.MonkeyPatch, official: Make) -> None:
    message = send(OVERDUE, to_person(official("li")), VALUES)
    monkeypatch.setattr("citybrain.hubs.messages.wording._", lambda text: f"<{translation.get_language()}> {text}")
    assert words_of(message, "zh-hans").title == "<zh-hans> Case YK-1 is overdue"
    assert words_of(message, "en").title == "<en> Case YK-1 is overdue"
    message.notice = "no-longer-declared"
    assert words_of(message, "zh-hans").title == "Case YK-1 is overdue"


def test_a_post_reaches_its_holders_and_who_stands_in(official: Make, allowed: Make) -> None:
    holder, deputy = official("holder", roles=[allowed("x:view")]), official("deputy")
    official("gone", roles=[allowed("x:view")])
    Appointment.objects.filter(user__username="gone").update(until=timezone.localdate() - timedelta(days=1))
    post = Post.objects.get(appointments__user=holder)
    Appointment.objects.filter(user__username="gone").update(post=post)
    now = timezone.now()
    Delegation.objects.create(
        appointment=holder.appointments.get(),
        deputy=deputy,
        since=now - timedelta(hours=1),
        until=now + timedelta(hours=1),
    )
    assert users(send(OVERDUE, to_post(post), VALUES)) == {"holder", "deputy"}


def test_a_role_and_an_organisation_reach_down_the_tree(official: Make, allowed: Make) -> None:
    county = body("county")
    body("bureau", county)
    other = body("other")
    clerk = allowed("x:view", key="clerk")
    official("a", roles=[clerk], organisation="bureau")
    official("b", roles=[allowed("y:view")], organisation="bureau")
    official("c", roles=[clerk], organisation="other")
    assert users(send(OVERDUE, to_role(clerk), VALUES)) == {"a", "c"}
    assert users(send(OVERDUE, to_role(clerk, county), VALUES)) == {"a"}
    assert users(send(OVERDUE, to_organisation(county), VALUES)) == {"a", "b"}
    assert users(send(OVERDUE, to_organisation(other), VALUES)) == {"c"}


def test_a_person_with_two_posts_gets_one_copy(official: Make, allowed: Make) -> None:
    li = official("li", roles=[allowed("x:view")])
    official("li", roles=[allowed("y:view")])
    assert send(OVERDUE, to_organisation(body("office")), VALUES).copies.get().user == li


def test_nobody_and_too_many_are_refused(monkeypatch: pytest.MonkeyPatch, official: Make, allowed: Make) -> None:
    with pytest.raises(AddressError, match="no people"):
        send(OVERDUE, to_organisation(body("empty")), VALUES)
    for name in "ab":
        official(name, roles=[allowed("x:view")])
    monkeypatch.setattr("citybrain.hubs.messages.addressing.MOST", 1)
    with pytest.raises(AddressError, match="announcement"):
        send(OVERDUE, to_organisation(body("office")), VALUES)


def test_writing_needs_the_permission_and_reaches_no_further(official: Make, allowed: Make, acting_as: Make) -> None:
    clerk = official("clerk", roles=[allowed("x:view")], organisation="bureau")
    with pytest.raises(PermissionDenied):
        write("Hello", "", to_person(clerk), actor=acting_as(clerk))
    writer = official("writer", roles=[allowed(SEND)], organisation="bureau")
    stranger = official("stranger", roles=[allowed("x:view")], organisation="other")
    message = write("Hello", "Text", to_person(clerk), actor=acting_as(writer))
    assert (message.sender, message.organisation) == (writer, body("bureau"))
    with pytest.raises(AddressError):
        write("Hello", "", to_person(stranger), actor=acting_as(writer))
    with pytest.raises(AddressError):
        write("Hello", "", to_role(allowed("x:view")), actor=acting_as(writer))
    county = official("county", roles=[allowed(SEND, reach=Reach.COUNTY)])
    assert users(write("Hello", "", to_person(stranger), actor=acting_as(county))) == {"stranger"}


@pytest.mark.parametrize("link", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "javascript:1"])
def test_links_stay_on_this_site(link: str, official: Make) -> None:
    with pytest.raises(ValueError, match="path on this site"):
        send(OVERDUE, to_person(official("li")), VALUES, link=link)


def test_reading_and_confirming(official: Make, allowed: Make, acting_as: Make) -> None:
    li, wang = official("li"), official("wang")
    writer = acting_as(official("writer", roles=[allowed(SEND, reach=Reach.COUNTY)]))
    plain = write("Plain", "", to_person(li), actor=writer).copies.get()
    grave = write("Grave", "", to_person(li), actor=writer, needs_receipt=True).copies.get()
    assert unread(li.pk) == 2
    with pytest.raises(ValueError, match="no confirmation"):
        confirm(plain, acting_as(li))
    with pytest.raises(ValueError, match="Only whom"):
        read(plain, acting_as(wang))
    with pytest.raises(Copy.DoesNotExist):
        inbox_copy(acting_as(wang), plain.pk)
    read(grave, acting_as(li))
    assert unread(li.pk) == 2, "reading is not confirming"
    first = confirm(grave, acting_as(li)).confirmed_at
    assert confirm(Copy.objects.get(pk=grave.pk), acting_as(li)).confirmed_at == first, "the first time counts"
    assert read_all(acting_as(li)) == 1 and unread(li.pk) == 0
    assert [copy.pk for copy in inbox(acting_as(li), waits=False)] == [grave.pk, plain.pk]
    assert LiveEvent.objects.filter(topic="inbox").order_by("-pk")[0].payload == {"count": 0}


def test_wishes_and_quiet_hours_decide_the_ways(settings: Any, official: Make, allowed: Make, acting_as: Make) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL, settings.SMS = "mail", "brain@county.example", {"kind": "plain"}
    li = official("li")
    User.objects.filter(pk=li.pk).update(email="li@county.example", phone="138 0013 8000")
    message = send(OVERDUE, to_person(li), VALUES)
    assert set(message.deliveries.values_list("channel", flat=True)) == {"in-app", "email"}
    assert Job.objects.get().arguments == {"message": message.pk}
    now = timezone.localtime()
    Preference.objects.create(
        user=li,
        channels={"important": ["sms", "pigeon"], "urgent": ["sms"]},
        quiet_from=(now - timedelta(hours=1)).time(),
        quiet_until=(now + timedelta(hours=1)).time(),
    )
    Job.objects.all().delete()
    assert send(OVERDUE, to_person(li), VALUES).deliveries.count() == 1, "the notice may not go by text message"
    writer = acting_as(official("writer", roles=[allowed(SEND, reach=Reach.COUNTY)]))
    held = write("Later", "", to_person(li), actor=writer, urgency=Urgency.IMPORTANT).deliveries.get(channel="sms")
    assert held.not_before is not None and held.not_before > timezone.now() + timedelta(minutes=55)
    assert Job.objects.get().not_before == held.not_before
    urgent = write("Now", "", to_person(li), actor=writer, urgency=Urgency.URGENT).deliveries.get(channel="sms")
    assert urgent.not_before is None, "what is urgent breaks through"
    assert urgent.channel == Channel.SMS and urgent.state == Delivery.State.QUEUED


@pytest.mark.parametrize(
    "text", ["", "person:", "person:nobody", "post:x", "role:x", "organisation:x", "all:x", "person"]
)
def test_what_names_nobody_is_refused(text: str) -> None:
    with pytest.raises(AddressError):
        addressee(text)


def test_an_addressee_is_read_back_from_its_name(official: Make, allowed: Make) -> None:
    li = official("li", roles=[allowed("x:view", key="clerk")])
    post = Post.objects.get(appointments__user=li)
    assert addressee("person:li") == to_person(User.objects.get(username="li"))
    assert addressee(f"post:{post.key}").key == post.key
    assert addressee("organisation:office").organisation_id == post.organisation_id
    assert addressee("role:made-up-clerk@office").organisation_id == post.organisation_id
