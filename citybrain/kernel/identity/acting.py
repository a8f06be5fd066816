"""Under which post a person acts: from their appointments and delegations, chosen once a session."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from citybrain.declare.role import Reach, Role
from citybrain.declare.words import Grade
from citybrain.kernel.identity.actor import ANONYMOUS, Actor
from citybrain.kernel.identity.models import Appointment, Area, Organisation, User
from citybrain.kernel.registry.registry import registry


def appointments(user: User, on: date | None = None) -> QuerySet[Appointment]:
    """The posts a person holds on a day (today), the main one first."""
    day = on or timezone.localdate()
    current = Appointment.objects.filter(user=user, post__is_active=True, since__lte=day)
    return current.filter(Q(until=None) | Q(until__gte=day)).select_related("post__organisation", "post__area")


def actor_for(user: User, appointment_id: int | None = None, address: str | None = None) -> Actor:
    """The person acting under one of their appointments (the main one without a choice); ANONYMOUS for nobody.

    An appointment that ended or belongs to somebody else is never taken: the main one is.
    """
    if not user.is_authenticated or not user.is_active:
        return ANONYMOUS
    held = list(appointments(user))
    taken = next((one for one in held if one.id == appointment_id), held[0] if held else None)
    if taken is None:
        return Actor(user_id=user.pk, name=user.name, kind=user.kind, address=address)
    return acting(user, taken, address=address)


def acting(user: User, appointment: Appointment, *, address: str | None = None) -> Actor:
    """The person acting under `appointment`: permissions of its roles, and the organisations and areas below it."""
    post = appointment.post
    roles = [role for role in (registry().find(Role, key) for key in post.roles) if role is not None]
    area = post.area or post.organisation.area
    return Actor(
        user_id=user.pk,
        name=user.name,
        kind=user.kind,
        post_id=post.pk,
        appointment_id=appointment.pk,
        organisation_id=post.organisation_id,
        organisations=frozenset(
            Organisation.objects.filter(path__startswith=post.organisation.path).values_list("pk", flat=True)
        ),
        areas=frozenset(Area.objects.filter(path__startswith=area.path).values_list("pk", flat=True) if area else ()),
        permits=widest(roles),
        clearance=max((role.clearance for role in roles), default=Grade.L1),
        address=address,
    )


def widest(roles: list[Role]) -> dict[str, Reach]:
    """Permission patterns of several roles, each with its widest reach."""
    permits: dict[str, Reach] = {}
    for permit in (permit for role in roles for permit in role.permits):
        known = permits.get(permit.permission)
        if known is None or permit.reach.width > known.width:
            permits[permit.permission] = permit.reach
    return permits
