"""Signing in (身份鉴别): the steps a person takes from the door to a session, each counted, logged and refused alike.

prove_password ──▶ has a second factor? ── no ──▶ begin_session ──▶ duty() sends them to what must be done first
                              │ yes
                              └──▶ prove_code ──▶ begin_session
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citybrain.kernel.identity import locks
from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.identity.actor import ANONYMOUS, Actor
from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.passwords import must_change
from citybrain.kernel.identity.second_factor import (
    check_code,
    confirm_second_factor,
    has_second_factor,
    needs_second_factor,
    use_recovery_code,
)
from citybrain.kernel.identity.security_log import log_security

Duty = Literal["", "password", "second-factor"]


class Refused(Exception):
    """Somebody was not let in; the message may be shown and says nothing about who exists."""


def visitor(address: str | None) -> Actor:
    """Somebody at the door, of whom only the address is known."""
    return replace(ANONYMOUS, address=address)


def wrong_password() -> Refused:
    """The one answer to every wrong pair of name and password."""
    return Refused(_("User name and password do not match. Check capital letters and the input method."))


def shut(minutes: int) -> Refused:
    """The one answer to everybody who is locked out."""
    text = ngettext(
        "Too many failed attempts. Try again in %(count)d minute, or ask the administrator to open the lock.",
        "Too many failed attempts. Try again in %(count)d minutes, or ask the administrator to open the lock.",
        minutes,
    )
    return Refused(text % {"count": minutes})


def prove_password(request: HttpRequest, name: str, password: str, address: str | None) -> User:
    """The person whose name and password these are. Raises Refused; takes as long for a name that nobody has.

    A person with a second factor is not in yet: their failures are forgotten by `prove_code` alone.
    """
    actor = visitor(address)
    known = User.objects.filter(username=name).first()
    attempt = locks.begin_attempt(actor, name)
    if attempt is None:
        refuse(actor, name, known, "locked")
        raise shut(locks_minutes())
    user = authenticate(request, username=name, password=password)
    if user is None:
        refuse(actor, name, known, "password")
        if locks.failed(actor, attempt, known):
            raise shut(locks_minutes())
        raise wrong_password()
    if has_second_factor(user):
        locks.passed(attempt)
    else:
        locks.succeeded(attempt)
    return user


def prove_again(actor: Actor, user: User, password: str) -> None:
    """Somebody signed in shows once more that it is them, before a change that matters. Raises Refused."""
    attempt = locks.begin_attempt(actor, user.username)
    if attempt is None:
        refuse(actor, user.username, user, "locked")
        raise shut(locks_minutes())
    if not user.check_password(password):
        refuse(actor, user.username, user, "password")
        if locks.failed(actor, attempt, user):
            raise shut(locks_minutes())
        raise Refused(_("This is not your present password."))
    locks.succeeded(attempt)


def prove_code(user: User, code: str, address: str | None) -> str:
    """Takes the one-time or recovery code of somebody whose password was right; says which it was. Raises Refused."""
    actor = actor_for(user, address=address)
    attempt = locks.begin_attempt(actor, user.username)
    if attempt is None:
        refuse(actor, user.username, user, "locked")
        raise shut(locks_minutes())
    if check_code(user, code):
        method = "code"
    elif use_recovery_code(actor, user, code):
        method = "recovery-code"
    else:
        refuse(actor, user.username, user, "code")
        if locks.failed(actor, attempt, user):
            raise shut(locks_minutes())
        raise Refused(_("The code is wrong, was used already, or has expired. Wait for the next one."))
    locks.succeeded(attempt)
    return method


def prove_first_code(actor: Actor, user: User, code: str) -> list[str]:
    """Takes a second factor into use with its first right code; returns the recovery codes. Raises Refused."""
    attempt = locks.begin_attempt(actor, user.username)
    if attempt is None:
        refuse(actor, user.username, user, "locked")
        raise shut(locks_minutes())
    codes = confirm_second_factor(actor, user, code)
    if codes is None:
        refuse(actor, user.username, user, "code")
        if locks.failed(actor, attempt, user):
            raise shut(locks_minutes())
        raise Refused(_("The code is wrong. Is the clock of your phone right? Wait for the next code and try again."))
    locks.passed(attempt)
    return codes


def admit(user: User, address: str | None, provider: str) -> None:
    """Somebody whom a provider vouches for. Raises Refused when the account is closed or locked."""
    actor = visitor(address)
    if not user.is_active:
        refuse(actor, user.username, user, "closed", provider)
        raise Refused(_("This account cannot sign in here. Ask the administrator of your organisation."))
    if locks.is_locked(user.username, address):
        refuse(actor, user.username, user, "locked", provider)
        raise shut(locks_minutes())


def refuse(actor: Actor, name: str, user: User | None, why: str, method: str = "") -> None:
    """Logs a refusal. A name that nobody has is kept as a hash alone: it may be a password in the wrong box."""
    detail = {"why": why} | ({"method": method} if method else {})
    if user is None:
        log_security(actor, "sign-in-refused", thing="name", thing_id=locks.who(name)[:16], detail=detail)
    else:
        log_security(actor, "sign-in-refused", user, detail=detail)


def locks_minutes() -> int:
    """How long a lock lasts, minutes."""
    return int(locks.window().total_seconds() // 60)


def duty(user: User) -> Duty:
    """What a person must do before anything else: choose a password, set up a second factor, or nothing."""
    if must_change(user):
        return "password"
    if needs_second_factor(user) and not has_second_factor(user):
        return "second-factor"
    return ""
