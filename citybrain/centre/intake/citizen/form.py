"""The form on which citizens report something: photo, place, words, class; a contact if they want an answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citybrain.centre.events.private import MASKED_HERE
from citybrain.centre.events.types import event_types, name_of
from citybrain.ui.records.forms import PlaceField

FASTEST = 2
"""Seconds a person needs at least between opening the form and sending it."""
LONGEST = 30 * 86_400
"""Seconds a form may be old: one that was filled in without network may come weeks later."""

CLOCK = TimestampSigner(salt="citybrain.centre.intake.report")

HIDDEN = ("opened", "join", "asset_kind", "asset_number", "accuracy")


def hidden(*marks: str, **options: Any) -> forms.CharField:
    """A hidden field; `kept` is taken up again with a draft, `asked` may come with the address."""
    widget = forms.HiddenInput(attrs={f"data-{mark}": "" for mark in marks})
    return forms.CharField(required=False, widget=widget, max_length=128, **options)


class ReportForm(forms.Form):
    """What citizens fill in; two guards stand in place of a riddle: a field people never see, and the time it took."""

    place = PlaceField(
        required=False,
        label=gettext_lazy("Where it is"),
        help_text=gettext_lazy("Move the map until the cross stands on it, or press “Here”."),
    )
    address = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Address or landmark"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address", "data-asked": ""}),
    )
    text = forms.CharField(
        required=False,
        max_length=1000,
        label=gettext_lazy("What is wrong?"),
        help_text=format_lazy(
            "{} {}", gettext_lazy("A few words are enough. With a photo you may leave it out."), MASKED_HERE
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    type = forms.ChoiceField(required=False, label=gettext_lazy("Kind of problem"))
    name = forms.CharField(
        required=False,
        max_length=40,
        label=gettext_lazy("How may we call you?"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = forms.CharField(
        required=False,
        max_length=100,
        label=gettext_lazy("Mobile number or e-mail"),
        help_text=gettext_lazy(
            "Only if you want to be answered or asked. It is kept sealed; who opens it must say why, and is logged."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )
    consent = forms.BooleanField(
        label=gettext_lazy("I agree that my report is processed to solve the problem"),
        help_text=gettext_lazy(
            "Photos lose their hidden data; place and kind of the problem may be shown in public, your words and "
            "photos not. Your network address is recorded to prevent abuse."
        ),
    )
    website = forms.CharField(required=False, label=gettext_lazy("Leave this empty"))
    """Programs fill in whatever is called so; people do not see it."""
    opened = forms.CharField(widget=forms.HiddenInput)
    join = hidden("kept", "asked")
    asset_kind = hidden("kept", "asked")
    asset_number = hidden("kept", "asked")
    accuracy = forms.FloatField(required=False, min_value=0, max_value=1e6, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"opened": CLOCK.sign("form"), **(initial or {})}, auto_id="id_%s")
        self.fields["type"].choices = choices()  # type: ignore[attr-defined]
        # The trap is out of everybody's way, also of who reads the page by ear or steps through it by keyboard.
        trap = self.fields["website"].widget
        trap.attrs |= {"tabindex": "-1", "autocomplete": "off", "aria-hidden": "true", "class": "trap"}

    def clean_opened(self) -> str:
        """Raises ValidationError when the form was sent faster than anybody writes, or is no page of ours."""
        text = str(self.cleaned_data["opened"])
        try:
            CLOCK.unsign(text, max_age=LONGEST)
        except BadSignature as error:
            raise ValidationError(_("The form was open too long. Open it anew.")) from error
        try:
            CLOCK.unsign(text, max_age=FASTEST)
        except BadSignature:
            return text
        raise ValidationError(_("That was too quick to be read. Look it over and send it again."))

    def clean_website(self) -> str:
        """Raises ValidationError when the field nobody sees was filled in."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave the field “website” empty."))
        return ""

    def clean_place(self) -> dict[str, Any] | None:
        """Raises ValidationError for a shape: somebody stands at one point."""
        place: dict[str, Any] | None = self.cleaned_data["place"]
        if place is not None and place["type"] != "Point":
            raise ValidationError(_("Write longitude and latitude in degrees: 120.04, 28.89."))
        return place

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when nobody could find the place."""
        given = super().clean() or {}
        if not self.errors and not any(given.get(name) for name in ("place", "address", "asset_number", "join")):
            raise ValidationError({"address": _("Say where it is: on the map, or by an address or landmark.")})
        return given


def choices() -> list[Any]:
    """The classes citizens may report, by what they are about."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for found in event_types().values():
        if found.citizens:
            groups.setdefault(str(_(found.kind.label)), []).append((found.key, name_of(found)))
    return [("", _("I do not know, let the desk decide")), *groups.items()]
