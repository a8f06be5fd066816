"""Makers of columns about a place: town and village codes and names, coordinates, addresses of things."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from citybrain.rehearsal.frequencies import STREETS
from citybrain.rehearsal.specification import Draw, Maker
from citybrain.rehearsal.strings import chosen, joined


def _towns(draw: Draw) -> pa.Array:
    return pa.array(draw.county.places.village_town[draw.village])


def _streets(draw: Draw) -> pa.Array:
    places = draw.county.places
    head = places.province + places.county_name if draw.style.province else ""
    number = pa.array(draw.rng.integers(1, 600, draw.count)).cast(pa.string())
    return joined(
        head,
        places.town_name.take(_towns(draw)),
        chosen(STREETS, draw.rng.integers(0, len(STREETS), draw.count)),
        number,
        "号",
    )


def _coordinate(centre: float, reach: float, salt: int) -> Maker:
    def make(draw: Draw) -> pa.Array:
        seat = np.random.default_rng([salt]).uniform(-reach, reach, len(draw.county.places.village_code))
        return pa.array(np.round(centre + seat[draw.village] + draw.rng.normal(0, 0.003, draw.count), 6))

    return Maker(
        meaning="longitude" if centre > 90 else "latitude",
        limits=(-180, 180) if centre > 90 else (-90, 90),
        make=make,
    )


town_code = Maker(meaning="division-code", make=lambda draw: draw.county.places.town_code.take(_towns(draw)))
town = Maker(meaning="town-name", make=lambda draw: draw.county.places.town_name.take(_towns(draw)))
village_code = Maker(
    meaning="division-code", make=lambda draw: draw.county.places.village_code.take(pa.array(draw.village))
)
village = Maker(meaning="village-name", make=lambda draw: draw.county.places.village_name.take(pa.array(draw.village)))
street_address = Maker(meaning="address", make=_streets)
longitude = _coordinate(120.05, 0.16, 1)
"""Degrees, WGS-84, inside the county's box."""
latitude = _coordinate(28.92, 0.10, 2)
department_name = Maker(
    meaning="department-name",
    make=lambda draw: chosen(
        [department.name for department in draw.county.places.departments],
        draw.rng.integers(0, len(draw.county.places.departments), draw.count),
    ),
)
department_code = Maker(
    meaning="credit-code",
    make=lambda draw: chosen(
        [department.credit_code for department in draw.county.places.departments],
        draw.rng.integers(0, len(draw.county.places.departments), draw.count),
    ),
)


def thing(*words: str) -> Maker:
    """A thing named after its village: 长城村幼儿园."""
    return Maker(
        meaning="name",
        make=lambda draw: joined(
            draw.county.places.village_name.take(pa.array(draw.village)),
            chosen(words, draw.rng.integers(0, len(words), draw.count)),
        ),
    )
