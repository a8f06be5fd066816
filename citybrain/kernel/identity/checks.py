"""What the county's calendar must know: W049 in December the coming year's holidays are missing."""

from __future__ import annotations

from datetime import date

from django.core import checks
from django.utils import timezone

from citybrain.kernel.identity.calendar import Calendar, calendar

NOTICE_MONTH = 12
"""The State Council has announced the coming year's holidays by then."""


def check_years(known: Calendar, today: date) -> list[checks.CheckMessage]:
    """A warning for this year, and in December for the next, when its holidays are unknown."""
    asked = [today.year, today.year + 1] if today.month >= NOTICE_MONTH else [today.year]
    return [
        checks.Warning(
            f"The working calendar does not know the holidays of {year}: only weekends are free.",
            hint="Add the State Council's notice to the county's calendar.csv.",
            id="citybrain.W049",
        )
        for year in asked
        if year not in known.years
    ]


@checks.register("citybrain")
def check_calendar(app_configs: object, **options: object) -> list[checks.CheckMessage]:
    """Django's door to `check_years`."""
    return check_years(calendar(), timezone.localdate())
