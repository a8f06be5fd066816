"""The page of one event (案卷): facts, clocks, the seven stages, tasks, signals, files, map, evidence, paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.centre.events.machine import DONE, OPEN, Verb
from citybrain.centre.events.models import Event, Step
from citybrain.centre.events.pages import parts, sections, signals
from citybrain.centre.events.pages.acting import Acted, answer
from citybrain.centre.events.pages.drawer import buttons
from citybrain.centre.events.pages.looking import Case
from citybrain.centre.events.pages.steps import done_words
from citybrain.centre.events.permissions import SUPERVISE, VIEW
from citybrain.kernel.identity.scope import reaches, vouched
from citybrain.ui.access import requires, requires_form
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Notice
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Row, Stack, Tab
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.panels.ways import Station, Way

STATE_TABS = ("overview", "process", "tasks", "signals", "files", "map", "similar", "rating", "evidence")


@requires_form(VIEW, scoped=True)
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The event's page."""
    acted = answer(request, number)
    if acted.answer is not None:
        return acted.answer
    if acted.case is None:
        return parts.page(_("Event"), back_to_desk(), body=acted.panels).respond(request)
    here = acted.case
    event = here.event
    tab = request.GET.get("tab", "")
    tab = tab if tab in STATE_TABS else "overview"
    standing, rest = buttons(here, request)
    return parts.page(
        event.title,
        Link(_("All events"), reverse("event-desk")),
        tags=(parts.level_tag(event.level), parts.state_tag(event, here.now), *parts.marks(event)),
        note=event.number,
        actions=standing,
        more=(*rest, *further(here)),
        top=(stages(here),),
        tabs=() if acted.is_form else tabs(here),
        tab="" if acted.is_form else tab,
        body=form_body(acted, here) if acted.is_form else (*acted.panels, *body(here, tab, request)),
        help=_("Everything that is known of one event. Buttons are what your post may do with it now."),
    ).respond(request, status=acted.status)


def back_to_desk() -> Link:
    """The way up."""
    return Link(_("All events"), reverse("event-desk"))


def form_body(acted: Acted, here: Case) -> tuple[Panel | Row, ...]:
    """The form beside what must be known while it is filled in."""
    return (Row(Stack(*acted.panels), Stack(sections.facts(here), sections.course(here, 4)), widths="main"),)


def tabs(here: Case) -> tuple[Tab, ...]:
    """The page's parts."""
    event = here.event
    return (
        Tab("overview", pgettext("event", "Overview")),
        Tab("process", pgettext("event", "Process"), event.steps),
        Tab("tasks", pgettext("event", "Tasks"), len(here.tasks)),
        Tab("signals", _("Signals"), event.signal_count),
        Tab("files", _("Files"), len(here.files)),
        Tab("map", _("Map")),
        Tab("similar", pgettext("events", "Similar"), len(here.alike) + len(here.merged)),
        Tab("rating", _("Rating"), len(here.ratings)),
        Tab("evidence", _("Evidence")),
    )


def body(here: Case, tab: str, request: HttpRequest) -> tuple[Panel | Row, ...]:
    """The panels of a part."""
    if tab == "overview":
        return overview(here, request)
    if tab == "map":
        shown = sections.map_of(here, "tall", with_others=True)
        return (shown,) if shown is not None else (Notice(text=_("Nobody knows where it is."), tone="fair"),)
    if tab == "evidence":
        return tuple(evidence(here))
    found = {
        "process": sections.process,
        "tasks": sections.tasks,
        "signals": signals.signals,
        "files": sections.files,
        "similar": sections.similar,
        "rating": sections.rating,
    }
    return tuple(found[tab](here, request))


def overview(here: Case, request: HttpRequest) -> tuple[Panel | Row, ...]:
    """Facts, clocks and tasks at the left; place and course at the right."""
    left = [
        *sections.notices(here, request),
        sections.facts(here, is_wide=True),
        sections.clocks(here),
        *sections.tasks(here, request),
    ]
    if here.files:
        left += list(sections.files(here, request))[:1]
    place = sections.map_of(here, "middle")
    right = [*((place,) if place is not None else ()), sections.course(here, 8)]
    return (Row(Stack(*left), Stack(*right), widths="main"),)


