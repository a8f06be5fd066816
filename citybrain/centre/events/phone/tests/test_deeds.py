"""What devices send: carried out once, own orders follow each other, others' steps are a conflict, photos marked."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from citybrain.centre.events import tasks as event_tasks
from citybrain.centre.events.actions import act
from citybrain.centre.events.checking import check
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import DeviceOrder, Event
from citybrain.centre.events.orders import Order
from citybrain.centre.events.phone.forms import DEEDS
from citybrain.centre.events.tests.county import PIT, County
from citybrain.hubs.messages.models import Message
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records.models import Attachment

pytestmark = pytest.mark.django_db

Phone = Callable[[Actor], Client]
Case = Callable[..., Event]
V = Verb


def do(event: Event, verb: Verb, actor: Actor, **order: Any) -> None:
    """One verb on the event as it stands."""
    act(event, Order(verb=verb, **order), actor, seen=event.steps)


@pytest.fixture
def dispatched(case: Case, county: County) -> Event:
    """A case on the way to the road office."""
    event = case(place={"type": "Point", "coordinates": [120.04, 28.89]}, address="胡库村村口")
    do(event, V.ACCEPT, county.desk, type=PIT.key)
    do(event, V.DISPATCH, county.desk, organisation=county.road)
    return event


def send(client: Client, key: str, event: Event, seen: int | None = None, **given: Any) -> Any:
    """An order as a device sends it."""
    answers = {
        "number": event.number,
        "seen": event.steps if seen is None else seen,
        "request_key": str(uuid.uuid4()),
        **given,
    }
    return client.post(f"/m/tasks/do/{key}/send/", answers)


def test_signed_and_done_without_network_arrive_later_once_each(
    dispatched: Event, county: County, phone: Phone, photo: Any
) -> None:
    client, seen, key = phone(county.road_worker), dispatched.steps, str(uuid.uuid4())
    # Both were filled in against the case as it was kept; the second knows nothing of what the first brought about.
    told = [send(client, "sign", dispatched, seen, request_key=key) for _time in range(3)]
    assert [answer.status_code for answer in told] == [201] * 3
    dispatched.refresh_from_db()
    assert (dispatched.state, dispatched.owner_id) == (State.IN_PROGRESS, county.road_worker.user_id)
    facts = [{"at": "2026-11-20T08:00:00+00:00", "longitude": 120.04, "latitude": 28.89, "accuracy": 8.4}]
    answer = send(
        client, "report-done", dispatched, seen,
        result="fixed_with_proof", measures="补坑", photos=[photo()], photo_facts=json.dumps(facts),
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    dispatched.refresh_from_db()
    assert (dispatched.state, dispatched.measures) == (State.REPORTED_DONE, "补坑")
    verbs = list(dispatched.journal.order_by("number").values_list("verb", "client"))
    assert verbs[-2:] == [("sign", "phone"), ("report_done", "phone")]
    assert DeviceOrder.objects.count() == 2
    assert DeviceOrder.objects.get(verb="report_done").told["photos"][0]["place"] == [120.04, 28.89]
    assert check(dispatched) == []


def test_a_photo_is_kept_as_it_came_and_as_a_marked_copy(
    dispatched: Event, county: County, phone: Phone, photo: Any
) -> None:
    client = phone(county.road_worker)
    send(client, "sign", dispatched)
    dispatched.refresh_from_db()
    send(client, "report-done", dispatched, result="fixed_with_proof", photos=[photo()])
    step = dispatched.journal.get(verb="report_done")
    assert [line["role"] for line in step.media] == ["after", "other"]
    marked, original = (Attachment.objects.get(pk=line["attachment"]) for line in step.media)
    assert original.name == marked.name.replace(".jpg", "-original.jpg")
    assert marked.digest != original.digest
    assert {line["sha256"] for line in step.media} == {marked.digest, original.digest}


def test_what_others_did_meanwhile_is_a_conflict_that_can_be_sent_again(
    dispatched: Event, county: County, phone: Phone
) -> None:
    client, seen, key = phone(county.road_worker), dispatched.steps, str(uuid.uuid4())
    do(dispatched, V.NOTE, county.desk, text="请先联系村里")
    answer = send(client, "sign", dispatched, seen, request_key=key)
    assert answer.status_code == 409
    told = answer.json()
    assert "请先联系村里" in told["meanwhile"][0] and told["seen"] == seen + 1
    assert not DeviceOrder.objects.exists()
    assert send(client, "sign", dispatched, told["seen"], request_key=key).status_code == 201
    assert Event.objects.get().state == State.IN_PROGRESS


def test_own_steps_of_another_device_do_not_hide_those_of_others(
    dispatched: Event, county: County, phone: Phone
) -> None:
    client, seen = phone(county.road_worker), dispatched.steps
    send(client, "sign", dispatched, seen)
    dispatched.refresh_from_db()
    do(dispatched, V.NOTE, county.desk, text="改天再修")
    assert send(client, "pause", dispatched, seen, reason="scheduled", text="等材料").status_code == 409


def test_a_signature_in_vain_says_why(dispatched: Event, county: County, phone: Phone) -> None:
    client = phone(county.road_worker)
    send(client, "sign", dispatched)
    dispatched.refresh_from_db()
    answer = send(client, "sign", dispatched)
    assert answer.status_code == 422 and answer.json()["detail"]
    # Fixed, but no picture shows it: the guard names the remedy, and nothing is kept of the attempt.
    refused = send(client, "report-done", dispatched, result="fixed_with_proof")
    assert refused.status_code == 422 and refused.json()["url"] == f"/m/tasks/{dispatched.number}/"
    assert DeviceOrder.objects.count() == 1


def test_the_same_key_with_other_answers_is_a_conflict(dispatched: Event, county: County, phone: Phone) -> None:
    client, key = phone(county.road_worker), str(uuid.uuid4())
    send(client, "note", dispatched, text="到现场", request_key=key)
    assert send(client, "note", dispatched, text="别的话", request_key=key).status_code == 409
    assert dispatched.journal.filter(verb="note").count() == 1


def test_somebody_elses_key_is_refused(dispatched: Event, county: County, phone: Phone) -> None:
    key = str(uuid.uuid4())
    send(phone(county.road_worker), "note", dispatched, text="到现场", request_key=key)
    dispatched.refresh_from_db()
    answer = send(phone(county.desk), "note", dispatched, text="到现场", request_key=key)
    assert answer.status_code == 422
    assert dispatched.journal.filter(verb="note").count() == 1


def test_only_whose_case_it_is_may_work_on_it(dispatched: Event, county: County, phone: Phone) -> None:
    assert send(phone(county.power_worker), "sign", dispatched).status_code == 404
    assert phone(county.power_worker).get(f"/m/tasks/{dispatched.number}/").status_code == 404
    assert send(phone(county.agent), "sign", dispatched).status_code == 403


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"request_key": "no key"}, 400),
        ({"seen": "many"}, 422),
        ({"number": ""}, 422),
        ({"number": "YK-does-not-exist"}, 404),
        ({"photo_facts": "[{"}, 201),
        ({"photo_facts": '[{"at": "yesterday", "longitude": 1e9, "original": "x"}]'}, 201),
    ],
)
def test_hostile_input(dispatched: Event, county: County, phone: Phone, photo: Any, given: Any, status: int) -> None:
    answer = send(phone(county.road_worker), "note", dispatched, text="到现场", photos=[photo()], **given)
    assert answer.status_code == status, answer.content


def test_a_file_that_is_no_picture_refuses_the_whole_order(dispatched: Event, county: County, phone: Phone) -> None:
    bad = SimpleUploadedFile("a.jpg", b"MZ not a picture", "image/jpeg")
    answer = send(phone(county.road_worker), "note", dispatched, text="到现场", photos=[bad])
    assert answer.status_code == 422
    assert not dispatched.journal.filter(verb="note").exists()


def test_tasks_of_other_bodies_cases(dispatched: Event, county: County, phone: Phone) -> None:
    send(phone(county.road_worker), "sign", dispatched)
    dispatched.refresh_from_db()
    order = Order(verb=V.ASK_TASK, organisation=county.water, text="关闭阀门")
    step = event_tasks.ask_task(dispatched, order, county.road_worker, seen=dispatched.steps)
    client = phone(county.water_worker)
    listed = client.get("/m/tasks/?tab=sign").content.decode()
    assert f"/m/tasks/{dispatched.number}/" in listed
    shown = client.get(f"/m/tasks/{dispatched.number}/").content.decode()
    assert (
        "关闭阀门" in shown
        and 'href="/m/tasks/do/sign-task/' in shown
        and 'href="/m/tasks/do/report-done/' not in shown
    )
    assert send(client, "sign-task", dispatched, task=step.task_id).status_code == 201
    dispatched.refresh_from_db()
    assert send(client, "finish-task", dispatched, task=step.task_id, text="阀门已关").status_code == 201
    assert dispatched.tasks.get(pk=step.task_id).state == "done"
    assert send(client, "finish-task", dispatched, task=10_000, text="x").status_code == 404


def test_the_device_gets_the_case_as_it_stands_with_what_comes_next(
    dispatched: Event, county: County, phone: Phone
) -> None:
    client = phone(county.road_worker)
    kept = client.get("/m/tasks/kept.json").json()["cases"]
    assert [one["number"] for one in kept] == [dispatched.number]
    ways = {way["key"] for way in kept[0]["ways"]}
    assert {"sign", "send-back"} <= ways and "report-done" not in ways
    assert "report-done" in {way["key"] for way in kept[0]["then"]["sign"]}
    answer = send(client, "sign", dispatched).json()
    assert answer["case"]["seen"] == dispatched.steps + 1
    assert "report-done" in {way["key"] for way in answer["case"]["ways"]}


def test_forms_that_devices_keep_name_nobody(dispatched: Event, county: County, phone: Phone) -> None:
    client = phone(county.road_worker)
    for key in DEEDS:
        answer = client.get(f"/m/tasks/do/{key}/?case={dispatched.number}")
        assert answer["X-Offline"] == "keep"
        shown = answer.content.decode()
        assert dispatched.number not in shown and dispatched.title not in shown and "test-road-worker" not in shown
    for address in ("/m/tasks/kept/", "/m/tasks/report/", "/m/tasks/help/"):
        assert client.get(address)["X-Offline"] == "keep" or address.endswith("report/")
    assert "X-Offline" not in client.get("/m/tasks/")
    assert client.get("/m/tasks/do/no-such/").status_code == 404


def test_a_call_for_help_reaches_the_centre_once(county: County, phone: Phone) -> None:
    client, key = phone(county.road_worker), str(uuid.uuid4())
    for _time in range(2):
        given = {"text": "现场有人围堵", "place": "120.04, 28.89", "accuracy": "12", "request_key": key}
        assert client.post("/m/tasks/help/send/", given).status_code == 201
    message = Message.objects.get(notice="field-help")
    assert "120.040000, 28.890000" in message.text and "现场有人围堵" in message.text
    assert message.urgency == "urgent"


def test_an_event_from_the_field_lands_in_the_area_of_the_post_and_arrives_once(
    county: County, phone: Phone, photo: Any
) -> None:
    client, key = phone(county.town_worker), str(uuid.uuid4())
    given = {"text": "村口路面有个大坑", "place": "120.04, 28.89", "type": PIT.key, "request_key": key}
    numbers = {
        client.post("/m/tasks/report/send/", {**given, "photos": [photo()]}).json()["number"] for _time in range(3)
    }
    assert len(numbers) == 1
    event = Event.objects.get()
    assert (event.channel, event.type, event.signal_count) == ("patrol", PIT.key, 1)
    assert event.organisation_id == county.town.pk
    second = {**given, "request_key": str(uuid.uuid4()), "join": event.number}
    assert client.post("/m/tasks/report/send/", second).status_code == 201
    event.refresh_from_db()
    assert (Event.objects.count(), event.signal_count) == (1, 2)
    wrong = {**given, "request_key": str(uuid.uuid4()), "place": "somewhere", "text": ""}
    assert set(client.post("/m/tasks/report/send/", wrong).json()["errors"]) == {"place", "text"}


def test_proposals_name_only_what_the_person_may_see(dispatched: Event, county: County, phone: Phone) -> None:
    asked = {"text": "胡库村村口路面有个大坑", "place": "120.04, 28.89", "type": PIT.key}
    near = phone(county.desk).post("/m/tasks/report/propose/", asked).json()["alike"]
    assert [one["value"] for one in near] == [dispatched.number]
    assert phone(county.power_worker).post("/m/tasks/report/propose/", asked).json()["alike"] == []


def test_the_list_puts_the_most_pressing_or_the_nearest_first(case: Case, county: County, phone: Phone) -> None:
    for place in ([120.2, 28.9], [120.04, 28.89]):
        event = case(place={"type": "Point", "coordinates": place})
        do(event, V.ACCEPT, county.desk, type=PIT.key, title=f"坑 {place[0]}")
        do(event, V.DISPATCH, county.desk, organisation=county.road)
    client = phone(county.road_worker)
    plain = client.get("/m/tasks/").content.decode()
    assert plain.index("坑 120.2") < plain.index("坑 120.04")
    near = client.get("/m/tasks/?near=120.041,28.891").content.decode()
    assert near.index("坑 120.04") < near.index("坑 120.2")
    assert " m<" in near or "km" in near


def test_who_checks_on_site_closes_or_sends_back_to_work(
    dispatched: Event, county: County, phone: Phone, photo: Any
) -> None:
    worker, checker = phone(county.road_worker), phone(county.town_worker)
    send(worker, "sign", dispatched)
    dispatched.refresh_from_db()
    send(worker, "report-done", dispatched, result="fixed_with_proof", photos=[photo()])
    dispatched.refresh_from_db()
    assert f"/m/tasks/{dispatched.number}/" in checker.get("/m/tasks/?tab=check").content.decode()
    assert send(checker, "rework", dispatched, text="还有半个坑", photos=[photo("b.jpg", "#333")]).status_code == 201
    dispatched.refresh_from_db()
    assert (dispatched.state, dispatched.rework_count) == (State.IN_PROGRESS, 1)
    send(worker, "report-done", dispatched, result="fixed_with_proof", photos=[photo("c.jpg", "#999")])
    dispatched.refresh_from_db()
    answer = send(checker, "close", dispatched, public_text="坑已补平")
    assert answer.status_code == 201, answer.content
    dispatched.refresh_from_db()
    assert (dispatched.state, dispatched.public_text) == (State.CLOSED, "坑已补平")


def test_what_a_device_keeps_costs_few_queries(
    case: Case, county: County, phone: Phone, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        event = case(text=f"胡库村村口路面有个大坑 {number}")
        do(event, V.ACCEPT, county.desk, type=PIT.key)
        do(event, V.DISPATCH, county.desk, organisation=county.road)
    client = phone(county.road_worker)
    client.get("/m/tasks/kept.json")
    with django_assert_max_num_queries(22):
        assert len(client.get("/m/tasks/kept.json").json()["cases"]) == 8
    with django_assert_max_num_queries(32):
        client.get("/m/tasks/")
