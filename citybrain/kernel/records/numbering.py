"""Numbers of records: `GS-2026-000123`, counted by type and year."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from citybrain.kernel.records.models import Counter
from citybrain.kernel.records.shape import Shape

DIGITS = 6
"""Digits a number is filled up to; after 999999 it grows."""


def prefix_of(shape: Shape) -> str:
    """Letters its numbers begin with: those of its Face, else the initials of its key."""
    return shape.face.prefix or "".join(word[0] for word in shape.key.split("-")).upper()


def next_numbers(shape: Shape, count: int) -> list[str]:
    """`count` new numbers in order.

    The counter's row stays locked until the caller's transaction ends, so that two creates never get the same number;
    one that is rolled back may leave a gap in a job that had taken several.
    """
    year = timezone.localdate().year
    with transaction.atomic():
        Counter.objects.get_or_create(kind=shape.key, year=year)
        row = Counter.objects.filter(kind=shape.key, year=year)
        row.update(last=F("last") + count)
        last = row.values_list("last", flat=True).get()
    return [f"{prefix_of(shape)}-{year}-{number:0{DIGITS}d}" for number in range(last - count + 1, last + 1)]


def next_number(shape: Shape) -> str:
    """One new number."""
    return next_numbers(shape, 1)[0]
