"""Brings a county's data folder into the database: areas, and the tree of organisations that serve them."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from pypinyin import lazy_pinyin

from citybrain.kernel.identity.models import Area, Organisation

Row = TypeVar("Row", Area, Organisation)

OPTIONS = {"key", "name", "english", "short", "kind", "credit_code", "code", "national", "note", "sections", "schedule"}
"""What an entry of `organisations.toml` may say; `national` tells whether the division code is a national one."""
SECTION_OPTIONS = {"name", "english", "schedule"}
"""What a section of `organisations.toml` may say."""
SHAPE = ("shape", "shape_source", "is_shape_synthetic")
"""What belongs to an area's boundary."""
BATCH = 500


@dataclass(frozen=True, kw_only=True)
class AreaEntry:
    """One area as the county's data name it."""

    key: str
    """Statistical division code of 12 digits; zones and grids carry a local code."""
    kind: str
    chinese: str
    english: str = ""
    """Empty takes the Chinese name in Latin letters."""
    parent: str = ""
    """Key of the area around it; empty for the county."""
    shape: Mapping[str, Any] | None = None
    """GeoJSON polygon, degrees, CGCS2000; None keeps what is known, and so does one that somebody imported."""
    shape_source: str = ""
    """Who drew it."""
    is_shape_synthetic: bool = False
    seat: list[float] | None = None
    """Longitude and latitude, degrees, WGS-84."""
    is_synthetic: bool = False
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class OrganisationEntry:
    """One organisation as the county's data name it."""

    key: str
    kind: str
    chinese: str
    english: str
    parent: str = ""
    """Key of the body it belongs to; empty for the county."""
    area: str = ""
    """Key of the area it governs."""
    short: str = ""
    credit_code: str = ""
    division_code: str = ""
    schedule: str = "office"
    position: int = 0


def load_organisations(county: Path) -> int:
    """Bring the county, its departments and towns with their sections, its villages and areas into the database.

    Reads `county.toml`, `organisations.toml` and, where there is one, `divisions.csv` and the GeoJSON they name;
    returns how many organisations the county's data have. Raises ValueError that names the file and the entry when an
    option is missing or unknown. Repeating it is harmless; what an administrator moved or dissolved stays as it is.
    """
    facts = tomllib.loads((county / "county.toml").read_text(encoding="utf-8"))
    with (county / "organisations.toml").open("rb") as file:
        tables = tomllib.load(file)
    divisions = _divisions(county)
    areas = list(_areas(county, facts, divisions))
    entries = list(_organisations(county / "organisations.toml", facts, tables, divisions))
    with transaction.atomic():
        load_areas(areas)
        _load_bodies(entries)
    return len(entries)


def load_areas(entries: Iterable[AreaEntry]) -> int:
    """Add areas, and bring those that are known by their key up to date; returns how many were added or changed.

    An area's parent is loaded earlier or stands before it. Raises ValueError for a parent that nobody knows.
    """
    listed = list(entries)
    known = {area.key: area for area in Area.objects.all()}
    return _place(Area, known, [_area_row(entry, known.get(entry.key)) for entry in listed], parents(listed))


def _load_bodies(entries: list[OrganisationEntry]) -> None:
    known = {body.key: body for body in Organisation.objects.all()}
    areas = dict(Area.objects.values_list("key", "pk"))
    rows = []
    for entry in entries:
        facts = {name: value for name, value in asdict(entry).items() if name not in ("parent", "area")}
        area = areas.get(entry.area)
        before = known.get(entry.key)
        # An area that an administrator gave it stays.
        rows.append((entry.key, facts | {"area_id": area if before is None else before.area_id or area}))
    _place(Organisation, known, rows, parents(entries))


def parents(entries: Iterable[AreaEntry] | Iterable[OrganisationEntry]) -> dict[str, str]:
    """Key of each entry's parent."""
    return {entry.key: entry.parent for entry in entries}


def _area_row(entry: AreaEntry, known: Area | None) -> tuple[str, dict[str, Any]]:
    facts = {name: value for name, value in asdict(entry).items() if name != "parent"}
    if not entry.english:
        same = known is not None and known.chinese == entry.chinese and known.english
        facts["english"] = known.english if same and known else romanised(entry.chinese)
    if known is not None:
        is_imported = known.shape and known.shape_source and known.shape_source != entry.shape_source
        if entry.shape is None or is_imported:
            facts = {name: value for name, value in facts.items() if name not in SHAPE}
        if entry.seat is None:
            del facts["seat"]
    return entry.key, facts


