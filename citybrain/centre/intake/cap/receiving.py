"""Warnings that come as CAP 1.2 (预警接入): a chain of Alert, Update and Cancel is one event, in any order.

Alert            opens an event, or joins that of the message it refers to
Update           joins the event of the messages it refers to; opens one when none of them is known
Cancel, AllClear a recovery of that event: the danger is over
Ack, Error       noted; so are System messages, and what has expired
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.centre.events.drafts import ReporterDraft, SignalDraft
from citybrain.centre.events.merging import head_of
from citybrain.centre.events.models import Channel, Event, Signal
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.types import event_types
from citybrain.centre.intake.cap.message import Alert, Area, Info
from citybrain.centre.intake.cap.xml import moment_text, read
from citybrain.centre.intake.models import CapAlert
from citybrain.centre.intake.quarantine import Refusal, Taking, digest_of, put_aside
from citybrain.declare.event import Level
from citybrain.kernel.identity import models as identity
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation

DOOR = "cap"

LEVELS = {"Extreme": Level.RED, "Severe": Level.ORANGE, "Moderate": Level.YELLOW, "Minor": Level.BLUE}
"""Severity -> level (table 2.8); unknown severity is yellow until somebody looked."""

UNSURE = ("Unlikely", "Unknown")
"""Certainties that take a level away."""

LOOKED_AT = 500
"""Later messages that are looked at for one that refers to an earlier."""

IN_EARNEST = "Actual"
NOTED = ("Ack", "Error")
DIVISIONS = ("gb2260", "gb/t2260", "gb/t 2260", "citybrain-area", "行政区划代码")
"""Names of geocodes that are codes of divisions."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of a message."""

    alert: CapAlert
    signal: Signal | None
    is_known: bool = False
    """Whether it came before."""


def take_message(body: bytes, actor: Actor, *, sender: str = "", organisation: Organisation | None = None) -> Taken:
    """Takes one message. Raises Refusal after keeping it in the quarantine."""
    try:
        return taken(body, actor, organisation)
    except Refusal as refusal:
        put_aside(
            DOOR,
            body,
            refusal,
            channel=Channel.WARNING,
            sender=sender,
            media_type="application/cap+xml",
            organisation=organisation,
        )
        raise


def take(taking: Taking, actor: Actor) -> Signal | None:
    """Takes a message of the quarantine again."""
    return taken(taking.body, actor, taking.organisation).signal


def taken(body: bytes, actor: Actor, organisation: Organisation | None) -> Taken:
    """The message and what it opened or joined. Raises Refusal."""
    alert = read(body)
    if (known := known_alert(alert)) is not None:
        if known.digest != digest_of(body):
            raise Refusal(
                _("Another message %(identifier)s of %(sender)s with the same time came before.")
                % {"identifier": alert.identifier, "sender": alert.sender},
                _("A message that says something else needs an identifier of its own."),
            )
        return Taken(alert=known, signal=known.signal, is_known=True)
    try:
        with transaction.atomic():
            return _taken(alert, body, actor, organisation)
    except IntegrityError:
        if (known := known_alert(alert)) is not None:
            return Taken(alert=known, signal=known.signal, is_known=True)
        raise


def known_alert(alert: Alert) -> CapAlert | None:
    """The same message, if it came before."""
    rows = CapAlert.objects.filter(sender=alert.sender, identifier=alert.identifier, sent=alert.sent)
    return rows.select_related("signal__event").first()


def _taken(alert: Alert, body: bytes, actor: Actor, organisation: Organisation | None) -> Taken:
    later = replacing(alert, organisation)
    note = why_noted(alert)
    if later is not None and later.message_type == "Cancel":
        note = _("It was cancelled before it came.")
    signal = None
    if not note:
        head = referred(alert, organisation) or (event_of(later) if later is not None else None)
        draft = drafted(alert, body, organisation, is_recovery=is_over(alert))
        # A message about an event that is over opens another; an end of it is only kept.
        signal = receive(draft, actor, join=head if head is not None and head.is_open else None)
    row = CapAlert.objects.create(
        identifier=alert.identifier,
        sender=alert.sender,
        sent=alert.sent,
        message_type=alert.message_type,
        status=alert.status,
        expires=expiry(alert),
        references=[[one.sender, one.identifier, moment_text(one.sent)] for one in alert.references],
        digest=digest_of(body),
        body=body.decode("utf-8", "replace"),
        signal=signal,
        note=note,
    )
    return Taken(alert=row, signal=signal)


def why_noted(alert: Alert) -> str:
    """Why a message opens nothing; empty when it does."""
    if alert.message_type in NOTED:
        return _("A message of type %s tells of another message.") % alert.message_type
    if alert.status == "System":
        return _("It concerns the network of warnings itself.")
    if not alert.infos and alert.message_type != "Cancel":
        return _("It says nothing: there is no info.")
    expires = expiry(alert)
    if expires is not None and expires < timezone.now() and not is_over(alert):
        return _("It expired at %s, before it came.") % timezone.localtime(expires).strftime("%Y-%m-%d %H:%M")
    return ""


def expiry(alert: Alert) -> datetime | None:
    """When the last of its parts expires; None when one of them does not."""
    ends = [info.expires for info in alert.infos]
    return max((end for end in ends if end is not None), default=None) if ends and None not in ends else None


