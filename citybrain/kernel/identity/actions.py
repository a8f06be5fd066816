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


OPTIONS = {"key", "name", "english", "short", "kind", "credit_code", "code", "national", "note"}
"""What an entry of `organisations.toml` may say; `national` tells whether the division code is a national one."""


@dataclass(frozen=True, kw_only=True)
class Login:
    """A name and a password that was never stored in clear."""

    username: str
    password: str


def load_organisations(county: Path) -> int:
    """Bring `[[departments]]` and `[[towns]]` of `<county>/organisations.toml` into the database; returns how many.

    Raises ValueError that names the file and the entry when an option is missing or unknown. Repeating it is harmless.
    """
    path = county / "organisations.toml"
    with path.open("rb") as file:
        tables = tomllib.load(file)
    entries = [*tables.get("departments", []), *tables.get("towns", [])]
    with transaction.atomic():
        for position, entry in enumerate(entries):
            if unknown := set(entry) - OPTIONS:
                known = sorted(OPTIONS)
                raise ValueError(f"{path}, entry {position + 1}: unknown option {sorted(unknown)}; known: {known}")
            if missing := {"key", "name", "english", "kind"} - set(entry):
                raise ValueError(f"{path}, entry {position + 1}: {sorted(missing)} missing; fill them in.")
            if entry["kind"] not in Organisation.Kind.values:
                known = sorted(Organisation.Kind.values)
                raise ValueError(f"{path}, entry {position + 1}: unknown kind {entry['kind']!r}; known: {known}")
            facts = {
                "kind": entry["kind"],
                "chinese": entry["name"],
                "english": entry["english"],
                "short": entry.get("short", entry["name"]),
                "credit_code": entry.get("credit_code", ""),
                "division_code": entry.get("code", ""),
                "position": position,
            }
            Organisation.objects.update_or_create(key=entry["key"], defaults=facts)
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
