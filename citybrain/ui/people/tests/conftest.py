"""A county with a few bodies, a person for each duty, and a client signed in as each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from citybrain.kernel.identity.models import Appointment, Area, Organisation, Post, User

SignIn = Callable[..., Client]


@pytest.fixture
def county(db: None) -> Organisation:
    """`county/police/police-office/`, `county/tax/`, the town `county/town/` with its area and a grid."""

    def body(key: str, parent: Organisation | None, kind: str, area: Area | None = None) -> Organisation:
        path = f"{parent.path if parent else ''}{key}/"
        return Organisation.objects.create(
            key=key, parent=parent, path=path, kind=kind, chinese=f"中文{key}", english=key.title(), area=area
        )

    def area(key: str, parent: Area | None, kind: str, **facts: object) -> Area:
        path = f"{parent.path if parent else ''}{key}/"
        return Area.objects.create(key=key, parent=parent, path=path, kind=kind, chinese=key, english=key, **facts)

    whole = area("330784000000", None, "county", seat=[120.04, 28.89])
    town = area("330784001000", whole, "town", seat=[120.05, 28.9])
    area("330784001001", town, "grid", is_synthetic=True)
    root = body("county", None, "county", whole)
    police = body("police", root, "government")
    body("police-office", police, "section")
    body("tax", root, "government")
    body("town", root, "town", town)
    return root


@pytest.fixture
def sign_in(county: Organisation, signed_in_client: SignIn, official: Callable[..., User]) -> SignIn:
    """A client signed in as somebody with roles in an organisation, whose English pages are read."""

    def begin(name: str, *roles: str, organisation: str = "county", language: str = "en") -> Client:
        body = Organisation.objects.get(key=organisation)
        return signed_in_client(official(name, roles=roles, organisation=body), language=language)

    return begin


@pytest.fixture
def administrator(sign_in: SignIn) -> Client:
    """Keeps accounts, organisations and posts."""
    return sign_in("keeper", "system-administrator")


@pytest.fixture
def clerk(county: Organisation, official: Callable[..., User]) -> User:
    """A clerk of the police with one post that carries the role of department staff."""
    police = Organisation.objects.get(key="police")
    user = official("clerk", roles=["department-staff"], organisation=police)
    post = Post.objects.get(appointments__user=user)
    Post.objects.filter(pk=post.pk).update(key="police-clerk", english="Clerk")
    return user


def appointment_of(user: User) -> Appointment:
    """Somebody's only appointment."""
    return Appointment.objects.get(user=user)
