"""The parts of an event's page and of its drawer: overview, process, tasks, files, similar, rating."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from citybrain.centre.events.clocks import Reading
from citybrain.centre.events.machine import OPEN, TASK_ASSIGNMENT, State, Verb
from citybrain.centre.events.models import Channel, Event, Task
from citybrain.centre.events.pages import parts, steps
from citybrain.centre.events.pages.looking import Case
from citybrain.centre.events.pages.placed import area_source
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.queries_ways import task_ways
from citybrain.declare.event import Clock, Counting, Loop
from citybrain.kernel.identity.scope import vouched
from citybrain.ui import formats
from citybrain.ui.panels import cells
from citybrain.ui.panels.items import Item, Items
from citybrain.ui.panels.kinds import Attachments, Blank, Fact, Facts, File, Layer, Map, Notice, Timeline
from citybrain.ui.panels.panel import Action, Link, Panel, Tag
from citybrain.ui.panels.pictures import Picture, Pictures
from citybrain.ui.panels.tables import Column, Table

RECENT = 6
"""Steps shown in the overview."""

SEEN = ("jpg", "png", "webp")
"""Kinds of files that are pictures."""


def facts(case: Case, *, is_wide: bool = False) -> Facts:
    """What the event is: place, source, body, deadline."""
    event, names = case.event, case.names
    found = [
        Fact(_("Place"), place_words(case)),
        *((Fact(_("Area found"), how),) if (how := area_source(case)) else ()),
        Fact(pgettext("event", "Source"), source_words(case)),
        Fact(pgettext("event", "Body"), bodies_words(case)),
        Fact(_("Deadline"), deadline(case), cells.drawn),
        Fact(pgettext("event", "Class"), parts.type_name(event.type) if event.type else _("not classified yet")),
    ]
    if is_wide or event.owner_id is not None:
        found.insert(3, Fact(pgettext("event", "Owner"), called(case)))
    if event.description and event.description != event.title:
        found.append(Fact(pgettext("event", "Description"), event.description, cells.long, is_wide=True))
    if is_wide:
        found += [
            Fact(_("Loop"), _(Loop(event.loop).label)),
            Fact(_("Asset"), " ".join(filter(None, (event.asset_kind, event.asset_number)))),
            Fact(_("First told"), event.opened_at, cells.moment),
            Fact(_("Due in all"), event.whole_due_at, cells.moment),
            Fact(pgettext("event", "Closed at"), event.closed_at, cells.moment),
        ]
    if event.proposed is not None and event.state == State.ACCEPTED:
        found.append(Fact(pgettext("event", "Proposed body"), names.body(event.proposed_id)))
    if event.state == State.PAUSED and (until := rests_until(case)):
        found.append(Fact(_("Rests until"), until, cells.moment))
    if event.result:
        found.append(Fact(pgettext("event", "Result"), event.get_result_display()))
    if event.cause:
        found.append(Fact(_("Cause"), event.cause))
    if event.measures:
        found.append(Fact(_("Measures"), event.measures, cells.long, is_wide=True))
    if event.cost is not None:
        found.append(Fact(_("Cost"), f"{event.cost:,.2f} 元"))
    if event.public_text:
        found.append(Fact(_("What the public reads"), event.public_text, cells.long, is_wide=True))
    return Facts(of=event, facts=tuple(found), columns=2 if is_wide else 1, title=_("Facts") if is_wide else "")


def rests_until(case: Case) -> datetime | None:
    """When the pause is over, of an event that rests."""
    paused = next((step for step in reversed(case.journal) if step.verb == Verb.PAUSE), None)
    until = paused.facts.get("until") if paused is not None else None
    return datetime.fromisoformat(until) if until else None


def called(case: Case) -> str:
    """Who holds it; whether they left."""
    owner = case.event.owner
    if owner is None:
        return ""
    name = owner.name or owner.get_username()
    return _("%s (left)") % name if case.is_left else name


def place_words(case: Case) -> str:
    """Town and address."""
    town, address = case.names.town(case.event.area_id), case.event.address
    return address if not town or town in address else " ".join(filter(None, (town, address)))


def source_words(case: Case) -> str:
    """By which channel, and how often it was told."""
    event = case.event
    source = str(Channel(event.channel).label)
    if event.signal_count > 1:
        times = ngettext("told %d time", "told %d times", event.signal_count) % event.signal_count
        return f"{source} · {times}"
    return source


def bodies_words(case: Case) -> str:
    """The lead and who assists."""
    if case.event.state in (State.NEW, State.ACCEPTED):
        return _("none yet (with %s)") % case.names.body(case.event.organisation_id)
    lead = _("%s (lead)") % case.names.body(case.event.organisation_id)
    helping = {
        task.organisation_id for task in case.tasks if task.role == Task.Role.ASSIST and task.state != "returned"
    }
    others = [_("%s (assisting)") % case.names.body(one) for one in sorted(helping)]
    return _(", ").join([lead, *others])


def deadline(case: Case) -> Any:
    """The deadline of the running clock, red when it passed."""
    words = parts.clock_words(case.event, case.now)
    return cells.bad(words) if parts.is_late(case.event, case.now) else words


def map_of(case: Case, height: Any = "low", *, with_others: bool = False) -> Map | None:
    """Where it is; None where nobody knows."""
    event = case.event
    if not event.place or event.place_x is None or event.place_y is None:
        return None
    feature = {"type": "Feature", "geometry": event.place, "properties": {"title": event.title, "tone": "bad"}}
    layers = [
        Layer(key="here", title=_("This event"), data={"type": "FeatureCollection", "features": [feature]}, tone="bad")
    ]
    if with_others:
        near = f"{reverse('event-map-data')}?open=1&except={event.number}"
        layers.append(Layer(key="others", title=_("Other open events"), url=near, by_view=True, clusters=True))
    return Map(
        key="place",
        layers=tuple(layers),
        centre=(event.place_x, event.place_y),
        height=height,
        title=_("Place") if with_others else "",
    )


def overview(case: Case, request: HttpRequest) -> Iterator[Panel]:
    """What must be known to act."""
    yield from notices(case, request)
    shown = map_of(case)
    if shown is not None:
        yield shown
    yield facts(case)
    yield course(case, RECENT)


def notices(case: Case, request: HttpRequest) -> Iterator[Panel]:
    """What stands out: merged away, likely told before, proposals."""
    event = case.event
    if event.merged_into is not None:
        go = Action(event.merged_into.number, parts.url_of(event.merged_into), "git-merge")
        yield Notice(text=_("This event was merged: the head goes on."), actions=(go,))
    if any(step.facts.get("masked") for step in case.journal):
        yield Notice(
            text=_(
                "Numbers of persons in what was said are masked. Who must know them opens “As it was said” under "
                "Signals, for a purpose; a reporter is called back by the contact they left."
            ),
            tone="data",
            key="masked",
        )
    if event.state in (State.NEW, State.ACCEPTED):
        likely = [one for one in case.alike if one.is_proposed][:1]
        for one in likely:
            may = any(way.transition.verb is Verb.MERGE for way in case.ways)
            buttons = [Action(_("Look at it"), parts.url_of(one.event), "eye")]
            if may:
                buttons.append(Action(_("Merge"), do_address(request, Verb.MERGE, into=one.event.number), "git-merge"))
            yield Notice(
                tone="fair",
                title=_("Probably told before"),
                text=f"{one.event.number} {one.event.title} · {_(', ').join(one.reasons[:3])}",
                actions=tuple(buttons),
            )


def do_address(request: HttpRequest, verb: str, **more: str) -> str:
    """This page's address with a button's form open."""
    asked = request.GET.copy()
    for name, value in {"do": str(verb), **more}.items():
        asked[name] = value
    return f"{request.path}?{asked.urlencode()}"


def part_address(request: HttpRequest, part: str, name: str = "part") -> str:
    """This page's address with another part shown."""
    asked = request.GET.copy()
    asked.pop("do", None)
    asked[name] = part
    return f"{request.path}?{asked.urlencode()}"


