"""What a record type looks like, worked out once from its model: pages, API, exports and checks read only this."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, cast

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from citybrain.declare.element import Element
from citybrain.declare.role import Permission
from citybrain.declare.words import Grade, Masking, _
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records.fields import Code, LongText, Place, Traits, traits_of
from citybrain.kernel.records.models import Face, Record
from citybrain.kernel.registry.registry import did_you_mean, registry

OWN = ("number", "organisation", "area", "created_at", "created_by", "changed_at")
"""Fields every record has that people see."""

HIDDEN = ("id", "revision", "removed_at", "request_key")

VERBS = {
    "view": _("See"),
    "create": _("Create"),
    "edit": _("Edit"),
    "remove": _("Remove"),
    "import": _("Import"),
    "export": _("Export"),
    "disclose": _("See personal values plain"),
}
"""Verb -> title: the permissions of every record type, `<key>:<verb>`."""

GENERAL = ("create", "edit", "remove", "import")
"""Verbs that rows written by the verbs of their own room have not; `<key>:edit` lets people add files to them."""

LISTED = 6
"""Columns a list begins with when no field says so."""


@dataclass(frozen=True, kw_only=True)
class FieldShape:
    """One field as pages see it."""

    name: str
    title: str | Promise
    field: models.Field[Any, Any]
    traits: Traits
    grade: Grade
    """Its own, or its element's."""
    masking: Masking
    unit: str
    is_listed: bool
    is_searched: bool
    is_filtered: bool
    is_editable: bool
    is_required: bool

    @property
    def help(self) -> str:
        """Help text under the input."""
        return str(self.field.help_text)

    @property
    def is_personal(self) -> bool:
        """Whether values are masked until a purpose is stated (L3 and above)."""
        return self.grade > Grade.L2


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A record type as pages see it."""

    key: str
    """Kebab-case of the model's name: `old-tree`."""
    model: type[Record]
    face: type[Face]
    application: str
    """Key of the application folder it lives in."""
    fields: tuple[FieldShape, ...]
    """Every field people see, in the order of the model, the common ones last."""

    @cached_property
    def by_name(self) -> dict[str, FieldShape]:
        """Fields by name."""
        return {field.name: field for field in self.fields}

    def field(self, name: str) -> FieldShape:
        """The field with `name`. Raises LookupError with the nearest there is."""
        if name not in self.by_name:
            raise LookupError(f'Record type "{self.key}" has no field "{name}".{did_you_mean(name, self.by_name)}')
        return self.by_name[name]

    @property
    def title(self) -> str:
        """Name of one, translated."""
        return str(self.model._meta.verbose_name)

    @property
    def plural(self) -> str:
        """Name of many, translated."""
        return str(self.model._meta.verbose_name_plural)

    @property
    def help(self) -> str:
        """The model's docstring, translated: the help of its pages; a message of the translation catalogue."""
        text = inspect.cleandoc(self.model.__doc__ or "")
        return gettext(text) if text else ""

    @property
    def title_field(self) -> str:
        """Field that names a row."""
        return self.face.title or next((f.name for f in self.fields if type(f.field).__name__ == "Text"), "number")

    @property
    def naming(self) -> tuple[str, ...]:
        """Fields by which people name a record of it: its number, and its title unless that is personal."""
        title = self.title_field
        return ("number",) if title == "number" or self.by_name[title].is_personal else ("number", title)

    @property
    def place(self) -> str:
        """Field with the place; empty when it has none."""
        return next((field.name for field in self.fields if isinstance(field.field, Place)), "")

    @property
    def map_place(self) -> str:
        """Field with the place that maps may show; empty where it is personal: a map has no way to mask it."""
        return "" if not self.place or self.by_name[self.place].is_personal else self.place

    @property
    def editable(self) -> tuple[FieldShape, ...]:
        """Fields of the form."""
        return tuple(field for field in self.fields if field.is_editable)

    @property
    def verbs(self) -> tuple[str, ...]:
        """Verbs a permission of it is asked for."""
        return tuple(verb for verb in VERBS if self.takes(verb) or verb == "edit")

    def takes(self, verb: str) -> bool:
        """Whether the general verb is for it: rows written by their own verbs refuse to be made or changed by it."""
        return not (self.face.by_verbs and verb in GENERAL)

    def may(self, actor: Actor, verb: str) -> bool:
        """Whether the person may do this to rows of it that lie within their reach."""
        return self.takes(verb) and actor.may(self.permission(verb))

    def permission(self, verb: str) -> Permission:
        """The permission for a verb of `VERBS`. Raises LookupError for another."""
        if verb not in VERBS:
            raise LookupError(f'No verb "{verb}" of a record.{did_you_mean(verb, VERBS)}')
        if verb in GENERAL and self.face.written_by:
            verb = self.face.written_by
        if verb in self.face.permissions:
            return Permission(key=f"{self.key}:{verb}", title=self.face.permissions[verb])
        # Put together when it is drawn, in the reader's language: permissions are made once, when routes are.
        title = format_lazy("{}: {}", self.model._meta.verbose_name, gettext_lazy(VERBS[verb]))
        return Permission(key=f"{self.key}:{verb}", title=cast(str, title))


