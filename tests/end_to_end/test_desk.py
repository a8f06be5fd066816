"""The desk in a real browser: a case from a call to its closing by three people, by keyboard, overtaken once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from citybrain.centre.events.actions import act
from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Channel, Event
from citybrain.centre.events.orders import Order
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.tests.conftest import _types
from citybrain.centre.events.tests.county import PIT, County, settle
from citybrain.kernel.identity.models import User
from citybrain.testing.people import signed_in_client
from tests.end_to_end.test_ends import PHONE, Device, _site_without_stream, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

__all__ = ["_site_without_stream", "_types"]

DESK = {"width": 1600, "height": 900}


@pytest.fixture
def county(transactional_db: None) -> County:
    """Bodies and people of the loop's tests."""
    return settle()


@pytest.fixture
def window(live_server: Any, visit: Any) -> Any:
    """`window(actor)`: a browser of that person."""
    made: list[Device] = []

    def open_window(actor: Any, size: Any = None) -> Page:
        session = signed_in_client(User.objects.get(pk=actor.user_id)).cookies["sessionid"].value
        made.append(Device(visit, live_server.url, session, size or DESK, "en"))
        return made[-1].page

    yield open_window
    complaints = [text for one in made for text in one.complaints if "status of 4" not in text and "GPU" not in text]
    for one in made:
        one.context.close()
    assert complaints == []


@pytest.fixture
def called(county: County) -> Event:
    """What somebody told the hotline."""
    draft = SignalDraft(
        channel=Channel.HOTLINE,
        text="胡库村村口路面有个大坑",
        place={"type": "Point", "coordinates": [120.04, 28.89]},
        address="胡库村村口",
        area=county.village,
    )
    event = receive(draft, county.agent).event
    assert event is not None
    return event


def press(page: Page, verb: str) -> None:
    """Presses the letter of a button and waits for its form."""
    page.keyboard.press(verb)
    expect(page.locator(".peek #order-form")).to_be_visible()


def send(page: Page, words: str) -> None:
    """Sends the drawer's form and waits for the word about it."""
    page.locator(".peek #order-form .btn-primary").click()
    expect(page.locator(".peek .note-good")).to_contain_text(words)


def state(event: Event) -> str:
    event.refresh_from_db()
    return str(event.state)


def test_three_people_bring_a_call_to_its_end(window: Any, county: County, called: Event, tmp_path: Path) -> None:
    desk = window(county.desk)
    desk.goto("/events/")
    expect(desk.locator("#rows tbody tr")).to_have_count(1)
    assert violations(desk) == []
    # By keyboard: down, open, accept.
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    expect(desk.locator(".peek h2").first).to_contain_text(called.title)
    expect(desk).to_have_url(re.compile(f"open={called.number}"))
    press(desk, "a")
    desk.locator("[name=order-type]").evaluate("(select, key) => { select.value = key; }", PIT.key)
    send(desk, "Accepted")
    assert state(called) == State.ACCEPTED
    # Somebody else writes a note while the form is open: nothing is done, everything is still there.
    press(desk, "d")
    act(called, Order(verb=Verb.NOTE, text="同事先看过"), county.second, seen=called.steps)
    desk.locator("[name=order-organisation]").evaluate("(select, key) => { select.value = key; }", county.road.key)
    desk.locator("[name=order-text]").fill("今天内补好")
    desk.locator(".peek #order-form .btn-primary").click()
    expect(desk.locator("#stale")).to_be_visible()
    expect(desk.locator(".peek")).to_contain_text("同事先看过")
    expect(desk.locator("[name=order-text]")).to_have_value("今天内补好")
    assert violations(desk) == []
    send(desk, "Dispatched")
    assert state(called) == State.DISPATCHED
    assert violations(desk) == []
    # The road office signs, and reports it done with a picture.
    road = window(county.road_worker)
    road.goto(f"/events/?open={called.number}")
    press(road, "s")
    send(road, "Signed")
    press(road, "f")
    road.locator("[name=order-result]").select_option("fixed_with_proof")
    picture = tmp_path / "after.jpg"
    Image.new("RGB", (640, 480), "#6a8f6a").save(picture)
    road.locator("[name=order-media]").set_input_files(picture)
    send(road, "Reported done")
    assert state(called) == State.REPORTED_DONE
    # A third person checks it on the case's own page.
    second = window(county.second)
    second.goto(f"/events/{called.number}/?tab=files")
    expect(second.locator(".pictures img")).to_have_count(1)
    second.goto(f"/events/{called.number}/?do=close")
    second.locator("[name=order-public_text]").fill("坑已补好")
    second.locator("#order-form .btn-primary").click()
    second.wait_for_url(re.compile(rf"/events/{called.number}/$"))
    expect(second.locator(".way-done")).to_have_count(6)
    assert state(called) == State.CLOSED
    # Back closes what was opened, the list stays.
    desk.goto("/events/")
    desk.locator("#rows tbody tr td:nth-child(3)").click()
    expect(desk.locator(".peek h2").first).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator(".peek")).to_be_hidden()
    expect(desk).to_have_url(re.compile(r"/events/$"))


@pytest.mark.parametrize(
    "address", ["map/", "dispatch/", "supervision/", "{number}/", "{number}/?tab=evidence", "{number}/?tab=process"]
)
def test_every_page_can_be_used_by_everybody(window: Any, county: County, called: Event, address: str) -> None:
    page = window(county.desk)
    page.goto("/events/" + address.format(number=called.number))
    expect(page.locator("h1")).to_be_visible()
    assert violations(page) == []


def test_on_a_phone_a_row_leads_to_its_page(window: Any, county: County, called: Event) -> None:
    page = window(county.desk, PHONE)
    page.goto("/events/")
    page.locator("#rows tbody tr a").first.click()
    page.wait_for_url(re.compile(rf"/events/{called.number}/$"))
    assert violations(page) == []
