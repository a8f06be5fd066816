"""Messages of the loop to the bodies that handle events (派遣、催办、督办、退单通知)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from citybrain.centre.events.declared import (
    EVENT_ASSIGNED,
    EVENT_DISPATCHED,
    EVENT_GOES_ON,
    EVENT_HANDED_ON,
    EVENT_RETURNED,
    EVENT_REWORKED,
    EVENT_SUPERVISED,
    EVENT_TAKEN,
    EVENT_URGED,
)
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Event, Step
from citybrain.centre.events.orders import Order
from citybrain.centre.events.reasons import words_of
from citybrain.declare.notice import Notice
from citybrain.hubs.messages.actions import send
from citybrain.hubs.messages.addressing import AddressError, to_organisation, to_person
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation, User

QUIET_AFTER = timedelta(hours=1)
"""Steps that lie longer back were brought in later: nobody is told."""

ABOUT = "event"


def follow(event: Event, step: Step, order: Order) -> None:
    """Tells the bodies concerned of a step, in its transaction."""
    if timezone.now() - step.at > QUIET_AFTER:
        return
    match step.verb:
        case Verb.DISPATCH | Verb.ARBITRATE:
            for body in filter(None, (order.organisation, *order.assistants, *order.informed)):
                person = order.person if body == order.organisation else None
                _send(EVENT_DISPATCHED, event, step, body, person=person)
        case Verb.REDO:
            _send(EVENT_DISPATCHED, event, step, event.organisation)
        case Verb.URGE:
            _send(EVENT_URGED, event, step, event.organisation, person=event.owner)
        case Verb.SUPERVISE:
            _send(EVENT_SUPERVISED, event, step, event.organisation, person=event.owner)
        case Verb.SEND_BACK:
            _send(EVENT_RETURNED, event, step, event.organisation)
        case Verb.REWORK:
            _send(EVENT_REWORKED, event, step, event.organisation, person=event.owner)
        case Verb.RESUME if step.client == "house":
            _send(EVENT_GOES_ON, event, step, event.organisation, person=event.owner)
        case Verb.ASSIGN if order.person is not None:
            assigned(event, step, event.organisation, order.person)
        case Verb.TAKE if step.reason == "backstop":
            _send(EVENT_TAKEN, event, step, event.organisation)


def task_asked(event: Event, step: Step, body: Organisation, person: User | None) -> None:
    """Tells a body of a task."""
    if timezone.now() - step.at <= QUIET_AFTER:
        _send(EVENT_DISPATCHED, event, step, body, person=person)


def assigned(event: Event, step: Step, body: Organisation, person: User) -> None:
    """Tells who holds an event, or a task of it, from now on, and who held it."""
    if timezone.now() - step.at > QUIET_AFTER:
        return
    _send(EVENT_ASSIGNED, event, step, body, person=person)
    former = User.objects.filter(pk=step.facts.get("former"), is_active=True).first()
    if former is not None:
        _send(EVENT_HANDED_ON, event, step, body, person=former, values={"person": person.name})


def _send(
    notice: Notice,
    event: Event,
    step: Step,
    body: Organisation,
    *,
    person: User | None = None,
    values: Mapping[str, str] | None = None,
) -> None:
    if person is not None and person.pk == step.user_id:
        return  # Nobody is told what they did themselves.
    words = step.text or words_of(step.reason) or event.address or event.title
    told = {"number": event.number, "title": event.title or event.number, "words": words, **(values or {})}
    sender = Actor(user_id=step.user_id, organisation_id=step.organisation_id)
    to = to_person(person) if person is not None and person.is_active else to_organisation(body)
    try:
        send(notice, to, told, actor=sender, link=f"/events/{event.number}/", about=(ABOUT, event.number))
    except AddressError:
        # A body without people has nobody to tell; the supervision board shows what lies there.
        return
