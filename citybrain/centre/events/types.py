"""Event types of the installation, by key; and the record field that holds one."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import models
from django.utils.functional import lazy
from django.utils.translation import get_language

from citybrain.declare.event import EventType
from citybrain.kernel.records.fields import Choice
from citybrain.kernel.registry.registry import registry


@cache
def event_types() -> dict[str, EventType]:
    """Every declared type by its key, in the order of the registry."""
    return {found.key: found for found in registry().of(EventType)}


def event_type(key: str) -> EventType:
    """The type with `key`. Raises LookupError with the nearest there is."""
    return registry().get(EventType, key)


class EventTypeField(Choice):
    """Key of an event type; its words are the types' Chinese or English names."""

    django = models.CharField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        kwargs.pop("choices", None)
        super().__init__(*args, choices=type_choices, **kwargs)


def name_of(found: EventType) -> str:
    """What a type is called in the reader's language: as the code set prints it, or in English."""
    return found.chinese if (get_language() or "zh").startswith("zh") else found.title


lazy_name_of = lazy(name_of, str)


def type_choices() -> list[tuple[str, Any]]:
    """Key and name of every type."""
    return [(found.key, lazy_name_of(found)) for found in event_types().values()]
