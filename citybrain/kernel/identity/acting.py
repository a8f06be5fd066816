"""Under which post a person acts: from their appointments and delegations, chosen once a session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from citybrain.declare.role import Reach, Role
from citybrain.declare.words import Grade
from citybrain.kernel.identity.actor import ANONYMOUS, Actor
from citybrain.kernel.identity.models import Appointment, Area, Delegation, Organisation, Post, User
from citybrain.kernel.registry.registry import registry


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A post somebody may act under: one of their own, or that of a colleague they stand in for (代理)."""

    appointment: Appointment
    delegation: Delegation | None = None
    """By which they stand in; None in their own post."""

    @property
    def on_behalf_of(self) -> str:
        """Name of the colleague they stand in for; empty in their own post."""
        return "" if self.delegation is None else self.appointment.user.name

    @property
    def names(self) -> tuple[str, str]:
        """The post in Chinese and in English."""
        post = self.appointment.post
        return post.chinese, post.english or post.chinese


class Subtree(Set[int]):
    """Ids of a node and everything under it, asked for when first needed and then kept."""

    def __init__(self, ids: Callable[[], Iterable[int]]) -> None:
        self._ask = ids

    @cached_property
    def ids(self) -> frozenset[int]:
        """The ids; one query, or two where the area of a body above has to be found."""
        return frozenset(self._ask())

    @classmethod
    def _from_iterable(cls, items: Iterable[Any]) -> Any:
        """What `&` and `|` of two sets give."""
        return frozenset(items)

    def __contains__(self, item: object) -> bool:
        return item in self.ids

    def __iter__(self) -> Iterator[int]:
        return iter(self.ids)

    def __len__(self) -> int:
        return len(self.ids)


def lasting(on: date, prefix: str = "") -> Q:
    """The condition that an appointment lasts on a day and its post is open; `prefix` leads to the appointment."""
    begun = Q(**{f"{prefix}since__lte": on, f"{prefix}post__is_active": True})
    return begun & (Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gte": on}))


def appointments(user: User, on: date | None = None) -> QuerySet[Appointment]:
    """The posts a person holds on a day (today), the main one first."""
    current = Appointment.objects.filter(lasting(on or timezone.localdate()), user=user)
    return current.select_related("post__organisation", "post__area")


def running(at: datetime | None = None) -> QuerySet[Delegation]:
    """Delegations in force at a moment (now): begun, not over, not revoked, and the giver still holds the post."""
    moment = at or timezone.now()
    found = Delegation.objects.filter(since__lte=moment, until__gt=moment, appointment__user__is_active=True)
    return found.filter(unrevoked(moment), lasting(timezone.localdate(moment), "appointment__"))


def unrevoked(moment: datetime) -> Q:
    """The condition that a delegation was not taken back before a moment."""
    return Q(revoked_at=None) | Q(revoked_at__gt=moment)


def holdings(user: User, at: datetime | None = None) -> list[Holding]:
    """Every post a person may act under at a moment (now): their own, the main one first, then those they stand in for.

    Two queries, or three for somebody who stands in.
    """
    moment = at or timezone.now()
    own = [Holding(appointment=one) for one in appointments(user, timezone.localdate(moment))]
    # Few people stand in for anybody: whether they might is asked first, which costs a third of the whole question.
    mine = Delegation.objects.filter(unrevoked(moment), deputy=user, until__gt=moment).order_by()
    if not list(mine.values_list("pk", flat=True)):
        return own
    given = running(moment).filter(deputy=user).order_by("since", "id")
    links = ("appointment__post__organisation", "appointment__post__area", "appointment__user")
    lent = [Holding(appointment=one.appointment, delegation=one) for one in given.select_related(*links)]
    return own + lent


def actor_for(user: User | AnonymousUser, appointment_id: int | None = None, address: str | None = None) -> Actor:
    """The person acting under one of their holdings (the first without a choice); ANONYMOUS for nobody.

    An appointment that ended, whose delegation is over, or that belongs to somebody else is never taken: the first is.
    """
    if not isinstance(user, User) or not user.is_active:
        return replace(ANONYMOUS, address=address)
    held = holdings(user)
    taken = next((one for one in held if one.appointment.pk == appointment_id), held[0] if held else None)
    if taken is None:
        return _with_roles(Actor(user_id=user.pk, name=user.name, kind=user.kind, address=address), ())
    others = tuple((one.appointment.pk, *one.names) for one in held if one is not taken)
    return replace(acting(user, taken, address=address), other_posts=others)


def acting(user: User, holding: Holding | Appointment, *, address: str | None = None) -> Actor:
    """The person acting under a holding: permissions of its roles, and the organisations and areas below it.

    No query: organisations and areas are asked for when first needed.
    """
    if isinstance(holding, Appointment):
        holding = Holding(appointment=holding)
    post = holding.appointment.post
    organisation = post.organisation
    actor = Actor(
        user_id=user.pk,
        name=user.name,
        kind=user.kind,
        post_id=post.pk,
        appointment_id=holding.appointment.pk,
        post_names=holding.names,
        on_behalf_of=holding.on_behalf_of,
        principal_id=holding.appointment.user_id if holding.delegation else None,
        organisation_id=organisation.pk,
        organisations=Subtree(lambda: under(Organisation.objects.all(), organisation.path)),
        areas=Subtree(lambda: under(Area.objects.all(), area_path(post))),
        address=address,
    )
    return _with_roles(actor, post.roles)


def _with_roles(actor: Actor, keys: Iterable[str]) -> Actor:
    """The actor with the roles of a post and those that every person of the kind carries."""
    known = registry()
    roles = [role for role in (known.find(Role, key) for key in keys) if role is not None]
    roles += [role for role in known.of(Role) if role.carried_by == actor.kind and role not in roles]
    return replace(
        actor,
        roles=tuple(role.key for role in roles),
        permits=widest(roles),
        clearance=max((role.clearance for role in roles), default=Grade.L1),
    )


def under(nodes: QuerySet[Any], path: str) -> Iterable[int]:
    """Ids of the nodes at `path` and below; none when the path is empty."""
    return nodes.filter(path__startswith=path).order_by().values_list("pk", flat=True) if path else ()


def area_path(post: Post) -> str:
    """Path of the area a post is for: its own, else that of the nearest body above that has one; empty without any."""
    if post.area is not None:
        return post.area.path
    bodies = Organisation.objects.filter(key__in=post.organisation.way, area__isnull=False).order_by()
    ways = dict(bodies.values_list("path", "area__path"))
    return ways[max(ways, key=len)] if ways else ""


def widest(roles: Iterable[Role]) -> dict[str, Reach]:
    """Permission patterns of several roles, each with its widest reach."""
    permits: dict[str, Reach] = {}
    for permit in (permit for role in roles for permit in role.permits):
        known = permits.get(permit.permission)
        if known is None or permit.reach.width > known.width:
            permits[permit.permission] = permit.reach
    return permits
