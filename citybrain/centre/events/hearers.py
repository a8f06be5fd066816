"""Who hears of a limit that runs out (提醒对象).

The handler at 50 %, the section at 75, the head at 100, supervision at 200, the county's leaders at 300. Where a body
has nobody for it, the one above hears; at last those who supervise.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from django.utils import timezone

from citybrain.centre.events.permissions import CHECK, HANDLE, SUPERVISE, VIEW
from citybrain.centre.events.policy import policy
from citybrain.declare.role import Permission, Reach, Role
from citybrain.hubs.messages.addressing import To, to_person, to_post
from citybrain.kernel.identity.acting import lasting, running
from citybrain.kernel.identity.models import Appointment, Organisation, Post, User
from citybrain.kernel.registry.registry import registry

Addressee = tuple[str, int]
"""`person` or `post`, and its id."""


class Hearers:
    """The posts that somebody holds now, and the people who hold one, read once for a whole pass."""

    def __init__(self, now: datetime | None = None) -> None:
        day = timezone.localdate(now)
        own = Appointment.objects.filter(lasting(day), user__is_active=True).values_list("user_id", "post_id")
        lent = running(now).filter(deputy__is_active=True).values_list("deputy_id", "appointment__post_id")
        pairs = {*own, *lent}
        self.people = {user for user, _post in pairs}
        held = {post for _user, post in pairs}
        self.posts = {post.pk: post for post in Post.objects.filter(is_active=True, pk__in=held).order_by("pk")}
        self._bodies = {
            pk: (parent, kind) for pk, parent, kind in Organisation.objects.values_list("pk", "parent_id", "kind")
        }
        self._at: dict[int, list[Post]] = {}
        for post in self.posts.values():
            self._at.setdefault(post.organisation_id, []).append(post)
        self._known: dict[tuple[int, int], tuple[Addressee, ...]] = {}
        self._supervision: tuple[Addressee, ...] | None = None
        self._leaders: tuple[Addressee, ...] | None = None

    def of(self, percent: int, organisation: int, owner: int | None, post: int | None) -> tuple[Addressee, ...]:
        """Who hears that an event of `organisation` has used up `percent` of a limit."""
        if percent < 75 and owner is not None and owner in self.people:
            return (("person", owner),)
        if percent < 75 and post is not None and post in self.posts:
            return (("post", post),)
        key = percent, organisation
        if key not in self._known:
            self._known[key] = self._of(percent, organisation)
        return self._known[key]

    def _of(self, percent: int, organisation: int) -> tuple[Addressee, ...]:
        if percent < 75:
            return self._first(self._up(organisation), HANDLE) or self.supervision()
        if percent < 100:
            return self._first(self._up(organisation), VIEW) or self.supervision()
        if percent < 200:
            return self._head(organisation)
        return self.supervision() if percent < 300 else self.leaders()

    def _head(self, organisation: int) -> tuple[Addressee, ...]:
        way = self._up(organisation)
        if len(way) > 1 and self._bodies[organisation][1] in Organisation.INNER:
            way = way[1:]
        for body in way:
            here = self._at.get(body, [])
            if leading := [post for post in here if set(post.roles) & set(policy().leader_roles)]:
                return _posts(leading)
        return self._first(way, VIEW) or self.supervision()

    def _up(self, organisation: int) -> list[int]:
        """The body and those above it, without the county itself."""
        way: list[int] = []
        at: int | None = organisation
        while at in self._bodies and self._bodies[at][0] is not None:
            way.append(at)
            at = self._bodies[at][0]
        return way

    def _first(self, way: Iterable[int], permission: Permission) -> tuple[Addressee, ...]:
        for body in way:
            if found := [post for post in self._at.get(body, []) if roles_with(permission) & set(post.roles)]:
                return _posts(found)
        return ()

    def supervision(self) -> tuple[Addressee, ...]:
        """Who supervises events of the whole county and works on them."""
        if self._supervision is None:
            roles = roles_with(SUPERVISE, Reach.COUNTY) & roles_with(CHECK, Reach.COUNTY)
            self._supervision = _posts(post for post in self.posts.values() if roles & set(post.roles))
        return self._supervision

    def leaders(self) -> tuple[Addressee, ...]:
        """The county's leaders; supervision where there are none."""
        if self._leaders is None:
            found = [post for post in self.posts.values() if set(post.roles) & set(policy().leader_roles)]
            county = [post for post in found if self._bodies[post.organisation_id][0] is None]
            self._leaders = _posts(county or found)
        return self._leaders or self.supervision()

    def addresses(self, wanted: Iterable[Addressee]) -> dict[Addressee, To]:
        """How the messages hub addresses them; people who left have no address."""
        ids: dict[str, set[int]] = {"person": set(), "post": set()}
        for kind, pk in wanted:
            ids[kind].add(pk)
        people = User.objects.filter(pk__in=ids["person"], is_active=True)
        posts = Post.objects.filter(pk__in=ids["post"]).select_related("organisation")
        return {
            **{("person", user.pk): to_person(user) for user in people},
            **{("post", post.pk): to_post(post) for post in posts},
        }


def _posts(found: Iterable[Post]) -> tuple[Addressee, ...]:
    return tuple(("post", post.pk) for post in found)


@cache
def roles_with(permission: Permission, at_least: Reach = Reach.OWN) -> frozenset[str]:
    """Keys of the declared roles that permit something, at least as far as a reach."""
    return frozenset(
        role.key
        for role in registry().of(Role)
        for permit in role.permits
        if permit.reach.width >= at_least.width and permit.covers(permission.key)
    )
