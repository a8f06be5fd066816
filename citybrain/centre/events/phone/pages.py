"""My tasks on the phone (我的任务): what waits, one case with its map and ways, the forms that work without network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from citybrain.centre.events.machine import TASK_ASSIGNMENT, Verb, legal
from citybrain.centre.events.models import Event, Signal, Task
from citybrain.centre.events.pages.acting import answer, verb_of
from citybrain.centre.events.pages.forms import TO_A_PERSON
from citybrain.centre.events.pages.parts import clock_words, level_tag, state_tag, type_name
from citybrain.centre.events.pages.steps import Names, moments
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.permitting import may_assign
from citybrain.centre.events.phone.cases import case, form_url, task_of, ways
from citybrain.centre.events.phone.forms import DEEDS, key_of
from citybrain.centre.events.phone.navigating import ways_to
from citybrain.centre.events.phone.photos import UNMARKED
from citybrain.centre.events.phone.queries import Job, counts, jobs
from citybrain.centre.events.queries import event_of, events
from citybrain.centre.events.queries_ways import task_ways
from citybrain.declare.event import Level
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped, vouched
from citybrain.kernel.records.attachments import files_of
from citybrain.kernel.records.pictures import FORMATS
from citybrain.ui.access import requires, requires_form
from citybrain.ui.citizen.pages import distance, point
from citybrain.ui.citizen.panels import NearestFirst
from citybrain.ui.formats import is_chinese
from citybrain.ui.panels import cells
from citybrain.ui.panels.items import Item, Items
from citybrain.ui.panels.kinds import Fact, Facts, Layer, Map, Notice, Related, Timeline
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Tab, Tag
from citybrain.ui.panels.pictures import Picture, Pictures
from citybrain.ui.phone.panels import CaseList, KeptCase
from citybrain.ui.phone.report import kept
from citybrain.ui.records.registered import pages_of

STEPS = 12
"""Latest steps shown of a case."""

REPORTS = 5
"""Reports whose photos are shown."""

KEPT = 40
"""Cases whose contents a device keeps."""


@requires(VIEW)
@never_cache
def tasks(request: HttpRequest) -> HttpResponse:
    """What waits, on four tabs; the nearest first when the person says where they are."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    waiting = counts(actor)
    tab = request.GET.get("tab", "")
    tab = tab if tab in waiting else next((key for key, count in waiting.items() if count), "sign")
    here = point(request.GET.get("near", ""))
    lines = tuple(line_of(job, actor) for job in jobs(actor, tab, here))
    tabs = (
        Tab(key="mine", title=pgettext("queue of events", "Mine"), count=waiting["mine"]),
        Tab(key="sign", title=_("To sign"), count=waiting["sign"]),
        Tab(key="doing", title=_("In progress"), count=waiting["doing"]),
        Tab(key="check", title=_("To check"), count=waiting["check"]),
    )
    body: tuple[Panel, ...] = (
        NearestFirst(is_on=here is not None),
        Items(items=vouched(lines, actor, VIEW), empty=_("Nothing waits for you here.")),
        CaseList(source=reverse("phone-tasks-kept-json"), page=reverse("phone-tasks-kept"), pages=form_pages()),
    )
    actions = (
        Action(title=_("Report from the field"), url=reverse("phone-event-report"), icon="plus"),
        Action(title=_("I need help"), url=reverse("phone-event-help"), icon="alert-triangle", tone="bad"),
    )
    return Page(title=_("My tasks"), tabs=tabs, tab=tab, body=body, actions=actions, shell="phone").respond(request)


def form_pages() -> tuple[str, ...]:
    """Addresses of what a device keeps to work without network."""
    often = (Verb.SIGN, Verb.REPORT_DONE, Verb.CLOSE, Verb.REWORK, Verb.SIGN_TASK, Verb.FINISH_TASK, Verb.NOTE)
    deeds = [reverse("phone-deed", args=(key_of(verb),)) for verb in often]
    return (reverse("phone-tasks-kept"), *deeds, reverse("phone-event-report"), reverse("phone-outbox"))


