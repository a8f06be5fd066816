"""A pause ends by itself (挂起到期): its mark lies at the moment until which the event rests; escalation finds it."""

from __future__ import annotations

from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Event, Mark, Step

CLOCK = "pause"
"""Name of its marks among those of the clocks."""


def follow(event: Event, step: Step) -> None:
    """Keeps the event's mark true after a step, in its transaction."""
    if step.source == State.PAUSED and step.target != State.PAUSED:
        Mark.objects.filter(event=event, clock=CLOCK, fired_at=None).delete()
    if step.verb == Verb.PAUSE:
        Mark.objects.create(event=event, clock=CLOCK, percent=100, at=step.facts["until"])
