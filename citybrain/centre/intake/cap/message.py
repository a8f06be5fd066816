"""A CAP 1.2 message as data, and what the standard's text demands of it (OASIS CAP-v1.2, 1 July 2010, section 3.2).

`faults(alert)` says every sentence of the standard that a message breaks; what is written has none, what is read with
one is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"

STATUSES = ("Actual", "Exercise", "System", "Test", "Draft")
MESSAGE_TYPES = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES = ("Public", "Restricted", "Private")
CATEGORIES = (
    "Geo",
    "Met",
    "Safety",
    "Security",
    "Rescue",
    "Fire",
    "Health",
    "Env",
    "Transport",
    "Infra",
    "CBRNE",
    "Other",
)
RESPONSES = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")

NAMELESS = re.compile(r"[\s,<&]")
"""What identifier and sender must not hold (3.2.1)."""

Point = tuple[float, float]
"""Latitude and longitude, WGS-84, degrees, in the order of the standard."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """An earlier message that a message is about (3.2.1, references)."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A file beside the words (3.2.3)."""

    description: str
    mime_type: str
    size: int | None = None
    uri: str = ""
    deref_uri: str = ""
    digest: str = ""


@dataclass(frozen=True, kw_only=True)
class Area:
    """Where it holds (3.2.4)."""

    description: str
    polygons: tuple[tuple[Point, ...], ...] = ()
    circles: tuple[tuple[Point, float], ...] = ()
    """Centre and radius, kilometres."""
    geocodes: tuple[tuple[str, str], ...] = ()
    altitude: float | None = None
    ceiling: float | None = None


@dataclass(frozen=True, kw_only=True)
class Info:
    """What is to be said, in one language (3.2.2)."""

    categories: tuple[str, ...]
    event: str
    urgency: str
    severity: str
    certainty: str
    language: str = "en-US"
    responses: tuple[str, ...] = ()
    audience: str = ""
    event_codes: tuple[tuple[str, str], ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Alert:
    """A message (3.2.1)."""

    identifier: str
    sender: str
    sent: datetime
    status: str
    message_type: str
    scope: str
    source: str = ""
    restriction: str = ""
    addresses: str = ""
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[Reference, ...] = ()
    incidents: str = ""
    infos: tuple[Info, ...] = field(default=())

    @property
    def reference(self) -> Reference:
        """How a later message names this one."""
        return Reference(sender=self.sender, identifier=self.identifier, sent=self.sent)


def faults(alert: Alert) -> list[str]:
    """Every sentence of the standard that the message breaks, with the element it concerns."""
    return list(_alert_faults(alert)) + [
        fault for place, info in enumerate(alert.infos, start=1) for fault in _info_faults(info, f"info[{place}]")
    ]


def _alert_faults(alert: Alert) -> Iterator[str]:
    for name, text in (("identifier", alert.identifier), ("sender", alert.sender)):
        if not text:
            yield f"{name}: is missing."
        elif NAMELESS.search(text):
            yield f"{name}: must hold no space, comma, < or &."
    yield from _moment("sent", alert.sent)
    yield from _word("status", alert.status, STATUSES)
    yield from _word("msgType", alert.message_type, MESSAGE_TYPES)
    yield from _word("scope", alert.scope, SCOPES)
    if alert.scope == "Restricted" and not alert.restriction:
        yield "restriction: is missing, the scope is Restricted."
    if alert.scope == "Private" and not alert.addresses:
        yield "addresses: is missing, the scope is Private."
    if alert.message_type in ("Update", "Cancel", "Ack", "Error") and not alert.references:
        yield f"references: is missing, the message is of type {alert.message_type}."
    for place, reference in enumerate(alert.references, start=1):
        if NAMELESS.search(reference.sender + reference.identifier) or not (reference.sender and reference.identifier):
            yield f"references[{place}]: must be sender,identifier,sent."
        yield from _moment(f"references[{place}]", reference.sent)


def _info_faults(info: Info, where: str) -> Iterator[str]:
    if not info.categories:
        yield f"{where}/category: is missing."
    for category in info.categories:
        yield from _word(f"{where}/category", category, CATEGORIES)
    if not info.event.strip():
        yield f"{where}/event: is missing."
    yield from _word(f"{where}/urgency", info.urgency, URGENCIES)
    yield from _word(f"{where}/severity", info.severity, SEVERITIES)
    yield from _word(f"{where}/certainty", info.certainty, CERTAINTIES)
    for response in info.responses:
        yield from _word(f"{where}/responseType", response, RESPONSES)
    for name, moment in (("effective", info.effective), ("onset", info.onset), ("expires", info.expires)):
        if moment is not None:
            yield from _moment(f"{where}/{name}", moment)
    for resource in info.resources:
        if not resource.description or not resource.mime_type:
            yield f"{where}/resource: needs resourceDesc and mimeType."
        if resource.size is not None and resource.size < 0:
            yield f"{where}/resource/size: is below 0."
    for place, area in enumerate(info.areas, start=1):
        yield from _area_faults(area, f"{where}/area[{place}]")


def _area_faults(area: Area, where: str) -> Iterator[str]:
    if not area.description.strip():
        yield f"{where}/areaDesc: is missing."
    for polygon in area.polygons:
        if len(polygon) < 4 or polygon[0] != polygon[-1]:
            yield f"{where}/polygon: needs at least four points, the last as the first."
        elif all(first == second for first, second in pairwise(polygon)):
            yield f"{where}/polygon: all its points are one."
        if not all(_is_on_earth(point) for point in polygon):
            yield f"{where}/polygon: a point is outside -90 to 90, -180 to 180 degrees."
    for centre, radius in area.circles:
        if not _is_on_earth(centre):
            yield f"{where}/circle: the centre is outside -90 to 90, -180 to 180 degrees."
        if not 0 <= radius <= 20_040:
            yield f"{where}/circle: the radius is no length on this planet, kilometres."
    if area.ceiling is not None and area.altitude is None:
        yield f"{where}/ceiling: must not stand without altitude."


def _is_on_earth(point: Point) -> bool:
    latitude, longitude = point
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


def _moment(where: str, moment: datetime) -> Iterator[str]:
    if moment.utcoffset() is None:
        yield f"{where}: needs a time zone, as 2026-10-01T08:00:00+08:00."


def _word(where: str, word: str, known: tuple[str, ...]) -> Iterator[str]:
    if word not in known:
        yield f"{where}: {word[:40]!r} is not one of {', '.join(known)}."