def course(case: Case, most: int | None = None, *, hashes: bool = True) -> Timeline:
    """What happened, the latest first."""
    latest = list(reversed(case.journal))[:most]
    found = vouched(tuple(steps.moments(case.event, latest, case.names, hashes=hashes)), case.actor, VIEW)
    note = ""
    if most is not None and len(case.journal) > most:
        note = _("the last %(shown)d of %(count)d") % {"shown": most, "count": len(case.journal)}
    return Timeline(title=_("Course"), moments=found, note=note, key="course")


def process(case: Case, request: HttpRequest) -> Iterator[Panel]:
    """The clocks and the whole journal."""
    yield clocks(case)
    yield course(case)


def clocks(case: Case) -> Table:
    """The six clocks: limit, used, due."""

    def state_of(one: Reading) -> tuple[str, str]:
        if one.is_late:
            return pgettext("clock", "over"), "bad"
        if one.is_stopped:
            return _("in time"), "good"
        return (pgettext("clock", "running"), "data") if one.is_running else (_("interrupted"), "quiet")

    return Table(
        title=_("Clocks"),
        rows=vouched(case.readings, case.actor, VIEW),
        columns=(
            Column(_("Clock"), lambda one: _(Clock(one.clock).label)),
            Column(_("State"), state_of, cells.state),
            Column(pgettext("clock", "Limit"), lambda one: limit_words(one), weight=3),
            Column(pgettext("clock", "Due"), "due_at", cells.brief, weight=2),
            Column(pgettext("clock", "Used"), lambda one: (one.elapsed, one.allowed), cells.used_up),
        ),
        empty=_("No clock ran yet."),
        cards=False,
    )


