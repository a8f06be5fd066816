"""What guards and effects look at: the event as it stands, its journal, its tasks, who asks for what."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cached_property

from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Event, Signal, Step, Task
from citybrain.centre.events.orders import Order
from citybrain.centre.events.policy import policy
from citybrain.centre.events.types import event_types
from citybrain.declare.event import EventType, Level, Loop
from citybrain.kernel.identity.actor import Actor

HANDLING = (
    Verb.SIGN,
    Verb.PAUSE,
    Verb.RESUME,
    Verb.REPORT_DONE,
    Verb.SIGN_TASK,
    Verb.FINISH_TASK,
)
"""Steps whose maker has handled the event."""

ROUNDS = (Verb.OPEN, Verb.REDO, Verb.REWORK, Verb.DISPATCH, Verb.ARBITRATE)
"""Steps with which work begins anew: proofs of an earlier round prove nothing."""


class Situation:
    """An event in the moment of a verb; what it needs of the database is asked once, when first looked at."""

    def __init__(self, event: Event, actor: Actor, order: Order | None = None, at: datetime | None = None) -> None:
        self.event, self.actor, self.order, self.at = event, actor, order, at

    @cached_property
    def journal(self) -> list[Step]:
        """Its steps, the first first."""
        return list(self.event.journal.order_by("number"))

    @cached_property
    def tasks(self) -> list[Task]:
        """Its tasks, as they were asked."""
        return list(self.event.tasks.select_related("organisation").order_by("pk"))

    @cached_property
    def type(self) -> EventType | None:
        """Its type; None while nobody said, or when the county no longer declares it."""
        return event_types().get(self.event.type)

    @property
    def lead(self) -> Task | None:
        """The lead's task of this round; None before dispatch."""
        leads = [task for task in self.tasks if task.role == Task.Role.LEAD]
        return leads[-1] if leads and leads[-1].state not in (Task.State.RETURNED, Task.State.CANCELLED) else None

    @property
    def open_tasks(self) -> list[Task]:
        """Tasks somebody still has to do."""
        return [task for task in self.tasks if task.state in Task.OPEN]

    @property
    def handlers(self) -> set[int]:
        """Everybody who handled it, or in whose name somebody did."""
        people = {self.event.owner_id} if self.event.owner_id else set()
        for step in self.journal:
            if step.verb in HANDLING:
                people |= {step.user_id, step.facts.get("for_user")}
            elif step.verb == Verb.ASSIGN and step.source != State.DISPATCHED:
                # Who held it while it was worked on, whatever they did.
                people.add(step.facts.get("owner"))
        return {one for one in people if one is not None}

    @property
    def this_round(self) -> list[Step]:
        """Steps since work began the last time."""
        starts = [place for place, step in enumerate(self.journal) if step.verb in ROUNDS]
        return self.journal[starts[-1] :] if starts else self.journal

    @cached_property
    def signals(self) -> list[Signal]:
        """Its signals, and those of the events merged into it."""
        return signals_of(self.event)

    def last(self, *verbs: Verb) -> Step | None:
        """The last step by one of some verbs."""
        return next((step for step in reversed(self.journal) if step.verb in verbs), None)

    @property
    def may_close_itself(self) -> bool:
        """Whether the handling body may close it without a second person: small, blue, nobody doubted it."""
        event = self.event
        is_small = event.loop == Loop.MICRO and event.level == Level.BLUE
        return is_small and not event.is_supervised and not event.is_mass and event.reopen_count == 0

    @property
    def is_drawn(self) -> bool:
        """Whether a second person checks it all the same (抽查): the same answer whenever it is asked."""
        return is_drawn(self.event.number, policy().spot_check_share)


def signals_of(event: Event) -> list[Signal]:
    """Signals of an event and of all that were merged into it, over any number of merges; two queries or more."""
    ids, found = [event.pk], [event.pk]
    while found := list(Event.objects.filter(merged_into__in=found).order_by().values_list("pk", flat=True)):
        ids += found
    return list(Signal.objects.filter(event__in=ids).select_related("reporter").order_by("pk"))


def is_drawn(number: str, share: float) -> bool:
    """Whether the event with a number is among the share that is checked."""
    return int(hashlib.sha256(f"spot-check {number}".encode()).hexdigest()[:8], 16) / 2**32 < share
