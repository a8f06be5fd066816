"""The catalogue for machines and spreadsheets: DCAT 3 as JSON-LD, and the list as CSV and XLSX."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from citybrain.ui.county import county
from citybrain.warehouse.catalogue import dcat


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The whole catalogue as DCAT 3 JSON-LD."""
    document = dcat.export(county(), base=request.build_absolute_uri("/"), now=timezone.now())
    return download(document, "application/ld+json", "catalogue.jsonld")


def download(content: bytes, kind: str, name: str) -> HttpResponse:
    """An answer that is saved as a file called `name`."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
