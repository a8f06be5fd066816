"""One verb on several ticked events: each is done or refused by itself, and why (批量办理)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from citybrain.centre.duties.queries import responsible
from citybrain.centre.events.actions import act
from citybrain.centre.events.holders import colleagues
from citybrain.centre.events.machine import BY_VERB, Verb
from citybrain.centre.events.models import Event
from citybrain.centre.events.orders import LONGEST, Order
from citybrain.centre.events.pages import parts
from citybrain.centre.events.pages.forms import KeyField, PersonField, bodies
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.queries import events
from citybrain.centre.events.queries_ways import ways_of
from citybrain.centre.events.queues import forget_counts
from citybrain.centre.events.refusals import NotLegal, Refused, Stale
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import vouched
from citybrain.ui.access import requires_form
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import FormPanel, Notice
from citybrain.ui.panels.panel import Action, Link, Row, Stack
from citybrain.ui.panels.tables import Column, Table

VERBS = {"accept": Verb.ACCEPT, "dispatch": Verb.DISPATCH, "assign": Verb.ASSIGN, "urge": Verb.URGE}
"""Verbs that may be done with several at once."""

MOST = 100
"""Events at once."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One ticked event: what would happen with it, or did."""

    event: Event
    body: Organisation | None = None
    """Whom it would be dispatched to."""
    why: str = ""
    blocked: str = ""
    """Why it cannot be done."""
    done: bool = False


class BatchForm(forms.Form):
    """What is said for all of them."""

    def __init__(self, verb: Verb, lines: Sequence[Line], *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        if verb is Verb.ASSIGN:
            held = {line.event.organisation_id: line.event.organisation for line in lines if not line.blocked}
            people = {one.user.pk: one for body in held.values() for one in colleagues(body)}
            self.fields["person"] = PersonField(people.values())
            self.fields["person"].label = pgettext("event", "Owner")
        if verb is Verb.DISPATCH:
            self.fields["organisation"] = KeyField(Organisation, bodies())
            self.fields["organisation"].label = pgettext("event", "Body")
            self.fields["organisation"].required = False
            self.fields["organisation"].help_text = _("Empty: each to the body that the responsibility map names.")
        self.fields["text"] = forms.CharField(
            label=_("Note"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3})
        )


@requires_form(VIEW)
def batch(request: HttpRequest, verb: str) -> HttpResponse:
    """The form for several events, and what came of it."""
    if verb not in VERBS:
        raise Http404(verb)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    what = VERBS[verb]
    given = request.POST if request.method == "POST" else request.GET
    wanted = [one for one in given.getlist("number") if one][:MOST]
    rows = {
        event.number: event
        for event in events(actor).filter(number__in=wanted).select_related("area", "proposed", "organisation", "owner")
    }
    lines = [planned(rows[number], what, actor) for number in wanted if number in rows]
    form = BatchForm(what, lines, request.POST if request.method == "POST" else None, prefix="batch")
    if request.method == "POST" and form.is_valid():
        lines = [carried_out(line, what, form, actor, request) for line in lines]
        forget_counts(actor)
        return outcome(request, what, lines, actor)
    return plan(request, what, lines, form, actor)


def planned(event: Event, verb: Verb, actor: Actor) -> Line:
    """What would happen with an event."""
    way = next((one for one in ways_of(event, actor) if one.transition.verb is verb), None)
    if way is None:
        return Line(event=event, blocked=_("Not possible in its state, or not yours to do."))
    if way.blocked:
        return Line(event=event, blocked=way.blocked)
    if verb is Verb.ACCEPT and not event.type:
        return Line(event=event, blocked=_("It has no class yet: accept it by itself."))
    if verb is Verb.DISPATCH:
        answer = responsible(event.type, event.area, asset=(event.asset_kind, event.asset_number))
        return Line(event=event, body=event.proposed or answer.lead, why=" ".join(answer.why))
    return Line(event=event)


