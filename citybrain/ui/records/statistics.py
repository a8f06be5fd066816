"""Records counted by any field: charts whose every bar leads to its rows."""

from __future__ import annotations

import calendar
import datetime
import hashlib
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import vouched
from citybrain.kernel.records import statistics as counting
from citybrain.kernel.records.shape import FieldShape
from citybrain.kernel.records.statistics import SMALLEST, Bar, Breakdown
from citybrain.ui import formats
from citybrain.ui.charts import Chart, Series
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Blank, ChartPanel, Stat, Stats
from citybrain.ui.panels.panel import Link, Page, Panel, Row
from citybrain.ui.panels.tables import Choice, Column, Filters, Table
from citybrain.ui.records import values
from citybrain.ui.records.listing import Asked, ask, frame
from citybrain.ui.records.pages import RecordPages

CHARTS = 4
"""Charts of the overview."""

KNOWN_SECONDS = 60
"""How long counts may be old: over a million rows each takes a second."""

PERIODS = ("day", "month", "year")


def statistics(pages: RecordPages, request: HttpRequest) -> HttpResponse:
    """What the list asks for, counted by the fields that say most, or by the one the address names (`by`)."""
    asked = ask(pages, request)
    offered = counting.fields_of(pages.shape)
    field = next((field for field in offered if field.name == request.GET.get("by")), None)
    body = (
        chooser(pages, request, offered),
        *(one(pages, request, asked, field) if field else overview(pages, request, asked)),
    )
    return Page(**frame(pages, request, asked, "statistics"), body=body).respond(request)


def chooser(pages: RecordPages, request: HttpRequest, offered: tuple[FieldShape, ...]) -> Filters:
    """What to count by, what to add up, how long the periods are."""
    numbers = [field for field in offered if values.is_number(field)]
    choices = [Choice(name="by", title=_("Count by"), options=named(offered))]
    if numbers:
        choices.append(Choice(name="sum", title=_("Add up"), options=named(tuple(numbers))))
    words = ((_("Day")), _("Month"), _("Year"))
    choices.append(Choice(name="period", title=_("Period"), options=tuple(zip(PERIODS, words, strict=True))))
    names = ("by", "sum", "period")
    return Filters(key="filters", choices=tuple(choices), asked={name: request.GET.get(name, "") for name in names})


def named(fields: tuple[FieldShape, ...]) -> tuple[tuple[str, str], ...]:
    """Fields as options."""
    return tuple((field.name, values.titled_with_unit(field)) for field in fields)


