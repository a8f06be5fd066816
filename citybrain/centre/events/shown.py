"""What pictures serve for (用图登记): an index over the media of the journal, so that one picture proves one repair."""

from __future__ import annotations

from django.db import models


class Shown(models.Model):
    """One picture of one step."""

    event = models.ForeignKey("events.Event", on_delete=models.PROTECT, related_name="shown")
    step = models.PositiveIntegerField()
    """Number of the step that names it."""
    role = models.CharField(max_length=8)
    """`before` or `after`."""
    digest = models.CharField(max_length=64, db_index=True)
    """SHA-256 of its bytes."""
    look = models.CharField(max_length=64, blank=True)
    """Difference hash of its pixels, 256 bits in hexadecimal; empty for what is no picture, or one of one colour."""

    def __str__(self) -> str:
        return f"{self.event_id} #{self.step} {self.role}"


class LookPart(models.Model):
    """An eighth of a picture's look: of two looks that differ in seven bits at most, one eighth is equal."""

    shown = models.ForeignKey(Shown, on_delete=models.CASCADE, related_name="parts")
    value = models.BigIntegerField(db_index=True)
    """Its place (0 to 7), then its 32 bits."""

    def __str__(self) -> str:
        return f"{self.shown_id}: {self.value:x}"
