"""Tags that draw panels, actions, tags and the cells of tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from citybrain.ui.icons import ICONS
from citybrain.ui.panels import cells, fields
from citybrain.ui.panels.kinds import Fact, Stat
from citybrain.ui.panels.panel import Action, Panel, Row, Stack, Tag
from citybrain.ui.panels.rows import Keyed, body
from citybrain.ui.panels.tables import Table
from citybrain.ui.templatetags.shown import icon

register = template.Library()


@register.simple_tag(takes_context=True)
def part(context: template.Context, thing: Panel | Row | Stack) -> SafeString:
    """Draws a panel, a row of panels or a stack of them."""
    return drawn(thing, context["request"])


def drawn(thing: Panel | Row | Stack, request: HttpRequest) -> SafeString:
    """The HTML of a part of a page."""
    if isinstance(thing, Panel):
        return thing.render(request)
    inner = format_html_join("", "{}", ((drawn(panel, request),) for panel in thing.panels))
    if isinstance(thing, Stack):
        return format_html('<div class="stack">{}</div>', inner)
    kind = str(min(len(thing.panels), 4)) if thing.widths == "even" else thing.widths
    return format_html('<div class="grid grid-{}">{}</div>', kind, inner)


@register.inclusion_tag("ui/parts/action.html", takes_context=True)
def action(context: template.Context, action: Action, kind: str = "") -> dict[str, Any]:
    """Draws a button; `kind` adds a class, as `btn-sm`."""
    return {
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
        "action": action,
        "kind": kind,
    }


@register.simple_tag
def tag(tag: Tag) -> SafeString:
    """Draws a tag: a dot and a word when it is a state, else a word in a box."""
    return cells.tag(tag)


@register.simple_tag(takes_context=True)
def table_body(context: template.Context, table: Table, rows: Sequence[Keyed], bulk: str) -> SafeString:
    """The rows of a table."""
    return body(table, rows, bulk, context.get("request"))


@register.simple_tag
def optional_icon(name: str) -> SafeString:
    """The icon, or nothing for an empty name."""
    return icon(name) if name in ICONS else mark_safe("")


@register.simple_tag
def drawn_value(thing: Fact | Stat) -> SafeString:
    """A fact's or a figure's value, drawn by its cell. (A template would call the cell itself, without a value.)"""
    return thing.cell(thing.value)


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input of a form's field, with our classes and the ids that name its help and its errors."""
    return fields.control(field)


@register.simple_tag
def data_block(identity: str, content: Any) -> SafeString:
    """JSON for a script of the page, safe inside HTML."""
    text = json.dumps(content, ensure_ascii=False, default=str)
    safe = text.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")
    return format_html('<script type="application/json" id="{}">{}</script>', identity, mark_safe(safe))  # noqa: S308


@register.simple_tag
def joined(words: Sequence[Any]) -> str:
    """Words in a row, as the page's language strings them together."""
    return _(", ").join(str(word) for word in words)


@register.simple_tag
def hint(words: Any) -> SafeString:
    """A question mark that tells more when it is pointed at or focused."""
    return format_html('<button type="button" class="hint" aria-label="{0}" data-hint="{0}">?</button>', words)


@register.simple_tag
def bulk_values(action: Action) -> str:
    """The values of a bulk button after its first, as JSON."""
    return json.dumps([(name, str(value)) for name, value in action.values[1:]], ensure_ascii=False)
