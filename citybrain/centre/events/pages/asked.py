"""What the address of the desk asks for: a queue, a tab, filters, an order; the same for list, map and export.

/events/?queue=hotline&tab=to-sign&town=330784001000&level=red&q=积水&sort=-opened_at&page=2&open=YK2026112100417
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from citybrain.centre.events.machine import DONE, ENDED, State
from citybrain.centre.events.models import Channel, Event
from citybrain.centre.events.pages.parts import type_name
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.queries import Among, events, is_open
from citybrain.centre.events.queues import BY_KEY, QUEUES, SECONDS, Queue, counts, kept, ordered
from citybrain.centre.events.types import event_types
from citybrain.declare.event import Level, Loop
from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area, Organisation
from citybrain.kernel.records.counting import EXACT, counted
from citybrain.kernel.records.counting import Count as KnownCount
from citybrain.kernel.records.keyset import Order as KeyOrder
from citybrain.kernel.records.search import search_ids
from citybrain.kernel.records.shape import shape_of
from citybrain.ui.formats import is_chinese
from citybrain.ui.panels.panel import Tab
from citybrain.ui.panels.tables import Choice, Filters

KNOWN_SECONDS = 60
"""How long the towns and bodies of the filter bar, and the sum of closed events, may be old."""

STATE_TABS: dict[str, tuple[State, ...]] = {
    "to-verify": (State.NEW,),
    "to-dispatch": (State.ACCEPTED,),
    "to-sign": (State.DISPATCHED,),
    "in-progress": (State.IN_PROGRESS,),
    "paused": (State.PAUSED,),
    "outside": (State.HANDED_OUT,),
    "to-check": (State.REPORTED_DONE,),
}
CLOSED_TABS: dict[str, tuple[State, ...]] = {"closed": DONE, "ended": ENDED}
SUMS = ("all", *CLOSED_TABS)
"""Tabs with events of all years."""

MANY = 2_000
"""From how many events on a page of all is found by walking them in their order."""

DATED = len("YK20261121")
"""Letters of a number that name its day."""

SORTS = ("opened_at", "due_at", "state_since", "number")
"""What the list may be ordered by."""

NAMES = ("q", "town", "channel", "level", "body", "type", "loop", "since", "until", "flag")
"""Parameters that filter."""

FLAGS: dict[str, Callable[[], Q]] = {
    "mass": lambda: Q(is_mass=True),
    "supervised": lambda: Q(is_supervised=True),
    "repeated": lambda: Q(signal_count__gt=1),
    "returned": lambda: Q(return_count__gt=0),
    "reworked": lambda: Q(rework_count__gt=0),
    "exercise": lambda: Q(is_exercise=True),
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked."""

    actor: Actor
    queue: Queue | None
    tab: str
    filters: dict[str, str]
    sort: str
    now: datetime.datetime
    base: QuerySet[Event] = field(repr=False)
    """What the person may see, by queue and filters, in any state."""
    passing: QuerySet[Event] = field(repr=False)
    """The same, for one page of very many (`scoped`)."""

    @property
    def rows(self) -> QuerySet[Event]:
        """The events of the tab, in order."""
        return self.base.filter(self.of_tab).order_by(*self.order)

    @property
    def keyed(self) -> KeyOrder:
        """The same order, by which pages are found."""
        return KeyOrder(self.sort.removeprefix("-"), self.sort.startswith("-"))

    @cached_property
    def many(self) -> dict[str, int]:
        """Tab -> events, as `tab_counts` has it."""
        return tab_counts(self)

    @cached_property
    def count(self) -> KnownCount:
        """How many events the tab has."""
        if self.tab in self.many:
            return KnownCount(total=self.many[self.tab], is_capped=False)
        if self.is_whole and self.tab in SUMS:
            return KnownCount(total=self.exact, is_capped=True)
        return counted(self.rows, self.exact)

    @property
    def exact(self) -> int:
        """How far the events of the tab are counted."""
        is_all = self.tab in SUMS and self.queue is None
        return furthest(self.actor) if is_all else EXACT

    @property
    def walked(self) -> QuerySet[Event] | None:
        """The rows of the tab for a page of very many: who has few finds them sooner by whose they are."""
        if self.tab not in SUMS or self.queue is not None or self.actor.reach(VIEW) is Reach.COUNTY:
            return None
        return self.passing.filter(self.of_tab) if self.count.total >= MANY else None

    @property
    def of_tab(self) -> Q:
        """The condition of the tab."""
        if self.tab in CLOSED_TABS:
            return among(CLOSED_TABS[self.tab])
        if self.tab in STATE_TABS:
            return is_open() & Q(state=STATE_TABS[self.tab][0])
        if self.tab == "overdue":
            return is_open() & Q(due_at__lt=self.now)
        return is_open() if self.queue or self.tab == "open" else Q()

    @property
    def order(self) -> list[Any]:
        """The order asked for; unasked, what presses first among open ones, the newest first among all."""
        return ordered((self.sort, "pk"))

    @property
    def is_filtered(self) -> bool:
        """Whether less than a whole queue is asked for."""
        return any(self.filters.values())

    @property
    def is_whole(self) -> bool:
        """Whether all that the person may see is asked for."""
        return self.queue is None and not self.is_filtered


