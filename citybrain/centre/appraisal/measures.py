"""The indicators of handling (考核指标): each a numerator and a denominator over the facts, said in words.

[V] the formula was read in a source, [K] the name is in use and the formula is ours: `docs/appraisal.md` has them all.
Nothing divides by zero: a rate without cases is not known, and shown as “—”.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Avg, Count, F, Q, Sum
from django.db.models.expressions import Combinable
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from citybrain.centre.events.models import Event
from citybrain.ui.formats import is_chinese

GOOD_STARS = 4
"""Stars from which a reporter is called content."""

PUBLIC = ("hotline", "citizen", "peer")
"""Channels by which the public tells (监督举报)."""


@dataclass(frozen=True, kw_only=True)
class Period:
    """From when until when is counted; `until` is not part of it, and never after now."""

    since: datetime
    until: datetime

    def within(self, column: str) -> Q:
        """The condition that a moment lies in it."""
        return Q(**{f"{column}__gte": self.since, f"{column}__lt": self.until})

    @property
    def touched(self) -> Q:
        """Events that can count in it: open at some time of it."""
        return Q(opened_at__lt=self.until) & (Q(closed_at=None) | Q(closed_at__gte=self.since))

    @property
    def before(self) -> Period:
        """The period of the same length before it."""
        return Period(since=self.since - (self.until - self.since), until=self.since)


class Unit(StrEnum):
    """What a value is."""

    RATE = "rate"
    """Numerator over denominator, 0 to 1."""
    COUNT = "count"
    HOURS = "hours"
    STARS = "stars"


Condition = Callable[[Period], Q]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One indicator."""

    key: str
    title: str
    """English name."""
    chinese: str
    """Name as the standard prints it."""
    formula: str | Promise
    """In words."""
    above: Condition
    """Which facts the numerator counts."""
    below: Condition | None = None
    """Which facts the denominator counts; None for what is no rate."""
    value: str = ""
    """Column that is summed (a rate, a count) or averaged (hours, stars) in place of counting facts."""
    over: str = ""
    """Column that the denominator sums in place of counting facts."""
    unit: Unit = Unit.RATE
    is_higher_better: bool | None = True
    """None for what is neither good nor bad."""
    mark: str = "K"
    """V the formula was read, K the name is in use, O our own."""

    @property
    def name(self) -> str:
        """What it is called in the reader's language."""
        return self.chinese if is_chinese() else self.title

    @property
    def numerator(self) -> str:
        """Name of its numerator in the statement."""
        return f"{self.key}_above"

    @property
    def denominator(self) -> str:
        """Name of its denominator in the statement."""
        return f"{self.key}_below"

    def columns(self, period: Period) -> dict[str, Combinable]:
        """What the statement asks for it."""
        own = self.above(period)
        if self.unit in (Unit.HOURS, Unit.STARS):
            return {self.numerator: Avg(self.value, filter=own), self.denominator: Count(self.value, filter=own)}
        asked: dict[str, Combinable] = {
            self.numerator: Sum(F(self.value), filter=own) if self.value else Count("pk", filter=own)
        }
        if self.below is not None:
            base = self.below(period)
            asked[self.denominator] = Sum(F(self.over), filter=base) if self.over else Count("pk", filter=base)
        return asked


def told(period: Period) -> Q:
    """Told in the period."""
    return period.within("opened_at")


def accepted(period: Period) -> Q:
    """Accepted in the period (立案数)."""
    return period.within("accepted_at")


def dispatched(period: Period) -> Q:
    """Dispatched in the period for the first time."""
    return period.within("dispatched_at")


def handled(period: Period) -> Q:
    """Reported done in the period for the first time (处置数)."""
    return period.within("handled_at")


def closed(period: Period) -> Q:
    """Closed in the period (结案数)."""
    return period.within("closed_at")


def should_be_handled(period: Period) -> Q:
    """应处置数: handled in the period, or past its limit at its end and not handled."""
    late = Q(handle_due_at__lt=period.until) & (Q(handled_at=None) | Q(handled_at__gte=period.until))
    return handled(period) | late


