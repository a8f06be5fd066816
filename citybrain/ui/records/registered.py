"""Which pages a record type has: those that the `records.py` beside its models defines, else the plain ones."""

from __future__ import annotations

import inspect
from functools import cache
from types import ModuleType

from django.apps import apps

from citybrain.kernel.records.shape import record_type, record_types
from citybrain.kernel.registry.registry import part_of, parts
from citybrain.ui.records.pages import RecordPages


@cache
def all_pages() -> tuple[RecordPages, ...]:
    """The pages of every record type. Raises TypeError when two classes are of one model, or one has no model."""
    own: dict[type, type[RecordPages]] = {}
    for module in modules():
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if not issubclass(kind, RecordPages) or kind.__module__ != module.__name__ or name.startswith("_"):
                continue
            model = getattr(kind, "model", None)
            if model is None:
                raise TypeError(f"{module.__name__}.{name} names no record type: add `model = ...`.")
            if model in own:
                raise TypeError(f"{module.__name__}.{name}: {own[model].__name__} has the pages of {model.__name__}.")
            own[model] = kind
    return tuple(own.get(shape.model, RecordPages)(shape) for shape in record_types())


def modules() -> list[ModuleType]:
    """The module `records` of every application folder and of every room that keeps records."""
    found = {module.__name__: module for module in parts("records")}
    for room in dict.fromkeys(shape.model._meta.app_label for shape in record_types()):
        if (module := part_of(apps.get_app_config(room).name, "records")) is not None:
            found.setdefault(module.__name__, module)
    return list(found.values())


def pages_of(key: str) -> RecordPages:
    """The pages of the record type with `key`. Raises LookupError with the nearest key there is."""
    shape = record_type(key)
    return next(pages for pages in all_pages() if pages.shape is shape)
