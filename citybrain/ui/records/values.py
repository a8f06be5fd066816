"""How a field of a record is written: on pages as HTML, in sentences as words."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records.fields import LongText, Place
from citybrain.kernel.records.masking import is_masked, masked
from citybrain.kernel.records.models import Record
from citybrain.kernel.records.shape import FieldShape, shape_of
from citybrain.kernel.records.wording import worded
from citybrain.ui import formats
from citybrain.ui.panels import cells
from citybrain.ui.panels.panel import Tone

KEEPING = gettext_lazy("Responsibility")
"""Heading of who is responsible and where, in every form."""

SHORT = 60
"""Characters of a long text in a list."""


def as_drawn(value: Any) -> SafeString:
    """A cell whose value was drawn already."""
    return format_html("{}", value)


def titled_with_unit(field: FieldShape) -> str:
    """The field's title with its unit: `Girth (cm)`."""
    title = capital(str(field.title))
    return _("%(title)s (%(unit)s)") % {"title": title, "unit": field.unit} if field.unit else title


def capital(title: str) -> str:
    """A title with a capital: Django's own names of fields have none."""
    return title[:1].upper() + title[1:]


def is_number(field: FieldShape) -> bool:
    """Whether its values are numbers, which stand at the right."""
    return isinstance(field.field, models.IntegerField | models.DecimalField | models.FloatField)


def is_sortable(field: FieldShape) -> bool:
    """Whether a list can be put in its order fast: only what has an index; never by what an order would betray."""
    column = field.field
    is_indexed = bool(column.db_index or column.unique) and not isinstance(column, models.ForeignKey)
    return is_indexed and not field.is_personal


def words(field: FieldShape, row: Any, actor: Actor) -> str:
    """The value in words, masked unless the person may see it plain; empty for none."""
    return stored(field, getattr(row, field.name), actor)


def plain(field: FieldShape, value: Any) -> str:
    """A value in words, unmasked, numbers as a reader writes them."""
    if value is None or value == "":
        return ""
    if is_number(field) and not isinstance(value, str):
        return formats.number(value, getattr(field.field, "decimal_places", 0) or 0)
    return worded(field, value)


def stored(field: FieldShape, value: Any, actor: Actor) -> str:
    """A value at hand, as one out of the history, in words, masked unless the person may see it plain."""
    if value is None or value == "":
        return ""
    return masked(field, value) if is_masked(field, actor) else plain(field, value)


def drawn(
    field: FieldShape, row: Any, actor: Actor, tones: Mapping[str, Tone] | None = None, *, short: bool = False
) -> SafeString:
    """The value as HTML; `short` cuts long texts as a list does."""
    value = getattr(row, field.name)
    if value is None or value == "":
        return cells.text(None)
    text = words(field, row, actor)
    if is_masked(field, actor):
        return format_html('<span class="masked n" title="{}">{}</span>', _("Masked"), text)
    column = field.field
    if tones and column.choices and value in tones:
        return format_html('<span class="st st-{}">{}</span>', tones[value], text)
    if isinstance(value, datetime.datetime):
        return format_html('<time class="n" datetime="{}" title="{}">{}</time>', value.isoformat(), text, text)
    if is_number(field) or isinstance(value, datetime.date) or isinstance(column, Place) or field.name == "number":
        return format_html('<span class="n">{}</span>', text)
    if isinstance(column, LongText):
        if short:
            return format_html("{}", Truncator(text).chars(SHORT))
        return format_html('<span class="long-text">{}</span>', text)
    return format_html("{}", text)


def link_of(field: FieldShape, row: Any, actor: Actor) -> str:
    """Address of the record a link leads to, when the person may look at such records; empty otherwise."""
    target = getattr(row, field.name) if isinstance(field.field, models.ForeignKey) else None
    if not isinstance(target, Record):
        return ""
    shape = shape_of(type(target))
    return address(shape.key, target.number) if actor.may(shape.permission("view")) else ""


def address(key: str, number: str) -> str:
    """Address of a record's page."""
    return reverse(f"records:{key}:detail", args=[number])
