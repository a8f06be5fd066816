"""Verbs of a call at the hotline: pass the matter on, answer it at once, add it to a matter that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from citybrain.centre.events.actions import act
from citybrain.centre.events.drafts import ReporterDraft, SignalDraft
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Channel, Event, Signal
from citybrain.centre.events.orders import Order
from citybrain.centre.events.permissions import ACCEPT, ANSWER_FOR, CHECK, DISPATCH, HANDLE, REPORT
from citybrain.centre.events.policy import policy
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.refusals import Refused
from citybrain.centre.understanding.reading import understand
from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.deciding import demand
from citybrain.kernel.identity.models import Organisation, User


@dataclass(frozen=True, kw_only=True)
class Call:
    """What an agent wrote down of a call."""

    text: str
    key: UUID
    number: str = ""
    name: str = ""
    type: str = ""
    level: str = ""
    title: str = ""
    address: str = ""
    place: Mapping[str, Any] | None = None
    area: Any = None
    wants_answer: bool = True
    join: str = ""
    answer: str = ""


def pass_on(call: Call, actor: Actor) -> Signal:
    """Opens an event that the desk verifies. Raises what `receive` raises."""
    return receive(draft(call, actor), actor, request_key=call.key)


def add_to(call: Call, event: Event, actor: Actor) -> Signal:
    """Adds the call to an event that is open. Raises Refused when it is not."""
    return receive(draft(call, actor), actor, join=event, request_key=call.key)


def answer_now(call: Call, actor: Actor) -> Event:
    """Answers on the telephone (即办): the event is accepted, answered and closed by the hotline itself.

    A matter that asks for more than one body, or is drawn for a check, waits for somebody else to check it. Raises
    PermissionDenied for who may only report: the house lends the agent every step; ValidationError without a class or
    an answer.
    """
    demand(actor, REPORT)
    demand(actor, ANSWER_FOR)
    if not call.type:
        raise ValidationError({"type": _("Choose a class: the answer is counted under it.")})
    if not call.answer.strip():
        raise ValidationError({"answer": _("Write what you told the caller.")})
    with transaction.atomic():
        signal = receive(draft(call, actor, wants_answer=False), actor, request_key=call.key)
        event = signal.event
        assert event is not None
        if event.state == State.NEW:
            settle(event, call.answer.strip(), actor)
    return event


def settle(event: Event, answer: str, actor: Actor) -> None:
    """The steps of a matter that one call settles. The agent takes them all: who answers it also signs for it."""
    agent = actor
    for permission in (ACCEPT, DISPATCH, HANDLE, CHECK):
        agent = agent.permitted(permission, Reach.COUNTY)
    desk = Organisation.objects.get(pk=event.organisation_id)
    person = User.objects.filter(pk=actor.user_id).first()
    done = Event.Result.ANSWERED
    for order in (
        Order(verb=Verb.ACCEPT),
        Order(verb=Verb.DISPATCH, organisation=desk, person=person, text=_("Answered on the telephone.")),
        Order(verb=Verb.SIGN),
        Order(verb=Verb.REPORT_DONE, result=done, text=answer, public_text=answer),
    ):
        act(event, order, agent, seen=None)
    try:
        with transaction.atomic():
            act(event, Order(verb=Verb.CLOSE, result=done, public_text=answer), agent, seen=None)
    except Refused:
        # Drawn for a check, or more than one body's matter: somebody else closes it.
        return


def draft(call: Call, actor: Actor, *, wants_answer: bool | None = None) -> SignalDraft:
    """The signal of a call. What the agent left open is proposed by the words, and kept as a proposal."""
    reporter = ReporterDraft(name=call.name, contact=call.number) if call.name or call.number else None
    understood = understand(call.text, place=call.place)
    return SignalDraft(
        channel=Channel.HOTLINE,
        text=call.text,
        title=call.title or understood.title,
        type=call.type,
        level=call.level,
        address=call.address,
        place=dict(call.place) if call.place else None,
        area=call.area,
        reporter=reporter,
        wants_answer=call.wants_answer if wants_answer is None else wants_answer,
        proposed=understood.as_json(),
        organisation=desk_of(actor),
    )


def desk_of(actor: Actor) -> Organisation | None:
    """The body that receives calls first: the county's hotline; None leaves it to the agent's own."""
    key = policy().hotline
    return Organisation.objects.filter(key=key, is_active=True).first() if key else None
