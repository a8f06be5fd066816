"""Pages of the datasets: the search over the catalogue, and everything known about one entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from citybrain.declare.words import Grade, OpenType, ShareType, UpdateCycle
from citybrain.ui.access import back, writes
from citybrain.ui.paging import Paging, page_number
from citybrain.warehouse import queries
from citybrain.warehouse.catalogue.models import Dataset, Field
from citybrain.warehouse.catalogue.search import Filters, search

ON_PAGE = 30


@require_safe
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
