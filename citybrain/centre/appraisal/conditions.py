"""Which facts count in a period (应办口径): what was told, accepted, handled, closed in it, and should have been."""

from __future__ import annotations

from django.db.models import Q

from citybrain.centre.appraisal.measuring import Period

PUBLIC = ("hotline", "citizen", "peer")
"""Channels by which the public tells (监督举报)."""


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
    """Checked in the period for the first time (核查)."""
    return period.within("checked_at")


def should_be_checked(period: Period) -> Q:
    """应核查数: checked in the period, or past the limit of checking at its end and not checked."""
    late = Q(check_due_at__lt=period.until) & (Q(checked_at=None) | Q(checked_at__gte=period.until))
    return checked(period) | late


def verified(period: Period) -> Q:
    """Told by the public first, and verified in the period (核实)."""
    return Q(channel__in=PUBLIC) & period.within("decided_at")


def should_be_verified(period: Period) -> Q:
    """应核实数: what the public told that was verified in the period, or past the limit at its end and not verified."""
    late = Q(verify_due_at__lt=period.until) & (Q(decided_at=None) | Q(decided_at__gte=period.until))
    return verified(period) | (Q(channel__in=PUBLIC) & late)
