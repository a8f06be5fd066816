"""Writing to others, and what became of it: who read and confirmed, what each way delivered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from citybrain.declare.notice import Channel, Urgency
from citybrain.hubs.messages.actions import write
from citybrain.hubs.messages.addressing import AddressError
from citybrain.hubs.messages.administering import try_again
from citybrain.hubs.messages.models import Copy, Delivery, Message
from citybrain.hubs.messages.pages.forms import WriteForm
from citybrain.hubs.messages.pages.inbox import here
from citybrain.hubs.messages.pages.words import STATES, copy_tag, sender_of, urgency_tag
from citybrain.hubs.messages.permissions import ADMINISTER, SEND
from citybrain.hubs.messages.wording import words_of
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Scope, own, scoped
from citybrain.ui.access import Audience, RouteRule, back, requires, ruled
from citybrain.ui.paging import Paging, page_number
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Fact, Facts, FormPanel, Stat, Stats
from citybrain.ui.panels.panel import Action, Link, Page, Row, Tag
from citybrain.ui.panels.prose import Prose
from citybrain.ui.panels.tables import Choice, Column, Filters, Table

BY_SENDER = Scope(person="message__sender")
"""Copies of a message are its sender's to see: whether it was read and confirmed."""


@ruled(RouteRule(audience=Audience.PERMITTED, permission=SEND))
@require_http_methods(["GET", "HEAD", "POST"])
def writing(request: HttpRequest) -> HttpResponse:
    """The form of a new message."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = WriteForm(actor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            message = write(
                given["title"],
                given["text"],
                given["to"],
                actor=actor,
                urgency=Urgency(given["urgency"]),
                needs_receipt=given["needs_receipt"],
            )
        except AddressError as error:
            form.add_error("to", str(error))
        else:
            count = message.copies.count()
            notes.success(request, ngettext("Sent to %d person.", "Sent to %d people.", count) % count)
            return HttpResponseRedirect(reverse("message-sent", args=(message.pk,)))
    return Page(
        title=_("Write a message"),
        crumbs=(here(),),
        body=(FormPanel(form=form, submit=_("Send"), cancel=reverse("messages"), columns=1),),
    ).respond(request)


def sent_rows(actor: Actor) -> QuerySet[Any]:
    """Messages the person wrote, each with how many got it and how many took note."""
    everything = Message.objects.select_related("sender", "organisation").annotate(
        people=Count("copies"),
        answered=Count(
            "copies",
            filter=Q(needs_receipt=True, copies__confirmed_at__isnull=False)
            | Q(needs_receipt=False, copies__read_at__isnull=False),
        ),
    )
    return own(everything, actor)


@requires(SEND)
def sent(request: HttpRequest) -> HttpResponse:
    """What the person sent, and how many took note."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = sent_rows(actor)
    paging = Paging(number=page_number(request.GET.get("page")), total=rows.count())
    table = Table(
        rows=rows[paging.offset : paging.offset + paging.size],
        columns=(
            Column(
                title=_("Message"),
                value=lambda message: words_of(message).title,
                under=lambda message: message.to_name,
                tags=lambda message: (urgency_tag(message),),
                link=lambda message: reverse("message-sent", args=(message.pk,)),
            ),
            Column(title=_("Took note"), value=lambda message: f"{message.answered} / {message.people}", align="right"),
            Column(title=_("Sent"), value="sent_at", cell=cells.age, align="right", weight=2),
        ),
        row_link=lambda message: reverse("message-sent", args=(message.pk,)),
        paging=paging,
        empty=_("You have not written anything yet."),
    )
    action = Action(title=_("Write"), url=reverse("message-write"), icon="pencil", is_main=True, key="n")
    return Page(title=_("Sent by me"), crumbs=(here(),), body=(table,), actions=(action,), fills=True).respond(request)


