"""Fixtures for tests in a browser: one Chromium a module, and how long a page may take.

visit(viewport=..., locale="en")    a window of its own: `Browser.new_context` with our patience
chromium                            the browser itself
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

PATIENCE = 60_000
"""Milliseconds until what a page should show counts as missing; a page that has it is not waited for."""

NAMES = ("chromium", "chromium-browser", "google-chrome")

Visit = Callable[..., BrowserContext]

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def path_of_chromium() -> str:
    """The browser's path; skips the tests where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this machine: `apt-get install chromium` lets these tests run")
    return found


@pytest.fixture(scope="module")
def flags_of_chromium() -> tuple[str, ...]:
    """Further words of its command line: a module may have its own."""
    return ()


@pytest.fixture(scope="module")
def chromium(path_of_chromium: str, flags_of_chromium: tuple[str, ...]) -> Iterator[Browser]:
    """A running Chromium; the ORM may be asked beside it.

    Playwright keeps an event loop in its thread, which Django takes for asynchronous code.
    """
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        if os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE") is None:
            patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        words = ["--no-sandbox", *flags_of_chromium]
        browser = playwright.chromium.launch(executable_path=path_of_chromium, args=words)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def visit(chromium: Browser) -> Visit:
    """Opens windows."""
    return partial(_window, chromium)


def _window(browser: Browser, **options: Any) -> BrowserContext:
    context = browser.new_context(**options)
    # The first page waits for every room to be imported.
    context.set_default_timeout(2 * PATIENCE)
    return context
