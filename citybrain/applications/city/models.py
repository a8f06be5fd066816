"""The registers of city management: the parts of the city, the patrols of its grids, and where they led."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from citybrain.applications.city.classes import PARTS
from citybrain.applications.city.codes import demand_part_code, is_minor, next_part_code, pass_over
from citybrain.centre.events.models import Event
from citybrain.centre.events.types import EventTypeField
from citybrain.declare.words import Grade
from citybrain.kernel.identity.models import Area, Organisation, User
from citybrain.kernel.identity.scope import Scope
from citybrain.kernel.records.fields import Choice, Code, Day, Link, LongText, Moment, Place, Text, Whole
from citybrain.kernel.records.models import Record

AHEAD = timedelta(minutes=10)
"""How far ahead a phone's clock may go."""


class Part(Record):
    """A component of the city (部件): a street light, a manhole cover, a bench, with who owns it and who mends it.

    Its code of sixteen digits (county, major, minor, serial) is worked out when none is given. Citizens report what is
    wrong with it by the QR code on it.
    """

    class State(models.TextChoices):
        SOUND = "sound", pgettext_lazy("state of a part", "Sound")
        DAMAGED = "damaged", pgettext_lazy("state of a part", "Damaged")
        MISSING = "missing", pgettext_lazy("state of a part", "Missing")
        GONE = "gone", pgettext_lazy("state of a part", "Taken down")

    class Accuracy(models.TextChoices):
        A = "A", _("A: within 0.5 m")
        B = "B", _("B: within 1 m")
        C = "C", _("C: within 10 m")

    title = Text(_("Name"), max_length=80, group=_("Part"))
    kind = Code(pgettext_lazy("city", "Class"), codes=PARTS, max_length=8, group=_("Part"))
    code = Text(
        _("Part code"),
        max_length=32,
        blank=True,
        unique=True,
        group=_("Part"),
        help_text=_("Left empty it is worked out: county, class, serial."),
    )
    state = Choice(_("State"), choices=State.choices, default=State.SOUND, group=_("Part"))
    address = Text(_("Address"), max_length=200, blank=True, group=_("Where it stands"))
    place = Place(_("Position"), group=_("Where it stands"))
    accuracy = Choice(
        _("Accuracy of the position"),
        choices=Accuracy.choices,
        default=Accuracy.C,
        group=_("Where it stands"),
        help_text=_("Grades of GB/T 30428.2."),
    )
    owner = Text(_("Owner"), max_length=80, blank=True, group=_("Whose it is"), help_text=_("As in its papers."))
    maintainer = Link(Organisation, _("Maintained by"), null=True, blank=True, group=_("Whose it is"))
    installed = Day(_("Put up on"), null=True, blank=True, group=_("Whose it is"))
    remarks = LongText(_("Remarks"), blank=True, grade=Grade.L2, group=_("Whose it is"))

    class Meta:
        verbose_name = pgettext_lazy("city", "part")
        verbose_name_plural = _("Parts of the city")

    class Face(Record.Face):
        icon = "bulb"
        prefix = "BJ"
        title = "title"
        is_public = True
        keywords = ("部件", "井盖", "路灯", "city component", "asset")

    def __str__(self) -> str:
        return str(self.title)

    def clean(self) -> None:
        """Refuses a major class for a minor one, and a code that does not fit the county and the class."""
        if self.kind and not is_minor(self.kind):
            raise ValidationError({"kind": gettext("Choose the class itself, not the group above it.")})
        if self.code:
            demand_part_code(self.code, self.kind)
        elif not self._state.adding:
            raise ValidationError({"code": gettext("A part keeps its code: write it again.")})

    def complete(self) -> None:
        """Gives it a code, unless it came with one; serials that came with others are passed over."""
        if self.code:
            pass_over(self.code, self.kind)
            return
        self.code = next_part_code(self.kind)
        while Part.objects.filter(code=self.code).exists():
            self.code = next_part_code(self.kind)


