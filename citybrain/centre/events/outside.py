"""What becomes of an event that a body outside handles (外部办理): to send, sent, failed, done outside."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from citybrain.centre.events import hooks
from citybrain.centre.events.journal import Line, locked, mirror, write
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Event, Step
from citybrain.centre.events.orders import clean
from citybrain.centre.events.refusals import NotLegal, Refused
from citybrain.kernel.identity.actor import Actor

STATES = ("to_send", "sent", "failed", "done_outside")
"""Where it stands outside."""


def outside_of(event: Event) -> dict[str, Any]:
    """What is known of the handling outside: `to`, `state`, `reference`; empty when it never went out."""
    for step in event.journal.filter(verb__in=(Verb.OUTSIDE, Verb.HAND_OUT)).order_by("-number"):
        if "outside" in step.facts:
            return dict(step.facts["outside"])
    return {}


def tell_outside(
    event: Event, state: str, actor: Actor, *, reference: str = "", text: str = "", at: datetime | None = None
) -> Step:
    """Writes down what became of it outside; the one who sends and asks (a job, a person) calls this.

    Raises NotLegal when the event is not handled outside.
    """
    if state not in STATES:
        raise Refused("outside", f"{state!r} is none of {', '.join(STATES)}.")
    with transaction.atomic():
        fresh = locked(event)
        if fresh.state != State.HANDED_OUT:
            raise NotLegal(Verb.OUTSIDE, fresh.state)
        facts = {"outside": {**outside_of(fresh), "state": state}}
        if reference:
            facts["outside"]["reference"] = reference
        step = write(fresh, Line(verb=Verb.OUTSIDE, facts=facts, text=clean(text), client="api", at=at), actor)
        hooks.tell(fresh, step)
    mirror(fresh, event)
    return step
