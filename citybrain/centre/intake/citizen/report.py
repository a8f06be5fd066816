"""Reporting a problem (随手拍): photo first, the place under a cross, a class proposed, or the same thing followed.

form opened once ─▶ kept by the service worker ─▶ filled in anywhere ─▶ kept on the device
                                                                     │ network
answer lost? sent again under the same request key ◀── outbox ◀──────┘─▶ one signal, a number, a secret link
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from citybrain.centre.events.duplicates import Nearby, near_public
from citybrain.centre.events.models import Event
from citybrain.centre.events.types import event_types, name_of
from citybrain.centre.intake.citizen.assets import public_asset
from citybrain.centre.intake.citizen.form import ReportForm
from citybrain.centre.intake.citizen.receiving import PHOTOS, receive_report
from citybrain.centre.intake.citizen.tokens import track_path
from citybrain.centre.intake.citizen.words import public_events, public_title, state_words
from citybrain.centre.understanding.reading import understand
from citybrain.kernel.identity.actor import Actor
from citybrain.ui.access import public
from citybrain.ui.citizen.receiving import TooMany
from citybrain.ui.panels.kinds import Map, Notice
from citybrain.ui.panels.panel import Link, Page, Panel
from citybrain.ui.phone.panels import FieldForm, Outbox, Photos, Proposals
from citybrain.ui.phone.report import kept, key_of
from citybrain.ui.records.forms import PlaceField

PROPOSED = 3
"""Classes proposed, and events shown nearby."""

ASKED_A_MINUTE = 40
"""Proposals for one network address in a minute; more are simply not made."""

ASKED = ("join", "asset_kind", "asset_number", "place", "address")
"""What an address may fill in: from an asset's QR code, from an event that somebody follows."""


@public
@require_safe
def form(request: HttpRequest) -> HttpResponse:
    """The form. The plain one names nobody, so the browser may keep it and open it without network."""
    initial = {name: request.GET[name][:200] for name in ASKED if name in request.GET}
    made = ReportForm(initial=initial)
    panel = FieldForm(
        form=made,
        name="report",
        heading=_("Report of a problem"),
        groups=(
            (pgettext("heading of a form", "Where"), ("place", "address")),
            (pgettext("heading of a form", "What"), ("text", "type", "website")),
            (_("Your contact (optional)"), ("name", "contact")),
            ("", ("consent",)),
        ),
        places=("place",),
        send=reverse("citizen-report-send"),
        outbox=reverse("citizen-report-outbox"),
        map=Map(key="where", layers=(), height="middle"),
        photos=Photos(
            title=_("Photo"),
            hint=_("Show the problem and what stands around it. Please no faces and no number plates."),
            is_first=True,
            mark="none",
            most=PHOTOS,
        ),
        proposals=Proposals(
            url=reverse("citizen-report-propose"),
            text="text",
            place="place",
            choice="type",
            join="join",
            title=_("Is it one of these?"),
            other=_("Choose another kind"),
            alike=_("Already reported nearby"),
            hint=_("If it is the same, add your report to it: you are answered too, and it is counted."),
            same=_("It is the same"),
        ),
        submit=_("Send report"),
    )
    answer = Page(
        title=_("Report a problem"),
        notices=tuple(about(initial)),
        body=(panel,),
        crumbs=(Link(title=_("Home"), url=reverse("citizen-home")),),
        shell="citizen",
    ).respond(request)
    return answer if initial else kept(answer)


def about(initial: Mapping[str, str]) -> Iterator[Panel]:
    """What the address filled in: which event is followed, which asset it is about."""
    if number := initial.get("join", ""):
        event = public_events().filter(number=number).first()
        if event is not None:
            words = _("You add your report to this matter: %s. Words and photo are up to you.")
            yield Notice(text=words % public_title(event), tone="data")
    asset = public_asset(initial.get("asset_kind", ""), initial.get("asset_number", ""))
    if asset is not None:
        yield Notice(text=_("You report something about: %s") % asset, tone="data")


@public
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """What this device keeps; the page itself holds nothing of anybody."""
    note = _(
        "What waits is stored encrypted in this browser until it is sent. On a shared device delete what you do not "
        "want to leave behind; unfinished forms go after two days."
    )
    panel = Outbox(again=reverse("citizen-report-problem"), again_title=_("Another report"), follows=True, note=note)
    crumbs = (Link(title=_("Report a problem"), url=reverse("citizen-report-problem")),)
    return kept(Page(title=_("On this device"), body=(panel,), crumbs=crumbs, shell="citizen").respond(request))


