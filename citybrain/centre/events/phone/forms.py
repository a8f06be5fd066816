"""What the field can do with a case (外勤办理): one form a verb, the same for every case: devices may keep it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from citybrain.centre.events.machine import BY_VERB, Verb
from citybrain.centre.events.models import Event
from citybrain.centre.events.orders import Order
from citybrain.centre.events.pages.forms import KeyField, bodies
from citybrain.centre.events.private import MASKED
from citybrain.centre.events.reasons import words_of
from citybrain.kernel.identity.models import Organisation

HIDDEN = ("number", "seen", "task", "made_at")


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One thing that is done from the field."""

    verb: Verb
    title: str | Promise
    icon: str
    fields: tuple[str, ...]
    required: tuple[str, ...] = ()
    text: str | Promise = ""
    """Label of its words; empty says so."""
    photos: str = ""
    """What its photos show: `after`, `before`, `other`; empty asks for none."""
    submit: str | Promise = ""

    @property
    def is_of_task(self) -> bool:
        """Whether it is done with a task of the case, not with the case."""
        return self.verb in (Verb.SIGN_TASK, Verb.FINISH_TASK, Verb.RETURN_TASK)


DEEDS: dict[str, Deed] = {
    deed.verb.value.replace("_", "-"): deed
    for deed in (
        Deed(verb=Verb.SIGN, title=gettext_lazy("Sign"), icon="pencil-check", fields=("text",)),
        Deed(
            verb=Verb.REPORT_DONE,
            title=gettext_lazy("Report done"),
            icon="circle-check",
            fields=("result", "measures", "public_text", "text", "again"),
            required=("result",),
            text=gettext_lazy("Note for colleagues"),
            photos="after",
        ),
        Deed(
            verb=Verb.SEND_BACK,
            title=pgettext_lazy("an event, to the desk", "Send back"),
            icon="arrow-back-up",
            fields=("organisation", "text"),
            required=("organisation", "text"),
            text=gettext_lazy("Why it is not ours"),
        ),
        Deed(
            verb=Verb.PAUSE,
            title=gettext_lazy("Pause"),
            icon="player-pause",
            fields=("reason", "until", "text"),
            required=("reason", "text"),
            text=gettext_lazy("What it waits for"),
        ),
        Deed(verb=Verb.RESUME, title=gettext_lazy("Resume"), icon="player-play", fields=("text",)),
        Deed(
            verb=Verb.ASK_TASK,
            title=gettext_lazy("Ask for help"),
            icon="users-plus",
            fields=("organisation", "text", "until"),
            required=("organisation", "text"),
            text=gettext_lazy("What is asked"),
        ),
        Deed(
            verb=Verb.CLOSE,
            title=gettext_lazy("Checked on site: close"),
            icon="clipboard-check",
            fields=("public_text", "text", "again"),
            text=gettext_lazy("What was found on site"),
            photos="after",
        ),
        Deed(
            verb=Verb.REWORK,
            title=gettext_lazy("Not done: back to work"),
            icon="rotate",
            fields=("text",),
            required=("text",),
            text=gettext_lazy("What is still wrong"),
            photos="before",
        ),
        Deed(
            verb=Verb.NOTE,
            title=pgettext_lazy("about an event", "Note"),
            icon="note",
            fields=("text",),
            required=("text",),
            photos="other",
        ),
        Deed(verb=Verb.SIGN_TASK, title=gettext_lazy("Take the task"), icon="pencil-check", fields=()),
        Deed(
            verb=Verb.FINISH_TASK,
            title=gettext_lazy("Task done"),
            icon="circle-check",
            fields=("text", "again"),
            required=("text",),
            text=gettext_lazy("What was done"),
            photos="after",
        ),
        Deed(
            verb=Verb.RETURN_TASK,
            title=gettext_lazy("Return the task"),
            icon="arrow-back-up",
            fields=("text",),
            required=("text",),
            text=gettext_lazy("Why it is not ours"),
        ),
    )
}
"""Key in the address -> deed, the usual ones first."""


def key_of(verb: Verb) -> str:
    """Key of a verb's form in addresses; empty when the field has none."""
    key = verb.value.replace("_", "-")
    return key if key in DEEDS else ""


class DeedForm(forms.Form):
    """One deed's form. What case it is about stands in hidden fields that the device fills in."""

    number = forms.CharField(widget=forms.HiddenInput(attrs={"data-kept": ""}), max_length=32)
    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-kept": ""}), min_value=0)
    task = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-kept": ""}), required=False)
    made_at = forms.DateTimeField(widget=forms.HiddenInput(attrs={"data-kept": ""}), required=False)

    def __init__(self, deed: Deed, data: Any = None) -> None:
        super().__init__(data, auto_id="id_%s")
        self.deed = deed
        for name in deed.fields:
            field = MAKE[name](deed)
            field.required = name in deed.required
            self.fields[name] = field

    def order(self) -> Order:
        """What is asked, without photos."""
        given: Mapping[str, Any] = self.cleaned_data
        values = {name: given[name] for name in self.deed.fields if given.get(name) not in (None, "")}
        return Order(verb=self.deed.verb, **values)


def words(deed: Deed) -> forms.Field:
    """The deed's words."""
    return forms.CharField(
        label=deed.text or _("Your note"), help_text=MASKED, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


def plain(label: str | Promise, hint: str | Promise = "") -> Callable[[Deed], forms.Field]:
    """Further words."""
    return lambda _deed: forms.CharField(
        label=label, help_text=hint, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )


def reason(deed: Deed) -> forms.Field:
    """One of the reasons of the transition."""
    options = [(code, words_of(code)) for code in BY_VERB[deed.verb].reasons]
    return forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose")), *options])


def body(deed: Deed) -> forms.Field:
    """A body of the county."""
    field = KeyField(Organisation, bodies())
    field.label = _("Body held responsible") if deed.verb is Verb.SEND_BACK else _("Body")
    return field


MAKE: dict[str, Callable[[Deed], forms.Field]] = {
    "text": words,
    "measures": plain(gettext_lazy("What was done")),
    "public_text": plain(
        gettext_lazy("What the reporters and the public read"), gettext_lazy("No names, no telephone numbers.")
    ),
    "again": plain(
        gettext_lazy("Why a picture serves twice"),
        gettext_lazy("Only where a photo was refused because it shows another case already."),
    ),
    "reason": reason,
    "organisation": body,
    "result": lambda _deed: forms.ChoiceField(
        label=_("Result"), choices=[(one.value, one.label) for one in Event.Result]
    ),
    "until": lambda _deed: forms.DateTimeField(
        label=_("Until when"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    ),
}
"""Name of a field -> what makes it."""
