"""The security log (安全审计日志): the one verb that adds a line to it, called by every verb auditors must hear of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import SecurityEvent


def log_security(
    actor: Actor,
    action: str,
    on: Model | None = None,
    *,
    thing: str = "",
    thing_id: str | int = "",
    detail: Mapping[str, Any] | None = None,
    subject: str = "",
) -> SecurityEvent:
    """Add one line: `actor` did `action` to the row `on`, or to whatever `thing` and `thing_id` name.

    `detail` says what changed, before and after; never a password, never a personal value. `subject` is the pseudonym
    of the citizen whose data were seen.
    """
    facts = dict(detail or {})
    if actor.on_behalf_of:
        facts["on_behalf_of"] = actor.on_behalf_of
    return SecurityEvent.objects.create(
        action=action,
        user_id=actor.user_id,
        post_id=actor.post_id,
        thing=thing or (on._meta.model_name or "" if on is not None else ""),
        thing_id=str(thing_id or (getattr(on, "key", None) or on.pk if on is not None else "")),
        purpose=actor.purpose,
        subject=subject,
        detail=facts,
        address=actor.address,
    )
