"""What everybody who is signed in may do with their own account, whatever their post."""

from __future__ import annotations

from citybrain.declare.role import Permission, Reach
from citybrain.declare.words import _
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import SecurityEvent
from citybrain.kernel.identity.scope import Vouched, vouched

OWN = Permission(key="account:own", title=_("Own account"))
"""See and change one's own account; nobody is given it, everybody has it."""

SIGNING_IN = ("sign-in", "sign-in-refused", "locked", "unlocked", "sign-out", "session-ended", "password-changed")
"""Actions of the security log that a person sees of themselves."""


def own(actor: Actor) -> Actor:
    """The person looking at what is theirs: no permission but `OWN`, and that over their own rows alone."""
    return Actor(
        user_id=actor.user_id, name=actor.name, kind=actor.kind, address=actor.address, permits={OWN.key: Reach.OWN}
    )


def own_events(actor: Actor, count: int) -> Vouched[SecurityEvent]:
    """The latest lines of the security log about how a person signed in, or somebody tried to under their name."""
    log = SecurityEvent.objects.filter(action__in=SIGNING_IN, thing="user", thing_id=str(actor.user_id))
    return vouched(log.order_by("-id")[:count], own(actor), OWN)
