"""The county's places and organisations, read from its data folder: towns, zones, villages, departments."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from django.utils.translation import gettext as _

from citybrain.rehearsal import cells

AS_OF = np.datetime64("2026-10-31")
"""The day the synthetic county was looked at: no honest day in its data is later."""


@dataclass(frozen=True, kw_only=True)
class Department:
    """One delivering department (部门)."""

    key: str
    name: str
    english: str
    credit_code: str


@dataclass(frozen=True, kw_only=True)
class Places:
    """Towns (0..13), zones (14..15, no national code) and villages, as columns; a village knows its town."""

    county_name: str
    county_code: int
    former_codes: tuple[tuple[int, int], ...]
    """(last birth year, code) in order of years; people born later carry the county's own code."""
    province: str
    plate: str
    town_code: pa.Array
    """9-digit code as text."""
    town_name: pa.Array
    village_code: pa.Array
    """12-digit code as text."""
    village_name: pa.Array
    village_town: np.ndarray
    """Index of each village's town."""
    village_seat: np.ndarray
    """Longitude and latitude of each village, degrees, WGS-84: made up, within the made-up boundary of its town."""
    departments: tuple[Department, ...]
    folder: Path
    """Where the county's data files lie."""


def read_places(folder: Path) -> Places:
    """Read `county.toml`, `organisations.toml` and `divisions.csv`; FileNotFoundError names a missing one."""
    for name in ("county.toml", "organisations.toml", "divisions.csv"):
        if not (folder / name).is_file():
            raise FileNotFoundError(
                _("%(file)s is missing: give the county's data folder, e.g. counties/yongkang.")
                % {"file": folder / name}
            )
    county = tomllib.loads((folder / "county.toml").read_text(encoding="utf-8"))
    organisations = tomllib.loads((folder / "organisations.toml").read_text(encoding="utf-8"))
    with (folder / "divisions.csv").open(encoding="utf-8", newline="") as file:
        divisions = list(csv.DictReader(file))
    towns = {town["code"]: index for index, town in enumerate(organisations["towns"])}
    villages = [row for row in divisions if row["level"] == "village"]
    return Places(
        county_name=county["name"],
        county_code=int(county["code"]),
        former_codes=tuple((entry["until"], int(entry["code"])) for entry in county["former_codes"]),
        province=county["province"],
        plate=county["plate"],
        town_code=pa.array([town["code"] for town in organisations["towns"]]),
        town_name=pa.array([town["name"] for town in organisations["towns"]]),
        village_code=pa.array([row["code"] for row in villages]),
        village_name=pa.array([row["name"].removesuffix("村委会").removesuffix("居委会") for row in villages]),
        village_town=np.array([towns[row["parent"][:9]] for row in villages]),
        village_seat=_seats(folder, [row["code"] for row in villages]),
        departments=tuple(
            Department(key=entry["key"], name=entry["name"], english=entry["english"], credit_code=entry["credit_code"])
            for entry in organisations["departments"]
        ),
        folder=folder,
    )


def _seats(folder: Path, codes: list[str]) -> np.ndarray:
    """The place of each village, degrees; around the county's seat where no boundary is known."""
    known = cells.villages(folder)
    centre = tomllib.loads((folder / "county.toml").read_text(encoding="utf-8")).get("centre", [120.0, 29.0])
    chance = np.random.default_rng([1]).uniform(-0.1, 0.1, (len(codes), 2)) + centre
    return np.array([known[code].seat if code in known else place for code, place in zip(codes, chance, strict=True)])
