"""CAP at the doors: messages come in, what was published goes out, and the form by which a person publishes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from citybrain.centre.events.models import Event
from citybrain.centre.events.permissions import SUPERVISE
from citybrain.centre.intake.cap.message import CERTAINTIES, RESPONSES, URGENCIES
from citybrain.centre.intake.cap.publishing import Wording, holding, publish, published, sender, urgency_of
from citybrain.centre.intake.cap.receiving import take_message
from citybrain.centre.intake.doors import Unallowed, Unknown, sender_of
from citybrain.centre.intake.models import PublicWarning
from citybrain.centre.intake.quarantine import LARGEST, Refusal
from citybrain.centre.intake.quotas import Exhausted
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import Vouched, scoped_one
from citybrain.ui.access import public, requires_form
from citybrain.ui.county import county
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Fact, Facts, FormPanel, Notice
from citybrain.ui.panels.panel import Action, Link, Page, Row, Tag
from citybrain.ui.panels.tables import Column, Table

ATOM = "http://www.w3.org/2005/Atom"
SHOWN = timedelta(hours=24)
"""How long a message that no longer holds stays in the feed."""
MOST = 200

URGENCY_WORDS = {
    "Immediate": gettext_lazy("Immediate: act now"),
    "Expected": gettext_lazy("Expected: within the hour"),
    "Future": gettext_lazy("Future: in the near future"),
    "Past": gettext_lazy("Past"),
    "Unknown": gettext_lazy("Not known"),
}
CERTAINTY_WORDS = {
    "Observed": gettext_lazy("Observed"),
    "Likely": gettext_lazy("Likely"),
    "Possible": gettext_lazy("Possible"),
    "Unlikely": gettext_lazy("Unlikely"),
    "Unknown": gettext_lazy("Not known"),
}
RESPONSE_WORDS = {
    "Shelter": gettext_lazy("Take shelter"),
    "Evacuate": gettext_lazy("Leave the area"),
    "Prepare": gettext_lazy("Prepare"),
    "Execute": gettext_lazy("Carry out the plan"),
    "Avoid": gettext_lazy("Avoid the area"),
    "Monitor": gettext_lazy("Follow the news"),
    "Assess": gettext_lazy("Judge for yourself"),
    "AllClear": gettext_lazy("All clear"),
    "None": gettext_lazy("Nothing to do"),
}
TYPES = {
    "Alert": gettext_lazy("Warning issued"),
    "Update": gettext_lazy("Warning updated"),
    "Cancel": gettext_lazy("Warning lifted"),
}


# --------------------------------------------------------------------------- coming in


@public
@csrf_exempt
@require_POST
def incoming(request: HttpRequest) -> HttpResponse:
    """Takes one CAP message from a program with an access token."""
    try:
        sending = sender_of(request)
    except (Unknown, Unallowed):
        sending = None
    if sending is None:
        text = _("Send an access token with the permission to report events as “Authorization: Bearer …”.")
        return JsonResponse({"detail": text}, status=401, headers={"WWW-Authenticate": "Bearer"})
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return JsonResponse({"detail": _("The message is larger than 1 MB.")}, status=413)
    body = Organisation.objects.filter(pk=sending.actor.organisation_id).first()
    try:
        sending.spend()
        taken = take_message(request.body, sending.actor, sender=sending.name, organisation=body)
    except Exhausted as exhausted:
        text = _("Your quota is used up: wait %d seconds.") % exhausted.wait
        return JsonResponse({"detail": text}, status=429, headers={"Retry-After": str(exhausted.wait)})
    except Refusal as refusal:
        return JsonResponse({"detail": refusal.reason, "remedy": refusal.remedy}, status=422)
    event = taken.signal.event if taken.signal is not None else None
    content = {
        "result": "known" if taken.is_known else "taken" if taken.signal is not None else "noted",
        "signal": taken.signal.number if taken.signal is not None else "",
        "event": event.number if event is not None else "",
        "note": taken.alert.note,
    }
    return JsonResponse(content, status=200 if taken.is_known else 201)


# --------------------------------------------------------------------------- going out


@public
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What holds now, and what ceased to within a day, as an Atom feed of CAP messages; exercises are left out."""
    now = timezone.now()
    rows = PublicWarning.objects.filter(event__is_exercise=False, expires__gt=now - SHOWN).order_by("-pk")[:MOST]
    root = Element("feed", {"xmlns": ATOM})
    base = settings.SITE_ADDRESS or request.build_absolute_uri("/").rstrip("/")
    here = f"{base}{reverse('cap-feed')}"
    newest = max((row.sent for row in rows), default=now)
    SubElement(root, "id").text = here
    SubElement(root, "title").text = _("%s: public warnings") % county().product
    SubElement(root, "updated").text = timezone.localtime(newest).isoformat(timespec="seconds")
    SubElement(SubElement(root, "author"), "name").text = sender()
    SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": here})
    for row in rows:
        entry = SubElement(root, "entry")
        SubElement(entry, "id").text = f"urn:cap:{row.identifier}"
        SubElement(entry, "title").text = row.headline
        SubElement(entry, "updated").text = timezone.localtime(row.sent).isoformat(timespec="seconds")
        SubElement(entry, "summary").text = f"{TYPES[row.message_type]}: {row.headline}"
        address = f"{base}{reverse('cap-message', args=(row.identifier,))}"
        SubElement(entry, "link", {"rel": "alternate", "type": "application/cap+xml", "href": address})
    content = b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8")
    response = HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=30"
    return response


