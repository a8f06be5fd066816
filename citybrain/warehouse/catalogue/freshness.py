"""How fresh a dataset really is (时效): when the provider made the data, against the cycle it promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from citybrain.declare.words import UpdateCycle, _

VERY_LATE_CYCLES = 3
"""From this many promised cycles on, data are very late."""

CLOCK_TOLERANCE = timedelta(days=1)
"""How far in the future a provider's clock may stand before its word is no longer believed."""


class FreshnessState(StrEnum):
    """How a dataset stands against its promise."""

    FRESH = "fresh"
    LATE = "late"
    VERY_LATE = "very-late"
    UNKNOWN = "unknown"
    """Nothing tells when the data were made, the provider's clock is wrong, or no cycle was promised."""

    @property
    def label(self) -> str:
        return {
            FreshnessState.FRESH: _("Fresh"),
            FreshnessState.LATE: _("Late"),
            FreshnessState.VERY_LATE: _("Very late"),
            FreshnessState.UNKNOWN: _("Unknown"),
        }[self]


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """The age of the data, and how much of it is too much."""

    state: FreshnessState
    data_at: datetime | None
    """When the provider made the data."""
    age: timedelta | None
    """From then to now; None when unknown."""
    promised: timedelta | None
    """The age the promised cycle allows; None when none was promised."""
    late_by: timedelta | None
    """How much older than allowed; None unless late."""


def promised_age(cycle: UpdateCycle) -> timedelta | None:
    """The age that `cycle` allows; None when it promises nothing."""
    return None if cycle.hours is None else timedelta(hours=cycle.hours)


def freshness(*, data_at: datetime | None, cycle: UpdateCycle, now: datetime) -> Freshness:
    """How fresh data made at `data_at` are at `now`. The time of copying is never taken for it."""
    promised = promised_age(cycle)
    age = None if data_at is None or data_at - now > CLOCK_TOLERANCE else max(now - data_at, timedelta(0))
    late_by = None
    if age is None or promised is None:
        state = FreshnessState.UNKNOWN
    elif age <= promised:
        state = FreshnessState.FRESH
    else:
        late_by = age - promised
        state = FreshnessState.VERY_LATE if age > VERY_LATE_CYCLES * promised else FreshnessState.LATE
    return Freshness(state=state, data_at=data_at, age=age, promised=promised, late_by=late_by)
