"""The supervision board (督办看板): what nobody took, what is late and where, what was reminded, what came back."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Mark, Step
from citybrain.centre.events.pages import parts
from citybrain.centre.events.pages.steps import done_words, who
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.policy import policy
from citybrain.centre.events.queries import events, open_events
from citybrain.centre.events.queues import counts, queue
from citybrain.declare.event import Clock, Level
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import vouched
from citybrain.ui.access import requires
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Moment as Entry
from citybrain.ui.panels.kinds import Notice, Stat, Stats, Timeline
from citybrain.ui.panels.panel import Link, Panel, Row, Stack
from citybrain.ui.panels.tables import Column, Table

LISTED = 10
"""Rows of each list."""


@requires(VIEW)
def supervision(request: HttpRequest) -> HttpResponse:
    """The board."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    return parts.page(
        _("Supervision board"),
        Link(_("All events"), reverse("event-desk")),
        note=_("as of %s") % f"{localtime(now):%H:%M:%S}",
        top=(unowned_notice(actor, now), figures(actor, now)),
        body=(
            Row(
                Stack(by_body(actor, now), oldest(actor, now)),
                Stack(by_clock(actor, now), reminded(actor, now), steered(actor, now)),
                widths="main",
            ),
        ),
        help=_("Everything that should not be: each number opens its rows."),
    ).respond(request)


def desk(**asked: str) -> str:
    """The desk with a question."""
    tail = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"{reverse('event-desk')}?{tail}"


def unowned_notice(actor: Actor, now: datetime.datetime) -> Panel:
    """That nobody's event is too old, or since when one is."""
    known = queue("unowned")
    assert known is not None
    rows = known.rows(actor, now)
    worst = rows.first()
    minutes = policy().minutes
    limits = " · ".join(
        _("%(level)s %(minutes)d min") % {"level": _(level.label), "minutes": minutes(level.value)} for level in Level
    )
    if worst is None:
        text = _("Every open event is in somebody's hands, within the limit of its level (%s).") % limits
        return Notice(tone="good", title=_("Backstop"), text=text, key="backstop", refresh="events")
    text = _("%(count)d events were taken by nobody in time; the oldest, %(number)s, waits since %(since)s.") % {
        "count": rows.count(),
        "number": worst.number,
        "since": f"{localtime(worst.state_since):%m-%d %H:%M}",
    }
    return Notice(tone="bad", title=_("Backstop"), text=text, key="backstop", refresh="events")


def figures(actor: Actor, now: datetime.datetime) -> Stats:
    """The numbers of the day, each with its rows."""
    many = counts(actor)
    midnight = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    fired = marks(actor).filter(fired_at__gte=midnight).count()
    urged = done_since(actor, midnight, (Verb.URGE,)).count()
    returned = done_since(actor, midnight, (Verb.SEND_BACK,)).count()
    reworked = done_since(actor, midnight, (Verb.REWORK, Verb.REDO)).count()
    return Stats(
        key="figures",
        refresh="events",
        stats=(
            Stat(pgettext("events", "Open"), many.get("open", 0), url=desk(tab="open"), tone="data"),
            Stat(_("Taken by nobody"), many.get("unowned", 0), url=desk(queue="unowned"), tone=red(many, "unowned")),
            Stat(
                _("Holder gone"),
                many.get("holder-gone", 0),
                url=desk(queue="holder-gone"),
                tone=red(many, "holder-gone"),
            ),
            Stat(_("Overdue"), many.get("overdue", 0), url=desk(tab="overdue"), tone=red(many, "overdue")),
            Stat(_("Due soon"), many.get("due-soon", 0), url=desk(queue="due-soon"), tone="fair"),
            Stat(_("Supervised"), many.get("supervised", 0), url=desk(queue="supervised")),
            Stat(_("Sent back"), many.get("returned", 0), url=desk(queue="returned"), under=_("%d today") % returned),
            Stat(_("Reminded today"), fired, url="#reminded"),
            Stat(_("Urged today"), urged, url="#steered", under=_("%d back to work") % reworked),
        ),
    )


def red(many: dict[str, int], key: str) -> Any:
    """Red above zero."""
    return "bad" if many.get(key) else "good"


def marks(actor: Actor) -> QuerySet[Mark]:
    """Marks of events the person may see."""
    return Mark.objects.filter(event__in=events(actor).values("pk"))


def done_since(actor: Actor, since: datetime.datetime, verbs: tuple[Verb, ...]) -> QuerySet[Step]:
    """Steps by some verbs since a moment, of events the person may see."""
    rows = Step.objects.filter(verb__in=verbs, at__gte=since)
    return rows.filter(event__in=events(actor).values("pk")).order_by("-at")


