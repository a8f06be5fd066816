"""Deletes what was said word for word once nobody needs it any more (到期删除); the masked words stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from citybrain.centre.events.machine import OPEN
from citybrain.centre.events.models import Signal
from citybrain.centre.events.policy import policy


def forget_words(now: datetime) -> int:
    """Empties `Signal.original` of events that ended `words_days` ago; returns of how many signals."""
    before = now - timedelta(days=policy().words_days)
    ended = Q(event__state_since__lt=before) & ~Q(event__state__in=OPEN)
    old = Signal.objects.filter(ended | Q(event=None, received_at__lt=before)).exclude(original="")
    return Signal.objects.filter(pk__in=old.values("pk")).update(original="")
