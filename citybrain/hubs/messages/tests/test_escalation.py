"""What nobody answers goes to the next one up, when its working minutes are over, and only once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from citybrain.declare.notice import Notice, Urgency
from citybrain.hubs.messages.actions import confirm, escalate, read, send
from citybrain.hubs.messages.addressing import to_person, to_post
from citybrain.hubs.messages.models import Message
from citybrain.hubs.messages.tests.samples import GRAVE, body
from citybrain.kernel.identity.models import Delegation, Organisation, Post, User
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.registry.registry import registry

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]

SLOW = Notice(
    key="made-up-slow", title="Report due", urgency=Urgency.IMPORTANT, escalate_after=60, escalate_to="made-up-leader"
)


@pytest.fixture(autouse=True)
def slow_is_known(known: None) -> Any:
    registry()._by_kind[Notice][SLOW.key] = SLOW
    yield
    del registry()._by_kind[Notice][SLOW.key]


@pytest.fixture
def house(official: Make, allowed: Make) -> dict[str, User]:
    """A clerk in a section, the leader of the bureau above it, and the county's leader above both."""
    county = body("county")
    bureau = body("bureau", county)
    section = body("section", bureau)
    leader = allowed("*:view", key="leader")
    return {
        "clerk": official("clerk", roles=[allowed("x:view")], organisation=section),
        "chief": official("chief", roles=[leader], organisation=bureau),
        "mayor": official("mayor", roles=[leader], organisation=county),
    }


def who(message: Message) -> list[str]:
    return list(message.copies.order_by("pk").values_list("user__username", flat=True))


def later(message: Message, minutes: int) -> int:
    return escalate(message, timezone.now() + timedelta(minutes=minutes))


def test_it_goes_up_step_by_step_and_never_twice(house: dict[str, User]) -> None:
    message = send(GRAVE, to_post(Post.objects.get(appointments__user=house["clerk"])), {"level": 3})
    job = Job.objects.get(name="messages-escalate")
    assert job.not_before == message.copies.get().due_at
    assert abs((job.not_before - timezone.now()).total_seconds() - 30 * 60) < 60
    assert later(message, 29) == 0 and who(message) == ["clerk"]
    assert later(message, 31) == 1 and who(message) == ["clerk", "chief"]
    assert later(message, 32) == 0, "each silence goes up once"
    up = message.copies.get(user=house["chief"])
    assert up.escalated_from is not None and up.escalated_from.user == house["clerk"]
    assert later(message, 120) == 1 and who(message) == ["clerk", "chief", "mayor"]
    assert later(message, 500) == 0, "above the county there is nobody"


def test_who_answers_stops_it(house: dict[str, User], acting_as: Make) -> None:
    message = send(GRAVE, to_person(house["clerk"]), {"level": 3})
    copy = read(message.copies.get(), acting_as(house["clerk"]))
    assert copy.due_at is not None, "it asks for a confirmation, and reading is none"
    confirm(copy, acting_as(house["clerk"]))
    assert later(message, 60) == 0 and who(message) == ["clerk"]


def test_reading_suffices_where_no_confirmation_is_asked(house: dict[str, User], acting_as: Make) -> None:
    message = send(SLOW, to_person(house["clerk"]), {})
    read(message.copies.get(), acting_as(house["clerk"]))
    assert escalate(message, timezone.now() + timedelta(days=30)) == 0


def test_who_stands_in_hears_of_it_first(house: dict[str, User], official: Make) -> None:
    message = send(GRAVE, to_person(house["clerk"]), {"level": 3})
    now = timezone.now()
    Delegation.objects.create(
        appointment=house["clerk"].appointments.get(),
        deputy=official("deputy"),
        since=now - timedelta(hours=1),
        until=now + timedelta(hours=2),
    )
    assert later(message, 31) == 1 and who(message) == ["clerk", "deputy"]


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        ("2026-11-18 09:00", "2026-11-18 10:00"),  # a Wednesday morning
        ("2026-11-20 17:15", "2026-11-23 09:15"),  # fifteen minutes are left on Friday
        ("2026-10-01 12:00", "2026-10-08 09:30"),  # the National Day holidays
    ],
)
def test_only_working_minutes_count(
    sent: str, due: str, house: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.make_aware(datetime.fromisoformat(sent))
    Organisation.objects.update(schedule="office")
    people = to_person(house["clerk"])
    monkeypatch.setattr("citybrain.hubs.messages.actions.timezone.now", lambda: now)
    message = send(SLOW, people, {})
    found = message.copies.get().due_at
    assert found is not None and timezone.localtime(found).strftime("%Y-%m-%d %H:%M") == due


def test_urgent_ones_count_every_minute(house: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    night = timezone.make_aware(datetime(2026, 11, 21, 23, 50))
    people = to_person(house["clerk"])
    monkeypatch.setattr("citybrain.hubs.messages.actions.timezone.now", lambda: night)
    assert send(GRAVE, people, {"level": 3}).copies.get().due_at == night + timedelta(minutes=30)
