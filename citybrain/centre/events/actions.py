"""The verb on events: everything people do with one goes through `act` (案卷办理).

    step = act(event, Order(verb=Verb.DISPATCH, organisation=bureau), request.actor, seen=event.steps)

One transaction: lock, compare, permission, guards, columns and tasks, the journal's line, evidence, messages.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.centre.duties.actions import propose_rule
from citybrain.centre.duties.queries import responsible
from citybrain.centre.events import hooks, loops, merging, notices, pictures, tasks
from citybrain.centre.events.effects import EFFECTS
from citybrain.centre.events.guards import rank
from citybrain.centre.events.journal import Line, locked, mirror, write
from citybrain.centre.events.machine import BY_VERB, Verb
from citybrain.centre.events.media import described
from citybrain.centre.events.models import Event, Step
from citybrain.centre.events.orders import Order
from citybrain.centre.events.permitting import demanded
from citybrain.centre.events.refusals import NotLegal
from citybrain.centre.events.situation import Situation
from citybrain.centre.events.task_rows import TaskRows
from citybrain.kernel.identity.actor import Actor

EXPLAINED = (Verb.DISPATCH, Verb.ARBITRATE)
"""Steps that keep what the responsibility map said."""


def act(
    event: Event, order: Order, actor: Actor, *, seen: int | None, client: str = "desk", at: datetime | None = None
) -> Step:
    """Does what an order says with an event and returns the step; `event` then stands as the database has it.

    `seen` is `event.steps` as the person saw it (None: the house itself, as it stands). Raises PermissionDenied,
    NotLegal, Refused (names guard and remedy), Stale (names the steps made meanwhile).
    """
    transition = BY_VERB.get(order.verb)
    if transition is None:
        raise NotLegal(order.verb, event.state)
    order = order.cleaned()
    if order.verb is Verb.ASK_TASK:
        return tasks.ask_task(event, order, actor, seen=seen, client=client, at=at)
    if order.verb in (Verb.MERGE, Verb.UNMERGE):
        verb = merging.merge if order.verb is Verb.MERGE else merging.unmerge
        return verb(event, order, actor, seen=seen, client=client, at=at)
    with transaction.atomic():
        fresh = locked(event, seen)
        now = demanded(fresh, order, actor, at)
        rows = TaskRows(fresh, at or max(timezone.now(), fresh.changed_at))
        facts = EFFECTS[order.verb](now, order, rows) | _explained(now, order)
        if order.media:
            facts |= pictures.facts_of(fresh, order.media, order.again, now.this_round[0].at)
        if rows.facts:
            facts["tasks"] = rows.facts
        line = Line(
            verb=order.verb,
            target=transition.target or "",
            facts=facts,
            reason=order.reason,
            text=order.text,
            task=now.lead if order.verb is Verb.SIGN else None,
            media=described(fresh, order.media),
            client=client,
            at=at or rows.at,
        )
        step = write(fresh, line, actor)
        after(now, order, step, actor)
    mirror(fresh, event)
    return step


def after(now: Situation, order: Order, step: Step, actor: Actor) -> None:
    """What follows from a step, in its transaction: further steps of the house, messages, answers."""
    loops.follow(now.event, step)
    if order.verb is Verb.ARBITRATE and order.organisation is not None:
        propose_rule(
            type_key=now.event.type,
            area=now.event.area,
            organisation=order.organisation,
            event_number=now.event.number,
            reason=order.text,
            actor=actor,
        )
    notices.follow(now.event, step, order)
    hooks.tell(now.event, step)


def _explained(now: Situation, order: Order) -> dict[str, Any]:
    """What a dispatch keeps of the responsibility map, and what a raise keeps of who raised."""
    if order.verb is Verb.RAISE:
        return {"rank": rank(now.actor)}
    if order.verb not in EXPLAINED or order.organisation is None:
        return {}
    event = now.event
    answer = responsible(event.type, event.area, asset=(event.asset_kind, event.asset_number), at=now.at)
    why = list(answer.why)
    if answer.lead is not None and answer.lead.pk != order.organisation.pk:
        why.append(_("Dispatched otherwise by %s.") % (now.actor.name or _("the house")))
    return {"why": why, "by_map": answer.lead is not None and answer.lead.pk == order.organisation.pk}
