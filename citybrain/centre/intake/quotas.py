"""Quotas (限额): how many messages one sender may send in a minute and in a day, counted in the database.

Several processes serve one sender: a count in memory would be theirs alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from citybrain.centre.intake.models import Usage

KEPT = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Quota:
    """What is taken from one sender."""

    a_minute: int
    a_day: int


class Exhausted(Exception):
    """A sender sent as much as is taken from one; `wait` says how many seconds until more is."""

    def __init__(self, wait: int) -> None:
        self.wait = wait
        super().__init__(f"The quota is used up: wait {wait} s.")


def quota(kind: str) -> Quota:
    """The quota of a kind of sender (`token`, `anonymous`), from the settings."""
    return Quota(**settings.INTAKE_QUOTAS[kind])


def spend(sender: str, kind: str, amount: int = 1) -> int:
    """Counts `amount` messages of a sender; returns what is left of the minute.

    Raises Exhausted, and counts nothing, when that is more than the quota.
    """
    allowed = quota(kind)
    now = timezone.now()
    minute = now.replace(second=0, microsecond=0)
    sender = f"{kind}:{sender}"[:80]
    with transaction.atomic():
        Usage.objects.get_or_create(sender=sender, minute=minute)
        own = Usage.objects.filter(sender=sender, minute=minute, count__lte=allowed.a_minute - amount)
        if not own.update(count=F("count") + amount):
            raise Exhausted(60 - now.second)
        day = Usage.objects.filter(sender=sender, minute__gt=now - timedelta(days=1))
        if (day.aggregate(sum=Sum("count"))["sum"] or 0) > allowed.a_day:
            # The transaction takes the count back with it.
            raise Exhausted(3600)
    used = Usage.objects.values_list("count", flat=True).get(sender=sender, minute=minute)
    return allowed.a_minute - used


def forget_usage() -> int:
    """Removes what no quota counts any more; returns how many rows."""
    return Usage.objects.filter(minute__lt=timezone.now() - KEPT).delete()[0]
