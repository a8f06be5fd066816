"""What escalation calls when marks are due that are no clock's: the backstop takes an event, a pause is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from citybrain.centre.events import backstop, pauses
from citybrain.centre.events.actions import act
from citybrain.centre.events.escalation import handler
from citybrain.centre.events.journal import locked
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Event, Mark, Step
from citybrain.centre.events.orders import Order
from citybrain.kernel.identity.actor import SYSTEM

AGAIN = timedelta(hours=1)
"""After which an event is looked at again that nobody could take."""


@handler(backstop.CLOCK)
def take_over(event: Event, mark: Mark, now: datetime) -> Step | None:
    """Gives an event that nobody took to the backstop; None when somebody took it meanwhile."""
    with transaction.atomic():
        fresh = locked(event)
        if not backstop.waiting(Event.objects.filter(pk=fresh.pk)).exists():
            return None
        taker = backstop.taker_of(fresh)
        if taker.holding is None and taker.organisation.pk == fresh.organisation_id:
            # Nobody in the county may take it now: it is looked at again before long.
            Mark.objects.get_or_create(event=fresh, clock=backstop.CLOCK, percent=100, at=now + AGAIN)
            return None
        order = Order(
            verb=Verb.TAKE,
            reason="backstop",
            text=_("Nobody took it in time: the backstop does."),
            organisation=taker.organisation,
            person=taker.holding.user if taker.holding is not None else None,
            post=taker.holding.post if taker.holding is not None else None,
        )
        return act(fresh, order, SYSTEM, seen=fresh.steps, client="house", at=max(now, fresh.changed_at))


@handler(pauses.CLOCK)
def go_on(event: Event, mark: Mark, now: datetime) -> Step | None:
    """Ends a pause whose time is over; None when somebody ended it meanwhile."""
    with transaction.atomic():
        fresh = locked(event)
        if fresh.state != State.PAUSED:
            return None
        order = Order(verb=Verb.RESUME, text=_("The time it was to rest is over: it goes on."))
        return act(fresh, order, SYSTEM, seen=fresh.steps, client="house", at=max(mark.at, fresh.changed_at))
