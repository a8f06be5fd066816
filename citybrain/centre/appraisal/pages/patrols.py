"""How well patrols see (信息采集评价): what they told that was so, what was not, and what inspections found missed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.centre.appraisal.collection import COLLECTION
from citybrain.centre.appraisal.measuring import Measure, Unit
from citybrain.centre.appraisal.pages.asking import Asking, asking, filters
from citybrain.centre.appraisal.pages.overview import appraisal_page, measure_url, notices, stat, ways, whole
from citybrain.centre.appraisal.queries import Line, values
from citybrain.centre.appraisal.scoring import interval
from citybrain.centre.appraisal.wording import in_words, named
from citybrain.centre.events.permissions import APPRAISAL
from citybrain.kernel.identity.scope import vouched
from citybrain.ui.access import requires
from citybrain.ui.panels.kinds import Notice, Stats
from citybrain.ui.panels.panel import Link
from citybrain.ui.panels.tables import Column, Table

GROUPS = ("area", "town", "type")
"""What collecting is broken down by; a switch goes from one to the next."""


@requires(APPRAISAL)
def patrols(request: HttpRequest) -> HttpResponse:
    """Indicators of collecting in a period, by patrolled area, town or class."""
    found = asking(request)
    by = request.GET.get("by", "area")
    by = by if by in GROUPS else "area"
    now, before = whole(found), whole(found, before=True)
    return appraisal_page(
        pgettext("appraisal", "Patrols"),
        note=f"{found.when.first:%Y-%m-%d} – {found.when.last:%Y-%m-%d}",
        ways=ways(found),
        way=f"{reverse('appraisal-patrols')}?{found.query()}",
        body=(
            filters(found),
            *notices(found),
            Stats(stats=tuple(stat(found, measure, now, before) for measure in COLLECTION), note=found.source),
            Notice(
                text=_(
                    "What was missed is known only where somebody inspected: a dash means that nobody looked there. "
                    "It speaks of areas and classes, never of persons."
                ),
                tone="quiet",
            ),
            groups(found, by),
        ),
        help=_("A missed report is a matter that stood there when the patrol should have seen it and was not told."),
    ).respond(request)


def groups(found: Asking, by: str) -> Table:
    """One line a group that was patrolled or inspected, those with most misses first."""
    titles = {"area": _("By patrolled area"), "town": _("By town"), "type": _("By class")}
    lines = [line for line in values(found.rows, found.when.period, by=by, measures=COLLECTION) if is_told_of(line)]
    lines.sort(key=lambda line: (-line.values["patrol_missed"].above, -line.values["patrol_valid"].above))
    after = GROUPS[(GROUPS.index(by) + 1) % len(GROUPS)]
    return Table(
        title=titles[by],
        more=Link(titles[after], f"{reverse('appraisal-patrols')}?{found.query(by=after)}"),
        rows=vouched(lines, found.actor, APPRAISAL),
        columns=(
            Column(
                {"area": _("Area"), "town": pgettext("place of an event", "Town"), "type": _("Class")}[by], group(by)
            ),
            *(measured(found, by, measure, place) for place, measure in enumerate(COLLECTION)),
        ),
        empty=_("No patrol told anything in this period, and nobody inspected."),
    )


def group(by: str) -> Callable[[Line], str]:
    """How the group of a line is called."""
    return lambda line: named(by, line.key)


def is_told_of(line: Line) -> bool:
    """Whether there is anything to say of a group."""
    return any(value.above or value.below for value in line.values.values()) or line.values["patrol_missed"].is_known


def measured(found: Asking, by: str, measure: Measure, place: int) -> Column:
    """A column of an indicator; a figure leads to the events behind it."""

    def under(line: Line) -> str:
        value = line.values[measure.key]
        reach = interval(value) if value.value is not None else None
        return f"{reach[0] * 100:.0f}–{reach[1] * 100:.0f}%" if reach else ""

    def rows(line: Line) -> str:
        return measure_url(found, measure, **{by: str(line.key)}) if line.key else ""

    return Column(
        measure.name,
        lambda line: in_words(line.values[measure.key]),
        under=under if measure.unit is Unit.RATE else None,
        link=rows,
        align="right",
        weight=1 if measure.key in ("patrol_missed", "patrol_missed_rate") else place + 3,  # type: ignore[arg-type]
    )
