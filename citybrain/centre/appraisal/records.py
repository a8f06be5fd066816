"""What the pages of reports and of prevention items do differently."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from citybrain.centre.appraisal.models import MonthlyReport, PreventionItem
from citybrain.centre.appraisal.prevention import Frequency, before_and_after, events_of
from citybrain.centre.appraisal.wording import named
from citybrain.centre.events.pages import parts
from citybrain.centre.events.permissions import VIEW
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped
from citybrain.kernel.records.shape import FieldShape, record_types
from citybrain.ui import formats
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Stat, Stats
from citybrain.ui.panels.panel import Panel
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.records.pages import RecordPages
from citybrain.ui.templatetags import shown

SHOWN = 20


class MonthlyReportPages(RecordPages):
    """The files are the report."""

    model = MonthlyReport
    columns = ("number", "title", "month", "created_at")
    filters = ("month",)


class PreventionItemPages(RecordPages):
    """Before and after, and the events themselves."""

    model = PreventionItem
    columns = ("number", "title", "state", "events_found", "organisation", "area", "planned_on", "done_on")
    filters = ("state", "organisation", "area", "done_on")
    form_fields = ("state", "organisation", "cause", "measure", "budget", "planned_on", "done_on")
    tones = {"open": "fair", "planned": "data", "done": "good", "closed": "quiet", "dropped": "quiet"}

    def drawn(self, field: FieldShape, row: Any, actor: Actor, *, short: bool = False) -> Any:
        """Classes and kinds of assets by name, where the row keeps their keys."""
        if field.name == "family":
            return cells.text(named("family", row.family))
        if field.name == "asset_kind" and row.asset_kind:
            titles = {shape.key: shape.title for shape in record_types()}
            return cells.text(titles.get(row.asset_kind, row.asset_kind))
        return super().drawn(field, row, actor, short=short)

    def detail_panels(self, record: Any, actor: Actor) -> tuple[Panel, ...]:
        """How often before and after the work, with intervals; the latest events."""
        before, after = before_and_after(record)
        if not actor.may(VIEW):
            return (measured(before, after),)
        rows = scoped(events_of(record), actor, VIEW).order_by("-opened_at")[:SHOWN]
        events = Table(
            title=_("Events of it"),
            rows=rows,
            columns=(
                Column(_("Number"), "number", cells.number_text, link=parts.url_of),
                Column(_("Matter"), "title", wraps=True),
                Column(_("State"), lambda event: parts.state_tag(event), cells.tag),
                Column(_("First told"), "opened_at", shown.moment),
            ),
            empty=_("None that you may see."),
        )
        return measured(before, after), events


def measured(before: Frequency, after: Frequency | None) -> Stats:
    """Events in thirty days before and after the work."""
    stats = [
        Stat(
            _("Before, events in 30 days"),
            before.rate,
            lambda value: shown.number(value, 1),
            under=spread(before),
        )
    ]
    if after is not None:
        rate = after.rate
        better = rate is not None and before.rate is not None and rate < before.rate
        stats.append(
            Stat(
                _("After, events in 30 days"),
                rate,
                lambda value: shown.number(value, 1),
                under=spread(after),
                tone="good" if better else "fair",
            )
        )
    return Stats(title=_("Before and after"), stats=tuple(stats), note=_("with 95 % intervals"))


def spread(found: Frequency) -> str:
    """Events, days and interval in words."""
    reach = found.interval
    between = f"{formats.number(reach[0], 1)}–{formats.number(reach[1], 1)}" if reach else formats.NOTHING
    return _("%(events)d in %(days)d days · %(between)s") % {
        "events": found.events,
        "days": found.days,
        "between": between,
    }
