"""The hub's pages: for whom they are, what they say, and that another's messages are not found."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from citybrain.declare.role import Reach
from citybrain.hubs.messages.actions import write
from citybrain.hubs.messages.addressing import to_person
from citybrain.hubs.messages.models import Copy, Delivery, Message, Preference
from citybrain.hubs.messages.pages.receipts import token_of
from citybrain.hubs.messages.permissions import ADMINISTER, SEND
from citybrain.kernel.identity.models import User

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


@pytest.fixture
def people(official: Make, allowed: Make) -> dict[str, User]:
    return {
        "li": official("li", roles=[allowed("x:view")]),
        "wang": official("wang", roles=[allowed("x:view")]),
        "writer": official("writer", roles=[allowed(SEND, reach=Reach.COUNTY)]),
        "admin": official("admin", roles=[allowed(ADMINISTER, reach=Reach.COUNTY)]),
    }


@pytest.fixture
def copy(people: dict[str, User], acting_as: Make) -> Copy:
    """A message to Li that asks for a confirmation."""
    text = "First line\n<b>second</b>"
    message = write("Flood drill", text, to_person(people["li"]), actor=acting_as(people["writer"]), needs_receipt=True)
    return message.copies.get()


def test_the_inbox_shows_ones_own_and_nobody_elses(people: dict[str, User], copy: Copy, signed_in_client: Make) -> None:
    li: Client = signed_in_client(people["li"])
    page = li.get("/messages/").content.decode()
    assert "Flood drill" in page and f"/messages/{copy.pk}/" in page and "To confirm" in page
    assert "Flood drill" not in li.get("/messages/?q=nothing").content.decode()
    wang: Client = signed_in_client(people["wang"])
    assert "Flood drill" not in wang.get("/messages/?tab=all").content.decode()
    assert wang.get(f"/messages/{copy.pk}/").status_code == 404
    assert wang.post(f"/messages/{copy.pk}/confirm/").status_code == 404


def test_opening_reads_and_the_button_confirms(people: dict[str, User], copy: Copy, signed_in_client: Make) -> None:
    li: Client = signed_in_client(people["li"])
    page = li.get(f"/messages/{copy.pk}/").content.decode()
    assert "First line<br>" in page and "&lt;b&gt;second" in page
    copy.refresh_from_db()
    assert copy.read_at is not None and copy.confirmed_at is None
    assert li.post(f"/messages/{copy.pk}/confirm/").status_code == 302
    copy.refresh_from_db()
    assert copy.confirmed_at is not None
    assert li.get(f"/messages/{copy.pk}/confirm/").status_code == 405


def test_my_work_gathers_what_waits(people: dict[str, User], copy: Copy, signed_in_client: Make) -> None:
    page = signed_in_client(people["li"]).get("/work/").content.decode()
    assert "Messages to confirm" in page and f"/messages/{copy.pk}/confirm/" in page
    assert "Nothing waits for you." in signed_in_client(people["wang"]).get("/work/").content.decode()
    front = signed_in_client(people["wang"]).get("/", follow=True)
    assert front.status_code == 200 and "My work" in front.content.decode(), "who may see no warehouse begins here"


def test_one_panel_is_fetched_anew(people: dict[str, User], copy: Copy, signed_in_client: Make) -> None:
    part = signed_in_client(people["li"]).get("/messages/", headers={"X-Panel": "inbox"}).content.decode()
    assert part.lstrip().startswith("<section") and 'data-topic="inbox"' in part and "<html" not in part


def test_writing_to_somebody(people: dict[str, User], signed_in_client: Make) -> None:
    writer: Client = signed_in_client(people["writer"])
    assert writer.get("/messages/write/").status_code == 200
    sent = {"to": "person:li", "title": "Hello", "text": "", "urgency": "routine"}
    answer = writer.post("/messages/write/", sent)
    message = Message.objects.get()
    assert answer.headers["Location"] == f"/messages/sent/{message.pk}/"
    assert "Hello" in writer.get(f"/messages/sent/{message.pk}/").content.decode()
    assert writer.post("/messages/write/", {**sent, "to": "person:nobody"}).status_code == 200
    assert Message.objects.count() == 1
    li: Client = signed_in_client(people["li"])
    assert li.get("/messages/write/").status_code == 403
    assert li.get(f"/messages/sent/{message.pk}/").status_code == 403


def test_preferences_are_kept(people: dict[str, User], signed_in_client: Make) -> None:
    li: Client = signed_in_client(people["li"])
    given = {"urgent": ["email", "sms"], "quiet_from": "22:00", "quiet_until": "07:00", "wants_digest": "on"}
    assert li.post("/messages/preferences/", given).status_code == 302
    row = Preference.objects.get(user=people["li"])
    assert row.channels == {"routine": [], "important": [], "urgent": ["email", "sms"]}
    assert str(row.quiet_from) == "22:00:00" and row.wants_digest
    half = li.post("/messages/preferences/", {"quiet_from": "22:00"})
    assert half.status_code == 200 and "a beginning and an end" in half.content.decode()


@pytest.mark.parametrize("path", ["/messages/deliveries/", "/messages/robots/", "/messages/robots/new/"])
def test_administration_is_for_administrators(path: str, people: dict[str, User], signed_in_client: Make) -> None:
    assert signed_in_client(people["admin"]).get(path).status_code == 200
    assert signed_in_client(people["writer"]).get(path).status_code == 403
    assert Client().get(path).status_code == 302


def test_a_robot_of_a_private_address_is_refused_in_the_form(people: dict[str, User], signed_in_client: Make) -> None:
    admin: Client = signed_in_client(people["admin"])
    body = people["admin"].organisation
    assert body is not None
    given = {"organisation": body.pk, "kind": "wecom", "title": "Group", "url": "http://127.0.0.1/x"}
    page = admin.post("/messages/robots/new/", given)
    assert page.status_code == 200 and "CITYBRAIN_MESSAGES_ALLOWED_HOSTS" in page.content.decode()


def test_gateways_report_with_the_secret_only(copy: Copy, settings: Any) -> None:
    settings.SMS = {"kind": "plain"}
    row = Delivery.objects.create(message=copy.message, copy=copy, channel="sms", state="sent")
    report = json.dumps([{"out_id": str(row.pk), "success": True}, {"out_id": "no-uuid", "success": True}])

    def post(channel: str, token: str, body: str) -> int:
        path = f"/messages/receipts/{channel}/{token}/"
        return Client(enforce_csrf_checks=True).post(path, body, content_type="application/json").status_code

    assert post("sms", "0" * 40, report) == post("pigeon", token_of("pigeon"), report) == 404
    assert post("email", token_of("email"), report) == 404, "e-mail is not set up"
    assert post("sms", token_of("sms"), "{}") == 400
    assert post("sms", token_of("sms"), "[" * 100_000) == 400
    row.refresh_from_db()
    assert row.state == "sent"
    assert post("sms", token_of("sms"), report) == 200
    row.refresh_from_db()
    assert row.state == "delivered"
    other = json.dumps([{"out_id": str(uuid.uuid4()), "success": True}])
    assert post("sms", token_of("sms"), other) == 200, "what is not ours is passed over"
