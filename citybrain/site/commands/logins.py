"""`citybrain password`, and the files of the home that keep the first logins."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from citybrain.kernel.identity.actions import FIRST_USER, first_login, reset_login

LOGIN = "first-login"
"""File in the home, readable by its owner only, that keeps the demo's first login until somebody changes it."""

DEMO_LOGINS = "demo-logins"
"""File beside it with the names and passwords of the demo county's made-up people."""


def password(username: Annotated[str, typer.Argument(help="Whose password.")] = FIRST_USER) -> None:
    """Give somebody a new random password and print it."""
    login = reset_login(username)
    (Path(settings.HOME) / LOGIN).unlink(missing_ok=True)
    print(f"{login.username} {login.password}")


def keep_first_login() -> None:
    """Make the first administrator when nobody can sign in yet, and keep their password beside the database."""
    login = first_login()
    if login is not None:
        keep_secret(LOGIN, login.password)


def keep_secret(name: str, text: str) -> None:
    """Write a file of the home that only its owner can read."""
    path = Path(settings.HOME) / name
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
