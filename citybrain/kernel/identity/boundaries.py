"""Checks a GeoJSON file of boundaries (边界) against the areas it is for: every finding names feature, rule and remedy.

What breaks a rule is a fault and is not taken; what only looks odd is a remark. A file with faults is still taken for
its sound features.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from citybrain.kernel.identity.datum import from_gcj02
from citybrain.kernel.identity.models import Area
from citybrain.kernel.identity.queries_areas import DEPTHS, in_metres, metres_a_degree, polygon

MOST_BYTES = 40 * 2**20
MOST_FEATURES = 20_000
MOST_POSITIONS = 20_000
"""Positions of one boundary: a county to the metre has fewer."""
DIGITS = 6
"""Digits of a degree that are kept: 0.1 m."""
SMALLEST = 100.0
"""Square metres below which nothing is an area."""
TOLERATED = 0.05
"""Share of an area that may lie outside what it lies in, or in its neighbour: lines drawn by two hands never meet."""
SEEN = 0.005
"""Share from which it is remarked."""
GAP = 0.01
"""Share of an area that may lie in none of those inside it."""
FAR = 0.004
"""Share out of place from which a file is tried in GCJ-02."""
CODES = ("key", "code", "adcode", "gb", "id")
"""Properties that may hold an area's key or division code, the first that does counts."""
KNOWN_CRS = ("4490", "4326", "CRS84", "CGCS2000", "WGS84", "WGS 84")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, or looks odd."""

    feature: str
    """Which feature, as a person finds it: its number in the file, code and name; empty for the whole file."""
    rule: str
    """`code`, `shape`, `order`, `datum`, `crossing`, `parent`, `overlap`, `gap` or `missing`."""
    text: str
    remedy: str
    is_fault: bool = True
    """False for a remark: the feature is taken all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A sound boundary."""

    area: Area
    label: str
    shape: dict[str, Any]
    """GeoJSON, degrees."""
    square_metres: float


@dataclass(slots=True)
class Checked:
    """What a file holds."""

    drawn: list[Drawn] = field(default_factory=list)
    refused: list[Drawn] = field(default_factory=list)
    """Boundaries that can be drawn but broke a rule: for the map."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def faults(self) -> list[Finding]:
        """What was refused."""
        return [one for one in self.findings if one.is_fault]


@dataclass(slots=True)
class Candidate:
    """A boundary of the file on its way."""

    area: Area
    label: str
    degrees: shapely.Geometry
    flat: shapely.Geometry
    """In metres."""


class Known:
    """All areas, and the boundaries that are known of them so far, in metres."""

    def __init__(self, areas: Iterable[Area], shapes: dict[int, shapely.Geometry]) -> None:
        self.by_id = {area.pk: area for area in areas}
        self.shapes = shapes
        self.inside: dict[int, list[Area]] = {}
        for area in self.by_id.values():
            self.inside.setdefault(area.parent_id or 0, []).append(area)

    def around(self, area: Area) -> Area | None:
        """The nearest area around one whose boundary is known."""
        above = self.by_id.get(area.parent_id or 0)
        while above is not None and above.pk not in self.shapes:
            above = self.by_id.get(above.parent_id or 0)
        return above

    def beside(self, area: Area) -> Iterator[Area]:
        """Its sisters with a boundary; a zone lies over towns, so it is held against zones alone."""
        for other in self.inside.get(area.parent_id or 0, ()):
            if other.pk != area.pk and other.kind == area.kind and other.pk in self.shapes:
                yield other


def features_in(content: bytes) -> list[Mapping[str, Any]]:
    """The features of a GeoJSON file. Raises ValidationError for what is none, or is in another reference system."""
    if len(content) > MOST_BYTES:
        raise ValidationError(_("The file has more than %d MB: give it in parts, town by town.") % (MOST_BYTES >> 20))
    try:
        file = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValidationError(_("This is no JSON in UTF-8: export it as GeoJSON (RFC 7946).")) from error
    listed = file.get("features") if isinstance(file, dict) and file.get("type") == "FeatureCollection" else None
    if not isinstance(listed, list) or not listed:
        raise ValidationError(_("This is no GeoJSON feature collection with features (RFC 7946): export it as one."))
    if len(listed) > MOST_FEATURES:
        raise ValidationError(_("The file has more than %d features: give it in parts.") % MOST_FEATURES)
    if (crs := file.get("crs")) is not None and not any(one in json.dumps(crs) for one in KNOWN_CRS):
        raise ValidationError(
            _("The file names another reference system: export it in CGCS2000 (EPSG:4490) or WGS-84, in degrees.")
        )
    return [one if isinstance(one, dict) else {} for one in listed]


