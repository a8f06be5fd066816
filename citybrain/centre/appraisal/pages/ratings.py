"""What reporters said (回访评价): stars, solved or not, what was reopened, and their words without names."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from citybrain.centre.appraisal.pages.asking import asking, filters
from citybrain.centre.appraisal.pages.overview import appraisal_page
from citybrain.centre.appraisal.wording import named
from citybrain.centre.events.models import Rating
from citybrain.centre.events.pages import parts
from citybrain.centre.events.permissions import APPRAISAL
from citybrain.kernel.identity.scope import scoped
from citybrain.ui.access import requires
from citybrain.ui.charts import Chart, Series
from citybrain.ui.paging import Paging, page_number
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import ChartPanel, Stat, Stats
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.templatetags import shown

ROWS = 20
STARS = range(1, 6)


@requires(APPRAISAL)
def ratings(request: HttpRequest) -> HttpResponse:
    """The ratings of a period."""
    found = asking(request)
    told = scoped(
        Rating.objects.filter(found.when.period.within("at"), event__in=found.rows.values("event")),
        found.actor,
        APPRAISAL,
    )
    stars = dict(told.order_by().values_list("stars").annotate(n=Count("pk")))
    many = sum(stars.values())
    unsolved, reopened = told.filter(is_solved=False).count(), told.filter(reopened=True).count()
    place = Paging(page_number(request.GET.get("page")), many, ROWS)
    rows = told.select_related("event").order_by("-at", "-pk")
    mean = sum(star * count for star, count in stars.items()) / many if many else None
    return appraisal_page(
        _("Ratings by reporters"),
        note=f"{found.when.first:%Y-%m-%d} – {found.when.last:%Y-%m-%d}",
        body=(
            filters(found),
            Stats(
                stats=(
                    Stat(_("Ratings"), many),
                    Stat(_("Mean stars"), mean, lambda value: shown.number(value, 1)),
                    Stat(_("Not solved"), unsolved, cells.trouble),
                    Stat(_("Reopened at once"), reopened),
                ),
                note=found.source,
            ),
            ChartPanel(
                title=_("Stars"),
                chart=Chart(
                    kind="bars",
                    labels=[str(star) for star in STARS],
                    series=[Series(title=_("Ratings"), values=[stars.get(star, 0) for star in STARS])],
                )
                if many
                else None,
                empty=_("Nobody rated in this period."),
                height="low",
            ),
            Table(
                title=_("What they said"),
                rows=rows[place.offset : place.offset + place.size],
                paging=place,
                columns=(
                    Column(_("Number"), "event.number", cells.number_text, link=lambda one: parts.url_of(one.event)),
                    Column(_("Stars"), "stars", cells.number),
                    Column(_("Solved"), "is_solved", cells.yes_no),
                    Column(_("What they wrote"), "text", wraps=True),
                    Column(_("Body"), lambda one: named("body", one.event.organisation_id), weight=3),
                    Column(_("Reopened at once"), "reopened", cells.yes_no, weight=4),
                    Column(_("When"), "at", shown.moment, weight=3),
                ),
                empty=_("Nobody rated in this period."),
            ),
        ),
        help=_("Reporters rate once a closing; “not solved” reopens the event once, without argument."),
    ).respond(request)
