"""What everybody may see (公众可见): record types declared public, their living rows, and only fields of grade L1."""

from __future__ import annotations

import math
from typing import Any

from django.db import models
from django.db.models import F, FloatField, Q, QuerySet, Value
from django.db.models.functions import Power

from citybrain.declare.words import Grade
from citybrain.kernel.identity.actor import ANONYMOUS
from citybrain.kernel.identity.models import Area, Organisation
from citybrain.kernel.identity.scope import Vouched
from citybrain.kernel.records.fields import Choice, Code, LongText, Place, Text
from citybrain.kernel.records.models import Record
from citybrain.kernel.records.shape import FieldShape, Shape, record_types, shape_of
from citybrain.ui.records import values

PUBLIC = "public"
"""By what public rows are vouched for."""

INNER = ("created_at", "created_by", "changed_at", "number", "organisation", "area")
"""Fields of every record that say nothing to a citizen, or stand elsewhere on the page."""

MOST_WORDS = 5
METRES_A_DEGREE = 111_320
"""Metres of one degree of latitude."""


def public_types() -> list[Shape]:
    """The record types citizens may look up."""
    return [shape for shape in record_types() if shape.face.is_public]


def public_type(key: str) -> Shape | None:
    """The public record type with `key`; None for any other, so that nothing tells which there are inside."""
    return next((shape for shape in public_types() if shape.key == key), None)


def open_fields(shape: Shape) -> list[FieldShape]:
    """The fields everybody may see: grade L1, without what says nothing to a citizen or names what is not public."""
    return [
        field for field in shape.fields if field.grade <= Grade.L1 and field.name not in INNER and names_nobody(field)
    ]


def names_nobody(field: FieldShape) -> bool:
    """Whether the field is no link, or leads to what everybody may know: a body, an area, a public record."""
    target = field.field.related_model if isinstance(field.field, models.ForeignKey) else None
    if target is None or target in (Organisation, Area):
        return True
    return issubclass(target, Record) and shape_of(target).face.is_public  # type: ignore[arg-type]


def public_rows(shape: Shape) -> QuerySet[Any]:
    """The living rows of a public type, with the links that are shown."""
    if not shape.face.is_public:
        raise LookupError(f"{shape.key} is not public.")
    linked = [field.name for field in shape.fields if isinstance(field.field, models.ForeignKey)]
    return shape.model._default_manager.filter(removed_at=None).select_related(*linked)


def matching_rows(shape: Shape, text: str) -> QuerySet[Any]:
    """The public rows that hold every word of `text` in one of their open texts, or lie in an area called so."""
    rows = public_rows(shape)
    names = [field.name for field in open_fields(shape) if isinstance(field.field, Text | LongText)]
    for word in text.split()[:MOST_WORDS]:
        condition = Q(area__chinese__icontains=word) | Q(area__english__icontains=word)
        for name in names:
            condition |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(condition)
    return rows


def choices_of(shape: Shape) -> list[FieldShape]:
    """Open fields of a few words, by which the list can be narrowed."""
    return [field for field in open_fields(shape) if isinstance(field.field, Choice | Code)][:2]


def nearest(rows: QuerySet[Any], place: str, longitude: float, latitude: float) -> QuerySet[Any]:
    """The rows with a place, the nearest to a point (degrees) first; `metres` is the square of the distance."""
    squeeze = math.cos(math.radians(latitude))
    east = (F(f"{place}_x") - Value(longitude)) * Value(squeeze * METRES_A_DEGREE)
    north = (F(f"{place}_y") - Value(latitude)) * Value(float(METRES_A_DEGREE))
    away = Power(east, Value(2.0)) + Power(north, Value(2.0))
    found = rows.exclude(**{f"{place}_x": None}).annotate(away=models.ExpressionWrapper(away, FloatField()))
    return found.order_by("away", "pk")


def vouched_public(rows: Any) -> Vouched[Any]:
    """Public rows, vouched for."""
    return Vouched(tuple(rows), PUBLIC)


def said(field: FieldShape, row: Record) -> str:
    """A field of a row in words, as nobody in particular may see it; empty for none."""
    return values.words(field, row, ANONYMOUS)


def title_of(shape: Shape, row: Record) -> str:
    """How a row is called; its number where its name is not open to everybody."""
    named = shape.by_name.get(shape.title_field)
    return (said(named, row) if named is not None and named.grade <= Grade.L1 else "") or row.number


def place_of(shape: Shape) -> str:
    """The open field with the place; empty when there is none."""
    field = shape.by_name.get(shape.place)
    return field.name if field is not None and isinstance(field.field, Place) and field.grade <= Grade.L1 else ""
