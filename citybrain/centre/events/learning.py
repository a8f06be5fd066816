"""What people confirm about a text is handed to the model that reads texts: its class, and where it was (学习)."""

from __future__ import annotations

import logging

from django.db import transaction

from citybrain.centre.events import hooks
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Event, Step
from citybrain.centre.events.receiving import READ
from citybrain.centre.understanding.actions import learn

logger = logging.getLogger(__name__)

CONFIRMING = (Verb.ACCEPT, Verb.RECLASSIFY, Verb.REVIEW)
"""Steps by which a person says what an event is."""


def learn_from(event: Event, step: Step) -> None:
    """Keeps the text of an event whose class a person confirmed; machines' own steps and exercises teach nothing."""
    if step.verb not in CONFIRMING or step.user_id is None or event.is_exercise or event.channel not in READ:
        return
    signal = event.signals.order_by("id").first()
    opened = event.journal.filter(number=1).first()
    text = signal.text if signal is not None else event.description
    if not event.type or not text:
        return
    x, y = event.place_x, event.place_y
    try:
        with transaction.atomic():
            _learn(event, step, text, opened, x, y)
    except Exception:
        # What cannot be learnt stands in nobody's way.
        logger.exception("What was made of %s could not be learnt.", event.number)


def _learn(event: Event, step: Step, text: str, opened: Step | None, x: float | None, y: float | None) -> None:
    learn(
        text,
        event.type,
        reference=event.number,
        proposed=(opened.facts.get("proposals") if opened is not None else None) or {},
        area=event.area,
        point=(x, y) if x is not None and y is not None else None,
        address=event.address,
        user_id=step.user_id,
    )


if learn_from not in hooks.FOLLOWERS:
    hooks.FOLLOWERS.append(learn_from)
