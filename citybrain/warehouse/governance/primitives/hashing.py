"""One hash a value, used for everything that asks "the same?": distinct counts, keys, duplicates, references, codes."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from citybrain.warehouse.governance.primitives.memory import HIGH, ONES, is_null, word_at

A = np.uint64(0x9E3779B97F4A7C15)
B = np.uint64(0xD6E8FEB86659FD93)
C = np.uint64(0xA0761D6478BD642F)
NULL = np.uint64(0x1B873593CC9E2D51)
"""What a null hashes to before mixing."""

PRECISION = 12
REGISTERS = 1 << PRECISION
"""HyperLogLog registers: 4 096 of them estimate within 1.6 % (one standard error)."""


@njit(cache=True, nogil=True, inline="always")
def mix(x):  # type: ignore[no-untyped-def]
    """Every input bit moves about half of the output bits."""
    x ^= x >> np.uint64(32)
    x *= B
    x ^= x >> np.uint64(29)
    x *= C
    return x ^ (x >> np.uint64(32))


@njit(cache=True, nogil=True, inline="always")
def hash_bytes(data, start, end, seed):  # type: ignore[no-untyped-def]
    """64-bit hash of `data[start:end]`."""
    state = seed ^ (np.uint64(end - start) * A)
    at = start
    while at < end:
        state = (state ^ word_at(data, at, end)) * C
        state ^= state >> np.uint64(29)
        at += 8
    return mix(state)


@njit(cache=True, nogil=True)
def hash_text(offsets, data, valid, start, seed, out):  # type: ignore[no-untyped-def]
    """Hashes of a string column into `out` (uint64, one a row)."""
    for i in range(len(out)):
        if is_null(valid, start + i):
            out[i] = mix(NULL ^ seed)
        else:
            out[i] = hash_bytes(data, offsets[i], offsets[i + 1], seed)


@njit(cache=True, nogil=True)
def hash_words(words, valid, start, seed, out):  # type: ignore[no-untyped-def]
    """Hashes of a fixed-width column, its values widened to uint64, into `out`."""
    for i in range(len(out)):
        word = NULL if is_null(valid, start + i) else words[i] * A
        out[i] = mix(word ^ seed)


@njit(cache=True, nogil=True)
def fold(hashes, into):  # type: ignore[no-untyped-def]
    """Take one more column's hashes into the rows' hashes, order of columns counted."""
    for i in range(len(into)):
        into[i] = (into[i] ^ hashes[i]) * A + (into[i] >> np.uint64(31))


@njit(cache=True, nogil=True)
def count_distinct(hashes, valid, start, registers):  # type: ignore[no-untyped-def]
    """Feed HyperLogLog registers (uint8) with the hashes of rows that are not null."""
    shift = np.uint64(64 - PRECISION)
    for i in range(len(hashes)):
        if is_null(valid, start + i):
            continue
        x = hashes[i]
        register = np.int64(x >> shift)
        rank = leading(x)
        if rank > registers[register]:
            registers[register] = rank


@njit(cache=True, nogil=True)
def profile_text(offsets, data, valid, start, registers, lengths):  # type: ignore[no-untyped-def]
    """Feed HyperLogLog registers and a histogram of lengths in characters (the last bin holds all longer ones)."""
    longest = len(lengths) - 1
    shift = np.uint64(64 - PRECISION)
    for i in range(len(offsets) - 1):
        if is_null(valid, start + i):
            continue
        at = offsets[i]
        end = offsets[i + 1]
        state = np.uint64(end - at) * A
        size = end - at
        while at < end:
            word = word_at(data, at, end)
            # Bytes 10xxxxxx continue a character: they make the text shorter than its bytes.
            if word & HIGH:
                rest = (word >> np.uint64(7)) & ~(word >> np.uint64(6)) & ONES
                size -= np.int64((rest * ONES) >> np.uint64(56))
            state = (state ^ word) * C
            state ^= state >> np.uint64(29)
            at += 8
        lengths[min(size, longest)] += 1
        x = mix(state)
        register = np.int64(x >> shift)
        rank = leading(x)
        if rank > registers[register]:
            registers[register] = rank


@intrinsic
def zeros_before(typing: Any, word: Any) -> Any:
    """How many zeros a uint64, which is not 0, begins with."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctlz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), generate


@njit(cache=True, nogil=True, inline="always")
def leading(x):  # type: ignore[no-untyped-def]
    """One more than the zeros that the part of the hash behind the register's number begins with."""
    return zeros_before((x << np.uint64(PRECISION)) | np.uint64(REGISTERS >> 1)) + np.uint64(1)


def distinct_estimate(registers: np.ndarray) -> int:
    """How many different values the registers saw, by HyperLogLog with linear counting for few."""
    count = len(registers)
    empty = int((registers == 0).sum())
    estimate = 0.7213 / (1 + 1.079 / count) * count * count / float(np.ldexp(1.0, -registers.astype(np.int64)).sum())
    if estimate <= 2.5 * count and empty:
        estimate = count * float(np.log(count / empty))
    return round(estimate)


@njit(cache=True, nogil=True)
def first_seen(hashes, table, seen):  # type: ignore[no-untyped-def]
    """Insert hashes into the open-addressing `table` (0 is empty); `seen` tells which rows were there before."""
    mask = np.uint64(len(table) - 1)
    added = 0
    for i in range(len(hashes)):
        x = hashes[i] | np.uint64(1)
        slot = (x >> np.uint64(1)) & mask
        while table[slot] != 0 and table[slot] != x:
            slot = (slot + np.uint64(1)) & mask
        if table[slot] == x:
            seen[i] = True
        else:
            table[slot] = x
            seen[i] = False
            added += 1
    return added


@njit(cache=True, nogil=True)
def contained(hashes, sorted_hashes, out):  # type: ignore[no-untyped-def]
    """Which hashes occur in `sorted_hashes`: a small table answers most with no, a binary search the rest."""
    size = len(sorted_hashes)
    bits = 8
    while bits < 22 and 1 << bits < 16 * size:
        bits += 1
    mask = np.uint64((1 << bits) - 1)
    some = np.zeros(1 << bits, np.uint8)
    for i in range(size):
        some[sorted_hashes[i] & mask] = 1
    for i in range(len(hashes)):
        x = hashes[i]
        if some[x & mask] == 0:
            out[i] = False
            continue
        low, high = 0, size
        while low < high:
            middle = (low + high) >> 1
            if sorted_hashes[middle] < x:
                low = middle + 1
            else:
                high = middle
        out[i] = low < size and sorted_hashes[low] == x
