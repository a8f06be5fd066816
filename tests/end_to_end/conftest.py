"""A real system for real browsers: a rehearsal county, built, gathered, governed and served by the command."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from citybrain.testing.browsers import PATIENCE, Visit
from tests.conftest import environment_of

PEOPLE = 600
SOURCES = ("police-household", "statistics-divisions", "civil-affairs-relief", "education-students")
"""The sources kept of the county's fifty: the way is the same, and a browser test should not wait for all."""

WITHIN = 600.0
"""Seconds a shared machine may take to build, gather, govern and serve the small county."""


@dataclass(frozen=True)
class System:
    """The running system."""

    address: str
    home: Path

    @property
    def password(self) -> str:
        """Password of the first login."""
        return (self.home / "first-login").read_text()


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def system(
    path_of_chromium: str, tmp_path_factory: pytest.TempPathFactory, new_home: Callable[[Path], Path]
) -> Iterator[System]:
    """Builds the county, runs the main job and serves; stops the whole process tree at the end."""
    home = new_home(tmp_path_factory.mktemp("home"))
    environment = environment_of(home)
    command = [sys.executable, "-m", "citybrain.site.command"]
    build = [*command, "county", "build", "--people", str(PEOPLE), "--seed", "7"]
    subprocess.run(build, env=environment, check=True, capture_output=True)
    for declaration in (home / "county" / "sources").glob("*.toml"):
        if declaration.stem not in SOURCES:
            declaration.unlink()
    port = free_port()
    log = home / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "run", "--port", str(port)], env=environment, stdout=output, stderr=output
        )
    try:
        running = System(f"http://127.0.0.1:{port}", home)
        wait_until_served(running, process, log)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait_until_served(running: System, process: subprocess.Popen[bytes], log: Path) -> None:
    """Returns when the first page answers; fails with the log when the process ended."""
    end = time.monotonic() + WITHIN
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{running.address}/login/", timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"nothing served within {WITHIN} s:\n{log.read_text()}")


@pytest.fixture(scope="module")
def signed_in(visit: Visit, system: System) -> BrowserContext:
    """A browser window of the first administrator, once the main job is done."""
    context = visit(viewport={"width": 1600, "height": 900}, locale="zh-CN", base_url=system.address)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("用户名").fill("admin")
    page.get_by_label("密码").fill(system.password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/")
    page.goto("/runs/")
    page.locator("tbody tr", has_text="归集并治理").locator("a").last.click()
    # The progress arrives by itself, without reloading the page.
    page.locator("#progress h2 .st-good").wait_for(timeout=WITHIN * 1000)
    page.locator("#passes tbody tr").first.wait_for(timeout=PATIENCE)
    expect(page.locator("#gathered")).to_contain_text("合计相符")
    page.close()
    return context


@pytest.fixture
def page(signed_in: BrowserContext) -> Iterator[Page]:
    """A fresh page; the test fails when the browser's console shows an error (a broken script, a refused style)."""
    signed_in.clear_cookies(name="django_language")
    shown = signed_in.new_page()
    errors: list[str] = []
    shown.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    shown.on("pageerror", lambda error: errors.append(str(error)))
    yield shown
    shown.close()
    assert errors == []
