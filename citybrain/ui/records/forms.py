"""The form of a record type, from its shape; what it takes is checked again by the verbs."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from contextlib import suppress
from copy import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area, Organisation
from citybrain.kernel.identity.scope import scoped
from citybrain.kernel.records.checking import put
from citybrain.kernel.records.fields import Code, LongText, Place
from citybrain.kernel.records.models import Record
from citybrain.kernel.records.shape import FieldShape, shape_of
from citybrain.kernel.records.wording import name_of, place_words
from citybrain.ui import formats
from citybrain.ui.records import values
from citybrain.ui.records.pages import RecordPages

ROW = re.compile(r"[0-9]{1,11}")
"""An id of a row; codes of areas are longer."""

SELECT_MOST = 30
"""Rows a drop-down may have; more are found by typing."""


class PlaceField(forms.Field):
    """A place: “120.04, 28.89” as typed, or GeoJSON as a map gives it."""

    widget = forms.TextInput(attrs={"data-place": "", "inputmode": "decimal", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        """A point as two numbers, other geometries as GeoJSON; also of what was just sent."""
        if isinstance(value, str) and value.startswith("{"):
            with suppress(json.JSONDecodeError, KeyError, TypeError, ValueError):
                return place_words(json.loads(value)) or value
        if not isinstance(value, dict):
            return value
        return place_words(value) if value.get("type") == "Point" else json.dumps(value)

    def to_python(self, value: Any) -> dict[str, Any] | None:
        """The geometry. Raises ValidationError that says how to write it."""
        text = str(value or "").strip().replace("，", ",")
        if not text:
            return None
        if text.startswith("{"):
            try:
                geometry = json.loads(text)
            except json.JSONDecodeError as error:
                raise ValidationError(_("This is no GeoJSON: %s.") % error.msg) from error
            return dict(geometry)
        try:
            longitude, latitude = (float(part) for part in text.split(","))
        except ValueError as error:
            raise ValidationError(_("Write longitude and latitude in degrees: 120.04, 28.89.")) from error
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise ValidationError(_("Longitude lies in -180 to 180 degrees, latitude in -90 to 90."))
        return {"type": "Point", "coordinates": [longitude, latitude]}


class LookupField(forms.Field):
    """One row of a long table, found by typing its name or key; the browser offers what fits."""

    def __init__(self, *, rows: QuerySet[Any], by: tuple[str, ...], choices_url: str, **options: Any) -> None:
        self.rows, self.by = rows, by
        attributes = {"data-choices": choices_url, "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attributes), **options)

    def prepare_value(self, value: Any) -> Any:
        """A row as `name · key`, as the browser's offers are written."""
        if isinstance(value, models.Model):
            return named(value)
        if isinstance(value, int) or (
            isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12
        ):
            row = self.rows.filter(pk=value).first()
            return named(row) if row else value
        return value

    def to_python(self, value: Any) -> Any:
        """The row. Raises ValidationError when none, or more than one, is called so."""
        text = str(value or "").strip()
        if not text:
            return None
        name, _dot, key = text.rpartition(" · ")
        if name and (row := self.rows.filter(**{self.by[0]: key}).first()):
            return row
        for path in self.by:
            found = list(self.rows.filter(**{path: text})[:2])
            if len(found) == 1:
                return found[0]
            if found:
                raise ValidationError(_("More than one is called “%s”: choose it from the list.") % text)
        raise ValidationError(_("Nothing is called “%s”: choose from the list.") % text)


def named(row: models.Model) -> str:
    """A row as the browser's offers are written: `name · key`."""
    key = getattr(row, "number", None) or getattr(row, "key", row.pk)
    return f"{name_of(row)} · {key}"


def targets(field: FieldShape, pages: RecordPages, actor: Actor) -> tuple[QuerySet[Any], tuple[str, ...]]:
    """The rows a link may lead to for this person, and the ways to name one."""
    model: Any = field.field.related_model
    rows: QuerySet[Any] = model._default_manager.all()
    if model is Organisation:
        rows = rows.filter(is_active=True)
        widest = [actor.reach(pages.permission(verb)) for verb in ("create", "edit", "import")]
        if Reach.COUNTY not in widest:
            rows = rows.filter(pk__in=tuple(actor.organisations))
        return rows, ("key", "chinese", "short", "english")
    if model is Area:
        return rows, ("key", "chinese", "english")
    if issubclass(model, Record):
        shape = shape_of(model)
        may = actor.may(shape.permission("view"))
        rows = scoped(rows, actor, shape.permission("view")).filter(removed_at=None) if may else rows.none()
        return rows, shape.naming
    return rows, ("pk",)


