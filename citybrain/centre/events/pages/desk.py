"""The event desk (事件处置台): queues, the list with its clocks, and the event that was opened beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.centre.events.clocks import read
from citybrain.centre.events.journal import LOG as TOPIC
from citybrain.centre.events.machine import State
from citybrain.centre.events.models import Event, Step
from citybrain.centre.events.pages import parts, views
from citybrain.centre.events.pages.asked import Asked, ask, filters_panel, tab_counts, tabs
from citybrain.centre.events.pages.drawer import drawer, opened
from citybrain.centre.events.permissions import ACCEPT, ASSIGN, DISPATCH, REPORT, SUPERVISE, VIEW
from citybrain.centre.events.queues import LIVE_SECONDS, counts
from citybrain.declare.event import Clock
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.ui.access import requires, requires_form
from citybrain.ui.counting import Recount
from citybrain.ui.panels import cells
from citybrain.ui.panels.panel import Action, Link, Page
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.records.listing import page_of

SIZE = 20
"""Events on a page."""


@requires_form(VIEW)
def desk(request: HttpRequest) -> HttpResponse:
    """The desk."""
    if (first := views.first(request)) is not None:
        return HttpResponseRedirect(first)
    acted = opened(request)
    if acted.answer is not None:
        return acted.answer
    if request.headers.get("X-Panel") == "drawer":
        return Page(title=_("Events"), body=(drawer(request, acted),)).respond(request, status=acted.status)
    asked = ask(request)
    if request.headers.get("X-Panel") == "rows":
        # What every open desk asks for after a step: nothing of the page around it is worked out.
        return Page(title=_("Events"), body=(listing(asked, request),)).respond(request)
    kept = views.shown(request)
    return parts.page(
        kept or (str(asked.queue.title) if asked.queue else _("All events")),
        tabs=tabs(asked),
        recount=Recount("event-counts", TOPIC, f"tabs=1&{views.bare(request.GET).urlencode()}"),
        tab=asked.tab if asked.tab != "open" else "all",
        ways=ways(request),
        way=reverse("event-desk") + tail(request),
        actions=buttons(request.actor, request),  # type: ignore[attr-defined]
        more=views.doors(request),
        body=(filters_panel(asked), listing(asked, request)),
        aside=(drawer(request, acted),),
        fills=True,
        help=_(
            "Every event of your reach by queue, state and filter. A row opens beside the list; j and k walk, "
            "letters press the buttons, Esc closes."
        ),
    ).respond(request)


@requires(VIEW)
def numbers(request: HttpRequest) -> JsonResponse:
    """The counts of menu lines, of the person's views and, with `tabs=1`, of the tabs of the question, as JSON.

    {"/events/": 40, "/events/?queue=overdue": 7, "tab:to-sign": 3}, counted after the step the page heard of.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    home = reverse("event-desk")
    open_events = counts(actor, within=LIVE_SECONDS)
    found = {f"{home}?queue={key}": many for key, many in open_events.items()}
    found[home] = found.pop(f"{home}?queue=open", 0)
    found |= views.numbers(request, LIVE_SECONDS)
    if request.GET.get("tabs"):
        found |= {f"tab:{key}": many for key, many in tab_counts(ask(request), LIVE_SECONDS).items()}
    return JsonResponse(found, headers={"Cache-Control": "no-store"})


def tail(request: HttpRequest) -> str:
    """The question of the address, without what is opened and the page."""
    asked = views.bare(request.GET)
    return f"?{asked.urlencode()}" if asked else ""


def ways(request: HttpRequest) -> tuple[Link, ...]:
    """List and map of the same question."""
    kept = tail(request)
    return (
        Link(_("List"), reverse("event-desk") + kept, "table"),
        Link(_("Map"), reverse("event-map") + kept, "map"),
    )


def buttons(actor: Actor, request: HttpRequest) -> tuple[Action, ...]:
    """What may be begun here."""
    found = []
    if actor.may("event:export"):
        found.append(Action(_("Export"), reverse("records:event:export"), "download"))
    if actor.may(REPORT) and (url := door("hotline-desk")):
        found.append(Action(_("Register an event"), url, "plus", is_main=True, key="n"))
    return tuple(found)


