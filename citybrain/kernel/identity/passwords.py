"""Passwords (口令): what a good one is, when it must be changed, and the verbs that set one."""

from __future__ import annotations

import secrets
import string
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import MinimumLengthValidator, validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.credentials import PasswordState, PastPassword
from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.security_log import log_security

REMEMBERED = 5
"""Former passwords that may not be chosen again."""


class LongEnough(MinimumLengthValidator):
    """A password has at least `min_length` signs."""

    def get_error_message(self) -> str:
        """What is wrong."""
        return _("At least %d signs are needed.") % self.min_length

    def get_help_text(self) -> str:
        """What a form says beside the field."""
        return _("At least %d signs.") % self.min_length


class ThreeOfFourClasses:
    """A password holds three of: small letters, capitals, digits, other signs; Chinese characters are other signs."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError that says which classes are there."""
        found = {
            _("small letters"): any(sign in string.ascii_lowercase for sign in password),
            _("capital letters"): any(sign in string.ascii_uppercase for sign in password),
            _("digits"): any(sign in string.digits for sign in password),
            _("other signs"): any(sign not in string.ascii_letters + string.digits for sign in password),
        }
        if sum(found.values()) < 3:
            missing = _(", ").join(words for words, is_there in found.items() if not is_there)
            raise ValidationError(
                _("Use three of the four: small letters, capital letters, digits, other signs. Not used: %s.")
                % missing,
                code="too_few_classes",
            )

    def get_help_text(self) -> str:
        """What a form says beside the field."""
        return _("Three of the four: small letters, capital letters, digits, other signs.")


class NotUsedBefore:
    """A password is none of the last five; it is also where a new one is written down, whoever sets it."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError when the person had it lately."""
        if user is None or user.pk is None:
            return
        past = PastPassword.objects.filter(user=user).values_list("encoded", flat=True)[:REMEMBERED]
        # The present one may have come with the account, which writes nothing down.
        for encoded in {user.password, *past}:
            if check_password(password, encoded):
                raise ValidationError(
                    _("You used this password before. It may not be one of the last %d.") % REMEMBERED,
                    code="used_before",
                )

    def password_changed(self, password: str, user: User | None = None) -> None:
        """Django calls it whenever a password was saved: keeps its hash and the moment, drops what is too old."""
        if user is None or user.pk is None:
            return
        PastPassword.objects.create(user=user, encoded=user.password)
        kept = PastPassword.objects.filter(user=user).values_list("pk", flat=True)[:REMEMBERED]
        PastPassword.objects.filter(user=user).exclude(pk__in=list(kept)).delete()
        PasswordState.objects.update_or_create(user=user, defaults={"changed_at": timezone.now(), "must_change": False})

    def get_help_text(self) -> str:
        """What a form says beside the field."""
        return _("None of your last %d.") % REMEMBERED


def must_change(user: User) -> str:
    """Why the person has to choose another password before anything else; empty when they need not."""
    if not user.has_usable_password():
        return ""
    state = PasswordState.objects.filter(user=user).first()
    if state is not None and state.must_change:
        return _("Somebody else set your password. Choose one that only you know.")
    # A password that came with the account was set when the account was.
    changed_at = user.date_joined if state is None else state.changed_at
    if settings.PASSWORD_DAYS and changed_at < timezone.now() - timedelta(days=settings.PASSWORD_DAYS):
        return _("Your password is older than %d days. Choose another.") % settings.PASSWORD_DAYS
    return ""


def change_password(actor: Actor, user: User, password: str) -> None:
    """The person chooses another password. Raises ValidationError when it is not good enough."""
    validate_password(password, user)
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        log_security(actor, "password-changed", user)


def issue_password(actor: Actor, user: User) -> str:
    """Give a person a random password that they must change when they sign in; returns it, to be told once.

    The caller ends the person's sessions: `citybrain.kernel.identity.sessions.end_all`.
    """
    password = random_password()
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        PasswordState.objects.update_or_create(user=user, defaults={"changed_at": timezone.now(), "must_change": True})
        log_security(actor, "password-issued", user)
    return password


def random_password() -> str:
    """Sixteen signs of three classes, without those that look alike (95 bits)."""
    signs = "".join(sign for sign in string.ascii_letters + string.digits if sign not in "0O1lI")
    while True:
        password = "".join(secrets.choice(signs) for _place in range(16))
        if (
            any(c.isdigit() for c in password)
            and any(c.islower() for c in password)
            and any(c.isupper() for c in password)
        ):
            return password
