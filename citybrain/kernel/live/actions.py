"""Verbs: announce what happened, forget what is old."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.db.models.functions import Cast
from django.utils import timezone

from citybrain.kernel.live.audience import EVERYONE, Audience
from citybrain.kernel.live.models import FORGOTTEN, LiveEvent, holders_as_json

PAYLOAD_LIMIT = 2000
"""Characters of a payload as JSON: an event says what changed, the page asks for the rest."""

TOPIC_LIMIT = 120

KEPT = timedelta(hours=24)
"""How long a page may have been away and still catch up; after that it loads itself anew."""

_listeners: list[Callable[[], None]] = []


def announce(topic: str, payload: Mapping[str, Any] | None = None, *, audience: Audience = EVERYONE) -> None:
    """Tell open pages that something of `topic` happened: one row, in the caller's transaction.

    Pages fetch panels with that topic again; scripts get `payload`. Raises ValueError for a topic or payload that is
    too long, or a payload that is not JSON.
    """
    _row(topic, payload or {}, audience).save(force_insert=True)
    for listener in _listeners:
        transaction.on_commit(listener, robust=True)


def announce_each(topic: str, told: Iterable[tuple[Mapping[str, Any], Audience]]) -> None:
    """Tell many audiences something of one topic, each its own payload: like `announce`, in one statement."""
    LiveEvent.objects.bulk_create([_row(topic, payload, audience) for payload, audience in told])
    for listener in _listeners:
        transaction.on_commit(listener, robust=True)


def _row(topic: str, payload: Mapping[str, Any], audience: Audience) -> LiveEvent:
    if not 0 < len(topic) <= TOPIC_LIMIT:
        raise ValueError(f"The topic {topic[:40]!r} has {len(topic)} characters: give it 1 to {TOPIC_LIMIT}.")
    try:
        size = len(json.dumps(payload, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise ValueError(f"The payload of {topic!r} is not JSON: {error}.") from error
    if size > PAYLOAD_LIMIT:
        raise ValueError(
            f"The payload of {topic!r} has {size} characters; at most {PAYLOAD_LIMIT}: say what changed, "
            "and let the page ask for it."
        )
    return LiveEvent(
        transaction=_number(),
        topic=topic,
        payload=dict(payload),
        user_id=audience.user,
        organisation_id=audience.organisation,
        permission=audience.permission,
        holders=holders_as_json(audience.holders),
    )


def listen(listener: Callable[[], None]) -> None:
    """Call `listener` after each announcement that this process commits, so that its own streams need not wait."""
    if listener not in _listeners:
        _listeners.append(listener)


def forget(before: datetime | None = None) -> int:
    """Delete events older than `before` (a day ago); returns how many.

    The newest of them stays, emptied, as the mark up to where things were forgotten: a page that had not come so far
    has to load itself anew.
    """
    old = LiveEvent.objects.filter(at__lt=before or timezone.now() - KEPT)
    with transaction.atomic():
        last = old.order_by("-transaction", "-id").first()
        if last is None:
            return 0
        LiveEvent.objects.filter(pk=last.pk).update(topic=FORGOTTEN, payload={}, user_id=0, holders=None)
        return old.exclude(pk=last.pk).delete()[0]


def _number() -> Any:
    """The number of this transaction, where the database writes several at a time."""
    if connection.vendor != "postgresql":
        return 0
    current = models.Func(function="pg_current_xact_id", output_field=models.TextField())
    return Cast(Cast(current, models.TextField()), models.BigIntegerField())
