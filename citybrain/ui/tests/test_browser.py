"""What the toolkit does in a real browser: looked at by axe, under the content policy, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.http import HttpRequest, HttpResponse
from django.urls import path
from playwright.sync_api import BrowserContext, Page, expect

from citybrain.declare.role import Reach
from citybrain.ui.access import public
from citybrain.ui.gallery.permissions import VIEW
from citybrain.ui.urls import urlpatterns as frame

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TABS = ("lists", "things", "forms", "pictures", "states")
DESK = {"width": 1600, "height": 900}
PHONE = {"width": 390, "height": 844}
KNOWN = (
    "GPU stall",
    "WebGL",
    "Permissions-Policy",
    "does not conform to the required format",
    "Service Worker registration blocked",
)
"""Words of the browser's own messages that are nobody's mistake: software drawing, a day that is none on purpose."""


@pytest.fixture(scope="module")
def flags_of_chromium() -> tuple[str, ...]:
    """It draws maps in software."""
    return ("--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")


@public
def no_stream(request: HttpRequest) -> HttpResponse:
    """204 tells a browser that there is no stream: the test server cannot hold one open."""
    return HttpResponse(status=204)


class Addresses:
    """The frame's pages without the live stream."""

    urlpatterns = (path("live/", no_stream), *frame)


class Desk:
    """Pages of the gallery, with what the browser complained of."""

    def __init__(
        self, visit: Callable[..., BrowserContext], address: str, session: str, size: dict[str, int], language: str
    ) -> None:
        self.context = visit(viewport=size, has_touch=size is PHONE, reduced_motion="reduce", service_workers="block")
        cookies = {"sessionid": session, "django_language": language}
        self.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
        self.address = address
        self.complaints: list[str] = []
        self.expected: tuple[str, ...] = KNOWN

    def open(self, path: str) -> Page:
        """The page at a path, loaded."""
        page = self.context.new_page()
        page.on("console", lambda line: self.complain(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complain(str(error)))
        page.goto(self.address + path)
        return page

    def complain(self, text: str) -> None:
        """Notes what is no known noise."""
        if not any(word in text for word in self.expected):
            self.complaints.append(text)


@pytest.fixture
def desk(
    live_server: Any, bare_frame: None, settings: Any, visit: Any, signed_in_client: Any, allowed: Any
) -> Iterator[Callable[..., Desk]]:
    """A maker of signed-in desks: `desk(size, language)`; at the end none may have anything to complain of."""
    settings.ROOT_URLCONF = Addresses
    session = signed_in_client(roles=[allowed(VIEW, reach=Reach.COUNTY)]).cookies["sessionid"].value
    made: list[Desk] = []

    def make(size: dict[str, int] = DESK, language: str = "en") -> Desk:
        made.append(Desk(visit, live_server.url, session, size, language))
        return made[-1]

    yield make
    pages_open = [page for one in made for page in one.context.pages]
    for page in pages_open:
        page.close()
    complaints = [text for one in made for text in one.complaints]
    for one in made:
        one.context.close()
    assert complaints == []


@pytest.mark.parametrize(("size", "language"), [(DESK, "zh-hans"), (PHONE, "en")])
def test_every_part_passes_axe_and_fits_its_window(desk: Any, size: dict[str, int], language: str) -> None:
    found = []
    browser = desk(size, language)
    for tab in TABS:
        page = browser.open(f"/gallery/?tab={tab}")
        answer = Axe().run(page)
        found += [(tab, one["id"], one["nodes"][0]["html"][:200]) for one in answer.response["violations"]]
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, tab
        inner = "[...document.querySelectorAll('main')].map((part) => part.scrollWidth - part.clientWidth)"
        assert max(page.evaluate(inner)) <= 0, tab
        page.close()
    assert found == []


def test_the_wall_is_readable_too(desk: Any) -> None:
    found = []
    for tab in ("things", "pictures", "states"):
        page = desk().open(f"/gallery/?tab={tab}&shell=screen")
        found += [(tab, one["id"], one["nodes"][0]["target"]) for one in Axe().run(page).response["violations"]]
    assert found == []


def test_a_filter_changes_list_and_address_without_leaving_the_page(desk: Any) -> None:
    page: Page = desk().open("/gallery/")
    page.evaluate("window.stayed = true")
    page.get_by_label("All towns").select_option("1")
    expect(page.locator(".chip-asked")).to_have_text(["Sample town B"])
    box = page.locator(".filters [type=search]")
    box.press_sequentially("water")
    expect(page.locator(".chip-asked")).to_have_text(["“water”", "Sample town B"])
    expect(box).to_be_focused()
    assert page.url.endswith("/gallery/?q=water&town=1") and page.evaluate("window.stayed")
    page.get_by_role("link", name="Matter").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Matter")
    assert "sort=title" in page.url and "town=1" in page.url
    page.locator(".chip-asked").first.click()
    page.wait_for_url("**/gallery/?town=1&sort=title")
    expect(page.locator(".filters [type=search]")).to_have_value("")


def test_rows_are_walked_picked_and_opened_by_keyboard(desk: Any) -> None:
    browser = desk()
    browser.expected += ("405",)  # the gallery takes nothing
    page: Page = browser.open("/gallery/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".bulk [data-chosen]")).to_have_text("1")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(page.locator(".bulk [data-chosen]")).to_have_text("2")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
    page.get_by_role("button", name="Remove").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Remove the selected entries?")
    dialog.get_by_role("textbox").fill("twice")
    dialog.get_by_role("button", name="Confirm").click()
    page.wait_for_load_state()
    assert "chosen=DEMO000416&chosen=DEMO000415" in sent[0] and "reason=twice" in sent[0]


def test_a_question_that_is_not_answered_sends_nothing(desk: Any) -> None:
    page: Page = desk().open("/gallery/?tab=things")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="Restore").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert sent == []


def test_a_tree_opens_by_keyboard_and_fetches_what_was_not_sent(desk: Any) -> None:
    page: Page = desk().open("/gallery/?tab=things")
    page.locator("[role=tree] > [role=treeitem]").first.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator("[role=treeitem]:focus")).to_contain_text("Sample town B")
    expect(page.get_by_role("treeitem", name="Demo 3")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("treeitem", name="Demo 3")).to_be_hidden()


