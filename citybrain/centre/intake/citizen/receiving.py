"""Taking what a citizen reports: one signal however often it arrives, counted by the sender's network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from citybrain.centre.events.drafts import ReporterDraft, SignalDraft
from citybrain.centre.events.merging import head_of
from citybrain.centre.events.models import Channel, Event, Signal
from citybrain.centre.events.permissions import REPORT
from citybrain.centre.events.policy import centre
from citybrain.centre.events.receiving import receive
from citybrain.centre.intake.citizen.assets import public_asset
from citybrain.centre.intake.citizen.words import is_public
from citybrain.centre.understanding.reading import Understanding, understand
from citybrain.centre.understanding.whereabouts import position_of
from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area, User
from citybrain.kernel.identity.security_log import log_security
from citybrain.ui.citizen.receiving import RECEIVED, demand_room

PHOTOS = 4
"""Most photos of one report."""


def receive_report(
    given: Mapping[str, Any], photos: Sequence[UploadedFile[Any]], actor: Actor, *, request_key: UUID
) -> Signal:
    """Takes a report from anybody. A key seen before returns the signal it made.

    Raises TooMany when a network has sent what is taken from one, ValidationError for what is missing or unknown.
    """
    if request_key.version != 4:
        # Keys of other doors are made from what they were sent: who guesses that would be given the secret link.
        raise ValidationError(_("The report has no key of its own. Open the form anew."))
    if repeated := Signal.objects.filter(request_key=request_key, channel=Channel.CITIZEN).first():
        return repeated
    if not given["text"].strip() and not photos and not given["join"]:
        raise ValidationError({"text": _("Add a photo, or say in a few words what is wrong.")})
    if len(photos) > PHOTOS:
        raise ValidationError(_("At most %d photos can be sent with one report.") % PHOTOS)
    joined = joinable(given["join"]) if given["join"] else None
    read = understand(f"{given['address']} {given['text']}", place=given["place"])
    user = User.objects.get(pk=actor.user_id) if actor.user_id is not None else None
    draft = SignalDraft(
        channel=Channel.CITIZEN,
        text=given["text"],
        reporter=reporter_of(given, user),
        place=given["place"] or (joined.place if joined else None),
        accuracy=given["accuracy"],
        address=given["address"] or (joined.address if joined else ""),
        type=given["type"] or (joined.type if joined else ""),
        photos=tuple(photos),
        organisation=centre(),
        area=None if position_of(given["place"], given["accuracy"]) else area_of(read),
        proposed=read.as_json(),
        **asset_of(given),
    )
    with transaction.atomic():
        demand_room(actor.address)
        # Nobody needs a post to report: the house takes it in their name.
        reporting = actor.permitted(REPORT, Reach.COUNTY)
        signal = receive(draft, reporting, join=joined, request_key=request_key)
        log_security(actor, RECEIVED, thing="signal", thing_id=signal.number)
    return signal


def area_of(read: Understanding) -> Area | None:
    """The area that the words most likely mean, or whose seat is the nearest, where no boundary holds the position."""
    told = read.places[0].area_id if read.places else None
    return Area.objects.filter(pk=told).first() if told is not None else None


def reporter_of(given: Mapping[str, Any], user: User | None) -> ReporterDraft | None:
    """Who reports: whom the contact or the account names; None for somebody who left neither."""
    if user is None and not given["contact"].strip() and not given["name"].strip():
        return None
    return ReporterDraft(name=given["name"], contact=given["contact"], user=user, language=get_language() or "")


def joinable(number: str) -> Event:
    """The open event that everybody may know of. Raises ValidationError for any other: it may be done by now."""
    found = Event.objects.filter(number=number, removed_at=None).select_related("area", "organisation").first()
    event = head_of(found) if found is not None else None
    if event is None or not is_public(event) or not event.is_open:
        raise ValidationError(_("What you want to join is no longer open. Send your report on its own."))
    return event


def asset_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """The public asset a report is about, as the draft names it; nothing for one that does not exist."""
    record = public_asset(given["asset_kind"], given["asset_number"])
    return {"asset_kind": given["asset_kind"], "asset_number": record.number} if record is not None else {}
