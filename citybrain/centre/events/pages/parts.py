"""Pieces that the pages of events show alike: level, state, clock, bodies and towns by name, links."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.cache import cache
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from citybrain.centre.events.machine import DONE, OPEN, State
from citybrain.centre.events.models import Event
from citybrain.centre.events.types import event_types, name_of
from citybrain.declare.event import Clock, Level, Loop
from citybrain.kernel.identity.models import Area, Organisation
from citybrain.ui.formats import is_chinese
from citybrain.ui.panels import cells
from citybrain.ui.panels.panel import Link, Page, Tag, Tone

KNOWN_SECONDS = 60
"""How long names of bodies and towns may be old."""

LEVEL_TONES: dict[str, Tone] = {Level.BLUE: "quiet", Level.YELLOW: "fair", Level.ORANGE: "bad", Level.RED: "bad"}

STATE_TONES: dict[str, Tone] = {
    State.NEW: "fair",
    State.ACCEPTED: "fair",
    State.DISPATCHED: "fair",
    State.IN_PROGRESS: "data",
    State.PAUSED: "quiet",
    State.HANDED_OUT: "data",
    State.REPORTED_DONE: "good",
    State.CLOSED: "good",
    State.APPRAISED: "good",
    State.REJECTED: "quiet",
    State.CANCELLED: "quiet",
    State.MERGED: "quiet",
}

STAGES: tuple[tuple[str, tuple[State, ...]], ...] = (
    ("gathered", ()),
    ("filed", (State.NEW,)),
    ("dispatched", (State.ACCEPTED,)),
    ("handled", (State.DISPATCHED, State.IN_PROGRESS, State.PAUSED, State.HANDED_OUT)),
    ("told", ()),
    ("checked", (State.REPORTED_DONE,)),
    ("appraised", (State.CLOSED,)),
)
"""The seven stages of GB/T 30428.1, each with the states in which it is under way."""


def page(title: str, *way: Link, **options: Any) -> Page:
    """A page of the event centre; `way` leads down to it."""
    return Page(title=title, system=_("Event centre"), crumbs=way, **options)


def address(name: str, *parts: object) -> str:
    """Address of a page of another room; empty where that room is not built in."""
    try:
        return reverse(name, args=parts)
    except NoReverseMatch:
        return ""


def url_of(event: Event) -> str:
    """The event's page."""
    return reverse("event-page", args=[event.number])


def level_tag(level: str) -> Tag:
    """How grave it is."""
    return Tag(_(Level(level).label), LEVEL_TONES[level])


def state_tag(event: Event, now: datetime.datetime | None = None) -> Tag:
    """Where it stands; red once it is overdue."""
    tone: Tone = "bad" if is_late(event, now) else STATE_TONES[event.state]
    return Tag(str(State(event.state).label), tone, is_state=True)


def is_late(event: Event, now: datetime.datetime | None = None) -> bool:
    """Whether the clock that runs is over its limit."""
    return event.state in OPEN and event.due_at is not None and event.due_at < (now or timezone.now())


def marks(event: Event) -> tuple[Tag, ...]:
    """What else must be seen at once: an exercise, many people, supervised, sent back."""
    found = []
    if event.is_exercise:
        found.append(Tag(_("Exercise"), "demo"))
    if event.is_supervised:
        found.append(Tag(_("Supervised"), "bad"))
    if event.is_mass:
        found.append(Tag(_("Many people"), "fair"))
    if event.state == State.ACCEPTED and event.return_count:
        found.append(Tag(ngettext("Sent back %d×", "Sent back %d×", event.return_count) % event.return_count, "fair"))
    if event.loop == Loop.LARGE:
        found.append(Tag(_(Loop.LARGE.label), "data"))
    return tuple(found)


def type_name(key: str) -> str:
    """What a class is called; its key where nobody declares it any more."""
    found = event_types().get(key)
    return str(name_of(found)) if found else key


