"""The appraisal at a glance (考核总览): what was done in a period, beside the one before; who did how."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from citybrain.centre.appraisal.measures import BY_KEY, MEASURES
from citybrain.centre.appraisal.measuring import Measure, Unit
from citybrain.centre.appraisal.pages.asking import Asking, asking, filters
from citybrain.centre.appraisal.queries import Line, Value, behind, values
from citybrain.centre.appraisal.scoring import PRIOR, WEIGHTS, Score, interval, scores
from citybrain.centre.appraisal.wording import in_words, named
from citybrain.centre.events.models import Event
from citybrain.centre.events.pages import parts
from citybrain.centre.events.permissions import APPRAISAL
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import vouched
from citybrain.ui import formats
from citybrain.ui.access import requires
from citybrain.ui.charts import Chart, Series
from citybrain.ui.paging import Paging, page_number
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import ChartPanel, Fact, Facts, Notice, Stat, Stats
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Row, Tone
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.templatetags import shown

HEAD = ("accepted", "closing", "closing_in_time", "fixed", "rework", "solved", "handle_hours", "found")
"""Indicators of the row of figures."""

BOARDS = (
    ("body", gettext_lazy("Departments and towns")),
    ("town", gettext_lazy("Towns")),
    ("type", gettext_lazy("Classes")),
    ("channel", gettext_lazy("Channels")),
)

BESIDE = ("accepted", "closing", "closing_in_time", "fixed", "rework", "handle_hours", "solved")
"""Indicators of a board's columns."""

ROWS = 20
"""Events on a page."""

LONGEST_CHART = 92
"""Days up to which the chart has a point a day."""


def appraisal_page(title: str, *way: Link, **options: Any) -> Page:
    """A page of the appraisal."""
    return parts.page(title, Link(_("Appraisal"), reverse("appraisal")), *way, **options)


@requires(APPRAISAL)
def overview(request: HttpRequest) -> HttpResponse:
    """The whole period: figures, course, boards."""
    found = asking(request)
    now, before = whole(found), whole(found, before=True)
    return parts.page(
        _("Appraisal"),
        note=f"{found.when.first:%Y-%m-%d} – {found.when.last:%Y-%m-%d}",
        ways=ways(found),
        way=f"{reverse('appraisal')}?{found.query()}",
        actions=registers(found.actor),
        body=(
            filters(found),
            *notices(found),
            Stats(stats=tuple(stat(found, BY_KEY[key], now, before) for key in HEAD), note=found.source),
            Row(course(found), answered_or_fixed(found, now), widths="main"),
            board(found, "body", now, limit=10),
            all_measures(found, now, before),
        ),
        help=_("Every figure follows from the journals of events; click one to see the events behind it."),
    ).respond(request)


def registers(actor: Actor) -> tuple[Action, ...]:
    """The doors to the monthly reports and to what is done against repetition."""
    doors = (
        ("monthly-report", _("Monthly reports"), "file"),
        ("prevention-item", _("Prevention items"), "shield-check"),
    )
    return tuple(
        Action(title, reverse(f"records:{key}:list"), icon) for key, title, icon in doors if actor.may(f"{key}:view")
    )


@requires(APPRAISAL)
def board_page(request: HttpRequest, by: str) -> HttpResponse:
    """One board, whole. 404 for a breakdown there is none of."""
    titles = dict(BOARDS)
    if by not in titles:
        raise Http404
    found = asking(request)
    return appraisal_page(
        str(titles[by]),
        note=f"{found.when.first:%Y-%m-%d} – {found.when.last:%Y-%m-%d}",
        ways=ways(found),
        way=f"{reverse('appraisal-board', args=[by])}?{found.query()}",
        body=(filters(found), *notices(found), board(found, by, whole(found)), explained(found)),
        help=_("Rates are smoothed: a group with few cases is drawn towards the county's mean."),
    ).respond(request)


