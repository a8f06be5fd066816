"""What people confirmed, the versions of the model that were trained of it, and places learnt from use."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from citybrain.kernel.identity.models import Area, User
from citybrain.kernel.identity.scope import Scope


class Label(models.Model):
    """One text whose type a person confirmed: a sample to learn from. Names, numbers and places are crossed out."""

    reference = models.CharField(max_length=40, unique=True)
    """Number of the event: a later correction of the same event replaces the earlier."""
    text = models.TextField()
    type = models.CharField(max_length=64, db_index=True)
    proposed = models.CharField(max_length=64, blank=True)
    """Type the model put first; empty when it abstained or did not read it."""
    rank = models.PositiveSmallIntegerField(null=True)
    """Place of the confirmed type among the candidates, from 1; 0 when it was not among them, None when nothing read
    the text because whoever brought it in named the type."""
    version = models.CharField(max_length=16, blank=True)
    """Model that proposed."""
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, db_index=True)

    scope: ClassVar[Scope] = Scope(everyone=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.reference}: {self.type}"

    @property
    def is_correction(self) -> bool:
        """Whether the person chose another type than the one proposed."""
        return bool(self.proposed) and self.proposed != self.type


class ModelVersion(models.Model):
    """One trained model, used or not, with what it was measured at."""

    key = models.CharField(max_length=16, unique=True)
    """First characters of the file's SHA-256, hexadecimal."""
    at = models.DateTimeField(default=timezone.now)
    samples = models.PositiveIntegerField()
    labels = models.PositiveIntegerField(default=0)
    """Confirmed texts among the samples."""
    last_label = models.DateTimeField(null=True)
    """The latest of them: what came after waits for the next training."""
    measures: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """See `measuring.measure`."""
    is_used = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)
    """Why it is not used."""

    scope: ClassVar[Scope] = Scope(everyone=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.key


class KnownPlace(models.Model):
    """A road or landmark whose whereabouts people confirmed: where events at it were."""

    name = models.CharField(max_length=64)
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+")
    """Area its events lay in."""
    count = models.PositiveIntegerField(default=1)
    """How often."""
    located = models.PositiveIntegerField(default=0)
    """How often with a point."""
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    """Middle of the points, degrees; None without one."""
    spread = models.FloatField(default=0.0)
    """Mean distance of the points from their middle, metres."""

    scope: ClassVar[Scope] = Scope(everyone=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "area"], name="one_known_place")]

    def __str__(self) -> str:
        return f"{self.name} ({self.area})"
