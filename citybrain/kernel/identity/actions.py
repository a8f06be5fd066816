"""Verbs about people and organisations."""

from __future__ import annotations

import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.credentials import UserSession
from citybrain.kernel.identity.locks import release_account
from citybrain.kernel.identity.models import Appointment, Organisation, Post, User
from citybrain.kernel.identity.security_log import log_security
from citybrain.kernel.identity.sessions import end_all

FIRST_USER = "admin"
"""Name of the first person who signs in to a new installation."""

FIRST_POSTS = (
    ("first-administrator", "数据局系统管理员", "Data bureau administrator", ("system-administrator", "data-steward")),
    ("security-administrator", "安全管理员", "Security administrator", ("security-administrator",)),
    ("auditor", "审计管理员", "Auditor", ("auditor",)),
)
"""Key, names and roles of the posts every installation begins with: the first is held, the others wait for somebody."""


@dataclass(frozen=True, kw_only=True)
class Login:
    """A name and a password that was never stored in clear."""

    username: str
    password: str


def first_login() -> Login | None:
    """Make the first administrator with a random password; None when somebody can sign in already.

    They hold a post that keeps the organisation tree and the data, in the body that administers the site; beside it the
    vacant posts of a security administrator and an auditor are opened. Needs loaded organisations.
    """
    with transaction.atomic():
        if User.objects.exists():
            _appoint_superusers()
            return None
        login = Login(username=FIRST_USER, password=secrets.token_urlsafe(12))
        User.objects.create_superuser(login.username, password=login.password, chinese=str(_("Administrator")))
        _appoint_superusers()
        return login


def administration() -> Organisation | None:
    """The body whose people administer this site: `administration` in `county.toml`, else the county itself."""
    content = tomllib.loads((Path(settings.COUNTY) / "county.toml").read_text(encoding="utf-8"))
    named = Organisation.objects.filter(key=content.get("administration", "")).first()
    return named or Organisation.objects.filter(parent=None).order_by("position", "key").first()


def _appoint_superusers() -> None:
    """Give superusers without a post that of the first administrator, also in an installation from before posts."""
    body = administration()
    if body is None:
        return
    waiting = User.objects.filter(is_superuser=True, is_active=True, appointments=None)
    if not waiting.exists():
        return
    for key, chinese, english, roles in FIRST_POSTS:
        facts = {"organisation": body, "chinese": chinese, "english": english, "roles": list(roles)}
        post, is_new = Post.objects.get_or_create(key=key, defaults=facts)
        if is_new:
            log_security(SYSTEM, "open-post", post, detail={"organisation": body.key, "roles": list(roles)})
    post = Post.objects.get(key=FIRST_POSTS[0][0])
    for person in waiting:
        Appointment.objects.create(user=person, post=post, since=timezone.localdate(), is_main=True)
        if person.organisation is None:
            person.organisation = body
            person.save(update_fields=["organisation"])
        log_security(SYSTEM, "appoint", post, detail={"person": person.username})


def reset_login(username: str) -> Login:
    """Give `username` a new random password. Raises User.DoesNotExist when there is no such person."""
    user = User.objects.get(username=username)
    login = Login(username=username, password=secrets.token_urlsafe(12))
    with transaction.atomic():
        user.set_password(login.password)
        user.save(update_fields=["password"])
        # Whoever runs commands on this machine decides: also about a lock, and about who is signed in meanwhile.
        release_account(SYSTEM, user)
        end_all(SYSTEM, user, UserSession.End.PASSWORD)
        log_security(SYSTEM, "password-issued", user)
    return login