def limit_words(one: Reading) -> str:
    """A limit as it was declared: `2 working hours`."""
    amount = f"{one.limit.amount:g}"
    words = {
        Counting.CLOCK: _("%s h by the clock"),
        Counting.WORKING_HOURS: _("%s working hours"),
        Counting.WORKING_DAYS: _("%s working days"),
        Counting.CALENDAR_DAYS: _("%s days"),
    }
    return words[one.limit.counting] % amount


def tasks(case: Case, request: HttpRequest) -> Iterator[Panel]:
    """Who was asked to do what."""
    found = vouched(tuple(task_item(case, task, request) for task in case.tasks), case.actor, VIEW)
    yield Items(title=_("Tasks"), items=found, empty=_("Nobody was asked to do anything yet."), key="tasks")


TASK_TONES = {"waiting": "fair", "doing": "data", "done": "good", "returned": "bad", "cancelled": "quiet"}


def task_item(case: Case, task: Task, request: HttpRequest) -> Item:
    """One task with what may be done with it."""
    words = [task.asked, task.result and _("Answer: %s") % task.result]
    if task.owner is not None:
        words.append(task.owner.name or task.owner.get_username())
    if task.due_at:
        words.append(_("by %s") % f"{localtime(task.due_at):%m-%d %H:%M}")
    tags = [
        Tag(str(Task.Role(task.role).label), "data" if task.role == Task.Role.LEAD else "quiet"),
        Tag(str(Task.State(task.state).label), TASK_TONES[task.state], is_state=True),  # type: ignore[arg-type]
    ]
    if task.parent_id:
        tags.append(Tag(_("part of a task"), "quiet"))
    if task.is_mandatory and task.role == Task.Role.ASSIST and task.state in Task.OPEN:
        tags.append(Tag(_("the event waits for it"), "fair"))
    return Item(
        title=case.names.body(task.organisation_id),
        under=" · ".join(filter(None, words)),
        icon="building",
        at=task.asked_at,
        tags=tuple(tags),
        actions=task_buttons(case, task, request),
    )


def task_buttons(case: Case, task: Task, request: HttpRequest) -> tuple[Action, ...]:
    """Sign, done, back, assign, call off: as far as they are the person's to do."""
    known = {
        Verb.SIGN_TASK: (_("Sign"), "pencil", ""),
        Verb.FINISH_TASK: (_("Done"), "circle-check", _("What was done")),
        Verb.RETURN_TASK: (_("Send back"), "arrow-back-up", _("Why it is not yours")),
        Verb.CANCEL_TASK: (_("Call off"), "ban", _("Why")),
    }
    found = []
    for verb in task_ways(task, case.actor):
        if verb is Verb.ASSIGN_TASK:
            address = do_address(request, verb, task=str(task.pk))
            found.append(Action(TASK_ASSIGNMENT.title, address, TASK_ASSIGNMENT.icon))
            continue
        title, icon, ask = known[verb]
        values = (("task", str(task.pk)), ("seen", str(case.event.steps)))
        found.append(Action(title, do_address(request, verb), icon, post=True, values=values, ask=ask, confirm=""))
    return tuple(found)


