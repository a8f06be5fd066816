"""Made-up values for the gallery: every panel in every state. Nothing here is anybody's; titles say “sample”."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Vouched, vouched
from citybrain.ui.charts import Chart, Series
from citybrain.ui.panels import cells
from citybrain.ui.panels.offers import Offer
from citybrain.ui.panels.panel import Tag
from citybrain.ui.panels.tables import Column

NOW = datetime.datetime(2026, 11, 21, 1, 40, tzinfo=datetime.UTC)
TEXT = "## Demo\n\n**DEMO** [DEMO](https://example.com/).\n\n- DEMO 1\n- DEMO 2\n\n| A | B |\n|---|---|\n| 1 | 2 |\n"
MONTHS = tuple(f"2026-{month:02d}" for month in range(1, 12))

TITLES = (
    gettext_lazy("Sample: standing water on a road, carts must go round"),
    gettext_lazy("Sample: gas alarm of the second stage in a workshop"),
    gettext_lazy("Sample: reservoir 0.18 m above its flood limit"),
    gettext_lazy("Sample: lorries stand still on the main road"),
    gettext_lazy("Sample: trees below a power line need cutting"),
    gettext_lazy("Sample: noise of works at night, several neighbours call"),
)
OFFERS = (
    Offer(title="Demo 1", under="DEMO", side="92 %", values=(("kind", "1"),), is_chosen=True),
    Offer(title="Demo 2", side="5 %", values=(("kind", "2"),), url="/gallery/"),
    Offer(title="Demo 3", tag=Tag(title="DEMO", tone="demo")),
)
TOWNS = (gettext_lazy("Sample town A"), gettext_lazy("Sample town B"), gettext_lazy("Sample town C"))


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One made-up row."""

    number: int
    title: Any
    town: Any
    urgency: str
    state: str
    left: float
    """Share of the time that is left, 0 to 1; None when nothing runs."""

    @property
    def code(self) -> str:
        """Its number as it is shown."""
        return f"DEMO{self.number:06d}"

    @property
    def score(self) -> float:
        """A score from 0 to 100."""
        return round(60 + self.left * 40, 1)


def rows(actor: Actor, permission: Any, count: int = 12) -> Vouched[Sample]:
    """Made-up rows, vouched for."""
    made = (
        Sample(
            number=417 - place,
            title=TITLES[place % len(TITLES)],
            town=TOWNS[place % len(TOWNS)],
            urgency=("fair", "bad", "quiet")[place % 3],
            state=("data", "fair", "good", "bad")[place % 4],
            left=(place * 37 % 100) / 100,
        )
        for place in range(count)
    )
    return vouched(made, actor, permission)


URGENCY = {"bad": gettext_lazy("urgent"), "fair": gettext_lazy("soon"), "quiet": gettext_lazy("ordinary")}
STATES = {
    "data": gettext_lazy("in work"),
    "fair": gettext_lazy("waiting"),
    "good": gettext_lazy("done"),
    "bad": gettext_lazy("overdue"),
}


def columns() -> tuple[Column, ...]:
    """Columns of the made-up rows, of every kind of cell."""
    return (
        Column(title=_("Number"), value="code", cell=cells.mono, link=lambda row: "/gallery/", sort="number"),
        Column(title=_("Matter"), value="title", sort="title", wraps=True),
        Column(title=_("Town"), value="town", weight=2),
        Column(title=_("Urgency"), value=lambda row: (URGENCY[row.urgency], row.urgency), cell=cells.tagged),
        Column(title=_("State"), value=lambda row: (STATES[row.state], row.state), cell=cells.state),
        Column(title=_("Score"), value="score", cell=cells.score, align="right", weight=3),
        Column(title=_("Time left"), value="left", cell=cells.share, weight=4),
    )


class SampleForm(forms.Form):
    """A form with every kind of field."""

    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=60, help_text=gettext_lazy("At most 60 characters.")
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", "—"), ("a", gettext_lazy("Sample kind A")), ("b", gettext_lazy("Sample kind B"))],
    )
    town = forms.ChoiceField(
        label=gettext_lazy("Town"),
        choices=[("", "—"), *((str(number), f"Demo {number:02d}") for number in range(1, 41))],
        help_text=gettext_lazy("A long list: type to find."),
    )
    day = forms.DateField(label=gettext_lazy("Day"), required=False)
    at = forms.DateTimeField(label=gettext_lazy("Moment"), required=False)
    count = forms.IntegerField(label=gettext_lazy("Count"), required=False, min_value=0)
    is_public = forms.BooleanField(label=gettext_lazy("Shown to the public"), required=False)
    tags = forms.MultipleChoiceField(
        label=gettext_lazy("Marks"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("1", gettext_lazy("Sample mark 1")),
            ("2", gettext_lazy("Sample mark 2")),
            ("3", gettext_lazy("Sample mark 3")),
        ],
    )
    text = forms.CharField(label=gettext_lazy("Description"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    picture = forms.FileField(label=gettext_lazy("Picture"), required=False)


def charts() -> tuple[tuple[str, Chart], ...]:
    """One chart of every kind, with its title."""
    wave = [round(820 + 310 * ((place * 7) % 11) / 11, 1) for place in range(11)]
    other: list[float | None] = [None if place == 4 else round(value * 0.62, 1) for place, value in enumerate(wave)]
    return (
        (
            _("Sample line"),
            Chart(
                kind="line",
                labels=MONTHS,
                unit=_("pieces"),
                series=[Series(title=_("Received"), values=wave), Series(title=_("Done"), values=other, tone="good")],
            ),
        ),
        (
            _("Sample bars"),
            Chart(
                kind="bars",
                labels=MONTHS,
                unit=_("pieces"),
                series=[Series(title=_("Received"), values=[value * 130 for value in wave])],
            ),
        ),
        (
            _("Sample ranks"),
            Chart(
                kind="ranks",
                labels=[f"Demo {place:02d}" for place in range(1, 9)],
                unit=_("pieces"),
                series=[Series(title=_("Received"), values=sorted(wave[:8], reverse=True))],
            ),
        ),
        (
            _("Sample ring"),
            Chart(
                kind="ring",
                labels=[_("done"), _("in work"), _("overdue")],
                unit=_("pieces"),
                series=[Series(title=_("State"), values=[1039, 240, 7])],
                tones=("good", "data", "bad"),
            ),
        ),
        (
            _("Sample stacks"),
            Chart(
                kind="stacked",
                labels=MONTHS,
                unit=_("pieces"),
                series=[
                    Series(title=_("done"), values=wave, tone="good"),
                    Series(title=_("in work"), values=[120.0] * 11),
                    Series(title=_("overdue"), values=[35.0] * 11, tone="bad"),
                ],
            ),
        ),
    )


def points(count: int = 60) -> dict[str, Any]:
    """Made-up points around the county's middle, as GeoJSON in degrees."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"title": f"Demo {place:02d}", "text": "DEMO", "url": "/gallery/"},
                "geometry": {
                    "type": "Point",
                    "coordinates": [120.02 + ((place * 37) % 50 - 25) / 180, 28.92 + ((place * 61) % 50 - 25) / 220],
                },
            }
            for place in range(count)
        ],
    }
