"""Unfinished forms, saved by themselves: one a person and form, forgotten after thirty days (草稿)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records.models import Draft

KEPT_DAYS = 30
MOST_BYTES = 256 * 1024
"""Of one draft as JSON: a form with a boundary drawn on the map is smaller."""


def save_draft(actor: Actor, kind: str, record_id: int | None, values: Mapping[str, Any]) -> Draft:
    """Keeps what was typed so far, over what was kept before. Raises ValidationError when it is too much."""
    if actor.user_id is None:
        raise PermissionDenied(_("Sign in first."))
    kept = dict(values)
    if len(json.dumps(kept, ensure_ascii=False).encode()) > MOST_BYTES:
        raise ValidationError(_("The draft is too long to be kept by itself: save the form."))
    draft, _made = Draft.objects.update_or_create(
        user_id=actor.user_id, kind=kind, record_id=record_id or 0, defaults={"values": kept}
    )
    return draft


def draft_of(actor: Actor, kind: str, record_id: int | None) -> Draft | None:
    """What the person left unfinished; None for nothing, or for what is too old."""
    if actor.user_id is None:
        return None
    since = timezone.now() - timedelta(days=KEPT_DAYS)
    return Draft.objects.filter(user_id=actor.user_id, kind=kind, record_id=record_id or 0, at__gte=since).first()


def discard(actor: Actor, kind: str, record_id: int | None) -> None:
    """Forgets a draft."""
    if actor.user_id is not None:
        Draft.objects.filter(user_id=actor.user_id, kind=kind, record_id=record_id or 0).delete()


def forget_old() -> int:
    """Forgets every draft that is over its time; returns how many."""
    count, _by_model = Draft.objects.filter(at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()
    return count
