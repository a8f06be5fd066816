"""Tags and filters that write values the same way on every page."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.http import HttpRequest, QueryDict
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from citybrain.ui import formats
from citybrain.ui.charts import spark_points
from citybrain.ui.icons import ICONS

register = template.Library()

TONES = {
    "good": "good",
    "done": "good",
    "served": "good",
    "confirmed": "good",
    "accepted": "good",
    "fresh": "good",
    "running": "data",
    "taken": "data",
    "queued": "fair",
    "pending": "fair",
    "proposed": "fair",
    "found": "quiet",
    "late": "fair",
    "fair": "fair",
    "notice": "fair",
    "warning": "fair",
    "failed": "bad",
    "held": "bad",
    "error": "bad",
    "bad": "bad",
    "very_late": "bad",
    "very-late": "bad",
}
"""Colour by meaning; red is for bad news only."""

MOMENT = "%Y-%m-%d %H:%M:%S"
MINUTE = "%Y-%m-%d %H:%M"


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draws one icon of the sprite; a name that is not in it is a mistake in the template."""
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"Icon {name!r} is not in citybrain.ui.icons.ICONS: add it there.")
    return format_html(
        '<svg class="i" aria-hidden="true"><use href="{}#{}"></use></svg>', static("vendor/icons.svg"), name
    )


@register.filter
def number(value: float | None, places: int = 0) -> SafeString:
    """The exact number with thousands separators."""
    return format_html('<span class="n">{}</span>', formats.number(value, places))


@register.filter
def short(value: float | None) -> SafeString:
    """The number in few characters, exact in its title."""
    return format_html('<span class="n" title="{}">{}</span>', formats.number(value), formats.short(value))


@register.filter
def percent(value: float | None, places: int = 1) -> SafeString:
    """A share from 0 to 1 as a percentage."""
    return format_html('<span class="n">{}</span>', formats.percent(value, places))


@register.filter
def size(value: float | None) -> SafeString:
    """Bytes in a readable unit."""
    return format_html('<span class="n" title="{}">{}</span>', formats.number(value), formats.size(value))


@register.filter
def duration(value: float | datetime.timedelta | None) -> SafeString:
    """A span of time."""
    return format_html('<span class="n">{}</span>', formats.duration(value))


@register.filter
def age(moment: datetime.datetime | str | None) -> SafeString:
    """How long ago it was, with the exact time in the title."""
    known = read_moment(moment)
    if known is None:
        return format_html('<span class="quiet">{}</span>', formats.NOTHING)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        known.isoformat(),
        localtime(known).strftime(MOMENT),
        formats.age(known),
    )


@register.filter
def moment(value: datetime.datetime | str | None) -> SafeString:
    """The time to the minute in China Standard Time, with its seconds and its age in the title."""
    return timed(value, MINUTE)


def second(value: datetime.datetime | str | None) -> SafeString:
    """The time to the second, for logs in which the order of two lines matters; its age in the title."""
    return timed(value, MOMENT)


def timed(value: datetime.datetime | str | None, form: str) -> SafeString:
    """A time as `form` says it, in China Standard Time."""
    known = read_moment(value)
    if known is None:
        return format_html('<span class="quiet">{}</span>', formats.NOTHING)
    local = localtime(known)
    return format_html(
        '<time class="n" datetime="{}" title="{} · {}">{}</time>',
        known.isoformat(),
        local.strftime(MOMENT),
        formats.age(known),
        local.strftime(form),
    )


@register.filter
def brief(value: datetime.datetime | str | None) -> SafeString:
    """The time in as few characters as say it: 09:40 today, 11-21 09:40 this year; the whole of it in its title."""
    known = read_moment(value)
    if known is None:
        return format_html('<span class="quiet">{}</span>', formats.NOTHING)
    local, today = localtime(known), localtime()
    short = "%H:%M" if local.date() == today.date() else "%m-%d %H:%M" if local.year == today.year else "%Y-%m-%d"
    return format_html(
        '<time class="n" datetime="{}" title="{}">{}</time>',
        known.isoformat(),
        local.strftime(MOMENT),
        local.strftime(short),
    )


def read_moment(value: datetime.datetime | str | None) -> datetime.datetime | None:
    """A time stamp, also from the ISO 8601 text a JSON snapshot carries."""
    return datetime.datetime.fromisoformat(value) if isinstance(value, str) and value else value or None  # type: ignore[return-value]


@register.filter
def score(value: float | str | None) -> SafeString:
    """A quality score as a chip, coloured by its band."""
    known = value if isinstance(value, int | float) else None
    shown = formats.NOTHING if known is None else f"{known:.1f}"
    return format_html('<span class="chip chip-{} n">{}</span>', formats.band(known), shown)


@register.filter
def band(value: float | str | None) -> str:
    """The band of a score: good, fair, bad or none."""
    return formats.band(value if isinstance(value, int | float) else None)


@register.filter
def tone(state: str | None) -> str:
    """The colour class of a state."""
    return TONES.get(str(state or "").lower(), "quiet")


@register.simple_tag
def bar(value: float | None, maximum: float | None = 100, tone: str = "data", label: str = "") -> SafeString:
    """A bar; `label` is what a screen reader says."""
    top = maximum or 1
    return format_html(
        '<progress class="bar bar-{}" value="{}" max="{}" aria-label="{}"></progress>',
        tone,
        min(value or 0, top),
        top,
        label or _("Share"),
    )


@register.simple_tag
def spark(values: Sequence[float | None], width: int = 96, height: int = 24) -> SafeString:
    """A sparkline, drawn on the server; nothing below two values."""
    points = spark_points(values, width, height)
    if not points:
        return format_html('<span class="quiet">{}</span>', formats.NOTHING)
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<polyline points="{}"></polyline></svg>',
        width,
        height,
        width,
        height,
        _("Course over time"),
        points,
    )


@register.filter
def titled(thing: Any) -> str:
    """The thing's name in the page's language, from `chinese` and `english` or a translatable `label` or `title`."""
    chinese = getattr(thing, "chinese", "")
    if formats.is_chinese() and chinese:
        return str(chinese)
    english = getattr(thing, "english", "")
    if english:
        return str(english)
    title = getattr(thing, "label", "") or getattr(thing, "title", "")
    return str(_(title)) if isinstance(title, str) and title else str(title or chinese or thing)


@register.inclusion_tag("ui/parts/paging.html", takes_context=True)
def paging(context: template.Context, paging: Any, follows: str = "") -> dict[str, Any]:
    """The foot of a list: which rows are shown, and the other pages; for one that `follows`, when it was brought up."""
    request = context.get("request")
    addresses = [
        (number, address(request, {paging.parameter: paging.said(number) if number else None}))
        for number in paging.numbers()
    ]
    return {"request": request, "paging": paging, "addresses": addresses, "follows": follows}


def address(request: HttpRequest | None, changes: Mapping[str, object]) -> str:
    """The page's own address with other parameters; None takes one away."""
    asked = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        asked.pop(name, None)
        if value is not None:
            asked[name] = str(value)
    return f"?{asked.urlencode()}"
