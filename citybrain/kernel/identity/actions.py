"""Verbs about people and organisations."""

from __future__ import annotations

import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from citybrain.kernel.identity.models import Organisation, User

FIRST_USER = "admin"
"""Name of the first person who signs in to a new installation."""


@dataclass(frozen=True, kw_only=True)
class Login:
    """A name and a password that was never stored in clear."""

    username: str
    password: str


def load_organisations(county: Path) -> int:
    """Bring the departments, towns and zones of `<county>/organisations.toml` into the database; returns how many.

    Raises ValueError that names the file and the entry when a key is missing or unknown. Repeating it is harmless.
    """
    path = county / "organisations.toml"
    with path.open("rb") as file:
        entries = tomllib.load(file).get("organisations", [])
    options = {"key", "kind", "chinese", "english", "short", "credit_code", "division_code"}
    with transaction.atomic():
        for position, entry in enumerate(entries):
            if unknown := set(entry) - options - {"note"}:
                raise ValueError(
                    f"{path}, entry {position + 1}: unknown option {sorted(unknown)}; known: {sorted(options)}"
                )
            if missing := {"key", "kind", "chinese", "english"} - set(entry):
                raise ValueError(f"{path}, entry {position + 1}: {sorted(missing)} missing; fill them in.")
            facts = {name: entry[name] for name in options - {"key"} if name in entry}
            Organisation.objects.update_or_create(key=entry["key"], defaults={**facts, "position": position})
    return len(entries)


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
