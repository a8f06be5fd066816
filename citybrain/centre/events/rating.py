"""The reporter's word on the handling (回访评价): solved or not, one to five, and why.

“Not solved” reopens the event once, without argument; said again it comes under supervision, and a person decides.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.centre.events.actions import act
from citybrain.centre.events.journal import Line, locked, mirror, write
from citybrain.centre.events.machine import DONE, Verb
from citybrain.centre.events.merging import head_of
from citybrain.centre.events.models import Event, Rating, Signal
from citybrain.centre.events.orders import Order, clean
from citybrain.centre.events.refusals import NotLegal, Refused
from citybrain.kernel.identity.actor import SYSTEM, Actor

REPORTER = Actor(user_id=None, name="reporter", kind="citizen")
"""Whoever reported: the journal names their signal, never them."""


def rate(
    event: Event, signal: Signal, is_solved: bool, stars: int, text: str = "", *, at: datetime | None = None
) -> Rating:
    """Keeps what the reporter of `signal` says of the handling of the event, or of the one it was merged into.

    The caller has made sure that it is they who speak (secret link, account, call back). Raises Refused for a second
    word on the same closing, NotLegal while the event is not closed.
    """
    if not 1 <= stars <= 5:
        raise Refused("form", _("Give one to five stars."))
    words = clean(text)[:1000]
    try:
        with transaction.atomic():
            fresh = locked(head_of(Event.objects.get(pk=event.pk)))
            rating = _rated(fresh, signal, is_solved, stars, words, at)
    except IntegrityError as error:
        raise Refused("rating", _("You rated this already.")) from error
    if fresh.pk == event.pk:
        mirror(fresh, event)
    return rating


def _rated(event: Event, signal: Signal, is_solved: bool, stars: int, text: str, at: datetime | None) -> Rating:
    if event.state not in DONE or event.closed_at is None:
        raise NotLegal(Verb.RATE, event.state)
    if signal.event is None or head_of(signal.event).pk != event.pk:
        raise Refused("rating", _("This was reported for another event."))
    said = event.ratings.filter(at__gte=event.closed_at)
    if said.filter(signal=signal).exists():
        raise Refused("rating", _("You rated this already."))
    moment = at or max(timezone.now(), event.changed_at)
    # Of several who reported, the least content counts.
    others = list(said.values_list("stars", "is_solved"))
    facts = {
        "rating": min([stars, *(one for one, _solved in others)]),
        "is_solved": is_solved and all(solved for _stars, solved in others),
        "signal": signal.pk,
        "stars": stars,
        "said_solved": is_solved,
    }
    step = write(event, Line(verb=Verb.RATE, facts=facts, text=text, client="phone", at=moment), REPORTER)
    reopens = not is_solved and not event.ratings.filter(reopened=True).exists()
    rating = Rating.objects.create(
        event=event, signal=signal, is_solved=is_solved, stars=stars, text=text, at=step.at, reopened=reopens
    )
    if reopens:
        words = text or _("Not solved, says who reported it.")
        order = Order(verb=Verb.REDO, reason="unsolved", text=words)
        act(event, order, SYSTEM, seen=event.steps, at=step.at)
    elif not is_solved and not event.is_supervised:
        words = text or _("Not solved again, says who reported it.")
        order = Order(verb=Verb.SUPERVISE, reason="unsolved", text=words)
        act(event, order, SYSTEM, seen=event.steps, at=step.at)
    return rating
