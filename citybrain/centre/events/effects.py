"""What each verb changes: columns of the event as facts, and its tasks. Guards have been asked before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from citybrain.centre.events import deadlines
from citybrain.centre.events.holders import holding
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Event, Task
from citybrain.centre.events.orders import Order
from citybrain.centre.events.permissions import CHECK, SUPERVISE
from citybrain.centre.events.policy import centre, policy
from citybrain.centre.events.situation import Situation
from citybrain.centre.events.task_rows import TaskRows
from citybrain.centre.events.types import event_types
from citybrain.declare.event import EventType, Kind, Level, Loop
from citybrain.kernel.identity.models import Organisation

Facts = dict[str, Any]
Effect = Callable[[Situation, Order, TaskRows], Facts]

PUBLIC_KINDS = (Kind.COMPONENT, Kind.EVENT)
"""Kinds whose place and state the public may see."""


def loop_for(level: str, loop: str) -> str:
    """The loop an event of a level is in at least: orange is no micro matter, red is large."""
    least = {Level.ORANGE: Loop.SMALL, Level.RED: Loop.LARGE}.get(Level(level), Loop.MICRO)
    return max(Loop(loop), least, key=lambda one: one.width).value


def class_facts(found: EventType, level: str = "", *, is_exercise: bool = False) -> Facts:
    """Columns that follow from an event's type, at a level or at the type's own."""
    is_public = found.kind in PUBLIC_KINDS and found.citizens and not is_exercise
    height = level or found.level.value
    return {
        "type": found.key,
        "kind": found.kind.value,
        "level": height,
        "loop": loop_for(height, found.loop.value),
        "sensitivity": "restricted" if found.restricted else "public" if is_public else "internal",
    }


def _classified(now: Situation, order: Order) -> Facts:
    """Class and level of an order; a level or loop that was raised stays unless the order names another."""
    event = now.event
    facts: Facts = {}
    if order.type and order.type != event.type:
        found = event_types()[order.type]
        facts = class_facts(found, order.level, is_exercise=event.is_exercise)
        if not order.level and not event.type:
            # What the text told before anybody chose a class: urgency is kept.
            facts["level"] = max(Level(facts["level"]), Level(event.level), key=lambda one: one.height).value
        facts["loop"] = max(Loop(facts["loop"]), Loop(loop_for(facts["level"], event.loop)), key=lambda one: one.width)
    elif order.level and order.level != event.level:
        facts = {"level": order.level, "loop": loop_for(order.level, event.loop)}
    if order.title:
        facts["title"] = order.title[:120]
    if order.area is not None:
        facts["area"] = order.area.pk
    return {name: value for name, value in facts.items() if getattr(event, _attribute(name)) != value}


def _attribute(name: str) -> str:
    return Event._meta.get_field(name).attname  # type: ignore[union-attr]


def accept(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """受理立案."""
    return _classified(now, order)


def reject(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """不予立案."""
    result = Event.Result.NOT_GOVERNMENT if order.reason == "not-government" else Event.Result.REFUSED
    if order.reason == "no-fact":
        result = Event.Result.NOT_FOUND
    return {"result": result.value, **_public(order)}


def dispatch(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """派遣: one body leads, others assist or get to know."""
    assert order.organisation is not None
    due_at = order.until or deadlines.task_due_at(now.event, tasks.at)
    facts: Facts = {
        "organisation": order.organisation.pk,
        "post": None,
        "owner": order.person.pk if order.person is not None else None,
        "proposed": None,
    }
    asked = {"asked": order.text, "asked_by_id": now.actor.user_id, "due_at": due_at}
    tasks.ask(role=Task.Role.LEAD, organisation=order.organisation, owner=order.person, **asked)
    for body in order.assistants:
        tasks.ask(role=Task.Role.ASSIST, organisation=body, **asked)
    for body in order.informed:
        tasks.ask(role=Task.Role.INFORM, organisation=body, is_mandatory=False, **asked)
    if order.assistants and now.event.loop == Loop.MICRO:
        facts["loop"] = Loop.SMALL.value
    return facts


def sign(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """签收: somebody of the body takes it."""
    owner, post = _taker(now)
    if now.lead is not None:
        tasks.change(now.lead, state=Task.State.DOING, signed_at=tasks.at, owner_id=owner, post_id=post)
    return {"owner": owner, "post": post}


def send_back(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """退单: it goes back to who dispatched, with the body held responsible."""
    if now.lead is not None:
        tasks.change(now.lead, state=Task.State.RETURNED, ended_at=tasks.at, result=order.text)
    tasks.end([task for task in now.open_tasks if task is not now.lead])
    return {
        **_back_on_desk(now),
        "return_count": now.event.return_count + 1,
        "proposed": order.organisation.pk if order.organisation is not None else None,
    }


def reassign(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """改派: it is taken from the body that works on it, to be dispatched anew."""
    tasks.end(now.open_tasks)
    proposed = order.organisation.pk if order.organisation is not None else None
    return {**_back_on_desk(now), "proposed": proposed}


def pause(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """挂起: until the moment named, or as long as a handler may pause by themself; then it goes on."""
    facts: Facts = {"until": order.until or tasks.at + timedelta(hours=policy().pause_hours)}
    # What somebody else granted stops the clocks, whatever its reason.
    is_other = now.actor.user_id is not None and not now.handlers & set(now.actor.people)
    if is_other and (now.actor.may(CHECK) or now.actor.may(SUPERVISE)):
        facts["approved"] = True
    return facts


def hand_out(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """转外部办理: a body outside works on it, the dispatcher watches over it."""
    tasks.end(now.open_tasks)
    return {**_back_on_desk(now), "outside": {"to": order.outside, "state": "to_send"}}


def report_done(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """反馈: the body says what came of it."""
    if now.lead is not None and now.lead.state in Task.OPEN:
        tasks.change(now.lead, state=Task.State.DONE, ended_at=tasks.at, result=order.text or order.measures)
    facts: Facts = {"result": order.result, "cause": order.cause[:64], "measures": order.measures, **_public(order)}
    if order.cost is not None:
        facts["cost"] = str(order.cost)
    return facts


def rework(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """返工: back to the body that reported it done."""
    if now.lead is not None:
        tasks.change(now.lead, state=Task.State.DOING, ended_at=None)
    return {"rework_count": now.event.rework_count + 1}


def close(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """结案."""
    tasks.end(now.open_tasks)
    facts: Facts = {"closed_at": tasks.at, "is_supervised": False, **_public(order)}
    if order.result:
        facts["result"] = order.result
    if now.handlers & set(now.actor.people):
        facts["is_self_closed"] = True
    elif now.may_close_itself and now.is_drawn:
        facts["is_spot_check"] = True
    return facts


def redo(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """重办: the lead gets it once more."""
    event = now.event
    asked_by = now.actor.user_id
    tasks.ask(role=Task.Role.LEAD, organisation_id=event.organisation_id, asked=order.text, asked_by_id=asked_by)
    return {
        "reopen_count": event.reopen_count + 1,
        "closed_at": None,
        "result": "",
        # What was told of the first handling does not answer for the second.
        "public_text": "",
        "owner": None,
        "post": None,
    }


def cancel(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """作废."""
    tasks.end(now.open_tasks)
    return _public(order)


def review(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """复核: what was not accepted is."""
    return {**_classified(now, order), "result": ""}


def regrade(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """升级、降级: another level, another loop; the level may ask for a wider one."""
    level = order.level or now.event.level
    asked = {"level": level, "loop": loop_for(level, order.loop or now.event.loop)}
    return {name: value for name, value in asked.items() if getattr(now.event, name) != value}


def urge(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """催办."""
    return {"urge_count": now.event.urge_count + 1}


def supervise(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """督办."""
    return {"is_supervised": True}


def release(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """解除督办."""
    return {"is_supervised": False}


def take(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """接手: the person holds it; when their body is another, that body leads now."""
    event, lead = now.event, now.lead
    owner, post = _taker(now)
    # People take for themselves; only the house gives it to somebody.
    given = order.organisation if now.actor.kind == "system" else None
    if now.actor.kind == "system" and order.person is not None:
        owner, post = order.person.pk, order.post.pk if order.post is not None else None
    facts: Facts = {"owner": owner, "post": post}
    body = given.pk if given is not None else now.actor.organisation_id
    if now.actor.organisations and event.organisation_id in now.actor.organisations and given is None:
        body = event.organisation_id
    if body is not None and body != event.organisation_id:
        facts["organisation"] = body
        if lead is not None and lead.state in Task.OPEN:
            state, signed_at = lead.state, lead.signed_at
            tasks.end([lead])
            tasks.ask(
                role=Task.Role.LEAD,
                organisation_id=body,
                asked=lead.asked,
                asked_by_id=now.actor.user_id,
                due_at=lead.due_at,
                state=state,
                signed_at=signed_at,
                owner_id=owner,
                post_id=post,
            )
    elif lead is not None and lead.state in Task.OPEN:
        tasks.change(lead, owner_id=owner, post_id=post)
    return facts


def assign(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """指派: a colleague holds it; state and clocks go on."""
    assert order.person is not None
    held = holding(now.event.organisation, order.person)
    assert held is not None
    owner, post = held.user_id, held.post_id
    if now.lead is not None and now.lead.state in Task.OPEN:
        tasks.change(now.lead, owner_id=owner, post_id=post)
    return {"owner": owner, "post": post, "former": now.event.owner_id}


def arbitrate(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """裁决: the arbiter says who is responsible, and it is dispatched there."""
    return {**dispatch(now, order, tasks), "is_decided": True}


def nothing(now: Situation, order: Order, tasks: TaskRows) -> Facts:
    """Another state at most, and words."""
    return {}


def _taker(now: Situation) -> tuple[int | None, int | None]:
    """Person and post that take it."""
    return now.actor.user_id, now.actor.post_id


def _public(order: Order) -> Facts:
    return {"public_text": order.public_text} if order.public_text else {}


def _back_on_desk(now: Situation) -> Facts:
    """Columns of an event that comes back to the desk that dispatched it: that body leads again, nobody holds it."""
    step = now.last(Verb.DISPATCH, Verb.ARBITRATE, Verb.ACCEPT)
    body = step.organisation_id if step is not None else None
    if body is None or not Organisation.objects.filter(pk=body, is_active=True).exists():
        body = centre().pk
    return {"organisation": body, "owner": None, "post": None}


EFFECTS: dict[Verb, Effect] = {
    Verb.ACCEPT: accept,
    Verb.REJECT: reject,
    Verb.DISPATCH: dispatch,
    Verb.SIGN: sign,
    Verb.SEND_BACK: send_back,
    Verb.REASSIGN: reassign,
    Verb.PAUSE: pause,
    Verb.RESUME: nothing,
    Verb.HAND_OUT: hand_out,
    Verb.TAKE_BACK: nothing,
    Verb.REPORT_DONE: report_done,
    Verb.REWORK: rework,
    Verb.CLOSE: close,
    Verb.APPRAISE: nothing,
    Verb.REDO: redo,
    Verb.CANCEL: cancel,
    Verb.REVIEW: review,
    Verb.RECLASSIFY: accept,
    Verb.RAISE: regrade,
    Verb.LOWER: regrade,
    Verb.URGE: urge,
    Verb.SUPERVISE: supervise,
    Verb.RELEASE: release,
    Verb.TAKE: take,
    Verb.ASSIGN: assign,
    Verb.ARBITRATE: arbitrate,
    Verb.NOTE: nothing,
    Verb.ANSWER: nothing,
}
"""Verb -> what it changes; merges and tasks have rooms of their own."""
