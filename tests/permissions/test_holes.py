"""Ways somebody tried over HTTP to learn or to spoil what is not theirs; each was open once."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client, RequestFactory

from citybrain.applications.office.models import Feedback, ServicePoint
from citybrain.declare.role import Reach
from citybrain.declare.words import Grade
from citybrain.hubs.messages.actions import own_path
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.models import Area, SecurityEvent, User
from citybrain.kernel.identity.security_log import log_security
from citybrain.kernel.identity.sessions import SEEN
from citybrain.kernel.identity.sign_in import visitor
from citybrain.kernel.records import actions
from citybrain.kernel.records.shape import shape_of
from citybrain.testing.people import acting_as, allowed, official, organisation_of, signed_in_client
from citybrain.ui.citizen import report
from citybrain.ui.citizen.queries import names_nobody
from citybrain.ui.citizen.receiving import RECEIVED, TooMany, demand_room
from citybrain.ui.live import resolver
from citybrain.ui.records.api_schemas import request_key
from citybrain.ui.records.forms import LookupField

pytestmark = pytest.mark.django_db

POINT = {"title": "古山镇便民服务中心", "kind": "town", "address": "永康市古山镇前塘路1号", "hours": "周一至周五"}
LIST = "/records/service-point/"
API = "/api/v1/service-point/"
MOBILE = "13800001234"


@pytest.fixture
def owner() -> User:
    return official("owner", roles=[allowed("service-point:*", "feedback:*", clearance=Grade.L3)], organisation="home")


def point(owner: User, **changes: Any) -> ServicePoint:
    record = actions.create(shape_of(ServicePoint), POINT | changes, acting_as(owner))
    assert isinstance(record, ServicePoint)
    return record


def test_a_purpose_alone_does_not_open_the_history(owner: User) -> None:
    record = point(owner, manager_mobile=MOBILE)
    curious = signed_in_client(
        official("curious", roles=[allowed("service-point:view", clearance=Grade.L3)], organisation="home")
    )
    answer = curious.get(f"{API}{record.number}/history/", headers={"X-Purpose": "curiosity"})
    assert answer.status_code == 200
    assert MOBILE not in answer.content.decode()
    assert not SecurityEvent.objects.filter(action="disclose").exists()


def test_what_a_masked_record_shows_can_be_sent_back(owner: User) -> None:
    record = point(owner, manager_mobile=MOBILE)
    client = signed_in_client(owner)
    shown = client.get(f"{API}{record.number}/").json()
    assert shown["manager_mobile"] == "138****1234"
    body = {"manager_mobile": shown["manager_mobile"], "hours": "周六"}
    changed = client.patch(f"{API}{record.number}/", body, "application/json", headers={"If-Match": '"1"'})
    assert changed.status_code == 200
    record.refresh_from_db()
    assert (record.manager_mobile, record.hours) == (MOBILE, "周六")


def test_nobody_orders_by_a_masked_value(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    column = ServicePoint._meta.get_field("manager_mobile")
    monkeypatch.setattr(column, "db_index", True)
    first, last = point(owner, manager_mobile="13900000000"), point(owner, manager_mobile="13100000000")
    client = signed_in_client(owner)
    orders = [
        [item["number"] for item in client.get(API, {"order": order}).json()["items"]]
        for order in ("manager_mobile", "-manager_mobile")
    ]
    assert orders[0] == orders[1]
    assert set(orders[0]) == {first.number, last.number}


def test_somebody_elses_request_key_tells_no_secret_link(
    client: Client, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "FASTEST", 0)
    organisation_of("home")
    key = request_key("order-1", acting_as(owner))
    assert isinstance(key, uuid.UUID)
    values = {"kind": "idea", "title": "不公开的事", "text": "内部", "organisation": organisation_of("home")}
    theirs = actions.create(shape_of(Feedback), values, acting_as(owner), request_key=key)
    page = client.get("/c/say/feedback/").content.decode()
    opened = re.search(r'name="opened" value="([^"]+)"', page)
    assert opened is not None
    sent = {"kind": "idea", "title": "x", "text": "y", "opened": opened[1], "request_key": str(key)}
    answer = client.post("/c/say/feedback/", sent)
    assert answer.status_code == 422
    assert theirs.number not in answer.content.decode()
    assert Feedback.objects.count() == 1


def test_a_draft_opened_later_does_not_undo_what_others_saved(owner: User) -> None:
    record = point(owner)
    client = signed_in_client(owner)
    client.post(f"{LIST}draft/?record={record.number}", {"hours": "周日", "title": record.title, "revision": "1"})
    actions.edit(record, {"title": "古山镇新中心"}, SYSTEM, revision=1)
    page = client.get(f"{LIST}{record.number}/edit/").content.decode()
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision is not None and revision[1] == "1"
    form = {**POINT, "hours": "周日", "organisation": record.organisation_id, "windows": "1", "revision": revision[1]}
    answer = client.post(f"{LIST}{record.number}/edit/", form)
    assert answer.status_code == 409
    record.refresh_from_db()
    assert record.title == "古山镇新中心"


def test_a_list_wider_than_its_export_gives_only_what_may_be_taken_out(owner: User) -> None:
    point(owner)
    roles = [allowed("service-point:view", reach=Reach.COUNTY), allowed("service-point:export", key="export")]
    client = signed_in_client(official("wide", roles=roles, organisation="elsewhere"))
    assert client.get(API).json()["total"] == 1
    taken = client.post(f"{LIST}export/", {"format": "csv", "purpose": ""})
    assert POINT["title"] not in b"".join(taken.streaming_content).decode()


def test_what_links_to_a_person_is_open_to_nobody() -> None:
    points, says = shape_of(ServicePoint), shape_of(Feedback)
    assert not names_nobody(points.by_name["created_by"])
    assert names_nobody(says.by_name["service_point"]) and names_nobody(says.by_name["area"])


def test_a_stream_ends_with_the_session_that_opened_it(owner: User) -> None:
    client = signed_in_client(owner)
    client.get("/account/")
    asked = RequestFactory().get("/live/")
    asked.session = client.session
    assert resolver(asked)() is not None
    session = client.session
    session[SEEN] = session[SEEN] - 24 * 3600
    session.save()
    assert resolver(asked)() is None


def test_a_session_writes_over_the_api_only_with_its_csrf_token(owner: User) -> None:
    point(owner)
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    assert client.get(API).status_code == 200
    assert client.post(API, POINT, "application/json").status_code == 403
    number = ServicePoint.objects.get().number
    assert client.delete(f"{API}{number}/").status_code == 403
    assert ServicePoint.objects.filter(removed_at=None).count() == 1


def test_what_may_not_be_answered_is_not_done_either(owner: User) -> None:
    roles = [allowed("service-point:view", "service-point:create", "service-point:edit", clearance=Grade.L3)]
    clerk = signed_in_client(official("clerk", roles=roles, organisation="home"))
    body = POINT | {"manager_mobile": MOBILE, "organisation": "home"}
    assert clerk.post(API, body, "application/json", headers={"X-Purpose": "curiosity"}).status_code == 403
    assert not ServicePoint.objects.exists()


def test_a_link_is_asked_for_by_real_digits() -> None:
    field = LookupField(rows=Area.objects.all(), by=("key",), choices_url="")
    assert field.prepare_value("\u00b2") == "\u00b2"


def test_a_household_with_many_addresses_is_one_sender() -> None:
    for number in range(10):
        log_security(visitor(f"2001:db8:1:2::{number + 1:x}"), RECEIVED, thing="feedback", thing_id=str(number))
    with pytest.raises(TooMany):
        demand_room("2001:db8:1:2:ffff::1")
    demand_room("2001:db8:1:3::1")
    demand_room("192.0.2.1")


@pytest.mark.parametrize(
    "link", ["/\t/evil.example", "/\n/evil.example", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_a_message_leads_nowhere_else(link: str) -> None:
    with pytest.raises(ValueError, match="path on this site"):
        own_path(link)
