"""Records on paper: one record, the list, and the QR code that leads from a thing to its record."""

from __future__ import annotations

import io
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from citybrain.kernel.records.fields import Place
from citybrain.ui.panels.kinds import Fact, Facts
from citybrain.ui.panels.panel import Link, Page
from citybrain.ui.panels.tables import Table
from citybrain.ui.records import values
from citybrain.ui.records.codes import CODES
from citybrain.ui.records.listing import ask
from citybrain.ui.records.pages import RecordPages

PAPER_ROWS = 500
"""Rows a printed list has at most; more belong into an export."""


def record_on_paper(pages: RecordPages, request: HttpRequest, number: str) -> HttpResponse:
    """One record, to be printed, with the code that leads back to it."""
    actor = request.actor  # type: ignore[attr-defined]
    record = pages.row(actor, number)
    code = Fact(title=_("QR code"), value=pages.url("code-svg", number), cell=picture)
    keeping = tuple(
        pages.fact(pages.shape.by_name[name], record, actor) for name in ("number", "created_at", "changed_at")
    )
    about = Facts(title=_("Record"), of=record, facts=(*keeping, code), columns=2)
    return Page(
        title=pages.title_of(record),
        body=(*plain_facts(pages, record, actor), about),
        shell="print",
    ).respond(request)


def plain_facts(pages: RecordPages, record: Any, actor: Any) -> tuple[Facts, ...]:
    """The facts without the doors to masked values: paper has none."""
    panels = []
    for heading, fields in pages.groups(pages.told()):
        facts = tuple(
            Fact(
                title=values.titled_with_unit(field),
                value=pages.drawn(field, record, actor),
                cell=values.as_drawn,
                is_wide=bool(getattr(field.field, "max_length", 0) is None and not isinstance(field.field, Place)),
            )
            for field in fields
        )
        panels.append(Facts(title=heading or pages.shape.title, of=record, facts=facts, columns=2))
    return tuple(panels)


def list_on_paper(pages: RecordPages, request: HttpRequest) -> HttpResponse:
    """What the list asks for, to be printed."""
    asked = ask(pages, request)
    table = Table(
        title=pages.shape.plural,
        columns=asked.columns,
        rows=asked.rows[:PAPER_ROWS],
        cards=False,
        note=_("At most %d rows; an export has them all.") % PAPER_ROWS,
    )
    return Page(title=pages.shape.plural, body=(table,), shell="print").respond(request)


def picture(address: str) -> Any:
    """A QR code as a picture."""
    return format_html('<img class="qr" src="{}" alt="{}" width="112" height="112">', address, _("QR code"))


def large(address: str) -> Any:
    """A QR code as it is put up on a wall."""
    return format_html('<img class="qr" src="{}" alt="{}" width="320" height="320">', address, _("QR code"))


def code_page(pages: RecordPages, request: HttpRequest, number: str) -> HttpResponse:
    """The record's QR code, large, to be printed and put up."""
    record = pages.row(request.actor, number)  # type: ignore[attr-defined]
    facts = (
        Fact(title=pages.shape.title, value=pages.title_of(record)),
        Fact(title=_("Number"), value=record.number),
        Fact(title=_("QR code"), value=pages.url("code-svg", number), cell=large, is_wide=True),
    )
    crumbs = (
        Link(title=pages.shape.plural, url=pages.url("list")),
        Link(title=record.number, url=pages.url("detail", number)),
    )
    panel = Facts(of=record, facts=facts)
    return Page(title=_("QR code"), crumbs=crumbs, body=(panel,), shell="print").respond(request)


def code(pages: RecordPages, request: HttpRequest, number: str) -> HttpResponse:
    """The QR code (SVG) of the record's page, of a public record's page for everybody; it holds the address alone."""
    record = pages.row(request.actor, number)  # type: ignore[attr-defined]
    path = CODES.path(pages.key, record.number) or pages.url("detail", record.number)
    address = request.build_absolute_uri(path)
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing, kind="svg", scale=4, border=2, xmldecl=False, light="#fff"
    )
    return HttpResponse(drawing.getvalue(), content_type="image/svg+xml")
