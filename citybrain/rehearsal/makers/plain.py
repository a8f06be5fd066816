"""Makers of columns that need no entity: serial numbers, choices, amounts, days, texts, references."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from citybrain.rehearsal.entities.places import AS_OF
from citybrain.rehearsal.specification import Draw, Maker
from citybrain.rehearsal.strings import chosen, days_as_arrow, days_of, digits, joined

_SECONDS = "datetime64[s]"


def serial(prefix: str, width: int = 6) -> Maker:
    """A key: the prefix and a running number."""
    return Maker(
        meaning="serial-number",
        required=True,
        make=lambda draw: joined(prefix, digits(np.arange(1, draw.count + 1), width)),
    )


def running() -> Maker:
    """A key: 1, 2, 3 ... as numbers."""
    return Maker(
        meaning="serial-number", required=True, make=lambda draw: pa.array(np.arange(1, draw.count + 1), pa.int64())
    )


def choice(*values: str, weights: Sequence[float] = (), meaning: str = "word", empty: float = 0.0) -> Maker:
    """One of the values; a share of the rows is empty."""
    total = np.array(weights or [1.0] * len(values))

    def make(draw: Draw) -> pa.Array:
        picked = draw.rng.choice(len(values), size=draw.count, p=total / total.sum())
        return chosen(values, np.where(draw.rng.random(draw.count) < empty, -1, picked))

    return Maker(meaning=meaning, make=make)


def whole(low: int, high: int, meaning: str = "count", limits: tuple[float, float] | None = None) -> Maker:
    """A whole number in low..high, small ones more often."""
    return Maker(
        meaning=meaning,
        limits=limits,
        make=lambda draw: pa.array(low + (draw.rng.beta(1.2, 3, draw.count) * (high - low + 1)).astype(np.int64)),
    )


def decimal(
    low: float, high: float, places: int = 2, meaning: str = "measure", limits: tuple[float, float] | None = None
) -> Maker:
    """A number in low..high around the middle, rounded."""
    return Maker(
        meaning=meaning,
        limits=limits,
        make=lambda draw: pa.array(np.round(low + draw.rng.beta(2, 2.5, draw.count) * (high - low), places)),
    )


def money(low: float, high: float) -> Maker:
    """An amount in yuan; never negative."""
    return decimal(low, high, 2, "amount", (0, 1e12))


def percent(low: float = 0, high: float = 100) -> Maker:
    """A percentage 0..100."""
    return decimal(low, high, 1, "percentage", (0, 100))


def flag(share: float = 0.5, yes: str = "是", no: str = "否") -> Maker:
    """Yes or no."""
    return choice(yes, no, weights=(share, 1 - share), meaning="yes-or-no")


def _days(since: str, until: str, draw: Draw) -> pa.Array:
    first = np.datetime64(since)
    span = int((min(np.datetime64(until), AS_OF) - first).astype(np.int64))
    return days_as_arrow(first + draw.rng.integers(0, span + 1, draw.count))


def day(since: str = "2018-01-01", until: str = "2026-10-31", meaning: str = "date", empty: float = 0.0) -> Maker:
    """A day between the two."""

    def make(draw: Draw) -> pa.Array:
        column = _days(since, until, draw)
        if empty:
            column = pc.if_else(pa.array(draw.rng.random(draw.count) < empty), pa.scalar(None, pa.date32()), column)
        return column

    return Maker(meaning=meaning, make=make)


def _after(column: str, shortest: int, longest: int, empty: float, future: bool, draw: Draw) -> pa.Array:
    start = days_of(draw.made[column])
    end = start + draw.rng.integers(shortest, longest + 1, draw.count)
    missing = draw.rng.random(draw.count) < empty
    late = np.zeros(draw.count, dtype=bool) if future else end > AS_OF
    return days_as_arrow(np.where(missing | late, np.datetime64("NaT", "D"), end))


def after(
    column: str, shortest: int, longest: int, *, empty: float = 0.0, future: bool = False, meaning: str = "date"
) -> Maker:
    """A day so many days after another column; empty where it would lie in the future, unless that is meant."""
    return Maker(meaning=meaning, make=partial(_after, column, shortest, longest, empty, future))


def issued(since: str = "2018-01-01") -> Maker:
    """The day a licence begins to be valid."""
    return day(since, meaning="valid-from")


def expires(column: str, shortest: int, longest: int) -> Maker:
    """The last day a licence is valid, so many days after it began; often in the future."""
    return after(column, shortest, longest, future=True, meaning="valid-to")


def _months(draw: Draw) -> pa.Array:
    last = AS_OF.astype("datetime64[M]").astype(np.int64)
    month = last - draw.turn if draw.table.of.repeats > 1 else last - draw.rng.integers(0, 24, draw.count)
    return digits((month // 12 + 1970) * 100 + month % 12 + 1, 6)


month = Maker(meaning="month", make=_months)
"""YYYYMM: one of the last, going back with each repeated row."""

year = Maker(
    meaning="year",
    make=lambda draw: pa.array(2026 - draw.turn if draw.table.of.repeats > 1 else np.full(draw.count, 2026)),
)


def moment(days_back: int = 365, meaning: str = "datetime") -> Maker:
    """A second in office hours within the last days."""

    def make(draw: Draw) -> pa.Array:
        days = AS_OF - draw.rng.integers(0, days_back, draw.count)
        seconds = days.astype(_SECONDS) + draw.rng.integers(8 * 3600, 18 * 3600, draw.count)
        return pa.array(seconds, pa.timestamp("s"))

    return Maker(meaning=meaning, make=make)


updated = moment(400, "update-time")
"""When the row last changed: the watermark of incremental tables."""


def text(*templates: str, meaning: str = "text", empty: float = 0.0) -> Maker:
    """One of the sentences; {town}, {village}, {street} and {number} are filled in."""

    def make(draw: Draw) -> pa.Array:
        places = draw.county.places
        filled = [template.split("|") for template in templates]
        width = max(len(parts) for parts in filled)
        picked = draw.rng.integers(0, len(filled), draw.count)
        fields = {
            "town": places.town_name.take(pa.array(places.village_town[draw.village])),
            "village": places.village_name.take(pa.array(draw.village)),
            "number": pa.array(draw.rng.integers(1, 300, draw.count)).cast(pa.string()),
        }
        parts = []
        for place in range(width):
            words = [parts_[place] if place < len(parts_) else "" for parts_ in filled]
            column = chosen(words, picked)
            for word, values in fields.items():
                named = np.array([candidate == word for candidate in words])[picked]
                if named.any():
                    column = pc.if_else(pa.array(named), values, column)
            parts.append(column)
        column = joined(*parts)
        if empty:
            column = pc.if_else(pa.array(draw.rng.random(draw.count) < empty), pa.scalar(None, pa.string()), column)
        return column

    return Maker(meaning=meaning, make=make)


def numbered(prefix: str, kinds: int, suffix: str = "", meaning: str = "name") -> Maker:
    """A name with a small number in it: 3路, 5号仓库."""
    return Maker(
        meaning=meaning,
        make=lambda draw: joined(
            prefix, pa.array(draw.rng.integers(1, kinds + 1, draw.count)).cast(pa.string()), suffix
        ),
    )


def _refer(dataset: str, empty: float, draw: Draw) -> pa.Array:
    keys = draw.keys[dataset]
    # In a very small county the other table may be empty; then there is nothing to refer to.
    picked = draw.rng.integers(0, len(keys), draw.count) if len(keys) else np.full(draw.count, -1)
    return chosen(keys, np.where(draw.rng.random(draw.count) < empty, -1, picked))


def refer(dataset: str, empty: float = 0.0) -> Maker:
    """The key of a row of another dataset, which must come earlier in the list of sources."""
    return Maker(meaning="reference", refers=dataset, make=partial(_refer, dataset, empty))
