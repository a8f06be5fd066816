"""All checks of a text column in one walk over its bytes: a bit a check, set where the value breaks it."""

from __future__ import annotations

import numpy as np
from numba import njit

from citybrain.warehouse.governance.primitives.automaton import matches
from citybrain.warehouse.governance.primitives.characters import find_among
from citybrain.warehouse.governance.primitives.digits import (
    citizen_id_ok,
    credit_code_ok,
    luhn_ok,
    organisation_code_ok,
)
from citybrain.warehouse.governance.primitives.memory import HIGH, ZEROS, has, is_null, load8, word_at
from citybrain.warehouse.governance.primitives.reading import NO_DAY, days_of_digits

REQUIRED, LENGTH, PATTERN, CHECK_DIGIT, EMBEDDED_DATE, EMBEDDED_CODE, IN_LIST, MOJIBAKE = range(8)
"""Checks of a text, by number. A row of the program is: check, three arguments, its bit's number."""

CITIZEN_ID, CREDIT_CODE, ORGANISATION_CODE, LUHN = range(4)
"""Check-digit algorithms, by number."""

WHOLE = -1
"""Second argument of CHECK_DIGIT when it is about the whole text."""


@njit(cache=True, nogil=True)
def characters(data, start, end):  # type: ignore[no-untyped-def]
    """How many characters the UTF-8 text has."""
    count = 0
    for at in range(start, end):
        if data[at] & 0xC0 != 0x80:
            count += 1
    return count


@njit(cache=True, nogil=True)
def skip(data, start, end, count):  # type: ignore[no-untyped-def]
    """Where the character behind the next `count` characters starts; `end` + 1 when the text is shorter."""
    # Where the first eight bytes are ASCII, a character is a byte.
    if count <= 8 and end - start >= 8 and load8(data, start) & HIGH == 0:
        return start + count
    at = start
    for _ in range(count):
        if at >= end:
            return end + 1
        at += 1
        while at < end and data[at] & 0xC0 == 0x80:
            at += 1
    return at


@njit(cache=True, nogil=True)
def check_digit_ok(algorithm, data, start, end):  # type: ignore[no-untyped-def]
    """Whether the check character is right under one of the four algorithms."""
    if algorithm == CITIZEN_ID:
        return citizen_id_ok(data, start, end)
    if algorithm == CREDIT_CODE:
        return credit_code_ok(data, start, end)
    if algorithm == ORGANISATION_CODE:
        return organisation_code_ok(data, start, end)
    return luhn_ok(data, start, end)


@njit(cache=True, nogil=True)
def embedded_date_ok(data, start, end, skipped, today):  # type: ignore[no-untyped-def]
    """Whether eight digits behind `skipped` characters are a real day not after `today` (days since 1970)."""
    at = skip(data, start, end, skipped)
    if at + 8 > end:
        return False
    days = days_of_digits(load8(data, at) ^ ZEROS)
    return NO_DAY < days <= today


@njit(cache=True, nogil=True)
def may_be_mojibake(data, start, end, openers):  # type: ignore[no-untyped-def]
    """Whether the automaton has to look: at Latin or replacement characters, 锟, and openers of UTF-8 read as GBK.

    True Chinese texts answer no from a few words of memory.
    """
    first = True
    at = start
    while at < end:
        word = word_at(data, at, end)
        if word & HIGH:
            if has(word, 0xC2) or has(word, 0xC3) or has(word, 0xEF):
                return True
            if first:
                first = False
                lead = at
                while data[lead] < 0x80:
                    lead += 1
                if data[lead] < 0xE0 or lead + 3 > end:
                    return True
                code = (
                    ((np.int64(data[lead]) & 0x0F) << 12)
                    | ((np.int64(data[lead + 1]) & 0x3F) << 6)
                    | (np.int64(data[lead + 2]) & 0x3F)
                )
                if openers[code]:
                    return True
            if has(word, 0x9F):
                for i in range(max(at, start + 2), min(at + 8, end)):
                    if data[i] == 0x9F and data[i - 1] == 0x94 and data[i - 2] == 0xE9:
                        return True
        at += 8
    return False


@njit(cache=True, nogil=True)
def check(offsets, data, valid, start, program, automata, tables, openers, today, failed):  # type: ignore[no-untyped-def]
    """Run `program` over a text column; breaks are or-ed into `failed` (uint32, a row each). How many rows have one."""
    pattern_table, accepting, starts = automata
    slots, word_offsets, words, table_places = tables
    broken_rows = 0
    for i in range(len(failed)):
        bits = np.uint32(0)
        if is_null(valid, start + i):
            for k in range(len(program)):
                if program[k, 0] == REQUIRED:
                    bits |= np.uint32(1) << np.uint32(program[k, 4])
        else:
            first = offsets[i]
            end = offsets[i + 1]
            for k in range(len(program)):
                kind = program[k, 0]
                ok = True
                if kind == PATTERN:
                    ok = matches(data, first, end, pattern_table, accepting, starts[program[k, 1]])
                elif kind == CHECK_DIGIT:
                    if program[k, 3] == WHOLE:
                        ok = check_digit_ok(program[k, 1], data, first, end)
                    else:
                        inner = skip(data, first, end, program[k, 2])
                        # Every algorithm asks for ASCII, so that characters are bytes where it can pass.
                        ok = inner + program[k, 3] <= end and check_digit_ok(
                            program[k, 1], data, inner, inner + program[k, 3]
                        )
                elif kind == EMBEDDED_DATE:
                    ok = embedded_date_ok(data, first, end, program[k, 1], today)
                elif kind == LENGTH:
                    size = end - first
                    if size < program[k, 1] or size > program[k, 2]:
                        size = characters(data, first, end)
                        ok = program[k, 1] <= size <= program[k, 2]
                    elif program[k, 1] > 1:
                        ok = characters(data, first, end) >= program[k, 1]
                elif kind in (EMBEDDED_CODE, IN_LIST):
                    table = program[k, 3]
                    inner, last = first, end
                    if kind == EMBEDDED_CODE:
                        inner = skip(data, first, end, program[k, 1])
                        last = min(skip(data, inner, end, program[k, 2]), end)
                    ok = inner <= end and (
                        find_among(
                            data,
                            inner,
                            last,
                            slots,
                            word_offsets,
                            words,
                            table_places[table, 0],
                            table_places[table, 1],
                            table_places[table, 2],
                        )
                        >= 0
                    )
                elif kind == MOJIBAKE and may_be_mojibake(data, first, end, openers):
                    ok = not matches(data, first, end, pattern_table, accepting, starts[program[k, 1]])
                if not ok:
                    bits |= np.uint32(1) << np.uint32(program[k, 4])
        if bits:
            failed[i] |= bits
            broken_rows += 1
    return broken_rows


@njit(cache=True, nogil=True)
def look_up(codes, valid, start, bits, counts, failed):  # type: ignore[no-untyped-def]
    """Findings of rows by dictionary code (the last of `bits` and `counts` is null's) and how often each code occurs.

    `failed` may be empty where no code has a finding. Whether a row has one.
    """
    nothing = len(bits) - 1
    seen = False
    for i in range(len(codes)):
        code = nothing if is_null(valid, start + i) else np.int64(codes[i])
        counts[code] += 1
        if len(failed):
            failed[i] = bits[code]
            seen = seen or bits[code] != 0
    return seen
