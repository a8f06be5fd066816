"""What stands in a monthly report (月报): headings, paragraphs, tables and bars, whatever file is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.centre.appraisal.collection import COLLECTION
from citybrain.centre.appraisal.measures import BY_KEY, EXCLUSIONS, MEASURES
from citybrain.centre.appraisal.measuring import Period
from citybrain.centre.appraisal.models import CaseFact
from citybrain.centre.appraisal.periods import month_of
from citybrain.centre.appraisal.queries import Line, excluded, values
from citybrain.centre.appraisal.scoring import PRIOR, scores
from citybrain.centre.appraisal.wording import in_words, named
from citybrain.ui import formats
from citybrain.ui.county import county
from citybrain.ui.formats import is_chinese

SHORT = ("told", "accepted", "closing", "closing_in_time", "fixed", "answered", "handle_hours", "rework", "solved")
"""Indicators of the first paragraph."""

SHOWN = 12
"""Groups in a table of the report."""


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading of the second level."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Plain words."""

    text: str
    is_note: bool = False
    """Whether it is set small: sources, reservations."""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    """Shares of the width, adding up to 1."""
    words: tuple[int, ...] = (0,)
    """Columns of words; the others are figures."""


@dataclass(frozen=True, kw_only=True)
class Bars:
    """Lying bars of one figure."""

    title: str
    bars: tuple[tuple[str, float, str], ...]
    """Name, value, value in words."""


Block = Heading | Paragraph | Grid | Bars