@public
@never_cache
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Takes a report with its photos, once for a request key however often it comes.

    201 received, with the secret link; 400 no key; 422 not valid (field by field); 429 too much from one network.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    key = key_of(request)
    if key is None:
        return JsonResponse({"detail": _("The report has no key of its own. Open the form anew.")}, status=400)
    filled = ReportForm(request.POST)
    if not filled.is_valid():
        return refused(filled)
    return taken(request, filled, actor, key)


def taken(request: HttpRequest, filled: ReportForm, actor: Actor, key: uuid.UUID) -> JsonResponse:
    """The answer to a valid form."""
    try:
        signal = receive_report(filled.cleaned_data, request.FILES.getlist("photos"), actor, request_key=key)
    except TooMany as error:
        hours = max(1, round(error.wait.total_seconds() / 3600))
        detail = _("A lot has come from your network in short time. Please try again in about %d h.") % hours
        # 429 would be tried again in seconds; a person decides instead.
        return JsonResponse({"detail": detail}, status=403)
    except ValidationError as error:
        for name, messages in (error.message_dict if hasattr(error, "error_dict") else {"": error.messages}).items():
            for message in messages:
                filled.add_error(name if name in filled.fields else None, message)
        return refused(filled)
    told = {"number": signal.number, "url": f"{track_path(signal)}?new=1", "title": _("Report of a problem")}
    return JsonResponse(told, status=201)


def refused(filled: ReportForm) -> JsonResponse:
    """What is wrong, field by field, for the device to show when the person looks again."""
    errors = {name: [str(error) for error in found] for name, found in filled.errors.items()}
    unseen = [text for name in ("__all__", "opened", "join") for text in errors.pop(name, [])]
    return JsonResponse({"detail": " ".join(unseen) or _("Some answers are not right."), "errors": errors}, status=422)


@public
@never_cache
@require_POST
def propose(request: HttpRequest) -> JsonResponse:
    """Classes the words may mean, and open events nearby that may be the same; nothing when too much is asked."""
    if is_too_much(request.META.get("REMOTE_ADDR", "")):
        return JsonResponse({"choices": [], "alike": []})
    text = request.POST.get("text", "")[:1000].replace("\x00", "")
    place = place_in(request.POST.get("place", "")[:60])
    chosen = request.POST.get("type", "")
    read = understand(text, place=place) if text.strip() else None
    found = [one for one in read.types if citizens_may(one.key)][:PROPOSED] if read else []
    choices = [
        {
            "value": one.key,
            "title": name_of(event_types()[one.key]),
            "under": "、".join(one.reasons[:3]),
            "sure": bool(read and read.is_sure and one is read.types[0]),
        }
        for one in found
    ]
    if not citizens_may(chosen):
        chosen = found[0].key if found and read and read.is_sure else ""
    alike: list[dict[str, Any]] = []
    if place is not None:
        longitude, latitude = place["coordinates"][:2]
        alike = [line_of(one) for one in near_public((longitude, latitude), chosen, limit=PROPOSED)]
    return JsonResponse({"choices": choices, "alike": alike})


def is_too_much(address: str) -> bool:
    """Whether an address asked for more proposals than are made in a minute; counted in this process alone."""
    key = f"citizen-propose:{address}"
    cache.add(key, 0, 60)
    try:
        return int(cache.incr(key)) > ASKED_A_MINUTE
    except ValueError:
        # The minute ended between the two lines.
        return False


def citizens_may(key: str) -> bool:
    """Whether it is a class that citizens report."""
    kind = event_types().get(key)
    return kind is not None and kind.citizens


def place_in(text: str) -> dict[str, Any] | None:
    """The point a form names; None for none."""
    try:
        place = PlaceField(required=False).clean(text)
    except ValidationError:
        return None
    return place if place is not None and place["type"] == "Point" else None


def line_of(near: Nearby) -> dict[str, Any]:
    """An open event nearby, in words for everybody."""
    kind = event_types().get(near.type)
    words, _tone = state_words(Event(state=near.state))
    people = ngettext("%d person", "%d people", near.signal_count) % near.signal_count
    since = _("%s ago") % timesince(near.opened_at, depth=1)
    return {
        "value": near.number,
        "title": name_of(kind) if kind else _("Matter"),
        "under": " · ".join((words, since, people)),
        "side": _("%d m") % near.metres,
    }
