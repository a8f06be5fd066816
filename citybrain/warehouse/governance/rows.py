"""Rows told apart: hashes of keys and contents, duplicates, repeated deliveries, conflicts, references."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from citybrain.warehouse.governance.columns import as_text
from citybrain.warehouse.governance.primitives import hashing, memory

KEPT, DUPLICATE, SUPERSEDED, CONFLICT = range(4)
"""What becomes of a row whose key occurs more than once."""

WORDS = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}


def draw_seed() -> np.uint64:
    """A seed nobody who writes data can know, so that nobody can write two rows that collide."""
    return np.uint64(secrets.randbits(64))


def hash_column(values: pa.Array, seed: np.uint64) -> np.ndarray:
    """uint64, a row each: equal values have equal hashes, nulls too."""
    out = np.empty(len(values), np.uint64)
    if isinstance(values, pa.DictionaryArray):
        entries = np.append(hash_column(values.dictionary, seed), hash_column(pa.nulls(1, pa.string()), seed))
        at = memory.fixed(values.indices, np.int32)
        return entries[np.where(memory.nulls(values.indices), len(entries) - 1, at)]
    width = 0 if pa.types.is_boolean(values.type) or not _is_fixed(values.type) else values.type.bit_width // 8
    if width in WORDS:
        words = memory.fixed(values, WORDS[width]).astype(np.uint64)
        hashing.hash_words(words, *memory.validity(values), seed, out)
    else:
        hashing.hash_text(*memory.text(as_text(values)), seed, out)
    return out


def _is_fixed(type_: pa.DataType) -> bool:
    return pa.types.is_primitive(type_)


def hash_rows(columns: Iterable[pa.Array], rows: int, seed: np.uint64) -> np.ndarray:
    """uint64, a row each, over several columns in order."""
    out = np.full(rows, seed, np.uint64)
    for values in columns:
        hashing.fold(hash_column(values, seed), out)
    return out


class Repeats:
    """Rows of a table without a key: a row equal to an earlier one, as delivered, is a duplicate."""

    def __init__(self, rows: int) -> None:
        self.seed = draw_seed()
        self.table = np.zeros(1 << max(4, (2 * rows).bit_length()), np.uint64)

    def seen(self, columns: Iterable[pa.Array], rows: int) -> np.ndarray:
        """bool, a row each: whether the same row came before."""
        out = np.zeros(rows, np.bool_)
        hashing.first_seen(hash_rows(columns, rows, self.seed), self.table, out)
        return out


@dataclass
class KeyLook:
    """The first look at the key columns alone: which keys occur more than once."""

    seed: np.uint64 = field(default_factory=draw_seed)
    parts: list[np.ndarray] = field(default_factory=list)
    hashes: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint64))
    repeated: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint64))
    """Hashes that occur more than once, sorted."""

    def add(self, columns: list[pa.Array]) -> None:
        """Take in the standardised key columns of one batch."""
        self.parts.append(hash_rows(columns, len(columns[0]), self.seed))

    def finish(self) -> None:
        """Find the repeated ones."""
        self.hashes = np.concatenate(self.parts) if self.parts else self.hashes
        self.parts = []
        ordered = np.sort(self.hashes)
        self.repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
        if len(self.repeated) == 0:
            self.hashes = self.repeated

    def candidates(self, start: int, rows: int) -> np.ndarray | None:
        """bool, a row each of the batch from `start`: whether its key may occur again; None when none does."""
        if len(self.repeated) == 0:
            return None
        out = np.zeros(rows, np.bool_)
        hashing.contained(self.hashes[start : start + rows], self.repeated, out)
        return out if out.any() else None


@dataclass(frozen=True)
class Fates:
    """What becomes of rows whose key occurs more than once, in the order they were given."""

    fate: np.ndarray
    """int8: KEPT, DUPLICATE, SUPERSEDED or CONFLICT."""
    instead: np.ndarray
    """int64: number of the row kept instead; -1 where none was."""


def decide(rows: np.ndarray, key: np.ndarray, check: np.ndarray, content: np.ndarray, age: np.ndarray | None) -> Fates:
    """Judge rows by two independent hashes of the key, a hash of the content, and their age (larger is newer).

    The first of identical rows is kept. Of rows that differ the newest is kept; without ages, or when the newest are
    several, they conflict.
    """
    order = np.lexsort((rows, content, check, key))
    rows_in_order, content_in_order = rows[order], content[order]
    new_key = np.ones(len(order), np.bool_)
    new_key[1:] = (key[order][1:] != key[order][:-1]) | (check[order][1:] != check[order][:-1])
    new_content = new_key.copy()
    new_content[1:] |= content_in_order[1:] != content_in_order[:-1]
    group = np.cumsum(new_key) - 1
    first = np.flatnonzero(new_content)
    leader = first[np.cumsum(new_content) - 1]
    fate = np.where(new_content, KEPT, DUPLICATE).astype(np.int8)
    instead = np.where(new_content, -1, rows_in_order[leader])
    contents = np.bincount(group[first], minlength=int(group[-1]) + 1 if len(group) else 0)
    differing = new_content & (contents[group] > 1)
    if age is None:
        fate[differing] = CONFLICT
    else:
        age_in_order = age[order]
        newest = np.full(len(contents), np.iinfo(np.int64).min)
        np.maximum.at(newest, group, age_in_order)
        at_top = differing & (age_in_order == newest[group])
        tops = np.bincount(group[at_top], minlength=len(contents))
        winner = np.full(len(contents), -1, np.int64)
        winner[group[at_top]] = rows_in_order[at_top]
        older = differing & ~at_top
        fate[older] = SUPERSEDED
        instead[older] = np.where(tops[group[older]] == 1, winner[group[older]], -1)
        fate[at_top & (tops[group] > 1)] = CONFLICT
    back_fate, back_instead = np.empty_like(fate), np.empty_like(instead)
    back_fate[order], back_instead[order] = fate, instead
    return Fates(back_fate, back_instead)


class Known:
    """The values of a column another dataset is referred to by, as sorted hashes of their text."""

    def __init__(self) -> None:
        self.seed = draw_seed()
        self.parts: list[np.ndarray] = []
        self.hashes = np.zeros(0, np.uint64)

    def add(self, values: pa.Array) -> None:
        """Take in more of the values."""
        self.parts.append(np.unique(hash_column(as_text(values), self.seed)))

    def finish(self) -> None:
        """Make ready for `lacks`."""
        self.hashes = np.unique(np.concatenate(self.parts)) if self.parts else self.hashes
        self.parts = []

    def lacks(self, values: pa.Array) -> np.ndarray:
        """bool, a row each: whether the value is there and not known; null refers to nothing."""
        found = np.zeros(len(values), np.bool_)
        hashing.contained(hash_column(as_text(values), self.seed), self.hashes, found)
        return ~found & ~memory.nulls(values)