def check(features: Iterable[Mapping[str, Any]], areas: Mapping[str, Area], *, is_gcj02: bool = False) -> Checked:
    """Sorts the features of a file into sound boundaries and findings, the larger areas first.

    `areas` are all areas by key, with `parent_id`, `shape`; of those that are in no feature the stored boundary counts.
    """
    checked = Checked()
    read = list(_read(features, areas, checked, is_gcj02))
    if not read:
        return checked
    scale = metres_a_degree(float(np.mean([shapely.bounds(one.degrees)[[1, 3]].mean() for one in read])))
    for one in read:
        one.flat = in_metres(one.degrees, scale)
    of_file = {one.area.pk for one in read}
    kept = [area for area in areas.values() if area.shape and area.pk not in of_file]
    known = Known(areas.values(), {area.pk: in_metres(polygon(area.shape), scale) for area in kept})
    read.sort(key=lambda one: -DEPTHS[Area.Kind(one.area.kind)])
    if not is_gcj02 and _fits_better_shifted(read, known, scale):
        checked.findings.append(
            Finding(
                feature="",
                rule="datum",
                text=_("The shapes lie about half a kilometre from where they fit: they look like GCJ-02."),
                remedy=_("Choose GCJ-02 as the datum, or export them in CGCS2000."),
            )
        )
        checked.refused += [_drawn(one) for one in read]
        return checked
    for one in read:
        found = list(_against_others(one, known))
        checked.findings += found
        if any(finding.is_fault for finding in found):
            checked.refused.append(_drawn(one))
            if one.area.shape:
                # What was there before stays, and those after it are held against that.
                known.shapes[one.area.pk] = in_metres(polygon(one.area.shape), scale)
        else:
            known.shapes[one.area.pk] = one.flat
            checked.drawn.append(_drawn(one))
    checked.findings += _gaps({one.area.parent_id or 0 for one in read} | of_file, known)
    return checked


def _read(
    features: Iterable[Mapping[str, Any]], areas: Mapping[str, Area], checked: Checked, is_gcj02: bool
) -> Iterator[Candidate]:
    """Features that name an area and can be drawn; the others are findings."""
    outline = _outline(areas)
    seen: dict[str, str] = {}
    for number, feature in enumerate(features, start=1):
        facts = feature.get("properties")
        facts = facts if isinstance(facts, dict) else {}
        named = [facts.get(name) for name in CODES if facts.get(name)] + [feature.get("id")]
        code = str(next((one for one in named if isinstance(one, str | int)), ""))[:32]
        label = _("feature %(number)d (%(name)s)") % {
            "number": number,
            "name": " ".join(filter(None, (code, str(facts.get("name") or "")[:40]))) or "–",
        }
        area = next((areas[key] for key in (code, f"{code}000", f"{code}000000") if key in areas), None)
        try:
            if area is None:
                raise Fault(
                    "code",
                    _("No area has the code “%s”.") % code if code else _("It names no area."),
                    _("Write the area's code of 6, 9 or 12 digits, or its key, into the property “code”."),
                )
            if area.key in seen:
                raise Fault(
                    "code", _("It is the same area as %s.") % seen[area.key], _("Join both into one multipolygon.")
                )
            degrees = _geometry(feature.get("geometry"), outline, is_gcj02)
        except Fault as fault:
            rule, text, remedy = fault.args
            checked.findings.append(Finding(feature=label, rule=rule, text=text, remedy=remedy))
            continue
        seen[area.key] = label
        yield Candidate(area=area, label=label, degrees=degrees, flat=degrees)


class Fault(Exception):
    """Rule, what is wrong, what to do."""


