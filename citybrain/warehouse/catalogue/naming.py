"""The names an entry and its fields are known by: the words that search spells and pages show."""

from __future__ import annotations

from citybrain.declare.element import Element
from citybrain.kernel.registry.registry import registry
from citybrain.warehouse.catalogue.models import Field


def field_names(field: Field) -> tuple[str, ...]:
    """What people may call `field`: its column, its title, and the key and titles of the element it is matched to."""
    element = registry().find(Element, field.element_key) if field.element_key else None
    own = (field.name, field.chinese, field.element_key)
    return own if element is None else (*own, element.chinese, element.title)
