"""The indicators of collecting (信息采集评价): what patrols told that was so, what was not, and what they missed.

What a patrol missed (漏报) is known only where somebody looked: a supervisor who inspects a patrolled area and finds
standing what the patrol should have told (`events.patrolled`). Without an inspection the rate is not known, never 0.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citybrain.centre.appraisal.conditions import accepted, told
from citybrain.centre.appraisal.measuring import Measure, Period, Unit

BY = ("area", "type")
"""Collectors are compared by the area they walk and by class."""


def told_by_patrols(period: Period) -> Q:
    """Told in the period by patrols first, not by an inspection, and decided (监督员上报数)."""
    return told(period) & Q(channel="patrol", is_inspection=False, decided_at__isnull=False)


def valid(period: Period) -> Q:
    """有效上报数: accepted in the period, and a patrol told it before anybody found that it had not."""
    return accepted(period) & Q(is_patrolled=True, missed_at=None)


def missed(period: Period) -> Q:
    """漏报数: found in the period that the patrol should have told and had not, and accepted."""
    return period.within("missed_at") & Q(accepted_at__isnull=False)


def inspected(period: Period) -> Q:
    """What an inspection found standing in the period, told by the patrol or not."""
    return period.within("inspected_at")


COLLECTION: tuple[Measure, ...] = (
    Measure(
        key="patrol_valid",
        title="Valid patrol reports",
        chinese="有效上报数",
        formula=_("Events accepted in the period that a patrol told."),
        above=valid,
        unit=Unit.COUNT,
        is_higher_better=None,
        mark="C",
        by=BY,
    ),
    Measure(
        key="patrol_valid_rate",
        title="Valid share of patrol reports",
        chinese="有效上报率",
        formula=_("Accepted among those told by patrols in the period and decided."),
        above=lambda period: told_by_patrols(period) & Q(accepted_at__isnull=False),
        below=told_by_patrols,
        mark="C",
        by=BY,
    ),
    Measure(
        key="patrol_false",
        title="False patrol reports",
        chinese="虚报率",
        formula=_(
            "Found not to be so, on verifying or on site, among those told by patrols in the period and decided."
        ),
        above=lambda period: told_by_patrols(period) & Q(is_false=True),
        below=told_by_patrols,
        is_higher_better=False,
        by=BY,
    ),
    Measure(
        key="patrol_missed",
        title="Missed by patrols",
        chinese="漏报数",
        formula=_("Accepted events that an inspection found in the period and the patrol should have told before."),
        above=missed,
        unit=Unit.COUNT,
        is_higher_better=False,
        mark="C",
        known=inspected,
        by=BY,
    ),
    Measure(
        key="patrol_missed_rate",
        title="Missed-report rate",
        chinese="漏报率",
        formula=_("Missed by patrols, over valid patrol reports and missed ones; known only where somebody inspected."),
        above=missed,
        below=lambda period: valid(period) | missed(period),
        is_higher_better=False,
        mark="C",
        known=inspected,
        by=BY,
    ),
)
"""Indicators of collecting."""
