"""What a column looks like: nulls, different values, range, lengths, shapes, most frequent values, and how it drifts.

Small or repetitive columns are counted exactly; others by HyperLogLog and an even sample. Both happen in the one pass.
"""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from citybrain.declare.element import Element
from citybrain.declare.words import Masking
from citybrain.kernel.standards.masking import mask
from citybrain.warehouse.governance.columns import Governed
from citybrain.warehouse.governance.masking import masking_of, shorten
from citybrain.warehouse.governance.primitives import hashing, memory
from citybrain.warehouse.governance.rows import hash_column

EXACT_ROWS = 20_000
"""Tables up to so many rows are counted exactly, column by column."""
SAMPLE_OF_BATCH = 1_024
SAMPLE = 50_000
"""Values kept of a column that is sampled."""
TOP = 10
ENTRIES = 4_096
"""A dictionary of more different values is sampled like any other column."""
SHAPES_FROM = 64
LENGTHS = 256
RARE = 5
"""A value seen less often is not shown for a column without an element: nobody has said it is harmless."""
SEED = np.uint64(0x243F6A8885A308D3)

Profile = dict[str, Any]
"""One field's numbers, as stored: rows, nulls, distinct, is_exact, minimum, maximum, lengths, shapes, top, ..."""


class FieldProfile:
    """Gathers one column's profile batch by batch."""

    def __init__(self, element: Element | None, *, exact: bool) -> None:
        self.element = element
        self.exact = exact
        self.rows = 0
        self.nulls = 0
        self.kept: list[pa.Array] = []
        self.kept_rows = 0
        self.counter: Counter[Any] = Counter()
        self.entries: pa.Array | None = None
        self.counts = np.zeros(0, np.int64)
        self.registers = np.zeros(hashing.REGISTERS, np.uint8)
        self.lengths = np.zeros(LENGTHS, np.int64)
        self.low: Any = None
        self.high: Any = None
        self.is_sketch = False

    def add(self, governed: Governed) -> None:
        """Take in one batch."""
        values = governed.standard
        self.rows += len(values)
        if governed.entries is not None and governed.counts is not None and len(governed.entries) <= ENTRIES:
            self._add_counts(governed.entries, governed.counts)
            return
        self.nulls += values.null_count
        if self.exact:
            self.kept.append(values)
            return
        self.is_sketch = True
        self._sketch(values)

    def _add_counts(self, entries: pa.Array, counts: np.ndarray) -> None:
        if entries is not self.entries:
            self._settle()
            self.entries, self.counts = entries, np.zeros(len(entries) + 1, np.int64)
        self.counts = self.counts + counts

    def _settle(self) -> None:
        """Move the counts of the current dictionary into the counter."""
        if self.entries is None:
            return
        for value, count in zip([*self.entries.to_pylist(), None], self.counts.tolist(), strict=True):
            if value is None:
                self.nulls += count
            elif count:
                self.counter[value] += count
        self.entries = None

    def _sketch(self, values: pa.Array) -> None:
        if pa.types.is_string(values.type):
            hashing.profile_text(*memory.text(values), self.registers, self.lengths)
        else:
            hashes = hash_column(values, SEED)
            hashing.count_distinct(hashes, *memory.validity(values), self.registers)
            self._stretch(values)
        if self.kept_rows < SAMPLE and len(values):
            at = np.linspace(0, len(values) - 1, min(SAMPLE_OF_BATCH, len(values))).astype(np.int64)
            self.kept.append(values.take(pa.array(at)))
            self.kept_rows += len(at)

    def _stretch(self, values: pa.Array) -> None:
        if not _is_ordered(values.type):
            return
        ends = pc.min_max(values)
        low, high = ends["min"].as_py(), ends["max"].as_py()
        if low is not None:
            self.low = low if self.low is None else min(self.low, low)
            self.high = high if self.high is None else max(self.high, high)

    def result(self) -> Profile:
        """The finished numbers; what may not be shown is masked."""
        self._settle()
        masking = masking_of(self.element)
        seen = pa.concat_arrays(self.kept).drop_null() if self.kept else None
        profile: Profile = {"rows": self.rows, "nulls": self.nulls, "is_exact": not self.is_sketch}
        counts = self._counts(seen)
        if self.is_sketch:
            estimate = hashing.distinct_estimate(self.registers)
            profile["distinct"] = min(self.rows - self.nulls, max(estimate, len(counts)))
        else:
            profile["distinct"] = len(counts)
            self._measure(counts)
        profile["top_of"] = pc.sum(counts.field("counts")).as_py() or 0
        least = RARE if self.element is None else (2 if self.is_sketch else 1)
        profile["top"] = [[_shown(value, masking), count] for value, count in _frequent(counts) if count >= least]
        profile["minimum"] = None if self.low is None else _shown(self.low, masking)
        profile["maximum"] = None if self.high is None else _shown(self.high, masking)
        used = np.flatnonzero(self.lengths)
        if len(used):
            profile["shortest"], profile["longest"] = int(used[0]), int(used[-1])
            profile["lengths"] = {str(size): int(self.lengths[size]) for size in used}
            profile["shapes"] = _shapes(counts.field("values").slice(0, SHAPES_FROM))
        return profile

    def _counts(self, seen: pa.Array | None) -> pa.StructArray:
        """{values, counts} of everything counted or sampled, nulls left out."""
        if seen is not None and not self.counter:
            return seen.value_counts()
        counter = self.counter
        if seen is not None:
            pairs = seen.value_counts()
            counter = counter + Counter(
                dict(zip(pairs.field("values").to_pylist(), pairs.field("counts").to_pylist(), strict=True))
            )
        values = pa.array(list(counter)) if counter else pa.array([], pa.string())
        return pa.StructArray.from_arrays([values, pa.array(counter.values(), pa.int64())], ["values", "counts"])

    def _measure(self, counts: pa.StructArray) -> None:
        """Range and lengths of values that were all counted."""
        values = counts.field("values")
        if pa.types.is_string(values.type):
            sizes = np.minimum(pc.utf8_length(values).to_numpy(zero_copy_only=False), LENGTHS - 1)
            weights = counts.field("counts").to_numpy(zero_copy_only=False)
            self.lengths += np.bincount(sizes, weights, minlength=LENGTHS).astype(np.int64)
        else:
            self._stretch(values)


