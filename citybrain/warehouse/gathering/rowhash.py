"""Hashes of rows over Arrow buffers: they tell a known row from a new one, and a changed table from a still one.

The hash is 64 bits, not cryptographic: it compares rows of one department with earlier rows of the same department.
It depends on values and column order, never on file layout, and is the same after a round trip through Parquet.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
NULL = np.uint64(0x6A09E667F3BCC909)
EMPTY = np.empty(0, np.uint8)
EMPTY.flags.writeable = False
"""Of no bytes; Arrow's buffers cannot be written either, so that each kernel is compiled, at its first call, once."""


@numba.njit(cache=True, inline="always")
def _mix(value: int) -> int:
    value = (value ^ (value >> np.uint64(30))) * FIRST
    value = (value ^ (value >> np.uint64(27))) * SECOND
    return value ^ (value >> np.uint64(31))


@numba.njit(cache=True, nogil=True)
def _texts(hashes, offsets, data, valid, shift):  # type: ignore[no-untyped-def]
    has_nulls = valid.size > 0
    for row in range(hashes.size):
        bit = row + shift
        if has_nulls and not (valid[bit >> 3] >> (bit & 7)) & 1:
            hashes[row] = _mix((hashes[row] + NULL) * MULTIPLIER)
            continue
        state = hashes[row]
        word = np.uint64(0)
        start, end = offsets[row], offsets[row + 1]
        filled = np.uint64(0)
        for position in range(start, end):
            word |= np.uint64(data[position]) << filled
            filled += np.uint64(8)
            if filled == np.uint64(64):
                state = _mix((state ^ word) * MULTIPLIER)
                word = np.uint64(0)
                filled = np.uint64(0)
        # The length keeps "ab","c" apart from "a","bc", and trailing NULs from nothing.
        hashes[row] = _mix((state ^ word) * MULTIPLIER + np.uint64(end - start) + np.uint64(1))


@numba.njit(cache=True, nogil=True)
def _words(hashes, values, valid, shift):  # type: ignore[no-untyped-def]
    has_nulls = valid.size > 0
    for row in range(hashes.size):
        bit = row + shift
        if has_nulls and not (valid[bit >> 3] >> (bit & 7)) & 1:
            hashes[row] = _mix((hashes[row] + NULL) * MULTIPLIER)
        else:
            hashes[row] = _mix((hashes[row] ^ values[row]) * MULTIPLIER + np.uint64(1))


def row_hashes(batch: pa.RecordBatch) -> np.ndarray:
    """One 64-bit hash a row, shape (rows,)."""
    hashes = np.zeros(batch.num_rows, dtype=np.uint64)
    if not batch.num_rows:
        return hashes
    for column in batch.columns:
        if pa.types.is_large_string(column.type) or not _is_direct(column.type):
            column = _as_text(column)
        _add(hashes, column)
    return hashes


def _is_direct(type_: pa.DataType) -> bool:
    types = pa.types
    return (
        types.is_string(type_)
        or types.is_binary(type_)
        or (types.is_primitive(type_) and type_.bit_width == 64)
        or types.is_date32(type_)
    )


def _as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_boolean(column.type):
        return pc.cast(column, pa.int64())
    return pc.cast(column, pa.string())


def _add(hashes: np.ndarray, column: pa.Array) -> None:
    buffers = column.buffers()
    valid = np.frombuffer(buffers[0], np.uint8) if buffers[0] is not None else EMPTY
    if pa.types.is_string(column.type) or pa.types.is_binary(column.type):
        offsets = np.frombuffer(buffers[1], np.int32)[column.offset : column.offset + len(column) + 1]
        data = np.frombuffer(buffers[2], np.uint8) if buffers[2] is not None else EMPTY
        _texts(hashes, offsets, data, valid, column.offset)
        return
    if pa.types.is_date32(column.type):
        days = np.frombuffer(buffers[1], np.int32)[column.offset : column.offset + len(column)]
        numbers = days.astype(np.int64).view(np.uint64)
        numbers.flags.writeable = False
        _words(hashes, numbers, valid, column.offset)
        return
    words = np.frombuffer(buffers[1], np.uint64)[column.offset : column.offset + len(column)]
    _words(hashes, words, valid, column.offset)


@dataclass
class RowHashes:
    """The hashes of one load's rows."""

    parts: list[np.ndarray] = field(default_factory=list)

    def add(self, part: np.ndarray) -> None:
        self.parts.append(part)

    @property
    def all(self) -> np.ndarray:
        return np.concatenate(self.parts) if self.parts else np.empty(0, np.uint64)

    @property
    def content(self) -> str:
        """Order-independent hash of the content: sum and mixed sum of the row hashes, and their number, in hex."""
        every = self.all
        with np.errstate(over="ignore"):
            total = int(every.sum(dtype=np.uint64))
            squares = int((every * (every | np.uint64(1))).sum(dtype=np.uint64))
        return f"{total:016x}{squares:016x}{len(every):016x}"


def unknown(hashes: np.ndarray, known: dict[int, int]) -> np.ndarray:
    """Which rows are not among `known` (hash -> how often), which is used up: True a row to load.

    Equal rows are counted, so a source that truly holds a row twice gets it loaded twice.
    """
    keep = np.ones(len(hashes), dtype=bool)
    if not known:
        return keep
    candidates = np.flatnonzero(np.isin(hashes, np.fromiter(known, np.uint64, len(known))))
    for index in candidates:
        value = int(hashes[index])
        if known.get(value, 0) > 0:
            known[value] -= 1
            keep[index] = False
    return keep


def counted(hashes: np.ndarray) -> dict[int, int]:
    """hash -> how often."""
    values, counts = np.unique(hashes, return_counts=True)
    return dict(zip(values.tolist(), counts.tolist(), strict=True))


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What a new version has against the old one, in rows."""

    added: int
    changed: int
    removed: int


def difference(
    *, old: np.ndarray, new: np.ndarray, old_keys: np.ndarray | None = None, new_keys: np.ndarray | None = None
) -> Difference:
    """Compare two versions by row hash, and by key hash where the table has a key: without one, a change is one row
    removed and one added."""
    old_values, old_counts = np.unique(old, return_counts=True)
    new_values, new_counts = np.unique(new, return_counts=True)
    shared, at_old, at_new = np.intersect1d(old_values, new_values, assume_unique=True, return_indices=True)
    same = int(np.minimum(old_counts[at_old], new_counts[at_new]).sum()) if len(shared) else 0
    added, removed = len(new) - same, len(old) - same
    changed = 0
    if old_keys is not None and new_keys is not None:
        gone = old_keys[~np.isin(old, new_values)]
        come = new_keys[~np.isin(new, old_values)]
        changed = len(np.intersect1d(gone, come))
    return Difference(added=added - changed, changed=changed, removed=removed - changed)