class RecordForm(forms.Form):
    """A record's fields as inputs. Masked values are never in it: left empty they stay as they are."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    request_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        pages: RecordPages,
        actor: Actor,
        data: Mapping[str, Any] | None = None,
        *,
        record: Any = None,
        initial: Mapping[str, Any] | None = None,
        only: tuple[str, ...] = (),
        all_optional: bool = False,
    ) -> None:
        self.pages, self.actor, self.record = pages, actor, record
        self.hidden_values: list[str] = []
        super().__init__(data, initial=dict(initial or {}), auto_id="id_%s")
        for field in pages.editable():
            if only and field.name not in only:
                continue
            made = self._made(field)
            if all_optional:
                made.required = False
            self.fields[field.name] = made
        self.initial.setdefault("request_key", uuid.uuid4())

    def _made(self, field: FieldShape) -> forms.Field:
        """The input of one field."""
        if record_hides(field, self.record, self.actor):
            self.hidden_values.append(field.name)
            hint = _("Masked: %s. Left empty, it stays as it is.") % values.words(field, self.record, self.actor)
            return forms.CharField(
                label=values.titled_with_unit(field),
                required=False,
                help_text=hint,
                max_length=getattr(field.field, "max_length", None),
            )
        if self.record is not None:
            self.initial.setdefault(field.name, getattr(self.record, field.name))
        elif field.field.has_default():
            self.initial.setdefault(field.name, field.field.get_default())
        return input_of(field, self.pages, self.actor)

    def clean(self) -> dict[str, Any]:
        """Holds what was filled in against the fields' data elements too, so that all mistakes are said at once."""
        if self.errors:
            # Without one, the verb checks everything; it would never be asked while another field is wrong.
            trial = copy(self.record) if self.record is not None else self.pages.shape.model()
            for name, value in self.values().items():
                try:
                    put(self.pages.shape, trial, name, value)
                except ValidationError as error:
                    self.add_error(name, error)
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """What the verbs are given: field -> value; neither what was not sent nor masked values left empty."""
        boxes = (name for name, field in self.fields.items() if isinstance(field, forms.BooleanField))
        sent = {*boxes, *self.data}
        names = [name for name in self.cleaned_data if name in self.pages.shape.by_name and name in sent]
        kept = [name for name in names if not (name in self.hidden_values and not self.cleaned_data[name])]
        return {name: self.cleaned_data[name] for name in kept}

    def take(self, error: ValidationError) -> None:
        """Puts a verb's refusal beside the fields it is about."""
        by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, messages in by_field.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)

    def layout(self) -> tuple[tuple[Any, tuple[str, ...]], ...]:
        """Headings with the names of their fields."""
        names = [name for name in self.fields if name in self.pages.shape.by_name]
        return tuple((heading, tuple(field.name for field in fields)) for heading, fields in self.pages.groups(names))


def record_hides(field: FieldShape, record: Any, actor: Actor) -> bool:
    """Whether the record has a value in this field that the person sees only masked."""
    return (
        record is not None
        and field.is_personal
        and not actor.sees(field.grade)
        and getattr(record, field.name) not in (None, "")
    )


def input_of(field: FieldShape, pages: RecordPages, actor: Actor) -> forms.Field:
    """The input of a field."""
    column: Any = field.field
    options: dict[str, Any] = {
        "label": values.titled_with_unit(field),
        "required": field.is_required and not column.has_default(),
        "help_text": field.help,
    }
    if isinstance(column, Place):
        return PlaceField(**options)
    if isinstance(column, Code):
        words = [
            (code.value, code.title if formats.is_chinese() else code.english or code.title)
            for code in column.code_list.codes
        ]
        return forms.TypedChoiceField(choices=[("", "—"), *words], empty_value="", **options)
    if isinstance(column, models.ForeignKey):
        rows, by = targets(field, pages, actor)
        if rows.order_by().values("pk")[: SELECT_MOST + 1].count() <= SELECT_MOST:
            made = forms.ModelChoiceField(rows, **options)
            made.label_from_instance = name_of  # type: ignore[method-assign]
            return made
        address = reverse(f"records:{pages.key}:choices", args=[field.name])
        return LookupField(rows=rows, by=by, choices_url=address, **options)
    if isinstance(column, LongText):
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=column.max_length, **options)
    made = column.formfield(**options)
    if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
        made.widget = forms.DateInput()
    return made