@public
@require_safe
def message(request: HttpRequest, identifier: str) -> HttpResponse:
    """One published message, as it went out."""
    row = PublicWarning.objects.filter(identifier=identifier).first()
    if row is None:
        raise Http404(f"warning {identifier}")
    response = HttpResponse(row.body.encode(), content_type="application/cap+xml; charset=utf-8")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(identifier)}.xml"
    return response


class WarningForm(forms.Form):
    """What is published."""

    message_type = forms.ChoiceField()
    headline = forms.CharField(max_length=160)
    description = forms.CharField(max_length=2000, required=False, widget=forms.Textarea({"rows": 4}))
    instruction = forms.CharField(max_length=1000, required=False, widget=forms.Textarea({"rows": 3}))
    urgency = forms.ChoiceField(choices=[(word, URGENCY_WORDS[word]) for word in URGENCIES])
    certainty = forms.ChoiceField(choices=[(word, CERTAINTY_WORDS[word]) for word in CERTAINTIES])
    responses = forms.MultipleChoiceField(
        required=False,
        choices=[(word, RESPONSE_WORDS[word]) for word in RESPONSES],
        widget=forms.CheckboxSelectMultiple,
    )
    area = forms.CharField(max_length=120, required=False)
    radius = forms.FloatField(min_value=0, max_value=200, initial=1)
    hours = forms.IntegerField(min_value=1, max_value=168, initial=24)

    def __init__(self, event: Event, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        holds = bool(holding(event))
        offered = ("Update", "Cancel") if holds else ("Alert",)
        labels = {
            "message_type": _("Message"),
            "headline": _("Headline"),
            "description": pgettext("of a warning", "What is happening"),
            "instruction": _("What people should do"),
            "urgency": _("Urgency"),
            "certainty": _("Certainty"),
            "responses": _("Response"),
            "area": _("Where it holds"),
            "radius": _("Radius around the place, km"),
            "hours": _("Holds for, hours"),
        }
        for name, label in labels.items():
            fields[name].label = label
        fields["message_type"].choices = [(word, TYPES[word]) for word in offered]
        fields["urgency"].initial = urgency_of(event)
        fields["certainty"].initial = "Likely"
        fields["area"].initial = event.area.chinese if event.area is not None else ""
        fields["headline"].initial = event.title

    def wording(self) -> Wording:
        """What was filled in."""
        given = self.cleaned_data
        return Wording(
            headline=given["headline"],
            description=given["description"],
            instruction=given["instruction"],
            urgency=given["urgency"],
            certainty=given["certainty"],
            responses=tuple(given["responses"]),
            area=given["area"],
            radius=given["radius"],
            expires=timezone.now() + timedelta(hours=given["hours"]),
        )


@requires_form(SUPERVISE, scoped=True)
def publishing(request: HttpRequest, number: str) -> HttpResponse:
    """The form of a warning about one event, and what was published about it before."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = Event.objects.select_related("area", "organisation")
    try:
        event = scoped_one(rows, actor, SUPERVISE, number=number)
    except Event.DoesNotExist as error:
        raise Http404(f"event {number}") from error
    here = reverse("cap-publish", args=(number,))
    form = WarningForm(event, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            publish(event, form.wording(), actor, message_type=form.cleaned_data["message_type"])
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, _("Published: everybody who follows the feed has it now."))
            return HttpResponseRedirect(here)
    facts = (
        Fact(_("Event"), event.number, link=f"/events/{event.number}/"),
        Fact(_("Level"), event.get_level_display()),  # type: ignore[attr-defined]
        Fact(_("Place"), event.address or event.area or "—"),
        Fact(_("Feed"), reverse("cap-feed"), cells.mono, link=reverse("cap-feed")),
    )
    earlier = Table(
        title=_("Published before"),
        rows=Vouched(tuple(published(event)), SUPERVISE.key),
        columns=(
            Column(_("Message"), lambda row: Tag(title=TYPES[row.message_type], is_state=True), cells.tag),
            Column(_("Headline"), "headline", link=lambda row: reverse("cap-message", args=(row.identifier,))),
            Column(_("By"), lambda row: row.published_by.name if row.published_by else "", weight=3),
            Column(_("Published at"), "sent", cells.moment, weight=2),
            Column(_("Holds until"), "expires", cells.moment, weight=2),
        ),
        empty=_("Nothing was published about this event yet."),
    )
    warning = Notice(
        tone="fair",
        text=_("What you publish is public at once, in your name, and cannot be changed: only updated or lifted."),
    )
    panel = FormPanel(form=form, submit=_("Publish"), cancel=f"/events/{event.number}/", columns=1)
    return Page(
        title=_("Publish a warning"),
        lead=event.title,
        crumbs=(Link(event.number, f"/events/{event.number}/"),),
        notices=(warning,),
        body=(Row(panel, Facts(title=_("About"), of=event, facts=facts), widths="main"), earlier),
        actions=(Action(title=_("Feed"), url=reverse("cap-feed"), icon="world"),),
    ).respond(request, 422 if form.errors else 200)
