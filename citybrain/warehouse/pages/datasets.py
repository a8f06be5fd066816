"""Pages of the datasets: the search over the catalogue, and everything known about one entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.declare.words import Grade, OpenType, ShareType, UpdateCycle
from citybrain.kernel.lake.tables import lake
from citybrain.ui.access import requires
from citybrain.ui.paging import Paging, page_number
from citybrain.warehouse import queries
from citybrain.warehouse.catalogue.models import Dataset, Field
from citybrain.warehouse.catalogue.queries import Entry, entry, lineage, samples
from citybrain.warehouse.catalogue.search import Filters, search
from citybrain.warehouse.gathering.queries import changes_of_dataset, gather_runs_of_dataset, source_of_dataset
from citybrain.warehouse.governance.quality import FORMULA, Dimension
from citybrain.warehouse.governance.queries import (
    ProblemFilter,
    last_run,
    problem_counts,
    problem_rows,
    profile,
)
from citybrain.warehouse.governance.queries import runs as govern_runs
from citybrain.warehouse.pages.overview import share, trend_chart
from citybrain.warehouse.permissions import VIEW
from citybrain.warehouse.starting import startable

ON_PAGE = 30
FINDINGS_ON_PAGE = 50


@requires(VIEW)
def datasets(request: HttpRequest) -> HttpResponse:
    """The search over the catalogue in Chinese, pinyin and English, filtered and paged."""
    asked = {name: request.GET.get(name, "") for name in ("q", *FILTERS)}
    found = search(asked["q"], filters=filters(asked), page=page_number(request.GET.get("page")), size=ON_PAGE)
    context = {
        "found": found,
        "asked": asked,
        "is_filtered": any(asked.values()),
        "more": sum(bool(asked[name]) for name in ("cycle", "quality_below", "state", "real")),
        "paging": Paging(found.page, found.total, found.size),
        "departments": queries.providers(),
        "grades": list(Grade),
        "shares": list(ShareType),
        "cycles": list(UpdateCycle),
        "states": Dataset.State.choices,
    }
    return render(request, "warehouse/datasets.html", context)


FILTERS: dict[str, Callable[[str], Any]] = {
    "department": str,
    "source": str,
    "grade": lambda text: Grade(text) if text in set(Grade) else None,
    "share": lambda text: ShareType.__members__.get(text),
    "open": lambda text: OpenType.__members__.get(text),
    "cycle": lambda text: UpdateCycle(text) if text in set(UpdateCycle) else None,
    "state": str,
    "quality_below": lambda text: float(text) if text.isdecimal() and len(text) < 4 else None,
    "real": lambda text: {"yes": True, "no": False}.get(text),
}
"""Filter in the address -> how its text is read; a text that means nothing asks nothing."""


def filters(asked: dict[str, str]) -> Filters:
    """The filters an address asks for."""
    return Filters(**{name: read(asked[name]) for name, read in FILTERS.items() if asked[name]})


@requires(VIEW)
def dataset(request: HttpRequest, key: str) -> HttpResponse:
    """One entry: its head, and the panel of the tab asked for; only that panel's questions are asked."""
    try:
        shown = entry(key, now=timezone.now())
    except Dataset.DoesNotExist:
        raise Http404(f"dataset {key}") from None
    tab = request.GET.get("tab", "")
    panel = PANELS.get(tab) or PANELS["fields"]
    fields = [field.field for field in shown.fields]
    context = {
        "entry": shown,
        "dataset": shown.dataset,
        "tab": tab if tab in PANELS else "fields",
        "tabs": tabs(shown),
        "panel": f"warehouse/parts/dataset_{tab if tab in PANELS else 'fields'}.html",
        "trend": [point.score for point in shown.history],
        "problem_share": share(shown.dataset.problem_rows, shown.dataset.raw_rows),
        "columns": len(fields),
        "bound": sum(field.is_bound for field in shown.fields),
        "proposed": sum(field.match == Field.Match.PROPOSED for field in fields),
        "starts": {start.key for start in startable()},
        **panel(request, shown),
    }
    return render(request, "warehouse/dataset.html", context)


