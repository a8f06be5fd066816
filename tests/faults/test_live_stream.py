"""A real server is killed under its streams: every browser comes back and has heard everything once, in order."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from citybrain.site.serving import wait_for_port, web_command
from tests.conftest import environment_of

pytestmark = pytest.mark.fault

WITHIN = 300.0
"""Seconds a shared machine may take for one story, three starts of a server among them; one that hangs ends here."""

MANY = 200
"""Streams on one process."""


@dataclass
class Installation:
    """A served installation whose server can be killed."""

    home: Path
    session: str
    port: int
    environment: dict[str, str]
    server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.server = subprocess.Popen(
            web_command("127.0.0.1", self.port), env=self.environment, start_new_session=True
        )
        assert wait_for_port("127.0.0.1", self.port, seconds=90), "the server did not start"

    def kill(self) -> None:
        """kill -9 to the server and its worker, as a power cut would."""
        if self.server is not None:
            os.killpg(self.server.pid, 9)
            self.server.wait()

    def announce(self, first: int, last: int, pause: float = 0.01) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "tests.faults.live_process", "tell", str(first), str(last), str(pause)]
        return subprocess.Popen(words, env=self.environment)

    def memory(self) -> int:
        """Resident bytes of the server and its worker."""
        assert self.server is not None
        pages = 0
        for status in Path("/proc").glob("[0-9]*/stat"):
            fields = status.read_text().rsplit(") ", 1)[1].split()
            if int(fields[2]) == self.server.pid:
                pages += int(fields[21])
        return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, new_home: Callable[[Path], Path]) -> Iterator[Installation]:
    home = new_home(tmp_path_factory.mktemp("live"))
    environment = environment_of(home)
    words = [sys.executable, "-m", "tests.faults.live_process", "set-up"]
    session = subprocess.run(words, env=environment, check=True, capture_output=True, text=True).stdout.split()[-1]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    made = Installation(home, session, port, environment)
    made.start()
    try:
        yield made
    finally:
        made.kill()


@dataclass
class Browser:
    """Keeps its stream open as our script does: back after a pause, after the last id it saw."""

    installation: Installation
    last: str = ""
    topics: list[str] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    reloads: int = 0
    connections: int = 0

    async def listen(self, until: Callable[[], bool]) -> None:
        cookies = {"sessionid": self.installation.session}
        async with httpx.AsyncClient(timeout=httpx.Timeout(5, read=40), cookies=cookies) as client:
            while not until():
                try:
                    await self._once(client, until)
                except httpx.TransportError:
                    await asyncio.sleep(0.2)

    async def _once(self, client: httpx.AsyncClient, until: Callable[[], bool]) -> None:
        headers = {"Last-Event-ID": self.last} if self.last else {}
        url = f"http://127.0.0.1:{self.installation.port}/live/"
        async with client.stream("GET", url, headers=headers) as answer:
            assert answer.status_code == 200, answer.status_code
            assert answer.headers["content-type"] == "text/event-stream"
            self.connections += 1
            fields: dict[str, str] = {}
            async for line in answer.aiter_lines():
                if line:
                    name, _colon, value = line.partition(": ")
                    fields[name] = value
                    continue
                self._take(fields)
                fields = {}
                if until():
                    return

    def _take(self, fields: dict[str, str]) -> None:
        self.last = fields.get("id", self.last)
        if fields.get("event") == "reload":
            self.reloads += 1
        elif "data" in fields:
            event = json.loads(fields["data"])
            if event["topic"].startswith("n:"):
                self.topics.append(event["topic"])
                self.delays.append(time.time() - event["payload"]["sent"])


def numbered(first: int, last: int) -> list[str]:
    return [f"n:{number}" for number in range(first, last + 1)]


def test_no_event_is_lost_or_doubled_while_the_server_dies_and_comes_back(installation: Installation) -> None:
    browsers = [Browser(installation) for _number in range(5)]

    async def story() -> None:
        listening = [
            asyncio.create_task(one.listen(lambda one=one: len(one.topics) >= 300))  # type: ignore[misc]
            for one in browsers
        ]
        while not all(one.last for one in browsers):
            await asyncio.sleep(0.05)
        teller = installation.announce(1, 300)
        for _time in range(3):
            await asyncio.sleep(0.7)
            await asyncio.to_thread(installation.kill)
            await asyncio.to_thread(installation.start)
        await asyncio.gather(*listening)
        assert teller.wait() == 0

    asyncio.run(asyncio.wait_for(story(), WITHIN))
    assert [one.topics for one in browsers] == [numbered(1, 300)] * len(browsers)
    assert [one.reloads for one in browsers] == [0] * len(browsers)
    assert all(one.connections > 1 for one in browsers), "the server was killed, so they came back"


def test_two_hundred_streams_on_one_process(installation: Installation) -> None:
    before = installation.memory()
    browsers = [Browser(installation) for _number in range(MANY)]

    async def story() -> None:
        listening = [
            asyncio.create_task(one.listen(lambda one=one: len(one.topics) >= 20))  # type: ignore[misc]
            for one in browsers
        ]
        while not all(one.last for one in browsers):
            await asyncio.sleep(0.1)
        assert (await asyncio.to_thread(installation.announce(1001, 1020, 0.1).wait)) == 0
        await asyncio.gather(*listening)

    asyncio.run(asyncio.wait_for(story(), WITHIN))
    delays = sorted(delay for one in browsers for delay in one.delays)
    grown = installation.memory() - before
    p95 = delays[int(len(delays) * 0.95)]
    print(f"{MANY} streams: p50 {statistics.median(delays):.2f} s, p95 {p95:.2f} s, {grown / MANY / 1024:.0f} KiB each")
    assert [one.topics for one in browsers] == [numbered(1001, 1020)] * MANY
    assert grown < 150 << 20
