"""What everybody may read of an event: its class, its town, its state in plain words; never what somebody wrote."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.centre.events.machine import DONE, State
from citybrain.centre.events.models import Event
from citybrain.centre.events.types import event_types, name_of
from citybrain.kernel.identity.models import Organisation
from citybrain.ui.formats import is_chinese
from citybrain.ui.panels.panel import Tone

SHOWN_DAYS = 90
"""Days after its end that an event is still shown in public."""


def is_public(event: Event) -> bool:
    """Whether everybody may know of it."""
    kind = event_types().get(event.type)
    return (
        event.sensitivity == "public"
        and not event.is_exercise
        and event.removed_at is None
        and not (kind is not None and kind.restricted)
    )


def public_events() -> QuerySet[Event]:
    """Events everybody may know of: those that were verified, are no exercise and of no restricted class."""
    restricted = [key for key, kind in event_types().items() if kind.restricted]
    hidden = (State.NEW, State.REJECTED, State.CANCELLED, State.MERGED)
    rows = Event.objects.filter(sensitivity="public", is_exercise=False, removed_at=None)
    return rows.exclude(state__in=hidden).exclude(type__in=restricted).select_related("organisation", "area")


def kind_name(event: Event) -> str:
    """The class in the reader's language."""
    kind = event_types().get(event.type)
    return name_of(kind) if kind is not None else _("Matter")


def public_title(event: Event) -> str:
    """Class and town: what an event is called in public."""
    town = body_name(event.area) if event.area is not None else ""
    return " · ".join(part for part in (kind_name(event), town) if part)


def body_name(body: Organisation | object | None) -> str:
    """A body or an area in the reader's language; empty for none."""
    if body is None:
        return ""
    chinese, english = getattr(body, "chinese", ""), getattr(body, "english", "")
    return str(chinese if is_chinese() else english or chinese)


def state_words(event: Event) -> tuple[str, Tone]:
    """The state in plain words, and its colour. Answered and fixed are kept apart."""
    match event.state:
        case State.NEW:
            return pgettext("what became of a report", "Received"), "quiet"
        case State.ACCEPTED | State.DISPATCHED:
            return pgettext("what became of a report", "Accepted"), "data"
        case State.IN_PROGRESS | State.HANDED_OUT:
            return pgettext("what became of a report", "Being handled"), "data"
        case State.PAUSED:
            return pgettext("what became of a report", "Waiting"), "fair"
        case State.REPORTED_DONE:
            return pgettext("what became of a report", "Being checked"), "data"
        case State.REJECTED:
            return pgettext("what became of a report", "Not accepted"), "fair"
        case State.CANCELLED:
            return pgettext("what became of a report", "Ended"), "quiet"
        case State.MERGED:
            return pgettext("what became of a report", "Handled together with another report"), "data"
    if event.state in DONE and event.result == Event.Result.FIXED:
        return pgettext("what became of a report", "Fixed"), "good"
    return pgettext("what became of a report", "Answered"), "quiet"
