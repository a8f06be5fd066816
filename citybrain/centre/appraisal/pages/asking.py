"""What every page of the appraisal asks: which period, which area, which body, what kind."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.centre.appraisal.measures import EXCLUSIONS
from citybrain.centre.appraisal.models import CaseFact
from citybrain.centre.appraisal.periods import PRESETS, Asked, asked
from citybrain.centre.appraisal.queries import as_of, excluded, facts
from citybrain.centre.appraisal.wording import named
from citybrain.centre.events.models import Channel
from citybrain.centre.events.pages.parts import Names
from citybrain.declare.event import Kind
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area
from citybrain.ui.panels.tables import Choice, Filters

IDS = ("town", "body", "area")
NARROWED = (*IDS, "kind", "channel", "type")
"""Parameters that narrow the facts, beside the period."""


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A request of the appraisal: the facts it is about, and how to ask again."""

    actor: Actor
    when: Asked
    rows: QuerySet[CaseFact]
    """Facts in the person's sight, narrowed."""
    narrowed: dict[str, str]

    def query(self, **more: str) -> str:
        """The question part of an address that keeps the period and what was narrowed."""
        return urlencode({**self.when.query, **self.narrowed, **more})

    @property
    def source(self) -> str:
        """Where the numbers come from, and how old they are."""
        latest = as_of()
        told = f"{localtime(latest):%Y-%m-%d %H:%M}" if latest else "—"
        return _("From the journals of events; the latest step counted is of %s.") % told

    def left_out(self) -> str:
        """How many events are not counted, and why; empty when all are."""
        found = excluded(self.rows, self.when.period)
        return " · ".join(f"{EXCLUSIONS[key]} {count}" for key, count in sorted(found.items()))


def asking(request: HttpRequest) -> Asking:
    """What the address asks; parameters without sense narrow nothing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = facts(actor)
    narrowed = {name: request.GET[name] for name in NARROWED if request.GET.get(name)}
    for name in IDS:
        if not narrowed.get(name, "1").isdecimal() or len(narrowed.get(name, "1")) > 9:
            del narrowed[name]
    for name, value in narrowed.items():
        rows = rows.filter(**{f"{name}_id" if name in IDS else name: value})
    return Asking(actor=actor, when=asked(request.GET), rows=rows, narrowed=narrowed)


def filters(found: Asking) -> Filters:
    """The bar of filters."""
    names = Names()
    towns = Area.objects.filter(kind__in=(Area.Kind.TOWN, Area.Kind.ZONE)).values_list("pk", flat=True)
    bodies = facts(found.actor).order_by().values_list("body", flat=True).distinct()
    return Filters(
        choices=(
            Choice("period", _("Period"), tuple((key, _(str(title))) for key, title in PRESETS)),
            Choice("town", pgettext("place of an event", "Town"), tuple((str(pk), names.town(pk)) for pk in towns)),
            Choice("body", _("Body"), tuple(sorted((str(pk), names.body(pk)) for pk in bodies))),
            Choice("kind", _("Kind"), tuple((kind.value, _(kind.label)) for kind in Kind)),
            Choice("channel", _("Channel"), tuple(Channel.choices), is_more=True),
            *(
                Choice(
                    name, title, ((found.narrowed[name], named(name, asked_for(found.narrowed[name]))),), is_more=True
                )
                for name, title in (("area", _("Area")), ("type", _("Class")))
                if name in found.narrowed
            ),
            Choice("since", _("From"), kind="day", is_more=True),
            Choice("until", _("Until"), kind="day", is_more=True),
        ),
        asked={**found.when.query, **found.narrowed},
    )


def asked_for(value: str) -> int | str:
    """An id as a number, a key as it is."""
    return int(value) if value.isdecimal() else value
