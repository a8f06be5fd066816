"""How events, signals and teams show themselves as registers: an event's page is the case, its list's home the desk."""

from __future__ import annotations

from django.urls import reverse

from citybrain.centre.events.models import Event, Signal
from citybrain.centre.events.pages.parts import LEVEL_TONES, STATE_TONES
from citybrain.centre.events.teams import Team
from citybrain.ui.records.pages import RecordPages


class EventPages(RecordPages):
    """Events: lists, statistics and exports are the register's, the page of one is the case."""

    model = Event
    columns = ("number", "title", "type", "area", "level", "state", "organisation", "opened_at")
    tones = {**STATE_TONES, **LEVEL_TONES}
    charts = ("state", "channel", "type")
    in_menu = False

    def url(self, page: str, *parts: object) -> str:
        """The case in place of the register's own page."""
        return reverse("event-page", args=parts) if page == "detail" else super().url(page, *parts)


class SignalPages(RecordPages):
    """Signals as they came."""

    model = Signal
    columns = ("number", "channel", "text", "area", "received_at")
    in_menu = False


class TeamPages(RecordPages):
    """Teams that can be sent."""

    model = Team
    columns = ("number", "title", "kind", "organisation", "area", "is_on_duty", "phone")
    in_menu = False
