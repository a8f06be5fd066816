"""Signals by the API: one result an item, nothing doubled, repeats joined, recoveries proofs, quotas, quarantine."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citybrain.centre.events.models import Event, Signal, Step
from citybrain.centre.intake.api.taking import take, taken
from citybrain.centre.intake.models import Quarantined
from citybrain.centre.intake.quarantine import QUARANTINE, Refusal, drop, put_aside, take_again
from citybrain.kernel.identity.models import Area, Organisation
from citybrain.ui.records.tokens import issue

pytestmark = pytest.mark.usefixtures("centre")

URL = "/api/v1/signals/"
ALARM = {
    "channel": "device",
    "text": "水位 3.2 m 超过警戒",
    "value": "3.2",
    "threshold": "3.0",
    "fingerprint": "level:7",
}

Post = Callable[..., Any]


@pytest.fixture
def sender(official: Any, acting_as: Any, allowed: Any) -> Any:
    """Somebody of the water bureau whose programs may report."""
    return acting_as(official("water", roles=[allowed("event:report", "intake:mend")], organisation="water-resources"))


@pytest.fixture
def post(client: Client, sender: Any) -> Post:
    _token, text = issue(sender, title="水位计", scopes=["event:report"], days=30)

    def send(*signals: Any, **headers: str) -> Any:
        headers = {"Authorization": f"Bearer {text}", **headers}
        return client.post(URL, json.dumps({"signals": signals}), content_type="application/json", headers=headers)

    return send


def test_items_are_taken_each_for_itself(post: Post) -> None:
    answer = post({**ALARM, "reference": "1"}, {"channel": "radio"}, "nothing", {"channel": "device", "text": "x"})
    assert answer.status_code == 200, answer.content
    assert (answer.json()["taken"], answer.json()["refused"]) == (2, 2)
    results = answer.json()["results"]
    assert [one["result"] for one in results] == ["opened", "refused", "refused", "opened"]
    assert "channel" in results[1]["error"] and results[1]["remedy"]
    assert Quarantined.objects.count() == 2
    assert int(answer["X-RateLimit-Remaining"]) == 600 - 4


def test_a_repeated_delivery_is_one_signal(post: Post) -> None:
    first = post({**ALARM, "reference": "1"}).json()["results"][0]
    again = post({**ALARM, "reference": "1"}).json()["results"][0]
    assert (first["signal"], first["event"]) == (again["signal"], again["event"])
    batch = ({"channel": "device", "text": "a"}, {"channel": "device", "text": "b"})
    one = post(*batch, **{"Idempotency-Key": "k"}).json()["results"]
    two = post(*batch, **{"Idempotency-Key": "k"}).json()["results"]
    assert [result["signal"] for result in one] == [result["signal"] for result in two]
    assert Signal.objects.count() == 3


def test_repeats_of_an_alarm_join_its_event(post: Post) -> None:
    results = [post({**ALARM, "reference": str(time)}).json()["results"][0] for time in range(3)]
    assert [one["result"] for one in results] == ["opened", "joined", "joined"]
    assert results[-1]["repeats"] == 3
    assert Event.objects.count() == 1


def test_a_recovery_is_a_proof_and_opens_nothing(post: Post) -> None:
    calm = {"channel": "device", "text": "恢复", "fingerprint": "level:7", "is_recovery": True}
    assert post({**calm, "reference": "r0"}).json()["results"][0]["result"] == "kept"
    event = post({**ALARM, "reference": "1"}).json()["results"][0]["event"]
    assert post({**calm, "reference": "r1"}).json()["results"][0]["event"] == event
    assert Step.objects.filter(event__number=event, facts__is_recovery=True).exists()


def test_senders_do_not_meet(post: Post, official: Any, acting_as: Any, allowed: Any) -> None:
    post({**ALARM, "reference": "1"})
    other = acting_as(official("gas", roles=[allowed("event:report")], organisation="gas-supply"))
    theirs = taken({**ALARM, "reference": "1", "is_recovery": True}, other)
    assert theirs.event is None and Signal.objects.count() == 2


def test_what_became_of_a_signal(client: Client, post: Post, sender: Any, signed_in_client: Any, allowed: Any) -> None:
    number = post({**ALARM, "reference": "1"}).json()["results"][0]["event"]
    _token, text = issue(sender, title="水位计", scopes=["event:report"], days=30)
    found = client.get(f"{URL}device/1/", headers={"Authorization": f"Bearer {text}"})
    assert (found.json()["event"], found.json()["state"], found.json()["is_open"]) == (number, "new", True)
    stranger = signed_in_client(roles=[allowed("event:report")], organisation="water-resources")
    assert stranger.get(f"{URL}device/1/").status_code == 404


def test_quota(post: Post, settings: Any) -> None:
    settings.INTAKE_QUOTAS = {**settings.INTAKE_QUOTAS, "token": {"a_minute": 3, "a_day": 10}}
    item = {"channel": "device", "text": "x"}
    assert post(item, item).status_code == 200
    refused = post(item, item)
    assert refused.status_code == 429 and int(refused["Retry-After"]) <= 60
    assert post(item).status_code == 200
    assert Signal.objects.count() == 3


def test_the_door_is_closed_without_permission(client: Client, signed_in_client: Any, allowed: Any) -> None:
    assert client.post(URL, "{}", content_type="application/json").status_code == 401
    reader = signed_in_client(roles=[allowed("event:view")], organisation="tax")
    assert reader.post(URL, '{"signals": []}', content_type="application/json").status_code == 403


def test_the_operations_are_documented(client: Client, sender: Any, official: Any, signed_in_client: Any) -> None:
    described = signed_in_client(official("water")).get("/api/v1/openapi.json").json()
    items = described["components"]["schemas"]["Batch"]["properties"]["signals"]["items"]
    assert "fingerprint" in items["properties"] and "/api/v1/signals/" in described["paths"]


def test_a_message_put_aside_is_taken_when_the_county_is_ready(post: Post, sender: Any) -> None:
    QUARANTINE.install("api", take)
    post({"channel": "device", "text": "x", "area": "330784100000", "reference": "9"})
    post({"channel": "device", "text": "x", "area": "330784100000", "reference": "9"})
    row = Quarantined.objects.get()
    assert row.times == 2 and "330784100000" in row.reason
    with pytest.raises(Refusal):
        take_again(row, sender)
    row.refresh_from_db()
    assert row.state == "held"
    from_county = {"key": "330784100000", "path": "330784100000/", "kind": "town", "chinese": "古山镇"}
    Area.objects.create(**from_county)
    done = take_again(row, sender)
    assert done.state == "taken" and done.signal is not None
    with pytest.raises(Refusal):
        take_again(done, sender)


def test_a_message_is_dropped_for_a_reason(sender: Any) -> None:
    body = Organisation.objects.get(key="water-resources")
    row = put_aside("api", b"{}", Refusal("no"), channel="peer", organisation=body)
    with pytest.raises(Exception, match=r"Say why|原因"):
        drop(row, sender, " ")
    assert drop(row, sender, "测试报文").state == "dropped"


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = ("channel", "text", "value", "longitude", "latitude", "observed_at", "type", "reference", "odd")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(NAMES), junk | st.just("device"), max_size=6))
def test_anything_is_taken_or_refused(sender: Any, item: dict[str, Any]) -> None:
    try:
        signal = taken(item, sender)
    except Refusal as refusal:
        assert refusal.reason
    else:
        assert signal.pk
