"""Messages, the copy in each inbox, what became of each delivery, what people prefer; announcements."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citybrain.kernel.identity.models import Organisation, Post, User
from citybrain.kernel.identity.scope import Scope
from citybrain.kernel.records.fields import Choice, LongText, Moment, Text, YesNo
from citybrain.kernel.records.models import Record


class Message(models.Model):
    """One message (消息): what was said, to whom, how urgently, and about what."""

    class To(models.TextChoices):
        PERSON = "person", _("Person")
        POST = "post", _("Post")
        ROLE = "role", _("Role")
        ORGANISATION = "organisation", _("Organisation")

    class Urgency(models.TextChoices):
        ROUTINE = "routine", _("Routine")
        IMPORTANT = "important", _("Important")
        URGENT = "urgent", _("Urgent")

    to_kind = models.CharField(max_length=16, choices=To.choices)
    to_key = models.CharField(max_length=128)
    """User name, key of the post, role or organisation."""
    to_name = models.CharField(max_length=200, blank=True)
    """How the addressee was called when it was sent."""
    notice = models.CharField(max_length=96, blank=True)
    """Key of the declared kind; empty for what a person wrote."""
    values: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    """What the kind's words were filled with."""
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    """Title and text in the site's language; readers get the kind's words in their own."""
    link = models.CharField(max_length=500, blank=True)
    """Path on this site where it is dealt with."""
    urgency = models.CharField(max_length=16, choices=Urgency.choices, default=Urgency.ROUTINE)
    needs_receipt = models.BooleanField(default=False)
    thing = models.CharField(max_length=64, blank=True)
    """Kind of thing it is about: `gather-run`, `old-tree`."""
    thing_id = models.CharField(max_length=64, blank=True)
    sender = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """None when the house sent it by itself."""
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """Body of the sender's post."""
    sent_at = models.DateTimeField(default=timezone.now, db_index=True)

    scope: ClassVar[Scope] = Scope(organisation="organisation", person="sender")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["thing", "thing_id"], name="message_thing")]

    def __str__(self) -> str:
        return self.title


