"""Photos from the field: each is kept as it came and as a marked copy; both are named in the journal by their hash."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from citybrain.centre.events.models import Event
from citybrain.centre.events.orders import Media
from citybrain.centre.events.phone.watermark import marked
from citybrain.centre.events.pictures import taken_at
from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records import attachments

UNMARKED = "-original"
"""Before the ending of the name under which the picture without a mark is kept."""

SHA256 = re.compile(r"[0-9a-f]{64}")
PICTURES = ("jpg", "png", "webp")


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a device says of a photo."""

    at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None
    accuracy: float | None = None
    """Metres."""
    original: str = ""
    """SHA-256 of the file as the camera made it, which stays on the device."""


def facts_in(text: str, count: int) -> list[Taken]:
    """What a device says of its photos, one by one; what cannot be read says nothing: no photo is lost by it."""
    try:
        given = json.loads(text[:20_000]) if text else []
    except ValueError:
        given = []
    found = [taken_of(one) for one in given[:count]] if isinstance(given, list) else []
    return found + [Taken()] * (count - len(found))


def taken_of(given: Any) -> Taken:
    """One photo's facts."""
    facts: Mapping[str, Any] = given if isinstance(given, dict) else {}
    try:
        at = parse_datetime(str(facts.get("at", "")))
    except ValueError:
        at = None
    original = str(facts.get("original", ""))
    longitude, latitude = degrees(facts, "longitude", 180), degrees(facts, "latitude", 90)
    return Taken(
        at=at if at is not None and timezone.is_aware(at) else None,
        longitude=longitude if latitude is not None else None,
        latitude=latitude if longitude is not None else None,
        accuracy=abs(accuracy) if (accuracy := degrees(facts, "accuracy", 1e6)) is not None else None,
        original=original if SHA256.fullmatch(original) else "",
    )


def degrees(facts: Mapping[str, Any], name: str, most: float) -> float | None:
    """A number within bounds; None for anything else."""
    value = facts.get(name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) <= most else None  # type: ignore[arg-type]


def lines(event: Event, actor: Actor, taken: Taken) -> list[str]:
    """What is written on a photo: number and matter, time by the device, place, person and the time it arrived."""
    now = timezone.now()
    at = taken.at or now
    said = [f"{event.number} {event.title}", date_format(timezone.localtime(at), "Y-m-d H:i:s")]
    if taken.longitude is not None and taken.latitude is not None:
        where = f"{taken.longitude:.6f}, {taken.latitude:.6f}"
        said.append(f"{where} ±{taken.accuracy:.0f} m" if taken.accuracy is not None else where)
    arrived = date_format(timezone.localtime(now), "m-d H:i")
    said.append(_("%(who)s · received %(at)s") % {"who": actor.name, "at": arrived})
    return said


def keep(
    event: Event, uploads: Sequence[UploadedFile[Any]], facts: Sequence[Taken], actor: Actor, role: str = "after"
) -> tuple[Media, ...]:
    """Attaches each photo as it came and as a marked copy, and each other file as it is; returns what the step names.

    Raises ValidationError for a file of a kind that is not taken.
    """
    # Who may handle the event may show what was done: the files are part of the step.
    hand = actor.permitted("event:edit", Reach.COUNTY)
    found: list[Media] = []
    for place, (upload, taken) in enumerate(zip(uploads, facts, strict=True), 1):
        content = upload.read()
        upload.seek(0)
        if attachments.kind_of(content, upload.name or "") not in PICTURES:
            file = attachments.attach(event, upload, hand)
            found.append(Media(attachment=file.pk, role="other"))
            continue
        name = f"{event.number}-{timezone.localtime(taken.at or timezone.now()):%Y%m%d-%H%M%S}-{place}"
        try:
            copy = SimpleUploadedFile(f"{name}.jpg", marked(content, lines(event, actor, taken)), "image/jpeg")
        except OSError as error:
            raise ValidationError(_("The picture is damaged: take or export it again.")) from error
        ending = (upload.name or "").rpartition(".")[2].lower() or "jpg"
        upload.name = f"{name}{UNMARKED}.{'jpg' if ending == 'jpeg' else ending}"
        when = taken.at or taken_at(upload)
        found.append(Media(attachment=attachments.attach(event, copy, hand).pk, role=role, taken_at=when))
        found.append(Media(attachment=attachments.attach(event, upload, hand).pk, role="other"))
    return tuple(found)
