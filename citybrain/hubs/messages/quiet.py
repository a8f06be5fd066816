"""Quiet hours (免打扰时段): when a message that can wait goes out."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone


def is_quiet(moment: datetime, quiet_from: time | None, quiet_until: time | None) -> bool:
    """Whether `moment` lies in the quiet hours, which may run over midnight. Equal or missing ends mean none."""
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return False
    now = timezone.localtime(moment).time()
    if quiet_from < quiet_until:
        return quiet_from <= now < quiet_until
    return now >= quiet_from or now < quiet_until


def end_of_quiet(moment: datetime, quiet_from: time | None, quiet_until: time | None) -> datetime | None:
    """When the quiet hours around `moment` end; None when it is not quiet."""
    if quiet_until is None or not is_quiet(moment, quiet_from, quiet_until):
        return None
    local = timezone.localtime(moment)
    end = local.replace(hour=quiet_until.hour, minute=quiet_until.minute, second=quiet_until.second, microsecond=0)
    return end if end > local else end + timedelta(days=1)