def _place(
    model: type[Row], known: dict[str, Row], rows: list[tuple[str, dict[str, Any]]], above: dict[str, str]
) -> int:
    """Write what is new or changed, parents before children; a row that has a parent already keeps it."""
    new: dict[int, list[Row]] = {}
    changed: list[Row] = []
    fields: set[str] = set()
    for key, facts in sorted(rows, key=lambda row: _level(row[0], above)):
        row = known.get(key)
        is_new = row is None
        if row is None:
            row = known[key] = model(**facts)
            new.setdefault(_level(key, above), []).append(row)
            different = set(facts)
        else:
            different = {name for name, value in facts.items() if getattr(row, name) != value}
            for name in different:
                setattr(row, name, facts[name])
        if is_new or (row.parent_id is None and above[key]):
            # One that is not new was there before the tree was.
            row.parent = _known(known, above[key], key) if above[key] else None
            row.path = f"{row.parent.path if row.parent else ''}{key}/"
            different |= {"parent", "path"}
        if different and not is_new:
            fields |= different
            changed.append(row)
    for level in sorted(new):
        model.objects.bulk_create(new[level], batch_size=BATCH)
    if changed:
        if model is Area:
            fields.add("changed_at")
            for row in changed:
                setattr(row, "changed_at", timezone.now())  # noqa: B010 - only areas have it
        names = sorted(name.removesuffix("_id") for name in fields)
        model.objects.bulk_update(changed, names, batch_size=BATCH)
    return len(changed) + sum(len(level) for level in new.values())


def _known(known: Mapping[str, Row], key: str, child: str) -> Row:
    if key not in known:
        raise ValueError(f"{child} lies in {key}, which nobody knows: load it first, or correct its parent.")
    return known[key]


def _level(key: str, above: Mapping[str, str]) -> int:
    level = 0
    while above.get(key):
        key, level = above[key], level + 1
    return level


def _divisions(county: Path) -> list[dict[str, str]]:
    path = county / "divisions.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _areas(county: Path, facts: Mapping[str, Any], divisions: list[dict[str, str]]) -> Iterator[AreaEntry]:
    """The county, its towns and zones, its villages."""
    root = f"{facts['code']}000000"
    seats, outlines = _seats(county, facts), _town_outlines(county, facts)
    yield AreaEntry(
        key=root,
        kind="county",
        chinese=facts["name"],
        shape=_outline(county, facts),
        shape_source=facts.get("outline_source", ""),
        seat=facts.get("centre"),
    )
    for position, row in enumerate(row for row in divisions if row["level"] != "county"):
        yield AreaEntry(
            key=row["code"],
            kind=row["level"],
            chinese=place_name(row["name"]),
            parent=row["parent"],
            seat=seats.get(row["code"][:9]) if row["level"] == "town" else None,
            **outlines.get(row["code"], {}),
            position=position,
        )


def _outline(county: Path, facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
    path = county / facts.get("outline", "-")
    if not path.is_file():
        return None
    geometry: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))["features"][0]["geometry"]
    return geometry


