"""Questions about live events: what came after a position, and whether a position is still known."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from citybrain.kernel.live.models import FORGOTTEN, LiveEvent

POSITION = re.compile(r"(\d{1,18})-(\d{1,18})")

BATCH = 500
"""Events read at a time."""


@dataclass(frozen=True, order=True)
class Position:
    """A place in the course of events; a page that has it has seen everything up to it."""

    transaction: int = 0
    event: int = 0

    def __str__(self) -> str:
        return f"{self.transaction}-{self.event}"

    @classmethod
    def read(cls, text: str) -> Position | None:
        """The position a page names; None when it names none."""
        match = POSITION.fullmatch(text.strip())
        return cls(int(match[1]), int(match[2])) if match else None


BEGINNING = Position()


def position_of(event: LiveEvent) -> Position:
    """Where an event stands."""
    return Position(event.transaction, event.pk)


def settled() -> QuerySet[LiveEvent]:
    """Events before which no other can appear any more, in order."""
    events = LiveEvent.objects.order_by("transaction", "id")
    return events.filter(transaction__lt=_oldest_open()) if connection.vendor == "postgresql" else events


def after(position: Position, limit: int = BATCH) -> list[LiveEvent]:
    """The next events after a position."""
    later = Q(transaction__gt=position.transaction) | Q(transaction=position.transaction, pk__gt=position.event)
    return list(settled().filter(later, transaction__gte=position.transaction)[:limit])


def latest() -> Position:
    """The position of the newest settled event."""
    event = settled().reverse().only("transaction", "id").first()
    return position_of(event) if event else BEGINNING


def is_known(position: Position) -> bool:
    """Whether every event after `position` is still there: nothing after it was forgotten."""
    if connection.vendor == "postgresql" and position.transaction >= _oldest_open():
        # A position from before the database was put back from a copy: its numbers mean nothing here.
        return False
    oldest = LiveEvent.objects.order_by("transaction", "id").first()
    return oldest is None or oldest.topic != FORGOTTEN or position_of(oldest) <= position


def _oldest_open() -> int:
    """Number of the oldest transaction that may still write, in PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])
