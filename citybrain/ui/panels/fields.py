"""How a Django form's fields become inputs: classes, input types, and the ids of help and errors."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "form-checks"),
    (forms.RadioSelect, "form-checks"),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.ClearableFileInput, "form-control"),
    (forms.Widget, "form-control"),
)
"""Widget -> class, the narrower kinds first."""

TYPES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.DateTimeInput, "datetime-local"),
    (forms.DateInput, "date"),
    (forms.TimeInput, "time"),
)
"""Widgets that the browser has a picker for."""

DASHES = "---------"


def control(field: BoundField) -> SafeString:
    """The input of `field`."""
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    kind = next(name for type_, name in CLASSES if isinstance(widget, type_))
    attributes: dict[str, str | bool] = {"class": f"{kind} {own}".strip()}
    if field.errors:
        attributes["class"] = f"{attributes['class']} is-invalid"
    for type_, name in TYPES:
        if isinstance(widget, type_):
            widget.input_type = name  # type: ignore[attr-defined]
            widget.format = {"date": "%Y-%m-%d", "datetime-local": "%Y-%m-%dT%H:%M", "time": "%H:%M"}[name]  # type: ignore[attr-defined]
            break
    html = field.as_widget(attrs=attributes)
    # Django's own words for “nothing chosen” are nine hyphens.
    return mark_safe(html.replace(f">{DASHES}<", f">{escape(_('Choose'))}<"))  # noqa: S308 - safe before, safe after


@dataclass(frozen=True)
class Input:
    """A field of a form as it is laid out."""

    field: BoundField

    @property
    def is_box(self) -> bool:
        """Whether it is one check box, whose label stands at its right."""
        return isinstance(self.field.field.widget, forms.CheckboxInput)

    @property
    def is_wide(self) -> bool:
        """Whether it takes the whole width: long texts and sets of boxes."""
        return isinstance(self.field.field.widget, forms.Textarea | forms.CheckboxSelectMultiple)