def furthest(actor: Actor) -> int:
    """How far events of all years are counted: what is not the whole county's is looked for row by row."""
    return EXACT if actor.reach(VIEW) is Reach.COUNTY else MANY


def among(states: tuple[State, ...]) -> Q:
    """The condition that an event is in one of some states, as the indexes say it."""
    return Q(Among("state", tuple(state.value for state in states)))


def ask(request: HttpRequest, given: QueryDict | None = None) -> Asked:
    """Reads the question of an address; what it cannot mean is left out."""
    return question(request.actor, request.GET if given is None else given)  # type: ignore[attr-defined]


def question(actor: Actor, given: QueryDict) -> Asked:
    """What somebody asks; what it cannot mean is left out."""
    now = timezone.now()
    queue = BY_KEY.get(given.get("queue", ""))
    known = {"all", "open", "overdue", *STATE_TABS, *CLOSED_TABS}
    tab = given.get("tab", "")
    tab = tab if tab in known else "all"
    filters = {name: value for name in NAMES if (value := given.get(name, "").strip()[:200])}
    asked = [queue.condition(actor, now)] if queue is not None else []
    asked += [condition(name, value) for name, value in filters.items()]
    base, passing = events(actor), events(actor, in_passing=True)
    for one in asked:
        base, passing = base.filter(one), passing.filter(one)
    return Asked(
        actor=actor,
        queue=queue,
        tab=tab,
        filters=filters,
        sort=sort_of(given.get("sort", ""), tab, queue),
        now=now,
        base=base,
        passing=passing,
    )


def sort_of(asked: str, tab: str, queue: Queue | None) -> str:
    """The order asked for, or the tab's own."""
    if asked.removeprefix("-") in SORTS:
        return asked
    if tab in CLOSED_TABS:
        return "-closed_at" if tab == "closed" else "-opened_at"
    if queue is not None:
        return queue.order[0]
    return "-opened_at" if tab == "all" else "due_at"


def condition(name: str, value: str) -> Q:
    """What a filter asks of an event; nothing fits a value that nobody knows."""
    nothing = Q(pk__in=())
    match name:
        case "q":
            return named(value)
        case "town":
            area = Area.objects.filter(key=value).first()
            return Q(area__in=areas_within(area)) if area else nothing
        case "body":
            return Q(organisation__in=Organisation.objects.filter(path__startswith=body_path(value)).values("pk"))
        case "channel" | "level" | "loop" | "type":
            return Q(**{name: value})
        case "since" | "until":
            day = parse_day(value)
            if day is None:
                return nothing
            start = timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
            return Q(opened_at__gte=start) if name == "since" else Q(opened_at__lt=start + datetime.timedelta(days=1))
        case "flag":
            return FLAGS[value]() if value in FLAGS else nothing
    return nothing


def named(text: str) -> Q:
    """Events by number or its start, or by words of title, address and number."""
    letters = text.upper()
    if letters[:2].isalpha() and letters[2:].isdigit() and letters.isascii():
        named = Q(number__gte=letters, number__lt=letters + "~")
        # A day has few: found first, or a planner may look through all that are open for one.
        return Q(pk__in=Event.objects.filter(named).values("pk")) if len(letters) >= DATED else named
    return Q(pk__in=search_ids(shape_of(Event), text))


def areas_within(area: Area) -> list[int]:
    """Ids of an area and all inside it."""
    return list(Area.objects.filter(path__startswith=area.path).values_list("pk", flat=True))


def body_path(key: str) -> str:
    """Way of a body in the tree; a text that begins no way for a key nobody knows."""
    return Organisation.objects.filter(key=key).values_list("path", flat=True).first() or "?"


