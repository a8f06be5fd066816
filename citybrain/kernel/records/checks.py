"""What is wrong with a record type, told before it is used.

E060 two types share a key · E061 a field names an element nobody declares · E062 `Face` names a field that is none, or
orders by one without an index · E063 a field names a code list nobody declares · E064 a personal field is searched or
filtered by · E065 a public type lists or is named by a field that is not public · E066 two types' numbers begin alike ·
E067 a field filtered by has no index (warning W067) · E068 `Face` has an option that is none, or an impossible one ·
E069 a type has no docstring, which is its help
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import models

from citybrain.declare.codelist import CodeList
from citybrain.declare.element import Element
from citybrain.declare.words import Grade
from citybrain.kernel.records.fields import Code, Described, traits_of
from citybrain.kernel.records.models import Face, Record
from citybrain.kernel.records.numbering import prefix_of
from citybrain.kernel.records.shape import Shape, key_of, shape_of
from citybrain.kernel.registry.registry import did_you_mean, registry


def check_records(types: Sequence[type[Record]]) -> list[checks.CheckMessage]:
    """Every finding about `types`."""
    found = [*_keys(types)]
    shapes = []
    for model in types:
        broken = [*_references(model)]
        found += [*broken, *_options(model)]
        if not broken:
            # A shape of unknown elements cannot be made: its other findings wait for the first.
            shape = shape_of(model)
            shapes.append(shape)
            found += [*_face(shape), *_fields(shape)]
    return [*found, *_prefixes(shapes)]


def _finding(number: str, model: type[models.Model], text: str, remedy: str) -> checks.CheckMessage:
    kind = checks.Warning if number.startswith("W") else checks.Error
    return kind(f'Record type "{key_of(model)}" {text}', hint=remedy, id=f"citybrain.{number}")


def _keys(types: Sequence[type[Record]]) -> Iterator[checks.CheckMessage]:
    seen: dict[str, type[Record]] = {}
    for model in types:
        first = seen.setdefault(key_of(model), model)
        if first is not model:
            text = f"is declared twice: by {first.__module__} and by {model.__module__}."
            yield _finding("E060", model, text, "Give one of the two models another name.")


def _references(model: type[Record]) -> Iterator[checks.CheckMessage]:
    for field in model._meta.concrete_fields:
        element = traits_of(field).element
        if element and registry().find(Element, element) is None:
            known = [one.key for one in registry().of(Element)]
            text = f'field "{field.name}" names the element "{element}", which nobody declares.'
            yield _finding("E061", model, text, "Correct the key." + did_you_mean(element, known))
        if isinstance(field, Code) and registry().find(CodeList, field.codes) is None:
            known = [one.key for one in registry().of(CodeList)]
            text = f'field "{field.name}" names the code list "{field.codes}", which nobody declares.'
            yield _finding("E063", model, text, "Correct the key." + did_you_mean(field.codes, known))


def _options(model: type[Record]) -> Iterator[checks.CheckMessage]:
    face = getattr(model, "Face", Face)
    known = [name for name in vars(Face) if not name.startswith("_")]
    for name in vars(face):
        if not name.startswith("_") and name not in known:
            yield _finding(
                "E068",
                model,
                f'has the option "{name}" in its Face, which there is none of.',
                "Drop it." + did_you_mean(name, known),
            )
    if face.by_verbs and (face.citizens_create or face.citizens_fields):
        text = "is written by its own verbs only, and lets citizens create one by the general form."
        yield _finding("E068", model, text, "Drop `citizens_create` and `citizens_fields`, or `by_verbs`.")
    if face.retention_days is not None and face.retention_days < 1:
        yield _finding("E068", model, f"keeps removed records {face.retention_days} days.", "Keep them a day or more.")
    if model.__doc__ is None or model.__doc__.startswith(f"{model.__name__}("):
        yield _finding("E069", model, "has no docstring.", "Say what it is for: the text is the help of its pages.")


def _face(shape: Shape) -> Iterator[checks.CheckMessage]:
    model, names = shape.model, shape.by_name
    if shape.face.title and shape.face.title not in names:
        text = f'is to be named by "{shape.face.title}", which is no field of it.'
        yield _finding("E062", model, text, "Name a field." + did_you_mean(shape.face.title, names))
        return
    for name in shape.face.order:
        plain = name.removeprefix("-")
        if plain not in names:
            text = f'is ordered by "{plain}", which is no field of it.'
            yield _finding("E062", model, text, "Name a field." + did_you_mean(plain, names))
        elif not is_indexed(names[plain].field):
            text = f'is ordered by "{plain}", which has no index: a long list takes seconds.'
            yield _finding("E062", model, text, "Give the field db_index=True, or take another order.")
    if shape.face.is_public:
        for field in shape.fields:
            shown = traits_of(field.field).is_listed or field.name == shape.title_field
            if shown and field.grade > Grade.L1:
                text = f'is public and shows the field "{field.name}" of grade {field.grade}.'
                yield _finding("E065", model, text, "Do not list it, or do not make the type public.")


def _fields(shape: Shape) -> Iterator[checks.CheckMessage]:
    for field in shape.fields:
        traits = traits_of(field.field)
        if field.is_personal and (traits.is_searched or traits.is_filtered):
            text = f'finds records by the field "{field.name}" of grade {field.grade}: whoever tries learns the values.'
            yield _finding("E064", shape.model, text, "Take searched and filtered from it.")
        elif traits.is_filtered and isinstance(field.field, Described) and not is_indexed(field.field):
            text = f'is filtered by "{field.name}", which has no index: a long list takes seconds.'
            yield _finding("W067", shape.model, text, "Give the field db_index=True.")


def _prefixes(shapes: Sequence[Shape]) -> Iterator[checks.CheckMessage]:
    seen: dict[str, Shape] = {}
    for shape in shapes:
        first = seen.setdefault(prefix_of(shape), shape)
        if first is not shape:
            text = f'numbers its records {prefix_of(shape)}-… like "{first.key}".'
            yield _finding("E066", shape.model, text, "Give one of them a `prefix` of its own.")


def is_indexed(field: Any) -> bool:
    """Whether the database finds and orders rows by the field without reading all."""
    return bool(field.db_index or field.unique or isinstance(field, models.ForeignKey | models.BooleanField))


@checks.register("citybrain")
def check_record_types(app_configs: object, **options: object) -> list[checks.CheckMessage]:
    """Django's door to `check_records`."""
    return check_records([model for model in apps.get_models() if issubclass(model, Record)])
