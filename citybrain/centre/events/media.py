"""Files of a step: named by the hash of their bytes, so that the journal vouches for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from citybrain.centre.events.models import Event, Signal
from citybrain.centre.events.orders import ROLES, Media
from citybrain.centre.events.private import hidden
from citybrain.centre.events.refusals import Refused
from citybrain.kernel.records.models import Attachment

EVENT, SIGNAL = "event", "signal"
"""Keys of the record types."""


def described(event: Event, media: Sequence[Media]) -> list[dict[str, Any]]:
    """What a step says of its files. Raises Refused for one that is not the event's."""
    if not media:
        return []
    signals = Signal.objects.filter(event=event).order_by().values("pk")
    own = Q(record_kind=EVENT, record_id=event.pk) | Q(record_kind=SIGNAL, record_id__in=signals)
    wanted = [one.attachment for one in media]
    known = {one.pk: one for one in Attachment.objects.filter(own, pk__in=wanted, removed_at=None)}
    found = []
    for one in media:
        file = known.get(one.attachment)
        if file is None:
            raise Refused("media", _("One of the files is not attached to this event."), _("Attach it first."))
        if one.role not in ROLES:
            raise Refused("media", _("“%s” is not what a picture can show.") % one.role)
        taken = {"taken_at": one.taken_at} if one.taken_at is not None else {}
        found.append(line_of(file, one.role) | taken)
    return found


def line_of(file: Attachment, role: str) -> dict[str, Any]:
    """One file as a step names it."""
    return {"sha256": file.digest, "attachment": file.pk, "role": role, "name": hidden(file.name).text}
