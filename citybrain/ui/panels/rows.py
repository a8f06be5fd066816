"""The body of a table as HTML, written row by row here: a template takes six times as long for a page of rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from citybrain.ui.panels import cells
from citybrain.ui.panels.panel import Action
from citybrain.ui.panels.tables import Column, Table

Keyed = tuple[Any, str, str, str, str]
"""A row with its key, its address, its tone and its version; empty texts for none."""


def body(table: Table, rows: Iterable[Keyed], bulk: str, request: HttpRequest | None) -> SafeString:
    """The rows of `table`; `bulk` is the id of the form that its check boxes belong to."""
    cells = [(column, opening(column, place == 0)) for place, column in enumerate(table.columns)]
    box = box_opening(table, bulk) if table.select else ""
    lines: list[str] = []
    for row, key, link, tone, version in rows:
        lines.append(row_opening(key, link, tone, version))
        if box:
            lines.append(f'{box}{escape(key)}"></td>')
        for column, start in cells:
            lines.append(start)
            lines.append(buttons(column, row, request) if column.buttons else cell(column, row))
            lines.append("</td>")
        lines.append("</tr>\n")
    return mark_safe("".join(lines))  # noqa: S308 - every value in it was escaped


def row_opening(key: str, link: str, tone: str, version: str = "") -> str:
    """`<tr>` with what is known of the row."""
    known = f' id="row-{escape(key)}"' if key else ""
    known += f' class="row-{escape(tone)}"' if tone else ""
    known += f' data-href="{escape(link)}"' if link else ""
    known += f' data-version="{escape(version)}"' if version else ""
    return f"<tr{known}>"


def opening(column: Column, leads: bool) -> str:
    """`<td>` of a column; the first one leads the card on a phone."""
    kinds = f"{column.align} c{column.weight}{' wrap' if column.wraps else ''}{' lead' if leads else ''}"
    return f'<td class="{kinds}" data-label="{escape(column.title)}">'


def box_opening(table: Table, bulk: str) -> str:
    """The check box of a row, up to its value."""
    return format_html(
        '<td class="pick"><input type="checkbox" class="form-check-input" name="{}" form="{}" aria-label="{}" value="',
        table.select,
        bulk,
        _("Select"),
    )


def cell(column: Column, row: Any) -> str:
    """A row's value in a column, with its link and its second line."""
    shown: str = conditional_escape(column.cell(column.of(row)))
    url = column.link(row) if column.link else ""
    if url:
        shown = f'<a href="{escape(url)}">{shown}</a>'
    if column.tags:
        shown = cells.with_tags(mark_safe(shown), *column.tags(row))  # noqa: S308 - escaped above
    under = column.under(row) if column.under else None
    return f'{shown}<span class="under">{conditional_escape(under)}</span>' if under else shown


def buttons(column: Column, row: Any, request: HttpRequest | None) -> str:
    """What can be done with the row."""
    actions: tuple[Action, ...] = column.buttons(row) if column.buttons else ()
    template = get_template("ui/parts/action.html")
    drawn = "".join(template.render({"action": action, "kind": "btn-sm"}, request) for action in actions)
    return f'<div class="acts">{drawn}</div>'
