"""How a value is drawn in a table cell or beside a fact: functions from a value to safe HTML, the same everywhere."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from citybrain.ui import formats
from citybrain.ui.panels.panel import Tag
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


def tag(value: Tag | None) -> SafeString:
    """A tag: a dot and a word when it is a state, else a word in a box; nothing for None."""
    if value is None:
        return SafeString("")
    shape = "st st" if value.is_state else "tag tag"
    if value.url:
        words = '<a class="{}-{}" href="{}" title="{}">{}</a>'
        return format_html(words, shape, value.tone, value.url, value.help, value.title)
    if value.help:
        return format_html('<span class="{}-{}" title="{}">{}</span>', shape, value.tone, value.help, value.title)
    return format_html('<span class="{}-{}">{}</span>', shape, value.tone, value.title)


def with_tags(words: Any, *tags: Tag | None) -> SafeString:
    """Words with tags behind them; None among the tags is left out."""
    return joined(" ", (words, *(tag(one) for one in tags if one is not None)))


def joined(between: str, parts: Iterable[Any]) -> SafeString:
    """Parts one after the other, each made safe."""
    return format_html_join(between, "{}", ((part,) for part in parts))


def lines(*parts: Any) -> SafeString:
    """The first part, and the others as small lines under it; empty ones are left out."""
    first, *others = parts
    under = format_html_join("", '<span class="under">{}</span>', ((one,) for one in others if one))
    return format_html("{}{}", first, under)


def link(words: Any, url: str) -> SafeString:
    """Words that lead somewhere."""
    return format_html('<a href="{}">{}</a>', url, words)


def seen(value: Any) -> SafeString:
    """A value as it was delivered or masked, told from the words around it."""
    return text(None) if value in (None, "") else format_html('<code class="seen">{}</code>', value)


def chinese(value: Any) -> SafeString:
    """Words that are Chinese whatever the page's language is."""
    return text(None) if value in (None, "") else format_html('<span lang="zh-CN">{}</span>', value)


def bad(words: Any) -> SafeString:
    """Words that are bad news."""
    return text(None) if words in (None, "") else format_html('<span class="is-bad">{}</span>', words)


def trouble(value: int | None) -> SafeString:
    """A number that should be zero: red above it."""
    if not value:
        return format_html('<span class="quiet">{}</span>', shown.number(value))
    return format_html('<span class="is-bad">{}</span>', shown.number(value))


def scored(value: float | None) -> SafeString:
    """A score of 0 to 100 as a chip with its bar."""
    if value is None:
        return shown.score(None)
    bar = shown.bar(value, 100, formats.band(value))
    return format_html('<span class="scored">{}{}</span>', shown.score(value), bar)


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


def drawn(value: Any) -> SafeString:
    """HTML that was made safe already; a dash for None."""
    return text(None) if value is None else format_html("{}", value)


def number_text(value: Any) -> SafeString:
    """A number by which people call a thing: `YK2026112100417`, in the face of figures."""
    return text(None) if value in (None, "") else format_html('<span class="n">{}</span>', value)


def time_left(value: tuple[float, float] | None) -> SafeString:
    """What is left of a limit, from (seconds used, seconds allowed): `38%` and a bar; over it, by how much, in red."""
    if value is None or value[1] <= 0:
        return text(None)
    used, allowed = value
    if used > allowed:
        over = _("over %s") % brief_span(used - allowed)
        bar = shown.bar(1, 1, "bad", _("Over the limit"))
        return format_html('<span class="time-left is-over"><span class="n">{}</span>{}</span>', over, bar)
    left = 1 - used / allowed
    tone = "bad" if left <= 0.1 else "fair" if left <= 0.3 else "good"
    bar = shown.bar(round(used / allowed, 3), 1, tone, _("Time used"))
    return format_html('<span class="time-left"><span class="n">{}%</span>{}</span>', round(left * 100), bar)


def used_up(value: tuple[float, float] | None) -> SafeString:
    """How much of a limit is used, from (seconds used, seconds allowed): `62%` and a bar, red over the limit."""
    if value is None or value[1] <= 0:
        return text(None)
    used = value[0] / value[1]
    bar = shown.bar(min(used, 1), 1, "bad" if used > 1 else "fair" if used >= 0.75 else "good", _("Time used"))
    tone = " is-over" if used > 1 else ""
    return format_html('<span class="time-left{}"><span class="n">{}%</span>{}</span>', tone, round(used * 100), bar)


def brief_span(seconds: float) -> str:
    """A span in one figure: `24 min`, `2.4 h`, `3.1 d`."""
    if seconds < 3600:
        return _("%d min") % max(round(seconds / 60), 1)
    if seconds < 2 * 86_400:
        return _("%s h") % f"{seconds / 3600:.1f}"
    return _("%s d") % f"{seconds / 86_400:.1f}"


number: Cell = shown.number
short: Cell = shown.short
percent: Cell = shown.percent
size: Cell = shown.size
duration: Cell = shown.duration
age: Cell = shown.age
moment: Cell = shown.moment
second: Cell = shown.second
brief: Cell = shown.brief
score: Cell = shown.score

AT_RIGHT = (number, short, percent, size, duration, trouble)
"""Cells of numbers, which stand under each other by their last digit."""
