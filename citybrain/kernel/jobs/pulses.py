"""Small work that is due every second or so: done by the worker beside its jobs, without a row for each time.

A job is for what somebody asked for and wants to look up; a pulse is for housekeeping that looks first whether there is
anything to do, bears being repeated, and loses nothing when it is cut off.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connections

log = logging.getLogger(__name__)

AFTER_FAULT = 10.0
"""Seconds until a pulse that failed beats again."""

Beat = Callable[[], bool]
"""Does a bounded piece of work; True when more of it waits, and it is to beat again at once."""


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """One such work."""

    key: str
    """Stable name: `evidence-seal`."""
    seconds: float
    """Between two beats."""
    beat: Beat


_pulses: dict[str, Pulse] = {}


def pulse(*, key: str, seconds: float) -> Callable[[Beat], Beat]:
    """Declare a function as a pulse: `@pulse(key="evidence-seal", seconds=1.0)`."""

    def declare(function: Beat) -> Beat:
        known = _pulses.get(key)
        if known is not None and known.beat.__qualname__ != function.__qualname__:
            raise ValueError(f"Pulse {key!r} is declared twice: by {known.beat!r} and by {function!r}.")
        _pulses[key] = Pulse(key=key, seconds=seconds, beat=function)
        return function

    return declare


def pulses() -> tuple[Pulse, ...]:
    """Every declared pulse."""
    return tuple(_pulses.values())


def beat_until(stopping: threading.Event) -> None:
    """Beat every pulse in its time until `stopping` is set: a thread of the worker. A failing one disturbs no other."""
    due = {one.key: 0.0 for one in pulses()}
    try:
        while not stopping.is_set():
            for one in pulses():
                if time.monotonic() >= due.get(one.key, 0.0) and not stopping.is_set():
                    due[one.key] = time.monotonic() + _pause_after(one)
            stopping.wait(max(0.02, min([0.5, *(at - time.monotonic() for at in due.values())])))
    finally:
        connections.close_all()


def _pause_after(one: Pulse) -> float:
    """Beat once; the seconds until the next time."""
    try:
        return 0.0 if one.beat() else one.seconds
    except Exception:
        # The database may be away for a while; nothing is lost by waiting.
        log.exception("The pulse %s failed; it beats again", one.key)
        connections.close_all()
        return AFTER_FAULT