def carried_out(line: Line, verb: Verb, form: BatchForm, actor: Actor, request: HttpRequest) -> Line:
    """Does it with one event, or says why not."""
    if line.blocked:
        return line
    body = form.cleaned_data.get("organisation") or line.body
    if verb is Verb.DISPATCH and body is None:
        return Line(event=line.event, blocked=_("Nobody is responsible by the map: name a body."))
    order = Order(
        verb=verb,
        text=form.cleaned_data["text"],
        organisation=body if verb is Verb.DISPATCH else None,
        person=form.cleaned_data.get("person"),
    )
    seen = request.POST.get(f"seen-{line.event.number}", "")
    try:
        act(line.event, order, actor, seen=int(seen) if seen.isdecimal() else line.event.steps)
    except Stale:
        return Line(event=line.event, body=body, blocked=_("Somebody else worked on it meanwhile."))
    except (Refused, NotLegal, ValidationError) as refused:
        return Line(event=line.event, body=body, blocked=" ".join(refused.messages))
    except PermissionDenied as denied:
        return Line(event=line.event, body=body, blocked=str(denied))
    return Line(event=line.event, body=body, why=line.why, done=True)


def title_of(verb: Verb, many: int) -> str:
    """Head of the page."""
    words = str(BY_VERB[verb].title)
    return ngettext("%(what)s: %(many)d event", "%(what)s: %(many)d events", many) % {"what": words, "many": many}


def plan(request: HttpRequest, verb: Verb, lines: list[Line], form: BatchForm, actor: Actor) -> HttpResponse:
    """What would happen, with the form."""
    ready = [line for line in lines if not line.blocked]
    hidden = [("number", line.event.number) for line in ready]
    hidden += [(f"seen-{line.event.number}", str(line.event.steps)) for line in ready]
    ask = FormPanel(
        title=BY_VERB[verb].title,
        form=form,
        submit=title_of(verb, len(ready)),
        cancel=reverse("event-desk"),
        columns=1,
        hidden=tuple(hidden),
        action=request.path,
    )
    nothing = Notice(text=_("None of the chosen events can be done this way."), tone="fair")
    return parts.page(
        title_of(verb, len(lines)),
        Link(_("All events"), reverse("event-desk")),
        body=(Row(Stack(table(verb, lines, actor)), Stack(ask if ready else nothing), widths="main"),),
    ).respond(request, status=422 if form.is_bound else 200)


def outcome(request: HttpRequest, verb: Verb, lines: list[Line], actor: Actor) -> HttpResponse:
    """What came of it."""
    done = sum(line.done for line in lines)
    text = _("%(done)d of %(all)d done.") % {"done": done, "all": len(lines)}
    return parts.page(
        title_of(verb, len(lines)),
        Link(_("All events"), reverse("event-desk")),
        notices=(Notice(text=text, tone="good" if done == len(lines) else "fair"),),
        actions=(Action(_("Back to the desk"), reverse("event-desk"), "arrow-left", is_main=True),),
        body=(table(verb, lines, actor),),
    ).respond(request)


def table(verb: Verb, lines: list[Line], actor: Actor) -> Table:
    """The events with what becomes of each."""

    def state(line: Line) -> tuple[str, str]:
        if line.done:
            return pgettext("one of a batch", "done"), "good"
        return (_("not possible"), "bad") if line.blocked else (_("ready"), "data")

    body: tuple[Column, ...] = ()
    if verb is Verb.DISPATCH:
        body = (Column(pgettext("event", "Body"), lambda line: str(line.body or ""), weight=2),)
    if verb is Verb.ASSIGN:
        body = (Column(pgettext("event", "Owner"), lambda line: line.event.owner and line.event.owner.name, weight=2),)
    return Table(
        rows=vouched(lines, actor, VIEW),
        columns=(
            Column(_("Number"), "event.number", cells.number_text, link=lambda line: parts.url_of(line.event)),
            Column(_("Matter"), "event.title"),
            *body,
            Column(_("State"), state, cells.state),
            Column(_("Why"), lambda line: line.blocked or line.why, wraps=True, weight=3),
        ),
        empty=_("No event was chosen."),
    )
