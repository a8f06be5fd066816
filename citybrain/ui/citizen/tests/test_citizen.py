"""The citizens' pages: only what is open, reports without signing in, links nobody guesses, limits that hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.signing import BadSignature
from django.test import Client
from django.utils import timezone

from citybrain.kernel.identity.actor import ANONYMOUS, SYSTEM
from citybrain.kernel.identity.models import Organisation, SecurityEvent, User
from citybrain.kernel.records.actions import create, remove
from citybrain.kernel.records.masking import pseudonym
from citybrain.kernel.records.shape import record_type, shape_of
from citybrain.ui.citizen import receiving, report
from citybrain.ui.citizen.queries import open_fields, public_rows
from citybrain.ui.citizen.receiving import followed, token_of

pytestmark = pytest.mark.django_db
Feedback: Any = record_type("feedback").model
ServicePoint: Any = record_type("service-point").model
POINTS, SAYS = shape_of(ServicePoint), shape_of(Feedback)
FORM = "/c/say/feedback/"


@pytest.fixture
def county() -> Organisation:
    """The body at the root."""
    return Organisation.objects.create(key="county", chinese="县", english="County", path="county/", kind="county")


@pytest.fixture
def point(county: Organisation) -> Any:
    """A service point with inner fields filled in."""
    town = Organisation.objects.create(
        key="town", chinese="古山镇", english="Gushan", path="county/town/", parent=county
    )
    values = {
        "title": "古山镇便民服务中心",
        "kind": "town",
        "address": "胜利街1号",
        "hours": "8:30-17:00",
        "phone": "0579-87654321",
        "place": {"type": "Point", "coordinates": [120.16, 28.97]},
        "manager": "王演示",
        "manager_mobile": "13800138000",
        "remarks": "内部备注",
        "organisation": town,
    }
    return create(POINTS, values, SYSTEM)


@pytest.fixture(autouse=True)
def _nobody_is_too_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests write faster than people."""
    monkeypatch.setattr(report, "FASTEST", 0)


def opened(client: Client, address: str = FORM) -> dict[str, str]:
    """The hidden fields of the form as it was opened."""
    shown = client.get(address).content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]+)"', shown)[1] for name in ("request_key", "opened")}  # type: ignore[index]


def said(client: Client, **others: str) -> Any:
    """A report, sent."""
    words = {"kind": "idea", "title": "路灯", "text": "晚上太暗", **opened(client), **others}
    return client.post(FORM, words)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_opens_for_anybody(client: Client, point: Any, language: str) -> None:
    client.cookies["django_language"] = language
    for address in (
        "/c/",
        "/c/look-up/",
        "/c/look-up/?q=胜利街",
        "/c/look-up/service-point/",
        "/c/look-up/service-point/?tab=map",
        "/c/look-up/service-point/?q=古山&kind=town",
        f"/c/look-up/service-point/{point.number}/",
        FORM,
        "/c/say/",
        "/c/follow/",
        "/c/mine/",
        "/c/accessibility/",
    ):
        assert client.get(address, follow=True).status_code == 200, address


def test_only_open_fields_are_shown(client: Client, point: Any) -> None:
    shown = client.get(f"/c/look-up/service-point/{point.number}/").content.decode()
    assert "0579-87654321" in shown
    for inner in ("王演示", "13800138000", "内部备注", "王"):
        assert inner not in shown.replace("国王", "")
    names = {field.name for field in open_fields(POINTS)}
    assert not names & {"manager", "manager_mobile", "remarks", "created_by"}


def test_what_is_not_public_is_not_there(client: Client, point: Any) -> None:
    for address in (
        "/c/look-up/feedback/",
        "/c/look-up/no-such/",
        "/c/look-up/feedback/map.geojson",
        "/c/say/service-point/",
    ):
        assert client.get(address).status_code == 404
    with pytest.raises(LookupError):
        public_rows(SAYS)
    remove(point, SYSTEM, reason="x")
    assert client.get(f"/c/look-up/service-point/{point.number}/").status_code == 404
    assert point.title not in client.get("/c/look-up/service-point/").content.decode()


def test_the_search_does_not_look_into_closed_fields(client: Client, point: Any) -> None:
    found = client.get("/c/look-up/service-point/", {"q": "胜利街 古山"}).content.decode()
    assert point.title in found
    for text in ("王演示", "13800138000", "内部备注"):
        assert point.title not in client.get("/c/look-up/service-point/", {"q": text}).content.decode()


def test_the_nearest_stands_first_with_its_distance(client: Client, point: Any) -> None:
    values = {
        "title": "近处",
        "kind": "village",
        "address": "胜利街2号",
        "hours": "9:00-17:00",
        "organisation": point.organisation,
    }
    create(POINTS, {**values, "place": {"type": "Point", "coordinates": [120.04, 28.89]}}, SYSTEM)
    shown = client.get("/c/look-up/service-point/", {"near": "120.041,28.89"}).content.decode()
    assert shown.index("近处") < shown.index(point.title)
    assert "100 m" in shown or "100 米" in shown
    for near in ("x", "999,999", "1", "nan,nan", "1,2,3"):
        assert client.get("/c/look-up/service-point/", {"near": near}).status_code == 200


