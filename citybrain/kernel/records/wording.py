"""Values of records as words and as JSON: what history keeps, exports write and search hits show."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from citybrain.kernel.records.fields import Code, Place
from citybrain.kernel.records.models import Record
from citybrain.kernel.records.shape import FieldShape, shape_of


def is_chinese() -> bool:
    """Whether the reader reads Chinese."""
    return (get_language() or "zh").startswith("zh")


def raw(field: FieldShape, record: models.Model) -> Any:
    """A record's value of a field as its column holds it: a link as the id."""
    return getattr(record, field.field.attname)


def as_json(field: FieldShape, value: Any) -> Any:
    """A raw value as history keeps it: days and moments ISO 8601 (UTC), exact numbers as text."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value


def from_json(field: FieldShape, value: Any) -> Any:
    """What `as_json` made, as the raw value it was."""
    if not isinstance(value, str):
        return value
    match field.field:
        case models.DateTimeField():
            return parse_datetime(value)
        case models.DateField():
            return parse_date(value)
        case models.DecimalField():
            return Decimal(value)
    return value


def name_of(row: models.Model) -> str:
    """How a linked row is called, in the reader's language."""
    if isinstance(row, Record):
        return title_of(row)
    chinese, english = getattr(row, "chinese", ""), getattr(row, "english", "")
    named = (chinese or english) if is_chinese() else (english or chinese)
    return str(named or getattr(row, "name", "") or row)


def title_of(record: Record) -> str:
    """How a record is called wherever anybody may read it: its naming field, its number where that is personal."""
    shape = shape_of(type(record))
    named = shape.by_name[shape.title_field]
    return record.number if named.is_personal else str(getattr(record, named.name) or record.number)


def worded(field: FieldShape, value: Any) -> str:
    """A raw value, or a linked row, in words; empty for none. Unmasked."""
    if value is None or value == "":
        return ""
    column = field.field
    if isinstance(column, models.ForeignKey):
        row = value if isinstance(value, models.Model) else _linked(column, value)
        return f"{value}" if row is None else name_of(row)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, Code):
        code = next((code for code in column.code_list.codes if code.value == value), None)
        return str(value) if code is None else (code.title if is_chinese() else code.english or code.title)
    if isinstance(column, Place):
        return place_words(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def place_words(geometry: Any) -> str:
    """A geometry in words: longitude and latitude of a point, else its kind."""
    if not isinstance(geometry, dict):
        return ""
    if geometry.get("type") == "Point":
        longitude, latitude = geometry["coordinates"][:2]
        return f"{longitude:.6f},{latitude:.6f}"
    return str(geometry.get("type", ""))


def _linked(column: models.ForeignKey[Any, Any], key: Any) -> models.Model | None:
    found: models.Model | None = column.related_model._base_manager.filter(pk=key).first()
    return found
