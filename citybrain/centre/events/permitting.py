"""Who may do what with an event: the transition's permission, and how near the event must be."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from citybrain.centre.events.guards import against
from citybrain.centre.events.machine import BY_VERB, Transition, Verb
from citybrain.centre.events.models import Event, Task
from citybrain.centre.events.orders import Order
from citybrain.centre.events.permissions import ASSIGN, HANDLE, SUPERVISE
from citybrain.centre.events.refusals import NotLegal
from citybrain.centre.events.situation import Situation
from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Scope, reaches

LEAD = Scope(organisation="organisation", person="owner")
"""Those on whose desk it lies: bodies that only assist handle their tasks, not the event."""

CASE = Scope(organisation="organisation", area="area", person="owner")
"""Those on whose desk it lies, and whose area it lies in."""

TAKING_PART = frozenset({Verb.NOTE, Verb.ASK_TASK, Verb.RAISE, Verb.ANSWER})
"""What bodies with a task in it may do too."""

OPEN_TO_AREA = frozenset({Verb.TAKE})
"""What handlers may do by the area they answer for: the township is the backstop."""


def scope_of(transition: Transition) -> Scope:
    """How near an event must be for a transition."""
    if transition.verb in TAKING_PART:
        return Event.scope
    return LEAD if transition.permission is HANDLE and transition.verb not in OPEN_TO_AREA else CASE


def may(now: Situation, transition: Transition) -> bool:
    """Whether the actor may do it with this event."""
    if transition.verb is Verb.ASSIGN:
        return may_assign(now.event, now.actor)
    if reaches(now.event, now.actor, transition.permission, scope=scope_of(transition)):
        return True
    if transition.verb is Verb.RAISE and reaches(now.event, now.actor, SUPERVISE, scope=CASE):
        return True  # A leader's order.
    # The handling body closes small matters itself; the guard `verifier` draws some for a check.
    is_own = transition.verb is Verb.CLOSE and now.may_close_itself and not now.is_drawn
    return is_own and reaches(now.event, now.actor, HANDLE, scope=LEAD)


def may_assign(row: Event | Task, actor: Actor) -> bool:
    """Whether somebody may give an event or a task to a colleague (指派).

    That is the matter of the body that has it, however far a permission reaches: of those in it who assign, and of
    whoever holds it, who passes it on.
    """
    if actor.kind == "system":
        return True
    if row.owner_id is not None and row.owner_id in actor.people and actor.may(HANDLE):
        return True
    return actor.reach(ASSIGN) not in (None, Reach.OWN) and row.organisation_id in actor.organisations


def demand(now: Situation, transition: Transition) -> None:
    """Raises PermissionDenied unless the actor may."""
    if not may(now, transition):
        raise PermissionDenied(
            _("Your post may not do this with %(number)s (%(permission)s).")
            % {"number": now.event.number, "permission": transition.permission.key}
        )


def demanded(fresh: Event, order: Order, actor: Actor, at: datetime | None = None) -> Situation:
    """The situation of a locked event, if the actor may do what the order says and nothing stands against it.

    Raises PermissionDenied, NotLegal or Refused.
    """
    transition = BY_VERB[order.verb]
    now = Situation(fresh, actor, order, at)
    demand(now, transition)
    if fresh.state not in transition.sources:
        raise NotLegal(order.verb, fresh.state)
    for refusal in against(now, order.verb):
        raise refusal
    return now
