"""Open311: what the standard's text asks for, what the public may see, what repeated and hostile requests do."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from citybrain.centre.events.actions import act
from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Channel, Event, Signal
from citybrain.centre.events.orders import Order
from citybrain.centre.events.receiving import receive
from citybrain.centre.intake.models import Quarantined
from citybrain.centre.intake.tests.conftest import public_codes
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.ui.records.tokens import issue

pytestmark = pytest.mark.usefixtures("centre")

V2 = "/open311/v2"
SENT = {"service_code": "", "lat": "28.8938", "long": "120.0402", "description": "路面有大坑"}


def sent(client: Client, code: str, form: str = "json", **changes: Any) -> Any:
    headers = changes.pop("headers", {})
    return client.post(f"{V2}/requests.{form}", {**SENT, "service_code": code, **changes}, headers=headers)


def accepted(code: str, **changes: Any) -> Event:
    """A public event that was verified."""
    place = {"type": "Point", "coordinates": [120.04, 28.89]}
    draft = SignalDraft(channel=Channel.PATROL, text="张三家门口", type=code, place=place, **changes)
    event = receive(draft, SYSTEM).event
    assert event is not None
    act(event, Order(verb=Verb.ACCEPT), SYSTEM, seen=None)
    return event


def test_discovery_names_the_endpoint_in_both_formats(client: Client) -> None:
    found = client.get("/open311/discovery.json").json()
    assert found["endpoints"][0]["url"].endswith(V2)
    root = ElementTree.fromstring(client.get("/open311/discovery.xml").content)
    assert root.find("endpoints/endpoint/url") is not None


def test_services_have_every_part_of_the_standard(client: Client, code: str) -> None:
    rows = client.get(f"{V2}/services.json").json()
    parts = {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
    assert all(set(row) == parts and row["type"] in ("realtime", "batch", "blackbox") for row in rows)
    assert code in {row["service_code"] for row in rows}
    xml = ElementTree.fromstring(client.get(f"{V2}/services.xml").content)
    assert xml.tag == "services"
    assert {one.tag for one in xml[0]} == parts
    assert xml[0].findtext("metadata") in ("true", "false")


def test_a_definition_has_its_attributes(client: Client, code: str) -> None:
    found = client.get(f"{V2}/services/{code}.json").json()
    assert found["service_code"] == code
    parts = {"variable", "code", "datatype", "required", "datatype_description", "order", "description", "values"}
    assert all(set(one) == parts for one in found["attributes"])
    assert client.get(f"{V2}/services/nothing.json").status_code == 404


def test_a_request_is_made_and_followed_by_its_receipt(client: Client, code: str) -> None:
    made = sent(client, code)
    assert made.status_code == 200, made.content
    number = made.json()[0]["service_request_id"]
    signal = Signal.objects.get()
    assert (signal.channel, signal.text, signal.event.type) == (Channel.CITIZEN, "路面有大坑", code)
    one = client.get(f"{V2}/requests/{number}.json").json()[0]
    assert (one["status"], one["service_code"], one["service_request_id"]) == ("open", code, number)
    token = client.get(f"{V2}/tokens/{number}.xml")
    assert ElementTree.fromstring(token.content).findtext("request/service_request_id") == number


def test_a_number_that_nobody_was_given_finds_nothing(client: Client, code: str) -> None:
    sent(client, code)
    signal = Signal.objects.get()
    assert client.get(f"{V2}/requests/{signal.number}.json").status_code == 404
    assert client.get(f"{V2}/requests/{signal.number}.AAAA.json").status_code == 404
    # It is not verified yet: nobody but the sender knows of it.
    assert client.get(f"{V2}/requests/{signal.event.number}.json").status_code == 404
    assert client.get(f"{V2}/requests.json").json() == []


def test_what_is_public_says_nobody_s_words(client: Client, code: str) -> None:
    event = accepted(code)
    answer = client.get(f"{V2}/requests.json")
    assert [one["service_request_id"] for one in answer.json()] == [event.number]
    assert "张三" not in answer.content.decode()
    assert answer.json()[0]["lat"] == 28.89
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_restricted_and_exercised_events_are_not_public(client: Client, code: str) -> None:
    event = accepted(code)
    Event.objects.filter(pk=event.pk).update(sensitivity="restricted")
    accepted(code, is_exercise=True)
    assert client.get(f"{V2}/requests.json").json() == []


def test_filters_and_the_window(client: Client, code: str) -> None:
    event = accepted(code)
    other = public_codes()[1]
    old = accepted(other)
    Event.objects.filter(pk=old.pk).update(opened_at=timezone.now() - timedelta(days=91))

    def numbers(question: str) -> list[str]:
        return [one["service_request_id"] for one in client.get(f"{V2}/requests.json?{question}").json()]

    assert numbers("") == [event.number]
    assert numbers(f"service_code={code},{other}") == [event.number]
    assert numbers("status=closed") == []
    assert numbers("status=open,closed") == [event.number]
    long_ago = (timezone.now() - timedelta(days=95)).strftime("%Y-%m-%dT%H:%M:%SZ")
    day = timezone.localdate() - timedelta(days=89)
    assert numbers(f"start_date={long_ago}&end_date={day}") == [old.number]
    assert numbers(f"service_request_id={old.number},{event.number}&status=closed") == [old.number, event.number]
    assert numbers("page=2&page_size=1") == []
    for wrong in (f"start_date={long_ago}", "status=new", "start_date=yesterday", "page=0", "page=-1", "page=１"):
        assert client.get(f"{V2}/requests.json?{wrong}").status_code == 400, wrong
    assert client.get(f"{V2}/requests.json?service_code=nothing").status_code == 404


@pytest.mark.parametrize(
    ("changes", "status", "named"),
    [
        ({"service_code": "nothing"}, 404, "nothing"),
        ({"service_code": ""}, 400, "service_code"),
        ({"lat": "", "long": ""}, 400, "address_string"),
        ({"lat": "91"}, 400, "lat"),
        ({"lat": "nan"}, 400, "lat"),
        ({"long": ""}, 400, "lat"),
        ({"description": ""}, 400, "description"),
        ({"description": "x" * 4001}, 400, "4000"),
        ({"jurisdiction_id": "330702"}, 404, "330784"),
        ({"attribute[people_hurt]": "perhaps"}, 400, "people_hurt"),
        ({"api_key": "cb_nothing"}, 403, "api_key"),
    ],
)
def test_refusals_name_what_is_wrong(client: Client, code: str, changes: Any, status: int, named: str) -> None:
    answer = sent(client, code, **changes)
    assert answer.status_code == status, answer.content
    error = answer.json()[0]
    assert error["code"] == status and named in error["description"]
    xml = ElementTree.fromstring(sent(client, code, "xml", **changes).content)
    assert xml.tag == "errors" and xml.findtext("error/code") in (str(status), "429")
    assert not Signal.objects.exists()


def test_people_hurt_raise_the_level(client: Client, code: str) -> None:
    sent(client, code, **{"attribute[people_hurt]": "yes"})
    assert Event.objects.get().level == "orange"


def test_a_repeated_request_is_one(client: Client, code: str) -> None:
    first = sent(client, code, headers={"Idempotency-Key": "a1"}).json()
    assert sent(client, code, headers={"Idempotency-Key": "a1"}).json() == first
    sent(client, code, headers={"Idempotency-Key": "a2"})
    assert Signal.objects.count() == 2


def test_strangers_have_a_quota(client: Client, code: str, settings: Any) -> None:
    settings.INTAKE_QUOTAS = {**settings.INTAKE_QUOTAS, "anonymous": {"a_minute": 2, "a_day": 30}}
    answers = [sent(client, code).status_code for _time in range(3)]
    assert answers == [200, 200, 429]
    assert Signal.objects.count() == 2


def test_a_key_opens_the_door_of_peers(client: Client, code: str, official: Any, acting_as: Any, allowed: Any) -> None:
    clerk = official("peer", roles=[allowed("event:report")], organisation="city-hotline")
    _token, text = issue(acting_as(clerk), title="市热线", scopes=["event:report"], days=30)
    assert sent(client, code, api_key=text, phone="138 0000 0000").status_code == 200
    signal = Signal.objects.get()
    assert (signal.channel, signal.organisation.key, signal.reporter.contact_kind) == ("peer", "city-hotline", "mobile")
    assert sent(client, code, api_key=text, lat="x").status_code == 400
    held = Quarantined.objects.get()
    assert text.encode() not in bytes(held.body) and held.sender.startswith("市热线")


def test_keys_may_be_demanded(client: Client, code: str, settings: Any) -> None:
    settings.OPEN311_KEYS = "required"
    assert sent(client, code).status_code == 403


def test_methods_are_named(client: Client) -> None:
    answer = client.put(f"{V2}/requests.json")
    assert answer.status_code == 405 and "POST" in answer.json()[0]["description"]
    assert json.loads(client.post(f"{V2}/services.json").content)[0]["code"] == 405
