"""What is counted of each event, folded from its journal and clocks; reports, and what is done against repetition."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citybrain.centre.events.models import Event
from citybrain.kernel.identity.models import Area, Organisation, Post
from citybrain.kernel.identity.scope import Scope
from citybrain.kernel.records.fields import Choice, Day, LongText, Number, Place, Text, Whole
from citybrain.kernel.records.models import Record


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
    verify_due_at = models.DateTimeField(null=True)
    verified_in_time = models.BooleanField(null=True)
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
    """Hours by the clock from signing to the last report, without checks and pauses that stop the clock."""
    checked_at = models.DateTimeField(null=True)
    """First check after a report: closed, or sent back to work (核查)."""
    check_due_at = models.DateTimeField(null=True)
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
    is_patrolled = models.BooleanField(default=False)
    """Whether a patrol told it, first or later (监督员上报); what an inspection found is no report of the patrol's."""
    is_inspection = models.BooleanField(default=False)
    """Whether an inspection of a patrolled area opened it (督查抽查)."""
    inspected_at = models.DateTimeField(null=True)
    """When an inspection first said whether the patrol had told it."""
    missed_at = models.DateTimeField(null=True)
    """When it was found that the patrol should have told it and had not (漏报认定); None while it is not so."""
    is_false = models.BooleanField(default=False)
    """Whether it was found not to be so, on verifying or on site (不属实)."""
    result = models.CharField(max_length=32, blank=True)
    stars = models.PositiveSmallIntegerField(null=True)
    is_solved = models.BooleanField(null=True)

    scope: ClassVar[Scope] = Scope(organisation="organisation", area="area")

    class Meta:
        indexes = [
            models.Index(fields=["opened_at"], name="fact_opened"),
            models.Index(fields=["closed_at"], name="fact_closed"),
            models.Index(fields=["whole_due_at"], condition=models.Q(closed_at=None), name="fact_open"),
            models.Index(fields=["inspected_at"], condition=~models.Q(inspected_at=None), name="fact_inspected"),
        ]

    def __str__(self) -> str:
        return f"fact of {self.event_id}"


class Kept(models.Model):
    """Up to when the facts follow the events: one row."""

    step = models.BigIntegerField(default=0)
    """Id of the last journal line that was looked at."""
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"step {self.step}"


class MonthlyReport(Record):
    """A monthly report (月报) on the handling of events: PDF and Word, Chinese and English, made from the journals.

    It is made on the first working day of the next month, or when somebody asks; its files never change.
    """

    title = Text(_("Title"), max_length=120, editable=False)
    month = Day(_("Month"), editable=False)
    """Its first day."""
    digest = Text(_("Digest of the report"), max_length=64, editable=False, listed=False)
    """SHA-256 over the digests of its files; a leaf of the ledger `reports`."""

    class Meta:
        verbose_name = _("monthly report")
        verbose_name_plural = _("Monthly reports")

    class Face(Record.Face):
        icon = "file-description"
        prefix = "YB"
        title = "title"
        order = ("-month",)
        by_verbs = True
        keywords = ("月报", "考核", "report")

    def __str__(self) -> str:
        return str(self.title)


class PreventionItem(Record):
    """Something that happens again and again at one asset or place (高发问题), whose cause is to be removed (源头治理).

    The house opens it from repeated events; what is done, for how much and by whom, people decide, and they close it.
    Its page compares how often it happened before and after the work.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state of prevention", "To plan")
        PLANNED = "planned", pgettext_lazy("state of prevention", "Planned")
        DONE = "done", pgettext_lazy("state of prevention", "Work done")
        CLOSED = "closed", pgettext_lazy("state of prevention", "Closed")
        DROPPED = "dropped", pgettext_lazy("state of prevention", "Dropped")

    title = Text(_("What repeats"), max_length=120)
    state = Choice(_("State"), choices=State.choices, default=State.OPEN)
    family = Text(_("Classes"), max_length=64, editable=False, filtered=False)
    """Family of event types it is about."""
    asset_kind = Text(_("Kind of asset"), max_length=64, blank=True, editable=False, listed=False)
    asset_number = Text(_("Asset"), max_length=64, blank=True, editable=False, db_index=True)
    place = Place(_("Place"), editable=False)
    address = Text(_("Address"), max_length=200, blank=True, editable=False)
    since = Day(_("Seen since"), editable=False)
    events_found = Whole(_("Events when opened"), editable=False)
    cause = LongText(_("Cause"), blank=True)
    measure = LongText(_("Measure"), blank=True, help_text=_("What removes the cause, not the symptom."))
    budget = Number(_("Budget"), unit="元", null=True, blank=True)
    planned_on = Day(_("Planned for"), null=True, blank=True)
    done_on = Day(_("Work done on"), null=True, blank=True)
    subject_key = models.CharField(max_length=160, editable=False, db_index=True)
    """What it is about: family, and asset or square of the map; one living item each."""

    class Meta:
        verbose_name = _("prevention item")
        verbose_name_plural = _("Prevention items")

    class Face(Record.Face):
        icon = "refresh"
        prefix = "GZ"
        title = "title"
        keywords = ("源头治理", "高发", "根治", "prevention")

    def __str__(self) -> str:
        return str(self.title)
