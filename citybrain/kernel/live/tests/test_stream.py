"""The stream: in order, to whom it may concern, resumable, ended when rights end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction
from django.utils import timezone

from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import ANONYMOUS, Actor
from citybrain.kernel.identity.scope import Holders
from citybrain.kernel.identity.security_log import log_security
from citybrain.kernel.live import hub as hubs
from citybrain.kernel.live import stream as streams
from citybrain.kernel.live.actions import announce, forget
from citybrain.kernel.live.audience import EVERYONE, Audience, to_holders, to_organisation, to_permitted, to_person
from citybrain.kernel.live.models import LiveEvent
from citybrain.kernel.live.queries import BEGINNING, Position, is_known, latest

WARDEN = Actor(user_id=7, areas=frozenset({5}), permits={"tree:view": Reach.AREA})
CLERK = Actor(user_id=7, organisations=frozenset({3, 4}), permits={"tree:view": Reach.ORGANISATION})


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look-out looks often and speaks soon."""
    monkeypatch.setattr(hubs, "QUICK_SECONDS", 0.01)
    monkeypatch.setattr(hubs, "SLOW_SECONDS", 0.02)
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.05)


class Browser:
    """Reads a stream as a browser does: remembers the last id, collects topics."""

    def __init__(self, actor: Callable[[], Actor | None] = lambda: CLERK) -> None:
        self.resolve = actor
        self.last: Position | None = None
        self.topics: list[str] = []
        self.reloads = 0

    async def read(self, until: Callable[[], bool]) -> None:
        """Connect, read until `until` holds or the stream ends, disconnect."""
        events = streams.stream(self.resolve, since=self.last)
        try:
            async for part in events:
                self.take(part.decode())
                if until():
                    return
        finally:
            await events.aclose()

    def take(self, part: str) -> None:
        fields = dict(line.split(": ", 1) for line in part.strip().splitlines())
        self.last = Position.read(fields.get("id", "")) or self.last
        if fields.get("event") == "reload":
            self.reloads += 1
        elif "data" in fields:
            self.topics.append(json.loads(fields["data"])["topic"])


def in_a_file(test: Callable[..., None]) -> Callable[..., None]:
    """A database that the hub's threads read while the test writes, as a server has it."""
    marked = pytest.mark.parametrize("own_database", ["sqlite"], indirect=True)(test)
    return pytest.mark.usefixtures("own_database")(marked)  # type: ignore[no-any-return]


def in_loop(story: Callable[[], Awaitable[None]]) -> None:
    """Run a story in an event loop, and give the hub's connections back."""

    async def told() -> None:
        try:
            await asyncio.wait_for(story(), 20)
        finally:
            await hubs.hub().close()

    asyncio.run(told())


tell = sync_to_async(announce)


@in_a_file
def test_a_browser_that_comes_and_goes_hears_everything_once_and_in_order() -> None:
    browser = Browser()
    wanted = [f"topic-{number}" for number in range(40)]

    async def story() -> None:
        await browser.read(lambda: browser.last is not None)
        for start in range(0, 40, 8):
            for topic in wanted[start : start + 4]:
                await tell(topic)
            heard = len(browser.topics)
            await browser.read(lambda: len(browser.topics) >= heard + 3)  # noqa: B023 - called at once
            for topic in wanted[start + 4 : start + 8]:
                await tell(topic)
        await browser.read(lambda: len(browser.topics) >= 40)

    in_loop(story)
    assert browser.topics == wanted and browser.reloads == 0


@in_a_file
def test_an_open_stream_hears_what_is_announced() -> None:
    browser = Browser()

    async def story() -> None:
        reading = asyncio.create_task(browser.read(lambda: "b" in browser.topics))
        while browser.last is None:
            await asyncio.sleep(0.01)
        await tell("a", {"count": 2})
        await tell("b")
        await reading

    in_loop(story)
    assert browser.topics == ["a", "b"]


@in_a_file
def test_what_is_rolled_back_never_happened() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        announce("never")
        raise RuntimeError
    announce("always")
    assert list(LiveEvent.objects.values_list("topic", flat=True)) == ["always"]


@in_a_file
def test_a_position_that_was_forgotten_asks_for_a_reload() -> None:
    for number in range(3):
        announce(f"old-{number}")
    LiveEvent.objects.update(at=timezone.now() - timedelta(days=2))
    old = Position(0, LiveEvent.objects.order_by("pk").values_list("pk", flat=True)[0])
    announce("young")
    assert is_known(old)
    assert forget() == 2, "the last stays as a mark"
    assert forget() == 0
    assert not is_known(old) and is_known(latest()) and not is_known(BEGINNING)
    browser = Browser()
    browser.last = old
    in_loop(lambda: browser.read(lambda: browser.reloads > 0))
    assert browser.topics == [] and browser.last == latest()


@in_a_file
def test_who_missed_too_much_reloads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_MISSED", 10)
    announce("seen")
    browser = Browser()
    browser.last = latest()
    for number in range(11):
        announce(f"missed-{number}")
    in_loop(lambda: browser.read(lambda: browser.reloads > 0))
    assert browser.topics == [] and browser.last == latest()


