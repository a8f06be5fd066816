"""One event as pages look at it: everything known of it, each asked for once and only when it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from django.utils import timezone

from citybrain.centre.events.clocks import Reading, read
from citybrain.centre.events.duplicates import Likeness, alike
from citybrain.centre.events.holders import gone
from citybrain.centre.events.machine import State
from citybrain.centre.events.models import Event, Rating, Signal, Step, Task
from citybrain.centre.events.pages.parts import Names
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.queries import events
from citybrain.centre.events.queries_ways import Way, ways_of
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Vouched, vouched
from citybrain.kernel.records.models import Attachment


class Case:
    """An event the person may see, with what belongs to it."""

    def __init__(self, event: Event, actor: Actor) -> None:
        self.event, self.actor, self.now = event, actor, timezone.now()

    @cached_property
    def names(self) -> Names:
        """Bodies and towns by id."""
        return Names()

    @cached_property
    def journal(self) -> list[Step]:
        """Its steps, the first first."""
        rows = self.event.journal.select_related("user").order_by("number")
        return list(rows)

    @cached_property
    def tasks(self) -> Vouched[Task]:
        """Its tasks, as they were asked: whoever sees the event sees all of them."""
        rows = list(Task.objects.filter(event=self.event).select_related("organisation", "owner").order_by("pk"))
        for task in rows:
            task.event = self.event
        return vouched(rows, self.actor, VIEW)

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """What its clocks show."""
        return read(self.event, self.journal, self.now)

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """What the person may do with it."""
        return ways_of(self.event, self.actor)

    @cached_property
    def is_left(self) -> bool:
        """Whether whoever holds it left."""
        return self.event.owner_id is not None and Event.objects.filter(gone(self.now), pk=self.event.pk).exists()

    @cached_property
    def merged(self) -> list[Event]:
        """Events that were merged into it."""
        return list(Event.objects.filter(merged_into=self.event, state=State.MERGED).order_by("pk"))

    @cached_property
    def signals(self) -> list[Signal]:
        """Its own signals and those of events merged into it."""
        ids = [self.event.pk, *(one.pk for one in self.merged)]
        return list(Signal.objects.filter(event__in=ids).select_related("reporter", "event").order_by("received_at"))

    @cached_property
    def alike(self) -> list[Likeness]:
        """Other open events that may tell of the same."""
        return alike(self.event, 5, rows=events(self.actor)) if self.event.is_open else []

    @cached_property
    def ratings(self) -> Sequence[Rating]:
        """What reporters said of it."""
        return list(self.event.ratings.order_by("-at"))

    @cached_property
    def files(self) -> Vouched[Attachment]:
        """Files of the event and of its signals: whoever sees the event sees them."""
        own = Attachment.objects.filter(record_kind="event", record_id=self.event.pk, removed_at=None)
        told = Attachment.objects.filter(
            record_kind="signal", record_id__in=[one.pk for one in self.signals], removed_at=None
        )
        return vouched([*told.select_related("user"), *own.select_related("user")], self.actor, VIEW)
