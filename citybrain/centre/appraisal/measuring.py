"""What an indicator is (考核指标): a numerator and a denominator over the facts of a period, and a formula in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Avg, Count, F, Q, Sum
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

from citybrain.ui.formats import is_chinese


@dataclass(frozen=True, kw_only=True)
class Period:
    """From when until when is counted; `until` is not part of it, and never after now."""

    since: datetime
    until: datetime

    def within(self, column: str) -> Q:
        """The condition that a moment lies in it."""
        return Q(**{f"{column}__gte": self.since, f"{column}__lt": self.until})

    @property
    def touched(self) -> Q:
        """Events that can count in it: open at some time of it."""
        return Q(opened_at__lt=self.until) & (Q(closed_at=None) | Q(closed_at__gte=self.since))

    @property
    def before(self) -> Period:
        """The period of the same length before it."""
        return Period(since=self.since - (self.until - self.since), until=self.since)


class Unit(StrEnum):
    """What a value is."""

    RATE = "rate"
    """Numerator over denominator, 0 to 1."""
    COUNT = "count"
    HOURS = "hours"
    STARS = "stars"


Condition = Callable[[Period], Q]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One indicator."""

    key: str
    title: str
    """English name."""
    chinese: str
    """Name as the standard prints it."""
    formula: str | Promise
    """In words."""
    above: Condition
    """Which facts the numerator counts."""
    below: Condition | None = None
    """Which facts the denominator counts; None for what is no rate."""
    value: str = ""
    """Column that is summed (a rate, a count) or averaged (hours, stars) in place of counting facts."""
    over: str = ""
    """Column that the denominator sums in place of counting facts."""
    unit: Unit = Unit.RATE
    is_higher_better: bool | None = True
    """None for what is neither good nor bad."""
    mark: str = "K"
    """V the formula was read, C in a public implementation, K and P the name is in use, O our own."""
    known: Condition | None = None
    """Facts of which there must be one, else the value is not known: what nobody looked for was not found."""
    by: tuple[str, ...] = ("body",)
    """Columns its page breaks it down by."""

    @property
    def name(self) -> str:
        """What it is called in the reader's language."""
        return self.chinese if is_chinese() else self.title

    @property
    def numerator(self) -> str:
        """Name of its numerator in the statement."""
        return f"{self.key}_above"

    @property
    def denominator(self) -> str:
        """Name of its denominator in the statement."""
        return f"{self.key}_below"

    @property
    def witness(self) -> str:
        """Name of what makes it known in the statement."""
        return f"{self.key}_known"

    def columns(self, period: Period) -> dict[str, Combinable]:
        """What the statement asks for it."""
        own = self.above(period)
        if self.unit in (Unit.HOURS, Unit.STARS):
            return {self.numerator: Avg(self.value, filter=own), self.denominator: Count(self.value, filter=own)}
        asked: dict[str, Combinable] = {
            self.numerator: Sum(F(self.value), filter=own) if self.value else Count("pk", filter=own)
        }
        if self.known is not None:
            asked[self.witness] = Count("pk", filter=self.known(period))
        if self.below is not None:
            base = self.below(period)
            asked[self.denominator] = Sum(F(self.over), filter=base) if self.over else Count("pk", filter=base)
        return asked