def by_body(actor: Actor, now: datetime.datetime) -> Table:
    """Overdue events of each body."""
    late = Count("pk", filter=Q(due_at__lt=now))
    rows = open_events(actor).order_by().values("organisation")
    found = list(rows.annotate(late=late, many=Count("pk"), oldest=Min("due_at")).filter(late__gt=0).order_by("-late"))
    keys = dict(Organisation.objects.filter(pk__in=[one["organisation"] for one in found]).values_list("pk", "key"))
    names = parts.Names()
    return Table(
        title=_("Overdue by body"),
        key="by-body",
        rows=vouched(found[:20], actor, VIEW),
        columns=(
            Column(pgettext("event", "Body"), lambda row: names.body(row["organisation"])),
            Column(
                _("Overdue"),
                lambda row: row["late"],
                cells.trouble,
                link=lambda row: desk(tab="overdue", body=keys[row["organisation"]]),
                sort="late",
            ),
            Column(
                pgettext("events", "Open"),
                lambda row: row["many"],
                cells.number,
                sort="many",
                link=lambda row: desk(tab="open", body=keys[row["organisation"]]),
            ),
            Column(_("Share"), lambda row: (row["late"], row["many"]), cells.used_up, weight=2),
            Column(_("Longest over"), lambda row: now - row["oldest"], lambda value: cells.text(parts.span(value))),
        ),
        empty=_("No body is late."),
        empty_icon="circle-check",
        cards=False,
    )


def by_clock(actor: Actor, now: datetime.datetime) -> Table:
    """Overdue events by the clock that ran out."""
    rows = open_events(actor).filter(due_at__lt=now).order_by().values("due_clock")
    found = {row["due_clock"]: row["many"] for row in rows.annotate(many=Count("pk"))}
    tabs = {
        "verify": "to-verify",
        "dispatch": "to-dispatch",
        "sign": "to-sign",
        "handle": "in-progress",
        "check": "to-check",
    }
    lines = [(clock, found.get(clock.value, 0)) for clock in Clock if clock.value in tabs or found.get(clock.value)]
    return Table(
        title=_("Overdue by clock"),
        rows=vouched(lines, actor, VIEW),
        columns=(
            Column(_("Clock"), lambda row: _(row[0].label)),
            Column(
                _("Overdue"),
                lambda row: row[1],
                cells.trouble,
                link=lambda row: (
                    desk(tab="overdue") if row[0].value not in tabs else desk(queue="overdue", tab=tabs[row[0].value])
                ),
            ),
        ),
        cards=False,
    )


def oldest(actor: Actor, now: datetime.datetime) -> Table:
    """Open events that wait longest."""
    rows = open_events(actor).order_by("opened_at")[:LISTED]
    names = parts.Names()
    return Table(
        title=_("Oldest open events"),
        rows=rows,
        columns=(
            Column(_("Number"), "number", cells.number_text, link=parts.url_of),
            Column(_("Matter"), "title"),
            Column(_("State"), parts.state_tag, cells.tag),
            Column(pgettext("event", "Body"), lambda event: names.body(event.organisation_id), weight=2),
            Column(pgettext("event", "Age"), lambda event: parts.span(now - event.opened_at)),
        ),
        row_link=parts.url_of,
        empty=_("No event is open."),
    )


def reminded(actor: Actor, now: datetime.datetime) -> Table:
    """Marks that fired last."""
    rows = marks(actor).exclude(fired_at=None).select_related("event").order_by("-fired_at")[:LISTED]
    return Table(
        title=_("Reminders"),
        key="reminded",
        rows=vouched(list(rows), actor, VIEW),
        columns=(
            Column(_("When"), "fired_at", cells.brief),
            Column(_("Event"), "event.number", cells.number_text, link=lambda mark: parts.url_of(mark.event)),
            Column(_("Clock"), lambda mark: _(Clock(mark.clock).label) if mark.clock in set(Clock) else mark.clock),
            Column(pgettext("clock", "Used"), lambda mark: f"{mark.percent}%"),
        ),
        empty=_("No reminder was sent yet."),
        cards=False,
    )


def steered(actor: Actor, now: datetime.datetime) -> Timeline:
    """What supervision did last."""
    verbs = (
        Verb.URGE,
        Verb.SUPERVISE,
        Verb.RELEASE,
        Verb.ARBITRATE,
        Verb.RAISE,
        Verb.SEND_BACK,
        Verb.REWORK,
        Verb.REDO,
    )
    rows = done_since(actor, now - datetime.timedelta(days=7), verbs).select_related("event", "user")[:LISTED]
    names = parts.Names()
    found = [
        Entry(
            at=step.at,
            title=f"{done_words(step.verb)} · {step.event.number}",
            who=who(step, names),
            text=step.text or step.event.title,
            link=parts.url_of(step.event),
        )
        for step in rows
    ]
    return Timeline(title=_("Supervised, urged, sent back"), moments=vouched(found, actor, VIEW), key="steered")
