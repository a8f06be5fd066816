"""A year of days at a glance: twelve months, each day coloured by what it is."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from django.http import HttpRequest
from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from citybrain.kernel.identity.scope import Vouched, demand_scoped
from citybrain.ui.formats import is_chinese
from citybrain.ui.panels.panel import Panel, PanelError

Kind = Literal["working", "weekend", "holiday", "worked"]


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day."""

    date: datetime.date
    kind: Kind
    title: str = ""
    """Why it is no ordinary day."""


@dataclass(frozen=True, kw_only=True)
class Year(Panel):
    """Twelve months; holidays, weekends, and weekend days that are worked stand out."""

    template: ClassVar[str] = "ui/panels/year.html"

    year: int
    days: Vouched[Day]
    today: datetime.date | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_scoped(self.days)
        if any(day.date.year != self.year for day in self.days):
            raise PanelError(f"Year {self.year}: a day of another year stands among its days.")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The months, the heads of the week's days, and what the colours mean."""
        short = [str(WEEKDAYS[number])[-1] if is_chinese() else str(WEEKDAYS_ABBR[number]) for number in range(7)]
        return {
            "months": list(self.months()),
            "heads": [(short[number], str(WEEKDAYS[number])) for number in range(7)],
            "legend": (("holiday", _("holiday")), ("worked", _("worked in exchange")), ("weekend", _("weekend"))),
        }

    def months(self) -> Iterator[tuple[str, list[list[Day | None]]]]:
        """Each month's name and its weeks, Monday first; None stands for a day of another month."""
        by_date = {day.date: day for day in self.days}
        for month in range(1, 13):
            weeks = calendar.Calendar().monthdatescalendar(self.year, month)
            yield (
                str(MONTHS[month]),
                [[by_date.get(date) if date.month == month else None for date in week] for week in weeks],
            )
