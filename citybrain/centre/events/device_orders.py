"""What devices in the field sent, each once (外勤回传)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.scope import Scope


class DeviceOrder(models.Model):
    """What a device sent under a key of its own (外勤回传), so that it is carried out once however often it arrives."""

    request_key = models.UUIDField(unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey("events.Event", null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=24)
    digest = models.CharField(max_length=64)
    """SHA-256 of its answers: the same key with other answers is a conflict."""
    steps = models.PositiveIntegerField(default=0)
    """Number of the last step it made."""
    told: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """What the device said: when it was filled in, and of each photo its time, place, and hash of the camera's file."""
    at = models.DateTimeField(auto_now_add=True)

    scope: ClassVar[Scope] = Scope(person="user")

    def __str__(self) -> str:
        return f"{self.verb} {self.request_key}"
