"""Verbs about people and organisations."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.db import transaction

from citybrain.kernel.identity.models import User

FIRST_USER = "admin"
"""Name of the first person who signs in to a new installation."""


@dataclass(frozen=True, kw_only=True)
class Login:
    """A name and a password that was never stored in clear."""

    username: str
    password: str


def first_login() -> Login | None:
    """Make the first administrator with a random password; None when somebody can sign in already."""
    with transaction.atomic():
        if User.objects.exists():
            return None
        login = Login(username=FIRST_USER, password=secrets.token_urlsafe(12))
        User.objects.create_superuser(login.username, password=login.password)
        return login


def reset_login(username: str) -> Login:
    """Give `username` a new random password. Raises User.DoesNotExist when there is no such person."""
    user = User.objects.get(username=username)
    login = Login(username=username, password=secrets.token_urlsafe(12))
    user.set_password(login.password)
    user.save(update_fields=["password"])
    return login
