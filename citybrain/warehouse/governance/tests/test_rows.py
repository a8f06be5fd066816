"""Repeated keys and repeated rows: every row has one fate, the one a plain reading gives it."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from citybrain.warehouse.governance.aside import Aside
from citybrain.warehouse.governance.primitives import hashing
from citybrain.warehouse.governance.rows import (
    CONFLICT,
    DUPLICATE,
    KEPT,
    SUPERSEDED,
    Known,
    Repeats,
    decide,
    hash_column,
)

rows_of_keys = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40)


def plainly(rows: list[tuple[int, int, int]], *, aged: bool) -> list[int]:
    """The same judgement, one group at a time."""
    groups = defaultdict(list)
    for number, (key, content, age) in enumerate(rows):
        groups[key].append((number, content, age))
    fates = [KEPT] * len(rows)
    for group in groups.values():
        leaders = {}
        for number, content, age in group:
            if content in leaders:
                fates[number] = DUPLICATE
            else:
                leaders[content] = (number, age)
        if len(leaders) < 2:
            continue
        newest = max(age for _, age in leaders.values())
        top = [number for number, age in leaders.values() if age == newest]
        for number, age in leaders.values():
            if not aged:
                fates[number] = CONFLICT
            elif age < newest:
                fates[number] = SUPERSEDED
            elif len(top) > 1:
                fates[number] = CONFLICT
    return fates


@given(rows=rows_of_keys, aged=st.booleans())
def test_fates_are_those_of_a_plain_reading(rows: list[tuple[int, int, int]], aged: bool) -> None:
    # Equal content means equal age: the watermark is a column of the row.
    rows = [(key, 10 * content + (age if aged else 0), age) for key, content, age in rows]
    key, content, age = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    fates = decide(
        np.arange(len(rows)),
        key.astype(np.uint64),
        key.astype(np.uint64),
        content.astype(np.uint64),
        age if aged else None,
    )
    assert fates.fate.tolist() == plainly(rows, aged=aged)
    for number, instead in enumerate(fates.instead.tolist()):
        if instead >= 0:
            assert fates.fate[instead] == KEPT or fates.fate[number] == DUPLICATE
            assert rows[instead][0] == rows[number][0]


def test_colliding_hashes_of_different_keys_are_told_apart() -> None:
    fates = decide(np.arange(2), np.zeros(2, np.uint64), np.array([1, 2], np.uint64), np.array([1, 2], np.uint64), None)
    assert fates.fate.tolist() == [KEPT, KEPT]


@settings(deadline=None)
@given(values=st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=50))
def test_equal_values_have_equal_hashes_and_different_ones_do_not(values: list[str | None]) -> None:
    seed = np.uint64(7)
    hashes = hash_column(pa.array(values, pa.string()), seed).tolist()
    assert len(set(hashes)) == len(set(values))
    coded = hash_column(pa.array(values, pa.string()).dictionary_encode(), seed).tolist()
    assert coded == hashes


def test_repeats_are_found_across_batches() -> None:
    repeats = Repeats(6)
    first = [pa.array(["a", "b", "a"]), pa.array([1, 1, 1])]
    second = [pa.array(["b", "b", "c"]), pa.array([1, 2, None])]
    assert repeats.seen(first, 3).tolist() == [False, False, True]
    assert repeats.seen(second, 3).tolist() == [True, False, False]


def test_known_values_are_compared_as_text() -> None:
    known = Known()
    known.add(pa.array([1, 2, 3]))
    known.add(pa.array(["x"]))
    known.finish()
    assert known.lacks(pa.array(["1", "4", None, "x"])).tolist() == [False, True, False, False]


def test_distinct_counts_are_within_a_few_per_cent() -> None:
    for count in (10, 1_000, 200_000):
        registers = np.zeros(hashing.REGISTERS, np.uint8)
        values = pa.array(np.arange(count) % count)
        hashing.count_distinct(hash_column(values, np.uint64(3)), np.zeros(0, np.uint8), 0, registers)
        assert abs(hashing.distinct_estimate(registers) - count) <= 0.06 * count


def test_many_rows_set_aside_go_through_a_file_and_come_back() -> None:
    aside = Aside()
    for part in range(3):
        rows = pa.record_batch({"id": pa.array(["k"] * 4), "v": pa.array([0, 1, 0, 1])})
        aside.add(
            rows,
            rows,
            rows=np.arange(4) + 4 * part,
            key=np.zeros(4, np.uint64),
            key_columns=[rows.column(0)],
            age=None,
            held=np.zeros(4, np.bool_),
            noticed=np.zeros(4, np.bool_),
        )
        aside._spill()
    found = [(raw.num_rows, fates.fate.tolist()) for raw, _, _, fates in aside.judged()]
    assert found == [(4, [CONFLICT, CONFLICT, DUPLICATE, DUPLICATE]), (4, [DUPLICATE] * 4), (4, [DUPLICATE] * 4)]
    assert aside.folder is not None
    aside.close()
