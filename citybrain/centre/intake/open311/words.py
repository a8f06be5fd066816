"""Our events in the words of Open311 GeoReport v2: services, service requests, statuses (state table 2.8).

Only what everybody may know is said: class, town, point, state, what was published. Never what somebody wrote.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from citybrain.centre.events.machine import DONE, ENDED, State
from citybrain.centre.events.merging import head_of
from citybrain.centre.events.models import Event
from citybrain.centre.events.types import event_types, name_of
from citybrain.centre.intake.citizen.words import body_name, kind_name, state_words
from citybrain.declare.event import EventType, Kind
from citybrain.ui.county import county

OPEN, CLOSED = "open", "closed"
STATUSES = (OPEN, CLOSED)
CLOSING = (*DONE, *ENDED)
"""States that are `closed` to Open311."""


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """A further question of a service."""

    code: str
    datatype: str
    description: str
    required: bool = False
    datatype_description: str = ""
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class ServiceRequest:
    """One service request as the standard names its parts; empty ones are sent empty."""

    service_request_id: str
    status: str
    status_notes: str = ""
    service_name: str = ""
    service_code: str = ""
    description: str = ""
    agency_responsible: str = ""
    service_notice: str = ""
    requested_datetime: str = ""
    updated_datetime: str = ""
    expected_datetime: str = ""
    address: str = ""
    address_id: str = ""
    zipcode: str = ""
    lat: float | None = None
    long: float | None = None
    media_url: str = ""

    def as_fields(self) -> dict[str, Any]:
        """Name and value of every part."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


NAMES = frozenset(one.name for one in fields(ServiceRequest))


def jurisdiction() -> str:
    """Our jurisdiction id: the county's code."""
    return county().code


def services() -> list[EventType]:
    """The classes citizens may report."""
    return [found for found in event_types().values() if found.citizens and not found.restricted]


def service(key: str) -> EventType | None:
    """The class with a service code, if citizens may report it."""
    found = event_types().get(key)
    return found if found is not None and found.citizens and not found.restricted else None


def service_fields(found: EventType) -> dict[str, Any]:
    """A service of the list."""
    return {
        "service_code": found.key,
        "service_name": name_of(found),
        "description": ", ".join(found.words[:5]) or name_of(found),
        "metadata": bool(attributes(found)),
        "type": "realtime",
        "keywords": ",".join(found.words),
        "group": str(_(found.kind.label)),
    }


def attributes(found: EventType) -> tuple[Attribute, ...]:
    """What is asked beside place and words."""
    hurt = Attribute(
        code="people_hurt",
        datatype="singlevaluelist",
        description=_("Is anybody hurt or in danger?"),
        values=(("no", _("No")), ("yes", _("Yes"))),
    )
    if found.kind is not Kind.COMPONENT:
        return (hurt,)
    number = Attribute(
        code="asset_number",
        datatype="string",
        description=_("Number on the part's plate, if there is one."),
        datatype_description=_("16 digits"),
    )
    return (number, hurt)


def request_of(event: Event, number: str = "", *, is_open: bool = True) -> ServiceRequest:
    """An event as a service request, called `number` (its own without one).

    With `is_open` False only status and times are said: for who reported something that the public may not know of.
    """
    head = head_of(event)
    is_merged = head.pk != event.pk
    point = head.place if is_open else None
    place = point_of(point)
    found = event_types().get(head.type)
    return ServiceRequest(
        service_request_id=number or event.number,
        status=CLOSED if event.state in CLOSING else OPEN,
        status_notes=notes(event, head) if is_merged else notes(head, head),
        service_name=kind_name(head),
        service_code=found.key if found is not None else "",
        description=head.public_text if is_open else "",
        agency_responsible=body_name(head.organisation),
        service_notice=_("It waits; the work goes on later.") if head.state == State.PAUSED else "",
        requested_datetime=moment(event.opened_at),
        updated_datetime=moment(max(event.changed_at, head.changed_at)),
        expected_datetime=moment(head.whole_due_at) if head.state not in CLOSING else "",
        address=body_name(head.area) if is_open else "",
        lat=place[1] if place else None,
        long=place[0] if place else None,
    )


def notes(event: Event, head: Event) -> str:
    """Why it has its status, in words; those published for the public after them."""
    if event.pk != head.pk:
        return _("Duplicate of %(number)s: %(state)s") % {"number": head.number, "state": state_words(head)[0]}
    words, _tone = state_words(event)
    return f"{words}: {event.public_text}" if event.public_text else words


def point_of(place: Any) -> tuple[float, float] | None:
    """Longitude and latitude of a GeoJSON point; None for another shape or none."""
    if isinstance(place, dict) and place.get("type") == "Point":
        longitude, latitude = place["coordinates"][:2]
        return float(longitude), float(latitude)
    return None


def moment(at: datetime | None) -> str:
    """A time as the standard wants it: W3C, UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at is not None else ""


def discovery(root: str) -> dict[str, Any]:
    """The discovery document; `root` is the address of the site."""
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": f"{root}/open311/v2",
        "changeset": "2026-11-01T00:00:00Z",
        "type": "production" if not settings.DEBUG else "test",
        "formats": ["text/xml", "application/json"],
    }
    return {
        "changeset": "2026-11-01T00:00:00Z",
        "contact": f"{county().name} 12345",
        "key_service": f"{root}/account/tokens/",
        "endpoints": [endpoint],
    }


def all_fields(requests: Iterable[ServiceRequest]) -> list[dict[str, Any]]:
    """Parts of every request."""
    return [one.as_fields() for one in requests]
