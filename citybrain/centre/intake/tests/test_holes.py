"""Ways somebody tried at the doors to learn or to take what is not theirs; each was open once."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client, RequestFactory

from citybrain.centre.events.actions import act
from citybrain.centre.events.drafts import ReporterDraft, SignalDraft
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Channel, Event, Reporter, Signal
from citybrain.centre.events.orders import Order
from citybrain.centre.events.receiving import receive
from citybrain.centre.intake.api.taking import take, taken
from citybrain.centre.intake.citizen.receiving import receive_report
from citybrain.centre.intake.doors import anybody, network_of
from citybrain.centre.intake.hotline.calls import Call, answer_now
from citybrain.centre.intake.models import Handover, Peer, Quarantined
from citybrain.centre.intake.open311.server import request_key
from citybrain.centre.intake.pages.quarantine import veiled
from citybrain.centre.intake.peers.exchanging import request_of
from citybrain.centre.intake.quarantine import QUARANTINE, Refusal, put_aside, take_again
from citybrain.centre.intake.reporters import earlier
from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import SYSTEM, Actor
from citybrain.kernel.identity.models import Organisation

pytestmark = pytest.mark.usefixtures("centre")

NOTHING = {"text": "坑", "join": "", "address": "", "place": None, "accuracy": None, "type": "", "contact": ""}
REPORT = {**NOTHING, "name": "", "asset_kind": "", "asset_number": ""}


@pytest.fixture
def sender(official: Any, acting_as: Any, allowed: Any) -> Any:
    """Somebody of the water bureau whose programs may report."""
    return acting_as(official("water", roles=[allowed("event:report")], organisation="water-resources"))


def test_the_key_of_another_door_gives_no_secret_link(sender: Actor) -> None:
    guessed = uuid.uuid5(uuid.NAMESPACE_OID, f"signals:{sender.user_id}:nightly:0")
    taken({"channel": "device", "text": "内部情况"}, sender, key=guessed)
    anonymous = Actor(user_id=None, kind="anonymous", address="192.0.2.1")
    with pytest.raises(ValidationError):
        receive_report(REPORT, (), anonymous, request_key=guessed)
    patrol = uuid.uuid4()
    first = receive(SignalDraft(channel=Channel.PATROL, text="内部情况"), sender, request_key=patrol)
    with pytest.raises(ValidationError):
        receive_report(REPORT, (), anonymous, request_key=patrol)
    with pytest.raises(ValidationError):
        receive(SignalDraft(channel=Channel.PATROL, text="x"), SYSTEM, request_key=patrol)
    assert receive(SignalDraft(channel=Channel.PATROL, text="x"), sender, request_key=patrol) == first


def test_an_address_shared_by_many_shares_no_receipts() -> None:
    def key(**given: str) -> uuid.UUID | None:
        request = RequestFactory().post("/", given, headers={"Idempotency-Key": "1"})
        return request_key(request, anybody(request))

    assert key(description="甲家的事") == key(description="甲家的事") != key(description="随便")


def test_a_household_with_many_addresses_has_one_quota() -> None:
    assert network_of("2001:db8:1:2::7") == network_of("2001:db8:1:2:ffff::1") != network_of("2001:db8:1:3::7")
    assert network_of("192.0.2.1") == "192.0.2.1" and network_of(None) == "?"


def test_what_was_merged_into_something_not_public_is_not_public(client: Client, code: str) -> None:
    def event() -> Event:
        found = receive(SignalDraft(channel=Channel.PATROL, text="情况", type=code), SYSTEM).event
        assert found is not None
        act(found, Order(verb=Verb.ACCEPT), SYSTEM, seen=None)
        return found

    other, head = event(), event()
    act(other, Order(verb=Verb.MERGE, into=head), SYSTEM, seen=None)
    url = f"/open311/v2/requests/{other.number}.json"
    assert client.get(url).status_code == 200
    Event.objects.filter(pk=head.pk).update(sensitivity="restricted")
    assert client.get(url).status_code == 404


def test_a_message_taken_again_is_its_senders(sender: Actor, acting_as: Any, official: Any, allowed: Any) -> None:
    QUARANTINE.install("api", take)
    body = b'{"channel": "device", "text": "x", "reference": "9"}'
    water = Organisation.objects.get(key="water-resources")
    put_aside("api", body, Refusal("x"), channel="device", organisation=water)
    roles = [allowed("event:report", "intake:mend", reach=Reach.COUNTY)]
    mender = acting_as(official("mender", roles=roles, organisation="data-bureau-operation-centre"))
    signal = take_again(Quarantined.objects.get(), mender).signal
    assert signal is not None and signal.source_reference == "water-resources:9"
    assert taken({"channel": "device", "text": "x", "reference": "9"}, sender) == signal
    assert signal.organisation == water


@pytest.mark.parametrize("text", ["13800001234", "+86 138 0000 1234", "0579-87101234", "a.b@example.org"])
def test_who_mends_a_message_sees_no_contact(text: str) -> None:
    assert text not in veiled(f'{{"reporter_contact": "{text}", "text": "电话{text}"}}')
    assert veiled("值 3.2，时间 2026-11-21T08:00:00") == "值 3.2，时间 2026-11-21T08:00:00"


def test_references_hold_no_control_characters(sender: Actor) -> None:
    with pytest.raises(Refusal):
        taken({"channel": "device", "text": "x", "reference": "a\x00b"}, sender)
    assert not Signal.objects.exists()


def test_a_number_typed_at_the_hotline_tells_nobody_else_whose_it_is(
    signed_in_client: Any, official: Any, acting_as: Any, allowed: Any, code: str
) -> None:
    person = official("curious", roles=[allowed("event:report", "event:view", reach=Reach.COUNTY)], organisation="tax")
    draft = SignalDraft(
        channel=Channel.HOTLINE, text="邻居夜里施工", title="夜里施工", reporter=ReporterDraft(contact="13800001234")
    )
    receive(draft, SYSTEM)
    client = signed_in_client(person)
    shown = client.post("/events/hotline/", {"number": "13800001234"}, headers={"X-Panel": "offers"})
    assert shown.status_code == 200 and "夜里施工" not in shown.content.decode()
    reporter = Reporter.objects.get()
    with pytest.raises(PermissionDenied):
        earlier(reporter, acting_as(person))
    call = Call(text="咨询", key=uuid.uuid4(), type=code, answer="已答复")
    with pytest.raises(PermissionDenied):
        answer_now(call, acting_as(person))
    assert Event.objects.count() == 1


def test_a_number_that_people_wrote_does_not_leave_the_house(centre: Organisation, code: str) -> None:
    text = "路面有坑，我是13800001234，家住一幢"
    event = receive(SignalDraft(channel=Channel.PATROL, text=text, type=code, address="找13800001234"), SYSTEM).event
    assert event is not None
    peer = Peer(key="p", name="p", url="https://peer.example.org", organisation=centre)
    given = request_of(Handover(event=event, peer=peer))
    assert "坑" in given["description"] and "13800001234" not in str(given)
