"""The catalogue for machines and spreadsheets: DCAT 3 as JSON-LD, and what a search found as CSV and XLSX."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from citybrain.ui.access import requires
from citybrain.ui.county import county
from citybrain.warehouse.catalogue import dcat, listing
from citybrain.warehouse.pages.datasets import FILTERS, filters
from citybrain.warehouse.permissions import VIEW

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(VIEW)
def jsonld(request: HttpRequest) -> HttpResponse:
    """The whole catalogue as DCAT 3 JSON-LD."""
    document = dcat.export(county(), base=request.build_absolute_uri("/"), now=timezone.now())
    return download(document, "application/ld+json", "catalogue.jsonld")


@requires(VIEW)
def csv(request: HttpRequest) -> HttpResponse:
    """What the search found, as CSV that Excel reads."""
    query, asked = search_of(request)
    lines = listing.as_csv(query, filters=filters(asked), now=timezone.now())
    return download("".join(lines).encode(), "text/csv; charset=utf-8", "catalogue.csv")


@requires(VIEW)
def xlsx(request: HttpRequest) -> HttpResponse:
    """What the search found, as a spreadsheet."""
    query, asked = search_of(request)
    return download(listing.as_xlsx(query, filters=filters(asked), now=timezone.now()), XLSX, "catalogue.xlsx")


def search_of(request: HttpRequest) -> tuple[str, dict[str, str]]:
    """The query and the filters an address asks for."""
    return request.GET.get("q", ""), {name: request.GET.get(name, "") for name in FILTERS}


def download(content: bytes, kind: str, name: str) -> HttpResponse:
    """An answer that is saved as a file called `name`."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