def is_over(alert: Alert) -> bool:
    """Whether it says that the danger is over."""
    clear = bool(alert.infos) and all("AllClear" in info.responses for info in alert.infos)
    return alert.message_type == "Cancel" or clear


def is_by(row: CapAlert, organisation: Organisation | None) -> bool:
    """Whether a message came by the same body: nobody ends, or forestalls, the warning of another."""
    return organisation is None or row.signal is None or row.signal.organisation_id == organisation.pk


def referred(alert: Alert, organisation: Organisation | None = None) -> Event | None:
    """The event of the messages it refers to: that of the latest which opened or joined one."""
    for reference in sorted(alert.references, key=lambda one: one.sent, reverse=True):
        known = CapAlert.objects.filter(
            sender=reference.sender, identifier=reference.identifier, sent=reference.sent
        ).select_related("signal__event__merged_into")
        found = known.first()
        if found is not None and is_by(found, organisation) and (event := event_of(found)) is not None:
            return event
    return None


def event_of(row: CapAlert) -> Event | None:
    """The event that a message opened or joined; None for one that was only noted."""
    return head_of(row.signal.event) if row.signal is not None and row.signal.event is not None else None


def replacing(alert: Alert, organisation: Organisation | None = None) -> CapAlert | None:
    """The latest message that came before this one and refers to it: messages do not always come in their order."""
    named = [alert.sender, alert.identifier, moment_text(alert.sent)]
    rows = CapAlert.objects.filter(sent__gte=alert.sent).exclude(references=[]).select_related("signal__event")
    known = (row for row in rows.order_by("-sent")[:LOOKED_AT] if named in row.references)
    return next((row for row in known if is_by(row, organisation)), None)


def drafted(alert: Alert, body: bytes, organisation: Organisation | None, *, is_recovery: bool) -> SignalDraft:
    """The signal of a message."""
    info = chosen(alert)
    area = info.areas[0] if info is not None and info.areas else None
    shape, accuracy = place_of(area)
    return SignalDraft(
        channel=Channel.WARNING,
        text=words(alert, info),
        title=(info.headline or info.event)[:120] if info is not None else "",
        source_reference=reference_of(alert),
        observed_at=min(alert.sent, timezone.now()),
        place=shape,
        accuracy=accuracy,
        address=area.description[:200] if area is not None else "",
        area=division(area),
        type=type_of(info),
        level=level_of(info).value if info is not None else "",
        is_recovery=is_recovery,
        is_exercise=alert.status != IN_EARNEST,
        reporter=ReporterDraft(name=info.sender_name if info else "", contact=alert.sender, contact_kind="system"),
        wants_answer=False,
        organisation=organisation,
        raw=body,
    )


def reference_of(alert: Alert) -> str:
    """What makes a second delivery the same signal: the message's triple, shortened by its digest where it is long."""
    text = f"{alert.sender},{alert.identifier},{moment_text(alert.sent)}"
    return text if len(text) <= 128 else f"cap:{digest_of(text.encode())}"


def chosen(alert: Alert) -> Info | None:
    """The part in Chinese, else the first."""
    return next((info for info in alert.infos if info.language.lower().startswith("zh")), next(iter(alert.infos), None))


def words(alert: Alert, info: Info | None) -> str:
    """What the message says, as people read it."""
    if info is None:
        return alert.note or _("Message %(identifier)s was cancelled by its sender.") % {"identifier": alert.identifier}
    parts = [info.headline or info.event, info.description, info.instruction, alert.note]
    return "\n".join(part for part in parts if part)[:4000]


def level_of(info: Info) -> Level:
    """Level of a warning: by severity, one lower when it is unsure or past."""
    level = LEVELS.get(info.severity, Level.YELLOW)
    is_lower = info.certainty in UNSURE or info.urgency == "Past"
    return tuple(Level)[max(level.height - is_lower, 0)]


def type_of(info: Info | None) -> str:
    """Key of the declared class: one that the message names by an event code `citybrain`, else by its name."""
    known = event_types()
    if info is None:
        return ""
    named = next((value for name, value in info.event_codes if name == "citybrain"), "")
    if named in known:
        return named
    return next((key for key, kind in known.items() if info.event in (kind.chinese, kind.title)), "")


def place_of(area: Area | None) -> tuple[dict[str, Any] | None, float | None]:
    """Where it holds as GeoJSON (longitude first), and the radius of a circle in metres."""
    if area is None:
        return None, None
    rings = [[[longitude, latitude] for latitude, longitude in polygon] for polygon in area.polygons]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings}, None
    if rings:
        return {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}, None
    if area.circles:
        (latitude, longitude), radius = area.circles[0]
        return {"type": "Point", "coordinates": [longitude, latitude]}, radius * 1000
    return None, None


def division(area: Area | None) -> identity.Area | None:
    """The division that a geocode names; None for one outside the county."""
    for name, value in area.geocodes if area is not None else ():
        if name.lower() in DIVISIONS:
            found = identity.Area.objects.filter(key__in=(value, value.ljust(12, "0"))).first()
            if found is not None:
                return found
    return None
