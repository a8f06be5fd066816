"""Following: a link nobody guesses, five steps, no person named, the unmarked photo, rating that reopens once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.signing import BadSignature
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.merging import merge
from citybrain.centre.events.models import Event, Rating, Signal
from citybrain.centre.events.orders import Order
from citybrain.centre.events.phone.photos import Taken, keep
from citybrain.centre.events.tests.county import PIT, SECRET, County
from citybrain.centre.intake.citizen.pictures import taken_after
from citybrain.centre.intake.citizen.progress import REACHED, milestones
from citybrain.centre.intake.citizen.tests.conftest import do, photo
from citybrain.centre.intake.citizen.tokens import signal_of, token_of, track_path
from citybrain.centre.intake.reporters import disclose_reporter
from citybrain.kernel.identity.models import User
from citybrain.kernel.records.models import Attachment

pytestmark = pytest.mark.django_db

Told = Callable[..., tuple[Signal, str]]
Fixed = Callable[..., Event]


@given(number=st.text(max_size=40), other=st.text(max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_token_opens_its_own_signal_and_no_other(number: str, other: str) -> None:
    token = token_of(Signal(number=number))
    if number != other:
        assert token != token_of(Signal(number=other))
        with pytest.raises(BadSignature):
            signal_of(f"{other}.{token.rpartition('.')[2]}")
    for broken in (token[:-1], f"{token}x", token.upper() if token.upper() != token else "", ""):
        with pytest.raises(BadSignature):
            signal_of(broken)


def test_a_link_is_followed_and_told_to_nobody(told: Told, client: Client) -> None:
    signal, path = told()
    assert signal_of(path.strip("/").rpartition("/")[2]) == signal
    answer = client.get(f"{path}?new=1")
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert path in answer.content.decode()
    assert client.get(path[:-2] + "/").status_code == 404
    assert client.post("/c/follow/", {"link": f"http://testserver{path}"})["Location"] == path


def test_every_state_has_its_place_among_the_five_steps(told: Told, county: County) -> None:
    assert set(REACHED) == set(State)
    signal, _path = told()
    for state in State:
        event = Event(state=state, organisation=county.road, type=PIT.key)
        steps = milestones(signal, event, ())
        assert [step.state for step in steps].count("now") <= 1
        done = [step.state == "done" for step in steps]
        assert done == sorted(done, reverse=True) and done[0]


def test_the_five_steps_name_bodies_and_no_person(told: Told, fixed: Fixed, client: Client, county: County) -> None:
    signal, path = told(photos=[photo()])
    assert "We know" not in client.get(path).content.decode()
    event = fixed(signal.event)
    shown = client.get(path).content.decode()
    assert shown.count("ms-done") == 5
    assert "test-road" in shown and "坑已补平" in shown
    assert "test-road-worker" not in shown and "test-desk" not in shown and "内部说明" not in shown
    assert client.get("/c/around/").content.decode().count(event.number) >= 1


def test_photos_before_and_after_are_shown_to_whoever_has_the_link(told: Told, fixed: Fixed, client: Client) -> None:
    signal, path = told(photos=[photo()])
    event = fixed(signal.event)
    before = Attachment.objects.get(record_kind="signal", record_id=signal.pk)
    after = Attachment.objects.get(record_kind="event", record_id=event.pk)
    for file in (before, after):
        assert client.get(f"{path}photo/{file.pk}/").status_code == 200
        assert client.get(f"{path}photo/{file.pk}/?small=1")["Content-Type"] == "image/webp"
    other, elsewhere = told(photos=[photo("#000")], place="120.2, 28.9")
    foreign = Attachment.objects.get(record_kind="signal", record_id=other.pk)
    assert client.get(f"{path}photo/{foreign.pk}/").status_code == 404
    assert client.get(f"{elsewhere}photo/{before.pk}/").status_code == 404
    # The public sees how it looks now, never what a reporter sent.
    assert client.get(f"/c/around/{event.number}/photo/{after.pk}/").status_code == 200
    assert client.get(f"/c/around/{event.number}/photo/{before.pk}/").status_code == 404


def test_of_a_marked_photo_the_reporter_sees_the_unmarked_one(told: Told, fixed: Fixed, county: County) -> None:
    signal, _path = told()
    event = fixed(signal.event, Verb.SIGN)
    media = keep(event, [photo("#999")], [Taken()], county.road_worker)
    do(event, Verb.REPORT_DONE, county.road_worker, result="fixed_with_proof", media=media)
    shown = taken_after(event, list(event.journal.order_by("number")))
    assert [file.name.endswith("-original.jpg") for file in shown] == [True]


def test_a_matter_that_was_not_accepted_says_why(told: Told, client: Client, county: County) -> None:
    signal, path = told()
    assert signal.event is not None
    do(signal.event, Verb.REJECT, county.desk, reason="no-fact", text="内部：查无此事", public_text="现场没有发现问题")
    shown = client.get(path).content.decode()
    assert "ms-failed" in shown and "现场没有发现问题" in shown and "内部：查无此事" not in shown
    assert client.get(f"/c/around/{signal.event.number}/").status_code == 404


def test_a_merged_matter_shows_how_far_its_head_is(told: Told, fixed: Fixed, client: Client, county: County) -> None:
    first, path = told()
    second, _other = told()
    assert first.event is not None and second.event is not None
    merge(first.event, Order(verb=Verb.MERGE, into=second.event), county.desk, seen=first.event.steps)
    fixed(second.event)
    shown = client.get(path).content.decode()
    assert shown.count("ms-done") == 5 and "one matter" in shown


def rate(client: Client, path: str, solved: str, stars: str = "2") -> Any:
    """What a reporter says."""
    return client.post(f"{path}rate/", {"is_solved": solved, "stars": stars, "text": "还有一半没补"}, follow=True)


def test_not_solved_opens_it_again_once(told: Told, fixed: Fixed, client: Client, county: County) -> None:
    signal, path = told()
    event = signal.event
    assert event is not None
    assert 'id="rate"' not in client.get(path).content.decode()
    fixed(event)
    assert 'id="rate"' in client.get(path).content.decode()
    assert "open again" in rate(client, path, "no").content.decode()
    event.refresh_from_db()
    assert (event.state, event.reopen_count) == (State.DISPATCHED, 1)
    assert 'id="rate"' not in client.get(path).content.decode()
    do(event, Verb.SIGN, county.road_worker)
    do(event, Verb.REPORT_DONE, county.road_worker, result="answered_only")
    do(event, Verb.CLOSE, county.desk, result="answered_only", public_text="已答复")
    assert "supervise" in rate(client, path, "no").content.decode()
    event.refresh_from_db()
    assert event.reopen_count == 1 and event.is_supervised
    assert Rating.objects.filter(signal=signal).count() == 2


def test_an_opinion_is_given_once_and_in_full(told: Told, fixed: Fixed, client: Client) -> None:
    signal, path = told()
    assert client.post(f"{path}rate/", {"is_solved": "yes", "stars": "5"}).status_code == 302
    fixed(signal.event)
    assert client.post(f"{path}rate/", {"is_solved": "perhaps", "stars": "9"}).status_code == 422
    assert "Thank you" in rate(client, path, "yes", "5").content.decode()
    assert "already" in rate(client, path, "no", "1").content.decode()
    assert Rating.objects.get().stars == 5


def test_who_looked_at_my_contact_stands_on_the_page(told: Told, client: Client, county: County) -> None:
    signal, path = told(contact="13800000000")
    assert "Nobody has looked" in client.get(path).content.decode()
    assert signal.reporter is not None
    disclose_reporter(signal.reporter, county.desk, "回访")
    shown = client.get(path).content.decode()
    assert "回访" in shown and "test-desk" not in shown


def test_answers_reach_the_page(told: Told, client: Client, county: County) -> None:
    signal, path = told(contact="13800000000")
    assert signal.event is not None
    do(signal.event, Verb.ANSWER, county.desk, text="已安排人员前往查看")
    assert "已安排人员前往查看" in client.get(path).content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_around_shows_what_is_public_and_counts_honestly(
    told: Told, fixed: Fixed, client: Client, county: County, language: str
) -> None:
    client.cookies["django_language"] = language
    public, _path = told(text="王演示家门口", contact="13800000000")
    hidden, _path = told(type=SECRET.key)
    unread, _path = told(place="120.3, 28.9")
    assert public.event is not None and hidden.event is not None and unread.event is not None
    fixed(public.event)
    for address in ("/c/around/", "/c/around/?state=fixed", "/c/around/?near=120.04,28.89", "/c/around/?tab=map"):
        assert client.get(address).status_code == 200
    shown = client.get("/c/around/").content.decode()
    one = client.get(f"/c/around/{public.event.number}/").content.decode()
    assert public.event.number in shown
    for event in (hidden.event, unread.event):
        # What nobody has verified yet is not shown either.
        assert event.number not in shown
        assert client.get(f"/c/around/{event.number}/").status_code == 404
    assert "王演示" not in shown + one and "13800000000" not in shown + one
    box = client.get("/c/around/map.geojson?bbox=120,28.8,120.1,29").json()
    assert [feature["properties"]["url"] for feature in box["features"]] == [f"/c/around/{public.event.number}/"]
    assert client.get("/c/around/map.geojson?bbox=121,28.8,121.1,29").json()["features"] == []


def test_my_reports_stand_under_mine(told: Told, client: Client, county: County) -> None:
    citizen = User.objects.create(username="citizen", kind="citizen")
    client.force_login(citizen)
    signal, path = told(by=client)
    assert path in client.get("/c/mine/").content.decode()
    stranger = Client()
    stranger.force_login(User.objects.create(username="stranger", kind="citizen"))
    assert path not in stranger.get("/c/mine/").content.decode()
    assert track_path(signal) == path