def tabs(shown: Entry) -> list[tuple[str, str, int | None]]:
    """The tabs of an entry with what each holds."""
    return [
        ("fields", _("Fields"), len(shown.fields)),
        ("quality", _("Quality"), None),
        ("problems", _("Problem rows"), shown.dataset.problem_rows),
        ("profile", _("Profile"), None),
        ("samples", _("Samples"), None),
        ("versions", _("Versions and lineage"), len(shown.versions)),
    ]


def fields_panel(request: HttpRequest, shown: Entry) -> dict[str, Any]:
    """Fields with their elements, matches, empty values of the last pass, and scores."""
    seen = last_profile(shown)
    nulls = {name: share(found["nulls"], found["rows"]) for name, found in seen.items()}
    return {"fields": [(field, nulls.get(field.field.name)) for field in (*shown.fields, *shown.gone)]}


def last_profile(shown: Entry) -> dict[str, Any]:
    """The profile the last pass made, by column; empty before the first."""
    run = last_run(shown.dataset)
    return profile(run) if run else {}


def quality_panel(request: HttpRequest, shown: Entry) -> dict[str, Any]:
    """The score taken apart: dimensions with their weights and formula, fields, and the course over time."""
    parts = shown.dataset.score_parts
    return {
        "formula": FORMULA,
        "dimensions": [
            {"dimension": dimension, "share": parts.get(dimension.value), "weight": FORMULA.weights[dimension]}
            for dimension in Dimension
        ],
        "trend_chart": trend_chart(shown.history),
    }


def problems_panel(request: HttpRequest, shown: Entry) -> dict[str, Any]:
    """One page of the last pass's findings, filtered by rule and field."""
    run = last_run(shown.dataset)
    if run is None:
        return {"paging": Paging(1, 0)}
    only = ProblemFilter(**{name: request.GET.get(name, "") for name in ("rule", "field", "severity", "text")})
    offset = (page_number(request.GET.get("page")) - 1) * FINDINGS_ON_PAGE
    found = problem_rows(run, lake(), only=only, offset=offset, limit=FINDINGS_ON_PAGE)
    if offset and not found.rows:
        found = problem_rows(run, lake(), only=only, limit=FINDINGS_ON_PAGE)
    counts = problem_counts(run)
    return {
        "run": run,
        "found": found,
        "only": only,
        "rules": by_rule(counts),
        "problem_fields": sorted({line["field"] for line in counts if line["field"]}),
        "paging": Paging(found.offset // FINDINGS_ON_PAGE + 1, found.total, FINDINGS_ON_PAGE),
    }


def by_rule(counts: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Rules with the rows that broke them over all fields, most frequent first."""
    rules: Counter[str] = Counter()
    for line in counts:
        rules[line["rule"]] += line["rows"]
    return rules.most_common()


def profile_panel(request: HttpRequest, shown: Entry) -> dict[str, Any]:
    """What the last pass saw in each field, and what it standardised."""
    run = last_run(shown.dataset)
    if run is None:
        return {"profile": []}
    seen = profile(run)
    lines = [
        (field, seen[field.field.name], share(filled(seen[field.field.name]), seen[field.field.name]["rows"]))
        for field in shown.fields
        if field.field.name in seen
    ]
    return {"run": run, "profile": lines, "standardised": run.standardised}


def filled(seen: dict[str, Any]) -> int:
    """Rows that hold a value."""
    return int(seen["rows"] - seen["nulls"])


def samples_panel(request: HttpRequest, shown: Entry) -> dict[str, Any]:
    """The first rows, masked."""
    return {"samples": samples(shown.dataset, lake())}


def versions_panel(request: HttpRequest, shown: Entry) -> dict[str, Any]:
    """The way of the rows through the lake, with runs whose sums add up, versions and changed columns."""
    return {
        "stages": lineage(shown.dataset, lake()),
        "gather_runs": gather_runs_of_dataset(shown.dataset)[:20],
        "govern_runs": govern_runs(shown.dataset),
        "changes": changes_of_dataset(shown.dataset),
        "source": source_of_dataset(shown.dataset),
    }


PANELS: dict[str, Callable[[HttpRequest, Entry], dict[str, Any]]] = {
    "fields": fields_panel,
    "quality": quality_panel,
    "problems": problems_panel,
    "profile": profile_panel,
    "samples": samples_panel,
    "versions": versions_panel,
}
"""Tab -> what its panel needs."""
