"""What officials do at the same time: the users of the benchmark `officials`, for locust.

`SEATS` names a file: a list of {"cookie", "role", "events", "open"}: the session of each official, the numbers of
events they may see, and of those open. Each takes one seat and keeps it.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

from locust import FastHttpUser, between, task

SEATS: list[dict[str, Any]] = json.loads(Path(os.environ["SEATS"]).read_text())
THINK = float(os.environ.get("THINK", "30"))
"""Mean seconds between two things a person does."""
TOKEN = "a" * 32


class Official(FastHttpUser):
    """Somebody at a desk, or with a phone in the hand."""

    wait_time = between(THINK / 2, THINK * 3 / 2)
    connection_timeout = 30.0
    network_timeout = 30.0

    def on_start(self) -> None:
        """Takes a seat; the think time before the first request spreads those who came in together."""
        self.seat = SEATS.pop()
        self.draw = random.Random(self.seat["cookie"])
        self.cookies = {"cookie": f"sessionid={self.seat['cookie']}; csrftoken={TOKEN}; django_language=zh-hans"}

    def ask(self, name: str, address: str, **headers: str) -> None:
        """One page; anything but 200 is a failure."""
        with self.client.get(address, name=name, headers={**self.cookies, **headers}, catch_response=True) as answer:
            if answer.status_code != 200:
                answer.failure(f"{answer.status_code}")

    def event(self, which: str = "events") -> str:
        """Number of one of their events."""
        found: str = self.draw.choice(self.seat[which] or self.seat["events"])
        return found

    @task(22)
    def desk(self) -> None:
        """The list, in the ways it is looked at."""
        ends = ("", "?tab=in-progress", "?tab=overdue", "?tab=to-sign", "?sort=due_at&tab=open", "?queue=hotline")
        self.ask("desk", f"/events/{self.draw.choice(ends)}")

    @task(28)
    def drawer(self) -> None:
        """A row is opened beside the list."""
        self.ask("drawer", f"/events/?open={self.event()}", **{"X-Panel": "drawer"})

    @task(20)
    def counts(self) -> None:
        """A page that stands open asks what changed."""
        self.ask("counts", "/events/counts/", **{"X-Background": "1"})

    @task(10)
    def case(self) -> None:
        """A case's own page."""
        self.ask("case", f"/events/{self.event()}/")

    @task(10)
    def phone(self) -> None:
        """My tasks, on the phone."""
        self.ask("phone tasks", "/m/tasks/")

    @task(3)
    def work(self) -> None:
        """My work."""
        self.ask("work", "/work/")

    @task(7)
    def step(self) -> None:
        """A line in a case's journal: the writing way, with hash, ledger, search and live event."""
        address = f"/events/{self.event('open')}/?do=note"
        values = {"csrfmiddlewaretoken": TOKEN, "order-text": "现场已核实，正在处理。"}
        with self.client.post(
            address, data=values, name="step", headers=self.cookies, allow_redirects=False, catch_response=True
        ) as answer:
            # 409 is somebody else's step in between, told to the person.
            if answer.status_code in (302, 409):
                answer.success()
            else:
                answer.failure(f"{answer.status_code}")
