"""The linked objects of the loop: signals, reporters, events, tasks, the journal, the marks of clocks.

An event's columns are what its journal adds up to (`folding.fold`): verbs in `actions*.py` write a step and the columns
in one transaction, nothing else writes either.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citybrain.centre.events.append_only import AppendOnly
from citybrain.centre.events.device_orders import DeviceOrder  # noqa: F401 - Django finds the room's models here
from citybrain.centre.events.machine import DONE, ENDED, OPEN, State
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.shown import LookPart, Shown  # noqa: F401 - Django finds the room's other models here
from citybrain.centre.events.teams import Team  # noqa: F401 - Django finds the room's other models here
from citybrain.centre.events.types import EventTypeField
from citybrain.declare.event import Clock, Kind, Level, Loop
from citybrain.declare.words import Grade, Masking
from citybrain.kernel.identity.models import Organisation, Post, User
from citybrain.kernel.identity.scope import Scope
from citybrain.kernel.records.fields import Choice, LongText, Moment, Number, Place, Text, Whole, YesNo
from citybrain.kernel.records.models import Record

ASKED = ["state", "organisation", "area", "owner", "level", "channel", "type"]
"""What scope, tabs and filters ask of a row: an index that carries them is walked without a look at the table."""

COUNTED = ["state", "due_at", "is_supervised", "return_count", "state_since", "post", *ASKED[1:]]
"""Every column queues count by, so that counting reads one index alone."""


class Reporter(models.Model):
    """Whoever told of something (反映人), under a pseudonym: cases name this row, never the person."""

    pseudonym = models.CharField(max_length=64, unique=True)
    """Keyed hash of the contact, so that a second call of one person meets the first; random without a contact."""
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """The citizen's account, when they were signed in."""
    sealed_name = models.TextField(blank=True)
    sealed_contact = models.TextField(blank=True)
    """Name and telephone or address, sealed; opened by `disclose_reporter` for a purpose, which leaves evidence."""
    contact_kind = models.CharField(max_length=16, blank=True)
    """`mobile`, `email`, `system` (a peer's address); empty for an anonymous one."""
    language = models.CharField(max_length=8, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    scope: ClassVar[Scope] = Scope(person="user")

    def __str__(self) -> str:
        return f"R{self.pk}"


class Channel(models.TextChoices):
    """Where a signal comes from (渠道)."""

    HOTLINE = "hotline", _("Hotline 12345")
    CITIZEN = "citizen", _("Citizen's phone")
    PATROL = "patrol", _("Grid patrol")
    STAFF = "staff", _("Staff")
    DEVICE = "device", _("Device")
    WARNING = "warning", _("Warning rule")
    DATA_CHECK = "data_check", _("Data check")
    UPPER_LEVEL = "upper_level", _("Higher level")
    PEER = "peer", _("Peer system")
    VIDEO = "video", _("Video analysis")


class Signal(Record):
    """A signal (线索): one telling of something by one channel. It is kept as it came and never changed.

    Every signal belongs to an event; several may tell of the same one.
    """

    channel = Choice(_("Channel"), choices=Channel.choices, editable=False)
    source_reference = Text(_("Reference at the source"), max_length=128, editable=False, blank=True)
    """Number of the work order, call, message; with the channel it makes a second delivery the same signal."""
    observed_at = Moment(_("Observed"), editable=False)
    received_at = Moment(_("Received"), editable=False, default=timezone.now)
    text = LongText(_("Text"), grade=Grade.L2, editable=False)
    """As it came, with the numbers of persons masked."""
    original = LongText(_("As it was said"), grade=Grade.L3, masking=Masking.ALL, blank=True, editable=False)
    """Words in which numbers of persons were masked, before they were: disclosed for a purpose, deleted in time."""
    place = Place(_("Place"), editable=False)
    accuracy = Number(_("Accuracy"), unit="m", null=True, editable=False, listed=False)
    address = Text(_("Address"), max_length=200, editable=False, blank=True)
    asset_kind = Text(_("Kind of asset"), max_length=64, editable=False, blank=True, listed=False)
    asset_number = Text(_("Asset"), max_length=64, editable=False, blank=True, db_index=True)
    """Key of a record type and the number of the part, device, firm it is about."""
    value = Number(_("Value"), max_digits=18, decimal_places=6, null=True, editable=False, listed=False)
    threshold = Number(_("Threshold"), max_digits=18, decimal_places=6, null=True, editable=False, listed=False)
    confidence = Number(_("Confidence"), max_digits=4, decimal_places=3, null=True, editable=False, listed=False)
    fingerprint = Text(_("Fingerprint"), max_length=128, editable=False, blank=True, db_index=True, listed=False)
    """What repeats of one alarm share (rule and subject): a repeat joins the open event of the first."""
    raw_digest = Text(_("Digest"), max_length=64, editable=False, blank=True, listed=False)
    """SHA-256 of the message as it came."""
    reporter = models.ForeignKey(Reporter, null=True, on_delete=models.PROTECT, related_name="signals", editable=False)
    event = models.ForeignKey(
        "events.Event", null=True, on_delete=models.PROTECT, related_name="signals", editable=False
    )
    """The event it opened or joined; a merge leaves it, the head is found by `Event.merged_into`."""
    wants_answer = YesNo(_("Waits for an answer"), default=False, editable=False, listed=False, filtered=False)
    """Whether the reporter wants to be told what came of it: the event is not closed before they are."""
    is_recovery = YesNo(_("Back to normal"), default=False, editable=False, listed=False, filtered=False)
    """Whether it says that things are as they should be again: the proof of a sensor."""
    is_exercise = YesNo(_("Exercise"), default=False, editable=False)

    scope: ClassVar[Scope] = Scope(organisation="organisation", area="area", person="created_by")

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("Signals")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "source_reference"],
                condition=~models.Q(source_reference=""),
                name="one_signal_a_reference",
            )
        ]

    class Face(Record.Face):
        icon = "speakerphone"
        prefix = "XS"
        title = "text"
        order = ("-received_at",)
        by_verbs = True
        keywords = ("线索", "工单", "来电")


