"""What citizens send in: taken for them by the house, counted by address, followed by a secret link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from citybrain.declare.role import Reach
from citybrain.kernel.identity.actions import administration
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation, SecurityEvent
from citybrain.kernel.identity.security_log import log_security
from citybrain.kernel.records import actions
from citybrain.kernel.records.models import Record
from citybrain.kernel.records.shape import FieldShape, Shape, record_types

RECEIVED = "citizen-report"
"""Action in the security log, by which reports of an address are counted."""

LIMITS = ((timedelta(hours=1), 10), (timedelta(days=1), 30))
"""So many reports are taken from one network address in so long; more wait."""

SIGNER = Signer(salt="citybrain.ui.citizen.follow")


class TooMany(Exception):
    """An address has sent as much as is taken from one; the argument is how long to wait."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(f"Too many reports from one address: wait {wait}.")


def asked_of_citizens(shape: Shape) -> list[FieldShape]:
    """The fields citizens fill in: those the face names, else what must be filled in and belongs to no office."""
    if shape.face.citizens_fields:
        return [shape.by_name[name] for name in shape.face.citizens_fields]
    inner = ("organisation", "area")
    return [field for field in shape.editable if field.is_required and field.name not in inner]


def receive(shape: Shape, values: Mapping[str, Any], actor: Actor, *, request_key: UUID) -> Record:
    """Takes a report from anybody; of who is signed in it becomes their own. A key seen before returns its record.

    Raises TooMany, ValidationError, LookupError for a type that citizens do not make.
    """
    if not shape.face.citizens_create:
        raise LookupError(f"Citizens make no {shape.key}.")
    # Somebody else's key tells nothing of what it made: the verb refuses it.
    mine = shape.model._default_manager.filter(created_by_id=actor.user_id)
    if repeated := mine.filter(request_key=request_key).first():
        return repeated
    names = {field.name for field in asked_of_citizens(shape)}
    taken = {name: value for name, value in values.items() if name in names}
    with transaction.atomic():
        demand_room(actor.address)
        house = actor.permitted(shape.permission("create"), Reach.COUNTY)
        record = actions.create(shape, {**taken, "organisation": responsible(taken)}, house, request_key=request_key)
        log_security(actor, RECEIVED, thing=shape.key, thing_id=record.number)
    return record


def demand_room(address: str | None) -> None:
    """Raises TooMany when an address has sent what is taken from one."""
    now = timezone.now()
    events = SecurityEvent.objects.filter(action=RECEIVED).filter(from_network(address, now - LIMITS[-1][0]))
    for span, most in LIMITS:
        if events.filter(at__gt=now - span).count() >= most:
            raise TooMany(span)


def from_network(address: str | None, since: datetime) -> Q:
    """The condition that an event came from an address; in IPv6 from its /64, of which every household has one."""
    if address is None or ":" not in address:
        return Q(address=address)
    network = ip_network((address, 64), strict=False)
    events = SecurityEvent.objects.filter(action=RECEIVED, at__gt=since, address__contains=":").order_by()
    known = events.values_list("address", flat=True).distinct()
    return Q(address__in=[one for one in known if ip_address(str(one)) in network])


def responsible(values: Mapping[str, Any]) -> Organisation | None:
    """The body that answers: that of the thing the report is about, else the one that keeps this site."""
    for value in values.values():
        if isinstance(value, models.Model) and isinstance(getattr(value, "organisation", None), Organisation):
            body: Organisation = value.organisation  # type: ignore[attr-defined]
            return body
    return administration()


def token_of(shape: Shape, record: Record) -> str:
    """The secret end of the link that follows a record: nobody guesses it, and no list holds it."""
    name = f"{shape.key}.{record.number}"
    return f"{name}.{SIGNER.signature(name)}"


def followed(token: str) -> tuple[Shape, Record]:
    """The record a link follows. Raises BadSignature for a link nobody was given, and for a record that is gone."""
    name, _dot, signature = token.rpartition(".")
    if not constant_time_compare(signature, SIGNER.signature(name)):
        raise BadSignature("This link was given to nobody.")
    key, _dot, number = name.partition(".")
    shape = next((one for one in record_types() if one.key == key and one.face.citizens_create), None)
    record = shape and shape.model._default_manager.filter(number=number, removed_at=None).first()
    if shape is None or record is None:
        raise BadSignature("What this link followed is no longer there.")
    return shape, record
