"""The responsibility map (责任清单): which body answers for which matters where, and rules that wait for a decision."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citybrain.centre.duties.permissions import DECIDE, VIEW
from citybrain.declare.event import EventType, Kind
from citybrain.kernel.identity.models import Area, Organisation, User
from citybrain.kernel.identity.scope import Scope
from citybrain.kernel.records.fields import Choice, Day, LongText, Text, YesNo
from citybrain.kernel.records.models import Record
from citybrain.kernel.registry.registry import did_you_mean, registry


class Covers(models.TextChoices):
    """By what a duty names its matters, the most specific first."""

    TYPE = "type", _("One class")
    """Key of an event type: `pothole`."""
    FAMILY = "family", _("Family of classes")
    """Key that like classes share: `litter`."""
    CODE = "code", _("Codes that begin with")
    """Code set and beginning: `gbt30428-2013-events:01`."""
    KIND = "kind", _("Kind of event")
    """component, event, request, warning, emergency, inspection, data."""
    ALL = "all", _("Every matter")


class Duty(Record):
    """A duty (责任事项): one body leads, or assists, with some matters in an area, by the clause that says so.

    `organisation` is the body, `area` where it holds with everything below; without an area in the whole county.
    """

    class Role(models.TextChoices):
        LEAD = "lead", pgettext_lazy("role of a duty", "Leads")
        ASSIST = "assist", pgettext_lazy("role of a duty", "Assists")

    title = Text(_("Matters"), max_length=120)
    role = Choice(_("Role"), choices=Role.choices, default=Role.LEAD)
    covers = Choice(_("Named by"), choices=Covers.choices, default=Covers.TYPE)
    pattern = Text(
        _("Class, family, code or kind"),
        max_length=96,
        blank=True,
        db_index=True,
        help_text=_("pothole, litter, gbt30428-2013-events:01 or component; empty for every matter."),
    )
    asset_kind = Text(
        _("Only for assets of the kind"),
        max_length=64,
        blank=True,
        listed=False,
        help_text=_("Key of a register such as part: the duty holds for matters at such an asset alone."),
    )
    is_local = YesNo(
        _("Town of the place"),
        default=False,
        help_text=_("Instead of the body that keeps this duty, the town or zone in which the place lies answers."),
    )
    """属地: the body that answers is the town of the matter's area; `organisation` only keeps the rule."""
    clause = LongText(_("What the source says"), blank=True)
    source = Text(
        pgettext_lazy("a duty", "Source"),
        max_length=200,
        blank=True,
        help_text=_("The body's three determinations, or a paper."),
    )
    since = Day(pgettext_lazy("a duty", "Since"), default=timezone.localdate)
    until = Day(pgettext_lazy("a duty", "Until"), null=True, blank=True, listed=False)
    """Last day; None while it lasts."""
    decided_by = Text(_("Decided by"), max_length=120, blank=True, listed=False)

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("Duties")
        indexes = [models.Index(fields=["covers", "pattern"], name="duty_matter")]

    class Face(Record.Face):
        icon = "gavel"
        prefix = "ZR"
        title = "title"
        keywords = ("责任清单", "三定", "职责", "归口")
        permissions = {"view": VIEW.title, "decide": DECIDE.title}
        # Every body keeps its own registers; what it answers for it does not decide itself.
        written_by = "decide"

    def clean(self) -> None:
        """Refuses a pattern that names nothing, and an end before the beginning."""
        super().clean()
        errors: dict[str, Any] = {}
        if self.since and self.until and self.until < self.since:
            errors["until"] = _("It ends before it begins.")
        # A value that is none is named by the field itself.
        if self.covers in Covers.values and (text := what_is_wrong(Covers(self.covers), self.pattern)):
            errors["pattern"] = text
        if errors:
            raise ValidationError(errors)


def what_is_wrong(covers: Covers, pattern: str) -> str:
    """Why a pattern names no matter; empty when it does."""
    types = registry().of(EventType)
    known: list[str] = []
    match covers:
        case Covers.TYPE:
            known = [found.key for found in types]
        case Covers.FAMILY:
            known = [found.group for found in types]
        case Covers.CODE:
            code_set, _colon, code = pattern.partition(":")
            of_set = [found.code for found in types if found.code_set == code_set]
            if any(found.startswith(code) for found in of_set):
                return ""
            known = [f"{found.code_set}:{found.code}" for found in types if found.code]
        case Covers.KIND:
            known = [kind.value for kind in Kind]
        case Covers.ALL:
            return str(_("A duty for every matter names none: leave it empty.")) if pattern else ""
    if pattern in known:
        return ""
    return str(_("There is nothing called “%(pattern)s”.") % {"pattern": pattern}) + did_you_mean(pattern, known)


class Proposal(models.Model):
    """A rule that an arbiter's decision proposes (拟定规则): accepted it becomes a duty."""

    class State(models.TextChoices):
        OPEN = "open", _("To decide")
        ACCEPTED = "accepted", pgettext_lazy("state of a proposed rule", "Accepted")
        REFUSED = "refused", pgettext_lazy("state of a proposed rule", "Refused")

    type = models.CharField(max_length=64)
    """Key of the event type."""
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """The body that was found to be responsible."""
    event_number = models.CharField(max_length=40, blank=True)
    """The event it was decided at."""
    reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN, db_index=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    duty = models.ForeignKey(Duty, null=True, on_delete=models.PROTECT, related_name="proposals")
    """The duty it became."""

    scope: ClassVar[Scope] = Scope(organisation="organisation", area="area", person="proposed_by")

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "area", "organisation"], condition=models.Q(state="open"), name="one_open_proposal"
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} → {self.organisation}"
