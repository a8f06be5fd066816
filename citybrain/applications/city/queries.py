"""Questions about parts: what was told of one, how often."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citybrain.applications.city.models import Part
from citybrain.centre.duties.queries import KEEPERS
from citybrain.centre.events.models import Event
from citybrain.centre.events.permissions import VIEW
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import scoped
from citybrain.kernel.records.shape import key_of
from citybrain.ui.finding import address_of
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Notice
from citybrain.ui.panels.panel import Link, Panel
from citybrain.ui.panels.tables import Column, Table

KIND = key_of(Part)
"""What events call a part of the city by: `Event.asset_kind`."""
SHOWN = 6
OFTEN = 3
DAYS = 90
"""So many events within so many days are a matter of prevention, not of one more repair."""


def events_at(part: Part, actor: Actor) -> tuple[Panel, ...]:
    """The latest events at a part, and a word when they come again and again; nothing for who may see no events."""
    if not actor.may(VIEW):
        return ()
    rows = scoped(Event.objects.filter(asset_kind=KIND, asset_number=part.number), actor, VIEW)
    rows = rows.exclude(is_exercise=True).order_by("-opened_at")
    panels: list[Panel] = []
    since = timezone.now() - datetime.timedelta(days=DAYS)
    count = rows.filter(opened_at__gte=since).count()
    if count >= OFTEN:
        text = ngettext(
            "%(count)d event at this part within %(days)d days: look for the cause instead of mending it once more.",
            "%(count)d events at this part within %(days)d days: look for the cause instead of mending it once more.",
            count,
        )
        panels.append(Notice(tone="fair", text=text % {"count": count, "days": DAYS}))
    columns = (
        Column(title=_("Number"), value="number", link=event_address),
        Column(title=_("Matter"), value="title", weight=1),
        Column(title=_("State"), value=lambda event: event.get_state_display()),
        Column(title=_("First told"), value="opened_at", cell=cells.age),
    )
    listed = address_of("records:event:list")
    more = Link(title=_("All"), url=f"{listed}?asset_number={part.number}") if listed else None
    panels.append(
        Table(
            title=_("Events at this part"),
            columns=columns,
            rows=rows[:SHOWN],
            empty=_("Nothing was told of this part yet."),
            more=more,
        )
    )
    return tuple(panels)


def event_address(event: Any) -> str:
    """Where an event is shown."""
    return address_of("event-page", event.number) or address_of("records:event:detail", event.number)


def keeper_of(number: str) -> Organisation | None:
    """The body that maintains a part, as its register says; None for no such part, or where nobody is named."""
    part = Part.objects.filter(number=number, removed_at=None).select_related("maintainer").first()
    return part.maintainer if part is not None else None


KEEPERS[KIND] = keeper_of
