"""Access tokens (访问令牌): with one, a program acts for a person over the API, never with more than they may."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citybrain.kernel.identity.models import Appointment, User
from citybrain.kernel.identity.scope import Scope


class ApiToken(models.Model):
    """A token of one person under one of their posts. Only its SHA-256 digest is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, null=True, on_delete=models.PROTECT, related_name="+")
    """Post it acts under; None for a person without one."""
    title = models.CharField(_("used for"), max_length=80)
    start = models.CharField(max_length=12)
    """Its first letters, by which people tell their tokens apart."""
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the whole, hexadecimal: 256 random bits need no slow hash."""
    scopes: models.JSONField[Any, Any] = models.JSONField(default=list)
    """Keys of the permissions it carries; those the person loses it loses too."""
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("last used"), null=True)
    """To the minute: every use writes no row."""
    revoked_at = models.DateTimeField(null=True)

    scope = Scope(person="user")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("made_at")), name="token_lasts")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.start}…)"

    @property
    def is_alive(self) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and self.expires_at > timezone.now()