def time_left(event: Event, now: datetime.datetime | None = None) -> SafeString:
    """How much of the running clock is left, as words and a bar; a dash when none runs."""
    if event.state not in OPEN or event.due_at is None:
        return cells.text(None)
    return cells.time_left((event.state_since, event.due_at, now or timezone.now()))


def clock_words(event: Event, now: datetime.datetime | None = None) -> str:
    """The deadline in a sentence: by when what must be done, and how much is left."""
    now = now or timezone.now()
    if event.due_at is None:
        return _("No clock is running")
    due = localtime(event.due_at)
    day = _("today") if due.date() == localtime(now).date() else f"{due:%m-%d}"
    clock = _(Clock(event.due_clock).label) if event.due_clock in set(Clock) else ""
    words = {"clock": clock, "day": day, "time": f"{due:%H:%M}", "span": span(abs(event.due_at - now))}
    if event.due_at < now:
        return _("%(clock)s: due %(day)s %(time)s, %(span)s over") % words
    return _("%(clock)s: by %(day)s %(time)s, %(span)s left") % words


def span(length: datetime.timedelta) -> str:
    """A span of time in its two largest units: `2 h 19 min`, `3 d 4 h`."""
    minutes = int(length.total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes % 60}
    return _("%d min") % minutes


class Names:
    """Names of bodies and towns by id, so that a list joins nothing: small tables, asked once a minute."""

    def __init__(self) -> None:
        self.language = get_language() or "zh"
        self.bodies: dict[int, str] = cache.get_or_set(f"events.bodies.{self.language}", _bodies, KNOWN_SECONDS)
        self.towns: dict[int, str] = cache.get_or_set(f"events.towns.{self.language}", _towns, KNOWN_SECONDS)

    def body(self, pk: int | None) -> str:
        """A body's short name."""
        return self.bodies.get(pk or 0, "")

    def town(self, pk: int | None) -> str:
        """The town an area lies in."""
        return self.towns.get(pk or 0, "")

    def area(self, pk: int | None) -> str:
        """An area by its own name, with its town before it."""
        areas = cache.get_or_set(f"events.areas.{self.language}", _areas, KNOWN_SECONDS)
        own, town = areas.get(pk or 0, ""), self.town(pk)
        return own if town in ("", own) else f"{town} {own}"


def _bodies() -> dict[int, str]:
    """Every body by its short name; a section with the name of its body before it."""
    rows = Organisation.objects.values_list("pk", "parent", "kind", "chinese", "english", "short")
    chinese = is_chinese()
    names = {pk: (short or name if chinese else english or name) for pk, _up, _kind, name, english, short in rows}
    for pk, above, kind, *_words in rows:
        if kind == Organisation.Kind.SECTION and above in names and not names[pk].startswith(names[above]):
            names[pk] = f"{names[above]}{names[pk]}" if chinese else f"{names[above]}, {names[pk]}"
    return names


def _areas() -> dict[int, str]:
    """Every area by its own name."""
    chinese = is_chinese()
    rows = Area.objects.values_list("pk", "chinese", "english")
    return {pk: (name if chinese else english or name) for pk, name, english in rows}


def _towns() -> dict[int, str]:
    """Every area with the name of the town or zone it lies in, or its own where it lies in none."""
    chinese = is_chinese()
    areas = list(Area.objects.values_list("pk", "path", "kind", "chinese", "english"))
    names = {path: (name if chinese else english or name) for _pk, path, _kind, name, english in areas}
    town_paths = {path for _pk, path, kind, _name, _english in areas if kind in (Area.Kind.TOWN, Area.Kind.ZONE)}
    found = {}
    for pk, path, _kind, _name, _english in areas:
        parts = path.split("/")[:-1]
        above = ("/".join(parts[: n + 1]) + "/" for n in range(len(parts)))
        found[pk] = names[next((one for one in above if one in town_paths), path)]
    return found


def is_done(event: Event) -> bool:
    """Whether it was closed."""
    return event.state in DONE
