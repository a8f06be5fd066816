"""What the doors of the loop keep: answers to reporters, standard answers, messages put aside, other systems.

Signals and reporters are the event room's; nothing here is needed to tell what happened to an event.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citybrain.centre.events.models import Channel, Event, Reporter, Signal
from citybrain.centre.events.types import EventTypeField
from citybrain.kernel.identity.models import Organisation, Post, User
from citybrain.kernel.identity.scope import Scope
from citybrain.kernel.records.fields import Day, LongText, Text
from citybrain.kernel.records.models import Record
from citybrain.warehouse.governance.models import GovernRun


class Reply(models.Model):
    """An answer on its way to one reporter of an event (答复): by which way, whether it arrived, who called."""

    class Way(models.TextChoices):
        INBOX = "inbox", _("Inbox of their account")
        SMS = "sms", _("Text message")
        EMAIL = "email", _("E-mail message")
        CALL = "call", _("Call back")
        STATUS = "status", _("Status they ask for")
        """A peer system, or somebody with the link of a receipt, reads it where the event is followed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("To call")
        QUEUED = "queued", _("To send")
        SENDING = "sending", _("Being sent")
        DONE = "done", pgettext_lazy("state of an answer", "Answered")
        FAILED = "failed", _("Could not be sent")
        """It stands on the call-back list when a telephone number is known."""
        UNREACHABLE = "unreachable", _("Nobody reached")

    OPEN = (State.WAITING, State.QUEUED, State.SENDING)

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="replies")
    """The event that was answered: the head, where the reporter's own was merged into it."""
    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="replies")
    reporter = models.ForeignKey(Reporter, on_delete=models.PROTECT, related_name="replies")
    step = models.PositiveIntegerField(default=0)
    """Number of the journal's line that answered."""
    text = models.TextField()
    way = models.CharField(max_length=8, choices=Way.choices)
    state = models.CharField(max_length=12, choices=State.choices)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True)
    """By when somebody must have called."""
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    """Who called; None for a way that needs nobody."""
    note = models.TextField(blank=True)
    """What the reporter said, or why it failed."""
    is_satisfied = models.BooleanField(null=True)

    scope: ClassVar[Scope] = Scope(
        organisation="event__organisation", area="event__area", also=("event__tasks__organisation",)
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "step", "reporter"], name="one_reply")]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="reply_to_call"),
            models.Index(fields=["state", "id"], name="reply_state"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → R{self.reporter_id} {self.way}"


class StandardAnswer(Record):
    """A short answer to a question people often ask (标准答复): what the hotline says at once, and on what ground.

    Agents find it by words; an answer whose last day has passed is no longer offered.
    """

    title = Text(_("Question"), max_length=120)
    type = EventTypeField(pgettext_lazy("of an event", "Class"), blank=True)
    words = Text(_("Words"), max_length=200, blank=True, help_text=_("What callers say: 停水, 没水, 水压低."))
    answer = LongText(_("Answer"), max_length=2000)
    ground = Text(_("Ground"), max_length=200, blank=True, help_text=_("Law, policy or notice it rests on."))
    valid_until = Day(_("Valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("standard answer")
        verbose_name_plural = _("Standard answers")

    class Face(Record.Face):
        icon = "message-reply"
        prefix = "DF"
        title = "title"
        keywords = ("标准答复", "知识", "话术", "script")

    def __str__(self) -> str:
        return str(self.title)


class Quarantined(models.Model):
    """A message that could not be taken (隔离报文), as it came, with why and what to do; it can be taken again."""

    class State(models.TextChoices):
        HELD = "held", _("Put aside")
        TAKEN = "taken", _("Taken later")
        DROPPED = "dropped", _("Dropped")

    door = models.CharField(max_length=24)
    """Key of the door it came by: `cap`, `hotline-file`, `api`, `open311`."""
    channel = models.CharField(max_length=16, choices=Channel.choices)
    sender = models.CharField(max_length=200, blank=True)
    """Who sent it, as far as known: a token's name, a peer, a file with its row."""
    batch = models.CharField(max_length=64, blank=True, db_index=True)
    """What came in one delivery shares it: the digest of a file."""
    body = models.BinaryField()
    """The bytes as they came."""
    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=80, blank=True)
    options: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """What the door needs to take it again: the mapping of a file."""
    reason = models.TextField()
    remedy = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.HELD)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    """The body whose message it is."""
    came_at = models.DateTimeField(default=timezone.now)
    times = models.PositiveIntegerField(default=1)
    """How often the very same bytes came."""
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    signal = models.ForeignKey(Signal, null=True, on_delete=models.PROTECT, related_name="+")
    """What it became when it was taken later."""

    scope: ClassVar[Scope] = Scope(organisation="organisation")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["door", "digest", "batch"], condition=models.Q(state="held"), name="held_once"
            )
        ]
        indexes = [models.Index(fields=["state", "-id"], name="quarantine_state")]

    def __str__(self) -> str:
        return f"{self.door} #{self.pk}: {self.reason[:60]}"


