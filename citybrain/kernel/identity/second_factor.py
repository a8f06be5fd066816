"""The second factor (双因素): one-time codes of an authenticator application, and recovery codes for a lost phone."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable

import pyotp
import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from citybrain.declare.role import Permission, Role
from citybrain.declare.words import _
from citybrain.kernel.identity.acting import holdings
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.credentials import RecoveryCode, SecondFactor
from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.sealing import digest, digests, seal, unseal
from citybrain.kernel.identity.security_log import log_security
from citybrain.kernel.registry.registry import registry

RESET = Permission(key="sign-in:reset-second-factor", title=_("Take second factors away"))
"""Held by the security administrator, not by who issues passwords: neither alone can sign in as somebody else."""

STEP = 30
"""Seconds a code is valid for; one step before and after is taken too, for clocks that differ."""

RECOVERY_CODES = 10
PURPOSE = "second-factor"


def has_second_factor(user: User) -> bool:
    """Whether the person is asked for a code when they sign in."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def needs_second_factor(user: User) -> bool:
    """Whether one of the person's roles demands a second factor, and the site's setting lets it."""
    return demands_second_factor(key for holding in holdings(user) for key in holding.appointment.post.roles)


def demands_second_factor(roles: Iterable[str]) -> bool:
    """Whether one of these roles demands a second factor, and the site's setting lets it."""
    if settings.SECOND_FACTOR != "required":
        return False
    carried = set(roles)
    return any(role.second_factor for role in registry().of(Role) if role.key in carried)


def begin_second_factor(user: User) -> SecondFactor:
    """The person's factor, made with a new secret when there is none; unconfirmed while it is being set up."""
    factor, _is_new = SecondFactor.objects.get_or_create(
        user=user, defaults={"sealed": seal(pyotp.random_base32(), PURPOSE)}
    )
    return factor


def secret_of(factor: SecondFactor) -> str:
    """The shared secret in Base32, for the person to scan or type."""
    return unseal(factor.sealed, PURPOSE)


def enrolment_url(factor: SecondFactor, issuer: str) -> str:
    """The `otpauth://` address that an authenticator application reads."""
    return pyotp.TOTP(secret_of(factor)).provisioning_uri(name=factor.user.username, issuer_name=issuer)


def picture(url: str) -> str:
    """The address as a QR code: an SVG in a `data:` URI."""
    return segno.make(url, error="m").svg_data_uri(scale=5, border=3, dark="#0d2644", light="#ffffff")


def confirm_second_factor(actor: Actor, user: User, code: str) -> list[str] | None:
    """Takes the factor into use with its first right code; returns new recovery codes, None for a wrong code."""
    factor = begin_second_factor(user)
    if factor.confirmed_at is not None or not take_code(factor, code):
        return None
    with transaction.atomic():
        SecondFactor.objects.filter(pk=factor.pk).update(confirmed_at=timezone.now())
        log_security(actor, "second-factor-set", user)
        return make_recovery_codes(actor, user)


def check_code(user: User, code: str) -> bool:
    """Whether `code` is a right one of the person's application that was not used before; using it up."""
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    return factor is not None and take_code(factor, code)


def take_code(factor: SecondFactor, code: str) -> bool:
    """Compares and uses up: of two requests with the same code one alone gets True."""
    code = "".join(code.split())
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        return False
    totp = pyotp.TOTP(secret_of(factor), interval=STEP)
    now = int(time.time()) // STEP
    # Every step is compared, so that the time taken says nothing about which one matched.
    matching = [step for step in (now - 1, now, now + 1) if constant_time_compare(totp.at(step * STEP), code)]
    if not matching:
        return False
    taken = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=matching[-1])
    return taken.update(last_step=matching[-1]) == 1


def make_recovery_codes(actor: Actor, user: User) -> list[str]:
    """Ten new recovery codes, to be shown once; former ones open nothing any more."""
    codes = [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _number in range(RECOVERY_CODES)]
    with transaction.atomic():
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=recovery_digest(user, code)) for code in codes)
        log_security(actor, "recovery-codes-made", user)
    return codes


def recovery_digest(user: User, code: str) -> str:
    """What is kept of a recovery code."""
    return digest(recovery_text(user, code), "recovery-code")


def recovery_text(user: User, code: str) -> str:
    """A code as it is hashed: bound to its person, without blanks, hyphens and capital letters."""
    return f"{user.pk}:{''.join(sign for sign in code.lower() if sign.isalnum())}"


def use_recovery_code(actor: Actor, user: User, code: str) -> bool:
    """Whether `code` is an unused recovery code of the person; using it up."""
    possible = digests(recovery_text(user, code), "recovery-code")
    used = RecoveryCode.objects.filter(user=user, digest__in=possible, used_at=None).update(used_at=timezone.now())
    if not used:
        return False
    log_security(actor, "recovery-code-used", user, detail={"left": recovery_codes_left(user)})
    return True


def recovery_codes_left(user: User) -> int:
    """How many of the person's recovery codes are unused."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def remove_second_factor(actor: Actor, user: User, reason: str = "") -> bool:
    """Takes the second factor away: by the person, or by an administrator when phone and codes are lost; logged."""
    detail = {"reason": reason[:200]} if reason else {}
    with transaction.atomic():
        RecoveryCode.objects.filter(user=user).delete()
        removed, _tables = SecondFactor.objects.filter(user=user).delete()
        if removed:
            log_security(actor, "second-factor-removed", user, detail=detail)
    return bool(removed)
