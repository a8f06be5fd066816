"""Which service requests an address asks for: filters, the window of 90 days, at most 1000."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from citybrain.centre.events.models import Event
from citybrain.centre.intake.citizen.words import public_events
from citybrain.centre.intake.open311.words import CLOSED, CLOSING, OPEN, STATUSES, services

WINDOW = timedelta(days=90)
MOST = 1000
"""Requests in one answer."""
MOST_NAMED = 100
"""Requests that one question may name by their ids."""


class Wrong(ValueError):
    """The question cannot be answered: `code` is the status, the text says why."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


def asked(question: Mapping[str, str]) -> QuerySet[Event]:
    """The public events a question asks for, the newest first, cut to one page. Raises Wrong.

    Without dates those of the last 90 days; `page`, `page_size`, `updated_after`, `updated_before` are extensions.
    """
    rows = public_events().order_by("-opened_at", "-pk")
    codes = listed(question.get("service_code", ""))
    if unknown := set(codes) - {one.key for one in services()}:
        raise Wrong(404, _("There is no service “%s”.") % sorted(unknown)[0][:60])
    if codes:
        rows = rows.filter(type__in=codes)
    rows = _dated(rows, question)
    statuses = listed(question.get("status", ""))
    if wrong := set(statuses) - set(STATUSES):
        raise Wrong(400, _("status: “%s” is neither open nor closed.") % sorted(wrong)[0][:60])
    if set(statuses) == {OPEN}:
        rows = rows.exclude(state__in=CLOSING)
    elif set(statuses) == {CLOSED}:
        rows = rows.filter(state__in=CLOSING)
    size = min(whole(question, "page_size", MOST), MOST)
    begin = (whole(question, "page", 1) - 1) * size
    return rows[begin : begin + size]


def _dated(rows: QuerySet[Event], question: Mapping[str, str]) -> QuerySet[Event]:
    now = timezone.now()
    if question.get("updated_after") or question.get("updated_before"):
        after, before = day(question, "updated_after"), day(question, "updated_before") or now
        after = after or before - WINDOW
        demand_window(after, before, "updated_after, updated_before")
        return rows.filter(changed_at__gte=after, changed_at__lte=before)
    end = day(question, "end_date") or now
    start = day(question, "start_date") or end - WINDOW
    demand_window(start, end, "start_date, end_date")
    return rows.filter(opened_at__gte=start, opened_at__lte=end)


def demand_window(start: datetime, end: datetime, names: str) -> None:
    """Raises Wrong for a window that is turned round or too wide."""
    if start > end:
        raise Wrong(400, _("%s: the window ends before it begins.") % names)
    if end - start > WINDOW + timedelta(seconds=1):
        raise Wrong(400, _("%s: the window may not exceed 90 days; ask several times.") % names)


def day(question: Mapping[str, str], name: str) -> datetime | None:
    """A time of a question; None without one. Raises Wrong for one that cannot be read."""
    # A plus that nobody encoded arrives as a blank.
    text = question.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        found = parse_datetime(text)
        if found is None and (plain := parse_date(text)) is not None:
            found = datetime.combine(plain, datetime.min.time())
    except ValueError:
        found = None
    if found is None:
        raise Wrong(400, _("%s: write the time as 2026-10-01T08:00:00+08:00.") % name)
    try:
        return found if timezone.is_aware(found) else timezone.make_aware(found)
    except (ValueError, OverflowError) as error:
        raise Wrong(400, _("%s: write the time as 2026-10-01T08:00:00+08:00.") % name) from error


def whole(question: Mapping[str, str], name: str, otherwise: int) -> int:
    """A whole number of 1 and more. Raises Wrong for another."""
    text = question.get(name, "").strip()
    if not text:
        return otherwise
    if not (text.isascii() and text.isdecimal() and 1 <= len(text) <= 6 and int(text) > 0):
        raise Wrong(400, _("%s: write a whole number from 1.") % name)
    return int(text)


def listed(text: str) -> list[str]:
    """What stands in a list with commas."""
    return [one.strip() for one in text.split(",") if one.strip()][:MOST_NAMED]