@requires(APPRAISAL)
def measure_page(request: HttpRequest, key: str) -> HttpResponse:
    """One indicator: its formula, its value by body, and the events behind it. 404 for a key there is none of."""
    measure = BY_KEY.get(key)
    if measure is None:
        raise Http404
    found = asking(request)
    missed = request.GET.get("rows") == "missed" and measure.below is not None
    now, before = whole(found, measure), whole(found, measure, before=True)
    rows = behind(found.rows, measure, found.when.period, missed=missed)
    return appraisal_page(
        str(measure.name),
        note=f"{found.when.first:%Y-%m-%d} – {found.when.last:%Y-%m-%d}",
        body=(
            filters(found),
            Row(
                definition(found, measure, now.values[key], before.values[key]),
                *(by_group(found, measure, by) for by in measure.by),
                widths="aside" if len(measure.by) == 1 else "even",
            ),
            rows_table(found, measure, rows, missed, page_number(request.GET.get("page"))),
        ),
        help=measure.formula,
    ).respond(request)


def whole(found: Asking, *measures: Measure, before: bool = False) -> Line:
    """The values of the period, or of the one before it, in one line."""
    period = found.when.period.before if before else found.when.period
    return values(found.rows, period, measures=measures or MEASURES)[0]


def ways(found: Asking) -> tuple[Link, ...]:
    """Overview, boards, and the other pages of the appraisal."""
    icons = {"body": "building", "town": "map-pin", "type": "tags", "channel": "speakerphone"}
    return (
        Link(_("Overview"), f"{reverse('appraisal')}?{found.query()}", "layout-dashboard"),
        *(Link(title, f"{reverse('appraisal-board', args=[by])}?{found.query()}", icons[by]) for by, title in BOARDS),
        Link(pgettext("appraisal", "Patrols"), f"{reverse('appraisal-patrols')}?{found.query()}", "walk"),
    )


def notices(found: Asking) -> tuple[Panel, ...]:
    """What is not counted."""
    left_out = found.left_out()
    return (Notice(text=_("Not counted: %s.") % left_out, tone="quiet"),) if left_out else ()


def tone(value: Value, before: Value) -> Tone:
    """Whether it became better or worse."""
    better = value.measure.is_higher_better
    if better is None or value.value is None or before.value is None or value.value == before.value:
        return "quiet"
    return "good" if (value.value > before.value) is better else "bad"


def compared(value: Value, before: Value) -> str:
    """The period before, in words."""
    return _("before: %s") % in_words(before)


def stat(found: Asking, measure: Measure, now: Line, before: Line) -> Stat:
    """One figure."""
    value, earlier = now.values[measure.key], before.values[measure.key]
    is_long = measure.unit is Unit.HOURS and value.value is not None
    return Stat(
        measure.name,
        formats.number(value.value, 1) if is_long else in_words(value),
        cells.number_text,
        unit=_("hours") if is_long else "",
        url=measure_url(found, measure),
        under=compared(value, earlier),
        tone=tone(value, earlier),
    )


def measure_url(found: Asking, measure: Measure, **more: str) -> str:
    """The page of an indicator with the same question."""
    return f"{reverse('appraisal-measure', args=[measure.key])}?{found.query(**more)}"


def course(found: Asking) -> ChartPanel:
    """Told and closed, day by day (by week in long periods)."""
    period = found.when.period
    days = (found.when.last - found.when.first).days + 1
    step = 1 if days <= LONGEST_CHART else 7
    labels = [found.when.first + timedelta(days=place) for place in range(0, days, step)]
    series = []
    for title, column, colour in (
        (BY_KEY["told"].name, "opened_at", "data"),
        (pgettext("appraisal", "Closed"), "closed_at", "good"),
    ):
        rows = found.rows.filter(period.within(column), excluded="").annotate(on=TruncDate(column)).order_by()
        counted = dict(rows.values_list("on").annotate(n=Count("pk")))
        sums = [sum(counted.get(day + timedelta(days=more), 0) for more in range(step)) for day in labels]
        series.append(Series(title=title, values=sums, tone=colour))
    return ChartPanel(
        title=_("Told and closed"),
        chart=Chart(kind="bars", labels=[f"{day:%m-%d}" for day in labels], series=series),
        source=found.source,
    )


