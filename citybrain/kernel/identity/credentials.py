"""What proves who somebody is: former passwords, the second factor, attempts, locks, sessions, linked identities."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from citybrain.kernel.identity.scope import Scope


class PasswordState(models.Model):
    """When a person's password was set, and whether they must choose another before anything else."""

    user = models.OneToOneField("identity.User", on_delete=models.CASCADE, related_name="password_state")
    changed_at = models.DateTimeField()
    must_change = models.BooleanField(default=False)
    """True after somebody else set it: an administrator, or the command."""

    scope = Scope(person="user")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.changed_at:%Y-%m-%d}"


class PastPassword(models.Model):
    """The hash of a password a person has or had, so that it is not chosen again."""

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="past_passwords")
    encoded = models.CharField(max_length=128)
    """Argon2 hash as Django writes it."""
    at = models.DateTimeField(auto_now_add=True)

    scope = Scope(person="user")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.at:%Y-%m-%d}"


class SecondFactor(models.Model):
    """A person's authenticator application (动态口令, TOTP, RFC 6238)."""

    user = models.OneToOneField("identity.User", on_delete=models.CASCADE, related_name="second_factor")
    sealed = models.CharField(max_length=255)
    """The shared secret, encrypted (`citybrain.kernel.identity.sealing`)."""
    confirmed_at = models.DateTimeField(null=True)
    """When the person showed a first right code; None while it is being set up, and never asked for then."""
    last_step = models.BigIntegerField(default=0)
    """Time step (30 s since 1970) of the last code taken: this and earlier ones are refused."""

    scope = Scope(person="user")

    def __str__(self) -> str:
        return f"{self.user_id}"


class RecoveryCode(models.Model):
    """A code that stands in once for the authenticator application when the phone is lost."""

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    """Keyed hash of the code."""
    used_at = models.DateTimeField(null=True)

    scope = Scope(person="user")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"{self.user_id}"


class Attempt(models.Model):
    """One try to sign in. It counts as a failure from the moment it begins until it is known to have succeeded."""

    at = models.DateTimeField(db_index=True)
    who = models.CharField(max_length=64)
    """Keyed hash of the name that was typed: a password typed into the wrong box is never kept."""
    address = models.GenericIPAddressField(null=True)
    counts = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["who", "at"], name="attempt_who"),
            models.Index(fields=["address", "at"], name="attempt_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.address}"


class Lock(models.Model):
    """That nobody gets in under a name, or from an address, until a moment (登录锁定)."""

    class Kind(models.TextChoices):
        ACCOUNT = "account", _("Account")
        ADDRESS = "address", _("Network address")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.CharField(max_length=64, db_index=True)
    """For an account the keyed hash of its name, for an address the address."""
    user = models.ForeignKey("identity.User", null=True, on_delete=models.CASCADE, related_name="+")
    """Whose account; None for an address, and for a name that nobody has."""
    address = models.GenericIPAddressField(null=True)
    """Where the last failure came from."""
    since = models.DateTimeField()
    until = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    scope = Scope(organisation="user__organisation")

    class Meta:
        ordering = ["-since"]

    def __str__(self) -> str:
        return f"{self.kind} {self.until:%Y-%m-%d %H:%M:%S}"


class UserSession(models.Model):
    """One signed-in browser of a person (会话): what their list of sessions shows, and what revoking ends."""

    class End(models.TextChoices):
        SIGNED_OUT = "signed-out", _("Signed out")
        REVOKED = "revoked", _("Ended by hand")
        LIMIT = "limit", _("Too many sessions")
        IDLE = "idle", _("Not used for long")
        AGE = "age", _("Too old")
        PASSWORD = "password", _("Password changed")
        DEACTIVATED = "deactivated", _("Account closed")

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="sessions")
    key = models.CharField(max_length=40, unique=True)
    """Key of Django's session; empty rows are never written, ended ones keep a random key that opens nothing."""
    method = models.CharField(max_length=32)
    """How the person signed in: `password`, `code`, `recovery-code`, or the key of a provider."""
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=255, blank=True)
    """What the browser says of itself (User-Agent)."""
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    """Last time the person did something; at most a minute old."""
    ended_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=12, choices=End.choices, blank=True)

    scope = Scope(person="user", organisation="user__organisation")

    class Meta:
        ordering = ["-seen_at"]
        indexes = [models.Index(fields=["user", "ended_at"], name="session_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.method} {self.address}"


class LinkedIdentity(models.Model):
    """That somebody at a provider is a person here (账号绑定): linked by the provider's subject, never by e-mail."""

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="identities")
    provider = models.CharField(max_length=32)
    """Key of the provider: `oidc`, `zhezhengding`, `zheliban`."""
    subject = models.CharField(max_length=255)
    """The provider's own lasting id of the person."""
    name = models.CharField(max_length=128, blank=True)
    """How the provider called them when they were linked, for the person to recognise it."""
    linked_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    """What the provider said of organisation and posts: a hint for administrators, never a right."""

    scope = Scope(person="user")

    class Meta:
        ordering = ["provider"]
        constraints = [models.UniqueConstraint(fields=["provider", "subject"], name="one_link_a_subject")]

    def __str__(self) -> str:
        return f"{self.provider}: {self.name}"
