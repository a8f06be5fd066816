"""The desk's queues (待办队列): questions that everybody asks all day, with how many answer each.

queue("overdue").rows(actor)      the scoped events of a queue, the most pressing first
counts(actor)                     {"overdue": 7, ...}, a few seconds old
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citybrain.centre.events.holders import gone
from citybrain.centre.events.machine import State
from citybrain.centre.events.models import Channel, Event, Task
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.policy import policy
from citybrain.centre.events.queries import Positive, is_open, is_task_open
from citybrain.declare.event import Level
from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped

SECONDS = 8
"""How long counts may be old."""

LIVE_SECONDS = 1.0
"""How long counts may be old for a page that heard of a step: it asks later than that (`GATHER` in pace.js), so that
the step is counted, while all who heard share one counting."""

SOON = datetime.timedelta(hours=2)
"""From when on before its deadline an event is due soon."""

KEPT_SECONDS = 60
"""How long counts are kept at most; whoever asks says how old they may be."""

S = State
T = TypeVar("T")
HELD = (S.NEW, S.ACCEPTED, S.DISPATCHED, S.IN_PROGRESS, S.PAUSED)
"""States in which the next thing is whoever holds it to do."""
Condition = Callable[[Actor, datetime.datetime], Q]


@dataclass(frozen=True, kw_only=True)
class Queue:
    """One queue of open events."""

    key: str
    title: str | Promise
    icon: str
    group: str
    """`mine`, `state`, `attention` or `channel`."""
    condition: Condition
    is_bad: bool = False
    """Whether there should be none: its count is red."""
    order: tuple[str, ...] = ("due_at", "pk")
    """The most pressing first."""

    def rows(self, actor: Actor, now: datetime.datetime | None = None) -> QuerySet[Event]:
        """The events of the queue that the person may see, the most pressing first; those without a deadline last."""
        found = scoped(Event.objects.filter(is_open()), actor, VIEW)
        return found.filter(self.condition(actor, now or timezone.now())).order_by(*ordered(self.order))


def ordered(names: Iterable[str]) -> list[Any]:
    """Order by names of fields, rows without a value last."""
    return [name if name == "pk" else _nulls_last(name) for name in names]


def _nulls_last(name: str) -> Any:
    bare = name.removeprefix("-")
    return F(bare).desc(nulls_last=True) if name.startswith("-") else F(bare).asc(nulls_last=True)


def states(*wanted: State) -> Condition:
    """The condition that an event is in one of some states."""
    return lambda _actor, _now: Q(state__in=wanted) if len(wanted) > 1 else Q(state=wanted[0])


def by_channel(*wanted: Channel) -> Condition:
    """The condition that an event came by one of some channels."""
    return lambda _actor, _now: Q(channel__in=wanted)


def assisting(actor: Actor, _now: datetime.datetime) -> Q:
    """Events of others that wait for a task of the person's bodies."""
    # By the tasks' own indexes: asked of each open event in turn it would take seconds.
    asked = Q(organisation__in=tuple(actor.organisations)) | Q(owner__in=actor.people)
    tasks = Task.objects.filter(is_task_open(), asked)
    return Q(pk__in=tasks.exclude(role=Task.Role.LEAD).order_by().values("event"))


def mine(actor: Actor, _now: datetime.datetime) -> Q:
    """Events the person holds, and those they hold a task of."""
    tasks = Task.objects.filter(is_task_open(), owner__in=actor.people).exclude(role=Task.Role.LEAD)
    return Q(owner__in=actor.people) | Q(pk__in=tasks.order_by().values("event"))


def unowned(_actor: Actor, now: datetime.datetime) -> Q:
    """Events that nobody took for longer than the backstop allows."""
    minutes = policy().minutes
    late = Q()
    for level in Level:
        late |= Q(level=level.value, state_since__lt=now - datetime.timedelta(minutes=minutes(level.value)))
    return Q(state__in=(S.NEW, S.ACCEPTED, S.DISPATCHED), owner=None) & late


