"""Verbs about standing in (代理): a deputy acts under the post of an absent colleague, in both names, for a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.deciding import demand, demand_compatible
from citybrain.kernel.identity.models import Appointment, Delegation, User
from citybrain.kernel.identity.permissions import APPOINT
from citybrain.kernel.identity.security_log import log_security

LONGEST = timedelta(days=183)
"""How long somebody may stand in before it has to be decided again."""


def delegate(
    actor: Actor, appointment: Appointment, deputy: User, *, since: datetime, until: datetime, reason: str
) -> Delegation:
    """Let `deputy` act under the post of an appointment from a moment until a moment.

    Its holder decides this, acting under their own post; for a colleague who cannot, whoever may appoint does, never in
    favour of themself. The deputy gets what the post has and nothing more, cannot pass it on, and loses it with the
    appointment.
    """
    post = appointment.post
    is_own = appointment.user_id == actor.user_id
    if not is_own:
        demand(actor, APPOINT, post.organisation)
    if actor.on_behalf_of:
        raise PermissionDenied(_("Who stands in for somebody cannot pass it on: switch to your own post."))
    if deputy.pk == appointment.user_id or deputy.pk == actor.user_id:
        raise ValidationError(_("Choose a colleague: nobody stands in for themselves or by their own decision."))
    if not deputy.is_active or deputy.kind != User.Kind.OFFICIAL:
        raise ValidationError(_("%s has no open account of an official.") % deputy.name)
    if not reason.strip():
        raise ValidationError(_("Say why: it stands in the log."))
    _demand_window(appointment, since, until)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=deputy.pk)
        meanwhile = appointment.delegations.filter(revoked_at=None, since__lt=until, until__gt=since)
        if (other := meanwhile.select_related("deputy").first()) is not None:
            text = _("%(deputy)s stands in already from %(since)s to %(until)s: end that first.")
            words = {
                "deputy": other.deputy.name,
                "since": f"{timezone.localtime(other.since):%Y-%m-%d %H:%M}",
                "until": f"{timezone.localtime(other.until):%Y-%m-%d %H:%M}",
            }
            raise ValidationError(text % words)
        first_day, last_day = timezone.localdate(since), timezone.localdate(until)
        demand_compatible(deputy, post.roles, first_day, last_day, None)
        made = Delegation.objects.create(
            appointment=appointment, deputy=deputy, since=since, until=until, reason=reason.strip()
        )
        detail = {
            "holder": appointment.user.username,
            "deputy": deputy.username,
            "since": since.isoformat(),
            "until": until.isoformat(),
            "reason": reason.strip(),
        }
        log_security(actor, "delegate", post, detail=detail)
    return made


def _demand_window(appointment: Appointment, since: datetime, until: datetime) -> None:
    """Raises ValidationError for a time that is over, too long, turned round, or outside the appointment."""
    if until <= since:
        raise ValidationError(_("The end lies before the beginning."))
    if until <= timezone.now():
        raise ValidationError(_("That time is over."))
    if until - since > LONGEST:
        raise ValidationError(_("Nobody stands in for longer than %d days at a time.") % LONGEST.days)
    if not appointment.post.is_active:
        raise ValidationError(_("The post “%s” is closed.") % appointment.post)
    if timezone.localdate(since) < appointment.since or (
        appointment.until is not None and timezone.localdate(until) > appointment.until
    ):
        raise ValidationError(_("The appointment does not last the whole of that time."))


def revoke_delegation(actor: Actor, delegation: Delegation) -> None:
    """End a delegation now: its giver, its deputy, or whoever may appoint. Ending it twice is harmless."""
    appointment = delegation.appointment
    if actor.user_id not in (appointment.user_id, delegation.deputy_id):
        demand(actor, APPOINT, appointment.post.organisation)
    with transaction.atomic():
        revoked = Delegation.objects.filter(pk=delegation.pk, revoked_at=None).update(revoked_at=timezone.now())
        if revoked:
            detail = {"holder": appointment.user.username, "deputy": delegation.deputy.username}
            log_security(actor, "revoke-delegation", appointment.post, detail=detail)
    delegation.refresh_from_db()