def parse_day(text: str) -> datetime.date | None:
    """A day as 2026-11-21; None for anything else."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def tabs(asked: Asked) -> tuple[Tab, ...]:
    """All, each state, overdue, closed, ended; with counts."""
    many = asked.many
    titles = [("all", pgettext("events", "All") if asked.queue is None else pgettext("events", "Open"))]
    titles += [(key, str(states[0].label)) for key, states in STATE_TABS.items()]
    titles += [("overdue", _("Overdue")), ("closed", str(State.CLOSED.label)), ("ended", _("Ended otherwise"))]
    over = {key: furthest(asked.actor) for key in SUMS if asked.is_whole and key not in many}
    return tuple(
        Tab(key, title, (many | over).get(key), tone="bad" if key == "overdue" else "quiet", is_capped=key in over)
        for key, title in titles
    )


def tab_counts(asked: Asked, within: float = SECONDS) -> dict[str, int]:
    """Tab -> events. Unfiltered they are the queues' own, at most `within` seconds old; else one question over the open
    rows of the filter. What has more than anybody counts is left out."""
    if asked.is_whole:
        known = counts(asked.actor, within=within)
        sums = whole(asked, KNOWN_SECONDS if within == SECONDS else within)
        return {**{key: known.get(key, 0) for key in (*STATE_TABS, "overdue")}, **sums}
    rows = asked.base.filter(is_open()).order_by().values_list("state")
    found = list(rows.annotate(many=Count("pk"), late=Count("pk", filter=Q(due_at__lt=asked.now))))
    by_state = {state: many for state, many, _late in found}
    answer = {key: by_state.get(states[0], 0) for key, states in STATE_TABS.items()}
    answer["overdue"] = sum(late for _state, _many, late in found)
    if asked.queue is not None:
        answer["all"] = sum(by_state.values())
    return answer


def whole(asked: Asked, within: float) -> dict[str, int]:
    """How many events there are in all, closed, and ended otherwise; at most `within` seconds old.

    Without those of more than are counted.
    """

    exact = furthest(asked.actor)

    def count() -> dict[str, int]:
        found = {
            "all": counted(asked.base, exact),
            "closed": counted(asked.base.filter(among(DONE)), exact),
            # A twelfth of all: read through sooner than what is somebody's is looked up.
            "ended": counted(asked.passing.filter(among(ENDED)), exact),
        }
        return {key: one.total for key, one in found.items() if not one.is_capped}

    actor = asked.actor
    whose = "county" if actor.reach(VIEW) is Reach.COUNTY else f"{actor.post_id}.{actor.user_id}.{actor.principal_id}"
    return kept(f"events.whole.{whose}", count, within)


def filters_panel(asked: Asked) -> Filters:
    """The filter bar."""
    channels = [(value, label) for value, label in Channel.choices]
    return Filters(
        key="filters",
        search=_("Matter, number or address"),
        asked=asked.filters,
        choices=(
            Choice("town", _("All towns"), towns()),
            Choice("channel", _("All sources"), channels),
            Choice("level", _("Every level"), [(one.value, _(one.label)) for one in Level]),
            Choice("body", _("Responsible body"), bodies()),
            Choice("type", pgettext("event", "Class"), classes(), is_more=True),
            Choice("loop", _("Loop"), [(one.value, _(one.label)) for one in Loop], is_more=True),
            Choice(
                "flag",
                _("Marked as"),
                [
                    ("mass", _("Many people")),
                    ("supervised", _("Supervised")),
                    ("repeated", _("Reported several times")),
                    ("returned", _("Sent back")),
                    ("reworked", _("Reworked")),
                    ("exercise", _("Exercise")),
                ],
                is_more=True,
            ),
            Choice("since", _("Told from"), kind="day", is_more=True),
            Choice("until", _("Told until"), kind="day", is_more=True),
        ),
    )


def towns() -> list[tuple[str, str]]:
    """The county's towns and zones."""

    def rows() -> list[tuple[str, str]]:
        found = Area.objects.filter(kind__in=(Area.Kind.TOWN, Area.Kind.ZONE)).order_by("position", "key")
        return [(one.key, one.chinese if is_chinese() else one.english or one.chinese) for one in found]

    return cache.get_or_set(f"events.filter.towns.{get_language()}", rows, KNOWN_SECONDS)


def bodies() -> list[tuple[str, str]]:
    """The county's bodies."""

    def rows() -> list[tuple[str, str]]:
        found = Organisation.objects.filter(is_active=True).exclude(kind__in=Organisation.INNER)
        return [(one.key, one.chinese if is_chinese() else one.english) for one in found.order_by("position", "key")]

    return cache.get_or_set(f"events.filter.bodies.{get_language()}", rows, KNOWN_SECONDS)


def classes() -> list[tuple[str, str]]:
    """Every class of events."""
    return [(key, type_name(key)) for key in event_types()]


def queue_choices() -> list[tuple[str, str]]:
    """Every queue, for those who look for one by its name."""
    return [(queue.key, str(queue.title)) for queue in QUEUES]


def newest(rows: QuerySet[Event]) -> Any:
    """When the latest of some events was told."""
    return rows.order_by(F("opened_at").desc()).values_list("opened_at", flat=True).first()
