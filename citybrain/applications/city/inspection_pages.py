"""Pages of inspections: what was found beside what is known; the judgement, and its taking back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from citybrain.applications.city import actions, inspecting
from citybrain.applications.city.models import PatrolFinding, PatrolInspection
from citybrain.centre.events.models import Event
from citybrain.centre.events.permissions import INSPECT, VIEW
from citybrain.centre.events.queries import event_of
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped, vouched
from citybrain.ui import formats
from citybrain.ui.finding import address_of
from citybrain.ui.panels import cells
from citybrain.ui.panels.items import Item, Items
from citybrain.ui.panels.kinds import Notice, Stat, Stats
from citybrain.ui.panels.panel import Action, Panel, Tag
from citybrain.ui.records.pages import RecordPages
from citybrain.ui.records.registered import pages_of

FINDINGS = "patrol-finding"
State = PatrolFinding.State


def found(inspection: PatrolInspection, actor: Actor) -> tuple[Panel, ...]:
    """How many things were found, told by the patrol, missed; nothing for who may see no findings."""
    pages = pages_of(FINDINGS)
    if not actor.may(pages.permission("view")):
        return ()
    rows = scoped(PatrolFinding.objects.filter(inspection=inspection, removed_at=None), actor, pages.permission("view"))
    states = list(rows.values_list("state", flat=True))
    told, missed = states.count(State.TOLD), states.count(State.MISSED)
    listed = f"{pages.url('list')}?inspection={inspection.pk}"

    def one(state: str, tone: Any) -> Stat:
        return Stat(State(state).label, states.count(state), url=f"{listed}&state={state}", tone=tone)

    share = formats.percent(missed / (told + missed)) if told + missed else formats.NOTHING
    return (
        Stats(
            title=pgettext("of an inspection", "What was found"),
            stats=(
                Stat(pgettext("of an inspection", "Found"), len(states), url=listed),
                one(State.WAITING, "fair" if State.WAITING in states else "quiet"),
                one(State.TOLD, "good"),
                one(State.MISSED, "bad" if missed else "quiet"),
                one(State.EXCUSED, "quiet"),
                Stat(_("Missed share"), share, cells.number_text, under=_("of what the patrol should have told")),
            ),
        ),
    )


def write_down(inspection: PatrolInspection, actor: Actor) -> tuple[Action, ...]:
    """The button that writes down a finding of an inspection that is not over."""
    pages = pages_of(FINDINGS)
    if not pages.may(actor, "create") or inspection.state == PatrolInspection.State.DROPPED:
        return ()
    asked = {"inspection": inspection.pk, **({"area": inspection.area_id} if inspection.area_id else {})}
    return (Action(_("Write down a finding"), f"{pages.url('new')}?{urlencode(asked)}", "plus", is_main=True),)


def compared(pages: RecordPages, finding: PatrolFinding, actor: Actor) -> tuple[Panel, ...]:
    """Of a finding that waits the events that may be the same, each with its button."""
    if finding.state != State.WAITING or not actor.may(VIEW):
        return ()
    may = may_judge(pages, actor)
    items = []
    for one in inspecting.known(finding, actor):
        event = one.event
        same = Action(
            _("It is this one"),
            pages.url("judge", finding.number),
            "check",
            post=True,
            values=(("event", event.number),),
        )
        items.append(
            Item(
                title=event.title,
                under=" · ".join((event.number, event.get_channel_display(), *one.reasons)),
                url=address_of("event-page", event.number),
                icon="clipboard-list",
                at=event.opened_at,
                tags=(Tag(title=event.get_state_display(), is_state=True),),
                actions=(same,) if may else (),
            )
        )
    plan = inspecting.plan_of(finding)
    words = _("Patrol inspected: %s.") % plan.title if plan else str(PatrolFinding.Reason.NO_PATROL.label)
    return (
        Notice(text=words, tone="quiet"),
        Items(
            title=_("Told of already?"),
            items=vouched(items, actor, VIEW),
            empty=_("No event near it is like it: report it."),
        ),
    )


def may_judge(pages: RecordPages, actor: Actor) -> bool:
    """Whether somebody is offered to judge."""
    return pages.may(actor, "edit") and actor.may(INSPECT)


def verbs(pages: RecordPages, finding: PatrolFinding, actor: Actor) -> tuple[Action, ...]:
    """What may be done with a finding."""
    if not may_judge(pages, actor):
        return ()
    if finding.state == State.WAITING:
        return (
            Action(_("Not told yet: report it"), pages.url("judge", finding.number), "send", post=True, is_main=True),
        )
    if finding.state == State.MISSED and finding.created_by_id not in actor.people:
        url = pages.url("take-back", finding.number)
        return (
            Action(_("Take the judgement back"), url, "arrow-back-up", post=True, ask=_("Why the appeal is right")),
        )
    return ()


def judge(pages: RecordPages, request: HttpRequest, number: str) -> HttpResponse:
    """Says that a known event tells of the finding, or makes it one. 404 for an event out of sight."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    finding = pages.row(actor, number, "edit")
    named = request.POST.get("event", "")
    try:
        event = event_of(actor, named) if named else None
    except Event.DoesNotExist as error:
        raise Http404 from error
    return _done(pages, request, number, lambda: actions.judge(finding, actor, event))


def take_back(pages: RecordPages, request: HttpRequest, number: str) -> HttpResponse:
    """Takes a judgement back, with the reason."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    finding = pages.row(actor, number, "edit")
    return _done(pages, request, number, lambda: actions.take_back(finding, actor, request.POST.get("reason", "")))


def _done(pages: RecordPages, request: HttpRequest, number: str, verb: Any) -> HttpResponse:
    """Carries a verb out and says what came of it."""
    try:
        judged: PatrolFinding = verb()
    except (ValidationError, PermissionDenied) as error:
        messages.error(request, " ".join(error.messages) if isinstance(error, ValidationError) else str(error))
    else:
        said = f"{State(judged.state).label} · {PatrolFinding.Reason(judged.reason).label}"
        messages.success(request, said)
    return HttpResponseRedirect(pages.url("detail", number))


def waiting(actor: Actor) -> tuple[Item, ...]:
    """The door to the inspections one may carry out, for the officials' phone."""
    pages = pages_of("patrol-inspection")
    if not actor.may(INSPECT) or not pages_of(FINDINGS).may(actor, "create"):
        return ()
    planned = pages.rows(actor).filter(state=PatrolInspection.State.PLANNED).count()
    if not planned:
        return ()
    text = ngettext("%d planned", "%d planned", planned) % planned
    url = f"{pages.url('list')}?state={PatrolInspection.State.PLANNED}"
    return (Item(title=_("Inspect"), under=text, url=url, icon="eye"),)
