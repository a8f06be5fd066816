"""Reporting: once for a key, nobody's position in a photo, guards against programs, follow instead of telling twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Event, Signal
from citybrain.centre.events.tests.county import PIT, SECRET, County
from citybrain.centre.intake.citizen import form
from citybrain.centre.intake.citizen.tests.conftest import do, photo
from citybrain.kernel.identity.models import SecurityEvent, User
from citybrain.kernel.records import blobs
from citybrain.kernel.records.models import Attachment
from citybrain.ui.citizen import receiving as counting

pytestmark = pytest.mark.django_db

Report = Callable[..., Any]
Told = Callable[..., tuple[Signal, str]]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_form_names_nobody_and_may_be_kept(client: Client, county: County, language: str) -> None:
    client.cookies["django_language"] = language
    answer = client.get("/c/report/")
    assert answer["X-Offline"] == "keep"
    assert client.get("/c/report/sent/")["X-Offline"] == "keep"
    # With something filled in by its address it is not.
    named = client.get("/c/report/?asset_kind=part&asset_number=P-1")
    assert "X-Offline" not in named and 'value="P-1"' in named.content.decode()


def test_a_report_sent_three_times_is_one_signal_with_its_photo_once(report: Report) -> None:
    key = str(uuid.uuid4())
    told = [report(request_key=key, photos=[photo()]) for _time in range(3)]
    assert [answer.status_code for answer in told] == [201] * 3
    assert len({answer.json()["url"] for answer in told}) == 1
    signal = Signal.objects.get()
    assert (signal.channel, signal.place_x, signal.reporter) == ("citizen", 120.04, None)
    assert signal.event is not None and signal.event.type == PIT.key
    assert Attachment.objects.filter(record_kind="signal", record_id=signal.pk).count() == 1
    assert SecurityEvent.objects.filter(action=counting.RECEIVED).count() == 1


def test_a_photo_keeps_nothing_hidden(told: Told) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken by Wang at home"
    signal, _path = told(photos=[photo(exif=exif.tobytes())])
    kept = blobs.path_of(Attachment.objects.get(record_id=signal.pk, record_kind="signal").digest).read_bytes()
    assert b"Wang" not in kept and not Image.open(blobs.path_of(Attachment.objects.get().digest)).getexif()


def test_a_photo_alone_is_enough_and_nothing_is_too_little(report: Report) -> None:
    assert report(text="", photos=[photo()]).status_code == 201
    assert set(report(text="").json()["errors"]) == {"text"}
    assert set(report(place="", address="").json()["errors"]) == {"address"}
    assert set(report(place="over there").json()["errors"]) == {"place"}
    assert set(report(consent=None).json()["errors"]) == {"consent"}
    assert report(photos=[photo() for _number in range(5)]).status_code == 422
    assert Signal.objects.count() == 1


def test_programs_are_told_apart(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    assert report(website="https://casino.example/").status_code == 422
    assert report(opened="form:forged:signature").status_code == 422
    assert report(request_key="no key").status_code == 400
    monkeypatch.setattr(form, "FASTEST", 5)
    assert report().status_code == 422
    assert not Signal.objects.exists()


def test_one_network_sends_so_much_and_no_more(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "LIMITS", ((timedelta(hours=1), 2),))
    key = str(uuid.uuid4())
    assert [report(request_key=key).status_code, report().status_code] == [201, 201]
    # Not 429: the device would try again in seconds. A person reads it and decides.
    assert report().status_code == 403
    assert report(request_key=key).status_code == 201
    assert Signal.objects.count() == 2


def test_a_contact_is_kept_sealed_and_asked_for_by_nobody(told: Told, county: County) -> None:
    signal, _path = told(name="王演示", contact="138 0000 0000")
    assert signal.reporter is not None and signal.wants_answer
    assert "13800000000" not in signal.reporter.sealed_contact
    again, _path = told(contact="+86 13800000000")
    assert again.reporter == signal.reporter


def test_the_same_thing_is_joined_instead_and_both_are_reporters(told: Told, report: Report, county: County) -> None:
    first, _path = told(contact="13800000001")
    head = first.event
    assert head is not None
    do(head, Verb.ACCEPT, county.desk, type=PIT.key)
    second, _path = told(contact="13800000002", join=head.number, text="", place="")
    assert second.event == head
    head.refresh_from_db()
    assert (Event.objects.count(), head.signal_count) == (1, 2)
    assert report(join="YK-none").status_code == 422
    secret, _path = told(type=SECRET.key)
    assert secret.event is not None
    assert report(join=secret.event.number).status_code == 422


def test_what_is_no_longer_open_is_not_joined(told: Told, report: Report, county: County) -> None:
    first, _path = told()
    assert first.event is not None
    do(first.event, Verb.REJECT, county.desk, reason="no-fact", text="现场未发现")
    answer = report(join=first.event.number)
    assert answer.status_code == 422 and "no longer open" in answer.json()["detail"]


def test_proposals_are_of_public_things_only(client: Client, told: Told, county: County) -> None:
    first, _path = told(text="我家门口的坑，我叫王演示")
    told(type=SECRET.key, text="举报某某")
    asked = {"text": "路面坑洼", "place": "120.0401, 28.8901", "type": PIT.key}
    answer = client.post("/c/report/propose/", asked).json()
    assert first.event is not None
    assert [one["value"] for one in answer["alike"]] == [first.event.number]
    assert "王演示" not in str(answer) and "举报" not in str(answer)
    assert PIT.key in [one["value"] for one in answer["choices"]]
    assert client.post("/c/report/propose/", {"text": "\x00", "place": "x"}).status_code == 200


def test_who_asks_too_often_is_proposed_nothing(
    client: Client, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("citybrain.centre.intake.citizen.report.ASKED_A_MINUTE", 0)
    answer = client.post("/c/report/propose/", {"text": "路面坑洼"}, REMOTE_ADDR="203.0.113.7").json()
    assert answer == {"choices": [], "alike": []}


def test_a_report_of_somebody_signed_in_is_their_own(told: Told, client: Client, county: County) -> None:
    citizen = User.objects.create(username="citizen", kind="citizen", phone="13800000009")
    client.force_login(citizen)
    signal, path = told(by=client)
    assert signal.reporter is not None and signal.reporter.user_id == citizen.pk
    assert path in client.get("/c/mine/").content.decode()
    assert "X-Offline" in client.get("/c/report/")


def test_an_officials_report_lands_at_the_centre_too(
    report: Report, county: County, signed_in_client: Callable[..., Client]
) -> None:
    official = signed_in_client(User.objects.get(pk=county.road_worker.user_id))
    assert report(by=official).status_code == 201
    event = Event.objects.get()
    assert (event.organisation_id, event.channel) == (county.centre.pk, "citizen")