class Event(Record):
    """An event (事件, 案卷): one matter from the first signal until it is appraised, whoever handles it.

    The responsible body is the one on whose desk it lies: the accepting one, after dispatch the lead (牵头).
    """

    class Result(models.TextChoices):
        FIXED = "fixed_with_proof", _("Fixed, with proof")
        ANSWERED = "answered_only", _("Answered only")
        PLANNED = "planned", pgettext_lazy("result of an event", "Planned")
        NOT_FOUND = "not_found", _("Not found on site")
        NOT_GOVERNMENT = "not_government", _("Not a matter of government")
        REFUSED = "refused_with_reason", _("Refused, with reason")

    title = Text(_("Matter"), max_length=120)
    description = LongText(_("Description"), blank=True, grade=Grade.L2)
    type = EventTypeField(_("Class"), blank=True, editable=False)
    """Key of the event type; empty until somebody verified what came without one."""
    kind = Choice(
        _("Kind"),
        choices=[(kind.value, _(kind.label)) for kind in Kind],
        editable=False,
        db_index=False,
        filtered=False,
    )
    level = Choice(
        _("Level"),
        choices=[(level.value, _(level.label)) for level in Level],
        editable=False,
        db_index=False,
        filtered=False,
    )
    loop = Choice(
        _("Loop"),
        choices=[(loop.value, _(loop.label)) for loop in Loop],
        editable=False,
        db_index=False,
        filtered=False,
    )
    state = Choice(_("State"), choices=State.choices, default=State.NEW, editable=False, db_index=False, filtered=False)
    state_since = Moment(_("In this state since"), editable=False, db_index=False, filtered=False)
    place = Place(_("Place"), editable=False)
    address = Text(_("Address"), max_length=200, blank=True)
    asset_kind = Text(_("Kind of asset"), max_length=64, editable=False, blank=True, listed=False)
    asset_number = Text(_("Asset"), max_length=64, editable=False, blank=True, db_index=True)
    channel = Choice(_("First channel"), choices=Channel.choices, editable=False, db_index=False, filtered=False)
    post = models.ForeignKey(
        Post, null=True, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("post")
    )
    owner = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("owner")
    )
    """Post and person that hold it; None while it lies with the whole body."""
    sensitivity = Choice(
        _("Sensitivity"),
        choices=[("public", _("Public")), ("internal", _("Internal")), ("restricted", _("Restricted"))],
        default="internal",
        editable=False,
        db_index=False,
        filtered=False,
    )
    is_exercise = YesNo(_("Exercise"), default=False, editable=False)
    is_mass = YesNo(_("Many people"), default=False, editable=False)
    is_supervised = YesNo(_("Supervised"), default=False, editable=False)
    signal_count = Whole(_("Signals"), default=1, editable=False)
    return_count = Whole(_("Sent back"), default=0, editable=False)
    rework_count = Whole(_("Reworked"), default=0, editable=False)
    reopen_count = Whole(_("Reopened"), default=0, editable=False)
    urge_count = Whole(_("Urged"), default=0, editable=False)
    result = Choice(_("Result"), choices=Result.choices, blank=True, editable=False, db_index=False, filtered=False)
    cause = Text(_("Cause"), max_length=64, blank=True, editable=False)
    measures = LongText(_("Measures"), blank=True, editable=False)
    cost = Number(_("Cost"), unit="元", null=True, editable=False)
    public_text = LongText(_("What the public reads"), blank=True, editable=False)
    opened_at = Moment(_("First told"), editable=False)
    closed_at = Moment(_("Closed"), null=True, editable=False, db_index=False, filtered=False)
    due_at = Moment(_("Due"), null=True, editable=False, db_index=False, filtered=False)
    """Deadline of the clock that runs now: an index for queues; `clocks.read` computes the truth from the journal."""
    whole_due_at = Moment(_("Due in all"), null=True, editable=False, db_index=False, filtered=False)
    due_clock = Text(_("Running clock"), max_length=16, blank=True, editable=False, listed=False)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="merged",
        editable=False,
        verbose_name=_("merged into"),
    )
    split_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    proposed = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    """The body a return proposed (退单建议), or the responsibility map."""
    rating = Whole(_("Rating"), null=True, editable=False)
    """1 to 5 by the reporter; None while nobody rated."""
    is_solved = YesNo(_("Solved, says the reporter"), null=True, editable=False)
    steps = models.PositiveIntegerField(default=0, editable=False)
    """Lines of its journal: a transition is refused when somebody else made a step since it was looked at."""
    head = models.CharField(max_length=64, blank=True, editable=False)
    """Hash of the journal's last line."""

    scope: ClassVar[Scope] = Scope(
        organisation="organisation",
        area="area",
        person="owner",
        also=("tasks__organisation",),
        also_people=("tasks__owner",),
    )

    class Meta:
        # SQLite takes an index with a condition only for a query that says the condition word for word, without
        # parameters: ask by `queries.is_open()`.
        verbose_name = _("event")
        verbose_name_plural = _("Events")
        indexes = [
            models.Index(
                fields=["organisation", "state", "due_at", "owner", "post"],
                condition=models.Q(state__in=OPEN),
                name="event_desk",
            ),
            models.Index(fields=COUNTED, condition=models.Q(state__in=OPEN), name="event_queue"),
            models.Index(fields=["due_at"], condition=models.Q(state__in=OPEN), name="event_overdue"),
            models.Index(
                fields=["owner", "state", "level", "state_since"], condition=models.Q(state__in=OPEN), name="event_mine"
            ),
            models.Index(fields=["area", "state", "due_at"], condition=models.Q(state__in=OPEN), name="event_area"),
            models.Index(fields=["channel", "due_at"], condition=models.Q(state__in=OPEN), name="event_channel"),
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=OPEN) & models.Q(is_supervised=True),
                name="event_supervised",
            ),
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=OPEN) & models.Q(return_count__gt=0),
                name="event_returned",
            ),
            models.Index(
                fields=["place_x", "place_y", *ASKED, "opened_at"],
                condition=models.Q(state__in=OPEN),
                name="event_near",
            ),
            models.Index(fields=["type", "opened_at"], name="event_type_time"),
            models.Index(fields=["opened_at", *ASKED], name="event_time"),
            models.Index(fields=["closed_at", *ASKED], condition=models.Q(state__in=DONE), name="event_done"),
            models.Index(fields=["opened_at", *ASKED], condition=models.Q(state__in=ENDED), name="event_ended"),
        ]

    class Face(Record.Face):
        icon = "clipboard-list"
        daily_numbers = True
        title = "title"
        order = ("-opened_at",)
        by_verbs = True
        keywords = ("事件", "案卷", "工单", "case")
        permissions = {"view": VIEW.title}

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in OPEN