class Peer(models.Model):
    """Another system we exchange matters with (对接系统): the city's hotline, a neighbour, a warning centre."""

    class Kind(models.TextChoices):
        OPEN311 = "open311", _("Open311 GeoReport v2")
        CAP = "cap", _("CAP 1.2 feed")

    key = models.SlugField(max_length=48, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    url = models.URLField(_("address"), max_length=300)
    """Open311: the endpoint, up to and with `/v2`; CAP: the feed."""
    jurisdiction = models.CharField(_("jurisdiction"), max_length=80, blank=True)
    sealed_key = models.TextField(blank=True)
    """Their key for us, sealed; never shown again."""
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """The body that answers for the exchange, and gets what comes in."""
    polls = models.BooleanField(_("fetch what is new there"), default=True)
    pushes = models.BooleanField(_("send what we hand over"), default=False)
    classes: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """Our type key -> their service code."""
    is_active = models.BooleanField(default=True)
    seen_until = models.DateTimeField(null=True)
    """What was updated there up to then has been fetched."""
    polled_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    """Why the last exchange failed; empty when it went well."""
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    scope: ClassVar[Scope] = Scope(organisation="organisation")

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class Handover(models.Model):
    """An event given to a peer system (转办): sent until it was taken, followed until it is done there."""

    class State(models.TextChoices):
        TO_SEND = "to_send", _("To send")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Could not be sent")
        DONE_OUTSIDE = "done_outside", _("Done outside")
        WITHDRAWN = "withdrawn", _("Taken back")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="handovers")
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="handovers")
    state = models.CharField(max_length=12, choices=State.choices, default=State.TO_SEND)
    reference = models.CharField(max_length=128, blank=True)
    """Their number."""
    status = models.CharField(max_length=40, blank=True)
    notes = models.TextField(blank=True)
    """What they last said of it."""
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    scope: ClassVar[Scope] = Scope(
        organisation="event__organisation", area="event__area", also=("event__tasks__organisation",)
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=models.Q(state__in=["to_send", "sent", "failed"]), name="one_handover"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.peer_id} {self.state}"


class CapAlert(models.Model):
    """A CAP 1.2 message that came (预警报文): a chain of Alert, Update and Cancel leads to one event."""

    identifier = models.CharField(max_length=200)
    sender = models.CharField(max_length=200)
    sent = models.DateTimeField()
    message_type = models.CharField(max_length=8)
    status = models.CharField(max_length=8)
    expires = models.DateTimeField(null=True)
    references: models.JSONField[Any, Any] = models.JSONField(default=list)
    """[[sender, identifier, sent], …] as the message names them."""
    digest = models.CharField(max_length=64)
    body = models.TextField()
    signal = models.ForeignKey(Signal, null=True, on_delete=models.PROTECT, related_name="alerts")
    """None for what was noted and opened nothing (expired, an acknowledgement)."""
    note = models.TextField(blank=True)
    """Why it opened nothing."""
    came_at = models.DateTimeField(auto_now_add=True)

    scope: ClassVar[Scope] = Scope(everyone=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["sender", "identifier", "sent"], name="one_cap_message")]

    def __str__(self) -> str:
        return f"{self.sender},{self.identifier}"


class PublicWarning(models.Model):
    """A CAP 1.2 message we published about an event (对外预警): frozen as it went out, by a named person."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="warnings")
    identifier = models.CharField(max_length=80, unique=True)
    message_type = models.CharField(max_length=8)
    """Alert, Update or Cancel."""
    sent = models.DateTimeField()
    expires = models.DateTimeField()
    headline = models.CharField(max_length=160)
    body = models.TextField()
    """The XML."""
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")

    scope: ClassVar[Scope] = Scope(organisation="event__organisation", area="event__area")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.identifier} {self.message_type}"


class Usage(models.Model):
    """How much one sender sent in one minute: what quotas are counted by."""

    sender = models.CharField(max_length=80)
    minute = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "minute"], name="one_usage_a_minute")]

    def __str__(self) -> str:
        return f"{self.sender} {self.minute:%H:%M} {self.count}"


class InspectedRun(models.Model):
    """That a run of the warehouse was looked at for data problems (数据体检线索): once, however often it is asked."""

    run = models.OneToOneField(GovernRun, on_delete=models.CASCADE, related_name="inspected")
    at = models.DateTimeField(auto_now_add=True)
    counts: models.JSONField[Any, Any] = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.run_id}"