def files(case: Case, request: HttpRequest) -> Iterator[Panel]:
    """Pictures before and after beside each other, then every file."""
    roles = {line["attachment"]: line["role"] for step in case.journal for line in step.media if "attachment" in line}
    words = {"before": _("Before"), "after": _("After")}
    seen, listed = [], []
    for one in case.files:
        kind = one.record_kind
        number = case.event.number if kind == "event" else signal_number(case, one.record_id)
        role = roles.get(one.pk, "before" if kind == "signal" else "other")
        url = reverse(f"records:{kind}:file", args=[number, one.pk])
        if one.kind in SEEN and one.has_thumbnail:
            small = reverse(f"records:{kind}:small", args=[number, one.pk])
            seen.append((role, Picture(words.get(role, one.name), url, small=small, at=one.at)))
        who = (one.user.name or one.user.get_username()) if one.user else _("reporter")
        listed.append(File(name=one.name, url=url, size=one.size, kind=one.kind, who=who, at=one.at))
    order = {"before": 0, "after": 1}
    shown = tuple(picture for _role, picture in sorted(seen, key=lambda one: order.get(one[0], 2)))
    yield Pictures(
        title=_("Before and after"),
        pictures=vouched(shown, case.actor, VIEW),
        empty=_("No picture yet: “fixed” needs one taken after."),
    )
    if listed:
        yield Attachments(title=_("Files"), files=vouched(listed, case.actor, VIEW))


def signal_number(case: Case, pk: int) -> str:
    """Number of the signal a file came with."""
    return next((one.number for one in case.signals if one.pk == pk), "-")


def similar(case: Case, request: HttpRequest) -> Iterator[Panel]:
    """Events like it, and those that were merged into it."""
    may = any(way.transition.verb is Verb.MERGE for way in case.ways)
    found = []
    for one in case.alike:
        into = do_address(request, Verb.MERGE, into=one.event.number)
        found.append(
            Item(
                title=one.event.title,
                url=parts.url_of(one.event),
                under=" · ".join((one.event.number, *one.reasons[:3])),
                side=formats.percent(one.score, 0),
                tags=(parts.state_tag(one.event, case.now),),
                actions=(Action(_("Merge into it"), into, "git-merge"),) if may else (),
            )
        )
    yield Items(
        title=_("Similar"),
        items=vouched(found, case.actor, VIEW),
        empty=_("No open event is like this one.") if case.event.state in OPEN else _("Only open events are compared."),
        key="similar",
    )
    if case.merged:
        yield Items(
            title=_("Merged into this"), items=vouched([merged_item(one) for one in case.merged], case.actor, VIEW)
        )


def merged_item(event: Event) -> Item:
    """An event that was merged into this one."""
    return Item(
        title=event.title,
        url=parts.url_of(event),
        under=event.number,
        icon="git-merge",
        at=event.state_since,
        actions=(Action(_("Split off again"), f"{parts.url_of(event)}?do={Verb.UNMERGE}", "git-branch"),),
    )


def rating(case: Case, request: HttpRequest) -> Iterator[Panel]:
    """What reporters said of the handling."""
    found = [
        Item(
            title="★" * one.stars + "☆" * (5 - one.stars),
            under=one.text,
            icon="star",
            at=one.at,
            tags=(
                Tag(_("solved") if one.is_solved else _("not solved"), "good" if one.is_solved else "bad"),
                *((Tag(_("reopened it"), "fair"),) if one.reopened else ()),
            ),
        )
        for one in case.ratings
    ]
    if found:
        yield Items(title=_("Rating"), items=vouched(found, case.actor, VIEW), key="rating")
    else:
        yield Blank(icon="star", text=_("No reporter has rated it yet."), key="rating")


def more_link(case: Case) -> Link:
    """The event's own page."""
    return Link(_("Open the whole event"), parts.url_of(case.event), "external-link")
