"""What the pages of parts and patrols do differently."""

from __future__ import annotations

from typing import Any

from citybrain.applications.city import inspection_pages, pages
from citybrain.applications.city.models import Part, PatrolFinding, PatrolInspection, PatrolPlan
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


class PatrolInspectionPages(RecordPages):
    """Inspections, and on the page of one what it found."""

    model = PatrolInspection
    columns = ("number", "title", "way", "on", "plan", "area", "who", "state")
    filters = ("way", "on", "plan", "area", "organisation")
    tones = {"planned": "data", "done": "good", "dropped": "quiet"}
    charts = ("way", "state")

    def detail_panels(self, record: Any, actor: Actor) -> tuple[Panel, ...]:
        """How many findings the patrol had told, and missed."""
        return inspection_pages.found(record, actor)

    def actions(self, record: Any, actor: Actor) -> tuple[Action, ...]:
        """Write down what stands there."""
        return inspection_pages.write_down(record, actor)


class PatrolFindingPages(RecordPages):
    """Findings; one that waits shows what is known already, one that was judged whether it may be taken back."""

    model = PatrolFinding
    columns = ("number", "text", "type", "state", "reason", "inspection", "seen_at", "area", "event")
    filters = ("type", "reason", "inspection", "area", "seen_at")
    tones = {"waiting": "data", "told": "good", "missed": "bad", "excused": "quiet"}
    charts = ("state", "reason")
    routes = (
        Route("<str:number>/judge/", "judge", inspection_pages.judge, "edit", WRITES),
        Route("<str:number>/take-back/", "take-back", inspection_pages.take_back, "edit", WRITES),
    )

    def detail_panels(self, record: Any, actor: Actor) -> tuple[Panel, ...]:
        """What is known that may be the same."""
        return inspection_pages.compared(self, record, actor)

    def actions(self, record: Any, actor: Actor) -> tuple[Action, ...]:
        """Make it an event; or take a judgement back."""
        return inspection_pages.verbs(self, record, actor)