@dataclass(frozen=True, kw_only=True)
class Document:
    """A whole report."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]


def monthly(month: date, *, made_at: str = "") -> Document:
    """The report of a month over the whole county, in the language that is active."""
    when = month_of(month)
    rows = CaseFact.objects.all()
    now, before = values(rows, when.period)[0], values(rows, when.period.before)[0]
    told = county()
    period = f"{when.first:%Y-%m-%d} – {when.last:%Y-%m-%d}"
    stamp = made_at or f"{timezone.localtime():%Y-%m-%d %H:%M}"
    return Document(
        title=_("%(county)s: handling of events, %(month)s") % {"county": told.title, "month": f"{when.first:%Y-%m}"},
        subtitle=_("Period %(period)s; made %(at)s from the journals of events") % {"period": period, "at": stamp},
        blocks=(
            Heading(text=_("In short")),
            Paragraph(text=_short(now)),
            Heading(text=_("Indicators")),
            _indicators(now, before),
            Heading(text=_("Departments and towns")),
            *_board("body", now, when.period),
            Heading(text=_("Towns, by where events lie")),
            *_board("town", now, when.period),
            Heading(text=pgettext("appraisal", "Patrols")),
            *_patrols(now, when.period),
            Heading(text=_("Most frequent classes")),
            _classes(when.period),
            Heading(text=_("What is not counted, and what is not known")),
            *_reservations(when.period),
            Heading(text=_("How the indicators are reckoned")),
            _formulas(),
        ),
    )


def _short(now: Line) -> str:
    said = {key: in_words(value) for key, value in now.values.items()}
    return _(
        "%(told)s events were told and %(accepted)s accepted. Of those that should have been closed, %(closing)s were, "
        "%(closing_in_time)s in time. Of the closed ones %(fixed)s were shown to be fixed and %(answered)s only "
        "answered. Handling took %(handle_hours)s on the average; %(rework)s went back to work. "
        "Of the reporters who rated, %(solved)s call their matter solved."
    ) % {key: said[key] for key in SHORT}


def _indicators(now: Line, before: Line) -> Grid:
    rows = tuple(
        (
            measure.name,
            in_words(now.values[measure.key]),
            in_words(before.values[measure.key]),
            formats.number(now.values[measure.key].below) if now.values[measure.key].below is not None else "",
        )
        for measure in MEASURES
    )
    return Grid(
        heads=(_("Indicator"), pgettext("appraisal", "Month"), pgettext("appraisal", "Before"), _("Cases")),
        rows=rows,
        widths=(0.46, 0.2, 0.2, 0.14),
    )


def _formulas() -> Grid:
    rows = tuple((str(measure.name), str(measure.formula)) for measure in MEASURES)
    return Grid(heads=(_("Indicator"), _("Formula")), rows=rows, widths=(0.27, 0.73), words=(0, 1))


def _board(by: str, county_line: Line, period: Period) -> Sequence[Block]:
    ranked = [score for score in scores(values(CaseFact.objects.all(), period, by=by), county_line) if score.line.key]
    columns = ("accepted", "closing", "closing_in_time", "fixed", "rework")
    heads = (pgettext("appraisal", "Group"), pgettext("appraisal", "Score"), *(BY_KEY[key].name for key in columns))
    rows = tuple(
        (
            named(by, score.line.key),
            formats.number(score.points, 1) if score.points is not None else formats.NOTHING,
            *(in_words(score.line.values[key]) for key in columns),
        )
        for score in ranked[:SHOWN]
    )
    work = sorted(ranked, key=lambda score: -score.line.values["accepted"].above)[:SHOWN]
    bars = tuple(
        (named(by, score.line.key), score.line.values["accepted"].above, in_words(score.line.values["accepted"]))
        for score in work
        if score.line.values["accepted"].above
    )
    if not rows:
        return (Paragraph(text=_("No events were handled in this period.")),)
    grid = Grid(heads=heads, rows=rows, widths=(0.25, 0.1, 0.13, 0.13, 0.14, 0.12, 0.13))
    return (Bars(title=BY_KEY["accepted"].name, bars=bars), grid) if bars else (grid,)


def _patrols(now: Line, period: Period) -> Sequence[Block]:
    lines = [line for line in values(CaseFact.objects.all(), period, by="town", measures=COLLECTION) if line.key]
    lines = [line for line in lines if any(value.above for value in line.values.values())]
    lines.sort(key=lambda line: -line.values["patrol_valid"].above)
    told = _(
        "%(patrol_valid)s events that patrols told were accepted; %(patrol_valid_rate)s of their reports were valid."
    )
    missed = _(
        "Inspections found %(patrol_missed)s that patrols should have told and had not: %(patrol_missed_rate)s of both."
    )
    nobody = _("Nobody inspected the patrols: what they missed is not known.")
    said = {key: in_words(value) for key, value in now.values.items()}
    texts = (told % said, missed % said if now.values["patrol_missed"].is_known else nobody)
    rows = tuple(
        (named("town", line.key), *(in_words(line.values[measure.key]) for measure in COLLECTION))
        for line in lines[:SHOWN]
    )
    heads = (pgettext("place of an event", "Town"), *(measure.name for measure in COLLECTION))
    grid = Grid(heads=heads, rows=rows, widths=(0.25, 0.15, 0.15, 0.15, 0.15, 0.15))
    return (Paragraph(text=" ".join(texts) if not is_chinese() else "".join(texts)), *((grid,) if rows else ()))


def _classes(period: Period) -> Grid:
    lines = values(CaseFact.objects.all(), period, by="type")
    ranked = sorted(lines, key=lambda line: -line.values["accepted"].above)[:SHOWN]
    rows = tuple(
        (
            named("type", line.key),
            in_words(line.values["accepted"]),
            in_words(line.values["closing_in_time"]),
            in_words(line.values["handle_hours"]),
        )
        for line in ranked
        if line.values["accepted"].above
    )
    heads = (_("Class"), *(BY_KEY[key].name for key in ("accepted", "closing_in_time", "handle_hours")))
    return Grid(heads=heads, rows=rows, widths=(0.4, 0.2, 0.2, 0.2))


def _reservations(period: Period) -> Sequence[Paragraph]:
    left_out = excluded(CaseFact.objects.all(), period)
    each = (_("%(why)s: %(count)d") % {"why": EXCLUSIONS[key], "count": n} for key, n in sorted(left_out.items()))
    words = _("; ").join(each) or _("nothing")
    weighed = _("Scores weigh difficulty and are smoothed by %d cases at the county's rate; few cases say little.")
    unknown = _(
        "“Fixed” means shown by a picture or a sensor and checked by somebody else; whether it lasts is not known. "
        "Only reporters who rated are heard in “solved”. A dash means that there was no case."
    )
    return (
        Paragraph(text=_("Left out: %s.") % words),
        Paragraph(text=weighed % PRIOR, is_note=True),
        Paragraph(text=unknown, is_note=True),
    )
