"""Numbers of records: `GS-2026-000123`, counted by type and year; or by day, `YK2026112100417` (县码+日期+序号)."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from citybrain.kernel.records.models import Counter
from citybrain.kernel.records.shape import Shape

DIGITS = 6
"""Digits a number is filled up to; after 999999 it grows."""

DAILY_DIGITS = 5
"""Digits of the serial of a day."""


def prefix_of(shape: Shape) -> str:
    """Letters its numbers begin with: those of its Face, else the initials of its key."""
    return shape.face.prefix or "".join(word[0] for word in shape.key.split("-")).upper()


def next_numbers(shape: Shape, count: int, day: date | None = None) -> list[str]:
    """`count` new numbers of a day (today) in order.

    The counter's row stays locked until the caller's transaction ends, so that two creates never get the same number;
    one that is rolled back may leave a gap in a job that had taken several.
    """
    today = day or timezone.localdate()
    year, kind = today.year, f"{shape.key}.{today:%m%d}" if shape.face.daily_numbers else shape.key
    with transaction.atomic():
        Counter.objects.get_or_create(kind=kind, year=year)
        row = Counter.objects.filter(kind=kind, year=year)
        row.update(last=F("last") + count)
        last = row.values_list("last", flat=True).get()
    serials = range(last - count + 1, last + 1)
    if shape.face.daily_numbers:
        return [f"{county_letters()}{today:%Y%m%d}{serial:0{DAILY_DIGITS}d}" for serial in serials]
    return [f"{prefix_of(shape)}-{year}-{serial:0{DIGITS}d}" for serial in serials]


@cache
def county_letters() -> str:
    """The letters of the county that its daily numbers begin with: `letters` of `county.toml`."""
    facts = tomllib.loads((settings.COUNTY / "county.toml").read_text(encoding="utf-8"))
    return str(facts.get("letters", "")) or str(facts["key"])[:2].upper()


def next_number(shape: Shape, day: date | None = None) -> str:
    """One new number of a day (today)."""
    return next_numbers(shape, 1, day)[0]
