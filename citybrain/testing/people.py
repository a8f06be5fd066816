"""People for tests: officials whose post carries roles, and clients signed in as them.

Every test may ask for these functions as fixtures, on whatever floor it stands (lower floors import nothing from here):

    def test_deciding(official, signed_in_client, allowed, acting_as):
        clerk = official("clerk", roles=["data-steward"], organisation="police")
        client = signed_in_client(clerk)
        reader = signed_in_client(roles=[allowed("warehouse:view", reach=Reach.COUNTY)], organisation="tax")
        decide_change(change, actor=acting_as(clerk), accept=True)

A role is the key of a declared one, or a made-up `Role`, which the registry knows until the test ends. The repository's
`conftest.py` makes this module a pytest plug-in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from django.test import Client
from django.utils import timezone

from citybrain.declare.role import Permission, Permit, Reach, Role
from citybrain.declare.words import Grade
from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Appointment, Area, Organisation, Post, User
from citybrain.kernel.registry.registry import registry

MADE_UP = "made-up-"
"""How the keys of roles begin that only a test knows."""


def allowed(
    *permissions: Permission | str, reach: Reach = Reach.ORGANISATION, clearance: Grade = Grade.L2, key: str = ""
) -> Role:
    """A made-up role that permits `permissions` (symbols, keys or patterns such as `*:view`) as far as `reach`."""
    keys = [one if isinstance(one, str) else one.key for one in permissions]
    return Role(
        key=MADE_UP + (key or "-".join([*keys, reach, clearance])),
        title="Made up",
        permits=tuple(Permit(one, reach) for one in keys),
        clearance=clearance,
    )


def official(
    username: str = "official",
    *,
    roles: Sequence[str | Role] = (),
    organisation: Organisation | str = "office",
    area: Area | None = None,
) -> User:
    """A person with one post in `organisation` (made when its key is new) that carries `roles`; none gives no post.

    Called again with the same name it gives the person a further post. Raises LookupError when a role is not declared.
    """
    keys = [known(one) for one in roles]
    body = organisation if isinstance(organisation, Organisation) else organisation_of(organisation)
    user, _made = User.objects.get_or_create(username=username, defaults={"organisation": body})
    if keys:
        number = Post.objects.count()
        post = Post.objects.create(
            organisation=body, key=f"{body.key}-{username}-{number}", chinese="岗位", roles=keys, area=area
        )
        Appointment.objects.create(
            user=user, post=post, since=timezone.localdate(), is_main=not user.appointments.exists()
        )
    return user


def organisation_of(key: str) -> Organisation:
    """The organisation with `key`; made under no other when there is none."""
    found, _made = Organisation.objects.get_or_create(
        key=key, defaults={"chinese": key, "english": key, "path": f"{key}/"}
    )
    if not found.path:
        found.path = f"{key}/"
        found.save(update_fields=["path"])
    return found


def signed_in_client(
    user: User | None = None,
    *,
    roles: Sequence[str | Role] = (),
    organisation: Organisation | str = "office",
    language: str = "en",
) -> Client:
    """A client signed in as `user`, or as a new official with `roles`; it reads pages in `language`."""
    person = user or official(f"official-{User.objects.count() + 1}", roles=roles, organisation=organisation)
    client = Client(headers={"accept-language": language})
    client.cookies["django_language"] = language
    client.force_login(person)
    return client


def acting_as(user: User) -> Actor:
    """The person under their main post, as a question or a verb is told."""
    return actor_for(user)


def known(role: str | Role) -> str:
    """The key of a role, which the registry knows from now on if it was made up for the test."""
    if isinstance(role, Role):
        registry()._by_kind.setdefault(Role, {})[role.key] = role
        return role.key
    return registry().get(Role, role).key


@pytest.fixture(autouse=True)
def _made_up_roles_leave() -> Iterator[None]:
    """What a test made up is unknown to the next one."""
    yield
    roles = registry()._by_kind.get(Role, {})
    for key in [key for key in roles if key.startswith(MADE_UP)]:
        del roles[key]


@pytest.fixture(name="official")
def official_fixture(db: None) -> Callable[..., User]:
    """`official(...)`."""
    return official


@pytest.fixture(name="signed_in_client")
def signed_in_client_fixture(db: None) -> Callable[..., Client]:
    """`signed_in_client(...)`."""
    return signed_in_client


@pytest.fixture(name="allowed")
def allowed_fixture() -> Callable[..., Role]:
    """`allowed(...)`."""
    return allowed


@pytest.fixture(name="acting_as")
def acting_as_fixture() -> Callable[[User], Actor]:
    """`acting_as(...)`."""
    return acting_as
