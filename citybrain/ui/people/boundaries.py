"""The page that brings boundaries of areas in from a GeoJSON file, shows on a map what is wrong, and gives them out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from citybrain.kernel.identity.actions_areas import LONGEST_SOURCE, Imported, import_boundaries
from citybrain.kernel.identity.boundaries import Drawn
from citybrain.kernel.identity.models import Area
from citybrain.kernel.identity.permissions import ADMINISTER_AREAS, VIEW_AREAS
from citybrain.kernel.identity.queries_areas import feature_collection
from citybrain.kernel.identity.scope import scoped, vouched
from citybrain.ui.access import requires, requires_form
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import FormPanel, Layer, Map, Notice
from citybrain.ui.panels.panel import Action, Link, Page, Panel
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.people import words
from citybrain.ui.people.asking import REFUSED, actor_of
from citybrain.ui.templatetags.shown import titled

LOAD = "load"


class BoundariesForm(forms.Form):
    """A file, and what it does not say itself."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("GeoJSON; each feature names its area by division code or key in “code”."),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
    )
    source = forms.CharField(
        label=gettext_lazy("Who drew them"),
        max_length=LONGEST_SOURCE,
        help_text=gettext_lazy("Shown beside the boundaries, as their licence may ask."),
    )
    datum = forms.ChoiceField(
        label=gettext_lazy("Datum"),
        choices=(
            ("cgcs2000", gettext_lazy("CGCS2000 or WGS-84")),
            ("gcj02", gettext_lazy("GCJ-02 (Amap, Tencent): convert it")),
        ),
    )
    is_synthetic = forms.BooleanField(
        label=gettext_lazy("They are made up"),
        required=False,
        help_text=gettext_lazy("Every map and every proposal drawn from them says so."),
    )


@requires_form(ADMINISTER_AREAS)
def boundaries(request: HttpRequest) -> HttpResponse:
    """The form; a file is only checked, or its sound boundaries are taken, and the map shows both."""
    actor = actor_of(request)
    form = BoundariesForm(request.POST or None, request.FILES or None)
    done: Imported | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            done = import_boundaries(
                actor,
                given["file"].read(),
                source=given["source"],
                is_synthetic=given["is_synthetic"],
                is_gcj02=given["datum"] == "gcj02",
                only_check=LOAD not in request.POST,
            )
        except ValidationError as error:
            form.add_error("source" if hasattr(error, "error_dict") else "file", " ".join(error.messages))
    panel = FormPanel(
        form=form,
        submit=_("Check"),
        submits=((LOAD, _("Take the sound ones")),),
        cancel=words.url("areas"),
        columns=1,
    )
    seen = scoped(Area.objects.all(), actor, VIEW_AREAS)
    page = Page(
        title=_("Boundaries"),
        lead=_("By its boundary a point is given to its town, village and grid: reports go where they belong."),
        crumbs=(Link(title=_("Areas"), url=words.url("areas")),),
        actions=tuple(
            Action(
                title=_("Download: %s") % label, url=f"{words.url('boundaries-export')}?kind={kind}", icon="download"
            )
            for kind, label in Area.Kind.choices
            if seen.filter(kind=kind, shape__isnull=False).exists()
        ),
        body=(*(result(done, request) if done is not None else ()), panel),
        help=_("Sound boundaries are taken, others are named with the rule they break. What was there before stays."),
    )
    return page.respond(request, status=REFUSED if form.errors or (done and done.faults) else 200)


def result(done: Imported, request: HttpRequest) -> list[Panel]:
    """What was found, as words, on the map and as a list."""
    actor = actor_of(request)
    sound = ngettext("%d boundary is sound", "%d boundaries are sound", len(done.drawn)) % len(done.drawn)
    changed = ngettext("%d area changed", "%d areas changed", done.changed) % done.changed
    refused = len({one.feature for one in done.faults})
    text = _("%(sound)s, %(changed)s, %(refused)d refused.") % {"sound": sound, "changed": changed, "refused": refused}
    panels: list[Panel] = [Notice(text=text, tone="fair" if done.faults else "good")]
    layers = [
        Layer(key=key, title=title, data=shapes(rows), tone=tone)
        for key, title, rows, tone in (
            ("sound", _("Sound"), done.drawn, "good"),
            ("refused", _("Refused"), done.refused, "bad"),
        )
        if rows
    ]
    if layers:
        panels.append(Map(title=_("On the map"), layers=tuple(layers), height="tall"))
    if done.findings:
        columns = (
            Column(title=_("Feature"), value="feature"),
            Column(
                title=_("Kind"),
                value=lambda one: (_("Refused"), "bad") if one.is_fault else (_("Remark"), "quiet"),
                cell=cells.state,
            ),
            Column(title=_("What is wrong"), value="text", cell=cells.long),
            Column(title=_("What to do"), value="remedy", cell=cells.long),
        )
        rows = vouched(done.findings, actor, ADMINISTER_AREAS)
        panels.append(Table(title=_("Findings"), columns=columns, rows=rows))
    return panels


def shapes(rows: Iterable[Drawn]) -> dict[str, Any]:
    """Boundaries of a file for the map."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": one.shape,
                "properties": {
                    "title": titled(one.area),
                    "name": titled(one.area),
                    "url": words.url("area", one.area.key),
                },
            }
            for one in rows
        ],
    }


@requires(VIEW_AREAS)
def export(request: HttpRequest) -> HttpResponse:
    """The boundaries of one kind of areas that the person may see, as GeoJSON."""
    kind = request.GET.get("kind", "")
    rows = scoped(Area.objects.filter(shape__isnull=False), actor_of(request), VIEW_AREAS).order_by("path")
    rows = rows.filter(kind=kind) if kind in Area.Kind.values else rows
    answer = HttpResponse(
        json.dumps(feature_collection(rows), ensure_ascii=False), content_type="application/geo+json; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{kind or "areas"}.geojson"'
    return answer