def answered_or_fixed(found: Asking, now: Line) -> ChartPanel:
    """What came of what was closed: fixed and answered are kept apart."""
    rows = found.rows.filter(found.when.period.within("closed_at"), excluded="").order_by()
    counted = dict(rows.values_list("result").annotate(n=Count("pk")))
    labels = dict(results())
    known = [(key, counted[key]) for key in labels if counted.get(key)]
    chart = Chart(
        kind="ring",
        labels=[labels[key] for key, _count in known],
        series=[Series(title=pgettext("appraisal", "Closed"), values=[count for _key, count in known])],
    )
    return ChartPanel(
        title=_("What came of it"),
        chart=chart if known else None,
        empty=_("Nothing was closed in this period."),
        source=_("Fixed means shown by a picture or a sensor; an answer alone is no repair."),
    )


def results() -> list[tuple[str, str]]:
    """Results in words."""
    return [(key, str(title)) for key, title in Event.Result.choices]


def board(found: Asking, by: str, county: Line, limit: int | None = None) -> Table:
    """Groups with their scores, the best first."""
    ranked = scores(values(found.rows, found.when.period, by=by), county)
    link = f"{reverse('appraisal-board', args=[by])}?{found.query()}"
    return Table(
        title=dict(BOARDS)[by],
        note=_("difficulty-weighted, smoothed by %d cases at the county's rate") % PRIOR,
        more=Link(_("All"), link) if limit and len(ranked) > limit else None,
        rows=vouched(ranked[:limit], found.actor, APPRAISAL),
        columns=(
            Column(pgettext("appraisal", "Group"), lambda score: named(by, score.line.key), link=narrowing(found, by)),
            Column(pgettext("appraisal", "Score"), lambda score: score.points, cells.scored, align="right"),
            *(measured(BY_KEY[key], place) for place, key in enumerate(BESIDE)),
        ),
        empty=_("No events were handled in this period."),
    )


def narrowing(found: Asking, by: str) -> Any:
    """Where a group's name leads: the overview of it alone, where the bar can ask for it."""
    if by not in ("town", "body", "channel"):
        return None
    return lambda score: f"{reverse('appraisal')}?{found.query(**{by: str(score.line.key)})}" if score.line.key else ""


def measured(measure: Measure, place: int) -> Column:
    """A column of an indicator, with its interval."""

    def under(score: Score) -> str:
        reach = interval(score.line.values[measure.key])
        return f"{reach[0] * 100:.0f}–{reach[1] * 100:.0f}%" if reach else ""

    return Column(
        measure.name,
        lambda score: in_words(score.line.values[measure.key]),
        under=under if measure.unit is Unit.RATE else None,
        align="right",
        weight=1 if place < 2 else min(place, 5),  # type: ignore[arg-type]
    )


def explained(found: Asking) -> Facts:
    """How the score is made, in words."""
    facts = [
        Fact(BY_KEY[key].name, f"{formats.percent(weight, 0)} · {BY_KEY[key].formula}")
        for key, weight in WEIGHTS.items()
    ]
    text = _(
        "100 times the weighted mean of these rates; rates where less is better are turned round. "
        "Each rate is smoothed as if the group had had %d further cases at the county's rate; "
        "small figures show the 95 %% interval."
    )
    return Facts(
        title=_("How the score is made"),
        note=text % PRIOR,
        of=vouched([], found.actor, APPRAISAL),
        facts=tuple(facts),
    )