def key_of(model: type[models.Model]) -> str:
    """Kebab-case of a model's name: OldTree -> old-tree."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", model.__name__).lower()


@cache
def shape_of(model: type[Record]) -> Shape:
    """The shape of a record type."""
    own: list[models.Field[Any, Any]] = []
    common: list[models.Field[Any, Any]] = []
    for field in model._meta.concrete_fields:
        if field.name in HIDDEN or (field.name[-2:] in ("_x", "_y") and not field.editable) or _is_inner(field):
            continue
        (common if field.name in OWN else own).append(field)
    known = any(traits_of(field).is_listed is not None for field in own)
    shapes = [described(field, place < LISTED - 1 and not known) for place, field in enumerate(own)]
    shapes += [described(field, field.name == "number") for field in common]
    face = getattr(model, "Face", Face)
    if face.by_verbs:
        shapes = [replace(shape, is_editable=False, is_required=False) for shape in shapes]
    return Shape(key=key_of(model), model=model, face=face, application=model._meta.app_label, fields=tuple(shapes))


def _is_inner(field: models.Field[Any, Any]) -> bool:
    """Whether a field serves its room alone: nobody fills it in and it has no title of its own."""
    return not field.editable and field.name not in OWN and getattr(field, "_verbose_name", None) is None


def described(field: models.Field[Any, Any], is_early: bool) -> FieldShape:
    """A field with what its traits leave open decided."""
    traits = traits_of(field)
    element = registry().get(Element, traits.element) if traits.element else None
    grade = max(traits.grade, element.grade) if element else traits.grade
    is_long = isinstance(field, LongText | Place | models.JSONField)
    is_text = (
        isinstance(field, models.CharField | models.TextField) and not field.choices and not isinstance(field, Code)
    )
    is_choice = bool(field.choices) or isinstance(
        field, Code | models.ForeignKey | models.BooleanField | models.DateField
    )
    return FieldShape(
        name=field.name,
        title=gettext_lazy("created by") if field.name == "created_by" else field.verbose_name,
        field=field,
        traits=traits,
        grade=grade,
        masking=element.masking if element and traits.masking is Masking.NONE else traits.masking,
        unit=traits.unit or (element.unit if element else ""),
        is_listed=traits.is_listed if traits.is_listed is not None else is_early and not is_long,
        is_searched=traits.is_searched if traits.is_searched is not None else is_text and grade <= Grade.L2,
        is_filtered=traits.is_filtered if traits.is_filtered is not None else is_choice and field.name != "created_by",
        is_editable=field.editable and field.name not in ("created_at", "changed_at"),
        is_required=not field.blank and field.editable,
    )


@cache
def record_types() -> tuple[Shape, ...]:
    """Every record type of the installation, by application and name."""
    models = [model for model in apps.get_models() if issubclass(model, Record)]
    return tuple(sorted((shape_of(model) for model in models), key=lambda shape: (shape.application, shape.key)))


def record_type(key: str) -> Shape:
    """The record type with `key`. Raises LookupError with the nearest there is."""
    for shape in record_types():
        if shape.key == key:
            return shape
    raise LookupError(f'No record type has the key "{key}".{did_you_mean(key, [s.key for s in record_types()])}')
