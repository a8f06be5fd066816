"""The people of the county, as columns: households, names, numbers, births, moves, marriages, deaths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from citybrain.rehearsal.codes import citizen_numbers
from citybrain.rehearsal.entities.places import AS_OF, Places
from citybrain.rehearsal.frequencies import (
    ETHNIC,
    FEMALE_GIVEN,
    FOREIGN_NAMES,
    MALE_GIVEN,
    MOBILE_PREFIXES,
    OUTSIDE_AREAS,
    SURNAMES,
)
from citybrain.rehearsal.strings import Days, chosen, day_parts, days_as_arrow, digits, joined, where

CITIZEN, FOREIGNER, HONG_KONG_MACAU_TAIWAN = 0, 1, 2
"""Kind of identity document: citizen's number, permanent residence of foreigners, residence permit 81/82/83 0000."""

RELATIONS = ("户主", "配偶", "子", "女", "父亲", "母亲")
EDUCATION = ("10", "20", "30", "40", "60", "70", "90")
"""GB/T 4658-2006, the two-digit heads."""
EDUCATION_WEIGHTS = (2, 10, 15, 8, 25, 30, 10)
NO_DAY = np.datetime64("NaT", "D")


@dataclass(frozen=True, kw_only=True)
class People:
    """n people; every field is a column of n values. Index = entity number."""

    number: pa.Array
    """18-character identity number, unique."""
    document: np.ndarray
    name: pa.Array
    former_name: pa.Array
    """Name before a change of name, else null."""
    male: np.ndarray
    born: Days
    died: Days
    """NaT for the living."""
    married: Days
    spouse: np.ndarray
    """Index of the spouse, -1 for none."""
    household: np.ndarray
    relation: np.ndarray
    """Index into RELATIONS."""
    village: np.ndarray
    house: np.ndarray
    former_village: np.ndarray
    """Index of the village before the last move; the same village for those who never moved."""
    former_house: np.ndarray
    mobile: pa.Array
    former_mobile: pa.Array
    ethnic: pa.Array
    education: pa.Array
    outside: np.ndarray
    """Index into OUTSIDE_AREAS for migrants (流动人口), -1 for locals."""
    employer: np.ndarray
    """Index of the firm, -1 for none; filled in by `employ`."""

    def __len__(self) -> int:
        return len(self.born)

    @property
    def age(self) -> np.ndarray:
        """Full years on the day the county was looked at."""
        year, month, day = day_parts(self.born)
        now_year, now_month, now_day = (int(part[0]) for part in day_parts(np.array([AS_OF])))
        return now_year - year - ((month > now_month) | ((month == now_month) & (day > now_day)))

    @property
    def alive(self) -> np.ndarray:
        return np.isnat(self.died)

    def as_table(self) -> pa.Table:
        """The entity truth: one row a person, canonical values."""
        return pa.table(
            {
                "entity": pa.array(np.arange(len(self))),
                "number": self.number,
                "name": self.name,
                "former_name": self.former_name,
                "sex": where(self.male, "1", "2"),
                "born": days_as_arrow(self.born),
                "died": days_as_arrow(self.died),
                "married": days_as_arrow(self.married),
                "spouse": pa.array(self.spouse, mask=self.spouse < 0),
                "household": pa.array(self.household),
                "village": pa.array(self.village),
                "house": pa.array(self.house),
                "mobile": self.mobile,
                "former_mobile": self.former_mobile,
                "ethnic": self.ethnic,
                "education": self.education,
                "employer": pa.array(self.employer, mask=self.employer < 0),
            }
        )


