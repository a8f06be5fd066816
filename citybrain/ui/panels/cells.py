"""How a value is drawn in a table cell or beside a fact: functions from a value to safe HTML, the same everywhere."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from citybrain.ui import formats
from citybrain.ui.templatetags import shown

Cell = Callable[[Any], SafeString]
"""Draws one value; None and an empty text are a dash."""


def text(value: Any) -> SafeString:
    """Plain words."""
    if value is None or value == "":
        return format_html('<span class="quiet">{}</span>', formats.NOTHING)
    return format_html("{}", value)


def mono(value: Any) -> SafeString:
    """A name as machines spell it."""
    return format_html('<span class="mono">{}</span>', formats.NOTHING if value in (None, "") else value)


def tagged(value: tuple[Any, str] | None) -> SafeString:
    """Words in a coloured box, from (words, tone)."""
    if not value:
        return text(None)
    return format_html('<span class="tag tag-{}">{}</span>', value[1], value[0])


def state(value: tuple[Any, str] | None) -> SafeString:
    """Words with a coloured dot, from (words, tone)."""
    if not value:
        return text(None)
    return format_html('<span class="st st-{}">{}</span>', value[1], value[0])


def share(value: float | None) -> SafeString:
    """A share from 0 to 1 as a percentage with its bar; the little that is left is red, then amber."""
    if value is None:
        return text(None)
    tone = "bad" if value <= 0.1 else "fair" if value <= 0.3 else "good"
    return format_html('<span class="scored">{}{}</span>', shown.percent(value, 0), shown.bar(value, 1, tone))


def yes_no(value: bool | None) -> SafeString:
    """Yes, no, or a dash."""
    return text(None if value is None else _("Yes") if value else _("No"))


def day(value: datetime.date | None) -> SafeString:
    """A day as 2026-11-21."""
    if value is None:
        return text(None)
    return format_html('<time class="n" datetime="{0}">{0}</time>', value.isoformat())


def long(value: Any) -> SafeString:
    """A long text with its line breaks."""
    return text(None) if value in (None, "") else linebreaksbr(str(value), autoescape=True)


number: Cell = shown.number
short: Cell = shown.short
percent: Cell = shown.percent
size: Cell = shown.size
duration: Cell = shown.duration
age: Cell = shown.age
moment: Cell = shown.moment
score: Cell = shown.score
