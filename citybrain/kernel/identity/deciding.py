"""What every verb of this room asks before it writes: whether the person may, and whether roles go together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.declare.role import Permission, Reach, Role
from citybrain.kernel.identity.acting import lasting
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Appointment, Delegation, Organisation, Post, User
from citybrain.kernel.identity.permissions import APPOINT
from citybrain.kernel.registry.registry import did_you_mean, registry


def demand(actor: Actor, permission: Permission, organisation: Organisation | None = None) -> None:
    """Raises PermissionDenied unless the person has the permission, over `organisation` where one is named."""
    reach = actor.reach(permission)
    if reach is None or (
        organisation is not None
        and reach is not Reach.COUNTY
        and (reach is Reach.OWN or organisation.pk not in actor.organisations)
    ):
        raise PermissionDenied(_("Your post does not carry the permission “%s”.") % _(permission.title))


def demand_roles(keys: Iterable[str]) -> list[Role]:
    """The roles with these keys. Raises ValidationError for one that nobody declares."""
    known = registry()
    found = []
    for key in keys:
        role = known.find(Role, key)
        if role is None:
            near = did_you_mean(key, [one.key for one in known.of(Role)])
            raise ValidationError(_("There is no role “%s”.") % key + near)
        found.append(role)
    return found


def clashes(keys: Iterable[str]) -> Iterator[tuple[Role, Role]]:
    """Pairs of roles that one person may not hold together (三员分立); who excludes whom does not matter."""
    known = registry()
    roles = [role for role in (known.find(Role, key) for key in dict.fromkeys(keys)) if role is not None]
    for position, first in enumerate(roles):
        for second in roles[position + 1 :]:
            if second.key in first.excludes or first.key in second.excludes:
                yield first, second


def demand_compatible(person: User, keys: Iterable[str], since: date, until: date | None, without: Post | None) -> None:
    """Raises ValidationError when `keys` beside the roles the person has in that time may not be held together.

    Posts they hold and posts they stand in for both count; `without` leaves out the post whose roles are changing.
    """
    for first, second in clashes([*keys, *_roles_meanwhile(person, since, until, without)]):
        text = _("%(person)s may not hold “%(first)s” and “%(second)s” together: these duties are kept apart.")
        raise ValidationError(text % {"person": person.name, "first": _(first.title), "second": _(second.title)})


def _roles_meanwhile(person: User, since: date, until: date | None, without: Post | None) -> Iterator[str]:
    """Keys of the roles of every post the person holds or stands in for at some time between two days."""
    held = Appointment.objects.filter(Q(until=None) | Q(until__gte=since), user=person, post__is_active=True)
    lent = Delegation.objects.filter(
        deputy=person, revoked_at=None, until__gt=timezone.make_aware(datetime.combine(since, datetime.min.time()))
    )
    if until is not None:
        held = held.filter(since__lte=until)
        lent = lent.filter(since__date__lte=until)
    posts = [one.post for one in held.select_related("post")]
    posts += [one.appointment.post for one in lent.select_related("appointment__post")]
    for post in posts:
        if post != without:
            yield from post.roles


def demand_somebody_left(post: Post | None = None, person: User | None = None) -> None:
    """Raises ValidationError when nobody but holders of `post`, or nobody but `person`, could appoint people."""
    posts = [one.pk for one in Post.objects.filter(is_active=True) if one != post and permits(one, APPOINT)]
    left = Appointment.objects.filter(lasting(timezone.localdate()), post__in=posts, user__is_active=True)
    if person is not None:
        left = left.exclude(user=person)
    if not left.exists():
        raise ValidationError(_("Nobody would be left who can appoint people: appoint another administrator first."))


def permits(post: Post, permission: Permission) -> bool:
    """Whether a post's roles give a permission."""
    known = registry()
    roles = (known.find(Role, key) for key in post.roles)
    return any(permit.covers(permission.key) for role in roles if role is not None for permit in role.permits)
