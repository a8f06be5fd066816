"""The hotline's desk (12345 话务台): one page for one call, keyboard first, with what the house can say about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from citybrain.centre.events.models import Event, Reporter
from citybrain.centre.events.permissions import ANSWER_FOR, REPORT
from citybrain.centre.events.queries import event_of
from citybrain.centre.events.refusals import Refused
from citybrain.centre.intake.hotline.calls import Call, add_to, answer_now, pass_on
from citybrain.centre.intake.hotline.figures import figures
from citybrain.centre.intake.hotline.form import CallForm, offered, opened_by
from citybrain.centre.intake.reporters import earlier
from citybrain.kernel.identity.actor import Actor
from citybrain.ui.access import requires_form
from citybrain.ui.panels.kinds import FormPanel, Map
from citybrain.ui.panels.offers import OffersPanel
from citybrain.ui.panels.panel import Action, Page, Row, Stack

SEEN = "hotline-caller"
"""Session key of the caller whose earlier matters were opened last: one call is one look."""
KEPT = 5
"""Earlier matters shown."""


@requires_form(REPORT)
def desk(request: HttpRequest) -> HttpResponse:
    """The form of a call; while it is filled in, the offers beside it are drawn anew by `X-Panel`."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    is_look = "X-Panel" in request.headers
    given = request.POST if request.method == "POST" else None
    form = CallForm(given) if given is not None and not is_look else CallForm(initial=dict(request.GET.items()))
    if given is not None and not is_look and form.is_valid() and (answer := taken(request, form, actor)):
        return answer
    values = {name: str(value) for name, value in (given or request.GET).items()}
    reporter = opened_by(values) if actor.may("event:view") and actor.may(ANSWER_FOR) else None
    before = matters(request, reporter, actor)
    offers = OffersPanel(
        title=_("The house says"),
        key="offers",
        groups=offered(values, actor, reporter, before),
        empty=_("Type the caller's number and what they say: class, place, level and known matters are offered here."),
        note=_("Alt + number takes an offer"),
    )
    panel = FormPanel(
        form=form,
        submit=_("Pass on"),
        submits=(
            *((("answer_now", _("Answered at once")),) if actor.may(ANSWER_FOR) else ()),
            ("join_it", _("Add to the event")),
        ),
        groups=(
            (_("Caller"), ("number", "name")),
            (_("Matter"), ("text", "type", "level", "area", "address")),
            (_("Outcome"), ("answer", "join", "wants_answer")),
        ),
        note=_("Ctrl + Enter passes it on"),
        watch="offers",
    )
    where = Map(title=_("Place"), layers=(), pick="place", height="low", note=_("A click sets the place"))
    return Page(
        title=_("Hotline desk"),
        lead=_("One page for one call."),
        top=(figures(actor),),
        body=(Row(panel, Stack(offers, where), widths="main"),),
        actions=(
            Action(title=_("Call back"), url=reverse("hotline-calls"), icon="phone-call", key="c"),
            Action(title=_("Bring in work orders"), url=reverse("hotline-orders"), icon="file-import"),
        ),
        help=_("Type as they speak. Whatever is offered can be taken by a press, or by Alt and its number."),
    ).respond(request, 422 if form.is_bound and form.errors else 200)


def matters(request: HttpRequest, reporter: Reporter | None, actor: Actor) -> list[Event]:
    """The caller's earlier matters; the look is written down once a call, not at every letter typed."""
    if reporter is None:
        return []
    is_new = request.session.get(SEEN) != reporter.pk
    found = earlier(reporter, actor, most=KEPT, is_logged=is_new)
    if found and is_new:
        request.session[SEEN] = reporter.pk
    return found


def taken(request: HttpRequest, form: CallForm, actor: Actor) -> HttpResponse | None:
    """Does what the pressed button says; None when the form has to be corrected."""
    call = call_of(form)
    try:
        if "answer_now" in request.POST:
            event = answer_now(call, actor)
            words = _("Answered, and kept as {number}.")
        elif "join_it" in request.POST:
            event = add_to(call, joined(call, actor), actor).event  # type: ignore[assignment]
            words = _("Added to {number}; the caller is answered with it.")
        else:
            event = pass_on(call, actor).event  # type: ignore[assignment]
            words = _("Passed on as {number}.")
    except Refused as refusal:
        form.add_error("join" if refusal.guard == "join" else None, f"{refusal.text} {refusal.remedy}".strip())
        return None
    except ValidationError as error:
        by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, texts in by_field.items():
            form.add_error(name if name in form.fields else None, " ".join(texts))
        return None
    request.session.pop(SEEN, None)
    link = format_html('<a href="{}">{}</a>', address_of(event), event.number)
    messages.success(request, format_html(words, number=link))
    return HttpResponseRedirect(reverse("hotline-desk"))


def joined(call: Call, actor: Actor) -> Event:
    """The event the call is added to. Raises ValidationError for a number the agent does not see."""
    if not call.join:
        raise ValidationError({"join": _("Choose the event it belongs to.")})
    try:
        return event_of(actor, call.join.strip().upper())
    except Event.DoesNotExist as error:
        raise ValidationError({"join": _("There is no event %s that you may see.") % call.join[:40]}) from error


def call_of(form: CallForm) -> Call:
    """What was filled in."""
    given: dict[str, Any] = dict(form.cleaned_data)
    return Call(**given)


def address_of(event: Event) -> str:
    """Address of an event's page."""
    try:
        return reverse("event-page", args=(event.number,))
    except NoReverseMatch:
        return "#"