def _geometry(given: Any, outline: shapely.Geometry | None, is_gcj02: bool) -> shapely.Geometry:
    """A polygon or multipolygon of degrees. Raises Fault."""
    redraw = _("Draw it as a closed polygon in degrees, longitude first.")
    kind = given.get("type") if isinstance(given, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise Fault("shape", _("It is no polygon: “%s”.") % str(kind)[:40], redraw)
    rings = _rings(given.get("coordinates"), 1 if kind == "Polygon" else 2)
    if rings is None:
        raise Fault("shape", _("Its coordinates are not rings of four positions or more."), redraw)
    if sum(len(ring) for polygon_ in rings for ring in polygon_) > MOST_POSITIONS:
        raise Fault("shape", _("It has more than %d points.") % MOST_POSITIONS, _("Simplify it to a metre or so."))
    flat = np.array([place for polygon_ in rings for ring in polygon_ for place in ring])
    if (np.abs(flat) > [180, 90]).any():
        is_swapped = (np.abs(flat[:, ::-1]) <= [180, 90]).all()
        raise (
            _swapped()
            if is_swapped
            else Fault(
                "shape",
                _("Its coordinates are no degrees: they look like metres of a projection."),
                _("Export it in CGCS2000 (EPSG:4490), in degrees."),
            )
        )
    drawn = shapely.MultiPolygon([(polygon_[0], polygon_[1:]) for polygon_ in rings])
    if outline is not None and not shapely.intersects(shapely.box(*outline.bounds), shapely.box(*drawn.bounds)):
        west, south, east, north = drawn.bounds
        if shapely.intersects(shapely.box(*outline.bounds), shapely.box(south, west, north, east)):
            raise _swapped()
        raise Fault(
            "parent",
            _("It lies outside the county, near %(x).3f, %(y).3f.")
            % {"x": (west + east) / 2, "y": (south + north) / 2},
            _("Give the boundaries of this county."),
        )
    if is_gcj02:
        drawn = shapely.transform(drawn, lambda places: np.array([from_gcj02((x, y)) for x, y in places]))
    drawn = shapely.transform(drawn, lambda places: np.round(places, DIGITS))
    if not drawn.is_valid:
        raise Fault("crossing", _crossing(drawn), _("Mend the lines there, in QGIS by “Fix geometries”."))
    return drawn.geoms[0] if len(drawn.geoms) == 1 else drawn


def _swapped() -> Fault:
    return Fault("order", _("Its positions have the latitude first."), _("Write longitude, then latitude."))


def _crossing(drawn: shapely.Geometry) -> str:
    """Why a shape is not sound, and where."""
    reason, _at, place = shapely.is_valid_reason(drawn).partition("[")
    where = ", ".join(f"{float(one):.5f}" for one in place.rstrip("]").split()[:2])
    if "Self-intersection" in reason:
        return _("Its lines cross or touch each other at %s.") % where
    return _("It is not sound at %(place)s: %(reason)s.") % {"place": where, "reason": reason.strip()}


def _rings(coordinates: Any, depth: int) -> list[list[list[tuple[float, float]]]] | None:
    """Polygons of rings of positions; None for what is none."""

    def position(one: Any) -> tuple[float, float]:
        x, y = one[:2]
        if isinstance(x, bool) or isinstance(y, bool) or not (math.isfinite(x) and math.isfinite(y)):
            raise ValueError
        return float(x), float(y)

    try:
        polygons = [coordinates] if depth == 1 else list(coordinates)
        read = [[[position(one) for one in ring] for ring in rings] for rings in polygons]
    except (TypeError, ValueError, KeyError, OverflowError):
        return None
    is_whole = read and all(rings and all(len(ring) >= 4 and ring[0] == ring[-1] for ring in rings) for rings in read)
    return read if is_whole else None


def _outline(areas: Mapping[str, Area]) -> shapely.Geometry | None:
    """The county's own boundary, where it is known."""
    return next((polygon(area.shape) for area in areas.values() if area.kind == Area.Kind.COUNTY and area.shape), None)


def _against_others(one: Candidate, known: Known) -> Iterator[Finding]:
    """What is wrong between an area, the one around it and its neighbours."""
    size = shapely.area(one.flat)
    if size < SMALLEST:
        yield Finding(
            feature=one.label,
            rule="shape",
            text=_("It has %.1f m² only.") % size,
            remedy=_("Draw it as a closed polygon in degrees, longitude first."),
        )
        return
    around = known.around(one.area)
    if around is not None:
        share = shapely.area(shapely.difference(one.flat, known.shapes[around.pk])) / size
        if share > SEEN:
            yield Finding(
                feature=one.label,
                rule="parent",
                text=_("%(share).1f %% of it lies outside %(around)s.") % {"share": share * 100, "around": around},
                remedy=_("Correct its boundary, or load that of %s first.") % around,
                is_fault=share > TOLERATED,
            )
    for other in known.beside(one.area):
        its = known.shapes[other.pk]
        if not shapely.intersects(one.flat, its):
            continue
        common = shapely.area(shapely.intersection(one.flat, its))
        share = common / min(size, shapely.area(its) or size)
        if share > SEEN:
            words = {"area": common / 10_000, "other": other, "share": share * 100}
            yield Finding(
                feature=one.label,
                rule="overlap",
                text=_("%(area).1f ha of it lie in %(other)s too, %(share).1f %% of the smaller one.") % words,
                remedy=_("Move the border between the two: a place has one area."),
                is_fault=share > TOLERATED,
            )


def _gaps(parents: Iterable[int], known: Known) -> Iterator[Finding]:
    """Areas that those inside them do not fill, and areas of which some have no boundary yet."""
    for pk in sorted(pk for pk in parents if pk in known.shapes):
        around = known.by_id[pk]
        inside = [area for area in known.inside.get(pk, ()) if area.kind != Area.Kind.ZONE]
        drawn = [known.shapes[area.pk] for area in inside if area.pk in known.shapes]
        if not drawn:
            continue
        if len(drawn) < len(inside):
            words = {"known": len(drawn), "all": len(inside), "around": around}
            yield Finding(
                feature=str(around),
                rule="missing",
                text=_("%(known)d of %(all)d areas inside %(around)s have a boundary.") % words,
                remedy=_("Points elsewhere in it are given to it as a whole, until the others are loaded."),
                is_fault=False,
            )
            continue
        whole = known.shapes[pk]
        left = shapely.difference(whole, shapely.union_all(drawn))
        if (share := shapely.area(left) / shapely.area(whole)) > GAP:
            words = {"around": around, "area": shapely.area(left) / 10_000, "share": share * 100}
            yield Finding(
                feature=str(around),
                rule="gap",
                text=_("%(area).0f ha of %(around)s (%(share).1f %%) lie in none of the areas inside it.") % words,
                remedy=_("Close the gaps between its areas; until then points there are given to it as a whole."),
                is_fault=False,
            )


def _fits_better_shifted(read: list[Candidate], known: Known, scale: tuple[float, float]) -> bool:
    """Whether the file, taken as GCJ-02, lies far better in what is known around and beside its areas."""

    def misfit(shape_of: Callable[[Candidate], shapely.Geometry]) -> float:
        """Share of the shapes outside what is around them, or in their neighbours."""
        out = whole = 0.0
        for one in read:
            shape = shape_of(one)
            around = known.around(one.area)
            beside = [known.shapes[other.pk] for other in known.beside(one.area)]
            whole += shapely.area(shape)
            out += shapely.area(shapely.difference(shape, known.shapes[around.pk])) if around is not None else 0.0
            out += sum(shapely.area(shapely.intersection(shape, other)) for other in beside)
        return out / whole if whole else 0.0

    before = misfit(lambda one: one.flat)
    if before < FAR:
        return False
    back = {
        id(one): in_metres(
            shapely.transform(one.degrees, lambda places: np.array([from_gcj02((x, y)) for x, y in places])), scale
        )
        for one in read
    }
    return misfit(lambda one: back[id(one)]) * 3 < before


def _drawn(one: Candidate) -> Drawn:
    shape = json.loads(shapely.to_geojson(one.degrees))
    return Drawn(area=one.area, label=one.label, shape=shape, square_metres=float(shapely.area(one.flat)))
