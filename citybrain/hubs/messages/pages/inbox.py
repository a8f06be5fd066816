"""One's inbox: the list, one message, confirming, and how one wants to be reached."""

from __future__ import annotations

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citybrain.hubs.messages.actions import confirm, read, read_all
from citybrain.hubs.messages.models import Copy, Message
from citybrain.hubs.messages.pages.forms import PreferenceForm
from citybrain.hubs.messages.pages.words import OWN, sender_of, tags_of
from citybrain.hubs.messages.permissions import SEND
from citybrain.hubs.messages.queries import inbox, inbox_copy, unread_of
from citybrain.hubs.messages.wording import words_of
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Vouched
from citybrain.ui.access import back, signed_in
from citybrain.ui.bell import TOPIC
from citybrain.ui.paging import Paging, page_number
from citybrain.ui.panels import cells
from citybrain.ui.panels.items import Item, Items
from citybrain.ui.panels.kinds import Fact, Facts, FormPanel
from citybrain.ui.panels.panel import Action, Link, Page, Row, Tab
from citybrain.ui.panels.prose import Prose
from citybrain.ui.panels.tables import Choice, Filters


def here() -> Link:
    """The way back to the inbox."""
    return Link(title=_("Messages"), url=reverse("messages"))


@signed_in
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The person's messages: what waits, and all."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    tab = "all" if request.GET.get("tab") == "all" else "waits"
    urgency, text = request.GET.get("urgency", ""), request.GET.get("q", "")[:100]
    found = inbox(actor, waits=True if tab == "waits" else None, urgency=urgency, text=text)
    waiting = unread_of(actor)
    paging = Paging(number=page_number(request.GET.get("page")), total=found.count(), size=20)
    rows = found[paging.offset : paging.offset + paging.size]
    empty = _("Everything is read.") if tab == "waits" and not (urgency or text) else _("No message is like that.")
    items = Items(
        key="inbox",
        refresh=TOPIC,
        items=Vouched(tuple(line_of(copy) for copy in rows), OWN),
        paging=paging,
        empty=empty,
    )
    actions = [Action(title=_("How I am reached"), url=reverse("message-preferences"), icon="adjustments-horizontal")]
    if waiting:
        actions.append(Action(title=_("Mark all as read"), url=reverse("messages-read"), icon="checks", post=True))
    if actor.may(SEND):
        actions.append(Action(title=_("Write"), url=reverse("message-write"), icon="pencil", is_main=True, key="n"))
    more = (Action(title=_("Sent by me"), url=reverse("messages-sent"), icon="send"),) if actor.may(SEND) else ()
    filters = Filters(
        search=_("Words of a message"),
        choices=(Choice(name="urgency", title=_("Urgency"), options=tuple(Message.Urgency.choices)),),
        asked={"urgency": urgency, "q": text},
    )
    return Page(
        title=_("Messages"),
        body=(filters, items),
        tabs=(Tab(key="waits", title=_("To read"), count=waiting), Tab(key="all", title=_("All"))),
        tab=tab,
        actions=tuple(actions),
        more=more,
        help=_("What others and the system told you. What asks for a confirmation waits until you give it."),
    ).respond(request)


def address(copy: Copy) -> str:
    """Address of one message."""
    return reverse("message", args=(copy.pk,))


def own_copy(request: HttpRequest, pk: int) -> Copy:
    """The person's copy with that number; 404 for another's."""
    try:
        return inbox_copy(request.actor, pk)  # type: ignore[attr-defined]
    except Copy.DoesNotExist as error:
        raise Http404(f"message {pk}") from error


@signed_in
@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message; opening it is reading it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    copy = read(own_copy(request, pk), actor)
    said = words_of(copy.message)
    actions = []
    asks = copy.message.needs_receipt and copy.confirmed_at is None
    if copy.message.link:
        actions.append(Action(title=_("Open"), url=copy.message.link, icon="arrow-right", is_main=not asks))
    if asks:
        url = reverse("message-confirm", args=(copy.pk,))
        actions.append(Action(title=_("Confirm"), url=url, icon="check", post=True, is_main=True, key="c"))
    facts = [
        Fact(title=_("From"), value=sender_of(copy.message)),
        Fact(title=_("To"), value=copy.message.to_name),
        Fact(title=_("Received"), value=copy.received_at, cell=cells.moment),
    ]
    if copy.confirmed_at is not None:
        facts.append(Fact(title=_("Confirmed"), value=copy.confirmed_at, cell=cells.moment))
    if copy.escalated_from is not None:
        who = copy.escalated_from.user.name
        facts.append(Fact(title=_("Why you"), value=_("%s did not answer in time.") % who))
    return Page(
        title=said.title,
        crumbs=(here(),),
        tags=tags_of(copy),
        body=(
            Row(
                Prose(text=said.text or said.title, is_markdown=False),
                Facts(of=inbox(actor).filter(pk=copy.pk), facts=tuple(facts)),
                widths="main",
            ),
        ),
        actions=tuple(actions),
    ).respond(request)


@signed_in
@require_POST
def confirmed(request: HttpRequest, pk: int) -> HttpResponse:
    """The person takes note."""
    copy = own_copy(request, pk)
    if copy.message.needs_receipt:
        confirm(copy, request.actor)  # type: ignore[attr-defined]
        notes.success(request, _("Confirmed."))
    return back(request, address(copy))


@signed_in
@require_POST
def all_read(request: HttpRequest) -> HttpResponse:
    """Everything that asks for no confirmation counts as read."""
    read_all(request.actor)  # type: ignore[attr-defined]
    return back(request, reverse("messages"))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """By which ways the person is reached, and when they want quiet."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = PreferenceForm(actor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.save()
        notes.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("message-preferences"))
    return Page(
        title=_("How I am reached"),
        crumbs=(here(),),
        lead=_("The inbox always has every message. Choose what else reaches you, and when you want quiet."),
        body=(FormPanel(form=form, submit=_("Save"), cancel=reverse("messages"), columns=1),),
    ).respond(request)


def lines(actor: Actor, most: int) -> list[Item]:
    """The newest messages, as lines: the officials' phone and My work show them."""
    return [line_of(copy) for copy in inbox(actor)[:most]]


def line_of(copy: Copy) -> Item:
    """One message as a line."""
    return Item(
        title=words_of(copy.message).title,
        url=address(copy),
        under=sender_of(copy.message),
        icon="mail",
        at=copy.received_at,
        tags=tuple(tag for tag in tags_of(copy) if not tag.is_state or copy.message.needs_receipt),
        is_new=copy.is_open,
    )


def unread_panel(request: HttpRequest) -> Items | None:
    """What waits in the inbox, for My work."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = tuple(line_of(copy) for copy in inbox(actor, waits=True)[:6])
    return Items(
        title=_("Messages"),
        key="work-messages",
        refresh=TOPIC,
        items=Vouched(found, OWN),
        empty=_("Everything is read."),
        more=Link(title=_("All messages"), url=reverse("messages")),
    )
