"""How numbers, sizes, durations and ages are written, in Chinese (万, 亿) and English (k, M)."""

from __future__ import annotations

import datetime

from django.utils.timezone import now as current_time
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

NOTHING = "—"
"""What stands where there is no value: never 0, which would be a claim."""

GOOD, FAIR = 90.0, 75.0
"""Lower ends of the two upper score bands; below the second the chip turns red."""


def is_chinese() -> bool:
    """Whether the page is being written in Chinese."""
    return (get_language() or "").startswith("zh")


def number(value: float | None, places: int = 0) -> str:
    """The number with thousands separators: `1,234,567`; a dash for None."""
    return NOTHING if value is None else f"{value:,.{places}f}"


def exact(value: float | None) -> str:
    """The number with all the decimals it has, up to six."""
    return NOTHING if value is None else f"{value:,.6f}".rstrip("0").rstrip(".")


def short(value: float | None) -> str:
    """The number in few characters: `123.5万` in Chinese, `1.23M` in English; exact below 10 000."""
    if value is None:
        return NOTHING
    steps = ((1e8, "亿"), (1e4, "万")) if is_chinese() else ((1e9, "bn"), (1e6, "M"), (1e4, "k"))
    for step, word in steps:
        if abs(value) >= step:
            scale = 1e3 if word == "k" else step
            figure = value / scale
            return f"{figure:,.{2 if figure < 10 else 1 if figure < 1000 else 0}f}{word}"
    return number(value)


def percent(value: float | None, places: int = 1) -> str:
    """A share from 0 to 1 as a percentage; 100 % and 0 % only when they are exact."""
    if value is None:
        return NOTHING
    shown = f"{value * 100:.{places}f}"
    edge = 10**-places
    if value < 1 and float(shown) >= 100:
        return f"> {100 - edge:.{places}f}%"
    if value > 0 and float(shown) == 0:
        return f"< {edge:.{places}f}%"
    return f"{shown.rstrip('0').rstrip('.') if '.' in shown else shown}%"


def size(octets: float | None) -> str:
    """Bytes in units of 1024: `3.4 MB`."""
    if octets is None:
        return NOTHING
    figure = float(octets)
    for unit in ("B", "KB", "MB", "GB"):
        if abs(figure) < 1024:
            return f"{figure:.0f} B" if unit == "B" else f"{figure:.1f} {unit}"
        figure /= 1024
    return f"{figure:.1f} TB"


def duration(seconds: float | datetime.timedelta | None) -> str:
    """A span of time: `340 ms`, `12.4 s`, `3 min 20 s`, `2 h 5 min`."""
    if seconds is None:
        return NOTHING
    span = seconds.total_seconds() if isinstance(seconds, datetime.timedelta) else float(seconds)
    if span < 1:
        return _("%d ms") % round(span * 1000)
    if span < 60:
        return _("%.1f s") % span
    minutes, rest = divmod(round(span), 60)
    if minutes < 60:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    return _("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}


def age(moment: datetime.datetime | None, now: datetime.datetime | None = None) -> str:
    """How long ago `moment` was, in its largest unit: `3 小时前`; a moment still to come says so."""
    if moment is None:
        return NOTHING
    seconds = int(((now or current_time()) - moment).total_seconds())
    if seconds < -60:
        return _("in %s") % ahead(-seconds)
    if seconds < 60:
        return _("just now")
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 60:
        return ngettext("%d minute ago", "%d minutes ago", minutes) % minutes
    if hours < 24:
        return ngettext("%d hour ago", "%d hours ago", hours) % hours
    if days < 60:
        return ngettext("%d day ago", "%d days ago", days) % days
    if days < 730:
        return ngettext("%d month ago", "%d months ago", days // 30) % (days // 30)
    return ngettext("%d year ago", "%d years ago", days // 365) % (days // 365)


def ahead(seconds: int) -> str:
    """A span still to come, in its largest unit."""
    if seconds < 3600:
        return ngettext("%d minute", "%d minutes", seconds // 60) % (seconds // 60)
    if seconds < 86400:
        return ngettext("%d hour", "%d hours", seconds // 3600) % (seconds // 3600)
    return ngettext("%d day", "%d days", seconds // 86400) % (seconds // 86400)


def band(score: float | None) -> str:
    """The band of a quality score (0-100): `good`, `fair`, `bad`, or `none` where there is none."""
    if score is None:
        return "none"
    return "good" if score >= GOOD else "fair" if score >= FAIR else "bad"
