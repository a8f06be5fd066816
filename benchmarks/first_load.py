"""What a browser fetches when it opens the site for the first time: compressed kilobytes by page and by kind.

A real server and a real Chromium with an empty cache; `size` rows stand in the list opened. The limit is the largest
page's own HTML and nothing else.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import register

WITHIN = 90.0
PASSWORD = "Benchmark-2026-only"
OURS = {"home": "/", "list": "/records/service-point/", "detail": f"/records/service-point/{register.number(1)}/"}


def run(size: int = 1_000) -> dict[str, Any]:
    """Kilobytes over the wire, by page."""
    with register.opened(size, settings="citybrain.site.settings") as home:
        reader()
        with served(home) as address:
            ours = loads(address)
    largest = max(page["kB"] for page in ours.values())
    html = max(page["by_kind"].get("Document", 0) for page in ours.values())
    nothing = {"cpu": 0.0, "wall": 0.0, "peak_mb": 0.0}
    return {
        "size": size,
        "ours": {**nothing, "pages": ours},
        "limit": {"html_only": {**nothing, "kB": html}},
        "peers": {},
        "ratios": {
            "largest_vs_400_kB": round(largest / 400, 2),
            "largest_vs_html": round(largest / html, 1),
        },
    }


def reader() -> None:
    """An official who sees the service points."""
    from django.utils import timezone

    from citybrain.kernel.identity.models import Appointment, Organisation, Post, User

    body = Organisation.objects.get(key="body-1")
    user = User.objects.create_user("reader", password=PASSWORD, organisation=body)
    post = Post.objects.create(organisation=body, key="reader", chinese="岗位", roles=["data-steward"])
    Appointment.objects.create(user=user, post=post, since=timezone.localdate(), is_main=True)


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The site, served by its command on a free port; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "CITYBRAIN_SECOND_FACTOR": "optional"}
    command = [sys.executable, "-m", "citybrain.site.command", "serve", "--port", str(port)]
    with (home / "log").open("wb") as log, subprocess.Popen(command, env=environment, stdout=log, stderr=log) as server:
        try:
            end = time.monotonic() + WITHIN
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=5).close()
                    break
                except OSError:
                    if time.monotonic() > end or server.poll() is not None:
                        raise RuntimeError((home / "log").read_text()) from None
                    time.sleep(0.3)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def loads(address: str) -> dict[str, dict[str, Any]]:
    """Each page opened by a browser that never saw the site before, but for the session it signed in with."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        first = chrome.new_context(base_url=address)
        page = first.new_page()
        found = {"sign-in": fetched(page, "/login/")}
        page.fill("input[name=username]", "reader")
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_load_state()
        cookies = first.cookies()
        for name, target in OURS.items():
            fresh = chrome.new_context(base_url=address)
            fresh.add_cookies(cookies)
            found[name] = fetched(fresh.new_page(), target)
            fresh.close()
        chrome.close()
    return found


def fetched(page: Any, target: str) -> dict[str, Any]:
    """Kilobytes over the wire while a page loads, by kind of resource; what belongs to the map counts apart."""
    kinds: dict[str, str] = {}
    sizes: Counter[str] = Counter()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def started(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = "Map" if "maplibre" in event["request"]["url"] else event.get("type", "Other")

    def finished(event: dict[str, Any]) -> None:
        sizes[kinds.get(event["requestId"], "Other")] += event["encodedDataLength"]

    session.on("Network.requestWillBeSent", started)
    session.on("Network.loadingFinished", finished)
    answer = page.goto(target, wait_until="load")
    if answer is None or answer.status != 200:
        raise RuntimeError(f"{target} did not answer with a page")
    page.wait_for_timeout(1500)
    by_kind = {kind: round(size / 1000, 1) for kind, size in sizes.most_common()}
    return {"kB": round(sum(size for kind, size in sizes.items() if kind != "Map") / 1000, 1), "by_kind": by_kind}