class Task(models.Model):
    """A task (派遣单): one job of one organisation for an event; depth two at most."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead")
        ASSIST = "assist", _("Assist")
        INFORM = "inform", _("For information")

    class State(models.TextChoices):
        WAITING = "waiting", _("To sign")
        DOING = "doing", _("In progress")
        DONE = "done", pgettext_lazy("state of a task", "Done")
        RETURNED = "returned", _("Sent back")
        CANCELLED = "cancelled", pgettext_lazy("state of a task", "Called off")

    OPEN = (State.WAITING, State.DOING)

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="tasks")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    """The task it is part of; that one has no parent."""
    role = models.CharField(max_length=16, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    """Who signed it, was asked by name, or has it assigned."""
    is_mandatory = models.BooleanField(default=True)
    """Whether the event cannot be reported done before it is done."""
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    asked = models.TextField(blank=True)
    """What is to be done."""
    result = models.TextField(blank=True)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    signed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    scope: ClassVar[Scope] = Scope(organisation="organisation", area="event__area", person="owner")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["organisation", "event"], name="task_seen"),
            models.Index(
                fields=["organisation", "state", "due_at"],
                condition=models.Q(state__in=["waiting", "doing"]),
                name="task_desk",
            ),
            models.Index(fields=["owner"], condition=models.Q(state__in=["waiting", "doing"]), name="task_mine"),
        ]

    def __str__(self) -> str:
        return f"{self.event.number} · {self.get_role_display()} · {self.organisation}"


class Step(AppendOnly):
    """One line of an event's journal (办理过程): who did what, when, why, and what it changed; never changed itself."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="journal")
    number = models.PositiveIntegerField()
    """1, 2, 3 ... within the event."""
    at = models.DateTimeField()
    verb = models.CharField(max_length=24)
    source = models.CharField(max_length=16, blank=True)
    """State before; empty for the first line."""
    target = models.CharField(max_length=16)
    """State after."""
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    """None for the house itself and for citizens without an account."""
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.CharField(max_length=64, blank=True)
    """Name of the colleague the person stood in for."""
    client = models.CharField(max_length=16, blank=True)
    """`desk`, `phone`, `api`, `house`."""
    reason = models.CharField(max_length=48, blank=True)
    """Code of the reason."""
    text = models.TextField(blank=True)
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """Column of the event -> its new value (ids of rows, ISO times): what the fold adds up."""
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="journal")
    media: models.JSONField[Any, Any] = models.JSONField(default=list)
    """[{"sha256": …, "attachment": id, "role": "before" | "after", "name": …, "taken_at": … by the camera}]."""
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    """SHA-256 over the canonical form of this line with the previous one's hash; a leaf of the log `events`."""

    scope: ClassVar[Scope] = Scope(
        organisation="event__organisation",
        area="event__area",
        person="event__owner",
        also=("event__tasks__organisation",),
        also_people=("event__tasks__owner",),
    )

    class Meta:
        ordering = ["event_id", "number"]
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="one_step_a_number")]
        indexes = [models.Index(fields=["verb", "at"], name="step_verb_time")]

    def __str__(self) -> str:
        return f"{self.event_id} #{self.number} {self.verb}"


