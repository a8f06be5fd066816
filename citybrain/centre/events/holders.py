"""Who of a body may hold an event or a task (承办人), how much each holds, and what nobody holds any more.

colleagues(bureau)     people with a post in the body or below who may handle events, the least busy first
gone()                 the condition that whoever holds an event or a task left (承办人离岗)

Work stays with the body when a person leaves: nothing is moved by itself, since nobody knows better than the body who
goes on with it. Whether somebody left is asked whenever somebody looks, so that a post that ends by its date needs no
job that notices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from citybrain.centre.events.models import Event, Task
from citybrain.centre.events.permissions import HANDLE, VIEW
from citybrain.centre.events.queries import is_open, is_task_open
from citybrain.declare.role import Permission, Reach
from citybrain.kernel.identity.acting import acting, lasting, running
from citybrain.kernel.identity.models import Appointment, Delegation, Organisation, Post, User
from citybrain.kernel.identity.queries import current


@dataclass(frozen=True, kw_only=True, slots=True)
class Colleague:
    """Somebody who may get an event or a task of a body."""

    user: User
    post: Post
    """The post under which they hold it."""
    open: int
    """Open events and tasks they hold now."""
    deputy: str
    """Name of who stands in for them just now; empty while they are there."""


def able(body: Organisation, permission: Permission) -> list[Appointment]:
    """Current appointments in a body and below whose post permits something."""
    held = current().filter(post__organisation__path__startswith=body.path).select_related("post__area")
    return [one for one in held.order_by("pk") if acting(one.user, one).may(permission)]


def entitled(body: Organisation, person: User | None = None) -> list[Appointment]:
    """Current appointments, of everybody or of one person, by which what a body has may be held; main posts first.

    Those in the body and below who may handle events, and those in the department a section belongs to whose permission
    reaches down to it: they may sign its events too.
    """
    above = Organisation.objects.filter(key__in=body.way[:-1]).exclude(kind=Organisation.Kind.COUNTY)
    near = Q(post__organisation__path__startswith=body.path) | Q(post__organisation__in=above)
    held = current().filter(near).select_related("post__area").order_by("-is_main", "pk")
    return [one for one in (held if person is None else held.filter(user=person)) if _reaches(one, body)]


def _reaches(held: Appointment, body: Organisation) -> bool:
    actor = acting(held.user, held)
    if not (actor.may(VIEW) and actor.may(HANDLE)):
        return False
    return held.post.organisation.path.startswith(body.path) or actor.reach(HANDLE) is not Reach.OWN


def holding(body: Organisation, person: User) -> Appointment | None:
    """The appointment by which a person may hold what a body has; None where they may not."""
    return next(iter(entitled(body, person)), None)


def colleagues(body: Organisation) -> list[Colleague]:
    """Who may hold what a body has, the least busy first, who is away last. Five queries."""
    held: dict[int, Appointment] = {}
    for one in entitled(body):
        held.setdefault(one.user_id, one)
    many = load(held)
    away = running().filter(appointment__in=[one.pk for one in held.values()]).select_related("deputy")
    deputies = {one.appointment_id: one.deputy.name for one in away}
    found = [
        Colleague(user=one.user, post=one.post, open=many[user], deputy=deputies.get(one.pk, ""))
        for user, one in held.items()
    ]
    return sorted(found, key=lambda one: (bool(one.deputy), one.open, one.user.pk))


def load(people: Iterable[int]) -> Counter[int]:
    """How many open events, and open tasks of others' events, each of some people holds."""
    ids = list(people)
    events = Event.objects.filter(is_open(), owner__in=ids)
    tasks = Task.objects.filter(is_task_open(), owner__in=ids).exclude(role=Task.Role.LEAD)
    found: Counter[int] = Counter()
    for rows in (events, tasks):
        found.update(dict(rows.order_by().values_list("owner").annotate(many=Count("pk"))))
    return found


def gone(now: datetime | None = None) -> Q:
    """The condition that the holder of an event or a task left: their account is closed, or their post there ended.

    Present is who has a post in the body under whose post they took it (any post where none is known), or stands in
    for somebody who holds that very post.
    """
    moment = now or timezone.now()
    here = {"user__is_active": True}
    today = lasting(timezone.localdate(moment))
    # Few people ever held another post or stood in for anybody: of those alone each event is asked.
    may_have = Q(owner__in=Appointment.objects.exclude(today, **here).order_by().values("user"))
    may_have |= Q(owner__in=Delegation.objects.order_by().values("deputy"))
    held = Appointment.objects.filter(today, **here, user=OuterRef("owner"))
    lent = running(moment).filter(deputy__is_active=True, deputy=OuterRef("owner"))
    there = Q(Exists(held.filter(post__organisation=OuterRef("post__organisation"))))
    there |= Q(Exists(held), post=None) | Q(Exists(lent.filter(appointment__post=OuterRef("post"))))
    return may_have & ~there