@requires(SEND, scoped=True)
def sent_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One message the person sent: who took note, who did not."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = sent_rows(actor).filter(pk=pk)
    message = rows.first()
    if message is None:
        raise Http404(f"message {pk}")
    said = words_of(message)
    copies = scoped(Copy.objects.filter(message=message), actor, SEND, scope=BY_SENDER)
    copies = copies.select_related("user__organisation", "post__organisation", "message", "escalated_from__user")
    paging = Paging(number=page_number(request.GET.get("page")), total=message.people)
    table = Table(
        title=_("To whom"),
        rows=copies.order_by("pk")[paging.offset : paging.offset + paging.size],
        columns=(
            Column(title=_("Person"), value="user.name", under=lambda copy: str(copy.post or "")),
            Column(title=_("State"), value=copy_tag, cell=cells.tag),
            Column(title=_("Read at"), value="read_at", cell=cells.moment, weight=3),
            Column(title=_("Confirmed at"), value="confirmed_at", cell=cells.moment, weight=2),
        ),
        paging=paging,
    )
    facts = (
        Fact(title=_("To"), value=message.to_name),
        Fact(title=_("Sent"), value=message.sent_at, cell=cells.moment),
    )
    stats = Stats(
        stats=(
            Stat(title=_("People"), value=message.people),
            Stat(title=_("Took note"), value=message.answered, tone="good"),
            Stat(title=_("Still open"), value=message.people - message.answered),
        )
    )
    return Page(
        title=said.title,
        crumbs=(here(), Link(title=_("Sent by me"), url=reverse("messages-sent"))),
        tags=tuple(tag for tag in (urgency_tag(message),) if tag),
        body=(
            stats,
            Row(Prose(text=said.text or said.title, is_markdown=False), Facts(of=rows, facts=facts), widths="main"),
            table,
        ),
    ).respond(request)


@requires(ADMINISTER)
def deliveries(request: HttpRequest) -> HttpResponse:
    """What left the house, by every way, and what did not arrive."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    state, way = request.GET.get("state", ""), request.GET.get("way", "")
    rows = scoped(Delivery.objects.exclude(channel=Channel.IN_APP), actor, ADMINISTER)
    rows = rows.select_related("message__sender", "message__organisation", "copy__user", "robot")
    if state in Delivery.State.values:
        rows = rows.filter(state=state)
    if way in {channel.value for channel in Channel}:
        rows = rows.filter(channel=way)
    paging = Paging(number=page_number(request.GET.get("page")), total=rows.count())
    ways = [(channel.value, _(channel.label)) for channel in Channel if channel is not Channel.IN_APP]
    table = Table(
        rows=rows.order_by("-message_id", "pk")[paging.offset : paging.offset + paging.size],
        columns=(
            Column(
                title=_("Message"),
                value=lambda row: words_of(row.message).title,
                under=lambda row: sender_of(row.message),
                wraps=True,
            ),
            Column(title=_("To"), value=lambda row: row.copy.user.name if row.copy else str(row.robot)),
            Column(title=_("Way"), value=lambda row: dict(ways).get(row.channel, row.channel), weight=2),
            Column(title=_("State"), value=state_tag, cell=cells.tag),
            Column(title=_("Tries"), value="attempts", cell=cells.number, align="right", weight=3),
            Column(title=_("Sent"), value="sent_at", cell=cells.age, weight=3),
            Column(title=_("What happened"), value="error", weight=4, wraps=True),
            Column(title="", buttons=again_buttons),
        ),
        paging=paging,
        empty=_("Nothing left the house yet."),
    )
    filters = Filters(
        choices=(
            Choice(name="state", title=_("State"), options=tuple(Delivery.State.choices)),
            Choice(name="way", title=_("Way"), options=tuple(ways)),
        ),
        asked={"state": state, "way": way},
    )
    return Page(
        title=_("Deliveries"),
        body=(filters, table),
        fills=True,
        actions=(Action(title=_("Group robots"), url=reverse("message-robots"), icon="messages"),),
        help=_("Messages that went out by e-mail, text message or robot. What failed can be tried again."),
    ).respond(request)


def state_tag(row: Delivery) -> Tag:
    """The state as a dot and a word."""
    title = _("In the digest") if row.in_digest and row.state == Delivery.State.QUEUED else row.get_state_display()
    return Tag(title=title, tone=STATES[row.state], is_state=True)


def again_buttons(row: Delivery) -> tuple[Action, ...]:
    """The button of what failed."""
    if row.state not in (Delivery.State.FAILED, Delivery.State.UNSURE):
        return ()
    return (Action(title=_("Try again"), url=reverse("message-again", args=(row.pk,)), icon="refresh", post=True),)


@requires(ADMINISTER, scoped=True, writes=True)
def again(request: HttpRequest, pk: object) -> HttpResponse:
    """Hand a delivery over again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = scoped(Delivery.objects.all(), actor, ADMINISTER).filter(pk=pk).first()
    if row is None:
        raise Http404(f"delivery {pk}")
    try:
        try_again(row, actor)
        notes.success(request, _("It is tried again now."))
    except ValueError as error:
        notes.error(request, str(error))
    return back(request, reverse("message-deliveries"))
