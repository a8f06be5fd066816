"""Browsers of tests: one Chromium a module, and how long its pages may take on a machine that has other work."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

PATIENCE = 60_000
"""Milliseconds until what a page should show counts as missing; a page that has it is not waited for."""

NAMES = ("chromium", "chromium-browser", "google-chrome")

expect.set_options(timeout=PATIENCE)


def path_of_chromium() -> str:
    """The browser's path; skips the tests where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this machine: `apt-get install chromium` lets these tests run")
    return found


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """A running Chromium; the ORM may be asked beside it.

    Playwright keeps an event loop in its thread, which Django takes for asynchronous code.
    """
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        if os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE") is None:
            patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path_of_chromium(), args=["--no-sandbox", *flags])
        yield browser
        browser.close()


def visit(browser: Browser, **options: Any) -> BrowserContext:
    """A window of its own: `Browser.new_context` with our patience."""
    context = browser.new_context(**options)
    # The first page waits for every room to be imported.
    context.set_default_timeout(2 * PATIENCE)
    return context