def left(_actor: Actor, now: datetime.datetime) -> Q:
    """Events that wait for somebody who left."""
    return Q(state__in=HELD) & gone(now)


QUEUES: tuple[Queue, ...] = (
    Queue(
        key="mine",
        title=pgettext_lazy("queue of events", "Mine"),
        icon="user",
        group="mine",
        condition=mine,
    ),
    Queue(
        key="our-body",
        title=pgettext_lazy("queue of events", "My organisation's"),
        icon="building",
        group="mine",
        condition=lambda actor, _now: Q(organisation__in=tuple(actor.organisations)),
    ),
    Queue(key="assisting", title=_("Assisting"), icon="users", group="mine", condition=assisting),
    Queue(key="to-verify", title=S.NEW.label, icon="help", group="state", condition=states(S.NEW)),
    Queue(key="to-dispatch", title=S.ACCEPTED.label, icon="send", group="state", condition=states(S.ACCEPTED)),
    Queue(key="to-sign", title=S.DISPATCHED.label, icon="pencil", group="state", condition=states(S.DISPATCHED)),
    Queue(
        key="in-progress", title=S.IN_PROGRESS.label, icon="hourglass", group="state", condition=states(S.IN_PROGRESS)
    ),
    Queue(key="paused", title=S.PAUSED.label, icon="player-pause", group="state", condition=states(S.PAUSED)),
    Queue(key="outside", title=S.HANDED_OUT.label, icon="external-link", group="state", condition=states(S.HANDED_OUT)),
    Queue(key="to-check", title=S.REPORTED_DONE.label, icon="checks", group="state", condition=states(S.REPORTED_DONE)),
    Queue(
        key="overdue",
        title=_("Overdue"),
        icon="clock",
        group="attention",
        is_bad=True,
        condition=lambda _actor, now: Q(due_at__lt=now),
    ),
    Queue(
        key="due-soon",
        title=_("Due soon"),
        icon="hourglass",
        group="attention",
        condition=lambda _actor, now: Q(due_at__gte=now, due_at__lt=now + SOON),
    ),
    Queue(
        key="unowned",
        title=_("Taken by nobody"),
        icon="alert-triangle",
        group="attention",
        is_bad=True,
        condition=unowned,
        order=("state_since", "pk"),
    ),
    Queue(
        key="holder-gone",
        title=_("Holder gone"),
        icon="user",
        group="attention",
        is_bad=True,
        condition=left,
        order=("state_since", "pk"),
    ),
    Queue(
        key="returned",
        title=pgettext_lazy("queue of events", "Sent back"),
        icon="arrow-back-up",
        group="attention",
        condition=lambda _actor, _now: Q(Positive(F("return_count"))) & Q(state=S.ACCEPTED),
    ),
    Queue(
        key="supervised",
        title=pgettext_lazy("queue of events", "Supervised"),
        icon="eye",
        group="attention",
        condition=lambda _actor, _now: Q(is_supervised=True),
    ),
    Queue(
        key="hotline",
        title=_("Hotline 12345"),
        icon="phone-call",
        group="channel",
        condition=by_channel(Channel.HOTLINE),
    ),
    Queue(key="citizens", title=_("Citizens"), icon="users", group="channel", condition=by_channel(Channel.CITIZEN)),
    Queue(
        key="patrol",
        title=_("Patrols and staff"),
        icon="map",
        group="channel",
        condition=by_channel(Channel.PATROL, Channel.STAFF),
    ),
    Queue(
        key="sensing",
        title=_("Devices and warnings"),
        icon="broadcast",
        group="channel",
        condition=by_channel(Channel.DEVICE, Channel.WARNING, Channel.VIDEO),
    ),
    Queue(
        key="data-check",
        title=Channel.DATA_CHECK.label,
        icon="database",
        group="channel",
        condition=by_channel(Channel.DATA_CHECK),
    ),
    Queue(
        key="from-outside",
        title=_("Higher level and peers"),
        icon="building-bank",
        group="channel",
        condition=by_channel(Channel.UPPER_LEVEL, Channel.PEER),
    ),
)
"""Every queue, in the order the desk shows them."""