def _household_positions(people: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Household number and place in the household (0 = head) of each person, and the first person of each household."""
    sizes = rng.choice(np.arange(1, 7), size=people, p=(0.22, 0.27, 0.25, 0.15, 0.08, 0.03))
    ends = np.cumsum(sizes)
    count = int(np.searchsorted(ends, people)) + 1
    sizes = sizes[:count]
    sizes[-1] -= int(ends[count - 1]) - people
    household = np.repeat(np.arange(count), sizes)
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return household, np.arange(people) - first[household], first


def _mobiles(people: int, rng: np.random.Generator) -> pa.Array:
    numbers = np.array(MOBILE_PREFIXES)[rng.integers(0, len(MOBILE_PREFIXES), people)] * 100_000_000
    return digits(numbers + rng.integers(0, 100_000_000, people), 11)


def _names(surname: np.ndarray, male: np.ndarray, rng: np.random.Generator) -> pa.Array:
    people = len(male)
    family = chosen([word for word, _ in SURNAMES], surname)
    pools = [*MALE_GIVEN, *FEMALE_GIVEN, ""]
    start, size = np.where(male, 0, len(MALE_GIVEN)), np.where(male, len(MALE_GIVEN), len(FEMALE_GIVEN))
    first = start + rng.integers(0, 1 << 20, people) % size
    second = start + rng.integers(0, 1 << 20, people) % size
    second = np.where(rng.random(people) < 0.22, len(pools) - 1, second)
    return joined(family, chosen(pools, first), chosen(pools, second))


def _sequences(area: np.ndarray, born: Days, male: np.ndarray) -> np.ndarray:
    """The smallest free sequence number within area, day and sex, odd for men: 1, 3, 5 ... or 2, 4, 6 ..."""
    group = (area.astype(np.int64) * 100_000 + born.astype(np.int64) + 40_000) * 2 + male
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    starts = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    start_at = np.maximum.accumulate(np.where(starts, np.arange(len(group)), 0))
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - start_at
    return rank * 2 + np.where(male, 1, 2)


def _areas(
    places: Places, born: Days, outside: np.ndarray, document: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    year = day_parts(born)[0]
    area = np.full(len(born), places.county_code)
    for until, code in reversed(places.former_codes):
        area[year <= until] = code
    codes = np.array([code for code, _ in OUTSIDE_AREAS])
    area = np.where(outside >= 0, codes[outside], area)
    countries = np.array([933004, 933356, 933364, 933586, 933643, 933840])
    area = np.where(document == FOREIGNER, countries[rng.integers(0, len(countries), len(born))], area)
    permits = np.array([810000, 820000, 830000])
    return np.where(document == HONG_KONG_MACAU_TAIWAN, permits[rng.integers(0, 3, len(born))], area)


def make_people(people: int, places: Places, rng: np.random.Generator) -> People:
    """Draw `people` people in households; children after parents, spouses together, numbers valid and unique."""
    household, position, first = _household_positions(people, rng)
    households = len(first)
    local_household = rng.random(households) >= 0.25
    head_age = rng.triangular(21, 46, 88, households) * 365.25
    parent_age = head_age + rng.uniform(20, 34, households) * 365.25
    days_old = head_age[household] + rng.normal(0, 2.2 * 365, people) * (position == 1)
    days_old = np.maximum(days_old, np.where(position == 1, 21 * 365.25, 0))
    grown_parent = (position >= 4) & (parent_age[household] < 99 * 365.25)
    child = ((position == 2) | (position == 3)) | ((position >= 4) & ~grown_parent)
    days_old = np.where(child, np.maximum(head_age[household] - rng.uniform(22, 36, people) * 365.25, 40), days_old)
    days_old = np.where(grown_parent, parent_age[household] + rng.uniform(0, 900, people), days_old)
    born = AS_OF - np.minimum(days_old, 104 * 365.25).astype(np.int64)

    head_male = rng.random(households) < 0.72
    male = np.where(position == 0, head_male[household], rng.random(people) < 0.52)
    male = np.where(position == 1, ~head_male[household], male)
    male = np.where(grown_parent, position == 4, male)

    weights = np.array([weight for _, weight in SURNAMES], dtype=float)
    surname = rng.choice(len(SURNAMES), size=people, p=weights / weights.sum())
    paternal = np.where(head_male, surname[first], rng.permutation(surname[first]))
    surname = np.where(child | (grown_parent & male), paternal[household], surname)

    document = np.zeros(people, dtype=np.int8)
    rare = rng.random(people)
    adult = days_old > 20 * 365
    document[adult & (rare < 0.0008)] = FOREIGNER
    document[adult & (rare >= 0.0008) & (rare < 0.0018)] = HONG_KONG_MACAU_TAIWAN
    outside = np.where(local_household[household], -1, rng.integers(0, len(OUTSIDE_AREAS), households)[household])

    name = _names(surname, male, rng)
    foreign = chosen(FOREIGN_NAMES, rng.integers(0, len(FOREIGN_NAMES), people))
    name = where(document == FOREIGNER, foreign, name)
    renamed = rng.random(people) < 0.006
    former_name = where(renamed, _names(surname, male, rng), None)
    former_name = pc.if_else(pc.equal(former_name, name), pa.scalar(None, pa.string()), former_name)

    area = _areas(places, born, outside, document, rng)
    number = citizen_numbers(area, born, _sequences(area, born, male))

    # Town streets hold more people than mountain villages.
    villages = len(places.village_code)
    size = rng.lognormal(0, 0.6, villages) * np.where(places.village_town < 3, 2.2, 1.0)
    at = rng.choice(villages, size=households, p=size / size.sum())
    before = rng.choice(villages, size=households, p=size / size.sum())
    moved = rng.random(households) < 0.08
    house = rng.integers(1, 400, households)
    former_house = np.where(moved, rng.integers(1, 400, households), house)

    spouse = np.full(people, -1)
    seconds = np.flatnonzero((position == 1) & (days_old > 22 * 365.25))
    heads = first[household[seconds]]
    grown = days_old[heads] > 22 * 365.25
    seconds, heads = seconds[grown], heads[grown]
    spouse[seconds], spouse[heads] = heads, seconds
    married = np.full(people, NO_DAY)
    younger = np.maximum(born[seconds], born[heads])
    wedding = younger + (22 * 365.25 + rng.exponential(1200, len(seconds))).astype(np.int64)
    wedding = np.minimum(wedding, AS_OF - rng.integers(1, 90, len(seconds)))
    married[seconds], married[heads] = wedding, wedding

    years = days_old / 365.25
    chance = np.clip((years - 35) / 60, 0, 1) ** 3 * 0.16
    died = np.where(rng.random(people) < chance, AS_OF - rng.integers(1, 1100, people), NO_DAY)
    died = np.where(died < born, NO_DAY, died)

    ethnic_weights = np.array([weight for _, weight in ETHNIC], dtype=float)
    education = rng.choice(len(EDUCATION), size=people, p=np.array(EDUCATION_WEIGHTS) / sum(EDUCATION_WEIGHTS))
    education = np.where(years < 12, 6, np.where(years < 15, 5, np.where(years < 18, 4, education)))
    mobile = _mobiles(people, rng)
    return People(
        number=number,
        document=document,
        name=name,
        former_name=former_name,
        male=male,
        born=born,
        died=died,
        married=married,
        spouse=spouse,
        household=household,
        relation=np.where(position < 2, position, np.where(child, np.where(male, 2, 3), np.where(male, 4, 5))),
        village=at[household],
        house=house[household],
        former_village=np.where(moved, before, at)[household],
        former_house=former_house[household],
        mobile=mobile,
        former_mobile=where(rng.random(people) < 0.15, _mobiles(people, rng), mobile),
        ethnic=chosen(
            [code for code, _ in ETHNIC], rng.choice(len(ETHNIC), people, p=ethnic_weights / ethnic_weights.sum())
        ),
        education=chosen(EDUCATION, education),
        outside=outside,
        employer=np.full(people, -1),
    )