def door(name: str) -> str:
    """Address of a page of a room above, where it is built in; empty otherwise."""
    return parts.address(name)


def listing(asked: Asked, request: HttpRequest) -> Table:
    """One page of the list."""
    page = request.GET.get("page")
    shown, place = page_of(asked.rows, asked.keyed, page, SIZE, count=lambda: asked.count, walked=asked.walked)
    names, left = parts.Names(), clocks_of(list(shown), asked)
    return Table(
        key="rows",
        rows=shown,
        columns=columns(names, left),
        empty=_("Nothing waits here.") if not asked.is_filtered else _("No event fits what you ask for."),
        empty_icon="circle-check" if not asked.is_filtered else "list-search",
        paging=place,
        sort=asked.sort,
        row_link=parts.url_of,
        row_key=lambda event: event.number,
        row_version=lambda event: str(event.steps),
        opens="open",
        follows=TOPIC,
        select="number",
        bulk=bulk(asked.actor),
    )


def columns(names: parts.Names, left: dict[int, SafeString]) -> tuple[Column, ...]:
    """The columns of the picture: number, matter, town, level, state, body, time left."""
    return (
        Column(_("Number"), "number", cells.number_text, link=parts.url_of, sort="number"),
        Column(_("Matter"), "title", tags=parts.marks, weight=1),
        Column(pgettext("place of an event", "Town"), lambda event: names.town(event.area_id), weight=3),
        Column(_("Level"), lambda event: parts.level_tag(event.level), cells.tag, weight=2),
        Column(_("State"), parts.state_tag, cells.tag),
        Column(pgettext("event", "Body"), lambda event: body_of(event, names), weight=2),
        Column(pgettext("event", "Told"), "opened_at", cells.brief, sort="opened_at", weight=4),
        Column(_("Time left"), lambda event: left.get(event.pk), cells.drawn, sort="due_at"),
    )


def body_of(event: Event, names: parts.Names) -> str:
    """The body it lies with once it was dispatched; before, nobody."""
    return "" if event.state in (State.NEW, State.ACCEPTED) else names.body(event.organisation_id)


def clocks_of(rows: Sequence[Event], asked: Asked) -> dict[int, SafeString]:
    """What the running clock of each event shows, read from the journals of the page at once."""
    open_ids = [event.pk for event in rows if event.due_at is not None and event.is_open]
    if not open_ids:
        return {}
    journals: dict[int, list[Step]] = defaultdict(list)
    lines = Step.objects.filter(event__in=open_ids).order_by("event_id", "number")
    for step in lines.only("event_id", "at", "verb", "source", "target", "reason", "facts"):
        journals[step.event_id].append(step)
    # Asked once: each event by itself would ask for its bodies.
    bodies = {step.facts.get("organisation") for steps in journals.values() for step in steps} - {None}
    bodies |= {event.organisation_id for event in rows}
    schedules = dict(Organisation.objects.filter(pk__in=bodies).values_list("pk", "schedule"))
    found: dict[int, SafeString] = {}
    for event in rows:
        if event.pk not in journals:
            continue
        running = running_of(event, journals[event.pk], asked, schedules)
        if running is not None:
            found[event.pk] = cells.time_left((running.elapsed, running.allowed))
    return found


def running_of(event: Event, steps: Sequence[Step], asked: Asked, schedules: Mapping[int, str]) -> Any:
    """The reading of the clock that is due next; None while none runs. `schedules`: working hours by body."""
    readings = [one for one in read(event, steps, asked.now, schedules) if one.is_running]
    named = [one for one in readings if one.clock == event.due_clock]
    return (named or [one for one in readings if one.clock is not Clock.WHOLE] or readings or [None])[0]


def bulk(actor: Actor) -> tuple[Action, ...]:
    """What can be done with ticked rows."""
    found = []
    for verb, title, icon, permission in (
        ("accept", pgettext("event", "Accept"), "check", ACCEPT),
        ("dispatch", _("Dispatch"), "send", DISPATCH),
        ("assign", pgettext("event", "Assign"), "user-check", ASSIGN),
        ("urge", _("Urge"), "message", SUPERVISE),
    ):
        if actor.may(permission):
            found.append(Action(title, reverse("event-batch", args=[verb]), icon))
    return tuple(found)
