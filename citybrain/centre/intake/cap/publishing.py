"""Warnings to the public as CAP 1.2 (预警发布): by a named person, about one event, frozen as they went out.

An Update or Cancel refers to every earlier message of the event that still holds, so that nobody is left with one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.centre.events.models import Event
from citybrain.centre.events.permissions import SUPERVISE
from citybrain.centre.events.types import event_types
from citybrain.centre.intake.cap.message import CATEGORIES, RESPONSES, URGENCIES, Alert, Area, Info
from citybrain.centre.intake.cap.xml import read, write
from citybrain.centre.intake.models import PublicWarning
from citybrain.declare.event import Level
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import scoped_one
from citybrain.kernel.identity.security_log import log_security
from citybrain.ui.county import county

SEVERITIES = {Level.RED: "Extreme", Level.ORANGE: "Severe", Level.YELLOW: "Moderate", Level.BLUE: "Minor"}
"""Level -> severity (table 2.8)."""

LONGEST = timedelta(days=7)
"""How long one message may hold."""


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a person publishes."""

    headline: str
    description: str = ""
    instruction: str = ""
    urgency: str = "Expected"
    certainty: str = "Likely"
    responses: tuple[str, ...] = ()
    area: str = ""
    """Where it holds, in words; empty takes the event's town."""
    radius: float = 1.0
    """Kilometres around the event's place."""
    expires: datetime | None = None


def published(event: Event) -> QuerySet[PublicWarning]:
    """What was published about an event, the newest first."""
    return PublicWarning.objects.filter(event=event).select_related("published_by").order_by("-pk")


def holding(event: Event, now: datetime | None = None) -> list[PublicWarning]:
    """Messages about an event that still hold: not expired, not replaced by a later one, the oldest first."""
    now = now or timezone.now()
    found: list[PublicWarning] = []
    for row in PublicWarning.objects.filter(event=event).order_by("pk"):
        # Every later message of an event refers to all earlier ones.
        found = [] if row.message_type == "Cancel" else [row]
    return [row for row in found if row.expires > now]


def publish(event: Event, wording: Wording, actor: Actor, *, message_type: str = "Alert") -> PublicWarning:
    """Publishes an Alert, an Update or a Cancel.

    Raises PermissionDenied, the event's DoesNotExist out of reach, ValidationError for what may not be published.
    """
    now = timezone.now().replace(microsecond=0)
    with transaction.atomic():
        fresh = scoped_one(Event.objects.select_for_update(of=("self",)), actor, SUPERVISE, pk=event.pk)
        demand(fresh, wording, message_type, now)
        earlier = list(PublicWarning.objects.filter(event=fresh).order_by("pk"))
        identifier = f"citybrain.{county().code}.{fresh.number}.{len(earlier) + 1}"
        alert = composed(fresh, wording, message_type, now, identifier, earlier)
        row = PublicWarning.objects.create(
            event=fresh,
            identifier=identifier,
            message_type=message_type,
            sent=now,
            expires=wording.expires or now + timedelta(hours=24),
            headline=wording.headline[:160],
            body=write(alert).decode(),
            published_by_id=actor.user_id,
            post_id=actor.post_id,
        )
        log_security(actor, "warning-published", row, detail={"event": fresh.number, "type": message_type})
    return row


def demand(event: Event, wording: Wording, message_type: str, now: datetime) -> None:
    """Raises ValidationError for what may not be published."""
    if event.sensitivity == "restricted":
        raise ValidationError(_("Events of a restricted class are never published."))
    if not wording.headline.strip():
        raise ValidationError({"headline": _("Say in one line what people must know.")})
    if wording.expires is not None and not now < wording.expires <= now + LONGEST:
        raise ValidationError({"expires": _("A warning ends within seven days.")})
    if message_type != "Alert" and not holding(event, now):
        raise ValidationError(_("No warning about this event holds any more."))
    if message_type == "Alert" and holding(event, now):
        raise ValidationError(_("A warning about this event holds: update or cancel it."))


def composed(
    event: Event, wording: Wording, message_type: str, now: datetime, identifier: str, earlier: list[PublicWarning]
) -> Alert:
    """The message."""
    kind = event_types().get(event.type)
    category = kind.cap_category if kind is not None and kind.cap_category in CATEGORIES else "Other"
    responses = tuple(one for one in wording.responses if one in RESPONSES)
    info = Info(
        language="zh-CN",
        categories=(category,),
        event=kind.chinese if kind is not None else event.title or event.number,
        responses=("AllClear",) if message_type == "Cancel" else responses,
        urgency="Past" if message_type == "Cancel" else wording.urgency,
        severity=SEVERITIES[Level(event.level)],
        certainty=wording.certainty,
        event_codes=(("citybrain", kind.key),) if kind is not None else (),
        effective=local(now),
        expires=local(wording.expires or now + timedelta(hours=24)),
        sender_name=sender_name(event.organisation),
        headline=wording.headline.strip(),
        description=wording.description.strip(),
        instruction=wording.instruction.strip(),
        areas=(area_of(event, wording),),
    )
    return Alert(
        identifier=identifier,
        sender=sender(),
        sent=local(now),
        status="Exercise" if event.is_exercise else "Actual",
        message_type=message_type,
        scope="Public",
        note=_("Exercise") if event.is_exercise else "",
        references=tuple(read(row.body.encode()).reference for row in earlier) if message_type != "Alert" else (),
        incidents=event.number,
        infos=(info,),
    )


def area_of(event: Event, wording: Wording) -> Area:
    """Where it holds: a circle round the event's point, else its division's code."""
    words = wording.area.strip() or (event.area.chinese if event.area is not None else county().name)
    place: dict[str, Any] | None = event.place
    circles: tuple[tuple[tuple[float, float], float], ...] = ()
    polygons: tuple[tuple[tuple[float, float], ...], ...] = ()
    if place and place.get("type") == "Point":
        longitude, latitude = place["coordinates"][:2]
        circles = (((latitude, longitude), round(max(wording.radius, 0.0), 3)),)
    elif place and place.get("type") == "Polygon":
        polygons = (tuple((latitude, longitude) for longitude, latitude, *_height in place["coordinates"][0]),)
    code = event.area.key if event.area is not None else county().code
    return Area(description=words, circles=circles, polygons=polygons, geocodes=(("GB2260", code),))


def sender() -> str:
    """Who we are to receivers: stable, without blanks."""
    return f"citybrain@{county().code}.cn"


def sender_name(body: Organisation | None) -> str:
    """Who speaks."""
    return body.chinese if body is not None else county().name


def local(moment: datetime) -> datetime:
    """A moment with the county's offset, to the second."""
    return timezone.localtime(moment).replace(microsecond=0)


def urgency_of(event: Event) -> str:
    """The urgency proposed for an event."""
    return URGENCIES[0] if Level(event.level).height >= Level.ORANGE.height else URGENCIES[1]