def all_measures(found: Asking, now: Line, before: Line) -> Table:
    """Every indicator with its value, the one before, and its formula."""
    return Table(
        title=_("All indicators"),
        rows=vouched(list(MEASURES), found.actor, APPRAISAL),
        columns=(
            Column(_("Indicator"), "name", link=lambda measure: measure_url(found, measure)),
            Column(_("Value"), lambda measure: in_words(now.values[measure.key]), align="right"),
            Column(
                pgettext("appraisal", "Before"),
                lambda measure: in_words(before.values[measure.key]),
                align="right",
                weight=2,
            ),
            Column(_("Cases"), lambda measure: now.values[measure.key].below, cells.number, weight=3),
            Column(_("Formula"), "formula", wraps=True, weight=4),
        ),
    )


def definition(found: Asking, measure: Measure, now: Value, before: Value) -> Facts:
    """What the indicator is, and what it says."""
    reach = interval(now)
    facts = [
        Fact(_("Value"), in_words(now)),
        Fact(pgettext("appraisal", "Before"), in_words(before)),
        Fact(_("Cases"), now.below, cells.number),
        Fact(_("95 % interval"), f"{formats.percent(reach[0])} – {formats.percent(reach[1])}" if reach else None),
        Fact(_("Name in the standard"), measure.chinese, cells.chinese),
        Fact(_("Formula"), measure.formula, is_wide=True),
        Fact(_("Where the formula is from"), marks()[measure.mark], is_wide=True),
    ]
    return Facts(title=measure.name, of=vouched([], found.actor, APPRAISAL), facts=tuple(facts))


def marks() -> dict[str, str]:
    """What the marks of formulas say."""
    return {
        "V": _("Read in published texts on GB/T 30428.4."),
        "C": _("Read in a public implementation of the standard; not yet held against its own text."),
        "K": _("The name is in use; the formula is the usual one."),
        "P": _("The name is in use; the formula is ours."),
        "O": _("Our own."),
    }


GROUPED = {
    "body": gettext_lazy("By body"),
    "area": gettext_lazy("By patrolled area"),
    "type": gettext_lazy("By class"),
}
"""Columns an indicator's page breaks it down by, in words."""


def by_group(found: Asking, measure: Measure, by: str) -> ChartPanel:
    """The indicator by department and town, by patrolled area or by class."""
    lines = [line for line in values(found.rows, found.when.period, by=by, measures=(measure,)) if line.key]
    known = [(named(by, line.key), line.values[measure.key].value) for line in lines]
    ranked = sorted(((name, value) for name, value in known if value), key=lambda one: -one[1])[:15]
    factor, unit = (100, "%") if measure.unit is Unit.RATE else (1, "")
    chart = Chart(
        kind="ranks",
        labels=[name for name, _value in ranked],
        series=[Series(title=str(measure.name), values=[round(value * factor, 2) for _name, value in ranked])],
        unit=unit,
    )
    empty = _("Nobody has such a case in this period.")
    return ChartPanel(title=GROUPED[by], chart=chart if ranked else None, empty=empty, source=found.source)


def rows_table(found: Asking, measure: Measure, rows: Any, missed: bool, page: int) -> Table:
    """The events behind the figure; a switch shows those that it misses."""
    place = Paging(page, rows.count(), ROWS)
    ordered = rows.select_related("event").order_by("-opened_at", "pk")
    switch = None
    if measure.below is not None:
        words = _("Those that count") if missed else _("Those that are missing")
        switch = Link(words, measure_url(found, measure, **({} if missed else {"rows": "missed"})))
    return Table(
        title=_("Events it misses") if missed else _("Events it counts"),
        more=switch,
        rows=ordered[place.offset : place.offset + place.size],
        paging=place,
        columns=(
            Column(_("Number"), "event.number", cells.number_text, link=lambda fact: parts.url_of(fact.event)),
            Column(_("Matter"), "event.title", wraps=True),
            Column(_("Class"), lambda fact: named("type", fact.type), weight=3),
            Column(_("Body"), lambda fact: named("body", fact.body_id), weight=2),
            Column(_("First told"), "opened_at", shown.moment, weight=4),
            Column(_("Closed"), "closed_at", shown.moment, weight=5),
        ),
        empty=_("No such event in this period."),
    )