class Copy(models.Model):
    """A message in the inbox of one person (收件), and whether they read and confirmed it."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="copies")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, null=True, on_delete=models.SET_NULL, related_name="+")
    """Post through which it reached them; None when it was sent to the person."""
    received_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    """When it goes to the next one up if nothing happened; None when it never does, or already did."""
    escalated_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="escalated"
    )
    """The copy that nobody answered, which is why this person got one."""

    scope: ClassVar[Scope] = Scope(person="user")

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="one_copy_a_person")]
        indexes = [models.Index(fields=["user", "read_at"], name="copy_unread")]

    def __str__(self) -> str:
        return f"{self.message} → {self.user.name}"

    @property
    def is_open(self) -> bool:
        """Whether the person still has to do something: read it, or confirm it where that is asked."""
        return self.confirmed_at is None if self.message.needs_receipt else self.read_at is None


class Robot(models.Model):
    """A robot in the group chat of an organisation (群机器人), to which its messages are posted."""

    class Kind(models.TextChoices):
        DINGTALK = "dingtalk", _("DingTalk")
        WECOM = "wecom", _("WeCom")
        FEISHU = "feishu", _("Feishu")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("Organisation")
    )
    kind = models.CharField(_("Kind"), max_length=16, choices=Kind.choices)
    title = models.CharField(_("Group"), max_length=80)
    sealed_url = models.TextField()
    """Its address, sealed: whoever knows it may post."""
    sealed_secret = models.TextField(blank=True)
    """Its signing secret, sealed; empty when the group asks for none."""
    host = models.CharField(max_length=200)
    """Host of the address, which pages show instead."""
    is_active = models.BooleanField(_("In use"), default=True)

    scope: ClassVar[Scope] = Scope(organisation="organisation")

    class Meta:
        ordering = ["organisation__position", "id"]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """One message on one way to one addressee (投递): the outbox row, and what became of it."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        RETRIED = "retried", _("To be tried again")
        FAILED = "failed", _("Failed")
        UNSURE = "unsure", pgettext_lazy("what became of a message", "Not known")
        """The process died while it was sent, and the way cannot take it twice."""

    OPEN = (State.QUEUED, State.SENDING, State.RETRIED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    copy = models.ForeignKey(Copy, null=True, on_delete=models.CASCADE, related_name="deliveries")
    robot = models.ForeignKey(Robot, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=16)
    state = models.CharField(max_length=16, choices=State.choices, default=State.QUEUED)
    not_before = models.DateTimeField(null=True, blank=True)
    """End of the quiet hours it waits for."""
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    gateway_id = models.CharField(max_length=128, blank=True)
    """What the gateway calls it."""
    error = models.CharField(max_length=500, blank=True)
    in_digest = models.BooleanField(default=False)
    """Whether it waits for the person's daily digest (每日摘要)."""

    scope: ClassVar[Scope] = Scope(organisation="message__organisation")

    class Meta:
        ordering = ["-message_id"]
        indexes = [models.Index(fields=["state", "not_before"], name="delivery_open")]
        constraints = [
            models.UniqueConstraint(fields=["copy", "channel"], name="one_delivery_a_way"),
            models.UniqueConstraint(fields=["message", "robot"], name="one_delivery_a_robot"),
            models.CheckConstraint(
                condition=models.Q(copy__isnull=False) ^ models.Q(robot__isnull=False),
                name="delivery_has_one_addressee",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.id}"


class Preference(models.Model):
    """How a person wants to be reached (通知偏好)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    channels: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """Urgency -> keys of channels; the inbox always has everything."""
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    """Quiet hours in the county's time; they may run over midnight. None for none."""
    wants_digest = models.BooleanField(default=False)
    """Whether routine e-mails come together, once every working day."""

    scope: ClassVar[Scope] = Scope(person="user")

    def __str__(self) -> str:
        return f"preferences of {self.user_id}"


class Announcement(Record):
    """An announcement (公告) to officials or to the public, shown on home pages from a day until a day.

    The text is written in Markdown. Announcements to everyone and to the public are also on the citizens' news page.
    Where a confirmation is asked for, everybody concerned confirms that they took note, and who did is listed.
    """

    class Kind(models.TextChoices):
        NEWS = "news", _("News")
        NOTICE = "notice", _("Notice")
        SERVICE = "service", _("Service notice")
        WARNING = "warning", _("Warning")
        PAGE = "page", _("Permanent page")

    class Audience(models.TextChoices):
        PUBLIC = "public", _("Everybody, without sign-in")
        EVERYONE = "everyone", _("Everybody who signs in")
        OFFICIALS = "officials", _("Officials")
        ORGANISATION = "organisation", _("The body and what is under it")

    title = Text(_("Title"), max_length=120)
    kind = Choice(_("Kind"), choices=Kind.choices, default=Kind.NOTICE, db_index=True)
    audience = Choice(_("For whom"), choices=Audience.choices, default=Audience.OFFICIALS, db_index=True)
    body = LongText(_("Text"), max_length=40_000, help_text=_("Markdown: **bold**, lists, links, tables; no HTML."))
    published_from = Moment(_("Shown from"), default=timezone.now, db_index=True)
    published_until = Moment(_("Shown until"), null=True, blank=True, db_index=True)
    is_pinned = YesNo(_("Pinned to the top"), default=False)
    needs_confirmation = YesNo(_("Ask for confirmation"), default=False)
    published_revision = models.PositiveIntegerField(null=True, editable=False)
    """Revision that was published (签发); a later change is shown to nobody until it is published again."""
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("published by")
    )

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("Announcements")
        indexes = [models.Index(fields=["-is_pinned", "-published_from"], name="announcement_order")]

    class Face(Record.Face):
        icon = "speakerphone"
        prefix = "GG"
        title = "title"
        order = ("-published_from",)
        keywords = ("公告", "通知公告", "新闻", "news")

    def __str__(self) -> str:
        return str(self.title)


class Confirmation(models.Model):
    """That a person took note of an announcement (已阅确认)."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="confirmations")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    scope: ClassVar[Scope] = Scope(organisation="announcement__organisation", person="user")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["announcement", "user"], name="one_confirmation_a_person")]

    def __str__(self) -> str:
        return f"{self.announcement_id}: {self.user_id}"
