"""Pages of the departments: every body with its datasets in numbers, and one body's datasets and sources."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Vouched, scoped, vouched
from citybrain.ui import formats
from citybrain.ui.access import requires
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import ChartPanel, Related, Stat, Stats
from citybrain.ui.panels.panel import Link, Row, Stack
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.templatetags.shown import titled
from citybrain.warehouse.catalogue.departments import Line, lines
from citybrain.warehouse.catalogue.models import Dataset, Score
from citybrain.warehouse.catalogue.queries import score_history
from citybrain.warehouse.gathering.queries import sources
from citybrain.warehouse.pages import parts
from citybrain.warehouse.permissions import VIEW


@requires(VIEW)
def departments(request: HttpRequest) -> HttpResponse:
    """Every department, and every town or zone that provides something."""
    found = vouched(lines(now=timezone.now()), request.actor, VIEW)  # type: ignore[attr-defined]
    table = departments_table(found, title="")
    return parts.page(_("Departments"), note=formats.number(len(found)), body=(table,), fills=True).respond(request)


def departments_table(found: Vouched[Line], **options: Any) -> Table:
    """Departments with what they provide, and how well."""
    return Table(
        rows=found,
        columns=(
            Column(
                _("Department"),
                lambda line: titled(line.organisation),
                link=parts.to("department", lambda line: line.organisation.key),
                sort="name",
            ),
            Column(_("Datasets"), "datasets", cells.number, sort="datasets", weight=2),
            Column(_("Rows"), "rows", cells.short, sort="rows"),
            Column(
                _("Problem rows"),
                lambda line: line.problem_rows if line.score is not None else None,
                cells.number,
                sort="problems",
                weight=2,
            ),
            Column(_("Score"), "score", cells.scored, sort="score"),
            Column(_("Freshness"), freshness, cells.state, weight=2),
            Column(_("Newest data"), "data_at", cells.age, sort="newest", weight=5),
        ),
        **{
            "title": _("Departments"),
            "empty": _("No department delivers yet. Register sources first; `make run` builds the rehearsal county."),
            "empty_icon": "building-bank",
            **options,
        },
    )


def freshness(line: Line) -> tuple[str, str] | None:
    """The worst that is to be said of the age of a department's data; None when nothing tells."""
    if line.very_late:
        return ngettext("%(number)s very late", "%(number)s very late", line.very_late) % {
            "number": line.very_late
        }, "bad"
    if line.late:
        return ngettext("%(number)s late", "%(number)s late", line.late) % {"number": line.late}, "fair"
    return (_("Fresh"), "good") if line.fresh else None


@requires(VIEW)
def department(request: HttpRequest, key: str) -> HttpResponse:
    """One body: its datasets, its sources, its score over time."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    line = next((line for line in lines(now=timezone.now()) if line.organisation.key == key), None)
    if line is None:
        raise Http404(f"department {key}")
    body = line.organisation
    history = score_history(Score.Subject.DEPARTMENT, key)
    chart = parts.trend_chart(history)
    newest = cells.joined(" ", (_("newest"), cells.age(line.data_at)))
    aside = [sources_panel(actor, key)]
    if chart:
        aside.append(ChartPanel(title=_("Score over time"), chart=chart))
    return parts.page(
        titled(body),
        Link(_("Departments"), reverse("departments")),
        note=" · ".join(filter(None, (str(body.get_kind_display()), body.credit_code))),
        body=(
            Stats(
                stats=(
                    Stat(_("Datasets"), line.datasets, url=f"{reverse('datasets')}?department={key}"),
                    Stat(_("Rows gathered"), line.rows, under=newest),
                    Stat(
                        _("Problem rows"),
                        line.problem_rows,
                        tone="bad" if line.problem_rows else "quiet",
                        under=parts.of_the_rows(line.problem_rows, line.rows),
                    ),
                    parts.score_stat(line.score, history),
                )
            ),
            Row(datasets_table(actor, line), Stack(*aside), widths="main"),
        ),
    ).respond(request)


def datasets_table(actor: Actor, line: Line) -> Table:
    """The datasets a department provides."""
    found = Dataset.objects.filter(provider=line.organisation)
    return Table(
        title=_("Datasets"),
        rows=scoped(found, actor, VIEW),
        columns=(
            parts.dataset_column(lambda dataset: dataset, tags=parts.dataset_tags),
            Column(_("Rows"), "raw_rows", cells.short, sort="rows"),
            parts.problems_column(actor, lambda dataset: dataset, sort="problems"),
            Column(_("Grade"), lambda dataset: parts.grade_tag(dataset.grade), cells.tag, weight=2),
            Column(_("Data from"), "data_at", cells.age, sort="age", weight=2),
            Column(_("Score"), "score", cells.score, align="right", sort="score"),
        ),
        empty=_("This department provides no dataset yet."),
    )


def sources_panel(actor: Actor, key: str) -> Related:
    """Where a department delivers from, as far as the person may see it."""
    links = (
        Link(
            titled(source),
            reverse("source", args=[source.key]),
            "plug-connected",
            note=cells.joined(" ", (source.kind, cells.short(source.rows))),
        )
        for source in sources(actor, department=key)
    )
    return Related(title=_("Sources"), links=vouched(links, actor, VIEW), empty=_("No source"))
