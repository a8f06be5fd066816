"""What gathering remembers: sources, tables, runs that add up, drift awaiting a decision, quarantine, deliveries."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citybrain.kernel.identity.models import Organisation, User
from citybrain.kernel.identity.scope import Scope
from citybrain.warehouse.catalogue.models import Dataset


class Source(models.Model):
    """A place one department delivers from (数据源): a database, a folder of files, an interface."""

    key = models.SlugField(max_length=128, unique=True)
    chinese = models.CharField(max_length=200)
    english = models.CharField(max_length=200, blank=True)
    department = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sources")
    kind = models.CharField(max_length=64)
    """A key of `kinds.KINDS`: `sqlite`, `postgresql`, `csv`, `http-json`, `dameng` ..."""
    address = models.CharField(max_length=500)
    """URL or path as declared, with `${NAME}` unfilled: secrets stay in the environment, never in this row."""
    schedule = models.CharField(max_length=64, blank=True)
    """Cron expression in China Standard Time; empty for none."""
    options = models.JSONField(default=dict)
    is_enabled = models.BooleanField(default=True)
    paused_reason = models.CharField(max_length=300, blank=True)

    scope = Scope(organisation="department")

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.chinese


class SourceTable(models.Model):
    """One table of a source and how far it has been gathered."""

    class Mode(models.TextChoices):
        FULL = "full", _("Full")
        """The delivery replaces what is served."""
        INCREMENTAL = "incremental", _("Incremental")
        """Rows not below the committed watermark, or files not seen before, are added."""
        COMPARE = "compare", _("Compared by hash")
        """Everything is read, and a new version made only when a row differs."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="tables")
    name = models.CharField(max_length=300)
    """Table name, or glob of file names, in the source."""
    dataset = models.OneToOneField(Dataset, on_delete=models.PROTECT, related_name="source_table")
    primary_key = models.JSONField(default=list)
    mode = models.CharField(max_length=16, choices=Mode.choices, default=Mode.FULL)
    watermark = models.CharField(max_length=200, blank=True)
    """Column that grows with every change; used in incremental mode."""
    watermark_value = models.CharField(max_length=200, blank=True)
    """Highest value whose rows are committed, as text; empty before the first load."""
    content_hash = models.CharField(max_length=64, blank=True)
    """Order-independent hash of the rows last served: equal content makes no new version."""
    last_run = models.ForeignKey("GatherRun", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    scope = Scope(organisation="source__department")

    class Meta:
        ordering = ["source", "name"]
        constraints = [models.UniqueConstraint(fields=["source", "name", "dataset"], name="gathering_table_once")]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.name}"


class GatherRun(models.Model):
    """One load of one table. Rows read are loaded, quarantined or skipped: the three always add up."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PREPARED = "prepared", _("Written, not yet published")
        """All facts of the load are in `plan`: whoever finds the run in this state can finish it."""
        DONE = "done", _("Done")
        HELD = "held", _("Held for a decision")
        REFUSED = "refused", _("Refused by a person")
        SUPERSEDED = "superseded", _("Superseded by a newer delivery")
        FAILED = "failed", _("Failed")

    table = models.ForeignKey(SourceTable, on_delete=models.CASCADE, related_name="runs")
    load = models.CharField(max_length=200, unique=True)
    """Name of the load: `<job's load id>:<dataset key>`. The lake keeps it, so that a repeated step is found done."""
    state = models.CharField(max_length=16, choices=State.choices, default=State.RUNNING, db_index=True)
    rows_read = models.BigIntegerField(default=0)
    rows_loaded = models.BigIntegerField(default=0)
    rows_quarantined = models.BigIntegerField(default=0)
    rows_skipped = models.BigIntegerField(default=0)
    """Rows known already: at the watermark's edge, in a delivery seen before, in an unchanged table, deleted in DBF."""
    rows_added = models.BigIntegerField(null=True, blank=True)
    rows_changed = models.BigIntegerField(null=True, blank=True)
    rows_removed = models.BigIntegerField(null=True, blank=True)
    """What a compared load found against the last version; null in other modes."""
    bytes = models.BigIntegerField(default=0)
    """Bytes written to the lake."""
    checksum = models.CharField(max_length=64, blank=True)
    """Order-independent hash of the rows loaded."""
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cpu_seconds = models.FloatField(default=0)
    error = models.TextField(blank=True)
    """What went wrong, where, and the remedy."""
    note = models.CharField(max_length=300, blank=True)
    watermark_before = models.CharField(max_length=200, blank=True)
    watermark_after = models.CharField(max_length=200, blank=True)
    snapshot = models.BigIntegerField(null=True, blank=True)
    plan = models.JSONField(default=dict)
    """Files and facts written before publishing; emptied when the run ends."""

    scope = Scope(organisation="table__dataset__provider")

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    rows_read=models.F("rows_loaded") + models.F("rows_quarantined") + models.F("rows_skipped")
                ),
                name="gathering_rows_add_up",
            )
        ]

    def __str__(self) -> str:
        return self.load


