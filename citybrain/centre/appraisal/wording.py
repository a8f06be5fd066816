"""How values and groups of the appraisal are said, alike on pages, in registers and in reports."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from citybrain.centre.appraisal.measuring import Unit
from citybrain.centre.appraisal.queries import Value
from citybrain.centre.events.models import Channel
from citybrain.centre.events.pages.parts import Names
from citybrain.centre.events.types import event_types, name_of
from citybrain.declare.event import Kind, Level, Loop
from citybrain.ui import formats


def in_words(value: Value) -> str:
    """A value with its unit; a dash where there is nothing to say."""
    number = value.value
    if number is None:
        return formats.NOTHING
    match value.measure.unit:
        case Unit.RATE:
            return formats.percent(number)
        case Unit.HOURS:
            return formats.duration(number * 3600)
        case Unit.STARS:
            return formats.number(number, 1)
        case _:
            return formats.number(number)


def named(by: str, key: Any) -> str:
    """How a group of a breakdown is called."""
    if key in (None, ""):
        return _("Not known")
    names = Names()
    if by == "town":
        return names.town(key)
    if by == "area":
        return names.area(key)
    if by in ("body", "organisation"):
        return names.body(key)
    if by == "type":
        found = event_types().get(key)
        return name_of(found) if found else str(key)
    if by == "family":
        # A group has no name of its own: it is called by its classes.
        members = [name_of(one) for one in event_types().values() if one.group == key]
        return _(", ").join(dict.fromkeys(members[:3])) or str(key)
    labels: dict[str, dict[str, Any]] = {
        "kind": {one.value: _(one.label) for one in Kind},
        "loop": {one.value: _(one.label) for one in Loop},
        "level": {one.value: _(one.label) for one in Level},
        "channel": dict(Channel.choices),
    }
    return str(labels.get(by, {}).get(key, key))
