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


def _coordinate(axis: int) -> Maker:
    def make(draw: Draw) -> pa.Array:
        seat = draw.county.places.village_seat[:, axis]
        return pa.array(np.round(seat[draw.village] + draw.rng.normal(0, 0.001, draw.count), 6))

    return Maker(
        meaning=("longitude", "latitude")[axis],
        limits=((-180, 180), (-90, 90))[axis],
        make=make,
    )


town_code = Maker(meaning="division-code", make=lambda draw: draw.county.places.town_code.take(_towns(draw)))
town = Maker(meaning="town-name", make=lambda draw: draw.county.places.town_name.take(_towns(draw)))
village_code = Maker(
    meaning="division-code", make=lambda draw: draw.county.places.village_code.take(pa.array(draw.village))
)
village = Maker(meaning="village-name", make=lambda draw: draw.county.places.village_name.take(pa.array(draw.village)))
street_address = Maker(meaning="address", make=_streets)
longitude = _coordinate(0)
"""Degrees, WGS-84, about a hundred metres around the village's made-up seat."""
latitude = _coordinate(1)
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