class Mark(models.Model):
    """The next moment a clock of an event says something (时限提醒): the index by due time. One row a running clock."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="marks")
    clock = models.CharField(max_length=16, choices=[(clock.value, _(clock.label)) for clock in Clock])
    percent = models.PositiveSmallIntegerField()
    """50, 75, 100, 200 or 300 of the limit."""
    at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)
    """When it was noticed; None while it lies ahead."""
    allowed = models.BigIntegerField(default=0)
    """Microseconds that count until the limit is over; with the two below the next mark follows from this one alone."""
    counting = models.CharField(max_length=16, blank=True)
    schedule = models.CharField(max_length=32, blank=True)
    """Key of the working hours it counts in."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "clock", "percent", "at"], name="one_mark")]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(fired_at=None), name="mark_due"),
            models.Index(fields=["fired_at", "percent"], condition=~models.Q(fired_at=None), name="mark_fired"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.clock} {self.percent} %"


class Rating(models.Model):
    """What a reporter said of the handling (回访评价): once for each closing."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="ratings")
    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="ratings")
    is_solved = models.BooleanField()
    stars = models.PositiveSmallIntegerField()
    """1 to 5."""
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    reopened = models.BooleanField(default=False)
    """Whether it reopened the event: once, without argument."""

    scope: ClassVar[Scope] = Scope(
        organisation="event__organisation", area="event__area", also=("event__tasks__organisation",)
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "signal", "at"], name="one_rating"),
            models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="stars_one_to_five"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}: {self.stars}"
