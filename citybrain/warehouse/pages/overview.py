"""The front page of the warehouse: the county in numbers, every department, and what waits for a person."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.kernel.jobs.models import Job
from citybrain.ui.access import requires
from citybrain.ui.charts import Chart, Series
from citybrain.warehouse import queries
from citybrain.warehouse.catalogue.departments import lines, totals
from citybrain.warehouse.catalogue.models import Score
from citybrain.warehouse.catalogue.queries import Point, score_history
from citybrain.warehouse.permissions import VIEW
from citybrain.warehouse.starting import startable
from citybrain.warehouse.words import check_words

KINDS_SHOWN = 8
"""Kinds of problems the front page draws."""


@requires(VIEW)
def overview(request: HttpRequest) -> HttpResponse:
    """The front page; its number of database queries does not grow with the county."""
    departments = lines(now=timezone.now())
    county = totals(departments)
    history = score_history(Score.Subject.COUNTY, "")
    context = {
        "departments": departments,
        "totals": county,
        "standard_share": share(county.standard_rows, county.rows),
        "problem_share": share(county.problem_rows, county.rows),
        "more": queries.county_facts(),
        "needs": needs(),
        "trend": [point.score for point in history],
        "trend_chart": trend_chart(history),
        "kinds_chart": kinds_chart(),
        "jobs": queries.with_progress(Job.objects.filter(parent=None)[:6]),
        "starts": {start.key for start in startable()},
    }
    return render(request, "warehouse/overview.html", context)


def share(part: int, whole: int) -> float | None:
    """part / whole; None when there is no whole."""
    return part / whole if whole else None


@dataclass(frozen=True, kw_only=True)
class Need:
    """One kind of thing that waits for a person."""

    title: str
    icon: str
    url: str
    """Where it is decided."""
    number: int
    is_bad: bool = False
    """Whether something stands still until then."""


def needs() -> list[Need]:
    """What waits for a person, with where to decide it; nothing that waits for nobody."""
    found = queries.waiting()
    decide, sources = reverse("decisions"), reverse("sources")
    asked = [
        Need(title=_("Matches of fields to confirm"), icon="tags", url=decide, number=found.matches),
        Need(
            title=_("Changed columns to decide"),
            icon="git-compare",
            url=f"{decide}?tab=changes",
            number=found.changes,
            is_bad=True,
        ),
        Need(
            title=_("Sources whose last run failed"),
            icon="alert-triangle",
            url=f"{sources}?state=failed",
            number=found.failed,
            is_bad=True,
        ),
        Need(
            title=_("Sources with rows in quarantine"),
            icon="archive",
            url=f"{sources}?state=quarantine",
            number=found.quarantined,
        ),
    ]
    return [need for need in asked if need.number]


def trend_chart(history: tuple[Point, ...]) -> dict[str, Any] | None:
    """A score over time as a chart; None below two values."""
    if sum(point.score is not None for point in history) < 2:
        return None
    lowest = min(point.score for point in history if point.score is not None)
    labels = [timezone.localtime(point.at).strftime("%m-%d %H:%M") for point in history]
    series = Series(title=_("Score"), values=[point.score for point in history])
    return Chart(
        kind="line", labels=labels, series=[series], minimum=max(0, math.floor(lowest) - 2), maximum=100
    ).data()


def kinds_chart() -> dict[str, Any] | None:
    """The most frequent kinds of problems in the last passes; None when there is none."""
    kinds = queries.problem_kinds()[:KINDS_SHOWN]
    if not kinds:
        return None
    labels = [_(check_words(kind)) for kind, _number in kinds]
    series = Series(title=_("Findings"), values=[number for _kind, number in kinds], tone="fair")
    return Chart(kind="ranks", labels=labels, series=[series], unit=pgettext("counted", "findings")).data()
