"""Pages of the sources (数据源): the list, one source, what waits for a decision, and the quarantined bytes."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from citybrain.ui.access import requires
from citybrain.ui.paging import paging
from citybrain.warehouse.gathering import queries
from citybrain.warehouse.gathering.models import QuarantineItem, Source
from citybrain.warehouse.permissions import QUARANTINE, VIEW
from citybrain.warehouse.starting import startable

TABS = ("tables", "changes", "runs", "quarantine")


@requires(VIEW)
def sources(request: HttpRequest) -> HttpResponse:
    """Every source with its department, kind, last run, rows and what waits for a person."""
    wanted = {name: request.GET.get(name, "") for name in ("q", "kind", "department", "state")}
    rows = queries.sources(**wanted)
    context = {
        "rows": rows,
        "total": Source.objects.count(),
        "kinds": Source.objects.order_by("kind").values_list("kind", flat=True).distinct(),
        "departments": queries.delivering_departments(),
        "wanted": wanted,
        "starts": {kind.key for kind in startable()},
    }
    return render(request, "warehouse/sources.html", context)


@requires(VIEW, scoped=True)
def source(request: HttpRequest, key: str) -> HttpResponse:
    """One source: its tables, changed columns, runs and quarantine, each under its tab."""
    shown = get_object_or_404(Source.objects.select_related("department"), key=key)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    counts = queries.source_counts(shown)
    context = {
        "source": shown,
        "tab": tab,
        "counts": counts,
        "starts": {kind.key for kind in startable()},
        "real": queries.attributions(shown),
    }
    if tab == "tables":
        context["tables"] = queries.tables_of(shown)
    elif tab == "changes":
        context["changes"] = queries.changes_of(shown)
    elif tab == "runs":
        found = queries.gather_runs_of(shown)
        place = paging(request.GET.get("page"), found.count(), 30)
        context |= {"runs": found[place.offset : place.offset + place.size], "paging": place}
    else:
        found = queries.quarantine_of(shown, request.GET.get("reason", ""))
        place = paging(request.GET.get("page"), found.count())
        items = found[place.offset : place.offset + place.size]
        context |= {"items": items, "paging": place, "reasons": queries.quarantine_reasons(shown)}
    return render(request, "warehouse/source.html", context)


@requires(QUARANTINE, scoped=True, writes=True)
def quarantined_bytes(request: HttpRequest, item_id: int) -> HttpResponse:
    """The bytes of one quarantined row or file exactly as delivered; unmasked, hence for staff and by POST only."""
    item = get_object_or_404(QuarantineItem, id=item_id)
    try:
        content = queries.bytes_of(item)
    except (OSError, ValueError):
        raise Http404(f"bytes of quarantine item {item_id}") from None
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="quarantine-{item.id}.bin"'
    return answer