def should_be_closed(period: Period) -> Q:
    """应结案数: closed in the period, or past its limit at its end and still open."""
    late = Q(whole_due_at__lt=period.until) & Q(accepted_at__lt=period.until)
    return closed(period) | (late & (Q(closed_at=None) | Q(closed_at__gte=period.until)))


def checked(period: Period) -> Q:
    """Checked in the period for the first time."""
    return period.within("checked_at")


FIXED = Q(result=Event.Result.FIXED)
ANSWERED = Q(result=Event.Result.ANSWERED)

MEASURES: tuple[Measure, ...] = (
    Measure(
        key="told",
        title="Told",
        chinese="上报数",
        formula=_("Events first told in the period."),
        above=told,
        unit=Unit.COUNT,
        is_higher_better=None,
    ),
    Measure(
        key="accepted",
        title="Accepted",
        chinese="立案数",
        formula=_("Events accepted in the period."),
        above=accepted,
        unit=Unit.COUNT,
        is_higher_better=None,
    ),
    Measure(
        key="acceptance",
        title="Acceptance rate",
        chinese="立案率",
        formula=_("Accepted among those told in the period."),
        above=lambda period: told(period) & Q(accepted_at__isnull=False),
        below=told,
        is_higher_better=None,
    ),
    Measure(
        key="acceptance_in_time",
        title="Accepted in time",
        chinese="按时立案率",
        formula=_("Accepted within the limit of verifying, among those accepted in the period."),
        above=lambda period: accepted(period) & Q(accepted_in_time=True),
        below=accepted,
    ),
    Measure(
        key="verified",
        title="Verification rate",
        chinese="核实率",
        formula=_("Accepted or rejected among those told in the period."),
        above=lambda period: told(period) & Q(decided_at__isnull=False),
        below=told,
        mark="P",
    ),
    Measure(
        key="right_dispatch",
        title="Right dispatches",
        chinese="准确派遣率",
        formula=_("Dispatches neither sent back nor reassigned, over all dispatches of events first dispatched in it."),
        above=dispatched,
        value="right",
        below=dispatched,
        over="dispatches",
    ),
    Measure(
        key="handling",
        title="Handling rate",
        chinese="处置率",
        formula=_("Reported done in the period, over those and those past their limit and not handled at its end."),
        above=handled,
        below=should_be_handled,
    ),
    Measure(
        key="handling_in_time",
        title="Handled in time",
        chinese="按期处置率",
        formula=_("Reported done within the limit, over those that should have been handled."),
        above=lambda period: handled(period) & Q(handled_in_time=True),
        below=should_be_handled,
    ),
    Measure(
        key="closing",
        title="Closing rate",
        chinese="结案率",
        formula=_("Closed in the period, over those and those past their whole limit and open at its end."),
        above=closed,
        below=should_be_closed,
        mark="V",
    ),
    Measure(
        key="closing_in_time",
        title="Closed in time",
        chinese="按期结案率",
        formula=_("Closed within the whole limit, over those that should have been closed."),
        above=lambda period: closed(period) & Q(closed_in_time=True),
        below=should_be_closed,
        mark="V",
    ),
    Measure(
        key="weighted_in_time",
        title="Closed in time, by difficulty",
        chinese="难度加权按期结案率",
        formula=_("Difficulties of the events closed within the whole limit, over those that should have been closed."),
        above=lambda period: closed(period) & Q(closed_in_time=True),
        value="weight",
        below=should_be_closed,
        over="weight",
        mark="O",
    ),
    Measure(
        key="closing_late",
        title="Closed late",
        chinese="超期结案率",
        formula=_("Closed after the whole limit, over those that should have been closed."),
        above=lambda period: closed(period) & Q(closed_in_time=False),
        below=should_be_closed,
        is_higher_better=False,
        mark="P",
    ),
    Measure(
        key="rework",
        title="Rework rate",
        chinese="返工率",
        formula=_("Events sent back to work at least once, among those reported done in the period."),
        above=lambda period: handled(period) & Q(reworks__gt=0),
        below=handled,
        is_higher_better=False,
    ),
    Measure(
        key="reworks",
        title="Reworks",
        chinese="返工次数",
        formula=_("Times sent back to work, of events reported done in the period."),
        above=handled,
        value="reworks",
        unit=Unit.COUNT,
        is_higher_better=False,
        mark="V",
    ),
    Measure(
        key="public_reports",
        title="Reported by the public",
        chinese="监督举报率",
        formula=_("Accepted events that the public told first, among those accepted in the period."),
        above=lambda period: accepted(period) & Q(channel__in=PUBLIC),
        below=accepted,
        is_higher_better=False,
        mark="V",
    ),
    Measure(
        key="found",
        title="Found by ourselves",
        chinese="主动发现率",
        formula=_("Accepted events that patrols, staff, devices or checks told first, among those accepted."),
        above=lambda period: accepted(period) & Q(is_found=True),
        below=accepted,
        mark="O",
    ),
    Measure(
        key="checked_in_time",
        title="Checked in time",
        chinese="按时核查率",
        formula=_("Checked within the limit, among those checked in the period."),
        above=lambda period: checked(period) & Q(checked_in_time=True),
        below=checked,
        mark="P",
    ),
    Measure(
        key="handle_hours",
        title="Mean handling time",
        chinese="平均处置时长",
        formula=_("Mean hours from signing to the first report, without pauses that stop the clock."),
        above=handled,
        value="handle_hours",
        unit=Unit.HOURS,
        is_higher_better=False,
        mark="P",
    ),
    Measure(
        key="fixed",
        title="Fixed",
        chinese="实际解决率",
        formula=_("Closed as fixed with proof, among those closed in the period."),
        above=lambda period: closed(period) & FIXED,
        below=closed,
        mark="O",
    ),
    Measure(
        key="answered",
        title="Answered only",
        chinese="仅答复率",
        formula=_("Closed with an answer and no work done, among those closed in the period."),
        above=lambda period: closed(period) & ANSWERED,
        below=closed,
        is_higher_better=None,
        mark="O",
    ),
    Measure(
        key="first_time",
        title="Fixed the first time",
        chinese="一次办结率",
        formula=_("Fixed without rework and never reopened, among those closed as fixed in the period."),
        above=lambda period: closed(period) & FIXED & Q(reworks=0, reopens=0),
        below=lambda period: closed(period) & FIXED,
        mark="O",
    ),
    Measure(
        key="reopened",
        title="Reopened",
        chinese="重办率",
        formula=_("Reopened at least once, among those closed in the period."),
        above=lambda period: closed(period) & Q(reopens__gt=0),
        below=closed,
        is_higher_better=False,
        mark="O",
    ),
    Measure(
        key="content",
        title="Content reporters",
        chinese="满意率",
        formula=_("Rated with four stars or more, among those closed in the period and rated."),
        above=lambda period: closed(period) & Q(stars__gte=GOOD_STARS),
        below=lambda period: closed(period) & Q(stars__isnull=False),
        mark="K",
    ),
    Measure(
        key="solved",
        title="Solved, say the reporters",
        chinese="群众认可解决率",
        formula=_("Called solved by the reporter, among those closed in the period and rated."),
        above=lambda period: closed(period) & Q(is_solved=True),
        below=lambda period: closed(period) & Q(is_solved__isnull=False),
        mark="O",
    ),
    Measure(
        key="urges",
        title="Urged",
        chinese="催办次数",
        formula=_("Times urged, of events closed in the period."),
        above=closed,
        value="urges",
        unit=Unit.COUNT,
        is_higher_better=False,
        mark="O",
    ),
)
"""Every indicator, in the order of the standard's stages."""

BY_KEY = {measure.key: measure for measure in MEASURES}

EXCLUSIONS: dict[str, str | Promise] = {
    "exercise": _("Exercises"),
    "merged": _("Merged into another event, which counts"),
    "cancelled": _("Cancelled"),
    "out-of-county": _("Not in this county"),
    "not-government": _("Not a matter of government"),
}
"""Why events are left out, in words; every page says how many were."""
