"""Raising and lowering of loops by rule (闭环升降): what an event tells, and what happens to it, widens its circle."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from citybrain.centre.events import journal
from citybrain.centre.events.effects import loop_for
from citybrain.centre.events.journal import Line
from citybrain.centre.events.machine import OPEN, Verb
from citybrain.centre.events.models import Channel, Event, Step
from citybrain.centre.events.policy import policy
from citybrain.centre.events.types import event_types
from citybrain.declare.event import Level, Loop
from citybrain.kernel.identity.actor import SYSTEM


def wider(loop: str) -> str:
    """The next wider loop; the large one stays."""
    return tuple(Loop)[min(Loop(loop).width + 1, 2)].value


def raise_loop(
    event: Event, reason: str, *, to: str = "", level: str = "", text: str = "", at: datetime | None = None
) -> Step | None:
    """The house widens an event's loop (升级): by one, or to `to`; None when it is as wide already or not open.

    `reason` is a code of `reasons.py`. Called within steps and by escalation, in the caller's transaction.
    """
    with transaction.atomic():
        fresh = journal.locked(event)
        if fresh.state not in OPEN:
            return None
        step = _raised(fresh, reason, to or wider(fresh.loop), level, text, at)
        if step is not None:
            for name in ("loop", "level", "is_mass", "steps", "head", "changed_at", "revision"):
                setattr(event, name, getattr(fresh, name))
        return step


def _raised(
    event: Event, reason: str, to: str, level: str, text: str, at: datetime | None, *, is_mass: bool = False
) -> Step | None:
    height = max(Level(level or event.level), Level(event.level), key=lambda one: one.height).value
    loop = max(Loop(loop_for(height, event.loop)), Loop(to), key=lambda one: one.width).value
    facts: dict[str, object] = {}
    if loop != event.loop:
        facts["loop"] = loop
    if height != event.level:
        facts["level"] = height
    if is_mass and not event.is_mass:
        facts["is_mass"] = True
    if not facts:
        return None
    return journal.write(event, Line(verb=Verb.RAISE, facts=facts, reason=reason, text=text, at=at), SYSTEM)


def follow(event: Event, step: Step) -> list[Step]:
    """What a step asks of the loop, in its transaction: returns, many signals, harm to people, a higher level."""
    made: list[Step | None] = []
    at = step.at
    if step.verb == Verb.SEND_BACK and event.return_count >= policy().returns:
        made.append(_raised(event, "returns", Loop.SMALL, "", "", at))
    if step.verb in (Verb.OPEN, Verb.JOIN):
        found = event_types().get(event.type)
        many = found.many if found is not None else 5
        if event.signal_count >= many:
            made.append(_raised(event, "many", Loop.SMALL, "", "", at, is_mass=True))
        if tells_of_harm(step.text or event.description):
            made.append(_raised(event, "injury", Loop.SMALL, Level.ORANGE, "", at))
        if event.channel == Channel.UPPER_LEVEL and step.verb == Verb.OPEN:
            made.append(_raised(event, "upper-level", Loop.SMALL, "", "", at))
    return [one for one in made if one is not None]


def tells_of_harm(text: str) -> bool:
    """Whether a text tells of people hurt or in danger, and does not say that there are none."""
    for word in policy().injury_words:
        place = text.find(word)
        while place >= 0:
            before = text[max(0, place - 6) : place]
            if not any(sign in before for sign in ("无", "没", "未", "不", "防", "避免", "谨防")):
                return True
            place = text.find(word, place + 1)
    return False