def _town_outlines(county: Path, facts: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The boundary of each town by its code of twelve digits, with who drew it and whether it is made up."""
    path = county / facts.get("town_outlines", "-")
    if not path.is_file():
        return {}
    file = json.loads(path.read_text(encoding="utf-8"))
    return {
        one["properties"]["code"].ljust(12, "0"): {
            "shape": one["geometry"],
            "shape_source": file["source"],
            "is_shape_synthetic": bool(one["properties"].get("synthetic")),
        }
        for one in file["features"]
    }


def _seats(county: Path, facts: Mapping[str, Any]) -> dict[str, list[float]]:
    """Longitude and latitude of each town's seat by its code of nine digits."""
    path = county / facts.get("town_seats", "-")
    if not path.is_file():
        return {}
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {one["properties"]["code"]: one["geometry"]["coordinates"][:2] for one in features}


def _organisations(
    path: Path, facts: Mapping[str, Any], tables: Mapping[str, Any], divisions: list[dict[str, str]]
) -> Iterator[OrganisationEntry]:
    """The county's government, its bodies, their sections, and the committees of the villages."""
    root, county_area = facts["key"], f"{facts['code']}000000"
    yield OrganisationEntry(
        key=root,
        kind="county",
        chinese=f"{facts['name']}人民政府",
        english=f"{facts['english']} People's Government",
        short=facts["name"],
        area=county_area,
    )
    towns = {}
    for position, entry in enumerate([*tables.get("departments", []), *tables.get("towns", [])]):
        place = f"{path}, entry {position + 1}"
        _demand(place, entry, OPTIONS, {"key", "name", "english", "kind"})
        if entry["kind"] not in Organisation.Kind.values:
            known = sorted(Organisation.Kind.values)
            raise ValueError(f"{place}: unknown kind {entry['kind']!r}; known: {known}")
        area = f"{entry['code']}000" if entry["kind"] in Organisation.AREAS and "code" in entry else ""
        towns[area] = entry["key"]
        yield OrganisationEntry(
            key=entry["key"],
            kind=entry["kind"],
            chinese=entry["name"],
            english=entry["english"],
            parent=root,
            area=area,
            short=entry.get("short", entry["name"]),
            credit_code=entry.get("credit_code", ""),
            division_code=entry.get("code", ""),
            schedule=entry.get("schedule", "office"),
            position=position,
        )
        yield from _sections(place, entry, tables.get("sections", {}))
    villages = (row for row in divisions if row["level"] == "village" and row["parent"] in towns)
    for position, row in enumerate(villages):
        yield OrganisationEntry(
            key=f"village-{row['code']}",
            kind="village",
            chinese=row["name"],
            english=f"{romanised(place_name(row['name']))} Committee",
            parent=towns[row["parent"]],
            area=row["code"],
            short=place_name(row["name"]),
            division_code=row["code"],
            position=position,
        )


def _sections(place: str, body: Mapping[str, Any], names: Mapping[str, Any]) -> Iterator[OrganisationEntry]:
    for position, key in enumerate(body.get("sections", [])):
        if key not in names:
            raise ValueError(f"{place}: unknown section {key!r}; name it in the table [sections] of the same file.")
        section = names[key]
        _demand(f"{place}, section {key}", section, SECTION_OPTIONS, {"name", "english"})
        yield OrganisationEntry(
            key=f"{body['key']}-{key.removeprefix('town-').removeprefix('zone-')}",
            kind="section",
            chinese=section["name"],
            english=section["english"],
            parent=body["key"],
            short=section["name"],
            schedule=section.get("schedule", body.get("schedule", "office")),
            position=position,
        )


def _demand(place: str, entry: Mapping[str, Any], options: set[str], needed: set[str]) -> None:
    if unknown := set(entry) - options:
        raise ValueError(f"{place}: unknown option {sorted(unknown)}; known: {sorted(options)}")
    if missing := needed - set(entry):
        raise ValueError(f"{place}: {sorted(missing)} missing; fill them in.")


COMMITTEES = ("村民委员会", "居民委员会", "村委会", "居委会")
"""Endings that make a committee's name of a village's or community's."""
KINDS_OF_PLACE = {
    "街道": "Subdistrict",
    "镇": "Town",
    "乡": "Township",
    "经济开发区": "Economic Development Zone",
    "新区": "New Area",
    "社区": "Community",
    "市": "City",
    "县": "County",
    "村": "Village",
}
"""Endings of place names in English; the first that fits is taken."""


def place_name(committee: str) -> str:
    """A village's or community's name without the committee that governs it: 园丁社区居委会 -> 园丁社区."""
    for ending in COMMITTEES:
        if committee.endswith(ending) and len(committee) > len(ending):
            return committee.removesuffix(ending)
    return committee


def romanised(chinese: str) -> str:
    """A place name in Latin letters, its kind in English: 园丁社区 -> Yuanding Community."""
    for ending, english in KINDS_OF_PLACE.items():
        if chinese.endswith(ending) and len(chinese) > len(ending):
            return f"{_letters(chinese.removesuffix(ending))} {english}"
    return _letters(chinese)


def _letters(chinese: str) -> str:
    return "".join(lazy_pinyin(chinese)).capitalize()
