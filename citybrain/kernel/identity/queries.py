"""Questions about organisations, people and posts that several pages ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from citybrain.kernel.identity.acting import lasting, running
from citybrain.kernel.identity.models import Appointment, Area, Delegation, Organisation, Post, SecurityEvent, User


def named(text: str, *fields: str) -> Q:
    """The condition that each word of `text` stands in one of the fields."""
    condition = Q()
    for word in text.split():
        either = Q()
        for field in fields:
            either |= Q(**{f"{field}__icontains": word})
        condition &= either
    return condition


def with_children(nodes: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Organisations with `below`, how many active ones belong to each directly."""
    return nodes.annotate(below=Count("children", filter=Q(children__is_active=True)))


def areas_with_children(nodes: QuerySet[Area]) -> QuerySet[Area]:
    """Areas with `below`, how many lie in each directly."""
    return nodes.annotate(below=Count("children"))


def current(on: date | None = None) -> QuerySet[Appointment]:
    """Appointments that last on a day (today), of people whose account is open."""
    found = Appointment.objects.filter(lasting(on or timezone.localdate()), user__is_active=True)
    return found.select_related("user", "post__organisation__parent")


def holders(posts: Iterable[Post]) -> dict[int, list[Appointment]]:
    """The current appointments of some posts, by the post's id; one query."""
    found: dict[int, list[Appointment]] = {}
    for appointment in current().filter(post__in=[post.pk for post in posts]).order_by("since", "id"):
        found.setdefault(appointment.post_id, []).append(appointment)
    return found


def carrying(role: str) -> list[Post]:
    """Open posts that carry a role."""
    # A JSON list is asked in Python: what contains what inside it, not every database knows.
    posts = Post.objects.filter(is_active=True).select_related("organisation__parent")
    return [post for post in posts if role in post.roles]


@dataclass(frozen=True, kw_only=True)
class RoleUse:
    """How many posts carry a role, and how many people hold one of them today."""

    posts: int
    people: int


def role_uses() -> dict[str, RoleUse]:
    """The use of every role by its key; two queries."""
    posts: dict[str, set[int]] = {}
    people: dict[str, set[int]] = {}
    held: dict[int, set[int]] = {}
    for post_id, user_id in current().order_by().values_list("post_id", "user_id"):
        held.setdefault(post_id, set()).add(user_id)
    for post_id, roles in Post.objects.filter(is_active=True).order_by().values_list("pk", "roles"):
        for role in roles:
            posts.setdefault(role, set()).add(post_id)
            people.setdefault(role, set()).update(held.get(post_id, ()))
    return {role: RoleUse(posts=len(found), people=len(people[role])) for role, found in posts.items()}


def delegations_of(user: User) -> QuerySet[Delegation]:
    """Delegations somebody gave that are in force or still to come, the next first."""
    found = Delegation.objects.filter(appointment__user=user, revoked_at=None, until__gt=timezone.now())
    return found.select_related("appointment__post__organisation", "deputy").order_by("since")


def standing_in(posts: Iterable[Post]) -> QuerySet[Delegation]:
    """Delegations of some posts that are in force now."""
    found = running().filter(appointment__post__in=[post.pk for post in posts])
    return found.select_related("deputy", "appointment__user")


@dataclass(frozen=True, kw_only=True)
class LogAsked:
    """What somebody asks of the security log; an empty field asks nothing."""

    words: str = ""
    """In action, thing or id, or the name of who did it."""
    action: str = ""
    person: int | None = None
    since: date | None = None
    until: date | None = None
    address: str = ""


def lines(events: QuerySet[SecurityEvent], asked: LogAsked) -> QuerySet[SecurityEvent]:
    """The lines of the log that answer `asked`, newest first."""
    zone = timezone.get_current_timezone()
    if asked.words:
        events = events.filter(
            named(asked.words, "action", "thing", "thing_id", "user__username", "user__chinese", "post__chinese")
        )
    if asked.action:
        events = events.filter(action=asked.action)
    if asked.person is not None:
        events = events.filter(user_id=asked.person)
    if asked.since is not None:
        events = events.filter(at__gte=datetime.combine(asked.since, datetime.min.time(), zone))
    if asked.until is not None:
        events = events.filter(at__lte=datetime.combine(asked.until, datetime.max.time(), zone))
    if asked.address:
        events = events.filter(address=asked.address)
    return events.select_related("user", "post__organisation").order_by("-id")


def actions() -> list[str]:
    """Every action the log knows."""
    return sorted(SecurityEvent.objects.order_by().values_list("action", flat=True).distinct())
