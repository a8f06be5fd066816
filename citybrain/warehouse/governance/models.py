"""What governance runs (治理任务) did, one row a dataset and load."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citybrain.kernel.identity.scope import Scope
from citybrain.warehouse.catalogue.models import Dataset


class GovernRun(models.Model):
    """One pass over one dataset: from which raw snapshot, by which rules, into what, with what found.

    `rows_in` is always `rows_standard` + `rows_held` + `rows_duplicate`.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="govern_runs")
    load = models.CharField(max_length=200, unique=True)
    """The load it belongs to: repeating it returns this run."""
    state = models.CharField(max_length=16, choices=State.choices, default=State.RUNNING)
    today = models.DateField()
    """The day "not in the future" was judged by."""
    rule_version = models.CharField(max_length=16, blank=True)
    """Hash of every declaration the pass followed."""
    raw_snapshot = models.BigIntegerField(null=True)
    standard_snapshot = models.BigIntegerField(null=True)
    """None when no row was fit for the standard table and there never was one."""
    held_snapshot = models.BigIntegerField(null=True)
    problem_snapshot = models.BigIntegerField(null=True)
    """None when nothing was ever found."""
    rows_in = models.BigIntegerField(default=0)
    rows_standard = models.BigIntegerField(default=0)
    rows_held = models.BigIntegerField(default=0)
    rows_duplicate = models.BigIntegerField(default=0)
    """Rows left out because the same row, or a newer delivery of it, was kept."""
    rows_with_problem = models.BigIntegerField(default=0)
    problems = models.JSONField(default=list)
    """[{"field", "element", "rule", "severity", "rows"}], also those that nothing broke."""
    standardised = models.JSONField(default=dict)
    """{column: {step: values it changed}}"""
    profile = models.JSONField(default=dict)
    """{column: numbers of `profile.Profile`, with `drift` against the run before}"""
    cpu_seconds = models.FloatField(default=0)
    """Of the whole process while the pass ran."""
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    scope = Scope(organisation="dataset__provider")

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["dataset", "-started_at"], name="governance_run_of_dataset")]

    def __str__(self) -> str:
        return f"{self.dataset_id} {self.load}"
