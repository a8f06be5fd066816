"""The firms of the county, as columns: companies, individual businesses, farmers' and village co-operatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from citybrain.rehearsal.codes import credit_codes, organisation_bodies
from citybrain.rehearsal.entities.people import NO_DAY, People
from citybrain.rehearsal.entities.places import AS_OF, Places
from citybrain.rehearsal.frequencies import BRAND_CHARACTERS, STREETS, TRADES
from citybrain.rehearsal.strings import Days, chosen, days_as_arrow, joined, where

COMPANY, TRADER, FARM_COOPERATIVE, VILLAGE_COOPERATIVE = 0, 1, 2, 3
PREFIXES = ("91", "92", "93", "N2")
"""First two characters of the credit code by kind of firm; N2 is the letter-led code of a village co-operative."""
KIND_NAMES = ("有限责任公司", "个体工商户", "农民专业合作社", "村级集体经济组织")


@dataclass(frozen=True, kw_only=True)
class Firms:
    """n firms; every field is a column of n values. Index = entity number."""

    code: pa.Array
    """Unified social credit code, unique."""
    name: pa.Array
    former_name: pa.Array
    """Name before a change of name, else null."""
    kind: np.ndarray
    trade: np.ndarray
    """Index into TRADES."""
    founded: Days
    revoked: Days
    """NaT for those in business."""
    legal: np.ndarray
    """Index of the legal representative (a person)."""
    capital: np.ndarray
    """Registered capital, 10 000 yuan."""
    staff: np.ndarray
    town: np.ndarray
    """Index of the town or zone."""
    village: np.ndarray
    address: pa.Array
    """Street and number, or village and number; without province and county."""

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def open(self) -> np.ndarray:
        return np.isnat(self.revoked)

    def as_table(self) -> pa.Table:
        """The entity truth: one row a firm, canonical values."""
        return pa.table(
            {
                "entity": pa.array(np.arange(len(self))),
                "code": self.code,
                "name": self.name,
                "former_name": self.former_name,
                "kind": chosen(KIND_NAMES, self.kind),
                "industry": chosen([code for code, _, _ in TRADES], self.trade),
                "founded": days_as_arrow(self.founded),
                "revoked": days_as_arrow(self.revoked),
                "legal_person": pa.array(self.legal),
                "capital": pa.array(self.capital),
                "staff": pa.array(self.staff),
                "town": pa.array(self.town),
                "address": self.address,
            }
        )


def _trade_names(kind: np.ndarray, trade: np.ndarray, legal_name: pa.Array, rng: np.random.Generator) -> pa.Array:
    """永康市 + brand + trade + form, as registered."""
    count = len(kind)
    brands = [*BRAND_CHARACTERS]
    first, second = (chosen(brands, rng.integers(0, len(brands), count)) for _ in range(2))
    words = chosen([word for _, word, _ in TRADES], trade)
    shop = np.array([word.endswith(("店", "馆")) for _, word, _ in TRADES])[trade]
    form = np.where(
        kind == COMPANY, 0, np.where(kind == FARM_COOPERATIVE, 3, np.where(shop, 4, rng.integers(1, 3, count)))
    )
    suffix = chosen(("有限公司", "厂", "经营部", "专业合作社", ""), form)
    surname = where((kind == TRADER) & (rng.random(count) < 0.3), legal_name, "")
    return joined("永康市", surname, first, second, words, suffix)


def make_firms(count: int, places: Places, people: People, rng: np.random.Generator) -> Firms:
    """Draw `count` firms; one in eighteen at most is the economic co-operative of a village."""
    villages = len(places.village_code)
    cooperatives = min(villages, max(1, count // 18))
    kind = rng.choice([COMPANY, TRADER, FARM_COOPERATIVE], size=count, p=(0.36, 0.62, 0.02))
    kind[:cooperatives] = VILLAGE_COOPERATIVE
    weights = np.array([weight for _, _, weight in TRADES], dtype=float)
    trade = rng.choice(len(TRADES), size=count, p=weights / weights.sum())
    farming = len(TRADES) - 3 + rng.integers(0, 2, count)
    trade = np.where(kind >= FARM_COOPERATIVE, farming, trade)

    serial = rng.permutation(count)
    new_style = rng.random(count) < 0.7
    bodies = np.where(new_style[:, None], organisation_bodies("MA2", serial), organisation_bodies("7", serial))
    bodies = np.where((kind == VILLAGE_COOPERATIVE)[:, None], organisation_bodies("MF", serial), bodies)
    prefix = np.frombuffer("".join(PREFIXES).encode(), dtype=np.uint8).reshape(4, 2)[kind]

    adults = np.flatnonzero((people.age >= 18) & people.alive)
    legal = adults[rng.integers(0, len(adults), count)]
    earliest = np.maximum(people.born[legal] + 18 * 366, np.datetime64("1993-01-01"))
    earliest = np.minimum(earliest, AS_OF - 1)
    founded = earliest + (rng.beta(3, 1.2, count) * (AS_OF - earliest).astype(np.int64)).astype(np.int64)
    life = (AS_OF - founded).astype(np.int64)
    closed = (rng.random(count) < 0.09) & (kind != VILLAGE_COOPERATIVE) & (life > 60)
    revoked = np.where(closed, founded + 30 + (rng.random(count) * np.maximum(life - 40, 1)).astype(np.int64), NO_DAY)

    village = people.village[legal]
    village[:cooperatives] = np.arange(cooperatives) * villages // cooperatives
    in_zone = (kind == COMPANY) & (rng.random(count) < 0.25)
    town = np.where(in_zone, 14 + rng.integers(0, 2, count), places.village_town[village])
    number = pa.array(rng.integers(1, 800, count)).cast(pa.string())
    street = joined(chosen(STREETS, rng.integers(0, len(STREETS), count)), number, "号")
    rural = joined(places.village_name.take(pa.array(village)), number, "号")
    address = joined(places.town_name.take(pa.array(town)), where(in_zone | (rng.random(count) < 0.4), street, rural))

    legal_name = people.name.take(pa.array(legal))
    name = _trade_names(kind, trade, legal_name, rng)
    village_name = joined(
        "永康市",
        places.town_name.take(pa.array(places.village_town[village])),
        places.village_name.take(pa.array(village)),
        "股份经济合作社",
    )
    name = where(kind == VILLAGE_COOPERATIVE, village_name, name)
    renamed = (rng.random(count) < 0.02) & (kind != VILLAGE_COOPERATIVE)
    capital = np.array([3, 5, 10, 20, 50, 58, 100, 118, 200, 500, 508, 1000, 1008, 2000, 5000])
    steps = np.clip(rng.normal(np.where(kind == COMPANY, 7, 2), 2.5, count), 0, len(capital) - 1).astype(np.int64)
    staff = np.clip(rng.lognormal(np.where(kind == COMPANY, 2.3, 0.6), 0.9, count), 1, 3000).astype(np.int64)
    return Firms(
        code=credit_codes(prefix, str(places.county_code), bodies),
        name=name,
        former_name=where(renamed, _trade_names(kind, trade, legal_name, rng), None),
        kind=kind,
        trade=trade,
        founded=founded,
        revoked=revoked,
        legal=legal,
        capital=capital[steps],
        staff=staff,
        town=town,
        village=village,
        address=address,
    )


def employ(people: People, firms: Firms, rng: np.random.Generator) -> np.ndarray:
    """The employer (index of a firm, -1 for none) of each person: larger firms employ more."""
    able = people.alive & (people.age >= 18) & (people.age < 62) & (rng.random(len(people)) < 0.72)
    chance = np.where(firms.open, firms.staff, 0).astype(float)
    chance[firms.kind == VILLAGE_COOPERATIVE] = 0
    if chance.sum() == 0:
        return np.full(len(people), -1)
    picked = rng.choice(len(firms), size=len(people), p=chance / chance.sum())
    return np.where(able, picked, -1)
