"""The two registers every county office keeps about this site: where it serves people, and what people say of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citybrain.declare.words import Grade, Masking
from citybrain.kernel.records.fields import Choice, Day, Link, LongText, Place, Text, Whole, YesNo
from citybrain.kernel.records.models import Record


class ServicePoint(Record):
    """A place where residents are served in person (办事网点): a centre of the county or a town, or a village point.

    Citizens see where it is, when it is open and what is done there; the manager's name and mobile stay inside.
    """

    class Kind(models.TextChoices):
        COUNTY = "county", _("County service centre")
        TOWN = "town", _("Town service centre")
        VILLAGE = "village", _("Village service point")

    title = Text(_("Name"), max_length=80, group=_("Service point"))
    kind = Choice(_("Kind"), choices=Kind.choices, group=_("Service point"), db_index=True)
    address = Text(_("Address"), max_length=200, element="business-address", group=_("Service point"))
    place = Place(_("Position"), group=_("Service point"))
    phone = Text(_("Service phone"), max_length=20, blank=True, group=_("Service point"))
    hours = Text(
        _("Opening hours"),
        help_text=_("As on the door: Mon–Fri 8:30–12:00, 14:00–17:30."),
        filtered=False,
        group=_("Service"),
    )
    services = LongText(_("Services"), blank=True, help_text=_("What can be done here."), group=_("Service"))
    windows = Whole(_("Windows"), default=1, help_text=_("Windows that take applications."), group=_("Service"))
    is_barrier_free = YesNo(_("Barrier-free"), default=False, group=_("Service"))
    opened_on = Day(_("Opened on"), null=True, blank=True, db_index=True, group=_("Service"))
    manager = Text(
        _("Manager"), max_length=40, grade=Grade.L2, masking=Masking.NAME, blank=True, group=_("Inside the office")
    )
    manager_mobile = Text(
        _("Manager's mobile"), max_length=20, element="mobile", blank=True, group=_("Inside the office")
    )
    remarks = LongText(_("Remarks"), blank=True, grade=Grade.L2, group=_("Inside the office"))

    class Meta:
        verbose_name = _("service point")
        verbose_name_plural = _("Service points")

    class Face(Record.Face):
        icon = "building-store"
        prefix = "WD"
        title = "title"
        is_public = True
        keywords = ("网点", "办事大厅", "便民服务中心", "service centre")

    def __str__(self) -> str:
        return str(self.title)


class Feedback(Record):
    """What somebody says of this site or of a service point (意见反馈), and what was answered.

    Citizens write it from their phone, signed in or not; the body responsible answers within ten working days.
    """

    class Kind(models.TextChoices):
        PRAISE = "praise", _("Praise")
        COMPLAINT = "complaint", _("Complaint")
        IDEA = "idea", _("Suggestion")
        FAULT = "fault", _("Something does not work")
        QUESTION = "question", _("Question")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state of feedback", "Open")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed without answer")

    title = Text(_("About"), max_length=80)
    kind = Choice(_("Kind"), choices=Kind.choices, db_index=True)
    text = LongText(_("What you want to say"), max_length=2000, grade=Grade.L2)
    service_point = Link(ServicePoint, _("Service point"), null=True, blank=True)
    contact = Text(
        _("Mobile for the answer"), max_length=20, element="mobile", blank=True, help_text=_("Only if you want a call.")
    )
    state = Choice(_("State"), choices=State.choices, default=State.OPEN, db_index=True)
    answer = LongText(_("Answer"), blank=True, max_length=2000)
    answered_on = Day(_("Answered on"), null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("Feedback")

    class Face(Record.Face):
        icon = "message-2"
        prefix = "FK"
        title = "title"
        citizens_create = True
        citizens_fields = ("kind", "title", "text", "service_point", "contact")
        keywords = ("意见", "投诉", "建议", "complaint")

    def __str__(self) -> str:
        return str(self.title)