def _is_ordered(type_: pa.DataType) -> bool:
    return pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_temporal(type_)


def _frequent(counts: pa.StructArray) -> list[tuple[Any, int]]:
    """The most frequent values with their counts, equal counts in the order of the texts."""
    if len(counts) > TOP:
        numbers = counts.field("counts").to_numpy(zero_copy_only=False)
        floor = np.partition(numbers, len(numbers) - TOP)[len(numbers) - TOP]
        at = np.flatnonzero(numbers > floor)
        at = np.append(at, np.flatnonzero(numbers == floor)[: TOP * TOP])
        counts = counts.take(pa.array(at))
    pairs = zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], str(pair[0])))[:TOP]


def _shown(value: Any, masking: Masking) -> str:
    match value:
        case str():
            text = value
        case datetime.datetime():
            text = value.isoformat(" ", "seconds")
        case datetime.date():
            text = value.isoformat()
        case _:
            text = str(value)
    return shorten(mask(text, masking))


def _shapes(texts: pa.Array) -> list[list[Any]]:
    """The commonest forms of some values: 9 for digits, A and a for letters, 汉 for Chinese characters; runs once."""
    for pattern, sign in (("[0-9]+", "9"), ("[A-Z]+", "A"), ("[a-z]+", "a"), (r"\p{Han}+", "汉")):
        texts = pc.replace_substring_regex(texts, pattern, sign)
    return [[shorten(shape), count] for shape, count in Counter(texts.to_pylist()).most_common(TOP)]


def drift(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, float]:
    """How far a field moved since the last run.

    `rows` and `distinct` are ratios now to before, `nulls` the change of the share of nulls, `top` the population
    stability index over the most frequent values (below 0.1 steady, above 0.25 shifted).
    """
    out = {
        "rows": _ratio(now["rows"], before["rows"]),
        "distinct": _ratio(now["distinct"], before["distinct"]),
        "nulls": round(_share(now["nulls"], now["rows"]) - _share(before["nulls"], before["rows"]), 6),
        "top": round(stability(dict(before["top"]), before["top_of"], dict(now["top"]), now["top_of"]), 6),
    }
    return {name: value for name, value in out.items() if math.isfinite(value)}


def stability(before: Mapping[str, int], before_all: int, now: Mapping[str, int], now_all: int) -> float:
    """Population stability index of two counts of values, all not listed taken together; 0 when nothing is known."""
    if not before_all or not now_all:
        return 0.0
    pairs = [(before.get(value, 0) / before_all, now.get(value, 0) / now_all) for value in {*before, *now}]
    pairs.append((max(0.0, 1 - sum(p for p, _ in pairs)), max(0.0, 1 - sum(q for _, q in pairs))))
    floor = 1e-4
    return sum((max(q, floor) - max(p, floor)) * math.log(max(q, floor) / max(p, floor)) for p, q in pairs)


def _ratio(now: int, before: int) -> float:
    return round(now / before, 6) if before else math.nan


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
