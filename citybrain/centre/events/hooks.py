"""Places where rooms above hang in: the events know neither who answers reporters nor who leads a response.

REPORTERS.append(follow)        # intake: tells everybody who reported
RESPONSES.append(still_going)   # the command centre: why a large loop may not close yet
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Event, Step

REPORTERS: list[Callable[[Event, Step], Any]] = []
"""Called in the transaction of a step that tells reporters something (`TELLING`): an ANSWER's own words, or the
event's `public_text`; never what officials write to each other."""

TELLING = (Verb.ANSWER, Verb.CLOSE, Verb.REJECT, Verb.CANCEL, Verb.MERGE)

RESPONSES: list[Callable[[Event], str]] = []
"""Why the response to an event of the large loop is not over; empty words when it is, or when there is none."""

FOLLOWERS: list[Callable[[Event, Step], Any]] = []
"""Called in the transaction of every step, last."""


def tell(event: Event, step: Step) -> None:
    """Calls what hangs in."""
    if step.verb in TELLING:
        for answer in REPORTERS:
            answer(event, step)
    for follower in FOLLOWERS:
        follower(event, step)