def line_of(job: Job, actor: Actor) -> Item:
    """A case as a line: what, where, how urgent, until when, and which colleague has it."""
    event = job.event
    tags: list[Tag] = []
    if event.level != Level.BLUE:
        tags.append(level_tag(event.level))
    if job.task is not None:
        tags.append(Tag(title=job.task.get_role_display(), tone="quiet"))
    if event.is_supervised:
        tags.append(Tag(title=_("Supervised"), tone="bad"))
    tags.append(due_tag(job))
    holder = (job.task or event).owner
    if holder is not None and holder.pk not in actor.people:
        tags.append(Tag(title=holder.name, tone="quiet"))
    where = event.address or name_in(event.area)
    return Item(
        title=event.title,
        url=reverse("phone-task", args=(event.number,)),
        under=" · ".join(part for part in (event.number, where) if part),
        side="" if job.metres is None else distance(job.metres),
        tags=tuple(tags),
    )


def due_tag(job: Job) -> Tag:
    """Until when it is to be done."""
    if job.due_at is None:
        return Tag(title=job.event.get_state_display(), tone="quiet", is_state=True)
    at = date_format(timezone.localtime(job.due_at), "m-d H:i")
    return Tag(
        title=(_("overdue since %s") if job.is_late else _("due %s")) % at, tone="bad" if job.is_late else "quiet"
    )


def name_in(thing: Any) -> str:
    """A body or area in the reader's language; empty for none."""
    return "" if thing is None else str(thing.chinese if is_chinese() else thing.english or thing.chinese)


def event_or_404(actor: Actor, number: str) -> Event:
    """The event, if the person may see it. Raises Http404 otherwise."""
    try:
        return event_of(actor, number)
    except Event.DoesNotExist as error:
        raise Http404(_("There is no such case, or your post may not see it.")) from error


@requires_form(VIEW, scoped=True)
@never_cache
def task(request: HttpRequest, number: str) -> HttpResponse:
    """One case: facts, map, way there, what was done, and what the person can do with it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    event = event_or_404(actor, number)
    if verb_of(request) in TO_A_PERSON:
        return assigning(request, event)
    helping = task_of(event, actor)
    actions = [
        Action(title=deed.title, url=form_url(key, number), icon=deed.icon, is_main=place == 0)
        for place, (key, deed) in enumerate(ways(event, actor))
    ]
    actions += [
        Action(title=way.title, url=f"?do={way.verb}", icon=way.icon)
        for way in legal(event.state)
        if way.verb is Verb.ASSIGN and may_assign(event, actor)
    ]
    if helping is not None:
        actions = [*task_actions(helping, actor), *[action_of_lesser_weight(one) for one in actions]]
    return Page(
        title=event.title,
        lead=f"{type_name(event.type) or _('not classified yet')} · {event.number}",
        body=tuple(parts(event, helping, actor)),
        crumbs=(Link(title=_("My tasks"), url=reverse("phone-tasks")),),
        actions=tuple(actions),
        shell="phone",
    ).respond(request)


def assigning(request: HttpRequest, event: Event) -> HttpResponse:
    """The form by which a case, or a task of it, is given to a colleague; it names people, so no device keeps it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    acted = answer(request, event.number)
    if acted.answer is not None:
        # Given away, a case may be out of sight.
        is_seen = events(actor).filter(pk=event.pk).exists()
        return acted.answer if is_seen else HttpResponseRedirect(reverse("phone-tasks"))
    crumbs = (Link(title=event.number, url=reverse("phone-task", args=(event.number,))),)
    page = Page(title=event.title, body=acted.panels, crumbs=crumbs, shell="phone")
    return page.respond(request, status=acted.status)


def action_of_lesser_weight(one: Action) -> Action:
    """The same button, not blue."""
    return Action(title=one.title, url=one.url, icon=one.icon)


def task_actions(helping: Task, actor: Actor) -> list[Action]:
    """What can be done with the task of a case that another body leads."""
    found = []
    for verb in task_ways(helping, actor):
        if verb is Verb.ASSIGN_TASK:
            url = f"?do={verb}&task={helping.pk}"
            found.append(Action(title=TASK_ASSIGNMENT.title, url=url, icon=TASK_ASSIGNMENT.icon))
        if key := key_of(verb):
            deed = DEEDS[key]
            url = form_url(key, helping.event.number)
            found.append(Action(title=deed.title, url=url, icon=deed.icon, is_main=not found))
    return found