def counted(pages: RecordPages, request: HttpRequest, asked: Asked, name: str) -> Breakdown:
    """The rows by one field; kept a minute for the same person asking the same."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = {option: request.GET.get(option, "") for option in ("sum", "period")}

    def count() -> Breakdown:
        try:
            return counting.breakdown(
                pages.shape,
                asked.rows,
                name,
                actor,
                by=given["period"] if is_moment(pages, name) else "",
                sum_of=given["sum"],
            )
        except (ValidationError, LookupError):
            return counting.breakdown(pages.shape, asked.rows, name, actor)

    who = (actor.user_id, actor.appointment_id, get_language())
    asks = repr((pages.key, name, asked.query, tuple(given.items()), who))
    key = f"records.count.{hashlib.sha256(asks.encode()).hexdigest()}"
    kept = cache.get(key)
    if kept is None:
        made = count()
        kept = (made.by, made.bars, made.rows, made.is_guarded)
        cache.set(key, kept, KNOWN_SECONDS)
    by, bars, rows, is_guarded = kept
    return Breakdown(field=pages.shape.by_name[name], by=by, bars=bars, rows=rows, is_guarded=is_guarded)


def is_moment(pages: RecordPages, name: str) -> bool:
    """Whether a field holds days."""
    return pages.shape.by_name[name].field.get_internal_type() in ("DateField", "DateTimeField")


def overview(pages: RecordPages, request: HttpRequest, asked: Asked) -> tuple[Panel | Row, ...]:
    """A chart for each of the fields that say most, two beside each other."""
    charts = [chart(pages, request, asked, name) for name in telling(pages)]
    if not charts:
        return (Blank(icon="chart-bar", text=_("These records have no field to count by.")),)
    pairs = [charts[place : place + 2] for place in range(0, len(charts), 2)]
    return tuple(Row(*pair) for pair in pairs)


def telling(pages: RecordPages) -> list[str]:
    """Fields the overview begins with: those named, else choices, area and body, and when it was made."""
    offered = {field.name: field for field in counting.fields_of(pages.shape)}
    if pages.charts:
        return [name for name in pages.charts if name in offered]
    choices = [name for name, field in offered.items() if field.field.choices]
    rest = [name for name in ("area", "organisation", "created_at") if name in offered]
    return [*choices[: CHARTS - 2], *rest][:CHARTS]


def chart(pages: RecordPages, request: HttpRequest, asked: Asked, name: str) -> ChartPanel:
    """One field as a chart; its bars lead to their rows."""
    found = counted(pages, request, asked, name)
    bars = found.bars
    is_summed = any(bar.total is not None for bar in bars)
    upright = found.by in (*PERIODS, "bin")
    series = Series(
        title=_("Sum") if is_summed else _("Records"),
        values=[float(bar.total) if bar.total is not None else bar.count for bar in bars],
    )
    drawn = Chart(
        kind="bars" if upright else "ranks",
        labels=[bar.title for bar in bars],
        series=(series,),
        links=[address(pages, asked, found, bar) for bar in bars],
    )
    given = {**QueryDict(asked.query).dict(), "by": name}
    notes = [_("%s records") % formats.number(found.rows)]
    if found.is_guarded and found.hidden:
        notes.append(_("counts below %d are not shown") % SMALLEST)
    return ChartPanel(
        title=values.titled_with_unit(found.field),
        note=" · ".join(notes),
        more=Link(title=_("Numbers"), url=f"{pages.url('statistics')}?{urlencode(given)}"),
        chart=drawn if bars else None,
        empty=_("Nothing to count."),
        height="middle",
        key=f"by-{name}",
    )


def one(pages: RecordPages, request: HttpRequest, asked: Asked, field: FieldShape) -> tuple[Panel | Row, ...]:
    """One field in full: the chart, and the numbers with their rows behind them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = counted(pages, request, asked, field.name)
    whole = max(found.rows, 1)
    is_summed = any(bar.total is not None for bar in found.bars)
    columns = [
        Column(title=values.titled_with_unit(field), value="title", link=lambda bar: address(pages, asked, found, bar)),
        Column(
            title=_("Records"),
            align="right",
            cell=cells.text,
            value=lambda bar: formats.number(bar.count) if bar.count is not None else _("fewer than %d") % SMALLEST,
        ),
        Column(title=_("Share"), align="right", cell=cells.share, value=lambda bar: (bar.count or 0) / whole),
    ]
    if is_summed:
        columns.insert(2, Column(title=_("Sum"), align="right", value=lambda bar: formats.number(bar.total, 2)))
    table = Table(
        key="numbers", columns=tuple(columns), rows=vouched(found.bars, actor, pages.permission("view")), cards=False
    )
    total = Stats(stats=(Stat(title=_("Records"), value=found.rows, url=f"{pages.url('list')}?{asked.query}"),))
    return (total, Row(chart(pages, request, asked, field.name), table))


def address(pages: RecordPages, asked: Asked, found: Breakdown, bar: Bar) -> str:
    """The list with the rows of one bar; empty where no filter asks for them."""
    if bar.count is None or bar.is_rest or not found.field.is_filtered:
        return ""
    name = found.field.name
    own = (
        "by",
        "sum",
        "period",
        name,
        f"{name}__from",
        f"{name}__to",
        f"{name}__min",
        f"{name}__max",
        f"{name}__empty",
    )
    kept = [(key, value) for key, value in QueryDict(asked.query).items() if key not in own]
    drill = {f"{name}__empty": "true"} if not bar.key else ends(found, bar)
    if not drill or any(key not in asked.filters.filters and key != "tab" for key in drill):
        return ""
    if name == pages.tab_field:
        kept, drill = [pair for pair in kept if pair[0] != "tab"], {"tab": bar.key}
    return f"{pages.url('list')}?{urlencode([*kept, *drill.items()])}"


def ends(found: Breakdown, bar: Bar) -> dict[str, Any]:
    """The parameters that ask for the rows of a bar."""
    name = found.field.name
    if found.by in PERIODS:
        start = datetime.date.fromisoformat(bar.key)
        return {f"{name}__from": start.isoformat(), f"{name}__to": last_day(start, found.by).isoformat()}
    if found.by == "bin":
        keys = [float(one.key) for one in found.bars if one.key]
        step = keys[1] - keys[0] if len(keys) > 1 else 1
        low = float(bar.key)
        high = low + step - (1 if found.field.field.get_internal_type().endswith("IntegerField") else 0)
        return {f"{name}__min": f"{low:g}", f"{name}__max": f"{high:g}"}
    return {name: bar.key}


def last_day(start: datetime.date, by: str) -> datetime.date:
    """The last day of a period that begins with `start`."""
    if by == "year":
        return start.replace(month=12, day=31)
    if by == "month":
        return start.replace(day=calendar.monthrange(start.year, start.month)[1])
    return start
