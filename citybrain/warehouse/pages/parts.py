"""Pieces that several pages of the warehouse show alike: tags, buttons, tables of loads, passes and changed columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citybrain.declare.element import Element
from citybrain.declare.role import Reach
from citybrain.declare.words import Grade, ShareType, UpdateCycle
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Scope, reaches
from citybrain.kernel.registry.registry import registry
from citybrain.ui import formats
from citybrain.ui.charts import Chart, Series
from citybrain.ui.paging import Paging, paging
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Stat
from citybrain.ui.panels.panel import Action, Link, Page, Tag, Text
from citybrain.ui.panels.tables import Column, Rows, Table
from citybrain.ui.templatetags.shown import titled, tone
from citybrain.warehouse.catalogue.models import Dataset, Field
from citybrain.warehouse.catalogue.queries import Point
from citybrain.warehouse.permissions import DECIDE, START, VIEW

ON_PAGE = 30
"""Loads or passes on a page."""

GRADE_TONES = {Grade.L1: "good", Grade.L2: "data", Grade.L3: "fair", Grade.L4: "bad"}


def page(title: str, *way: Link, **options: Any) -> Page:
    """A page of the warehouse; `way` leads down to it."""
    return Page(title=title, system=_("Data warehouse"), crumbs=way, **options)


def link(thing: Any, name: str, title: str = "") -> Link:
    """A link to the page `name` of a thing that has a key."""
    return Link(title or titled(thing), reverse(name, args=[thing.key]))


def to(name: str, key: Callable[[Any], str], query: str = "") -> Callable[[Any], str]:
    """Where a row leads: the page `name` of what `key` finds in it."""
    return lambda row: reverse(name, args=[key(row)]) + query


def share(part: int, whole: int) -> float | None:
    """part / whole; None when there is no whole."""
    return part / whole if whole else None


def of_the_rows(part: int, whole: int) -> Text:
    """What share of the rows it is."""
    known = share(part, whole)
    return "" if known is None else _("%(share)s of the rows") % {"share": formats.percent(known, 2)}


def grade_tag(grade: str, *, whole: bool = False) -> Tag | None:
    """A security grade; `whole` with its word."""
    if grade not in set(Grade):
        return None
    known, words = Grade(grade), _(Grade(grade).label)
    return Tag(f"{known} {words}" if whole else known, GRADE_TONES[known], help=words)  # type: ignore[arg-type]


def origin_tag(is_real: bool, attribution: str = "") -> Tag:
    """Whether rows are published real data, or made by the rehearsal county."""
    if is_real:
        return Tag(_("Real data"), "good", help=attribution)
    help_text = _("Made by the rehearsal county: no real person or firm is in it.")
    return Tag(_("Rehearsal data"), "demo", help=help_text)


def dataset_tags(dataset: Dataset) -> tuple[Tag | None, ...]:
    """What is to be known of a dataset at once: that its data are real, or held."""
    held = Tag(dataset.get_state_display(), "bad") if dataset.state == Dataset.State.HELD else None
    return (origin_tag(is_real=True, attribution=dataset.attribution) if dataset.is_real else None, held)


def dataset_column(of: Callable[[Any], Dataset], query: str = "", **options: Any) -> Column:
    """The column of a row's dataset, which leads there."""
    return Column(
        **{
            "title": _("Dataset"),
            "value": lambda row: titled(of(row)),
            "link": to("dataset", lambda row: of(row).key, query),
            "sort": "dataset",
            **options,
        }
    )


def problems_column(actor: Actor, of: Callable[[Any], Dataset], **options: Any) -> Column:
    """The column of a dataset's problem rows, leading to them where the person may see them; a dash before any pass."""

    def url(row: Any) -> str:
        dataset = of(row)
        seen = dataset.problem_rows and reaches(dataset, actor, VIEW, scope=Dataset.ROWS)
        return reverse("dataset", args=[dataset.key]) + "?tab=problems" if seen else ""

    def number(row: Any) -> int | None:
        return of(row).problem_rows if of(row).governed_at else None

    return Column(_("Problem rows"), number, cells.number, link=url, weight=2, **options)


