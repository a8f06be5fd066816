"""Named groups of people, firms and places that tables are about."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from citybrain.rehearsal.entities.firms import COMPANY, FARM_COOPERATIVE, TRADER, VILLAGE_COOPERATIVE, Firms
from citybrain.rehearsal.entities.people import People
from citybrain.rehearsal.entities.places import AS_OF
from citybrain.rehearsal.frequencies import TRADES
from citybrain.rehearsal.specification import County, Population, Subject


def people_who(test: Callable[[People], np.ndarray]) -> Population:
    """The people for whom the test holds."""
    return Population(subject=Subject.PERSON, choose=lambda county: np.flatnonzero(test(county.people)))


def firms_that(test: Callable[[Firms], np.ndarray]) -> Population:
    """The firms for which the test holds."""
    return Population(subject=Subject.FIRM, choose=lambda county: np.flatnonzero(test(county.firms)))


def in_trades(*heads: str) -> Population:
    """Open firms whose industry code begins with one of the heads."""
    fits = np.array([code.startswith(heads) for code, _, _ in TRADES])
    return firms_that(lambda firms: fits[firms.trade] & firms.open)


def things(per_thousand: float) -> Population:
    """Things that stand in villages: so many for a thousand people, at least five."""

    def choose(county: County) -> np.ndarray:
        count = max(5, round(county.scale * per_thousand))
        draw = np.random.default_rng([county.seed, count])
        return np.sort(draw.integers(0, len(county.places.village_code), count))

    return Population(subject=Subject.PLACE, choose=choose)


def fixed(count: int) -> Population:
    """That many things whatever the county's size: stations, months, budget lines."""
    return Population(
        subject=Subject.PLACE, choose=lambda county: np.arange(count) * 37 % len(county.places.village_code)
    )


everyone = people_who(lambda people: people.alive | (AS_OF - people.died < np.timedelta64(180, "D")))
"""The living, and those whose death has not been reported to every department yet."""
locals_ = people_who(lambda people: (people.outside < 0) & people.alive)
migrants = people_who(lambda people: (people.outside >= 0) & people.alive)
dead = people_who(lambda people: ~people.alive)
babies = people_who(lambda people: (people.age < 3) & people.alive)
infants = people_who(lambda people: (people.age < 7) & people.alive)
pupils = people_who(lambda people: (people.age >= 6) & (people.age < 18) & people.alive)
adults = people_who(lambda people: (people.age >= 18) & people.alive)
workers = people_who(lambda people: people.employer >= 0)
pensioners = people_who(lambda people: (people.age >= 60) & people.alive)
aged = people_who(lambda people: (people.age >= 80) & people.alive)
heads = people_who(lambda people: people.relation == 0)
"""First persons of all households, some of them dead."""
householders = people_who(lambda people: (people.relation == 0) & people.alive)
couples = people_who(lambda people: (people.spouse >= 0) & people.male)
women = people_who(lambda people: ~people.male & (people.age >= 20) & (people.age < 50) & people.alive)
drivers = people_who(lambda people: (people.age >= 19) & (people.age < 75) & people.alive)
movers = people_who(lambda people: (people.former_village != people.village) & people.alive)
renamed = people_who(lambda people: np.asarray(people.former_name.is_valid()))

all_firms = firms_that(lambda firms: np.ones(len(firms), dtype=bool))
open_firms = firms_that(lambda firms: firms.open)
companies = firms_that(lambda firms: (firms.kind == COMPANY) & firms.open)
traders = firms_that(lambda firms: (firms.kind == TRADER) & firms.open)
closed_firms = firms_that(lambda firms: ~firms.open)
farm_cooperatives = firms_that(lambda firms: (firms.kind == FARM_COOPERATIVE) & firms.open)
village_cooperatives = firms_that(lambda firms: firms.kind == VILLAGE_COOPERATIVE)
makers = in_trades("C")
shops = in_trades("F", "H")
food_firms = in_trades("F5224", "F5213", "H62")
villages = Population(subject=Subject.PLACE, choose=lambda county: np.arange(len(county.places.village_code)))
