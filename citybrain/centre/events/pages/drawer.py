"""The drawer of the desk and of the maps: one event beside the list, with the buttons that are legal now."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import HttpRequest
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.centre.events.journal import LOG, since
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.pages import parts, sections, signals, steps
from citybrain.centre.events.pages.acting import Acted, answer
from citybrain.centre.events.pages.looking import Case
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.queries_ways import Way
from citybrain.kernel.identity.scope import vouched
from citybrain.ui.panels.drawers import Drawer
from citybrain.ui.panels.kinds import Blank, Timeline
from citybrain.ui.panels.panel import Action, Panel, Tab

Section = Callable[[Case, HttpRequest], Iterator[Panel]]

SECTIONS: dict[str, Section] = {
    "overview": sections.overview,
    "process": sections.process,
    "tasks": sections.tasks,
    "signals": signals.signals,
    "files": sections.files,
    "similar": sections.similar,
    "rating": sections.rating,
}
"""Parts of the drawer."""

KEYS: dict[str, str] = {
    Verb.ACCEPT: "a",
    Verb.DISPATCH: "d",
    Verb.SIGN: "s",
    Verb.REPORT_DONE: "f",
    Verb.CLOSE: "c",
    Verb.URGE: "u",
    Verb.SEND_BACK: "b",
    Verb.REJECT: "r",
    Verb.MERGE: "m",
    Verb.PAUSE: "p",
    Verb.RESUME: "p",
    Verb.REWORK: "b",
    Verb.ASK_TASK: "t",
    Verb.NOTE: "o",
    Verb.TAKE: "y",
    Verb.ASSIGN: "w",
}
"""Verb -> letter that presses its button."""

STANDING = 3
"""Buttons that stand at the foot; the others are behind the dots."""

RARE = (Verb.NOTE, Verb.ANSWER, Verb.RAISE, Verb.RECLASSIFY, Verb.SUPERVISE, Verb.LOWER, Verb.TAKE)
"""Verbs that stand last."""


def opened(request: HttpRequest) -> Acted:
    """What the address opens: an event, a form of it, or what came of one; nothing when it names none."""
    number = request.GET.get("open", "")
    return answer(request, number) if number else Acted()


def drawer(request: HttpRequest, acted: Acted) -> Drawer:
    """The drawer, shut when nothing is opened."""
    case = acted.case
    if case is None:
        return Drawer(key="drawer", watches=LOG) if not acted.panels else gone(acted)
    event = case.event
    part = request.GET.get("part", "")
    part = part if part in SECTIONS else "overview"
    standing, rest = buttons(case, request)
    told = localtime(event.opened_at)
    today = told.date() == localtime(case.now).date()
    return Drawer(
        key="drawer",
        of=event,
        watches=LOG,
        version=event.steps,
        title=event.title,
        tags=(parts.level_tag(event.level), parts.state_tag(event, case.now), *parts.marks(event)),
        under=_("%(number)s · told %(time)s")
        % {"number": event.number, "time": f"{told:%H:%M}" if today else f"{told:%m-%d %H:%M}"},
        whole=sections.more_link(case),
        tabs=() if acted.is_form else tabs(case),
        tab=part,
        body=(*meanwhile(case, request), *acted.panels, *(() if acted.is_form else SECTIONS[part](case, request))),
        actions=() if acted.is_form else standing,
        more=() if acted.is_form else rest,
    )


def meanwhile(case: Case, request: HttpRequest) -> tuple[Panel, ...]:
    """What others did since the step the drawer showed until now (`X-Seen`), for who asked to see the new state."""
    seen = request.headers.get("X-Seen", "")
    if request.method != "GET" or not seen.isdecimal() or len(seen) > 9:
        return ()
    lines = since(case.event, int(seen))
    if not lines:
        return ()
    moments = vouched(tuple(steps.moments(case.event, lines, parts.Names())), case.actor, VIEW)
    return (Timeline(title=_("Meanwhile"), moments=moments, key="meanwhile"),)


def gone(acted: Acted) -> Drawer:
    """The event went out of the person's sight with what they did."""
    return Drawer(key="drawer", body=(*acted.panels, Blank(icon="send", text=_("It left your desk."))), is_left=True)


def tabs(case: Case) -> tuple[Tab, ...]:
    """The drawer's parts; counts only of what was asked already."""
    event = case.event
    return (
        Tab("overview", pgettext("event", "Overview")),
        Tab("process", pgettext("event", "Process"), event.steps),
        Tab("tasks", pgettext("event", "Tasks")),
        Tab("signals", _("Signals"), event.signal_count if event.signal_count > 1 else None),
        Tab("files", _("Files")),
        Tab("similar", pgettext("events", "Similar")),
        Tab("rating", _("Rating")),
    )


def buttons(case: Case, request: HttpRequest) -> tuple[tuple[Action, ...], tuple[Action, ...]]:
    """The legal transitions: the three most usual, the main one last, and the rest."""
    ways = sorted(case.ways, key=lambda way: (way.transition.verb in RARE, not way.transition.is_main))
    main = [way for way in ways if way.transition.is_main][:1]
    others = [way for way in ways if way not in main]
    standing = [*reversed(others[: STANDING - len(main)]), *main]
    rest = [way for way in others if way not in standing]
    return (
        tuple(button(way, request, is_main=way in main) for way in standing),
        tuple(button(way, request) for way in rest),
    )


def button(way: Way, request: HttpRequest, *, is_main: bool = False) -> Action:
    """The button of a transition: it opens the form."""
    verb = way.transition.verb
    return Action(
        way.transition.title,
        sections.do_address(request, verb),
        way.transition.icon,
        is_main=is_main,
        key=KEYS.get(verb, ""),
    )