BY_KEY = {queue.key: queue for queue in QUEUES}


def queue(key: str) -> Queue | None:
    """The queue with `key`; None for a key nobody knows."""
    return BY_KEY.get(key)


def counts(actor: Actor, *, fresh: bool = False, within: float = SECONDS) -> dict[str, int]:
    """How many open events each queue has for the person, and `open` in all; at most `within` seconds old.

    Whoever may see the whole county shares the county's counts, so that a hundred desks ask once. `fresh` asks anew.
    """
    if not actor.may(VIEW):
        return {}
    now = timezone.now()
    within = -1 if fresh else within
    shared, own = _key(actor)
    count = _county if actor.reach(VIEW) is Reach.COUNTY else _within
    found = kept(shared, lambda: count(actor, now), within)
    return found if shared == own else {**found, **kept(own, lambda: _mine(actor, now), within)}


def kept(key: str, count: Callable[[], T], within: float = SECONDS) -> T:
    """What `count` answers, or answered at most `within` seconds ago."""
    found: tuple[float, T] | None = cache.get(key)
    began = time.time()
    if found is None or not 0 <= began - found[0] <= within:
        # Known by when it began to count: what happens meanwhile is not in it.
        found = began, count()
        cache.set(key, found, KEPT_SECONDS)
    return found[1]


def forget_counts(actor: Actor) -> None:
    """The person's counts are asked anew the next time: they just did something."""
    cache.delete_many(_key(actor))


def _key(actor: Actor) -> tuple[str, str]:
    own = f"events.queues.{actor.post_id}.{actor.user_id}.{actor.principal_id}"
    if actor.reach(VIEW) is Reach.COUNTY:
        return "events.queues.county", own
    return own, own


def _mine(actor: Actor, now: datetime.datetime) -> dict[str, int]:
    """Counts of the queues that are the person's own."""
    rows = scoped(Event.objects.filter(is_open()), actor, VIEW)
    return {one.key: rows.filter(one.condition(actor, now)).count() for one in QUEUES if one.group == "mine"}


def _county(actor: Actor, now: datetime.datetime) -> dict[str, int]:
    """Counts for the whole county: each by its own index, none reads the rows of the others."""
    rows = scoped(Event.objects.filter(is_open()), actor, VIEW).order_by()
    by_state = dict(rows.values_list("state").annotate(many=Count("pk")))
    by_way = dict(rows.values_list("channel").annotate(many=Count("pk")))
    found = {"open": sum(by_state.values())}
    for one in QUEUES:
        if one.group == "mine":
            continue
        if one.group in ("state", "channel"):
            wanted = _words(one.condition(actor, now))
            found[one.key] = sum((by_state if one.group == "state" else by_way).get(word, 0) for word in wanted)
        else:
            found[one.key] = rows.filter(one.condition(actor, now)).count()
    return found


def _words(condition: Q) -> tuple[str, ...]:
    """The words a condition of one state or of channels asks for."""
    ((_name, value),) = condition.children
    return tuple(value) if isinstance(value, tuple) else (value,)


def _within(actor: Actor, now: datetime.datetime) -> dict[str, int]:
    """Counts for less than the county, in one pass over what the person sees."""
    rows = scoped(Event.objects.filter(is_open()), actor, VIEW).order_by()
    asked = {one.key.replace("-", "_"): Count("pk", filter=one.condition(actor, now)) for one in QUEUES}
    found = rows.aggregate(open=Count("pk"), **asked)
    return {name.replace("_", "-"): many for name, many in found.items()}