def field_name(field: Field) -> SafeString:
    """A column's name as delivered, and in Chinese where that says more."""
    return cells.lines(cells.mono(field.name), field.chinese if field.chinese != field.name else "")


def element_link(element: Element | None) -> SafeString:
    """A data element's name, leading to its page."""
    return cells.link(titled(element), reverse("element", args=[element.key])) if element else cells.text(None)


def element_of(key: str) -> Element | None:
    """The declared element with a key."""
    return registry().find(Element, key) if key else None


def share_words(name: str) -> str:
    """Words for a share attribute's name."""
    return _(ShareType[name].title) if name in ShareType.__members__ else name


def cycle_words(cycle: str) -> str:
    """Words for an update cycle."""
    return _(UpdateCycle(cycle).label) if cycle in set(UpdateCycle) else cycle


def state_of(name: str) -> Callable[[Any], tuple[str, str]]:
    """A row's state by its field `name`: words and tone."""
    return lambda row: (getattr(row, f"get_{name}_display")(), tone(getattr(row, name)))


def score_stat(score: float | None, history: Sequence[Point], url: str = "") -> Stat:
    """The figure of a quality score, with its course."""
    band = formats.band(score)
    return Stat(
        _("Quality score"),
        score,
        lambda value: cells.number(value, 1),
        unit="/ 100",
        url=url,
        trend=tuple(point.score for point in history),
        tone="quiet" if band == "none" else band,
    )


def trend_chart(history: Sequence[Point]) -> Chart | None:
    """A score over time as a chart; None below two values."""
    known = [point.score for point in history if point.score is not None]
    if len(known) < 2:
        return None
    labels = [timezone.localtime(point.at).strftime("%m-%d %H:%M") for point in history]
    series = Series(title=_("Score"), values=[point.score for point in history])
    lowest = max(0, math.floor(min(known)) - 2)
    return Chart(kind="line", labels=labels, series=[series], minimum=lowest, maximum=100)


def start_action(
    actor: Actor, job: str, title: str, *, on: Any = None, scope: Scope | None = None, is_main: bool = True
) -> tuple[Action, ...]:
    """The button that starts a job, on one source or dataset or on everything; none for who may not."""
    allowed = reaches(on, actor, START, scope=scope) if on is not None else actor.reach(START) is Reach.COUNTY
    if not allowed:
        return ()
    values = (("job", job), *(((type(on).__name__.lower(), on.key),) if on is not None else ()))
    return (Action(title, reverse("start"), "player-play", post=True, values=values, is_main=is_main),)


def yes_no(url: str, name: str, yes: Text, no: Text) -> tuple[Action, ...]:
    """The two buttons of a decision, sent as `name`."""
    return (
        Action(yes, url, "check", post=True, values=((name, "yes"),)),
        Action(no, url, "x", post=True, values=((name, "no"),)),
    )


def match_buttons(actor: Actor) -> Callable[[Field], tuple[Action, ...]]:
    """What the person may decide about a field's match."""

    def buttons(field: Field) -> tuple[Action, ...]:
        if field.match == Field.Match.CONFIRMED or not element_of(field.element_key):
            return ()
        if not reaches(field, actor, DECIDE, scope=Field.ROWS):
            return ()
        refused = field.match == Field.Match.REFUSED
        yes = _("Confirm after all") if refused else _("Confirm")
        both = yes_no(reverse("decide-match", args=[field.id]), "confirm", yes, _("Refuse"))
        return both[:1] if refused else both

    return buttons


def change_buttons(actor: Actor) -> Callable[[Any], tuple[Action, ...]]:
    """What the person may decide about a changed column."""

    def buttons(change: Any) -> tuple[Action, ...]:
        if change.decision != change.Decision.PENDING or not reaches(change, actor, DECIDE):
            return ()
        return yes_no(reverse("decide", args=[change.id]), "accept", _("Accept"), _("Refuse"))

    return buttons