def parts(event: Event, helping: Task | None, actor: Actor) -> Iterator[Panel]:
    """The parts of a case's page."""
    if helping is not None:
        yield Notice(title=helping.get_role_display(), text=helping.asked or _("No words were given."), tone="data")
    if event.return_count or event.rework_count:
        words = _("Sent back %(returns)d times, reworked %(reworks)d times.")
        yield Notice(text=words % {"returns": event.return_count, "reworks": event.rework_count}, tone="fair")
    yield Facts(of=event, facts=tuple(facts(event)))
    yield from where(event, actor)
    yield from pictures(event, actor)
    latest = event.journal.select_related("user", "organisation", "post").order_by("-number")[:STEPS]
    done = tuple(moments(event, latest, Names(), hashes=False))
    yield Timeline(title=_("What was done so far"), moments=vouched(done, actor, VIEW))
    yield KeptCase(case=vouched([case(event, actor)], actor, VIEW), pages=form_pages())


def facts(event: Event) -> Iterator[Fact]:
    """What must be known on the way."""
    yield Fact(title=_("State"), value=state_tag(event), cell=cells.tag)
    yield Fact(title=_("Level"), value=level_tag(event.level), cell=cells.tag)
    if event.due_at is not None:
        yield Fact(title=_("Due"), value=clock_words(event))
    yield Fact(title=_("Address"), value=event.address or name_in(event.area))
    if event.asset_number:
        yield Fact(title=_("Asset"), value=event.asset_number, cell=cells.mono)
    yield Fact(title=_("Responsible"), value=name_in(event.organisation))
    if event.owner is not None:
        yield Fact(title=pgettext("event", "Owner"), value=event.owner.name)
    if event.description and event.description != event.title:
        yield Fact(title=_("Description"), value=event.description, cell=cells.long, is_wide=True)
    if event.signal_count > 1:
        yield Fact(title=_("Reports of it"), value=event.signal_count, cell=cells.number)


def where(event: Event, actor: Actor) -> Iterator[Panel]:
    """The map, and the links that lead there."""
    if event.place_x is None or event.place_y is None:
        return
    here = {"type": "Point", "coordinates": [event.place_x, event.place_y]}
    feature = {"type": "Feature", "geometry": here, "properties": {"title": event.title}}
    layer = Layer(key="case", title=_("Place"), data={"type": "FeatureCollection", "features": [feature]}, tone="bad")
    yield Map(key="map", layers=(layer,), centre=(event.place_x, event.place_y), height="low")
    links = tuple(ways_to(event.place_x, event.place_y, event.address or event.title))
    yield Related(title=_("Way there"), links=vouched(links, actor, VIEW))


def pictures(event: Event, actor: Actor) -> Iterator[Panel]:
    """Photos of the reporters and of the work, the latest first."""
    pages = pages_of("event")
    found = []
    for file in files_of(event, actor):
        if file.kind in FORMATS and f"{UNMARKED}." not in file.name:
            url = pages.url("file", event.number, file.pk)
            small = pages.url("small", event.number, file.pk) if file.has_thumbnail else ""
            found.append(Picture(file.name, url, small=small, at=file.at))
    if actor.may("signal:view"):
        signals = pages_of("signal")
        for signal in scoped(Signal.objects.filter(event=event), actor, "signal:view").order_by("pk")[:REPORTS]:
            for file in files_of(signal, actor):
                if file.kind in FORMATS:
                    url = signals.url("file", signal.number, file.pk)
                    small = signals.url("small", signal.number, file.pk) if file.has_thumbnail else ""
                    found.append(Picture(_("From a reporter"), url, small=small, at=file.at))
    if found:
        yield Pictures(title=_("Photos"), pictures=vouched(found, actor, VIEW))


@requires(VIEW)
def kept_page(request: HttpRequest) -> HttpResponse:
    """The cases this device keeps; the page itself holds nothing of anybody."""
    body = (CaseList(source="", page="", pages=form_pages(), is_shown=True),)
    crumbs = (Link(title=_("My tasks"), url=reverse("phone-tasks")),)
    return kept(Page(title=_("Tasks on this device"), body=body, crumbs=crumbs, shell="phone").respond(request))


@requires(VIEW)
@never_cache
def kept_json(request: HttpRequest) -> JsonResponse:
    """What a device keeps of the cases that wait: the person's own, and the most pressing of each tab."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    events: dict[int, Event] = {}
    for tab in ("mine", "doing", "sign", "check"):
        for job in jobs(actor, tab)[: KEPT // 4]:
            events.setdefault(job.event.pk, job.event)
    rows = list(events.values())
    prefetch_related_objects(rows, Prefetch("tasks", Task.objects.select_related("organisation")))
    found = vouched((case(event, actor) for event in rows), actor, VIEW)
    return JsonResponse({"cases": list(found)})
