"""Who reported (反映人): shown to officials under a pseudonym, disclosed for a purpose, which the citizen can see."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from citybrain.centre.events.models import Event, Reporter, Signal
from citybrain.centre.events.permissions import ANSWER_FOR, VIEW
from citybrain.centre.events.reporters import Contact, contact_of, known_reporter, opened
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped
from citybrain.kernel.identity.security_log import log_security
from citybrain.kernel.records.masking import pseudonym

SHORTEST_PURPOSE = 2
"""Characters of a purpose; “回访” says it."""

CALL = "call"
"""Purpose of the hotline's look at earlier matters of the caller who is on the line."""


@dataclass(frozen=True, kw_only=True)
class Disclosed:
    """Who a reporter is, in clear."""

    name: str
    contact: str
    kind: str
    """`mobile`, `phone`, `email`, `system`, `other`; empty for none."""


def disclose_reporter(reporter: Reporter, actor: Actor, purpose: str) -> Disclosed:
    """Name and contact of a reporter, and one line in the security log that names them by their pseudonym.

    Raises ValidationError without a purpose, PermissionDenied without the permission, or when the person may see no
    event that the reporter told of.
    """
    stated = " ".join(purpose.split())[:200]
    if len(stated) < SHORTEST_PURPOSE:
        raise ValidationError({"purpose": _("Say what you need the values for.")})
    told = actor.for_purpose(stated)
    reported = events_of(reporter)
    if not actor.may(ANSWER_FOR):
        raise PermissionDenied(_("Your post does not carry the permission “%s”.") % _(ANSWER_FOR.title))
    event = scoped(reported, told, VIEW).order_by("-pk").first()
    if event is None:
        raise PermissionDenied(_("You see no event that this person told of."))
    with transaction.atomic():
        log_security(
            told,
            "disclose",
            thing="event",
            thing_id=event.number,
            detail={"fields": ["name", "contact"], "reporter": str(reporter)},
            subject=subject_of(reporter),
        )
    name, contact = opened(reporter)
    return Disclosed(name=name, contact=contact, kind=reporter.contact_kind)


def subject_of(reporter: Reporter) -> str:
    """Pseudonym by which the security log names the reporter: that of the account where there is one."""
    return pseudonym("account", str(reporter.user_id)) if reporter.user_id else reporter.pseudonym


def events_of(reporter: Reporter) -> QuerySet[Event]:
    """Events a reporter told of, and the heads those were merged into."""
    own = Event.objects.filter(signals__reporter=reporter)
    return Event.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=own.values("merged_into")))


def caller(number: str) -> tuple[Contact, Reporter | None]:
    """The number somebody calls from in one spelling, and the reporter who has it; None for a first call."""
    contact = contact_of(number)
    return contact, known_reporter(contact)


def earlier(reporter: Reporter, actor: Actor, *, most: int = 10, is_logged: bool = True) -> list[Event]:
    """The caller's earlier matters, the newest first, opened for the call itself; the log keeps that it was.

    `is_logged` is False while one call goes on and the page is drawn once more.

    Raises PermissionDenied without the permissions to see events and who reported them: whoever asks by a number
    learns whose it is.
    """
    if not actor.may(ANSWER_FOR):
        raise PermissionDenied(_("Your post does not carry the permission “%s”.") % _(ANSWER_FOR.title))
    told = actor.for_purpose(_("Call"))
    rows = scoped(events_of(reporter), told, VIEW).select_related("organisation").order_by("-opened_at")
    found = list(rows[:most])
    if found and is_logged:
        log_security(
            told,
            "disclose",
            thing="event",
            thing_id=found[0].number,
            detail={"fields": ["earlier"], "events": [event.number for event in found], "reporter": str(reporter)},
            subject=subject_of(reporter),
        )
    return found


def mine(user_id: int | None) -> QuerySet[Signal]:
    """What a citizen with an account told of, by any channel."""
    return Signal.objects.filter(reporter__user_id=user_id) if user_id is not None else Signal.objects.none()
