"""Panels that only the phone has: who I am, the field form, what waits to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.forms import BaseForm, BoundField
from django.http import HttpRequest

from citybrain.kernel.records.fields import Place
from citybrain.kernel.records.shape import Shape
from citybrain.ui.panels.panel import Panel, Text


@dataclass(frozen=True, kw_only=True)
class Me(Panel):
    """Who is signed in, and this device's settings: language, type, installing, signing out."""

    template: ClassVar[str] = "ui/phone/me.html"

    who: str
    under: str = ""
    """The post they act under."""


@dataclass(frozen=True, kw_only=True)
class FieldForm(Panel):
    """A form that works without network (外勤表单): what is filled in stays on the device until it can be sent."""

    template: ClassVar[str] = "ui/phone/field_form.html"

    form: BaseForm
    shape: Shape
    groups: tuple[tuple[Text, tuple[str, ...]], ...]
    """Headings with the names of their fields."""
    send: str
    """Address that takes what was filled in, again and again under one request key."""
    brand: str = ""
    """Words of the mark on photos, before the time."""

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The fields by heading, each with whether it is a place."""
        places = {field.name for field in self.shape.fields if isinstance(field.field, Place)}
        drawn: list[tuple[Text, list[tuple[BoundField, bool]]]] = []
        for heading, names in self.groups:
            fields = [(self.form[name], name in places) for name in names if name in self.form.fields]
            if fields:
                drawn.append((heading, fields))
        return {"drawn": drawn}


@dataclass(frozen=True, kw_only=True)
class Outbox(Panel):
    """What this device keeps: forms begun, waiting, refused, and what was received just now. The browser fills it."""

    template: ClassVar[str] = "ui/phone/outbox.html"
