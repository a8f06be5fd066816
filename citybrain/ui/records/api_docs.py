"""The API's documentation as pages of the house: every operation of every record type, with its fields."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Vouched
from citybrain.ui.access import signed_in
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Notice
from citybrain.ui.panels.panel import Action, Link, Page, Panel
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.records import values
from citybrain.ui.records.api import api_patterns, openapi
from citybrain.ui.records.api_schemas import described, type_of
from citybrain.ui.records.pages import RecordPages
from citybrain.ui.records.registered import all_pages

OPERATIONS = (
    ("GET", "", "view"),
    ("POST", "", "create"),
    ("GET", "features/", "view"),
    ("GET", "{number}/", "view"),
    ("PATCH", "{number}/", "edit"),
    ("DELETE", "{number}/", "remove"),
    ("GET", "{number}/history/", "view"),
)
"""Method, address below the type's, verb of the permission."""


@signed_in
@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """What the API offers this person: one section a record type."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    mine = [pages for pages in all_pages() if actor.may(pages.permission("view"))]
    panels: list[Panel] = [
        Notice(
            title=_("How to call it"),
            text=_(
                "Send an access token as “Authorization: Bearer …”. A repeated request with the same Idempotency-Key "
                "makes one record. X-Purpose states what personal values are needed for; each look is written down."
            ),
        )
    ]
    for pages in mine:
        panels += [operations(pages, actor), fields(pages)]
    return Page(
        title=_("API documentation"),
        lead=_("The same records, rights and checks as on the pages, as JSON."),
        actions=(
            Action(title=_("Access tokens"), url=reverse("tokens"), icon="key"),
            Action(title=_("OpenAPI description"), url=reverse("api-openapi"), icon="download"),
        ),
        crumbs=(Link(title=_("My account"), url="/account/"),),
        body=tuple(panels),
    ).respond(request)


def operations(pages: RecordPages, actor: Actor) -> Table:
    """What can be done with one type."""
    rows = [
        (method, f"/api/v1/{pages.key}/{rest}", pages.permission(verb))
        for method, rest, verb in OPERATIONS
        if pages.may(actor, verb)
        and (pages.shape.takes("edit") or rest != "{number}/history/")
        and (rest != "features/" or pages.shape.place)
    ]
    columns = (
        Column(title=_("Method"), value=lambda row: row[0], cell=cells.mono),
        Column(title=_("Address"), value=lambda row: row[1], cell=cells.mono),
        Column(title=_("Permission"), value=lambda row: row[2].key, cell=cells.mono),
    )
    return Table(title=pages.shape.plural, columns=columns, rows=Vouched(tuple(rows), pages.permission("view").key))


def fields(pages: RecordPages) -> Table:
    """What a record of the type holds."""
    columns = (
        Column(title=_("Name"), value="name", cell=cells.mono),
        Column(title=_("Type"), value=lambda field: getattr(type_of(field), "__name__", "object"), cell=cells.mono),
        Column(title=_("Title"), value=values.titled_with_unit),
        Column(title=_("Meaning"), value=described, wraps=True, weight=3),
    )
    return Table(
        title=_("Fields: %s") % pages.shape.title,
        columns=columns,
        rows=Vouched(pages.shape.fields, pages.permission("view").key),
    )


urlpatterns: list[URLPattern] = [
    path("api/v1/openapi.json", openapi, name="api-openapi"),
    path("api/v1/docs/", api_docs, name="api-docs"),
    *api_patterns(),
]
