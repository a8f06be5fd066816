"""Pages of the doors: messages put aside, peers, orders of the higher level."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from citybrain.centre.events.clocks import read
from citybrain.centre.events.models import Event, Step
from citybrain.centre.intake.models import Peer, Quarantined
from citybrain.centre.intake.peers.connecting import connect
from citybrain.centre.intake.peers.exchanging import PURPOSE
from citybrain.centre.intake.quarantine import Refusal, put_aside
from citybrain.declare.event import Clock
from citybrain.kernel.identity.models import Organisation, SecurityEvent
from citybrain.kernel.identity.sealing import unseal
from citybrain.kernel.jobs.models import Job

pytestmark = pytest.mark.usefixtures("centre")


@pytest.fixture
def administrator(signed_in_client: Any, allowed: Any, centre: Organisation) -> Any:
    roles = [allowed("peer:administer", "intake:mend", "event:report", "event:view")]
    return signed_in_client(roles=roles, organisation=centre)


def held(body: bytes = b'{"channel": "device", "text": "x"}') -> Quarantined:
    body_of = Organisation.objects.get(key="data-bureau-operation-centre")
    refusal = Refusal("field: wrong", "Correct it.")
    return put_aside("api", body, refusal, channel="device", sender="水位计", organisation=body_of)


def test_a_message_is_looked_at_and_taken_again(administrator: Any) -> None:
    row = held()
    listed = administrator.get("/events/held/").content.decode()
    assert "field: wrong" in listed and "水位计" in listed
    assert "device" in administrator.get(f"/events/held/{row.pk}/").content.decode()
    assert administrator.post(f"/events/held/{row.pk}/again/").status_code == 302
    row.refresh_from_db()
    assert (
        row.state == "taken"
        and row.signal.event.number in administrator.get(f"/events/held/{row.pk}/").content.decode()
    )


def test_hostile_bytes_are_only_text(administrator: Any) -> None:
    row = held(b"<script>alert(1)</script>\x00\xff")
    shown = administrator.get(f"/events/held/{row.pk}/").content.decode()
    assert "<script>alert(1)" not in shown and "&lt;script&gt;alert(1)" in shown


def test_a_message_is_dropped_with_a_reason(administrator: Any) -> None:
    row = held()
    administrator.post(f"/events/held/{row.pk}/drop/", {"reason": ""})
    row.refresh_from_db()
    assert row.state == "held"
    administrator.post(f"/events/held/{row.pk}/drop/", {"reason": "测试"})
    row.refresh_from_db()
    assert row.state == "dropped"


GIVEN = {
    "name": "邻县",
    "key": "neighbour",
    "kind": "open311",
    "url": "https://93.184.215.14/open311/v2/",
    "secret": "cb_secret",
    "polls": "on",
    "pushes": "on",
}


def test_a_peer_is_connected_with_a_sealed_key(administrator: Any, centre: Organisation) -> None:
    answer = administrator.post("/events/peers/new/", {**GIVEN, "organisation": centre.pk})
    assert answer.status_code == 302, answer.content.decode()
    peer = Peer.objects.get()
    assert peer.url == "https://93.184.215.14/open311/v2" and "cb_secret" not in peer.sealed_key
    assert unseal(peer.sealed_key, PURPOSE) == "cb_secret"
    shown = administrator.get("/events/peers/neighbour/").content.decode()
    assert "cb_secret" not in shown and "邻县" in shown
    assert SecurityEvent.objects.filter(action="peer-connected").count() == 1
    administrator.post("/events/peers/neighbour/exchange/")
    assert Job.objects.filter(name="intake-exchange").exists()
    administrator.post("/events/peers/neighbour/off/")
    peer.refresh_from_db()
    assert not peer.is_active and not peer.sealed_key


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "http://127.0.0.1/v2"},
        {"url": "http://169.254.169.254/"},
        {"url": "ftp://example.org/"},
        {"key": "a b"},
        {"classes": "nothing = x"},
        {"classes": "illegal-structure"},
        {"organisation": ""},
    ],
)
def test_what_cannot_be_connected_is_refused(administrator: Any, centre: Organisation, changes: Any) -> None:
    given = {**GIVEN, "organisation": centre.pk, **changes}
    assert administrator.post("/events/peers/new/", given).status_code == 422
    assert not Peer.objects.exists()


def test_only_who_connects_sees_peers(
    signed_in_client: Any, allowed: Any, centre: Organisation, acting_as: Any
) -> None:
    reader = signed_in_client(roles=[allowed("event:view", "*:view")], organisation="tax")
    assert reader.get("/events/peers/").status_code == 403
    assert reader.get("/events/held/").status_code == 403


def test_an_order_of_the_higher_level_keeps_its_limit(administrator: Any, code: str) -> None:
    until = timezone.localtime() + timedelta(days=3)
    given = {
        "sender": "市政府办",
        "document": "交办〔2026〕12号",
        "received_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "until": until.strftime("%Y-%m-%dT%H:%M"),
        "title": "清理占道",
        "text": "请于三日内清理",
        "type": code,
        "key": str(uuid.uuid4()),
    }
    assert administrator.post("/events/upper/", given).status_code == 302
    assert administrator.post("/events/upper/", {**given, "key": str(uuid.uuid4())}).status_code == 302
    event = Event.objects.get()
    assert (event.channel, event.loop != "micro") == ("upper_level", True)
    opened = Step.objects.get(event=event, number=1)
    assert opened.facts["proposals"]["ordered_until"][:16] == until.strftime("%Y-%m-%dT%H:%M")


@pytest.mark.parametrize(("field", "days"), [("until", -1), ("received_at", 1)])
def test_times_that_cannot_be_are_refused(administrator: Any, field: str, days: int) -> None:
    now = timezone.localtime()
    given = {
        "sender": "市政府办",
        "document": "1",
        "received_at": now.strftime("%Y-%m-%dT%H:%M"),
        "until": (now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"),
        "title": "x",
        "text": "x",
        "key": str(uuid.uuid4()),
        field: (now + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M"),
    }
    assert administrator.post("/events/upper/", given).status_code == 422


def test_connecting_asks_for_the_permission(acting_as: Any, official: Any, centre: Organisation) -> None:
    actor = acting_as(official("nobody", roles=[], organisation=centre))
    with pytest.raises(Exception, match=r"."):
        connect(actor, key="x", name="x", kind="cap", url="https://example.org/", organisation=centre)
    assert not Peer.objects.exists()


def test_the_order_s_limit_is_the_whole_event_s(administrator: Any, code: str) -> None:
    until = (timezone.localtime() + timedelta(days=2)).replace(second=0, microsecond=0)
    given = {
        "sender": "市政府办",
        "document": "13号",
        "received_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "until": until.strftime("%Y-%m-%dT%H:%M"),
        "title": "x",
        "text": "x",
        "type": code,
        "key": str(uuid.uuid4()),
    }
    administrator.post("/events/upper/", given)
    event = Event.objects.get()
    whole = next(reading for reading in read(event) if reading.clock is Clock.WHOLE)
    assert whole.due_at is not None and abs(whole.due_at - until) < timedelta(seconds=1)
    assert event.whole_due_at is not None and abs(event.whole_due_at - until) < timedelta(seconds=1)