class PatrolPlan(Record):
    """A patrol plan (巡查计划): which grid is walked, how often, by whom, and what to look at."""

    class Often(models.TextChoices):
        DAILY = "daily", _("Every day")
        WORKING_DAYS = "working-days", _("Every working day")
        TWICE_A_WEEK = "twice-a-week", _("Twice a week")
        WEEKLY = "weekly", _("Once a week")

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("state of a patrol plan", "In force")
        RESTING = "resting", pgettext_lazy("state of a patrol plan", "Resting")

    title = Text(_("Name"), max_length=80, group=_("Patrol"))
    often = Choice(_("How often"), choices=Often.choices, default=Often.WORKING_DAYS, group=_("Patrol"))
    minutes = Whole(
        pgettext_lazy("of a walk", "Length"),
        unit="min",
        default=60,
        group=_("Patrol"),
        help_text=_("A walk of half of it counts as a patrol."),
    )
    who = Text(_("Who walks"), max_length=80, blank=True, group=_("Patrol"), help_text=_("A post or a team."))
    look_at = LongText(_("What to look at"), blank=True, max_length=1000, group=_("Patrol"))
    place = Place(_("Where it begins"), group=_("Patrol"))
    state = Choice(_("State"), choices=State.choices, default=State.ACTIVE, group=_("Patrol"))

    class Meta:
        verbose_name = _("patrol plan")
        verbose_name_plural = _("Patrols")

    class Face(Record.Face):
        icon = "walk"
        prefix = "XC"
        title = "title"
        keywords = ("巡查", "网格", "patrol")

    def __str__(self) -> str:
        return str(self.title)

    def clean(self) -> None:
        """A patrol takes time."""
        if not 5 <= self.minutes <= 480:
            raise ValidationError({"minutes": gettext("Between 5 minutes and 8 hours.")})


class Patrol(models.Model):
    """One walk (巡查轨迹), kept with the walker's consent, in working hours only.

    The points say where somebody was and when: they and the name are forgotten after `patrolling.KEPT`; the cells that
    were covered stay.
    """

    plan = models.ForeignKey(PatrolPlan, null=True, on_delete=models.PROTECT, related_name="patrols")
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    """Who walks; None once it is forgotten."""
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()
    """When the walker agreed to this walk's being kept."""
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    points: models.JSONField[Any, Any] = models.JSONField(default=list)
    """[[longitude, latitude, seconds since the start], …], degrees, as the device told them."""
    cells: models.JSONField[Any, Any] = models.JSONField(default=list)
    """Cells of 100 m by 100 m (万米单元网格 is 10 000 m²) that were walked through, in their order."""
    metres = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)
    """Between the first and the last point."""

    scope: ClassVar[Scope] = Scope(organisation="organisation", area="area", person="user")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=models.Q(ended_at=None), name="one_walk_at_a_time")
        ]
        indexes = [models.Index(fields=["plan", "started_at"], name="walks_of_a_plan")]

    def __str__(self) -> str:
        return f"{self.plan or self.area} {self.started_at:%Y-%m-%d}"


class PatrolInspection(Record):
    """An inspection of a patrolled grid (督查抽查): a supervisor looks what stands there and what the patrol told.

    Nobody inspects a grid they walk themselves.
    """

    class Way(models.TextChoices):
        ON_FOOT = "on-foot", _("Sample on foot")
        VIDEO = "video", _("Sample by video")
        CENSUS = "census", _("Census of a class")
        RECHECK = "recheck", _("Second look")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("state of an inspection", "Planned")
        DONE = "done", pgettext_lazy("state of an inspection", "Done")
        DROPPED = "dropped", pgettext_lazy("state of an inspection", "Dropped")

    title = Text(_("Name"), max_length=80)
    way = Choice(_("How it is inspected"), choices=Way.choices, default=Way.ON_FOOT)
    on = Day(pgettext_lazy("of an inspection", "Day"), default=timezone.localdate)
    plan = Link(
        PatrolPlan,
        _("Patrol inspected"),
        null=True,
        blank=True,
        help_text=_("Without one it is the plan in force of the area where a finding lies."),
    )
    who = Text(
        _("Who inspects"), max_length=80, blank=True, help_text=_("A post or a team that does not walk this grid.")
    )
    state = Choice(_("State"), choices=State.choices, default=State.PLANNED)
    remarks = LongText(_("Remarks"), blank=True, max_length=1000)

    class Meta:
        verbose_name = _("patrol inspection")
        verbose_name_plural = _("Patrol inspections")

    class Face(Record.Face):
        icon = "eye"
        prefix = "DC"
        title = "title"
        order = ("-on",)
        keywords = ("督查", "抽查", "复查", "普查", "漏报", "inspection")

    def __str__(self) -> str:
        return str(self.title)

    def complete(self) -> None:
        """Lies where its patrol does, unless it was said."""
        if self.area_id is None and self.plan is not None:
            self.area_id = self.plan.area_id


