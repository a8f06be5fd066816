"""Both mobile ends of the loop in a real browser: a citizen reports, follows, rates; an official works off-line."""

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
from citybrain.centre.events.models import Channel, DeviceOrder, Event, Signal
from citybrain.centre.events.orders import Order
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.tests.conftest import _types
from citybrain.centre.events.tests.county import PIT, County, settle
from citybrain.centre.intake.citizen import form
from citybrain.kernel.identity.models import User
from citybrain.testing.people import signed_in_client
from tests.end_to_end.test_ends import PHONE, Device, _site_without_stream, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

__all__ = ["_site_without_stream", "_types"]


@pytest.fixture
def county(transactional_db: None) -> County:
    """Bodies and people of the loop's tests."""
    return settle()


@pytest.fixture
def device(live_server: Any, visit: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`device(username, language)`: a phone, of nobody without a name."""
    monkeypatch.setattr(form, "FASTEST", 0)
    made: list[Device] = []

    def make(username: str = "", language: str = "en") -> Device:
        session = ""
        if username:
            session = signed_in_client(User.objects.get(username=username)).cookies["sessionid"].value
        made.append(Device(visit, live_server.url, session, PHONE, language))
        return made[-1]

    yield make
    complaints = [text for one in made for text in one.complaints]
    for one in made:
        one.context.close()
    assert complaints == []


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A photo."""
    path = tmp_path / "a.jpg"
    Image.new("RGB", (1200, 900), "#7a9cc0").save(path)
    return path


@pytest.fixture
def dispatched(county: County) -> Event:
    """A case on its way to the road office."""
    draft = SignalDraft(
        channel=Channel.HOTLINE,
        text="胡库村村口路面有个大坑",
        place={"type": "Point", "coordinates": [120.04, 28.89]},
        address="胡库村村口",
        area=county.village,
    )
    event = receive(draft, county.agent).event
    assert event is not None
    do(event, Verb.ACCEPT, county.desk, type=PIT.key)
    do(event, Verb.DISPATCH, county.desk, organisation=county.road)
    return event


def do(event: Event, verb: Verb, actor: Any, **order: Any) -> None:
    """One verb on the event as it stands."""
    event.refresh_from_db()
    act(event, Order(verb=verb, **order), actor, seen=event.steps)


def ready(page: Page, address: str) -> None:
    """Opens a form and waits until it is taken up."""
    page.goto(address)
    page.wait_for_selector("[data-field-form][data-ready=yes]")


def fill(page: Page, text: str) -> None:
    """What a citizen fills in with two thumbs."""
    page.get_by_role("button", name="Here").click()
    expect(page.locator("[name=place]")).to_have_value("120.040000, 28.890000")
    page.fill("[name=text]", text)
    page.locator("[name=consent]").check()


def test_a_citizen_reports_follows_and_rates(device: Any, county: County, picture: Path) -> None:
    page = device().page
    ready(page, "/c/report/")
    page.set_input_files("[data-photo-input]", picture)
    expect(page.locator("[data-photos] img")).to_have_count(1)
    fill(page, "路面坑洼，差点摔倒")
    chip = page.locator(".chip", has_text="Pit")
    expect(chip).to_be_visible()
    if chip.get_attribute("aria-pressed") != "true":
        chip.click()
    expect(page.locator("#id_type")).to_have_value(PIT.key)
    assert violations(page) == []
    page.get_by_role("button", name="Send report").click()
    page.wait_for_url(re.compile(r"/c/track/.*new=1"))
    signal = Signal.objects.get()
    expect(page.locator(".receipt-number")).to_have_text(signal.number)
    expect(page.locator("[aria-current=step]")).to_contain_text("Accepted")
    expect(page.locator(".pictures img")).to_have_count(1)
    assert violations(page) == []
    link = page.url.partition("?")[0]
    event = signal.event
    assert event is not None
    do(event, Verb.ACCEPT, county.desk, type=PIT.key)
    # A neighbour sees the same, and follows it instead of reporting it anew.
    neighbour = device().page
    ready(neighbour, "/c/report/")
    fill(neighbour, "路面坑洼")
    neighbour.locator("[data-alike] button").click()
    neighbour.get_by_role("button", name="Send report").click()
    neighbour.wait_for_url(re.compile(r"/c/track/"))
    event.refresh_from_db()
    assert (Event.objects.count(), event.signal_count) == (1, 2)
    do(event, Verb.DISPATCH, county.desk, organisation=county.road)
    do(event, Verb.SIGN, county.road_worker)
    do(event, Verb.REPORT_DONE, county.road_worker, result="answered_only")
    do(event, Verb.CLOSE, county.desk, result="answered_only", public_text="下月统一修补")
    page.goto(link)
    expect(page.locator(".milestones .ms-done")).to_have_count(5)
    expect(page.locator("main")).to_contain_text("下月统一修补")
    page.get_by_label("No, not solved").check()
    page.select_option("[name=stars]", "2")
    assert violations(page) == []
    page.get_by_role("button", name="Send my opinion").click()
    expect(page.locator("main")).to_contain_text("open again")
    event.refresh_from_db()
    assert (event.state, event.reopen_count) == (State.DISPATCHED, 1)


def test_a_report_made_without_network_is_sent_once_it_is_back(device: Any, county: County, picture: Path) -> None:
    phone = device()
    page = phone.page
    ready(page, "/c/report/")
    kept(page, ["/c/report/", "/c/report/sent/"])
    phone.context.set_offline(True)
    page.reload()
    page.wait_for_selector("[data-field-form][data-ready=yes]")
    page.set_input_files("[data-photo-input]", picture)
    expect(page.locator("[data-photos] img")).to_have_count(1)
    fill(page, "山里没信号，路塌了一块")
    page.get_by_role("button", name="Send report").click()
    page.wait_for_url("**/c/report/sent/**")
    expect(page.locator("[data-list]")).to_contain_text("Waiting to be sent")
    assert not Signal.objects.exists()
    phone.context.set_offline(False)
    page.wait_for_url(re.compile(r"/c/track/.*new=1"))
    assert Signal.objects.count() == 1


def kept(page: Page, addresses: list[str]) -> None:
    """Returns when the worker rules the page and keeps these pages."""
    page.evaluate(
        """async (wanted) => {
          const end = Date.now() + 30000;
          while (Date.now() < end) {
            const forms = (await caches.has("forms")) ? await (await caches.open("forms")).keys() : [];
            const paths = forms.map((one) => new URL(one.url).pathname);
            if (navigator.serviceWorker.controller && wanted.every((one) => paths.includes(one))) return;
            await new Promise((next) => setTimeout(next, 100));
          }
          throw new Error("not kept: " + wanted);
        }""",
        addresses,
    )


def test_an_official_signs_and_reports_done_without_network(
    device: Any, county: County, dispatched: Event, picture: Path
) -> None:
    phone = device("test-road-worker")
    page = phone.page
    page.goto("/m/tasks/")
    expect(page.locator(".items")).to_contain_text(dispatched.number)
    page.wait_for_selector("[data-case-list][data-ready=yes]", state="attached")
    kept(page, ["/m/tasks/kept/", "/m/tasks/do/sign/", "/m/tasks/do/report-done/", "/m/report/outbox/"])
    phone.context.set_offline(True)
    page.goto("/m/tasks/kept/")
    line = page.locator("[data-list] li", has_text=dispatched.number)
    line.get_by_role("link", name="Sign").click()
    page.wait_for_selector("[data-field-form][data-ready=yes]")
    expect(page.locator("[data-case-head]")).to_contain_text(dispatched.number)
    page.get_by_role("button", name="Sign").click()
    page.wait_for_url("**/m/report/outbox/**")
    page.goto("/m/tasks/kept/")
    # Signed on the device, it can be reported done on the device.
    line.get_by_role("link", name="Report done").click()
    page.wait_for_selector("[data-field-form][data-ready=yes]")
    page.select_option("[name=result]", "fixed_with_proof")
    page.fill("[name=measures]", "已补平")
    page.set_input_files("[data-photo-input]", picture)
    expect(page.locator("[data-photos] img")).to_have_count(1)
    page.get_by_role("button", name="Report done").click()
    page.wait_for_url("**/m/report/outbox/**")
    expect(page.locator("[data-list]")).to_contain_text("Waiting to be sent")
    dispatched.refresh_from_db()
    assert dispatched.state == State.DISPATCHED
    phone.context.set_offline(False)
    expect(page.locator("[data-received] li")).to_have_count(1)
    expect(page.locator("[data-queue-count]")).to_be_hidden()
    dispatched.refresh_from_db()
    assert (dispatched.state, dispatched.measures) == (State.REPORTED_DONE, "已补平")
    assert [order.verb for order in DeviceOrder.objects.order_by("pk")] == ["sign", "report_done"]
    assert len(dispatched.journal.get(verb="report_done").media) == 2


def test_what_others_did_meanwhile_is_shown_and_sent_again(device: Any, county: County, dispatched: Event) -> None:
    phone = device("test-road-worker")
    page = phone.page
    page.goto(f"/m/tasks/{dispatched.number}/")
    page.wait_for_selector("[data-kept-case][data-ready=yes]", state="attached")
    kept(page, ["/m/tasks/do/sign/", "/m/report/outbox/"])
    phone.context.set_offline(True)
    ready(page, f"/m/tasks/do/sign/?case={dispatched.number}")
    page.get_by_role("button", name="Sign").click()
    page.wait_for_url("**/m/report/outbox/**")
    do(dispatched, Verb.NOTE, county.desk, text="请先联系村里")
    phone.context.set_offline(False)
    expect(page.locator("[data-list]")).to_contain_text("Not accepted")
    page.get_by_role("button", name="Mend").click()
    page.wait_for_selector("[data-field-form][data-ready=yes]")
    expect(page.locator("[data-errors]")).to_contain_text("请先联系村里")
    page.get_by_role("button", name="Sign").click()
    expect(page.locator("[data-got-last]")).to_contain_text(dispatched.number)
    dispatched.refresh_from_db()
    assert dispatched.state == State.IN_PROGRESS


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_pass_axe_and_fit(device: Any, county: County, dispatched: Event, language: str) -> None:
    official = device("test-road-worker", language).page
    citizen = device("", language).page
    found: dict[Any, Any] = {}
    number = dispatched.number
    tasks = ("/m/tasks/", f"/m/tasks/{number}/", f"/m/tasks/do/report-done/?case={number}", "/m/tasks/kept/")
    look: tuple[tuple[Page, tuple[str, ...]], ...] = (
        (official, (*tasks, "/m/tasks/help/", "/m/tasks/report/", "/m/")),
        (citizen, ("/c/report/", "/c/report/sent/", "/c/around/", f"/c/around/{number}/", "/c/around/?tab=map")),
    )
    for page, addresses in look:
        for address in addresses:
            page.goto(address)
            found |= {(address, one): where for one, where in violations(page)}
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
    assert found == {}
