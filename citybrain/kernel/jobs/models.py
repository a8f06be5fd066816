"""What is kept about every piece of background work: the job, its progress, and when its clock last struck."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of work asked for: written beside the business rows that need it, done later by the worker (作业).

    The row is the outbox: it commits or rolls back with the transaction that asked for the work.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    FINAL = (State.DONE, State.FAILED, State.CANCELLED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=64, db_index=True)
    """Key of the job type: `gather`."""
    title = models.CharField(max_length=200)
    """The job type's title, untranslated; pages translate it."""
    arguments = models.JSONField(default=dict)
    lane = models.CharField(max_length=200, blank=True)
    """Jobs of one lane run one after the other; empty runs beside anything."""
    state = models.CharField(max_length=16, choices=State.choices, default=State.QUEUED)
    queued_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True, blank=True)
    """When a job that met a passing fault may be tried again."""
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    requested_by = models.CharField(max_length=150, blank=True)
    """User name; empty for a schedule or the system."""
    cancel_requested = models.BooleanField(default=False)
    result = models.JSONField(null=True, blank=True)
    error = models.TextField(blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    attempts = models.PositiveIntegerField(default=0)
    """How often the work was begun, crashes included."""
    failures = models.PositiveSmallIntegerField(default=0)
    """How often it met a passing fault since it was last asked for."""
    generation = models.PositiveIntegerField(default=0)
    """How often it was handed to the engine anew; part of the workflow's id, so that handing over twice is once."""
    schedule = models.CharField(max_length=128, blank=True)
    """Key of the schedule that asked for it."""
    tick = models.DateTimeField(null=True, blank=True)
    """The minute of that schedule it stands for."""

    class Meta:
        ordering = ["-queued_at", "-id"]
        indexes = [models.Index(fields=["state", "queued_at"], name="jobs_job_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "tick"], condition=~models.Q(schedule=""), name="jobs_job_once_per_tick"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.id}"

    @property
    def is_final(self) -> bool:
        """True when nothing more will happen unless somebody asks again."""
        return self.state in self.FINAL


class Step(models.Model):
    """Progress of one part of a job, as pages and the command show it (进度)."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")
        """The job failed, was cancelled, or its worker died inside this part."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=200)
    label = models.CharField(max_length=200)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True, blank=True)
    """None while the end is not known."""
    unit = models.CharField(max_length=32, blank=True)
    """What is counted: tables, rows, bytes."""
    state = models.CharField(max_length=16, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["job", "key"], name="jobs_step_key")]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.key}"


class ScheduleMark(models.Model):
    """How far a schedule's clock has been served: no tick runs twice, no new clock strikes late."""

    key = models.CharField(max_length=128, unique=True)
    cron = models.CharField(max_length=100)
    since = models.DateTimeField()
    """When this schedule, with this clock, was first seen: earlier ticks are not owed."""
    tick = models.DateTimeField(null=True, blank=True)
    """The last tick a job was queued for."""

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