class PatrolFinding(Record):
    """A finding of an inspection (抽查发现): what stands there, since when, and whether the patrol had told of it.

    It is compared with the events that are known; a new one becomes an event. What was judged is changed by the verbs
    of inspections alone.
    """

    class Stood(models.TextChoices):
        FRESH = "fresh", _("Just come up")
        HOURS = "hours", _("For some hours")
        DAY = "day", _("For a day or more")
        WEEK = "week", _("For a week or more")
        UNKNOWN = "unknown", _("Cannot be told")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("state of a finding", "To judge")
        TOLD = "told", pgettext_lazy("state of a finding", "Told by the patrol")
        MISSED = "missed", pgettext_lazy("state of a finding", "Missed by the patrol")
        EXCUSED = "excused", pgettext_lazy("state of a finding", "Not held against the patrol")

    class Reason(models.TextChoices):
        TOLD = "told", _("The patrol had told of it.")
        WALKED_BY = "walked-by", _("A walk came through this square while it stood there.")
        NOT_WALKED = "not-walked", _("It stood there longer than the patrol may stay away.")
        FRESH = "fresh", _("It may have come up after the last walk.")
        UNKNOWN = "unknown", _("Nobody can tell since when it stood there.")
        NO_PATROL = "no-patrol", _("No patrol plan covers the place.")
        OTHER_CLASS = "other-class", _("Patrols need not tell of this class.")
        APPEALED = "appealed", _("The judgement was taken back.")

    inspection = Link(PatrolInspection, pgettext_lazy("of a finding", "Inspection"))
    type = EventTypeField(pgettext_lazy("of a finding", "Class"))
    text = LongText(_("What stands there"), max_length=1000)
    seen_at = Moment(_("Seen at"), default=timezone.now)
    stood = Choice(
        _("Standing"),
        choices=Stood.choices,
        default=Stood.UNKNOWN,
        help_text=_("As far as one can tell from its look."),
    )
    place = Place(_("Place"))
    address = Text(_("Address"), max_length=200, blank=True)
    part = Link(Part, _("Part of the city"), null=True, blank=True)
    state = Choice(_("State"), choices=State.choices, default=State.WAITING, editable=False)
    reason = Choice(_("Why"), choices=Reason.choices, blank=True, editable=False)
    event = Link(Event, _("Event"), null=True, editable=False)

    class Meta:
        verbose_name = _("inspection finding")
        verbose_name_plural = _("Inspection findings")

    class Face(Record.Face):
        icon = "search"
        prefix = "FX"
        title = "text"
        order = ("-seen_at",)
        keywords = ("抽查发现", "漏报", "finding")

    def __str__(self) -> str:
        return str(self.number)

    def clean(self) -> None:
        """What was judged stays as it was seen; nothing is seen in the future."""
        if not self._state.adding and self.state != self.State.WAITING:
            raise ValidationError(gettext("It was judged: take the judgement back before anything is changed."))
        if self.seen_at is not None and self.seen_at > timezone.now() + AHEAD:
            raise ValidationError({"seen_at": gettext("It cannot have been seen in the future.")})

    def complete(self) -> None:
        """Lies where its inspection does, unless it was said."""
        if self.area_id is None:
            self.area_id = self.inspection.area_id
