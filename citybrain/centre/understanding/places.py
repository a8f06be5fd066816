"""Where a text tells of something: areas, roads, crossings, houses, numbers of assets; candidates with reasons.

A village is believed more when its town is named beside it, less when another is; a road by where events at it were.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from citybrain.centre.understanding.gazetteer import Gazetteer, Name, gazetteer
from citybrain.centre.understanding.nearness import metres, nearest
from citybrain.centre.understanding.spoken import PLACE
from citybrain.kernel.identity.queries_areas import NEAR, AreaAt, area_at
from citybrain.kernel.records.fields import Place
from citybrain.kernel.records.shape import Shape, record_types

MOST = 3
LEAST = 0.2
"""Score below which a place is no candidate."""
SURE = 0.7
"""Score from which a place that words name is taken as where it is."""
_STREET = re.compile(
    r"[东西南北中]?(?:大道|大街|路(?![灯面口边上段中基人牌障旁])|街(?!道)|巷|弄(?!堂))"
    r"|景区|山庄|公司|集团"
)
"""What makes a name in front of it the name of something else: 古山中路 is no village."""
ROAD = re.compile(
    r"(?:(?<=[在到从往的是，。,：:（(于处]) ?|^|(?<=[镇道区市村]))"
    r"([一-鿿]{2,6}?(?:大道|大街|路|街|巷|弄))(?=[0-9一二三四五六七八九十东西南北中与和跟口、，。, 的上边旁附门]|$)"
)
_ONE = r"([一-鿿]{1,6}?(?:大道|大街|路|街))"
_CROSSING = re.compile(rf"{_ONE}(?:与|和|跟|、){_ONE}(?:的)?(?:那个)?(?:十字)?(?:交叉口|交叉路口|路口|交界|口)")
DETAIL = re.compile(
    r"(?:(?:大道|大街|路|街|巷|弄)?[0-9]{1,4}(?:号|幢|栋|号楼|单元|弄|室|米|公里)(?:之[0-9]+)?)+|[东西南北]?(?:交叉路口|交叉口|路口|村口|桥头|"
    r"路段|转弯处|门口|门前|大门|楼下|对面|旁边|附近|后面|前面|边上|旁|边)|(?:村委会|居委会|文化礼堂|老年活动中心|活动中心|小学|中学|"
    r"幼儿园|菜市场|农贸市场|篮球场|广场|公园|卫生院|卫生室|医院|公交站|车站|加油站|祠堂|大樟树|停车场|小区|花园|超市|银行|桥)"
)
_NUMBER = re.compile(r"(?<![0-9A-Za-z])([A-Z]{1,6}-?\d{4}-?\d{4,8}|\d{16}|[A-Z]{1,4}\d{6,12})(?![0-9A-Za-z])")
_SUFFIX = re.compile(r"社区|村(?![口委])")
_AROUND = re.compile(r"^.*(?:街道|[镇区市村])(?=..)")
_WITHIN = re.compile(r"村|镇|社区|小区|[这那条]|马路")
_JUNK = re.compile(r"^(?:市民|来电|反映|投诉|位于|住在|位置|地点|地址|途经|这边|附近|我家|就|说|称)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCandidate:
    """A place the text may mean."""

    area_id: int | None
    """Primary key of the smallest area it surely lies in."""
    area_name: str
    address: str
    """In one spelling, the largest area first: `古山镇胡库下村村口`."""
    point: Mapping[str, Any] | None = None
    """GeoJSON point, degrees, CGCS2000; None when only the area is known."""
    accuracy: float | None = None
    """Metres the point may be off."""
    asset_kind: str = ""
    asset_number: str = ""
    score: float = 0.0
    """0 to 1."""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Named:
    """A name found in a text."""

    start: int
    end: int
    name: Name


def places_in(text: str, point: Mapping[str, Any] | None = None) -> tuple[PlaceCandidate, ...]:
    """Candidates, the best first; `point` is where the phone was, and speaks for areas around it."""
    known = gazetteer()
    found = [
        _Named(start, start + len(words), name)
        for start, words, names in known.found(text)
        for name in names
        if name.kind not in ("village", "grid") or not _STREET.match(text, start + len(words))
    ]
    here = _position(point)
    lies = area_at(*here) if here is not None else None
    candidates = [*_assets(text, known), *(_candidate(one, found, known, text, here, lies) for one in found)]
    candidates = [one for one in candidates if one.score >= LEAST]
    candidates += _by_point(here, lies, known, found)
    best: dict[tuple[int | None, str], PlaceCandidate] = {}
    for one in sorted(candidates, key=lambda one: -one.score):
        best.setdefault((one.area_id, one.asset_number), one)
    return tuple(list(best.values())[:MOST])


def without_places(text: str) -> str:
    """The text with every place it names crossed out."""
    spans = [(start, start + len(words)) for start, words, names in gazetteer().found(text) if _is_sure(names)]
    spans += [found.span(1) for found in ROAD.finditer(text)]
    spans += [found.span() for found in _CROSSING.finditer(text)]
    out, last = [], 0
    for start, end in sorted(spans):
        if start < last:
            last = max(last, end)
            continue
        out += [text[last:start], PLACE]
        last = end
    shortened = "".join([*out, text[last:]])
    return re.sub(rf"{PLACE}(?:[0-9]{{1,4}}(?:号|幢|栋)?|{PLACE}|附近|门口|对面|路口|交叉口)+", PLACE, shortened)


def roads_in(text: str) -> list[str]:
    """Roads a text names, as far as their words show it."""
    found = [road for pair in _CROSSING.findall(text) for road in pair]
    found += ROAD.findall(text)
    plain = (_JUNK.sub("", _AROUND.sub("", road)) for road in found)
    return list(dict.fromkeys(road for road in plain if 3 <= len(road) <= 7 and not _WITHIN.search(road)))


def _is_sure(names: list[Name]) -> bool:
    """Whether words mean a place and nothing else: short bare names of villages are words like any other."""
    return max(name.form for name in names) >= 0.6


def _candidate(
    one: _Named,
    found: list[_Named],
    known: Gazetteer,
    text: str,
    here: tuple[float, float] | None,
    lies: AreaAt | None,
) -> PlaceCandidate:
    name = one.name
    score, reasons = name.form * 0.6, [_("the text names %s") % text[one.start : one.end]]
    towns = {other.name.area_id for other in found if other.name.kind in ("town", "zone") and other.name.form >= 0.7}
    same_words = len({other.name.area_id for other in found if (other.start, other.end) == (one.start, one.end)})
    if name.kind in ("village", "grid", "road", "thing"):
        around_it = {name.area_id, name.parent_id}
        if towns & around_it:
            score += 0.3
            reasons.append(_("and its town beside it"))
        elif towns and not any(_is_town(known, town, around_it) for town in towns):
            score -= 0.35
        elif name.form < 0.5:
            score = 0.0
        elif same_words == 1:
            score += 0.15
            reasons.append(_("only one place is called so"))
        else:
            score -= 0.1 * (same_words - 1)
            reasons.append(_("%d places are called so") % same_words)
    if name.kind == "road" and name.count > 1:
        total = sum(o.name.count for o in found if (o.start, o.end) == (one.start, one.end)) or 1
        score *= 0.5 + 0.5 * name.count / total
        reasons.append(_("where %d events at it were") % name.count)
    if name.kind in ("town", "zone"):
        score = min(score, 0.45)
    if name.kind == "county":
        score = 0.05
    if lies is not None and name.kind in ("town", "zone", "village", "grid") and known.is_drawn(name.area_id):
        if name.area_id in lies.way:
            score += 0.2
            reasons.append(_("the position lies in it"))
        elif lies.is_sure:
            score -= 0.2
            reasons.append(_("but the position lies elsewhere"))
    elif here is not None and name.point is not None and name.accuracy is not None:
        away = metres(here, name.point)
        if away <= name.accuracy * 2:
            score += 0.2
            reasons.append(_("the phone was there"))
        elif away > name.accuracy * 6:
            score -= 0.2
    return PlaceCandidate(
        area_id=name.area_id,
        area_name=str(known.areas[name.area_id]) if name.area_id in known.areas else "",
        address=_address(one, known, text),
        point=_geojson(here or name.point),
        accuracy=None if here or name.point is None else name.accuracy,
        asset_kind=name.asset_kind,
        asset_number=name.asset_number,
        score=round(max(0.01, min(0.99, score)), 3),
        reasons=tuple(reasons),
    )


def _is_town(known: Gazetteer, town: int, around_it: set[int | None]) -> bool:
    return any(area in known.areas and known.areas[area].parent_id == town for area in around_it if area is not None)


def _address(one: _Named, known: Gazetteer, text: str) -> str:
    """The address in one spelling: town, village, then what the text says right behind the name."""
    name = one.name
    chain = [name.official]
    area = known.areas.get(name.area_id if name.kind in ("road", "thing") else name.parent_id or 0)
    while area is not None and area.kind != "county":
        chain.insert(0, area.chinese.removesuffix("村委会").removesuffix("居委会"))
        area = known.areas.get(area.parent_id or 0)
    tail, place = "", one.end
    if name.kind in ("village", "grid") and (suffix := _SUFFIX.match(text, place)):
        place = suffix.end()
    if name.kind in ("town", "zone", "county") and (road := ROAD.match(text, place)):
        tail, place = road.group(1), road.end()
    crossing = re.match(r"(?:与|和|跟)([一-鿿]{1,6}?(?:大道|大街|路|街))", text[place:])
    if crossing:
        tail, place = tail + crossing.group(), place + crossing.end()
    while (more := DETAIL.match(text, place)) is not None and len(tail) < 40:
        tail, place = tail + more.group(), more.end()
    return "".join(dict.fromkeys(chain)) + tail


def _assets(text: str, known: Gazetteer) -> list[PlaceCandidate]:
    """Rows of registers whose number the text has."""
    found = []
    for number in dict.fromkeys(_NUMBER.findall(text)):
        for shape in record_types():
            if (row := _row(shape, number)) is not None:
                found.append(_asset_candidate(shape, row, number, known))
    return found


def _row(shape: Shape, number: str) -> Any:
    place = next((one.name for one in shape.fields if isinstance(one.field, Place)), "")
    if not place or shape.face.by_verbs:
        return None
    rows = shape.model._default_manager.filter(removed_at=None)
    for column in ("number", "code"):
        if column == "number" or column in shape.by_name:
            row = rows.filter(**{column: number}).first()
            if row is not None:
                row.found_at = (getattr(row, f"{place}_x"), getattr(row, f"{place}_y"))
                return row
    return None


def _asset_candidate(shape: Shape, row: Any, number: str, known: Gazetteer) -> PlaceCandidate:
    x, y = row.found_at
    area = known.areas.get(row.area_id or 0)
    return PlaceCandidate(
        area_id=row.area_id,
        area_name=str(area) if area else "",
        address=str(getattr(row, "address", "") or (area.chinese if area else "")),
        point=_geojson((x, y)) if x is not None else None,
        accuracy=5.0,
        asset_kind=shape.key,
        asset_number=row.number,
        score=0.98,
        reasons=(_("the text has the number %s") % number,),
    )


def _by_point(
    here: tuple[float, float] | None, lies: AreaAt | None, known: Gazetteer, found: list[_Named]
) -> list[PlaceCandidate]:
    """The area that holds the position, or else has the nearest seat; behind a village that the text names."""
    if here is None:
        return []
    if lies is not None and lies.kind != "county":
        area, score = known.areas.get(lies.area_id), 0.6 if lies.is_sure else 0.5
        if lies.margin > NEAR:
            reasons = [_("the position lies in it, %d m inside its border") % lies.margin]
        else:
            reasons = [_("the position lies in it, only %d m from its border") % lies.margin]
        if lies.is_synthetic:
            reasons.append(_("its boundary is made up"))
    else:
        area, score, reasons = nearest(here, known.areas.values()), 0.3, [_("its seat is the nearest")]
    if area is None:
        return []
    if any(one.name.kind == "village" for one in found):
        score -= 0.2 if lies is not None else 0.05
    return [
        PlaceCandidate(
            area_id=area.pk,
            area_name=str(area),
            address=area.chinese.removesuffix("村委会").removesuffix("居委会"),
            point=_geojson(here),
            score=round(score, 3),
            reasons=tuple(reasons),
        )
    ]


def _position(point: Mapping[str, Any] | None) -> tuple[float, float] | None:
    if not point or point.get("type") != "Point":
        return None
    longitude, latitude = point["coordinates"][:2]
    return float(longitude), float(latitude)


def _geojson(point: tuple[float, float] | None) -> Mapping[str, Any] | None:
    return {"type": "Point", "coordinates": [round(point[0], 6), round(point[1], 6)]} if point else None
