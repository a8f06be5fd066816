"""The clock of a source or a job in words people use."""

from __future__ import annotations

from django.utils.translation import gettext as _

WEEKDAYS = ("0", "1", "2", "3", "4", "5", "6")


def schedule_words(cron: str) -> str:
    """A clock such as `0 2 * * *` in words (每天 02:00); a clock of another form stays as it is written.

    The moment is in the county's time. Words are found for once an hour, a day, a week and a month.
    """
    minute, hour, day, month, weekday, *rest = (*cron.split(), *[""] * 5)
    if rest[:-5] or not is_number(minute, 59) or month != "*":
        return cron
    if (hour, day, weekday) == ("*", "*", "*"):
        return _("hourly, at minute %s") % int(minute)
    if not is_number(hour, 23):
        return cron
    at = f"{int(hour):02d}:{int(minute):02d}"
    if (day, weekday) == ("*", "*"):
        return _("daily %s") % at
    if day == "*" and weekday in WEEKDAYS:
        return _("%(weekday)s %(at)s") % {"weekday": weekday_words()[int(weekday)], "at": at}
    if weekday == "*" and is_number(day, 31):
        return _("monthly on day %(day)d, %(at)s") % {"day": int(day), "at": at}
    return cron


def is_number(text: str, most: int) -> bool:
    """Whether a part of a clock is one number up to `most`."""
    return text.isascii() and text.isdigit() and int(text) <= most


def weekday_words() -> tuple[str, ...]:
    """The days of the week from Sunday, as clocks count them."""
    return (
        _("Sundays"),
        _("Mondays"),
        _("Tuesdays"),
        _("Wednesdays"),
        _("Thursdays"),
        _("Fridays"),
        _("Saturdays"),
    )
