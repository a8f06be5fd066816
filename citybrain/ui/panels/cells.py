"""How a value is drawn in a table cell or beside a fact: functions from a value to safe HTML, the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

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


number: Cell = shown.number
short: Cell = shown.short
percent: Cell = shown.percent
size: Cell = shown.size
duration: Cell = shown.duration
age: Cell = shown.age
moment: Cell = shown.moment
score: Cell = shown.score
