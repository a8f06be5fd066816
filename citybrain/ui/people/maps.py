"""Areas on a map: outlines where they are known, seats where only they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from citybrain.kernel.identity.models import Area
from citybrain.ui.panels.kinds import Layer
from citybrain.ui.people.words import url
from citybrain.ui.templatetags.shown import titled


def features(areas: Iterable[Area], kind: str) -> dict[str, Any]:
    """A GeoJSON feature collection of the areas' shapes (`shape`) or seats (`seat`), as far as they are known."""
    found = []
    for area in areas:
        geometry = area.shape if kind == "shape" else {"type": "Point", "coordinates": area.seat}
        if area.shape if kind == "shape" else area.seat:
            facts = {"title": titled(area), "name": titled(area), "url": url("area", area.key)}
            found.append({"type": "Feature", "geometry": geometry, "properties": facts})
    return {"type": "FeatureCollection", "features": found}


def layers_of(area: Area, inside: Iterable[Area] = ()) -> tuple[Layer, ...]:
    """The layers that show an area and, where given, the areas directly inside it; none when nothing is known."""
    listed = list(inside)
    drawn = []
    for key, title, rows in (("area", titled(area), [area]), ("inside", _("Inside it"), listed)):
        shapes = features(rows, "shape")
        seats = features([row for row in rows if not row.shape], "seat")
        both = {"type": "FeatureCollection", "features": shapes["features"] + seats["features"]}
        if both["features"]:
            synthetic = any(row.is_synthetic or (row.shape and row.is_shape_synthetic) for row in rows)
            drawn.append(Layer(key=key, title=title, data=both, is_synthetic=synthetic))
    return tuple(drawn)
