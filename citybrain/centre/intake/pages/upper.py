"""Orders of the higher level (上级交办): a letter, a call, a meeting's minutes, with the time limit the order sets."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.centre.events.drafts import ReporterDraft, SignalDraft
from citybrain.centre.events.models import Channel, Event
from citybrain.centre.events.permissions import REPORT
from citybrain.centre.events.private import MASKED
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.types import event_types, name_of
from citybrain.centre.understanding.reading import understand
from citybrain.declare.event import Level
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area
from citybrain.ui.access import requires_form
from citybrain.ui.panels.kinds import FormPanel
from citybrain.ui.panels.panel import Link, Page


class UpperForm(forms.Form):
    """An order of the higher level."""

    sender = forms.CharField(max_length=80)
    document = forms.CharField(max_length=80)
    received_at = forms.DateTimeField(widget=forms.DateTimeInput())
    until = forms.DateTimeField(widget=forms.DateTimeInput())
    title = forms.CharField(max_length=120)
    text = forms.CharField(max_length=4000, widget=forms.Textarea({"rows": 6}))
    type = forms.ChoiceField(required=False)
    level = forms.ChoiceField(required=False)
    area = forms.ModelChoiceField(Area.objects.none(), required=False)
    address = forms.CharField(max_length=200, required=False)
    is_exercise = forms.BooleanField(required=False)
    key = forms.UUIDField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        labels = {
            "sender": pgettext("of an order", "From"),
            "document": _("Number of the order"),
            "received_at": _("Received"),
            "until": _("To be done until"),
            "title": _("Headline"),
            "text": _("What is ordered"),
            "type": pgettext("of an event", "Class"),
            "level": _("Level"),
            "area": _("Town or village"),
            "address": _("Where exactly"),
            "is_exercise": _("This is an exercise"),
        }
        for name, label in labels.items():
            fields[name].label = label
        fields["text"].help_text = MASKED
        fields["sender"].help_text = _("As: Jinhua city government office.")
        fields["document"].help_text = _("An order brought in twice under one number is one.")
        fields["until"].help_text = _("The whole event is due then, whatever its class says.")
        kinds = sorted(event_types().values(), key=lambda kind: (kind.kind.value, kind.code))
        fields["type"].choices = [("", "---------"), *((kind.key, name_of(kind)) for kind in kinds)]
        fields["level"].choices = [("", _("As the class says")), *((one.value, _(one.label)) for one in Level)]
        places = Area.objects.filter(kind__in=(Area.Kind.TOWN, Area.Kind.ZONE, Area.Kind.VILLAGE)).order_by("path")
        fields["area"].queryset = places
        fields["area"].label_from_instance = lambda area: area.chinese
        fields["received_at"].initial = timezone.localtime
        fields["key"].initial = uuid4

    def clean(self) -> dict[str, Any]:
        """The limit lies after the receipt, and ahead."""
        given: dict[str, Any] = super().clean() or {}
        received, until = given.get("received_at"), given.get("until")
        if received and received > timezone.now():
            self.add_error("received_at", _("It cannot have come in the future."))
        if until and (until <= timezone.now() or (received and until <= received)):
            self.add_error("until", _("The limit lies ahead."))
        return given


@requires_form(REPORT)
def order(request: HttpRequest) -> HttpResponse:
    """The form."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = UpperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            event = taken(form.cleaned_data, actor)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, _("Brought in as %s.") % event.number)
            return HttpResponseRedirect(event_url(event))
    return Page(
        title=_("Order of the higher level"),
        lead=_("Its time limit is the order's own. It begins in the small loop, and goes back up when it is done."),
        crumbs=(Link(_("Event centre"), desk_url()),) if desk_url() else (),
        body=(
            FormPanel(
                form=form,
                submit=_("Bring in"),
                cancel=desk_url(),
                groups=(
                    (_("The order"), ("sender", "document", "received_at", "until")),
                    (_("Matter"), ("title", "text", "type", "level", "area", "address", "is_exercise")),
                ),
            ),
        ),
    ).respond(request, 422 if form.errors else 200)


def taken(given: dict[str, Any], actor: Actor) -> Event:
    """The event of an order; the same order again gives the same. Raises ValidationError."""
    proposed = understand(given["text"]).as_json() if not given["type"] else {}
    proposed |= {"ordered_until": given["until"].isoformat(), "ordered_by": given["sender"].strip()}
    draft = SignalDraft(
        channel=Channel.UPPER_LEVEL,
        text=given["text"],
        title=given["title"],
        type=given["type"],
        level=given["level"],
        source_reference=f"{given['sender'].strip()}:{given['document'].strip()}"[:128],
        observed_at=given["received_at"],
        area=given["area"],
        address=given["address"],
        reporter=ReporterDraft(name=given["sender"], contact=given["sender"], contact_kind="system"),
        wants_answer=False,
        proposed=proposed,
        is_exercise=given["is_exercise"],
    )
    event = receive(draft, actor, request_key=given["key"]).event
    assert event is not None
    return event


def event_url(event: Event) -> str:
    """Address of an event's page."""
    try:
        return reverse("event-page", args=(event.number,))
    except NoReverseMatch:
        return "/"


def desk_url() -> str:
    """Address of the desk; empty where there is none."""
    try:
        return reverse("event-desk")
    except NoReverseMatch:
        return ""
