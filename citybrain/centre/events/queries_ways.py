"""What somebody may do with an event now: the buttons of every page and interface."""

from __future__ import annotations

from dataclasses import dataclass

from citybrain.centre.events.fields import FIELDS, required
from citybrain.centre.events.guards import against
from citybrain.centre.events.machine import TASK_ASSIGNMENT, Transition, Verb, legal
from citybrain.centre.events.models import Event, Task
from citybrain.centre.events.permissions import DISPATCH, HANDLE
from citybrain.centre.events.permitting import CASE, LEAD, may, may_assign
from citybrain.centre.events.situation import Situation
from citybrain.centre.events.tasks import BODY
from citybrain.declare.event import Level, Loop
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import reaches


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """One thing that may be done."""

    transition: Transition
    fields: tuple[str, ...]
    """Fields of `Order` its form asks for, in order."""
    required: tuple[str, ...]
    """Those that must be filled in."""
    blocked: str
    """Why it cannot be done just now, with the remedy; empty when it can."""


def ways_of(event: Event, actor: Actor) -> tuple[Way, ...]:
    """The transitions that are legal in the event's state and the actor's to make, the usual next one first."""
    now = Situation(event, actor)
    legal_ones = [one for one in legal(event.state) if not one.is_system and _makes_sense(event, one.verb, actor)]
    found = [_way(now, one) for one in legal_ones if may(now, one)]
    return tuple(sorted(found, key=lambda way: (not way.transition.is_main, way.transition.target is None)))


def _makes_sense(event: Event, verb: Verb, actor: Actor) -> bool:
    """Whether a transition would change anything: nobody is offered to end what never began."""
    match verb:
        case Verb.SUPERVISE:
            return not event.is_supervised
        case Verb.RELEASE:
            return event.is_supervised
        case Verb.TAKE:
            return actor.user_id is None or event.owner_id != actor.user_id
        case Verb.LOWER:
            return (event.level, event.loop) != (Level.BLUE, Loop.MICRO)
        case Verb.RAISE:
            return (event.level, event.loop) != (Level.RED, Loop.LARGE)
    return True


def _way(now: Situation, transition: Transition) -> Way:
    verb = transition.verb
    refusal = next(against(now, verb), None)
    needed = required(verb)
    if verb in (Verb.ACCEPT, Verb.REVIEW) and now.type is None:
        needed = (*needed, "type")
    if verb is Verb.ASSIGN:
        needed = (*needed, *_why(now.event))
    return Way(
        transition=transition,
        fields=FIELDS[verb],
        required=needed,
        blocked=" ".join(refusal.messages) if refusal is not None else "",
    )


def task_assignment(task: Task) -> Way:
    """The form by which a task is given to a colleague."""
    return Way(transition=TASK_ASSIGNMENT, fields=("person", "text"), required=("person", *_why(task)), blocked="")


def _why(row: Event | Task) -> tuple[str, ...]:
    """The words that must be said when it is taken from somebody."""
    return ("text",) if row.owner_id is not None else ()


def task_ways(task: Task, actor: Actor) -> tuple[Verb, ...]:
    """What somebody may do with a task: verbs of `tasks.py`."""
    if task.role == Task.Role.LEAD or task.state not in Task.OPEN or not task.event.is_open:
        return ()
    found: list[Verb] = []
    if reaches(task, actor, HANDLE, scope=BODY):
        found.append(Verb.SIGN_TASK if task.state == Task.State.WAITING else Verb.FINISH_TASK)
        found.append(Verb.RETURN_TASK)
    if may_assign(task, actor):
        found.append(Verb.ASSIGN_TASK)
    is_asker = actor.user_id is not None and task.asked_by_id in actor.people
    leads = reaches(task.event, actor, HANDLE, scope=LEAD) or reaches(task.event, actor, DISPATCH, scope=CASE)
    if is_asker or leads:
        found.append(Verb.CANCEL_TASK)
    return tuple(found)
