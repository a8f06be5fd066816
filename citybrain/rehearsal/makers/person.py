"""Makers of columns about a person, varied as departments do: former names, spaces, separators, old addresses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from citybrain.rehearsal.entities.people import CITIZEN, FOREIGNER, NO_DAY, RELATIONS
from citybrain.rehearsal.entities.places import AS_OF
from citybrain.rehearsal.frequencies import ETHNIC_NAMES, OUTSIDE_AREAS, TRADITIONAL
from citybrain.rehearsal.specification import Draw, Maker
from citybrain.rehearsal.strings import chosen, days_as_arrow, digit_matrix, from_matrix, joined, where


def _of(column: pa.Array, indices: np.ndarray) -> pa.Array:
    """column[indices]; a negative index gives null."""
    return chosen(column, indices)


def _names(draw: Draw, person: np.ndarray) -> pa.Array:
    people = draw.county.people
    name = _of(people.name, person)
    if draw.style.stale:
        name = pc.coalesce(where(draw.stale, _of(people.former_name, person), None), name)
    chance = draw.rng.random(draw.count)
    if draw.style.spaced:
        two = np.asarray(pc.fill_null(pc.equal(pc.utf8_length(name), 2), False))
        spaced = joined(pc.utf8_slice_codeunits(name, 0, 1), " ", pc.utf8_slice_codeunits(name, 1))
        name = where(two & (chance < draw.style.spaced * 4), spaced, name)
    if draw.style.traditional:
        old = name
        for simple, traditional in TRADITIONAL.items():
            old = pc.replace_substring(old, simple, traditional)
        name = where(chance > 1 - draw.style.traditional, old, name)
    return name


def _mobiles(draw: Draw, person: np.ndarray) -> pa.Array:
    people = draw.county.people
    number = where(draw.stale, _of(people.former_mobile, person), _of(people.mobile, person))
    chance = draw.rng.random(draw.count)
    rate = draw.style.spaced * 3
    dashed = joined(
        *(piece for cut in ((0, 3), (3, 7)) for piece in (pc.utf8_slice_codeunits(number, *cut), "-")),
        pc.utf8_slice_codeunits(number, 7),
    )
    number = where(chance < rate, dashed, number)
    number = where((chance >= rate) & (chance < 2 * rate), joined("+86 ", number), number)
    return where((chance >= 2 * rate) & (chance < 3 * rate), joined("86", number), number)


def _addresses(draw: Draw) -> pa.Array:
    people, places = draw.county.people, draw.county.places
    person = draw.person
    village = np.where(draw.stale, people.former_village[person], people.village[person])
    house = np.where(draw.stale, people.former_house[person], people.house[person])
    head = places.province + places.county_name if draw.style.province else ""
    number = pa.array(house).cast(pa.string())
    if draw.style.grouped:
        number = joined(pa.array(house % 12 + 1).cast(pa.string()), "组", number)
    town = places.town_name.take(pa.array(places.village_town[village]))
    return joined(head, town, places.village_name.take(pa.array(village)), number, "号")


def _registered_address(draw: Draw) -> pa.Array:
    outside = draw.county.people.outside[draw.person]
    return pc.if_else(pa.array(outside >= 0), chosen([name for _, name in OUTSIDE_AREAS], outside), _addresses(draw))


def _sexes(draw: Draw, male: np.ndarray) -> pa.Array:
    return where(male, *draw.style.sex)


citizen_id = Maker(meaning="citizen-id", required=True, make=lambda draw: _of(draw.county.people.number, draw.person))
"""Identity number: citizen's, foreigner's permanent residence, residence permit of Hong Kong, Macau and Taiwan."""
name = Maker(meaning="person-name", required=True, make=lambda draw: _names(draw, draw.person))
representative = replace(name, meaning="representative-name", required=False)
"""The same in a table about firms: legal representative, operator, person in charge."""
representative_id = replace(citizen_id, meaning="representative-id", required=False)
contact = replace(name, meaning="contact-name", required=False)
"""The same in a table about things: whom to call."""
husband = replace(name, meaning="husband-name", required=False)
husband_id = replace(citizen_id, meaning="husband-id", required=False)
former_name = Maker(meaning="former-name", make=lambda draw: _of(draw.county.people.former_name, draw.person))
sex = Maker(meaning="sex", make=lambda draw: _sexes(draw, draw.county.people.male[draw.person]))
birth = Maker(meaning="birth-date", make=lambda draw: days_as_arrow(draw.county.people.born[draw.person]))
age = Maker(
    meaning="age", limits=(0, 150), make=lambda draw: pa.array(draw.county.people.age[draw.person].astype(np.int64))
)
mobile = Maker(meaning="mobile", make=lambda draw: _mobiles(draw, draw.person))
address = Maker(meaning="address", make=_addresses)
registered_address = Maker(meaning="address", make=_registered_address)
"""Where a person is registered (户籍地址): outside the county for migrants."""
ethnic = Maker(meaning="ethnic-group", make=lambda draw: _of(draw.county.people.ethnic, draw.person))
ethnic_name = Maker(
    meaning="ethnic-group",
    make=lambda draw: chosen(
        list(ETHNIC_NAMES.values()),
        np.asarray(pc.index_in(_of(draw.county.people.ethnic, draw.person), pa.array(list(ETHNIC_NAMES)))),
    ),
)
education = Maker(meaning="education", make=lambda draw: _of(draw.county.people.education, draw.person))


def _marital(draw: Draw) -> pa.Array:
    people = draw.county.people
    spouse = people.spouse[draw.person]
    widowed = (spouse >= 0) & ~people.alive[spouse]
    return chosen(("10", "20", "30"), np.where(widowed, 2, np.where(spouse >= 0, 1, 0)))


marital = Maker(meaning="marital-status", make=_marital)
"""GB/T 2261.2-2003: 10 unmarried, 20 married, 30 widowed."""


def _household_numbers(draw: Draw) -> pa.Array:
    return from_matrix(
        np.hstack([
            np.tile(np.frombuffer(b"HH", dtype=np.uint8), (draw.count, 1)),
            digit_matrix(draw.county.people.household[draw.person] + 1, 7) + 48,
        ])
    )  # fmt: skip


household = Maker(meaning="household-number", required=True, make=_household_numbers)
household_reference = Maker(meaning="reference", refers="police.household", make=lambda draw: _household_numbers(draw))
relation = Maker(
    meaning="relation-to-head", make=lambda draw: chosen(RELATIONS, draw.county.people.relation[draw.person])
)
spouse_name = Maker(
    meaning="spouse-name", make=lambda draw: _of(draw.county.people.name, draw.county.people.spouse[draw.person])
)
spouse_id = Maker(
    meaning="spouse-id", make=lambda draw: _of(draw.county.people.number, draw.county.people.spouse[draw.person])
)
married = Maker(meaning="marriage-date", make=lambda draw: days_as_arrow(draw.county.people.married[draw.person]))
died = Maker(meaning="death-date", make=lambda draw: days_as_arrow(draw.county.people.died[draw.person]))
document_kind = Maker(
    meaning="document-kind",
    make=lambda draw: chosen(
        ("111", "553", "554"),
        np.select([draw.county.people.document[draw.person] == kind for kind in (CITIZEN, FOREIGNER)], [0, 1], 2),
    ),
)
"""Kind of document: 111 identity card, 553 foreigners' permanent residence, 554 residence permit (GA/T 517)."""


