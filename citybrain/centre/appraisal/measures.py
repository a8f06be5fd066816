"""The indicators (考核指标), those of handling: each a numerator and a denominator over the facts, said in words.

Where each formula is from says its mark: `docs/appraisal.md` has them all.
Nothing divides by zero: a rate without cases is not known, and shown as “—”.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from citybrain.centre.appraisal.collection import COLLECTION
from citybrain.centre.appraisal.conditions import (
    PUBLIC,
    accepted,
    checked,
    closed,
    dispatched,
    handled,
    should_be_checked,
    should_be_closed,
    should_be_handled,
    should_be_verified,
    told,
    verified,
)
from citybrain.centre.appraisal.measuring import Measure, Unit
from citybrain.centre.events.models import Event

GOOD_STARS = 4
"""Stars from which a reporter is called content."""

FIXED = Q(result=Event.Result.FIXED)
ANSWERED = Q(result=Event.Result.ANSWERED)

HANDLING: tuple[Measure, ...] = (
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
        formula=_("Accepted or rejected in the period of what the public told, over those that should have been."),
        above=verified,
        below=should_be_verified,
    ),
    Measure(
        key="verified_in_time",
        title="Verified in time",
        chinese="按时核实率",
        formula=_("Accepted or rejected within the limit of what the public told, over those that should have been."),
        above=lambda period: verified(period) & Q(verified_in_time=True),
        below=should_be_verified,
        mark="C",
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
        key="checked",
        title="Check rate",
        chinese="核查率",
        formula=_("Checked in the period, over those and those past their limit of checking at its end."),
        above=checked,
        below=should_be_checked,
    ),
    Measure(
        key="checked_in_time",
        title="Checked in time",
        chinese="按时核查率",
        formula=_("Checked within the limit, over those that should have been checked."),
        above=lambda period: checked(period) & Q(checked_in_time=True),
        below=should_be_checked,
        mark="C",
    ),
    Measure(
        key="handle_hours",
        title="Mean handling time",
        chinese="平均处置时长",
        formula=_("Mean hours from signing to the last report, without checks and pauses that stop the clock."),
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
"""Indicators of handling, in the order of the standard's stages."""

MEASURES = (*HANDLING, *COLLECTION)
"""Every indicator: of handling, then of collecting."""

BY_KEY = {measure.key: measure for measure in MEASURES}

EXCLUSIONS: dict[str, str | Promise] = {
    "exercise": _("Exercises"),
    "merged": _("Merged into another event, which counts"),
    "cancelled": _("Cancelled"),
    "out-of-county": _("Not in this county"),
    "not-government": _("Not a matter of government"),
}
"""Why events are left out, in words; every page says how many were."""
