"""Who told of an event: its signals, under pseudonyms, with the door to what was said word for word."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citybrain.centre.events.models import Channel, Signal
from citybrain.centre.events.pages import parts
from citybrain.centre.events.pages.looking import Case
from citybrain.centre.events.permissions import ANSWER_FOR, VIEW
from citybrain.kernel.identity.scope import vouched
from citybrain.kernel.records.shape import shape_of
from citybrain.ui.panels.items import Item, Items
from citybrain.ui.panels.panel import Action, Panel, Tag


def signals(case: Case, request: HttpRequest) -> Iterator[Panel]:
    """Who told of it, under pseudonyms."""
    yield Items(
        title=_("Signals"),
        note=ngettext("%d signal", "%d signals", len(case.signals)) % len(case.signals),
        items=vouched(tuple(signal_item(case, one) for one in case.signals), case.actor, VIEW),
        key="signals",
    )


def signal_item(case: Case, signal: Signal) -> Item:
    """One telling: by which channel, when, in whose words."""
    tags = [Tag(str(Channel(signal.channel).label), "data")]
    if signal.wants_answer:
        tags.append(Tag(_("waits for an answer"), "fair"))
    if signal.is_recovery:
        tags.append(Tag(_("back to normal"), "good"))
    if signal.event_id != case.event.pk and signal.event is not None:
        tags.append(Tag(_("of %s") % signal.event.number, "quiet", url=parts.url_of(signal.event)))
    reporter = _("Reporter %s") % signal.reporter if signal.reporter is not None else _("no reporter")
    doors: tuple[Action, ...] = ()
    if signal.original:
        tags.append(Tag(_("numbers masked"), "quiet"))
        if case.actor.may(shape_of(Signal).permission("disclose")):
            said = reverse("records:signal:detail", args=[signal.number])
            doors += (Action(_("As it was said"), said, "eye"),)
    if signal.reporter_id and case.actor.may(ANSWER_FOR) and (url := parts.address("reporter", signal.reporter_id)):
        doors += (Action(_("Who is it?"), url, "eye"),)
    return Item(
        title=signal.text or case.event.title,
        under=" · ".join(filter(None, (reporter, signal.source_reference, signal.address))),
        icon=CHANNEL_ICONS.get(signal.channel, "file-description"),
        at=signal.received_at,
        tags=tuple(tags),
        actions=doors,
    )


CHANNEL_ICONS = {
    Channel.HOTLINE: "phone-call",
    Channel.CITIZEN: "device-mobile",
    Channel.PATROL: "map",
    Channel.STAFF: "user",
    Channel.DEVICE: "broadcast",
    Channel.WARNING: "alert-triangle",
    Channel.VIDEO: "camera",
    Channel.DATA_CHECK: "database",
    Channel.UPPER_LEVEL: "building-bank",
    Channel.PEER: "world",
}