def further(here: Case) -> tuple[Action, ...]:
    """Print, archive, a public warning about it."""
    number = here.event.number
    found = [Action(_("Print"), reverse("event-paper", args=[number]), "printer")]
    if here.actor.may("event:export") and (url := parts.address("event-archive", number)):
        found.append(Action(_("Verifiable archive"), url, "archive"))
    if reaches(here.event, here.actor, SUPERVISE) and (url := parts.address("cap-publish", number)):
        found.append(Action(_("Publish a warning"), url, "speakerphone"))
    return tuple(found)


# The seven stages


def stages(here: Case) -> Way:
    """The seven stages of GB/T 30428.1, as far as the event has come."""
    reached = stage_times(here.event, here.journal)
    names = {
        "gathered": pgettext("stage", "Gathered"),
        "filed": pgettext("stage", "Filed"),
        "dispatched": pgettext("stage", "Dispatched"),
        "handled": pgettext("stage", "Handled"),
        "told": pgettext("stage", "Reported back"),
        "checked": pgettext("stage", "Checked"),
        "appraised": pgettext("stage", "Appraised"),
    }
    current = next((key for key in names if reached.get(key) is None), "")
    ended = here.event.state not in (*OPEN, *DONE)
    found = [
        Station(
            title=names[key],
            state="done" if reached.get(key) else "stopped" if ended else "now" if key == current else "ahead",
            at=reached.get(key),
        )
        for key in names
    ]
    return Way(stations=vouched(found, here.actor, VIEW), key="stages", label=_("The seven stages"))


def stage_times(event: Event, journal: list[Step]) -> dict[str, datetime | None]:
    """Stage -> when it was passed in the present round; a stage that was gone back over is open again."""
    passed: dict[str, datetime | None] = {"gathered": event.opened_at}
    ways = {
        Verb.ACCEPT: ("filed",),
        Verb.REVIEW: ("filed",),
        Verb.UNMERGE: ("filed",),
        Verb.DISPATCH: ("dispatched",),
        Verb.ARBITRATE: ("dispatched",),
        Verb.HAND_OUT: ("dispatched",),
        Verb.REPORT_DONE: ("handled", "told"),
        Verb.CLOSE: ("checked",),
        Verb.APPRAISE: ("appraised",),
    }
    undone = {
        Verb.SEND_BACK: ("dispatched",),
        Verb.REASSIGN: ("dispatched",),
        Verb.TAKE_BACK: ("dispatched",),
        Verb.REWORK: ("handled", "told"),
        Verb.REDO: ("handled", "told", "checked", "appraised"),
    }
    for step in journal:
        for key in ways.get(Verb(step.verb), ()) if step.verb in set(Verb) else ():
            passed[key] = step.at
        for key in undone.get(Verb(step.verb), ()) if step.verb in set(Verb) else ():
            passed[key] = None
    return passed


# Evidence


def evidence(here: Case) -> Iterator[Panel]:
    """Every step's hash with the one before, and the door to each proof."""
    event = here.event
    tail = here.event.head
    yield Notice(
        tone="data",
        title=_("Chain of hashes"),
        text=_("Each line names the hash of the line before; the last one is %s. Every hash is a leaf of the ledger.")
        % tail,
        actions=tuple(one for one in further(here) if one.icon == "archive"),
    )
    yield Table(
        title=_("Leaves of the ledger"),
        rows=vouched(here.journal, here.actor, VIEW),
        columns=(
            Column(_("Step"), "number", cells.number),
            Column(_("What"), lambda step: done_words(step.verb)),
            Column(_("When"), "at", cells.moment, weight=2),
            Column(_("SHA-256"), "hash", cells.mono, link=lambda step: proof_url(event, step), wraps=True),
            Column(pgettext("hash", "Step before"), lambda step: step.previous[:16] or None, cells.mono, weight=3),
        ),
    )


def proof_url(event: Event, step: Step) -> str:
    """Where a step's proof is; empty while the ledger is not built in."""
    return parts.address("evidence-record", "events", f"{event.number}/{step.number}")


# Paper


@requires(VIEW, scoped=True)
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The event on paper (案卷打印)."""
    acted = answer(request, number)
    here = acted.case
    assert here is not None
    event = here.event
    return Page(
        title=event.title,
        shell="print",
        note=event.number,
        tags=(parts.level_tag(event.level), parts.state_tag(event, here.now)),
        body=(
            stages(here),
            sections.facts(here, is_wide=True),
            sections.clocks(here),
            *sections.tasks(here, request),
            *signals.signals(here, request),
            sections.course(here, hashes=True),
        ),
    ).respond(request)