@in_a_file
def test_a_browser_too_slow_is_let_go_and_resumes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "ROOM", 5)
    announce("first")
    browser = Browser()

    async def story() -> None:
        events = streams.stream(lambda: CLERK)
        browser.take((await anext(events)).decode())
        browser.take((await anext(events)).decode())
        for number in range(12):
            await tell(f"n{number}")
        await asyncio.sleep(0.2)
        async for part in events:
            browser.take(part.decode())
        assert len(browser.topics) < 12
        await browser.read(lambda: len(browser.topics) >= 12)

    in_loop(story)
    assert browser.topics == [f"n{number}" for number in range(12)]


@in_a_file
def test_the_stream_ends_when_rights_change_and_when_the_session_ends() -> None:
    now: list[Actor | None] = [CLERK]
    browser = Browser(lambda: now[0])
    secret = to_permitted("tree:view")

    async def change(actor: Actor | None, topic: str) -> None:
        reading = asyncio.create_task(browser.read(lambda: False))
        await asyncio.sleep(0.1)
        now[0] = actor
        await sync_to_async(log_security)(ANONYMOUS, "role-change")
        await sync_to_async(announce)(topic, audience=secret)
        await reading

    async def story() -> None:
        await change(replace(CLERK, permits={}), "after the permission went")
        browser.last = await sync_to_async(latest)()
        await change(None, "after the session ended")

    in_loop(story)
    assert browser.topics == []


@in_a_file
def test_nobody_gets_what_is_for_others() -> None:
    announce("start")
    browser = Browser()
    browser.last = latest()
    announce("for another", audience=to_person(8))
    announce("for another body", audience=to_organisation(9))
    announce("for another right", audience=to_permitted("tree:edit"))
    announce("for me", audience=to_person(7))
    in_loop(lambda: browser.read(lambda: bool(browser.topics)))
    assert browser.topics == ["for me"] and browser.last == latest()


@pytest.mark.parametrize(
    ("audience", "actor", "admitted"),
    [
        (EVERYONE, CLERK, True),
        (EVERYONE, ANONYMOUS, False),
        (to_person(7), CLERK, True),
        (to_person(8), CLERK, False),
        (to_person(8), replace(CLERK, principal_id=8), True),
        (to_organisation(4), CLERK, True),
        (to_organisation(5), CLERK, False),
        (to_organisation(5, "tree:view"), CLERK, False),
        (to_organisation(5, "tree:view"), replace(CLERK, permits={"tree:*": Reach.COUNTY}), True),
        (to_organisation(4, "tree:view"), replace(CLERK, permits={"*": Reach.OWN}), False),
        (to_organisation(4, "tree:edit"), CLERK, False),
        (to_permitted("tree:view"), CLERK, True),
        (Audience(user=7, permission="tree:edit"), CLERK, False),
        (to_holders(Holders(organisations=frozenset({9, 4})), "tree:view"), CLERK, True),
        (to_holders(Holders(organisations=frozenset({9}), areas=frozenset({5})), "tree:view"), CLERK, False),
        (to_holders(Holders(areas=frozenset({5})), "tree:view"), WARDEN, True),
        (to_holders(Holders(areas=frozenset({6})), "tree:view"), WARDEN, False),
        (to_holders(Holders(people=frozenset({7})), "tree:view"), replace(CLERK, permits={"*": Reach.OWN}), True),
        (
            to_holders(Holders(organisations=frozenset({4})), "tree:view"),
            replace(CLERK, permits={"*": Reach.OWN}),
            False,
        ),
        (to_holders(Holders(organisations=frozenset({4})), "tree:edit"), CLERK, False),
        (to_holders(Holders(), "tree:view"), replace(CLERK, permits={"*": Reach.COUNTY}), True),
        (to_holders(Holders(), "tree:view"), CLERK, False),
    ],
)
def test_every_condition_of_an_audience_must_hold(audience: Audience, actor: Actor, admitted: bool) -> None:
    assert audience.admits(actor) is admitted


@pytest.mark.django_db
def test_whose_a_row_is_survives_the_table() -> None:
    """An empty set of holders is not the same as no word of them: that would tell everybody who may look at trees."""
    told = [to_holders(Holders(organisations=frozenset({9, 4}), people=frozenset({7})), "tree:view")]
    told += [to_holders(Holders(), "tree:view"), to_permitted("tree:view")]
    for audience in told:
        announce("trees", audience=audience)
    assert [event.audience for event in LiveEvent.objects.order_by("pk")] == told


@pytest.mark.parametrize(
    ("topic", "payload"),
    [("", {}), ("t" * 121, {}), ("t", {"a": "x" * 2100}), ("t", {"a": object()}), ("t", {"a": float("nan")})],
)
@pytest.mark.django_db
def test_what_cannot_be_announced_is_refused(topic: str, payload: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"topic|payload"):
        announce(topic, payload)
    assert not LiveEvent.objects.exists()


@pytest.mark.parametrize("text", ["", "1", "1-", "-1", "1-2-3", "a-b", "1-2\n3-4", "9" * 19 + "-1", "１-２x"])
def test_what_is_no_position_is_none(text: str) -> None:
    assert Position.read(text) is None


@in_a_file
def test_a_page_hears_what_happened_while_it_was_made() -> None:
    announce("long ago")
    LiveEvent.objects.update(at=timezone.now() - timedelta(minutes=5))
    announce("meanwhile")
    heard: list[str] = []

    async def story() -> None:
        events: AsyncIterator[bytes] = streams.stream(lambda: CLERK, at=timezone.now())
        async for part in events:
            heard.append(part.decode())
            if part.startswith(b"id:"):
                break

    in_loop(story)
    assert '"meanwhile"' in heard[-1] and not any("long ago" in part for part in heard)
