"""To whom a live event may be sent: every condition that is given must hold, and it is asked again at each sending."""

from __future__ import annotations

from dataclasses import dataclass

from citybrain.declare.role import Permission, Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Holders


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """Who may hear of an event; with no condition, everybody who is signed in."""

    user: int | None = None
    """Only this person, and whoever stands in for them."""
    organisation: int | None = None
    """Only whose post's organisation is this one or above it; under a permission, whose permission reaches it."""
    permission: str = ""
    """Only whose post carries the permission with this key."""
    holders: Holders | None = None
    """Under a permission, only who may see the row that these hold, by the scope of its model."""

    def admits(self, actor: Actor) -> bool:
        """Whether `actor` may be sent the event. Nobody who is not signed in ever may."""
        if actor.user_id is None:
            return False
        if self.user is not None and self.user not in actor.people:
            return False
        reach = actor.reach(self.permission) if self.permission else Reach.ORGANISATION
        if reach is None or (self.holders is not None and not self.holders.are_of(actor, reach)):
            return False
        if self.organisation is None or (self.permission and reach is Reach.COUNTY):
            return True
        return reach is not Reach.OWN and self.organisation in actor.organisations


EVERYONE = Audience()
"""Everybody who is signed in. The event should then say only that something changed, not what."""


def to_person(user_id: int) -> Audience:
    """One person."""
    return Audience(user=user_id)


def to_organisation(organisation_id: int, permission: Permission | str = "") -> Audience:
    """Those who work in an organisation or above it, or whose `permission` reaches it."""
    return Audience(organisation=organisation_id, permission=_key(permission))


def to_permitted(permission: Permission | str) -> Audience:
    """Those whose post carries `permission`, however far it reaches."""
    return Audience(permission=_key(permission))


def to_holders(holders: Holders, permission: Permission | str) -> Audience:
    """Those whom `permission` lets see a row that `holders` hold: nobody else hears that anything became of it."""
    return Audience(permission=_key(permission), holders=holders)


def _key(permission: Permission | str) -> str:
    return permission if isinstance(permission, str) else permission.key
