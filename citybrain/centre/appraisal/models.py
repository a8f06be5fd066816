"""What is counted of each event (考核事实): one row an event, folded from its journal and clocks; nothing typed in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from citybrain.centre.events.models import Event
from citybrain.kernel.identity.models import Area, Organisation, Post
from citybrain.kernel.identity.scope import Scope


class CaseFact(models.Model):
    """What is counted of one event (考核事实), as its journal said when it had `steps` lines."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="fact", primary_key=True)
    steps = models.PositiveIntegerField()
    """Lines of the journal it was folded from: fewer than the event has, and it is folded anew."""
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    """The town, subdistrict or zone around `area`."""
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """The body that handled it last; before dispatch the one on whose desk it lies."""
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """The department or town that body belongs to."""
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    type = models.CharField(max_length=64, blank=True)
    family = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=16)
    channel = models.CharField(max_length=32)
    loop = models.CharField(max_length=16)
    level = models.CharField(max_length=16)
    weight = models.FloatField(default=1.0)
    """Difficulty of its type (难度系数)."""
    excluded = models.CharField(max_length=24, blank=True)
    """Why it is not counted: `exercise`, `merged`, `cancelled`, `out-of-county`, `not-government`; empty when it is."""

    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    """First accepted or rejected (核实)."""
    accepted_at = models.DateTimeField(null=True)
    """First accepted (立案); None while it is not, or when it was rejected for good."""
    accepted_in_time = models.BooleanField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    """First dispatched (派遣)."""
    dispatches = models.PositiveSmallIntegerField(default=0)
    misdirected = models.PositiveSmallIntegerField(default=0)
    """Dispatches that were sent back or taken away (退单, 改派)."""
    handled_at = models.DateTimeField(null=True)
    """First reported done (处置)."""
    handle_due_at = models.DateTimeField(null=True)
    handled_in_time = models.BooleanField(null=True)
    handle_hours = models.FloatField(null=True)
    """Hours by the clock from signing to the first report, without pauses that stop the clock."""
    checked_at = models.DateTimeField(null=True)
    """First check after a report: closed, or sent back to work (核查)."""
    checked_in_time = models.BooleanField(null=True)
    closed_at = models.DateTimeField(null=True)
    """Last closed (结案); None while it is open."""
    whole_due_at = models.DateTimeField(null=True)
    closed_in_time = models.BooleanField(null=True)
    reworks = models.PositiveSmallIntegerField(default=0)
    reopens = models.PositiveSmallIntegerField(default=0)
    urges = models.PositiveSmallIntegerField(default=0)
    is_supervised = models.BooleanField(default=False)
    is_found = models.BooleanField(default=False)
    """Whether the government found it itself (主动发现): patrol, staff, device, warning, video, data check."""
    result = models.CharField(max_length=32, blank=True)
    stars = models.PositiveSmallIntegerField(null=True)
    is_solved = models.BooleanField(null=True)

    scope: ClassVar[Scope] = Scope(organisation="organisation", area="area")

    class Meta:
        indexes = [
            models.Index(fields=["opened_at"], name="fact_opened"),
            models.Index(fields=["closed_at"], name="fact_closed"),
            models.Index(fields=["whole_due_at"], condition=models.Q(closed_at=None), name="fact_open"),
        ]

    def __str__(self) -> str:
        return f"fact of {self.event_id}"


class Kept(models.Model):
    """Up to when the facts follow the events: one row."""

    until = models.DateTimeField()
    """Events changed before it were looked at."""

    def __str__(self) -> str:
        return f"{self.until:%Y-%m-%d %H:%M:%S}"
