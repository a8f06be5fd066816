"""The quick first look: which values may need a step at all. Most do not, and those are never touched again."""

from __future__ import annotations

import numpy as np
from numba import njit

from citybrain.warehouse.governance.primitives.characters import find
from citybrain.warehouse.governance.primitives.memory import (
    HIGH,
    has,
    has_below,
    has_between,
    is_null,
    load8,
    word_at,
)
from citybrain.warehouse.governance.primitives.reading import (
    NO_DAY,
    READ,
    as_double,
    as_integer,
    days_of_digits,
)
from citybrain.warehouse.governance.primitives.steps import (
    AS_DATE,
    AS_DATETIME,
    AS_INTEGER,
    CHINA_OFFSET,
    FIRST_DAY,
    SECONDS,
)

HEAD_OF_DAY = np.uint64(int.from_bytes(b"0000-00-", "little"))
SIGNS_OF_DAY = np.uint64(0xFF0000FF00000000)

BLANKS = 1
"""White space or control characters other than single inner spaces (TRIM)."""
ANY_BLANK = 2
"""Any white space or control character."""
EXOTIC = 4
"""Characters whose UTF-8 begins with C2, E1, E2, E3 or EF: all full-width, invisible, white and dotted ones do."""
LOWER_CASE = 8
UPPER_CASE = 16
MARKS = 32
"""Hyphen, dot, slash, underscore."""
FIFTEEN = 64
"""Exactly 15 bytes long (citizen numbers of the first generation)."""
NOTHING_WORDS = 128
"""A word that means null, or the empty text."""
DIALLED = 256
"""Longer than a mobile number and beginning with +, 0 or 8, or holding a round bracket."""
EVERY = 512
"""Every value: the step has no quick test."""

MOST_OF_NULL_WORDS = 6
"""Bytes of the longest word for nothing."""


@njit(cache=True, nogil=True)
def blanks_to_trim(data, start, end):  # type: ignore[no-untyped-def]
    """Whether ASCII white space stands outside, doubled, or as anything but a space; or a control character does."""
    if data[start] <= 32 or data[end - 1] <= 32:
        return True
    for at in range(start, end):
        byte = data[at]
        if byte < 32 or byte == 127 or (byte == 32 and data[at + 1] == 32):
            return True
    return False


@njit(cache=True, nogil=True)
def suspects(offsets, data, valid, start, flags, null_slots, null_offsets, null_data, out):  # type: ignore[no-untyped-def]
    """Numbers of the rows that `flags` point at, ascending, into `out`; how many."""
    rows = len(offsets) - 1
    marks = np.zeros(rows, np.uint8)
    if flags & EVERY:
        marks[:] = 1
    elif rows:
        if flags & (NOTHING_WORDS | FIFTEEN | DIALLED):
            mark_by_size(offsets, data, flags, null_slots, null_offsets, null_data, marks)
        mark_by_bytes(offsets, data, flags, marks)
    count = 0
    for i in range(rows):
        out[count] = i
        count += marks[i] != 0 and not is_null(valid, start + i)
    return count


@njit(cache=True, nogil=True)
def mark_by_size(offsets, data, flags, null_slots, null_offsets, null_data, marks):  # type: ignore[no-untyped-def]
    """Mark the rows that their length, and then their first bytes, make suspect."""
    lower = np.empty(MOST_OF_NULL_WORDS, np.uint8)
    for i in range(len(marks)):
        first = offsets[i]
        size = offsets[i + 1] - first
        if flags & NOTHING_WORDS and size <= MOST_OF_NULL_WORDS:
            for k in range(size):
                byte = data[first + k]
                lower[k] = byte + 32 if 65 <= byte <= 90 else byte
            if size == 0 or find(lower, 0, size, null_slots, null_offsets, null_data) >= 0:
                marks[i] = 1
        if flags & FIFTEEN and size == 15:
            marks[i] = 1
        if flags & DIALLED and size > 12 and (data[first] == 43 or data[first] == 48 or data[first] == 56):
            marks[i] = 1


@njit(cache=True, nogil=True)
def mark_by_bytes(offsets, data, flags, marks):  # type: ignore[no-untyped-def]
    """Mark the rows whose bytes make them suspect: the column is swept word by word, rows are looked up on a hit."""
    end = np.int64(offsets[len(marks)])
    at = np.int64(offsets[0])
    row = 0
    while at < end:
        word = word_at(data, at, end)
        if not is_suspect(word, flags):
            at += 8
            continue
        row = row_at(offsets, at, row, len(marks))
        # The word may reach over several rows: each is looked at by itself, from its own first byte.
        last = min(at + 8, end)
        while row < len(marks) and offsets[row] < last:
            marks[row] |= row_is_suspect(data, offsets[row], offsets[row + 1], flags)
            row += 1
        row -= 1
        at = max(last, np.int64(offsets[row + 1]) if marks[row] else last)


@njit(cache=True, nogil=True)
def row_at(offsets, at, low, high):  # type: ignore[no-untyped-def]
    """The row, from `low` on, that the byte `at` belongs to."""
    step = 1
    while low + step < high and offsets[low + step] <= at:
        step *= 2
    high = min(high, low + step)
    low += step >> 1
    while low + 1 < high:
        middle = (low + high) >> 1
        if offsets[middle] <= at:
            low = middle
        else:
            high = middle
    while offsets[low + 1] <= at:
        low += 1
    return low


