"""Messages about limits that run out (时限提醒通知): one for each addressee and pass, whatever it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from citybrain.centre.events.declared import (
    EVENT_FAR,
    EVENT_OVERDUE,
    EVENT_SOON,
    EVENTS_FAR,
    EVENTS_OVERDUE,
    EVENTS_SOON,
)
from citybrain.centre.events.hearers import Addressee, Hearers
from citybrain.declare.notice import Notice
from citybrain.hubs.messages.actions import Letter, send_each

T = TypeVar("T")

LISTED = 5
"""Events a message about many names: the most pressing."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one event."""

    percent: int
    number: str
    title: str


def tell(hearers: Hearers, grouped: Mapping[Addressee, Sequence[Told]]) -> int:
    """Sends each addressee one message, in the caller's transaction; returns how many there were people for."""
    addresses = hearers.addresses(grouped)
    letters = []
    for addressee, told in grouped.items():
        if addressee in addresses:
            notice, values, link, about = message_of(told)
            letters.append(Letter(notice=notice, to=addresses[addressee], values=values, link=link, about=about))
    return len(send_each(letters))


def message_of(told: Sequence[Told]) -> tuple[Notice, dict[str, object], str, tuple[str, str]]:
    """The notice, its values, the page it leads to, and what it is about, the most pressing event first."""
    pressing = sorted(told, key=lambda one: -one.percent)
    worst = pressing[0]
    if len(pressing) == 1:
        notice = _by(worst.percent, EVENT_SOON, EVENT_OVERDUE, EVENT_FAR)
        values: dict[str, object] = {"percent": worst.percent, "number": worst.number, "title": worst.title}
        return notice, values, f"/events/{worst.number}/", ("event", worst.number)
    notice = _by(worst.percent, EVENTS_SOON, EVENTS_OVERDUE, EVENTS_FAR)
    bound = _by(worst.percent, 0, 100, 200)
    every = {
        "count": len(pressing),
        "overdue": sum(one.percent >= bound for one in pressing),
        "worst": _listed(pressing[:LISTED], more=len(pressing) > LISTED),
    }
    queue = "due-soon" if worst.percent < 100 else "overdue"
    return notice, {name: every[name] for name in notice.values}, f"/events/?queue={queue}", ("events", queue)


def _by(percent: int, soon: T, overdue: T, far: T) -> T:
    return far if percent >= 200 else overdue if percent >= 100 else soon


def _listed(told: Iterable[Told], *, more: bool) -> str:
    return "；".join(f"{one.number} {one.title[:12]} {one.percent} %" for one in told) + ("…" if more else "")
