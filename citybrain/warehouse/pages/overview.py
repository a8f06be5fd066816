"""The front page of the warehouse: the county in numbers, every department, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import vouched
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.jobs.telling import JOBS
from citybrain.ui import formats
from citybrain.ui.access import requires
from citybrain.ui.charts import Chart, Series
from citybrain.ui.county import county
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import ChartPanel, Related, Stat, Stats
from citybrain.ui.panels.panel import Link, Row, Stack, Tag
from citybrain.ui.templatetags.shown import tone
from citybrain.warehouse import queries
from citybrain.warehouse.catalogue.departments import Totals, lines, totals
from citybrain.warehouse.catalogue.models import Score
from citybrain.warehouse.catalogue.queries import Point, score_history
from citybrain.warehouse.pages import parts
from citybrain.warehouse.pages.departments import departments_table
from citybrain.warehouse.permissions import VIEW
from citybrain.warehouse.words import check_words

KINDS_SHOWN = 8
"""Kinds of problems the front page draws."""


@requires(VIEW)
def overview(request: HttpRequest) -> HttpResponse:
    """The front page; its number of database queries does not grow with the county."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    departments = vouched(lines(now=timezone.now()), actor, VIEW)
    facts = queries.county_facts()
    history = score_history(Score.Subject.COUNTY, "")
    ages = [(facts.gathered_at, _("gathered")), (facts.governed_at, _("governed"))]
    origin = parts.origin_tag(is_real=False)
    mixed = Tag(_("Rehearsal data, with real data among it"), origin.tone, help=origin.help)
    return parts.page(
        _("Data of %(county)s") % {"county": county().title},
        tags=((mixed if facts.real else origin,) if facts.rehearsal else ()),
        note=cells.joined(" · ", [cells.joined(" ", (words, cells.age(at))) for at, words in ages if at]),
        actions=parts.start_action(actor, "run", _("Gather and govern")),
        body=(
            figures(totals(departments), facts, history),
            Row(
                departments_table(departments, more=Link(_("All departments"), reverse("departments"))),
                Stack(
                    Related(
                        title=_("What needs a person"),
                        links=vouched(needs(actor), actor, VIEW),
                        empty=_("Nothing waits for a decision"),
                    ),
                    ChartPanel(
                        title=_("Problem rows by kind"),
                        chart=kinds_chart(),
                        empty=_("Problem rows appear after the first governance pass."),
                    ),
                    ChartPanel(
                        title=_("Score over time"),
                        chart=parts.trend_chart(history),
                        empty=_("A course needs at least two governance passes."),
                    ),
                    latest_runs(actor),
                ),
                widths="main",
            ),
        ),
    ).respond(request)


def figures(found: Totals, facts: queries.CountyFacts, history: tuple[Point, ...]) -> Stats:
    """The county in six numbers, each leading to its rows."""
    datasets = reverse("datasets")
    return Stats(
        stats=(
            Stat(
                _("Departments"),
                found.departments,
                url=reverse("departments"),
                under=parts.sources_words(facts.sources),
            ),
            Stat(
                _("Datasets"),
                found.datasets,
                url=datasets,
                under=_("%(number)s fields") % {"number": formats.number(found.fields)},
            ),
            Stat(_("Rows gathered"), found.rows, url=reverse("sources"), under=cells.size(facts.bytes)),
            Stat(
                _("Standard rows"),
                found.standard_rows,
                url=datasets,
                under=parts.of_the_rows(found.standard_rows, found.rows),
            ),
            Stat(
                _("Problem rows"),
                found.problem_rows,
                url=f"{datasets}?quality_below=100",
                tone="bad" if found.problem_rows else "quiet",
                under=parts.of_the_rows(found.problem_rows, found.rows),
            ),
            parts.score_stat(found.score, history),
        )
    )


def needs(actor: Actor) -> Iterator[Link]:
    """What waits for the person, with where to decide it; nothing that waits for nobody."""
    found = queries.waiting(actor)
    decide, sources = reverse("decisions"), reverse("sources")
    for number, title, icon, url, is_bad in (
        (found.matches, _("Matches of fields to confirm"), "tags", decide, False),
        (found.changes, _("Changed columns to decide"), "git-compare", f"{decide}?tab=changes", True),
        (found.failed, _("Sources whose last run failed"), "alert-triangle", f"{sources}?state=failed", True),
        (found.quarantined, _("Sources with rows in quarantine"), "archive", f"{sources}?state=quarantine", False),
    ):
        if number:
            yield Link(title, url, icon, note=cells.trouble(number) if is_bad else cells.number(number))


def kinds_chart() -> Chart | None:
    """The most frequent kinds of problems in the last passes; None when there is none."""
    kinds = queries.problem_kinds()[:KINDS_SHOWN]
    if not kinds:
        return None
    labels = [_(check_words(kind)) for kind, _number in kinds]
    series = Series(title=_("Findings"), values=[number for _kind, number in kinds], tone="fair")
    return Chart(kind="ranks", labels=labels, series=[series], unit=pgettext("counted", "findings"))


def latest_runs(actor: Actor) -> Related:
    """The last jobs, with how they ended."""
    found = queries.with_progress(Job.objects.filter(parent=None)[:6], actor)
    links = (
        Link(
            " ".join([_(line.job.title), *queries.worked_on(line.job)]),
            reverse("run", args=[line.job.id]),
            note=cells.age(line.job.queued_at),
            tone=tone(line.job.state),
        )
        for line in found
    )
    return Related(
        title=_("Latest runs"),
        key="latest-runs",
        refresh=JOBS,
        links=vouched(links, actor, VIEW),
        more=Link(_("All runs"), reverse("runs")),
        empty=_("No run yet"),
    )
