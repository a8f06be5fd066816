"""The quarantine's pages (隔离区): what could not be taken, with why; it is taken again, or dropped for a reason."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from citybrain.centre.intake.models import Quarantined
from citybrain.centre.intake.permissions import MEND
from citybrain.centre.intake.quarantine import QUARANTINE, Refusal, drop, take_again
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped, scoped_one
from citybrain.ui.access import back, requires
from citybrain.ui.paging import Paging, page_number
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Fact, Facts, Notice
from citybrain.ui.panels.panel import Action, Link, Page, Row, Tab, Tag, Tone
from citybrain.ui.panels.prose import Prose
from citybrain.ui.panels.tables import Column, Table

DOORS = {
    "api": gettext_lazy("Interface"),
    "cap": gettext_lazy("CAP warning"),
    "hotline-file": gettext_lazy("File of work orders"),
    "open311": gettext_lazy("Open311 request"),
    "open311-peer": gettext_lazy("Peer system"),
}
TABS = {
    Quarantined.State.HELD: pgettext_lazy("messages", "Put aside"),
    Quarantined.State.TAKEN: gettext_lazy("Taken later"),
    Quarantined.State.DROPPED: gettext_lazy("Dropped"),
}
TONES: dict[str, Tone] = {"held": "fair", "taken": "good", "dropped": "quiet"}
SHOWN = 20_000
"""Characters of a message that are shown."""
CONTACT = re.compile(
    r"(?<![A-Za-z0-9.-])(?:\+?86[ -]?)?(?:1[3-9]\d(?:[ -]?\d{4}){2}|0\d{2,3}[ -]?[2-8]\d{6,7})(?!\d)"
    r"|[A-Za-z0-9._+-]{1,64}(?:@|%40)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}"
)
"""Mobile numbers, numbers with an area code, e-mail addresses."""


def rows_of(actor: Actor) -> QuerySet[Any]:
    """Messages the person may mend."""
    return scoped(Quarantined.objects.select_related("organisation", "signal__event", "ended_by"), actor, MEND)


def door_words(row: Quarantined) -> str:
    """By which door it came."""
    return str(DOORS.get(row.door, row.door))


@requires(MEND)
def listing(request: HttpRequest) -> HttpResponse:
    """The list."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    tab = request.GET.get("tab", "held")
    tab = tab if tab in Quarantined.State.values else "held"
    rows = rows_of(actor).filter(state=tab).order_by("-pk")
    paging = Paging(number=page_number(request.GET.get("page")), total=rows.count())
    table = Table(
        rows=rows[paging.offset : paging.offset + paging.size],
        columns=(
            Column(
                _("What is wrong"),
                "reason",
                under=lambda row: row.remedy,
                link=lambda row: reverse("intake-held", args=(row.pk,)),
                wraps=True,
            ),
            Column(_("Door"), door_words, weight=2),
            Column(_("Sender"), "sender", weight=3),
            Column(_("Body"), lambda row: str(row.organisation or "—"), weight=4),
            Column(_("Times"), "times", cells.number, weight=4),
            Column(_("Came"), "came_at", cells.age, weight=2),
        ),
        row_link=lambda row: reverse("intake-held", args=(row.pk,)),
        paging=paging,
        empty=_("Every message could be taken."),
        empty_icon="circle-check",
    )
    held = rows_of(actor).filter(state="held").count()
    return Page(
        title=_("Messages put aside"),
        lead=_("What a door could not take is kept as it came. Correct it at its source, or take it again here."),
        tabs=tuple(
            Tab(state.value, title, held if state == "held" else None, tone="bad" if held else "quiet")
            for state, title in TABS.items()
        ),
        tab=tab,
        body=(table,),
        fills=True,
    ).respond(request)


def one(actor: Actor, pk: int) -> Quarantined:
    """A message the person may mend. Raises Http404."""
    try:
        return scoped_one(
            Quarantined.objects.select_related("organisation", "signal__event", "ended_by"), actor, MEND, pk=pk
        )
    except Quarantined.DoesNotExist as error:
        raise Http404(f"message {pk}") from error


@requires(MEND, scoped=True)
def held(request: HttpRequest, pk: int) -> HttpResponse:
    """One message: why, what to do, and the bytes as text."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = one(actor, pk)
    facts = (
        Fact(_("Door"), door_words(row)),
        Fact(_("Sender"), row.sender or "—"),
        Fact(_("Body"), row.organisation or "—"),
        Fact(_("Came"), row.came_at, cells.moment),
        Fact(_("Times"), row.times),
        Fact(_("Kind of content"), row.media_type or "—", cells.mono),
        Fact(_("Digest"), row.digest, cells.mono, is_wide=True),
    )
    if row.ended_at:
        facts += (
            Fact(_("Decided"), row.ended_at, cells.moment),
            Fact(_("By"), row.ended_by.name if row.ended_by else "—"),
        )
    if row.signal is not None and row.signal.event is not None:
        facts += (Fact(_("Event"), row.signal.event.number, link=event_url(row.signal.event.number)),)
    text = veiled(bytes(row.body).decode("utf-8", "replace")[:SHOWN])
    actions: tuple[Action, ...] = ()
    if row.state == Quarantined.State.HELD:
        actions = (
            Action(
                _("Drop"),
                reverse("intake-drop", args=(pk,)),
                icon="trash",
                post=True,
                ask=_("Why is it dropped?"),
                confirm=_("Drop this message for good?"),
            ),
        )
        if QUARANTINE.find(row.door) is not None:
            again = reverse("intake-again", args=(pk,))
            actions = (Action(_("Take it again"), again, icon="refresh", post=True, is_main=True), *actions)
    wrong = Notice(title=row.reason, text=row.remedy or _("Look at the message."), tone="fair")
    return Page(
        title=_("Message %d") % row.pk,
        crumbs=(Link(_("Messages put aside"), reverse("intake-quarantine")),),
        tags=(Tag(title=TABS[Quarantined.State(row.state)], tone=TONES[row.state], is_state=True),),
        notices=(wrong,),
        body=(
            Row(
                Prose(title=_("As it came"), text=text, is_markdown=False),
                Facts(title=_("About it"), of=row, facts=facts),
                widths="main",
            ),
        ),
        actions=actions,
    ).respond(request)


def veiled(text: str) -> str:
    """A message without telephones and e-mail addresses: who reported is disclosed for a purpose alone."""
    return CONTACT.sub("●●●", text)


def event_url(number: str) -> str:
    """Address of an event's page."""
    try:
        return reverse("event-page", args=(number,))
    except NoReverseMatch:
        return ""


@requires(MEND, scoped=True, writes=True)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a message again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        taken = take_again(one(actor, pk), actor)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return back(request, reverse("intake-held", args=(pk,)))
    number = taken.signal.event.number if taken.signal is not None and taken.signal.event is not None else ""
    messages.success(request, _("Taken as %s.") % number if number else _("Taken; it opened nothing."))
    return back(request, reverse("intake-quarantine"))


@requires(MEND, scoped=True, writes=True)
def dropped(request: HttpRequest, pk: int) -> HttpResponse:
    """Leaves a message for good."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        drop(one(actor, pk), actor, request.POST.get("reason", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return back(request, reverse("intake-held", args=(pk,)))
    messages.success(request, _("Dropped; its bytes are kept."))
    return back(request, reverse("intake-quarantine"))
