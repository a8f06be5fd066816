"""Two people at one desk on a served installation: what one does the other sees, and nobody loses a word."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from citybrain.site.serving import wait_for_port, web_command
from citybrain.testing.browsers import Visit
from tests.conftest import environment_of
from tests.end_to_end.conftest import free_port
from tests.end_to_end.test_ends import Device, violations

pytestmark = pytest.mark.browser

DESK = {"width": 1600, "height": 900}


@dataclass(frozen=True)
class Served:
    """A served installation, and somebody who takes calls beside it."""

    address: str
    sessions: dict[str, str]
    beside: subprocess.Popen[str]

    def call(self, words: str) -> str:
        """Number of the event that a call opens."""
        return str(told(self.beside, words))


def told(process: subprocess.Popen[str], words: str = "") -> Any:
    """What the process beside says, after a line of `words` when there are any."""
    given, answers = process.stdin, process.stdout
    assert given is not None and answers is not None
    if words:
        given.write(words + "\n")
        given.flush()
    return json.loads(answers.readline())


@pytest.fixture(scope="module")
def served(
    path_of_chromium: str, tmp_path_factory: pytest.TempPathFactory, new_home: Callable[[Path], Path]
) -> Iterator[Served]:
    """A home with a small county, its pages, and the process beside; both are ended by their own handles."""
    environment = environment_of(new_home(tmp_path_factory.mktemp("desk")))
    port = free_port()
    words = [sys.executable, "-m", "tests.end_to_end.desk_process"]
    beside = subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    server = None
    try:
        sessions = told(beside)
        server = subprocess.Popen(web_command("127.0.0.1", port), env=environment)
        assert wait_for_port("127.0.0.1", port, seconds=120), "the server did not start"
        yield Served(f"http://127.0.0.1:{port}", sessions, beside)
    finally:
        for process in (beside, server):
            if process is not None:
                process.terminate()
                process.wait(60)


@pytest.fixture
def window(served: Served, visit: Visit) -> Iterator[Callable[[str], Page]]:
    """`window("one")`: a browser of that person; nothing may be complained of in any of them."""
    made: list[Device] = []

    def open_window(who: str) -> Page:
        made.append(Device(visit, served.address, served.sessions[who], DESK, "en"))
        return made[-1].page

    yield open_window
    complaints = [text for one in made for text in one.complaints]
    for one in made:
        one.context.close()
    assert complaints == []


def count(page: Page, key: str) -> Any:
    """The place of a count."""
    return page.locator(f'[data-count-key="{key}"]').first


def test_what_one_does_the_other_sees_without_losing_a_word(served: Served, window: Callable[[str], Page]) -> None:
    first, second = served.call("胡库村村口路面有个大坑"), served.call("古山中路的路灯不亮了")
    one, other = window("one"), window("other")
    # Somebody reads the queue and writes on the first event.
    one.goto(f"/events/?queue=to-verify&open={first}&do=accept")
    expect(one.locator("html[data-live=open]")).to_be_attached()
    expect(one.locator("#rows tbody tr")).to_have_count(2)
    expect(count(one, "/events/")).to_have_text("2")
    expect(count(one, "tab:all")).to_have_text("2")
    one.locator("[name=order-text]").fill("我去核实，下午回复")
    one.evaluate("window.loadedOnce = true")
    # Their colleague writes a note to the same event: the row changes, the drawer says so and shows what was done.
    other.goto(f"/events/?open={first}&do=note")
    other.locator("[name=order-text]").fill("附近居民又来电")
    began = time.monotonic()
    other.locator(".peek #order-form .btn-primary").click()
    expect(one.locator(".peek [data-meanwhile] .note")).to_be_visible()
    print(f"the drawer knew after {time.monotonic() - began:.1f} s")
    expect(one.locator(f"#row-{first}.row-changed")).to_be_attached()
    print(f"the row changed after {time.monotonic() - began:.1f} s")
    assert violations(one) == []
    one.locator("[data-meanwhile] button").click()
    expect(one.locator(".peek #meanwhile")).to_contain_text("附近居民又来电")
    expect(one.locator("[name=order-text]")).to_have_value("我去核实，下午回复")
    expect(one.locator(".peek [data-meanwhile] .note")).to_be_hidden()
    # Their colleague accepts the second: it leaves the queue and is marked, the counts move.
    other.goto(f"/events/?open={second}&do=accept")
    other.locator("[name=order-type]").evaluate("(select) => { select.value = 'street-light'; }")
    began = time.monotonic()
    other.locator(".peek #order-form .btn-primary").click()
    expect(one.locator(f"#row-{second}.row-gone")).to_contain_text("left the list")
    expect(count(one, "tab:all")).to_have_text("1")
    expect(one.locator("[data-news]")).to_have_text("1 left: refresh")
    print(f"the row and the count left after {time.monotonic() - began:.1f} s")
    # A call comes in: it is announced, counted, and shown when somebody asks, by keyboard.
    third = served.call("金胜路井盖缺失")
    expect(one.locator("[data-news]")).to_have_text("1 new: show")
    expect(count(one, "/events/")).to_have_text("3")
    one.locator("h1").click()
    one.keyboard.press(".")
    expect(one.locator(f"#row-{third}")).to_be_visible()
    expect(one.locator(f"#row-{second}")).to_have_count(0)
    expect(one.locator("[name=order-text]")).to_have_value("我去核实，下午回复")
    assert one.evaluate("window.loadedOnce") is True, "no page was loaded anew"
    # The words are sent with what was seen: nobody is told that they came too late.
    one.locator("[name=order-type]").evaluate("(select) => { select.value = 'damaged-road'; }")
    one.locator(".peek #order-form .btn-primary").click()
    expect(one.locator(".peek .note-good")).to_contain_text("Accepted")


def test_what_only_moved_to_another_page_is_neither_gone_nor_new(served: Served, window: Callable[[str], Page]) -> None:
    page = window("one")
    page.goto("/events/")
    found = page.evaluate(
        """async () => {
          const { compare } = await import(document.querySelector('script[src*="following"]').src);
          const say = (shown, now, size) => compare([...shown], [...now], size);
          return [
            say("abc", "xab", 3), say("abc", "abd", 3), say("abc", "acd", 3), say("abc", "xacd", 4),
            say("abc", "bc", 20), say("abc", "xab", 20), say("abc", "", 20), say("", "abc", 3), say("abc", "xyz", 3),
          ].map(({ gone, news }) => `${gone.join("")}${news}`);
        }"""
    )
    assert found == ["1", "c0", "b0", "b2", "a0", "c1", "abc0", "3", "abc0"]


def test_a_view_is_kept_and_opened_by_keyboard(served: Served, window: Callable[[str], Page]) -> None:
    page = window("other")
    page.goto("/events/?queue=hotline&level=blue")
    page.locator("h1").click()
    page.keyboard.press("v")
    page.locator("#ask textarea").fill("热线一般件")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("热线一般件")
    line = page.locator(".side a.below.on")
    expect(line).to_contain_text("热线一般件")
    page.goto("/events/?tab=overdue")
    page.keyboard.press("g")
    page.keyboard.press("1")
    expect(page.locator("h1")).to_have_text("热线一般件")
    assert violations(page) == []