def changes_table(rows: Rows, actor: Actor, place: Paging | None = None, **options: Any) -> Table:
    """Columns that came, went or changed their type, with the decisions about them."""
    return Table(
        rows=rows,
        paging=place,
        columns=(
            Column(_("Column"), "column", cells.mono),
            Column(_("Change"), lambda change: change.get_kind_display()),
            dataset_column(lambda change: change.dataset, sort="", weight=2),
            Column(_("Type"), lambda change: f"{change.before or '—'} → {change.after or '—'}", weight=2),
            Column(_("Decision"), state_of("decision"), cells.state, under=lambda c: c.decided_by or ""),
            Column(_("When"), "run.started_at", cells.age, weight=2),
            Column("", buttons=change_buttons(actor)),
        ),
        empty_icon="circle-check",
        **{"empty": _("No column ever changed"), **options},
    )


def told(run: Any) -> str:
    """What went wrong in a run, or what is to be said of it."""
    return cells.bad(run.error) if run.error else getattr(run, "note", "")


def paged(found: QuerySet[Any], request: HttpRequest, name: str, orders: dict[str, str]) -> dict[str, Any]:
    """Rows, paging and order of one of several tables of a page; the address keeps them under `name`."""
    asked = request.GET.get(f"{name}-order", "")
    if field := orders.get(asked.removeprefix("-")):
        found = found.order_by(f"-{field}" if asked.startswith("-") else field, "-pk")
    place = paging(request.GET.get(name), found.count(), ON_PAGE, name)
    return {
        "rows": found[place.offset : place.offset + place.size],
        "paging": place,
        "sort": asked if field else "",
        "sort_parameter": f"{name}-order",
    }


def gather_table(loads: QuerySet[Any], request: HttpRequest, **options: Any) -> Table:
    """Loads: rows read are loaded, quarantined or skipped."""
    return Table(
        **paged(loads, request, "loads", {"read": "rows_read", "aside": "rows_quarantined"}),
        columns=(
            dataset_column(lambda run: run.table.dataset, sort="", under=told),
            Column(_("State"), state_of("state"), cells.state),
            Column(_("Read"), "rows_read", cells.number, sort="read"),
            Column(_("Loaded"), "rows_loaded", cells.number, weight=2),
            Column(_("Quarantined"), "rows_quarantined", cells.trouble, sort="aside"),
            Column(_("Skipped"), "rows_skipped", cells.number, weight=2),
            Column(_("Size"), "bytes", cells.size, weight=3),
            Column("CPU", "cpu_seconds", cells.duration, weight=3),
            Column(_("When"), lambda run: run.finished_at or run.started_at, cells.age, weight=2),
        ),
        empty_icon="hourglass",
        **{"empty": _("Nothing was gathered yet"), **options},
    )


def govern_table(passes: QuerySet[Any], request: HttpRequest, **options: Any) -> Table:
    """Governance passes: rows in are standard, held back or duplicate."""
    return Table(
        **paged(passes, request, "passes", {"in": "rows_in", "held": "rows_held", "problems": "rows_with_problem"}),
        columns=(
            dataset_column(lambda run: run.dataset, "?tab=problems", sort="", under=told),
            Column(_("State"), state_of("state"), cells.state),
            Column(_("In"), "rows_in", cells.number, sort="in"),
            Column(_("Standard"), "rows_standard", cells.number, weight=2),
            Column(_("Held back"), "rows_held", cells.trouble, sort="held"),
            Column(_("Duplicate"), "rows_duplicate", cells.number, weight=2),
            Column(_("Problem rows"), "rows_with_problem", cells.number, sort="problems", weight=2),
            Column("CPU", "cpu_seconds", cells.duration, weight=3),
            Column(_("When"), lambda run: run.finished_at or run.started_at, cells.age, weight=2),
        ),
        empty_icon="hourglass",
        **{"empty": _("Not governed yet"), **options},
    )


def sources_words(number: int) -> str:
    """How many sources."""
    return ngettext("%(number)s source", "%(number)s sources", number) % {"number": formats.number(number)}
