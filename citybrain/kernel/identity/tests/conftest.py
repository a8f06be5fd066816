"""A small county for tests: a tree two floors deep, roles that only these tests know, and people with posts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import timezone

from citybrain.declare.role import Permit, Reach, Role
from citybrain.kernel.identity.models import Appointment, Area, Organisation, Post, User
from citybrain.kernel.registry.registry import registry

ROLES = (
    Role(
        key="test-administrator",
        title="Administrator",
        permits=(
            Permit("organisation:*", Reach.COUNTY),
            Permit("person:*", Reach.COUNTY),
            Permit("post:*", Reach.COUNTY),
        ),
        excludes=("test-granter", "test-auditor"),
    ),
    Role(key="test-granter", title="Granter", permits=(Permit("role:grant", Reach.COUNTY),)),
    Role(key="test-auditor", title="Auditor", permits=(Permit("*:audit", Reach.COUNTY),), excludes=("test-granter",)),
    Role(key="test-clerk", title="Clerk", permits=(Permit("tree:view"), Permit("tree:edit", Reach.OWN))),
    Role(key="test-walker", title="Walker", permits=(Permit("tree:*", Reach.AREA),)),
    Role(
        key="test-local",
        title="Local administrator",
        permits=(
            Permit("organisation:administer"),
            Permit("person:administer"),
            Permit("post:*"),
            Permit("role:grant"),
        ),
    ),
)


@pytest.fixture(autouse=True)
def known_roles() -> Iterator[None]:
    """The registry knows these roles while the test runs."""
    roles = registry()._by_kind.setdefault(Role, {})
    roles.update({role.key: role for role in ROLES})
    yield
    for role in ROLES:
        del roles[role.key]


def body(key: str, parent: Organisation | None = None, **facts: object) -> Organisation:
    """An organisation under `parent`."""
    path = f"{parent.path if parent else ''}{key}/"
    return Organisation.objects.create(key=key, parent=parent, path=path, chinese=key, english=key, **facts)


def area(key: str, parent: Area | None = None, kind: str = "town") -> Area:
    """An area inside `parent`."""
    return Area.objects.create(
        key=key, parent=parent, path=f"{parent.path if parent else ''}{key}/", kind=kind, chinese=key
    )


def person(name: str, *posts: Post, since: date | None = None, until: date | None = None) -> User:
    """Somebody who holds `posts`."""
    user = User.objects.create(username=name, chinese=name)
    for number, post in enumerate(posts):
        Appointment.objects.create(
            user=user, post=post, since=since or timezone.localdate(), until=until, is_main=not number
        )
    return user


def post(key: str, organisation: Organisation, *roles: str, area: Area | None = None) -> Post:
    """A post that carries `roles`."""
    return Post.objects.create(key=key, organisation=organisation, chinese=key, roles=list(roles), area=area)
