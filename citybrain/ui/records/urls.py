"""Addresses of every record type's pages, each with its rule: `records:old-tree:list` at `/records/old-tree/`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from citybrain.ui.access import Audience, RouteRule, ruled
from citybrain.ui.records import (
    bulk,
    detail,
    disclosing,
    editing,
    exporting,
    history,
    importing,
    listing,
    mapping,
    printing,
    saved,
    statistics,
)
from citybrain.ui.records.pages import RecordPages
from citybrain.ui.records.registered import all_pages
from citybrain.ui.records.routes import FORM, WRITES, Route

ROUTES = (
    Route("", "list", listing.listing, "view"),
    Route("map/", "map", mapping.map_page, "view"),
    Route("map.geojson", "geojson", mapping.geojson, "view"),
    Route("statistics/", "statistics", statistics.statistics, "view"),
    Route("paper/", "paper", printing.list_on_paper, "view"),
    Route("new/", "new", editing.new, "create", FORM),
    Route("draft/", "draft", editing.draft, "view", WRITES),
    Route("choices/<slug:name>/", "choices", editing.choices, "view"),
    Route("bulk/edit/", "bulk-edit", bulk.edit_many, "edit", FORM),
    Route("bulk/remove/", "bulk-remove", bulk.remove_many, "remove", WRITES),
    Route("bin/", "bin", history.bin_page, "remove"),
    Route("columns/", "columns", saved.columns, "view", FORM),
    Route("views/", "views", saved.save, "view", FORM),
    Route("views/<int:view_id>/", "change-view", saved.change, "view", WRITES),
    Route("export/", "export", exporting.export, "export", FORM),
    Route("import/", "import", importing.start, "import", FORM),
    Route("import/template.xlsx", "import-template", importing.template, "import"),
    Route("import/<int:import_id>/", "import-one", importing.one, "import"),
    Route("import/<int:import_id>/run/", "import-run", importing.run, "import", WRITES),
    Route("import/<int:import_id>/errors.xlsx", "import-errors", importing.errors, "import"),
    Route("<str:number>/", "detail", detail.detail, "view"),
    Route("<str:number>/edit/", "edit", editing.edit, "edit", FORM),
    Route("<str:number>/remove/", "remove", editing.remove, "remove", WRITES),
    Route("<str:number>/restore/", "restore", editing.restore, "remove", WRITES),
    Route("<str:number>/show/", "show", disclosing.show, "disclose", FORM),
    Route("<str:number>/history/", "history", history.history, "view"),
    Route("<str:number>/history/revert/", "revert", history.revert, "edit", WRITES),
    Route("<str:number>/files/", "attach", detail.attach, "edit", WRITES),
    Route("<str:number>/files/<int:file_id>/", "file", detail.file, "view"),
    Route("<str:number>/files/<int:file_id>/small/", "small", detail.small, "view"),
    Route("<str:number>/files/<int:file_id>/remove/", "detach", detail.detach, "edit", WRITES),
    Route("<str:number>/comments/", "comment", detail.comment, "view", WRITES),
    Route("<str:number>/comments/<int:comment_id>/remove/", "withdraw", detail.withdraw, "view", WRITES),
    Route("<str:number>/paper/", "print", printing.record_on_paper, "view"),
    Route("<str:number>/code/", "code", printing.code_page, "view"),
    Route("<str:number>/code.svg", "code-svg", printing.code, "view"),
)
"""Every page a record type has."""


GENERAL = frozenset(
    {
        *("new", "draft", "choices", "edit", "bulk-edit", "remove", "bulk-remove", "restore", "bin"),
        *("detach", "import", "import-template", "import-one", "import-run", "import-errors", "history", "revert"),
    }
)
"""Pages that make or change rows, and those of what they changed: rows written by their own verbs have none of them."""


def view_of(route: Route, pages: RecordPages) -> Callable[..., HttpResponse]:
    """The route's view for one record type, with its rule; a record out of reach is not found."""
    answer = partial(route.view, pages)

    @wraps(route.view)
    def view(request: HttpRequest, **parts: Any) -> HttpResponse:
        try:
            return answer(request, **parts)
        except ObjectDoesNotExist as error:
            raise Http404(_("There is no such record, or it is not yours to see.")) from error

    rule = RouteRule(
        audience=Audience.PERMITTED, permission=pages.permission(route.verb), is_scoped="<str:number>" in route.pattern
    )
    return ruled(rule)(require_http_methods(list(route.methods))(view))


def patterns_of(pages: RecordPages) -> list[URLPattern]:
    """The addresses of one record type."""
    general = [route for route in ROUTES if pages.shape.takes("edit") or route.name not in GENERAL]
    # The application's own come first: `<str:number>/` would take the name of a page for a record's number.
    return [path(route.pattern, view_of(route, pages), name=route.name) for route in (*pages.routes, *general)]


urlpatterns: list[URLPattern | URLResolver] = [
    path(f"records/{pages.key}/", include((patterns_of(pages), pages.key), namespace=pages.key))
    for pages in all_pages()
]
