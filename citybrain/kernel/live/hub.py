"""One look-out a process: reads new events a few times a second and hands them to every open stream.

              database ──(one query)──▶ Hub ──▶ Stream ──▶ browser
                                            ├─▶ Stream ──▶ browser
                                            └─▶ Stream ──▶ browser

A stream keeps at most `ROOM` events that its browser has not taken. A browser too slow for that is let go; it comes
back with the last id it saw and reads what it missed from the database.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from django.db import DatabaseError, connections

from citybrain.kernel.identity.models import SecurityEvent
from citybrain.kernel.live.actions import listen
from citybrain.kernel.live.models import LiveEvent
from citybrain.kernel.live.queries import BATCH, BEGINNING, Position, after, latest, position_of

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

QUICK_SECONDS = 0.5
"""Pause between two looks while things happen."""

SLOW_SECONDS = 2.0
"""Longest pause, reached when nothing happens for a while."""

ROOM = 256
"""Events a stream keeps for its browser."""

THREADS = 2
"""Threads, each with a database connection, that all streams of the process share."""


class Stream:
    """What one browser has still to be sent."""

    def __init__(self) -> None:
        self.waiting: deque[LiveEvent] = deque()
        self.woken = asyncio.Event()
        self.is_lost = False
        """True when the browser was too slow: the stream ends, the browser resumes."""

    def put(self, events: list[LiveEvent]) -> None:
        """Keep `events` for the browser, or let it go when there is no room."""
        if len(self.waiting) + len(events) > ROOM:
            self.is_lost = True
            self.waiting.clear()
        else:
            self.waiting.extend(events)
        self.woken.set()

    async def take(self, seconds: float) -> list[LiveEvent]:
        """What came since the last time, waiting at most `seconds` for something; empty when nothing came."""
        if not self.woken.is_set():
            try:
                await asyncio.wait_for(self.woken.wait(), seconds)
            except TimeoutError:
                return []
        self.woken.clear()
        taken = list(self.waiting)
        self.waiting.clear()
        return taken


class Hub:
    """The look-out of one event loop; runs while somebody listens."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._streams: set[Stream] = set()
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="citybrain-live")
        self._woken = asyncio.Event()
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.position = BEGINNING
        """Up to where the streams were told."""
        self.rights = 0
        """Last line of the security log when it last looked: who may what can only have changed with a new line."""

    @property
    def streams(self) -> int:
        """How many browsers listen."""
        return len(self._streams)

    async def ask(self, question: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask the database in one of the hub's own threads, so that a thousand streams need two connections."""

        def asked() -> T:
            try:
                return question(*args, **kwargs)
            except DatabaseError:
                connections.close_all()
                raise

        return await self._loop.run_in_executor(self._pool, asked)

    async def join(self) -> Stream:
        """A new stream, told of everything after the hub's position at the return of this call."""
        stream = Stream()
        self._streams.add(stream)
        if self._task is None or self._task.done():
            self._ready.clear()
            self._task = self._loop.create_task(self._watch())
        try:
            await self._ready.wait()
        except BaseException:
            self.leave(stream)
            raise
        return stream

    def leave(self, stream: Stream) -> None:
        """The browser is gone."""
        self._streams.discard(stream)
        if not self._streams:
            self._woken.set()

    def wake(self) -> None:
        """Look at once; safe from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._woken.set)

    async def close(self) -> None:
        """End the look-out and give its connections back."""
        self._streams.clear()
        self._woken.set()
        if self._task is not None:
            await self._task
        barrier = threading.Barrier(THREADS)

        def end() -> None:
            barrier.wait(5)
            connections.close_all()

        await asyncio.gather(*(self._loop.run_in_executor(self._pool, end) for _thread in range(THREADS)))
        self._pool.shutdown()

    async def _watch(self) -> None:
        pause = QUICK_SECONDS
        while self._streams:
            try:
                if self._ready.is_set():
                    events, self.rights = await self.ask(_look, self.position, self.rights)
                else:
                    self.position, events = await self.ask(latest), []
                    self._ready.set()
            except DatabaseError:
                # The database may be away for a while; the streams stay, and hear of everything when it is back.
                log.exception("The live look-out cannot read; it tries again")
                await asyncio.sleep(SLOW_SECONDS)
                continue
            if events:
                self.position = position_of(events[-1])
                for stream in tuple(self._streams):
                    stream.put(events)
            pause = QUICK_SECONDS if events else min(pause * 1.5, SLOW_SECONDS)
            if len(events) < BATCH:
                await self._rest(pause)

    async def _rest(self, seconds: float) -> None:
        """Wait, but not when somebody of this process announces something."""
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return
        self._woken.clear()


def _look(position: Position, rights: int) -> tuple[list[LiveEvent], int]:
    """What came after `position`, and the last line of the security log."""
    events = after(position)
    if events:
        rights = SecurityEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return events, rights


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


def _wake_all() -> None:
    for one in tuple(_hubs.values()):
        one.wake()


listen(_wake_all)
