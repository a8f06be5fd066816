"""How far channels can be trusted (渠道有效率): what share of what each tells turns out to be a matter."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.centre.appraisal.pages.asking import asking, filters
from citybrain.centre.appraisal.pages.overview import appraisal_page
from citybrain.centre.appraisal.wording import named
from citybrain.centre.events.models import Event, Signal
from citybrain.centre.events.permissions import APPRAISAL
from citybrain.kernel.identity.scope import vouched
from citybrain.ui.access import requires
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Notice
from citybrain.ui.panels.tables import Column, Table

REPEATED = 30
"""Fingerprints (rule and subject) listed, those with most signals first."""


@requires(APPRAISAL)
def trust(request: HttpRequest) -> HttpResponse:
    """Precision of channels and of rules in a period: confirmed over decided."""
    found = asking(request)
    inside = found.rows.filter(found.when.period.within("opened_at")).exclude(excluded="exercise")
    decided = Q(decided_at__isnull=False)
    false = Q(accepted_at=None) | Q(result=Event.Result.NOT_FOUND)
    channels = (
        inside.order_by()
        .values("channel")
        .annotate(many=Count("pk"), decided=Count("pk", filter=decided), false=Count("pk", filter=decided & false))
    )
    signals = Signal.objects.filter(event__in=inside.values("event")).exclude(fingerprint="")
    rules = (
        signals.order_by()
        .values("fingerprint")
        .annotate(
            many=Count("pk"),
            events=Count("event", distinct=True),
            decided=Count("event", filter=Q(event__fact__decided_at__isnull=False), distinct=True),
            false=Count(
                "event",
                filter=Q(event__fact__decided_at__isnull=False)
                & (Q(event__fact__accepted_at=None) | Q(event__result=Event.Result.NOT_FOUND)),
                distinct=True,
            ),
        )
        .order_by("-many")[:REPEATED]
    )
    return appraisal_page(
        _("Precision of channels and rules"),
        note=f"{found.when.first:%Y-%m-%d} – {found.when.last:%Y-%m-%d}",
        body=(
            filters(found),
            Notice(
                text=_(
                    "Precision is the share of decided events that were accepted and found on site. "
                    "It speaks of channels and rules, never of persons."
                ),
                tone="quiet",
            ),
            Table(
                title=_("Channels"),
                rows=vouched(list(channels), found.actor, APPRAISAL),
                columns=(
                    Column(_("Channel"), lambda row: named("channel", row["channel"])),
                    Column(_("Told"), lambda row: row["many"], cells.number),
                    Column(pgettext("appraisal", "Decided"), lambda row: row["decided"], cells.number),
                    Column(_("False"), lambda row: row["false"], cells.number),
                    Column(_("Precision"), precision, cells.share),
                ),
                empty=_("Nothing was told in this period."),
            ),
            Table(
                title=_("Rules"),
                note=_("by fingerprint: rule and subject"),
                rows=vouched(list(rules), found.actor, APPRAISAL),
                columns=(
                    Column(_("Rule"), lambda row: row["fingerprint"], cells.mono),
                    Column(_("Signals"), lambda row: row["many"], cells.number),
                    Column(_("Events"), lambda row: row["events"], cells.number),
                    Column(_("False"), lambda row: row["false"], cells.number),
                    Column(_("Precision"), precision, cells.share),
                ),
                empty=_("No rule or check told anything in this period."),
            ),
        ),
        help=_("A rule that is often wrong should be changed: its owner sees it here."),
    ).respond(request)


def precision(row: dict[str, int]) -> float | None:
    """Confirmed over decided; None while nothing was decided."""
    return (row["decided"] - row["false"]) / row["decided"] if row["decided"] else None
