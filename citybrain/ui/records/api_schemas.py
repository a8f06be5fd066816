"""What the API sends and takes for a record type, as pydantic models built from its shape."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field, create_model

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area, Organisation, User
from citybrain.kernel.records.fields import Code, Place
from citybrain.kernel.records.masking import shown
from citybrain.kernel.records.models import Record
from citybrain.kernel.records.shape import FieldShape, Shape
from citybrain.ui.records.forms import targets
from citybrain.ui.records.pages import RecordPages

KEYS = UUID("6f1c1a56-2b0e-4a8e-9f0f-2d5f6f0a9a11")
"""Space of the request keys made from Idempotency-Key headers that are no UUID."""

TYPES: tuple[tuple[type[models.Field[Any, Any]], Any], ...] = (
    (models.BooleanField, bool),
    (models.DateTimeField, datetime.datetime),
    (models.DateField, datetime.date),
    (models.IntegerField, int),
    (models.DecimalField, Decimal),
    (models.FloatField, float),
    (models.JSONField, dict[str, Any]),
    (models.ForeignKey, str),
    (models.Field, str),
)
"""Django field -> type in JSON; the narrower kinds first. Links go by key or number, exact numbers as text."""


def type_of(field: FieldShape) -> Any:
    """The type of a field's values."""
    return next(kind for column, kind in TYPES if isinstance(field.field, column))


def described(field: FieldShape) -> str:
    """What the documentation says of a field: title, unit, words of a choice, grade."""
    parts = [str(field.title)]
    if field.unit:
        parts.append(_("in %s") % field.unit)
    if field.field.choices:
        parts.append(", ".join(f"{value}: {title}" for value, title in field.field.flatchoices))
    if isinstance(field.field, Code):
        parts.append(_("code of the list %s") % field.field.codes)
    if isinstance(field.field, Place):
        parts.append(_("GeoJSON geometry, degrees, CGCS2000"))
    if isinstance(field.field, models.ForeignKey):
        parts.append(_("key or number"))
    if field.help:
        parts.append(field.help)
    if field.is_personal:
        parts.append(_("grade %s: masked without a purpose (X-Purpose)") % field.grade)
    return "; ".join(parts)


def pascal(shape: Shape) -> str:
    """Name of the type's schemas."""
    return shape.model.__name__


def schema_out(shape: Shape) -> type[Schema]:
    """A record as it is sent. A masked value is a text, whatever its type."""
    fields: dict[str, Any] = {"url": (str, Field(description=_("Address of its page")))}
    for field in shape.fields:
        kind = type_of(field)
        if field.is_personal:
            kind = kind | str
        fields[field.name] = (kind | None, Field(None, description=described(field)))
    fields["revision"] = (int, Field(description=_("Send it back with a change")))
    return create_model(f"{pascal(shape)}", __base__=Schema, **fields)


def schema_in(pages: RecordPages, *, is_patch: bool) -> type[BaseModel]:
    """What is taken to make a record, or, with everything optional, to change one. Unknown names are refused."""
    fields: dict[str, Any] = {}
    for field in pages.editable():
        kind = type_of(field)
        if is_patch or not field.is_required or field.field.has_default():
            fields[field.name] = (kind | None, Field(None, description=described(field)))
        else:
            fields[field.name] = (kind, Field(description=described(field)))
    if is_patch:
        fields["revision"] = (int | None, Field(None, description=_("Revision the change is made to; or If-Match")))
    name = f"{pascal(pages.shape)}{'Change' if is_patch else 'New'}"
    return create_model(name, __base__=_Strict, **fields)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


def sent(pages: RecordPages, record: Any, actor: Actor, *, absolute: str = "") -> dict[str, Any]:
    """A record as the API sends it, masked where the person may not see it plain."""
    body: dict[str, Any] = {"url": absolute + pages.url("detail", record.number)}
    for field in pages.shape.fields:
        body[field.name] = outgoing(field, record, actor)
    body["revision"] = record.revision
    return body


def outgoing(field: FieldShape, record: Any, actor: Actor) -> Any:
    """One value as the API sends it."""
    value = getattr(record, field.name)
    if value is None or value == "":
        return None
    if field.is_personal and not actor.sees(field.grade):
        return str(shown(field, value, actor))
    return name_of(value) if isinstance(value, models.Model) else value


def name_of(row: models.Model) -> str:
    """How the API names a row that a link leads to."""
    match row:
        case Record():
            return row.number
        case Organisation() | Area():
            return row.key
        case User():
            return row.name
    return str(row.pk)


def incoming(pages: RecordPages, values: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """Values as the verbs take them: links found by their key or number.

    Raises ValidationError by field for what cannot be found.
    """
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, value in values.items():
        field = pages.shape.by_name[name]
        if isinstance(field.field, models.ForeignKey) and value is not None:
            rows, by = targets(field, pages, actor)
            row = rows.filter(**{by[0]: value}).first()
            if row is None:
                wrong[name] = _("There is no “%(value)s”: send its %(way)s.") % {"value": value, "way": by[0]}
            found[name] = row
        elif value is None and not field.field.null:
            found[name] = field.field.get_default() if field.field.has_default() else ""
        else:
            found[name] = value
    if wrong:
        raise ValidationError(wrong)
    return found


def request_key(header: str, actor: Actor) -> UUID | None:
    """The request key an Idempotency-Key header stands for; None for none. A text of any kind serves."""
    if not header:
        return None
    try:
        return UUID(header)
    except ValueError:
        return uuid5(KEYS, f"{actor.user_id}:{header[:200]}")
