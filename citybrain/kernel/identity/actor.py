"""The person who asks: every question and every verb is told by whom, under which post, and for what purpose."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from citybrain.declare.role import Permission, Reach
from citybrain.declare.words import Grade


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person acting under one post (以某岗位履职), or the system itself."""

    user_id: int | None
    """None for somebody who is not signed in, and for the system."""
    name: str = ""
    """How logs and pages call them."""
    kind: str = "official"
    """`official`, `citizen`, `anonymous` or `system`."""
    post_id: int | None = None
    appointment_id: int | None = None
    post_names: tuple[str, str] = ("", "")
    """The post in Chinese and in English, as the frame of a page shows it."""
    other_posts: tuple[tuple[int, str, str], ...] = ()
    """Posts they could act under instead: id of the appointment, the post in Chinese and in English."""
    on_behalf_of: str = ""
    """Name of the colleague they stand in for; empty in their own post."""
    principal_id: int | None = None
    """That colleague: what belongs to them is open to the deputy too."""
    organisation_id: int | None = None
    organisations: AbstractSet[int] = frozenset()
    """Ids of the post's organisation and everything under it; asked for when first needed."""
    areas: AbstractSet[int] = frozenset()
    """Ids of the post's area and everything inside it; asked for when first needed."""
    roles: tuple[str, ...] = ()
    """Keys of the roles they act with."""
    permits: Mapping[str, Reach] = field(default_factory=dict)
    """Pattern of permission keys -> reach, over all roles of the post."""
    clearance: Grade = Grade.L1
    """Highest grade seen unmasked; above L2 only with a purpose."""
    purpose: str = ""
    """What the person states they need personal data for; empty for none."""
    address: str | None = None
    """Network address of the request."""

    @property
    def people(self) -> tuple[int, ...]:
        """Ids of those whose own rows are open: the person, and the colleague they stand in for."""
        return tuple(one for one in (self.user_id, self.principal_id) if one is not None)

    def reach(self, permission: Permission | str) -> Reach | None:
        """How far the permission reaches for this person; None when they do not have it."""
        key = permission if isinstance(permission, str) else permission.key
        reaches = [reach for pattern, reach in self.permits.items() if fnmatchcase(key, pattern)]
        return max(reaches, key=lambda reach: reach.width, default=None)

    def may(self, permission: Permission | str) -> bool:
        """Whether the person has the permission at all."""
        return self.reach(permission) is not None

    def sees(self, grade: Grade) -> bool:
        """Whether values of this grade are shown unmasked: up to L2 by clearance alone, above only for a purpose."""
        return grade <= self.clearance and (grade <= Grade.L2 or bool(self.purpose))

    def permitted(self, permission: Permission | str, reach: Reach) -> Actor:
        """The same person with one permission more, for a verb that acts in their name (citizens' reports)."""
        key = permission if isinstance(permission, str) else permission.key
        return replace(self, permits={**self.permits, key: reach})

    def for_purpose(self, purpose: str) -> Actor:
        """The same person with a stated purpose."""
        return replace(self, purpose=purpose)


ANONYMOUS = Actor(user_id=None, kind="anonymous")
"""Somebody who is not signed in."""

SYSTEM = Actor(user_id=None, name="system", kind="system", permits={"*": Reach.COUNTY}, clearance=Grade.L3)
"""The house itself: jobs, schedules, the command line. Never what a page is rendered with."""
