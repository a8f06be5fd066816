"""What the pages of parts and patrols do differently."""

from __future__ import annotations

from typing import Any

from citybrain.applications.city import pages
from citybrain.applications.city.models import Part, PatrolPlan
from citybrain.applications.city.queries import events_at
from citybrain.kernel.identity.actor import Actor
from citybrain.ui.panels.panel import Action, Link, Panel
from citybrain.ui.records.pages import RecordPages
from citybrain.ui.records.routes import WRITES, Route


class PartPages(RecordPages):
    """The list tells class and state; a part's page what was told of it."""

    model = Part
    columns = ("number", "title", "kind", "code", "state", "area", "maintainer")
    filters = ("kind", "area", "accuracy", "organisation", "installed")
    tones = {"sound": "good", "damaged": "fair", "missing": "bad", "gone": "quiet"}
    charts = ("kind", "state")

    def detail_panels(self, record: Any, actor: Actor) -> tuple[Panel, ...]:
        """Events at this part."""
        return events_at(record, actor)


class PatrolPlanPages(RecordPages):
    """Plans, how far they were kept, and the walk itself on the phone."""

    model = PatrolPlan
    columns = ("number", "title", "area", "often", "minutes", "who", "state", "organisation")
    filters = ("often", "area", "organisation")
    tones = {"active": "good", "resting": "quiet"}
    routes = (
        Route("coverage/", "coverage", pages.coverage_page, "view"),
        Route("walk/", "walk", pages.walk_page, "view"),
        Route("walk/start/", "walk-start", pages.start_walk, "view", WRITES),
        Route("walk/<int:walk>/points/", "walk-points", pages.take, "view", WRITES),
        Route("walk/<int:walk>/stop/", "walk-stop", pages.stop_walk, "view", WRITES),
    )

    def ways(self, actor: Actor) -> tuple[Link, ...]:
        """What was covered."""
        return (Link(title=pages.coverage_title(), url=self.url("coverage"), icon="checklist"),)

    def actions(self, record: Any, actor: Actor) -> tuple[Action, ...]:
        """Walk it now, on the phone."""
        url = f"{self.url('walk')}?plan={record.pk}"
        return (Action(title=pages.walk_title(), url=url, icon="walk", is_main=True),)