def test_a_long_list_is_found_by_typing(desk: Any) -> None:
    page: Page = desk().open("/gallery/?tab=forms")
    box = page.locator("#form").get_by_role("combobox", name="Town")
    box.fill("37")
    page.keyboard.press("Enter")
    expect(box).to_have_value("Demo 37")
    assert page.locator("#form select[name=town]").input_value() == "37"
    box.fill("nowhere")
    page.keyboard.press("Tab")
    expect(box).to_have_value("Demo 37")


def test_a_draft_keeps_itself_and_says_so(desk: Any) -> None:
    page: Page = desk().open("/gallery/?tab=forms")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
    page.locator("#form [name=title]").fill("half a wo")
    expect(page.locator("#form [data-saved]")).to_contain_text("Draft saved at")
    assert len(sent) == 1 and "title=half+a+wo" in sent[0] and "csrfmiddlewaretoken=" in sent[0]


def test_files_are_sent_and_a_refusal_is_said_beside_them(desk: Any) -> None:
    browser = desk()
    browser.expected += ("400",)
    page: Page = browser.open("/gallery/?tab=things")
    chooser = page.locator("[data-upload] input[type=file]")
    chooser.set_input_files({"name": "refused.txt", "mimeType": "text/plain", "buffer": b"no"})
    expect(page.locator("[data-upload] [role=alert]")).to_have_text("The gallery does not take this file.")
    chooser.set_input_files({"name": "large.txt", "mimeType": "text/plain", "buffer": bytes(65 * 1024)})
    expect(page.locator("[data-upload] [role=alert]")).to_have_text("large.txt: This file is too large.")
    with page.expect_navigation():
        chooser.set_input_files({"name": "taken.txt", "mimeType": "text/plain", "buffer": b"yes"})


def test_charts_and_maps_are_drawn_and_a_place_is_picked(desk: Any) -> None:
    page: Page = desk().open("/gallery/?tab=pictures")
    expect(page.locator(".chart[data-ready]")).to_have_count(5)
    assert page.locator("#chart-line table td").first.text_content() == "820"
    picker = page.locator("#picker .map")
    picker.scroll_into_view_if_needed()
    expect(page.locator(".map[data-ready]")).to_have_count(2)
    expect(page.locator("#map .map-mark")).to_have_text("Made-up data")
    expect(page.locator("#map .maplibregl-ctrl-attrib")).to_contain_text("GeoNames")
    picker.click(position={"x": 120, "y": 150})
    east, north = picker.get_attribute("data-picked").split(",")
    assert 119.5 < float(east) < 120.5 and 28.5 < float(north) < 29.2


def test_a_failure_is_said_and_can_be_tried_again(desk: Any) -> None:
    browser = desk()
    browser.expected += ("500",)
    page: Page = browser.open("/gallery/")
    page.route("**/gallery/?town=1", lambda route: route.fulfill(status=500, body="broken"))
    page.get_by_label("All towns").select_option("1")
    expect(page.locator("#toast")).to_contain_text("did not answer")
    expect(page.locator("#found tbody tr")).to_have_count(30)
    page.unroute("**/gallery/?town=1")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".chip-asked")).to_have_text(["Sample town B"])


def test_help_and_menus_open_and_close(desk: Any) -> None:
    page: Page = desk().open("/gallery/?tab=states")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("This page shows what pages are made of")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.locator("details.person summary").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
