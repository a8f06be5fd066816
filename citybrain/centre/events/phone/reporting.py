"""Events from the field (外勤上报), and the one key that calls for help: both wait on the device without network."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache

from citybrain.centre.events.declared import FIELD_HELP
from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.duplicates import alike
from citybrain.centre.events.models import Channel, DeviceOrder, Event, Signal
from citybrain.centre.events.pages.parts import type_name
from citybrain.centre.events.permissions import REPORT, VIEW
from citybrain.centre.events.policy import centre
from citybrain.centre.events.private import MASKED
from citybrain.centre.events.queries import event_of, events
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.types import event_types, name_of
from citybrain.centre.understanding.reading import understand
from citybrain.centre.understanding.whereabouts import position_of
from citybrain.hubs.messages.actions import send as send_message
from citybrain.hubs.messages.addressing import AddressError, to_organisation
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area, Post
from citybrain.ui.access import requires
from citybrain.ui.county import county
from citybrain.ui.panels.items import Item
from citybrain.ui.panels.kinds import Map
from citybrain.ui.panels.panel import Link, Page
from citybrain.ui.phone.panels import PHOTOS, FieldForm, Photos, Proposals
from citybrain.ui.phone.report import kept, key_of
from citybrain.ui.records.forms import PlaceField

HELP = "help"
"""Verb under which a call for help is kept."""

PROPOSED = 3


class EventReport(forms.Form):
    """What somebody in the field says of a thing that is wrong."""

    place = PlaceField(
        label=gettext_lazy("Place"),
        help_text=gettext_lazy("Move the map until the cross stands on it, or press “Here”."),
    )
    address = forms.CharField(required=False, max_length=200, label=gettext_lazy("Address or landmark"))
    text = forms.CharField(
        label=gettext_lazy("What is wrong"),
        help_text=MASKED,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    type = forms.ChoiceField(required=False, label=pgettext_lazy("of an event", "Class"))
    join = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-kept": ""}), max_length=32)
    accuracy = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=0, max_value=1e6)
    made_at = forms.DateTimeField(required=False, widget=forms.HiddenInput(attrs={"data-kept": ""}))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_%s")
        groups: dict[str, list[tuple[str, str]]] = {}
        for found in event_types().values():
            groups.setdefault(str(_(found.kind.label)), []).append((found.key, name_of(found)))
        self.fields["type"].choices = [("", _("Let the desk decide")), *groups.items()]  # type: ignore[attr-defined]


@requires(REPORT)
def report_form(request: HttpRequest) -> HttpResponse:
    """The form. It names nobody, so the browser may keep it and open it without network."""
    panel = FieldForm(
        form=EventReport(),
        name="event",
        heading=_("Event from the field"),
        groups=(
            (pgettext("heading of a form", "Where"), ("place", "address")),
            (pgettext("heading of a form", "What"), ("text", "type")),
        ),
        places=("place",),
        map=Map(key="where", layers=(), height="middle"),
        photos=Photos(is_first=True),
        proposals=Proposals(
            url=reverse("phone-event-propose"),
            text="text",
            place="place",
            choice="type",
            join="join",
            title=_("Is it one of these?"),
            other=_("Choose another class"),
            alike=_("Already known"),
            hint=_("If it is the same, your report joins it."),
            same=_("It is the same"),
        ),
        send=reverse("phone-event-send"),
        outbox=reverse("phone-outbox"),
        brand=county().product,
    )
    crumbs = (Link(title=_("Report"), url=reverse("phone-report")),)
    return kept(Page(title=_("Report an event"), body=(panel,), crumbs=crumbs, shell="phone").respond(request))


@requires(REPORT, writes=True)
@never_cache
def report_send(request: HttpRequest) -> JsonResponse:
    """Takes an event from the field, once for a request key: 201, 400, 403, 413, 422."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    request_key = key_of(request)
    if request_key is None:
        return JsonResponse({"detail": _("The report has no key of its own. Open the form anew.")}, status=400)
    photos = request.FILES.getlist("photos")
    if len(photos) > PHOTOS:
        return JsonResponse({"detail": _("At most %d photos can be sent with one report.") % PHOTOS}, status=413)
    form = EventReport(request.POST)
    if not form.is_valid():
        return refused(form)
    try:
        signal = take(form.cleaned_data, photos, actor, request_key)
    except ValidationError as error:
        for name, found in (error.message_dict if hasattr(error, "error_dict") else {"": error.messages}).items():
            for message in found:
                form.add_error(name if name in form.fields else None, message)
        return refused(form)
    except PermissionDenied as error:
        return JsonResponse({"detail": str(error)}, status=403)
    event: Event = signal.event  # type: ignore[assignment]
    url = reverse("phone-task", args=(event.number,)) if actor.may(VIEW) else reverse("phone-report")
    return JsonResponse({"number": signal.number, "url": url, "title": event.title}, status=201)


def take(given: dict[str, Any], photos: Sequence[UploadedFile[Any]], actor: Actor, request_key: uuid.UUID) -> Signal:
    """The signal of a valid report; a key seen before returns the one it made."""
    joined = None
    if given["join"]:
        try:
            joined = event_of(actor, given["join"])
        except Event.DoesNotExist as error:
            raise ValidationError(_("What you want to join is not there, or your post may not see it.")) from error
    read = understand(f"{given['address']} {given['text']}", place=given["place"])
    draft = SignalDraft(
        channel=Channel.PATROL,
        text=given["text"],
        observed_at=given["made_at"],
        place=given["place"],
        accuracy=given["accuracy"],
        address=given["address"],
        area=None
        if position_of(given["place"], given["accuracy"])
        else area_of(actor, read.places[0].area_id if read.places else None),
        type=given["type"],
        photos=tuple(photos),
        proposed=read.as_json(),
    )
    return receive(draft, actor, join=joined, request_key=request_key)


