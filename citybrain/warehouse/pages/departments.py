"""Pages of the departments: every body with its datasets in numbers, and one body's datasets and sources."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from citybrain.ui.access import requires
from citybrain.warehouse.catalogue.departments import lines
from citybrain.warehouse.catalogue.models import Dataset, Score
from citybrain.warehouse.catalogue.queries import score_history
from citybrain.warehouse.gathering.queries import sources
from citybrain.warehouse.pages.overview import trend_chart
from citybrain.warehouse.permissions import VIEW


@requires(VIEW)
def departments(request: HttpRequest) -> HttpResponse:
    """Every department, and every town or zone that provides something."""
    return render(request, "warehouse/departments.html", {"departments": lines(now=timezone.now())})


@requires(VIEW)
def department(request: HttpRequest, key: str) -> HttpResponse:
    """One body: its datasets, its sources, its score over time."""
    line = next((line for line in lines(now=timezone.now()) if line.organisation.key == key), None)
    if line is None:
        raise Http404(f"department {key}")
    history = score_history(Score.Subject.DEPARTMENT, key)
    context = {
        "line": line,
        "body": line.organisation,
        "datasets": Dataset.objects.filter(provider=line.organisation),
        "sources": sources(department=key),
        "trend": [point.score for point in history],
        "trend_chart": trend_chart(history),
    }
    return render(request, "warehouse/department.html", context)