class SchemaChange(models.Model):
    """A column that came, went or changed its type (结构漂移), and what was decided about it."""

    class Kind(models.TextChoices):
        ADDED = "added", _("Column added")
        LOST = "lost", _("Column lost")
        TYPE = "type", _("Type changed")

    class Decision(models.TextChoices):
        PENDING = "pending", _("Waiting for a decision")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        SUPERSEDED = "superseded", _("Superseded by a newer delivery")

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="schema_changes")
    run = models.ForeignKey(GatherRun, on_delete=models.CASCADE, related_name="schema_changes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    column = models.CharField(max_length=200)
    before = models.CharField(max_length=64, blank=True)
    """Arrow type served until now."""
    after = models.CharField(max_length=64, blank=True)
    decision = models.CharField(max_length=16, choices=Decision.choices, default=Decision.PENDING, db_index=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    scope = Scope(organisation="dataset__provider")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.column}: {self.kind}"


class QuarantineItem(models.Model):
    """Bytes that could not be read as a row or a file, kept exactly as delivered (隔离区)."""

    run = models.ForeignKey(GatherRun, on_delete=models.CASCADE, related_name="quarantine")
    place = models.CharField(max_length=500)
    """File or table they came from."""
    row = models.BigIntegerField(null=True, blank=True)
    """Number of the row, or physical line, from 1; null for a whole file."""
    offset = models.BigIntegerField(null=True, blank=True)
    """Byte offset in the file, where the format has one."""
    reason = models.CharField(max_length=40, db_index=True)
    """A key of `quarantine.REASONS`."""
    rows = models.BigIntegerField(default=1)
    """Rows it stands for: 0 for a whole file, more than 1 where a run's many bad rows were kept in one piece."""
    segment = models.CharField(max_length=64)
    """SHA-256 of the segment file that holds the bytes, which is also its name in the quarantine folder."""
    start = models.BigIntegerField()
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    """SHA-256 of these bytes."""

    scope = Scope(organisation="run__table__dataset__provider")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.place}:{self.row}"


class Delivery(models.Model):
    """A file that was taken in: delivered again, under any name, it is known by its bytes and skipped as a whole."""

    table = models.ForeignKey(SourceTable, on_delete=models.CASCADE, related_name="deliveries")
    run = models.ForeignKey(GatherRun, on_delete=models.CASCADE, related_name="deliveries")
    path = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    modified_at = models.DateTimeField()
    """When the department wrote it, by its own clock."""
    rows = models.BigIntegerField(default=0)
    """Rows read from it, counted as skipped when it comes again."""
    is_current = models.BooleanField(default=True)
    """False when a later full delivery replaced it."""
    is_refused = models.BooleanField(default=False)
    """True when a person refused it, or it could not be read at all: it is never read again."""
    repeats = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="repetitions")
    """The delivery whose bytes it has, when it came before."""

    scope = Scope(organisation="table__dataset__provider")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["table", "path", "sha256"], name="gathering_delivery_once"),
        ]

    def __str__(self) -> str:
        return self.path