@njit(cache=True, nogil=True, inline="always")
def is_suspect(word, flags):  # type: ignore[no-untyped-def]
    """Whether one of eight bytes is of a kind that `flags` look for."""
    if flags & (BLANKS | ANY_BLANK) and (has_below(word, 33) or has(word, 127)):
        return True
    if flags & EXOTIC and word & HIGH:
        high = word & HIGH
        seven = word & (high - (high >> np.uint64(7)))
        if has_between(seven, 0x61, 0x63) or has(seven, 0x42) or has(seven, 0x6F):
            return True
    if flags & LOWER_CASE and has_between(word, 97, 122):
        return True
    if flags & UPPER_CASE and has_between(word, 65, 90):
        return True
    if flags & MARKS and (has_between(word, 45, 47) or has(word, 95)):
        return True
    return flags & DIALLED != 0 and has_between(word, 40, 41)


@njit(cache=True, nogil=True)
def row_is_suspect(data, first, end, flags):  # type: ignore[no-untyped-def]
    """The same of one row's own bytes; single inner spaces are nothing to trim."""
    others = flags & ~np.int64(BLANKS)
    for at in range(first, end, 8):
        word = word_at(data, at, end)
        if is_suspect(word, others):
            return True
        if flags & BLANKS and (has_below(word, 33) or has(word, 127)) and blanks_to_trim(data, first, end):
            return True
    return False


@njit(cache=True, nogil=True, inline="always")
def iso_day(data, at):  # type: ignore[no-untyped-def]
    """Days since 1970 of the ten bytes `YYYY-MM-DD` at `at`, NO_DAY when they are not that or no such day."""
    head = load8(data, at) ^ HEAD_OF_DAY
    if head & SIGNS_OF_DAY != 0:
        return np.int64(NO_DAY)
    tail = (np.uint64(data[at + 8]) | (np.uint64(data[at + 9]) << np.uint64(8))) ^ np.uint64(0x3030)
    year = head & np.uint64(0xFFFFFFFF)
    month = (head >> np.uint64(8)) & np.uint64(0xFFFF00000000)
    return days_of_digits(year | month | (tail << np.uint64(48)))


@njit(cache=True, nogil=True)
def two_digits(data, at):  # type: ignore[no-untyped-def]
    """The two digits at `at`, a hundred or more when they are none."""
    tens = np.int64(data[at]) - 48
    ones = np.int64(data[at + 1]) - 48
    return tens * 10 + ones if 0 <= tens <= 9 and 0 <= ones <= 9 else np.int64(100)


@njit(cache=True, nogil=True)
def read_plain(offsets, data, valid, start, kind, integers, doubles, out):  # type: ignore[no-untyped-def]
    """Read values written the standard way straight from bytes; numbers of the rows written otherwise into `out`."""
    count = 0
    for i in range(len(offsets) - 1):
        if is_null(valid, start + i):
            continue
        first = np.int64(offsets[i])
        end = np.int64(offsets[i + 1])
        size = end - first
        done = False
        if kind == AS_DATE:
            if size == 10:
                days = iso_day(data, first)
                done = days > -1_000_000
                integers[i] = days
        elif kind == AS_DATETIME:
            if size == 19 and data[first + 10] == 32 and data[first + 13] == 58 and data[first + 16] == 58:
                days = iso_day(data, first)
                hour = two_digits(data, first + 11)
                minute = two_digits(data, first + 14)
                second = two_digits(data, first + 17)
                done = days > FIRST_DAY and hour < 24 and minute < 60 and second < 60
                seconds = days * SECONDS + hour * 3600 + minute * 60 + second - CHINA_OFFSET
                integers[i] = seconds * 1_000_000
        elif 0 < size <= 18:
            mantissa = np.int64(0)
            power = 0
            point = False
            done = True
            at = first
            negative = data[at] == 45
            if negative:
                at += 1
            done = at < end
            while at < end:
                byte = np.int64(data[at])
                if 48 <= byte <= 57:
                    mantissa = mantissa * 10 + byte - 48
                    power -= point
                elif byte == 46 and not point and first + negative < at < end - 1:
                    point = True
                else:
                    done = False
                    break
                at += 1
            if done:
                if negative:
                    mantissa = -mantissa
                if kind == AS_INTEGER:
                    status, integers[i] = as_integer(mantissa, power)
                else:
                    status, doubles[i] = as_double(mantissa, power)
                done = status == READ
        if not done:
            out[count] = i
            count += 1
    return count


@njit(cache=True, nogil=True)
def splice(offsets, data, rows, new_offsets, new_data, out_offsets, out_data):  # type: ignore[no-untyped-def]
    """The column with `rows` (ascending) replaced by the new texts; runs in between are copied whole."""
    end = np.int64(0)
    done = 0
    out_offsets[0] = 0
    for j in range(len(rows) + 1):
        row = rows[j] if j < len(rows) else len(offsets) - 1
        if row > done:
            at = offsets[done]
            size = offsets[row] - at
            out_data[end : end + size] = data[at : at + size]
            shift = end - at
            for i in range(done, row):
                out_offsets[i + 1] = offsets[i + 1] + shift
            end += size
        if j < len(rows):
            at = new_offsets[j]
            size = new_offsets[j + 1] - at
            for k in range(size):
                out_data[end + k] = new_data[at + k]
            end += size
            out_offsets[row + 1] = end
            done = row + 1
    return end


@njit(cache=True, nogil=True)
def scatter(rows, values, into):  # type: ignore[no-untyped-def]
    """`into[rows[j]] = values[j]`."""
    for j in range(len(rows)):
        into[rows[j]] = values[j]
