"""The ends in a real browser: the palette by keyboard, reports without network, citizens by phone, all heard by axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.http import HttpRequest, HttpResponse
from django.urls import path
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from citybrain.applications.office.models import ServicePoint
from citybrain.declare.role import Reach
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.records.models import Attachment
from citybrain.site.urls import urlpatterns as site
from citybrain.testing.browsers import Visit
from citybrain.testing.people import allowed, official, signed_in_client
from citybrain.ui.access import public

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK = {"width": 1600, "height": 900}
PHONE = {"width": 390, "height": 844}
FORM = "/m/report/service-point/"
NOISE = ("Permissions-Policy", "GPU stall", "WebGL", "ERR_INTERNET_DISCONNECTED", "Failed to load resource")

LOSE_THE_FIRST_ANSWER = """
const real = window.fetch;
window.fetch = async (...given) => {
  const answer = await real(...given);
  if (String(given[0]).endsWith("/send/") && !sessionStorage.getItem("lost")) {
    sessionStorage.setItem("lost", answer.status);
    throw new TypeError("the answer was lost on its way");
  }
  return answer;
};
"""
"""The server has taken the report, but the device never hears of it."""


@public
def no_stream(request: HttpRequest) -> HttpResponse:
    """204 tells a browser that there is no stream: the test server cannot hold one open."""
    return HttpResponse(status=204)


class Addresses:
    """The site without the live stream."""

    urlpatterns = (path("live/", no_stream), *site)


@pytest.fixture(autouse=True)
def _site_without_stream(settings: Any) -> None:
    """Every address but the stream."""
    settings.ROOT_URLCONF = Addresses


class Device:
    """A browser of its own, signed in or not, with what it complained of."""

    def __init__(self, visit: Visit, address: str, session: str, size: dict[str, int], language: str) -> None:
        self.address = address
        self.context: BrowserContext = visit(
            viewport=size,  # type: ignore[arg-type]
            has_touch=size is PHONE,
            base_url=address,
            geolocation={"longitude": 120.04, "latitude": 28.89, "accuracy": 12},
            permissions=["geolocation"],
        )
        cookies = {"django_language": language, **({"sessionid": session} if session else {})}
        self.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def hear(self, line: Any) -> None:
        """Notes an error that is no known noise."""
        if line.type == "error" and not any(word in line.text for word in NOISE):
            self.complaints.append(line.text)


@pytest.fixture
def device(live_server: Any, visit: Visit) -> Iterator[Any]:
    """A maker of devices: `device(size, language)`, signed in as a field worker unless told otherwise."""
    town = Organisation.objects.create(key="town", chinese="古山镇", english="Gushan", path="town/")
    roles = [allowed("service-point:*", "*:view", reach=Reach.ORGANISATION)]
    worker = official("worker", roles=roles, organisation=town)
    made: list[Device] = []

    def make(size: dict[str, int] = PHONE, language: str = "en", *, is_signed_in: bool = True) -> Device:
        session = signed_in_client(worker).cookies["sessionid"].value if is_signed_in else ""
        made.append(Device(visit, live_server.url, session, size, language))
        return made[-1]

    yield make
    complaints = [text for one in made for text in one.complaints]
    for one in made:
        one.context.close()
    assert complaints == []


def kept_forms(page: Page, count: int) -> None:
    """Returns when the worker rules the page and keeps so many pages."""
    page.evaluate(
        """async (count) => {
          const end = Date.now() + 20000;
          while (Date.now() < end) {
            const kept = (await caches.has("forms")) ? await (await caches.open("forms")).keys() : [];
            if (navigator.serviceWorker.controller && kept.length >= count) return;
            await new Promise((next) => setTimeout(next, 100));
          }
          throw new Error("nothing is kept");
        }""",
        count,
    )


def fill(page: Page, title: str) -> None:
    """A whole form, filled in by hand."""
    page.fill("[name=title]", title)
    page.select_option("[name=kind]", "town")
    page.fill("[name=address]", "古山镇胜利街1号")
    page.fill("[name=hours]", "8:30-17:00")
    page.get_by_role("button", name="Here").click()
    expect(page.locator("[name=place]")).to_have_value("120.040000, 28.890000")


def open_form(page: Page) -> None:
    """The form, ready."""
    page.goto(FORM)
    page.wait_for_selector("[data-field-form][data-ready=yes]")


def test_a_report_made_without_network_arrives_once_though_the_answer_was_lost(device: Any, tmp_path: Path) -> None:
    phone = device()
    page = phone.page
    page.add_init_script(LOSE_THE_FIRST_ANSWER)
    open_form(page)
    kept_forms(page, 2)
    phone.context.set_offline(True)
    page.reload()
    page.wait_for_selector("[data-field-form][data-ready=yes]")
    fill(page, "离线填报的网点")
    picture = tmp_path / "a.jpg"
    Image.new("RGB", (1200, 900), "#7a9cc0").save(picture)
    page.set_input_files("[data-photo-input]", picture)
    expect(page.locator("[data-photos] img")).to_have_count(1)
    expect(page.locator("[data-said]")).to_contain_text("Kept on this device")
    page.reload()
    page.wait_for_selector("[data-field-form][data-ready=yes]")
    expect(page.locator("[name=title]")).to_have_value("离线填报的网点")
    expect(page.locator("[data-photos] img")).to_have_count(1)
    assert "离线填报的网点" not in sealed(page)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/m/report/outbox/**")
    expect(page.locator("[data-list]")).to_contain_text("Waiting to be sent")
    expect(page.locator("[data-queue-count]")).to_have_text("1")
    assert not ServicePoint.objects.exists()
    phone.context.set_offline(False)
    expect(page.locator("[data-got-last]")).to_contain_text("Received as WD-")
    assert page.evaluate("sessionStorage.getItem('lost')") == "201"
    point = ServicePoint.objects.get()
    assert (point.title, point.organisation.key) == ("离线填报的网点", "town")
    assert Attachment.objects.filter(record_id=point.pk).count() == 1
    expect(page.locator("[data-queue-count]")).to_be_hidden()


def sealed(page: Page) -> str:
    """Everything the device keeps of the drafts, as text."""
    return page.evaluate(
        """async () => {
          const base = await new Promise((done) => {
            const asked = indexedDB.open("citybrain");
            asked.onsuccess = () => done(asked.result);
          });
          const rows = await new Promise((done) => {
            const asked = base.transaction("drafts").objectStore("drafts").getAll();
            asked.onsuccess = () => done(asked.result);
          });
          base.close();
          return rows.map((row) => JSON.stringify(row) + new TextDecoder().decode(row.sealed)).join();
        }"""
    )


def test_what_is_refused_stays_with_its_reason_and_is_mended(device: Any) -> None:
    page = device().page
    open_form(page)
    fill(page, "写错地址的网点")
    page.fill("[name=phone]", "x" * 20)
    page.fill("[name=place]", "nowhere")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/m/report/outbox/**")
    expect(page.locator("[data-list]")).to_contain_text("Not accepted")
    expect(page.locator("[data-list]")).to_contain_text("120.04, 28.89")
    page.get_by_role("button", name="Mend").click()
    page.wait_for_selector("[data-field-form][data-ready=yes]")
    expect(page.locator("[data-errors]")).to_be_focused()
    expect(page.locator("[name=title]")).to_have_value("写错地址的网点")
    page.fill("[name=place]", "120.05, 28.9")
    page.fill("[name=phone]", "0579-87654321")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-got-last]")).to_contain_text("Received as WD-")
    assert ServicePoint.objects.count() == 1


def test_signing_out_leaves_nothing_on_the_device(device: Any) -> None:
    phone = device()
    page = phone.page
    open_form(page)
    kept_forms(page, 2)
    page.fill("[name=title]", "半途而废")
    expect(page.locator("[data-said]")).to_contain_text("Kept on this device")
    page.goto("/m/me/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/**")
    left = page.evaluate("Promise.all([indexedDB.databases(), caches.has('forms')])")
    assert left[1] is False
    assert "citybrain" not in [base["name"] for base in left[0]] or sealed(page) == ""


def test_the_app_can_be_installed_and_shows_its_own_page_without_network(device: Any) -> None:
    phone = device()
    page = phone.page
    page.goto("/m/")
    page.evaluate("navigator.serviceWorker.ready.then((one) => one.scope)")
    talk = phone.context.new_cdp_session(page)
    manifest = talk.send("Page.getAppManifest")
    assert (manifest["errors"], manifest["manifest"]["display"]) == ([], "kStandalone")
    errors = talk.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A test's window is private, where nothing is ever installed.
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    phone.context.set_offline(True)
    page.goto("/m/me/")
    expect(page.get_by_role("heading", name="现在没有网络")).to_be_visible()
    assert "worker" not in page.content()


def test_the_palette_is_worked_by_keyboard_alone(device: Any) -> None:
    page = device(DESK).page
    page.goto("/help/")
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Search everything")
    expect(box).to_be_focused()
    expect(page.locator("#palette [role=option]").first).to_be_visible()
    box.press_sequentially("wangdian")
    first = page.locator("#palette [role=option][aria-selected=true]")
    expect(first).to_have_count(1)
    expect(first).to_contain_text("ervice point")
    before = box.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") != before
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") == before
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(box).to_be_focused()
    box.fill("wangdian")
    expect(first).to_contain_text("ervice point")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: address[-6:] != "/help/")
    page.goto("/help/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_contain_text("Recently opened")


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe finds wrong."""
    found = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:160]) for one in found]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_phone_pages_pass_axe_and_fit(device: Any, language: str) -> None:
    page = device(PHONE, language).page
    found = {}
    paths = ("/m/", "/m/messages/", "/m/report/", FORM, "/m/report/outbox/", "/m/find/?q=gushan", "/m/me/")
    for address in paths:
        page.goto(address)
        found |= {(address, one): where for one, where in violations(page)}
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
        small = page.evaluate(SMALL)
        assert small == [], address
    assert found == {}


SMALL = """
[...document.querySelectorAll(".phone-bar a, .phone-top a, .phone .btn, .items a.item, main input:not([type=hidden])")]
  .filter((one) => one.offsetParent && !one.matches(".trap, [type=checkbox], [type=file]"))
  .filter((one) => one.getBoundingClientRect().height < 40)
  .map((one) => one.outerHTML.slice(0, 100))
"""
"""What is too low for a thumb."""


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_citizens_pages_pass_axe_and_fit_in_large_type_too(device: Any, language: str) -> None:
    page = device(PHONE, language, is_signed_in=False).page
    found = {}
    paths = ("/c/", "/c/look-up/service-point/", "/c/say/feedback/", "/c/follow/", "/c/mine/", "/c/accessibility/")
    for address in paths:
        page.goto(address)
        found |= {(address, one): where for one, where in violations(page)}
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
    page.goto("/c/")
    page.locator(".type-size button").click()
    expect(page.locator("html")).to_have_attribute("data-type", "large")
    for address in paths:
        page.goto(address)
        found |= {(address, "large", one): where for one, where in violations(page)}
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
    assert found == {}