def _reported_death(draw: Draw) -> pa.Array:
    days = draw.county.people.died[draw.person]
    reported = np.minimum(days + draw.rng.integers(1, 40, draw.count), AS_OF)
    return days_as_arrow(np.where(np.isnat(days), NO_DAY, reported))


reported_death = Maker(meaning="date", make=_reported_death)
"""When a death was reported, days to weeks after it."""


def guardian(what: str) -> Maker:
    """Name or mobile of the head of the person's household."""

    def make(draw: Draw) -> pa.Array:
        people = draw.county.people
        heads = np.flatnonzero(people.relation == 0)
        head = heads[np.searchsorted(people.household[heads], people.household[draw.person])]
        return _of(people.name, head) if what == "name" else _mobiles(draw, head)

    return Maker(meaning="guardian-name" if what == "name" else "mobile", make=make)


def _plates(draw: Draw) -> pa.Array:
    """Every serial number gives a plate of its own: 24 x 10 000 with petrol, 10 x 100 000 with new energy."""
    letters = np.frombuffer(b"ABCDEFGHJKLMNPQRSTUVWXYZ", dtype=np.uint8)
    energies = np.frombuffer(b"DFABCEGHJK", dtype=np.uint8)
    serial = draw.rng.permutation(max(draw.count, 10_000))[: draw.count]
    plain = np.hstack([letters[serial // 10_000 % 24][:, None], digit_matrix(serial % 10_000, 4) + 48])
    kind = serial // 100_000 * 2 % 10 + draw.rng.integers(0, 2, draw.count)
    electric = np.hstack([energies[kind][:, None], digit_matrix(serial % 100_000, 5) + 48])
    body = where(draw.rng.random(draw.count) < 0.2, from_matrix(electric), from_matrix(plain))
    return joined(draw.county.places.plate, body)


plate = Maker(meaning="plate", required=True, make=_plates)
"""GA 36-2018: 浙G and five characters, or six for new energy."""