def test_the_map_holds_names_and_places_only(client: Client, point: Any) -> None:
    (feature,) = client.get("/c/look-up/service-point/map.geojson", {"bbox": "120,28,121,29"}).json()["features"]
    assert feature["properties"] == {"title": point.title, "url": f"/c/look-up/service-point/{point.number}/"}
    assert client.get("/c/look-up/service-point/map.geojson", {"bbox": "0,0,1,1"}).json()["features"] == []


def test_anybody_reports_and_follows_with_the_link_alone(client: Client, county: Organisation) -> None:
    answer = said(client, contact="13800138000")
    assert answer.status_code == 302
    shown = client.get(answer["Location"]).content.decode()
    record = Feedback.objects.get()
    assert record.number in shown
    assert record.created_by is None
    assert record.organisation is not None
    assert "13800138000" not in shown
    assert "晚上太暗" not in shown
    assert followed(token_of(SAYS, record)) == (SAYS, record)
    pasted = client.post("/c/follow/", {"link": f"http://testserver{answer['Location']}"})
    assert pasted["Location"] == answer["Location"].split("?")[0]


def test_a_link_is_not_guessed(client: Client, county: Organisation, point: Any) -> None:
    said(client)
    record = Feedback.objects.get()
    token = token_of(SAYS, record)
    for wrong in (token[:-1], token + "x", token.replace(record.number, "FK-2026-999999"), record.number, "", "..."):
        with pytest.raises(BadSignature):
            followed(wrong)
    with pytest.raises(BadSignature):
        followed(token_of(POINTS, point))
    assert client.get("/c/follow/feedback.FK-2026-000001.abc/").status_code == 404


def test_a_report_about_a_place_goes_to_its_body(client: Client, point: Any) -> None:
    shown = client.get(FORM, {"service_point": point.number}).content.decode()
    assert f'value="{point.number}" selected' in shown
    said(client, service_point=point.number)
    record = Feedback.objects.get()
    assert (record.service_point, record.organisation.key) == (point, "town")


def test_the_form_sent_twice_makes_one(client: Client, county: Organisation) -> None:
    hidden = opened(client)
    for _time in range(2):
        said(client, **hidden)
    assert Feedback.objects.count() == 1


def test_citizens_set_no_inner_field(client: Client, county: Organisation) -> None:
    said(client, state="answered", answer="办结", organisation="1")
    record = Feedback.objects.get()
    assert (record.state, record.answer) == ("open", "")


def test_programs_are_turned_away(client: Client, county: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(client, website="http://spam.example").status_code == 422
    assert said(client, opened="forged").status_code == 422
    assert said(client, title="").status_code == 422
    monkeypatch.setattr(report, "FASTEST", 60)
    assert said(client).status_code == 422
    assert not Feedback.objects.exists()


def test_one_address_sends_only_so_much(client: Client, county: Organisation) -> None:
    most = receiving.LIMITS[0][1]
    assert [said(client).status_code for _time in range(most)] == [302] * most
    answer = said(client)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 3600
    assert Feedback.objects.count() == most
    other = Client(REMOTE_ADDR="10.9.8.7")
    assert said(other).status_code == 302
    events = SecurityEvent.objects.filter(action=receiving.RECEIVED)
    assert events.count() == most + 1
    super(type(events), events).update(at=timezone.now() - timedelta(hours=2))
    assert said(client).status_code == 302


@pytest.fixture
def citizen(client: Client) -> User:
    """Somebody signed in, with a registered mobile."""
    user = User.objects.create(username="c", chinese="演示群众", kind=User.Kind.CITIZEN, phone="13800138000")
    client.force_login(user)
    return user


def test_who_is_signed_in_finds_their_reports_again(client: Client, county: Organisation, citizen: User) -> None:
    said(client)
    record = Feedback.objects.get()
    assert record.created_by == citizen
    assert record.number in client.get("/c/mine/").content.decode()
    other = User.objects.create(username="d", kind=User.Kind.CITIZEN)
    stranger = Client()
    stranger.force_login(other)
    assert record.number not in stranger.get("/c/mine/").content.decode()


def test_a_citizen_sees_which_body_looked_and_why(
    client: Client, county: Organisation, citizen: User, official: Callable[..., User]
) -> None:
    said(client)
    number = Feedback.objects.get().number
    clerk = official("clerk", roles=[], organisation=county)
    for subject, purpose in (
        (pseudonym("mobile", citizen.phone), "核实电话"),
        (pseudonym("feedback", number), "答复来信"),
        (pseudonym("mobile", "13900139000"), "别人的事"),
    ):
        SecurityEvent.objects.create(action="disclose", user=clerk, thing="feedback", subject=subject, purpose=purpose)
    shown = client.get("/c/mine/looked/").content.decode()
    assert "核实电话" in shown
    assert "答复来信" in shown
    assert "别人的事" not in shown
    assert "clerk" not in shown
    assert Client().get("/c/mine/looked/").status_code == 302


def test_markup_in_what_citizens_write_is_not_believed(client: Client, county: Organisation) -> None:
    answer = said(client, title="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
    assert "<script>alert" not in client.get(answer["Location"]).content.decode()


def test_nobody_makes_what_citizens_do_not_make() -> None:
    with pytest.raises(LookupError):
        receiving.receive(POINTS, {}, ANONYMOUS, request_key=None)  # type: ignore[arg-type]
