"""The whole way in a real browser, in both languages, on a desk and on a phone, looked at by axe."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from citybrain.kernel.identity.models import User
from citybrain.ui.account.tests.conftest import RIGHT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "zh-CN": {"in": "登录", "confirm": "确认", "on": "继续", "locked": "15 分钟后再试", "wrong": "口令不正确"},
    "en-US": {"in": "Sign in", "confirm": "Confirm", "on": "Continue", "locked": "in 15 minutes", "wrong": "is wrong"},
}
SIZES = {"zh-CN": {"width": 1600, "height": 900}, "en-US": {"width": 390, "height": 844}}


@pytest.fixture(autouse=True)
def no_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """The live stream ends at once: the test server cannot hold one open."""

    async def ended(*_words: Any, **_more: Any) -> AsyncGenerator[bytes]:
        yield b": nothing\n\n"

    monkeypatch.setattr("citybrain.ui.live.stream", ended)


class Visitor:
    """Somebody at a browser of their own."""

    def __init__(self, visit: Callable[..., BrowserContext], address: str, language: str) -> None:
        self.words = WORDS[language]
        self.context = visit(
            viewport=SIZES[language],
            locale=language,
            base_url=address,
            service_workers="block",  # type: ignore[arg-type]
        )
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self.note(message.type, message.text))

    def note(self, kind: str, text: str) -> None:
        """Keeps what the browser complains of; a refusal is no complaint."""
        if kind == "error" and "403" not in text:
            self.errors.append(text)

    def sign_in(self, password: str = RIGHT, target: str = "/") -> None:
        """Types name and password."""
        self.page.goto(f"/login/?next={target}")
        self.page.locator("#id_username").fill("wang")
        self.page.locator("#id_password").fill(password)
        self.page.get_by_role("button", name=self.words["in"], exact=True).click()

    def type_code(self, code: str) -> None:
        """Types a code at the door."""
        self.page.locator("#id_code").fill(code)
        self.page.get_by_role("button", name=self.words["on"]).click()

    def look(self) -> None:
        """Axe finds nothing, and nothing stands out of the window."""
        found = Axe().run(self.page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not self.page.evaluate(wide), "the page is wider than the window"


def next_code(totp: Any) -> str:
    """The code of the step to come, which a clock a little ahead shows already; the step's own was used."""
    return str(totp.at(time.time() + totp.interval))


@pytest.mark.parametrize("language", sorted(WORDS))
def test_from_the_door_to_the_lock(live_server: Any, visit: Any, person: User, language: str) -> None:
    one = Visitor(visit, live_server.url, language)
    page = one.page
    one.sign_in("wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    one.look()
    one.sign_in(target="/account/second-factor/")
    totp = pyotp.TOTP("".join(page.locator(".secret span").all_inner_texts()).replace(" ", ""))
    one.look()
    page.locator("#id_code").fill(totp.now())
    page.get_by_role("button", name=one.words["confirm"]).click()
    codes = page.locator(".code-sheet li")
    expect(codes).to_have_count(10)
    recovery = codes.all_inner_texts()
    one.look()

    other = Visitor(visit, live_server.url, language)
    other.sign_in(target="/account/")
    expect(other.page).to_have_url(re.compile("/login/code/"))
    other.look()
    other.type_code("000000")
    expect(other.page.get_by_role("alert")).to_contain_text(one.words["wrong"])
    other.type_code(next_code(totp))
    expect(other.page).to_have_url(re.compile("/account/$"))
    expect(other.page.locator("main table").first.locator("tbody tr")).to_have_count(2)
    other.look()

    third = Visitor(visit, live_server.url, language)
    third.sign_in(target="/account/password/")
    third.type_code(recovery[0])
    expect(third.page).to_have_url(re.compile("/account/password/"))
    third.look()

    stranger = Visitor(visit, live_server.url, language)
    for _number in range(5):
        stranger.sign_in("wrong")
    expect(stranger.page.get_by_role("alert")).to_contain_text(one.words["locked"])
    stranger.sign_in()
    expect(stranger.page.get_by_role("alert")).to_contain_text(one.words["locked"])
    assert [visitor.errors for visitor in (one, other, third, stranger)] == [[], [], [], []]
