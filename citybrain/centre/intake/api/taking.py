"""Signals that programs bring by the API: devices, warning rules, video analysis, the higher level, peer systems.

References and fingerprints are the sender's own: two senders that count from 1 do not meet, and nobody ends
the alarm of somebody else.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import ConfigDict, Field
from pydantic import ValidationError as SchemaError

from citybrain.centre.events.drafts import ReporterDraft, SignalDraft
from citybrain.centre.events.models import Channel, Signal
from citybrain.centre.events.receiving import receive
from citybrain.centre.intake.quarantine import Refusal, Taking, put_aside
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area, Organisation

DOOR = "api"

CHANNELS = Literal["device", "warning", "video", "upper_level", "peer", "hotline", "patrol", "staff"]
"""Channels a program may bring; citizens have their own door, the warehouse looks after itself."""


class SignalIn(Schema):
    """One signal as it is sent."""

    model_config = ConfigDict(extra="forbid")

    channel: CHANNELS = Field(description="Where it comes from")
    reference: str = Field("", max_length=80, description="Your own number of it: sent again, it is the same signal")
    text: str = Field("", max_length=4000, description="What happened, in words")
    title: str = Field("", max_length=120)
    type: str = Field("", max_length=64, description="Key of the event type; empty leaves it to the desk")
    level: Literal["", "blue", "yellow", "orange", "red"] = ""
    observed_at: datetime | None = Field(None, description="When it was seen, with its offset")
    longitude: float | None = Field(None, ge=-180, le=180, description="Degrees, CGCS2000")
    latitude: float | None = Field(None, ge=-90, le=90, description="Degrees, CGCS2000")
    accuracy: float | None = Field(None, ge=0, le=1_000_000, description="Metres")
    address: str = Field("", max_length=200)
    area: str = Field("", max_length=32, description="Key of the town, village or grid")
    asset_kind: str = Field("", max_length=64, description="Key of the record type of the thing it is about")
    asset_number: str = Field("", max_length=64, description="Number of that thing")
    value: Decimal | None = Field(None, max_digits=18, decimal_places=6, description="What was measured")
    threshold: Decimal | None = Field(None, max_digits=18, decimal_places=6, description="The limit it passed")
    confidence: Decimal | None = Field(None, ge=0, le=1, max_digits=4, decimal_places=3)
    fingerprint: str = Field(
        "", max_length=80, description="Rule and subject: repeats join the open event of the first"
    )
    is_recovery: bool = Field(False, description="Whether the value is back to normal: proof that it is fixed")
    is_exercise: bool = False
    reporter_name: str = Field("", max_length=80)
    reporter_contact: str = Field("", max_length=120, description="Telephone or e-mail of who reported")
    wants_answer: bool | None = None


def taken(
    given: Mapping[str, Any],
    actor: Actor,
    *,
    key: uuid.UUID | None = None,
    raw: bytes = b"",
    sender: Organisation | None = None,
) -> Signal:
    """The signal that one item makes, or made before. Raises Refusal that names every field that is wrong.

    `sender` is the body that sent it, where that is not the actor's.
    """
    try:
        item = SignalIn.model_validate(dict(given))
    except SchemaError as error:
        wrong = [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors()]
        raise Refusal("; ".join(wrong)[:2000], _("Correct the fields and send it again.")) from error
    try:
        return receive(drafted(item, actor, raw, sender), actor, request_key=key)
    except PermissionDenied as error:
        raise Refusal(str(error), _("Give the token's post the permission to report.")) from error
    except ValidationError as error:
        raise Refusal(words_of(error), _("Correct the fields and send it again.")) from error


def drafted(item: SignalIn, actor: Actor, raw: bytes, sender: Organisation | None = None) -> SignalDraft:
    """The item as the events take it. Raises Refusal for an area nobody knows, or half a point."""
    if (item.longitude is None) != (item.latitude is None):
        raise Refusal(_("longitude, latitude: half a point is none."), _("Send both or neither."))
    area = Area.objects.filter(key=item.area).first() if item.area else None
    if item.area and area is None:
        raise Refusal(_("area: nobody knows “%s”.") % item.area, _("Send the key of a town, village or grid."))
    if item.observed_at is not None and timezone.is_naive(item.observed_at):
        raise Refusal(_("observed_at: needs its offset."), _("Write it as 2026-10-01T08:00:00+08:00."))
    place = None
    if item.longitude is not None:
        place = {"type": "Point", "coordinates": [item.longitude, item.latitude]}
    body = sender.key[:40] if sender is not None else sender_key(actor)
    return SignalDraft(
        channel=Channel(item.channel),
        organisation=sender,
        text=item.text,
        title=item.title,
        type=item.type,
        level=item.level,
        source_reference=f"{body}:{item.reference}" if item.reference else "",
        observed_at=item.observed_at,
        place=place,
        accuracy=item.accuracy,
        address=item.address,
        area=area,
        asset_kind=item.asset_kind,
        asset_number=item.asset_number,
        value=item.value,
        threshold=item.threshold,
        confidence=item.confidence,
        fingerprint=f"{body}:{item.fingerprint}" if item.fingerprint else "",
        is_recovery=item.is_recovery,
        is_exercise=item.is_exercise,
        reporter=reporter(item),
        wants_answer=item.wants_answer,
        raw=raw,
    )


def sender_key(actor: Actor) -> str:
    """Short key of the body that sends: what makes references and fingerprints its own."""
    key = Organisation.objects.filter(pk=actor.organisation_id).values_list("key", flat=True).first()
    return (key or f"user-{actor.user_id}")[:40]


def reporter(item: SignalIn) -> ReporterDraft | None:
    """Who reported it; None for a device."""
    if not item.reporter_name and not item.reporter_contact:
        return None
    return ReporterDraft(name=item.reporter_name, contact=item.reporter_contact)


def words_of(error: ValidationError) -> str:
    """What a refusal says, with its fields."""
    if hasattr(error, "error_dict"):
        return "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
    return " ".join(error.messages)


def as_bytes(given: Any) -> bytes:
    """An item as it is kept when it cannot be taken."""
    return json.dumps(given, ensure_ascii=False, sort_keys=True, default=str).encode()


def hold(given: Any, refusal: Refusal, actor: Actor, sender: str) -> int:
    """Keeps an item in the quarantine; returns the number it has there."""
    channel = str(given.get("channel", "")) if isinstance(given, Mapping) else ""
    row = put_aside(
        DOOR,
        as_bytes(given),
        refusal,
        channel=channel if channel in Channel.values else Channel.PEER,
        sender=sender,
        media_type="application/json",
        organisation=Organisation.objects.filter(pk=actor.organisation_id).first(),
    )
    return row.pk


def take(taking: Taking, actor: Actor) -> Signal:
    """Takes an item of the quarantine again, for the body that sent it."""
    given = json.loads(taking.body)
    if not isinstance(given, dict):
        raise Refusal(_("This is no signal."), _("Drop it, with a reason."))
    return taken(given, actor, raw=taking.body, sender=taking.organisation)