def area_of(actor: Actor, told: int | None) -> Area | None:
    """The area the words tell, else the one of the person's post, where no boundary holds the position."""
    if told is not None:
        return Area.objects.filter(pk=told).first()
    post = Post.objects.select_related("area").filter(pk=actor.post_id).first() if actor.post_id else None
    return post.area if post is not None else None


@requires(REPORT, writes=True)
@never_cache
def propose(request: HttpRequest) -> JsonResponse:
    """Classes the words may mean, and open events that may be the same, of those the person may see."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    text = request.POST.get("text", "")[:2000].replace("\x00", "")
    try:
        place = PlaceField(required=False).clean(request.POST.get("place", "")[:60])
    except ValidationError:
        place = None
    chosen = request.POST.get("type", "")
    read = understand(text, place=place)
    choices = [
        {
            "value": one.key,
            "title": type_name(one.key),
            "under": "、".join(one.reasons[:3]),
            "sure": read.is_sure and one is read.types[0],
        }
        for one in read.types[:PROPOSED]
    ]
    chosen = chosen if chosen in event_types() else read.type_key
    draft = SignalDraft(channel=Channel.PATROL, text=text, place=place, type=chosen)
    near = alike(draft, limit=PROPOSED * 2) if actor.may(VIEW) and (text.strip() or place) else []
    seen = (
        set(events(actor).filter(pk__in=[one.event.pk for one in near]).values_list("pk", flat=True)) if near else set()
    )
    shown = [one for one in near if one.event.pk in seen][:PROPOSED]
    lines = [
        {
            "value": one.event.number,
            "title": one.event.title,
            "under": " · ".join((str(one.event.get_state_display()), *one.reasons[:2])),
            "side": f"{one.score:.0%}",
        }
        for one in shown
    ]
    return JsonResponse({"choices": choices, "alike": lines})


class HelpForm(forms.Form):
    """A call for help."""

    text = forms.CharField(
        required=False, max_length=500, label=gettext_lazy("What happened?"), widget=forms.Textarea(attrs={"rows": 2})
    )
    place = PlaceField(required=False, label=gettext_lazy("Where you are"))
    accuracy = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=0, max_value=1e6)


@requires(VIEW)
def help_form(request: HttpRequest) -> HttpResponse:
    """The form; its words may stay empty."""
    panel = FieldForm(
        form=HelpForm(),
        name=HELP,
        heading=_("Call for help"),
        groups=(("", ("text", "place")),),
        places=("place",),
        photos=None,
        send=reverse("phone-event-help-send"),
        outbox=reverse("phone-outbox"),
        submit=_("Call the centre for help"),
    )
    lead = _("An urgent message goes to the command centre with your name, your post and your position.")
    crumbs = (Link(title=_("My tasks"), url=reverse("phone-tasks")),)
    page = Page(title=_("I need help"), lead=lead, body=(panel,), crumbs=crumbs, shell="phone")
    return kept(page.respond(request))


@requires(VIEW, writes=True)
@never_cache
def help_send(request: HttpRequest) -> JsonResponse:
    """Tells the centre, once for a request key: 201, 400, 422."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    request_key = key_of(request)
    if request_key is None:
        return JsonResponse({"detail": _("The report has no key of its own. Open the form anew.")}, status=400)
    form = HelpForm(request.POST)
    if not form.is_valid():
        return refused(form)
    try:
        call(form.cleaned_data, actor, request_key)
    except (AddressError, LookupError) as error:
        return JsonResponse({"detail": str(error)}, status=422)
    told = {"number": _("Call for help"), "url": reverse("phone-tasks"), "title": _("The centre was told.")}
    return JsonResponse(told, status=201)


def call(given: dict[str, Any], actor: Actor, request_key: uuid.UUID) -> None:
    """Sends the urgent message unless this key did already. Raises AddressError when nobody would get it."""
    words = given["text"].strip() or _("No words were given.")
    place = given["place"]["coordinates"][:2] if given["place"] and given["place"]["type"] == "Point" else None
    where = f"{place[0]:.6f}, {place[1]:.6f}" if place else pgettext("position", "unknown")
    if given["accuracy"] and place:
        where += f" ±{given['accuracy']:.0f} m"
    digest = hashlib.sha256(f"{words}\n{where}".encode()).hexdigest()
    try:
        with transaction.atomic():
            DeviceOrder.objects.create(request_key=request_key, user_id=actor.user_id, verb=HELP, digest=digest)
            values = {"who": f"{actor.name} ({actor.post_names[0]})", "where": where, "words": words}
            send_message(FIELD_HELP, to_organisation(centre()), values, actor=actor)
    except IntegrityError:
        # Told before: the first answer was lost on its way.
        return


def refused(form: forms.Form) -> JsonResponse:
    """What is wrong, field by field."""
    errors = {name: [str(error) for error in found] for name, found in form.errors.items()}
    detail = " ".join(errors.pop("__all__", [])) or _("Some answers are not right.")
    return JsonResponse({"detail": detail, "errors": errors}, status=422)


def reports(actor: Actor) -> list[Item]:
    """The line on the page of what one may report."""
    if not actor.may(REPORT):
        return []
    under = _("Photo, place, words: the desk verifies it. If it is known already, your report joins it.")
    return [Item(title=_("Event"), under=under, url=reverse("phone-event-report"), icon="camera")]


def doors(actor: Actor) -> list[Item]:
    """The lines above the to-dos."""
    if not actor.may(VIEW):
        return []
    return [
        Item(
            title=_("My tasks"),
            under=_("Sign, way there, photos, done"),
            url=reverse("phone-tasks"),
            icon="clipboard-list",
        )
    ]
