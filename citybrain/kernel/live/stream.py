"""What one browser is sent, as server-sent events (text/event-stream), and when its stream ends.

retry: 2000
id: 0-41                      a position and nothing else: "you have seen everything up to here"

id: 0-42
data: {"topic": "inbox", "at": 1795248000.2, "payload": {"unread": 3}}

event: reload                 too much or too old: what the page shows must be fetched anew
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.live.hub import Hub, hub
from citybrain.kernel.live.models import LiveEvent
from citybrain.kernel.live.queries import BATCH, Position, after, is_known, position_of, settled

HEARTBEAT_SECONDS = 15.0
"""How often something is sent at least, so that a dead connection is noticed."""

RIGHTS_SECONDS = 20.0
"""How old what we know of a person's rights may be, even if the security log says nothing new."""

MOST_MISSED = 10 * BATCH
"""Events a returning browser is still sent one by one."""

MARGIN = timedelta(seconds=10)
"""Time a page may take from its first question to its stream, so that nothing between the two is missed."""

Resolve = Callable[[], Actor | None]
"""Says who the person is now: their session may have ended, their post may have changed. None ends the stream."""


class Watcher:
    """The person at the other end of a stream, asked for again when their rights may have changed."""

    def __init__(self, resolve: Resolve, at: Hub) -> None:
        self._resolve = resolve
        self._hub = at
        self._actor: Actor | None = None
        self._known: Any = None
        self._rights = -1
        self._asked = 0.0

    async def actor(self) -> Actor | None:
        """Who it is; None when they may hear nothing more, or when what they may changed: then the stream ends."""
        now = time.monotonic()
        if self._rights == self._hub.rights and now - self._asked < RIGHTS_SECONDS:
            return self._actor
        self._rights, self._asked = self._hub.rights, now
        found = await self._hub.ask(self._settle)
        if found is None or (self._known is not None and rights_of(found) != self._known):
            self._actor = None
        else:
            self._actor, self._known = found, rights_of(found)
        return self._actor

    def _settle(self) -> Actor | None:
        found = self._resolve()
        if found is not None:
            # Asked here, in a thread: the event loop must not.
            len(found.organisations)
            if looks_by_area(found):
                len(found.areas)
        return found


def looks_by_area(actor: Actor) -> bool:
    """Whether any permission reaches by area: only then are the areas asked for."""
    return Reach.AREA in actor.permits.values()


def rights_of(actor: Actor) -> Any:
    """What decides about a person's events, to be compared."""
    return (
        *(actor.people, actor.post_id, actor.organisation_id, actor.clearance, sorted(actor.roles)),
        sorted(actor.permits.items()),
        sorted(actor.organisations),
        sorted(actor.areas) if looks_by_area(actor) else [],
    )


async def stream(
    resolve: Resolve, *, since: Position | None = None, at: datetime | None = None
) -> AsyncGenerator[bytes]:
    """Everything the person may hear, from after `since` (else from when the page was made, `at`), until they may not.

    Nothing is lost or sent twice over any number of reconnections with the last id.
    """
    lookout = hub()
    watcher = Watcher(resolve, lookout)
    line = await lookout.join()
    try:
        yield b"retry: 2000\n\n"
        if await watcher.actor() is None:
            return
        if since is None:
            position = await lookout.ask(position_at, at, lookout.position)
        elif await lookout.ask(is_known, since):
            position = since
        else:
            position = lookout.position
            yield reload(position)
        missed = 0
        while batch := await lookout.ask(after, position):
            missed += len(batch)
            if missed > MOST_MISSED:
                position = lookout.position
                yield reload(position)
                break
            for told in await _admitted(watcher, batch):
                yield told
            position = position_of(batch[-1])
        yield mark(position)
        while not line.is_lost:
            events = [event for event in await line.take(HEARTBEAT_SECONDS) if position_of(event) > position]
            if await watcher.actor() is None:
                return
            for told in await _admitted(watcher, events):
                yield told
            if events:
                position = position_of(events[-1])
            yield mark(position)
    finally:
        lookout.leave(line)


async def _admitted(watcher: Watcher, events: Iterable[LiveEvent]) -> list[bytes]:
    """Those of `events` that the person may hear."""
    actor = await watcher.actor()
    return [] if actor is None else [tell(event) for event in events if event.audience.admits(actor)]


def position_at(at: datetime | None, otherwise: Position) -> Position:
    """The position from before `at`, with a margin; `otherwise` when nothing happened since, or no time is given."""
    if at is None:
        return otherwise
    first = settled().filter(at__gte=at - MARGIN).annotate(before=F("id") - 1).first()
    return Position(first.transaction, first.before) if first else otherwise


def tell(event: LiveEvent) -> bytes:
    """One event."""
    content = {"topic": event.topic, "at": event.at.timestamp(), "payload": event.payload}
    return f"id: {position_of(event)}\ndata: {json.dumps(content, ensure_ascii=False)}\n\n".encode()


def mark(position: Position) -> bytes:
    """A position and nothing else: also the heartbeat."""
    return f"id: {position}\n\n".encode()


def reload(position: Position) -> bytes:
    """That the page must fetch what it shows anew."""
    return f"event: reload\nid: {position}\ndata: {{}}\n\n".encode()
