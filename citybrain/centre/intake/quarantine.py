"""Messages that could not be taken (隔离区): kept as they came, with why and what to do, and taken again later.

QUARANTINE.install(door, take)       what a door does with bytes that are to be taken again
put_aside(door, body, refusal, …)    the same bytes that come once more are counted, not kept twice
take_again(row, actor)               the door takes them now, or says once more why not
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.centre.events.models import Signal
from citybrain.centre.intake.models import Quarantined
from citybrain.centre.intake.permissions import MEND
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.deciding import demand
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.security_log import log_security

LARGEST = 1 << 20
"""Bytes of one message that a door takes at all; what is larger is refused at the door and not kept."""


class Refusal(Exception):
    """A message cannot be taken like this: what is wrong, where, and what to do."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(f"{reason} {remedy}".strip())
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True, kw_only=True)
class Taking:
    """What a door needs to take bytes again."""

    body: bytes
    sender: str
    options: Mapping[str, Any]
    organisation: Organisation | None


Take = Callable[[Taking, Actor], Signal | None]
"""Takes a message; None when it is in order but opens nothing. Raises Refusal."""


class Doors:
    """What each door does with a message that is taken again; filled by the composition root."""

    def __init__(self) -> None:
        self._takes: dict[str, Take] = {}

    def install(self, door: str, take: Take) -> None:
        """Makes `take` the way in of a door."""
        self._takes[door] = take

    def find(self, door: str) -> Take | None:
        """The way in; None when the door is not there any more."""
        return self._takes.get(door)


QUARANTINE = Doors()


def digest_of(body: bytes) -> str:
    """SHA-256 of a message as it came, hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def put_aside(
    door: str,
    body: bytes,
    refusal: Refusal,
    *,
    channel: str,
    sender: str = "",
    batch: str = "",
    media_type: str = "",
    options: Mapping[str, Any] | None = None,
    organisation: Organisation | None = None,
) -> Quarantined:
    """Keeps a message that could not be taken. The very same one, come again while it is held, is counted."""
    known = Quarantined.objects.filter(
        door=door, digest=digest_of(body), batch=batch, state=Quarantined.State.HELD
    ).first()
    if known is None:
        try:
            with transaction.atomic():
                return Quarantined.objects.create(
                    door=door,
                    channel=channel,
                    sender=sender[:200],
                    batch=batch,
                    body=body[:LARGEST],
                    digest=digest_of(body),
                    media_type=media_type[:80],
                    options=dict(options or {}),
                    reason=refusal.reason,
                    remedy=refusal.remedy,
                    organisation=organisation,
                )
        except IntegrityError:  # it came twice at the same moment
            known = Quarantined.objects.get(
                door=door, digest=digest_of(body), batch=batch, state=Quarantined.State.HELD
            )
    Quarantined.objects.filter(pk=known.pk).update(times=F("times") + 1)
    known.times += 1
    return known


def take_again(row: Quarantined, actor: Actor) -> Quarantined:
    """Takes a message that was put aside. Raises Refusal when it still cannot be taken; it stays then."""
    demand(actor, MEND, row.organisation)
    take = QUARANTINE.find(row.door)
    if take is None:
        raise Refusal(_("Nothing takes messages of the door “%s” any more.") % row.door, _("Drop it, with a reason."))
    # First the row is claimed, so that two people at the same button take it once; a refusal gives it back.
    with transaction.atomic():
        claimed = Quarantined.objects.filter(pk=row.pk, state=Quarantined.State.HELD)
        if not claimed.update(state=Quarantined.State.TAKEN, ended_at=timezone.now(), ended_by_id=actor.user_id):
            raise Refusal(_("Somebody else decided about this message meanwhile."))
        taking = Taking(body=bytes(row.body), sender=row.sender, options=row.options, organisation=row.organisation)
        signal = take(taking, actor)
        Quarantined.objects.filter(pk=row.pk).update(signal=signal)
        log_security(actor, "intake-taken-again", row, detail={"door": row.door})
    row.refresh_from_db()
    return row


def drop(row: Quarantined, actor: Actor, why: str) -> Quarantined:
    """Leaves a message for good; its bytes stay. Raises ValidationError without a reason."""
    demand(actor, MEND, row.organisation)
    if not why.strip():
        raise ValidationError({"why": _("Say why.")})
    with transaction.atomic():
        held = Quarantined.objects.filter(pk=row.pk, state=Quarantined.State.HELD)
        changed = held.update(state=Quarantined.State.DROPPED, ended_at=timezone.now(), ended_by_id=actor.user_id)
        if not changed:
            raise ValidationError(_("Somebody else decided about this message meanwhile."))
        log_security(actor, "intake-dropped", row, detail={"door": row.door, "why": why.strip()[:200]})
    row.refresh_from_db()
    return row
