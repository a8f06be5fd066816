"""The standardising steps over code points, for the values that a scan found worth a second look."""

from __future__ import annotations

import numpy as np
from numba import njit

from citybrain.warehouse.governance.primitives.characters import (
    HAN_BEYOND,
    IS_BRACKET,
    IS_DOT,
    IS_HAN,
    IS_INVISIBLE,
    IS_SEPARATOR,
    IS_WHITE,
    find,
)
from citybrain.warehouse.governance.primitives.digits import CITIZEN_CHARACTERS, CITIZEN_WEIGHTS
from citybrain.warehouse.governance.primitives.reading import (
    HARD,
    READ,
    REFUSED,
    amount,
    as_double,
    as_integer,
    is_plain_number,
    moment,
    number,
    number_with_unit,
)

HALF_WIDTH, TRIM, NULL_WORDS, UPPER, LOWER, SEPARATORS, CITIZEN_ID_18, PHONE, NAME, ADDRESS, CODE = range(11)
"""Steps that leave a text, by number."""

AS_TEXT, AS_DATE, AS_DATETIME, AS_INTEGER, AS_DECIMAL, AS_BOOLEAN = range(6)
"""What the text is read as at the end."""

PLAIN, NUMBER, AMOUNT = range(3)
"""How a number is written."""

MIDDLE_DOT = 0xB7
GROWTH = 160
"""Code points a step may add: the beginning of an address, a code for its label."""

BEFORE_MARKET = ord("市")
MARKET = ord("场")
CHINA_OFFSET = 8 * 3600
SECONDS = 86400
FIRST_DAY = -719162
"""0001-01-01, which begins in UTC on a day that no calendar type holds: not readable as a time stamp."""


@njit(cache=True, nogil=True)
def decode(data, start, end, out):  # type: ignore[no-untyped-def]
    """UTF-8 to code points; a stray byte becomes U+FFFD. How many there are."""
    n = 0
    at = start
    while at < end:
        byte = np.int32(data[at])
        if byte < 0x80:
            size, code = 1, byte
        elif byte < 0xE0:
            size, code = 2, byte & 0x1F
        elif byte < 0xF0:
            size, code = 3, byte & 0x0F
        else:
            size, code = 4, byte & 0x07
        if at + size > end or 0x80 <= byte < 0xC0:
            size, code = 1, 0xFFFD
        for i in range(1, size):
            code = (code << 6) | (np.int32(data[at + i]) & 0x3F)
        out[n] = code
        n += 1
        at += size
    return n


@njit(cache=True, nogil=True)
def encode(a, start, n, out, at):  # type: ignore[no-untyped-def]
    """Code points `a[start:n]` as UTF-8 into `out` from `at`; where they end."""
    for i in range(start, n):
        code = a[i]
        if code < 0x80:
            out[at] = code
            at += 1
        elif code < 0x800:
            out[at] = 0xC0 | (code >> 6)
            out[at + 1] = 0x80 | (code & 0x3F)
            at += 2
        elif code < 0x10000:
            out[at] = 0xE0 | (code >> 12)
            out[at + 1] = 0x80 | ((code >> 6) & 0x3F)
            out[at + 2] = 0x80 | (code & 0x3F)
            at += 3
        else:
            out[at] = 0xF0 | (code >> 18)
            out[at + 1] = 0x80 | ((code >> 12) & 0x3F)
            out[at + 2] = 0x80 | ((code >> 6) & 0x3F)
            out[at + 3] = 0x80 | (code & 0x3F)
            at += 4
    return at


@njit(cache=True, nogil=True)
def is_any(code, classes, flags):  # type: ignore[no-untyped-def]
    """Whether a code point is of one of the classes in `flags`."""
    if code < 0x10000:
        return classes[code] & flags != 0
    return flags & IS_HAN != 0 and HAN_BEYOND[0] <= code <= HAN_BEYOND[1]


@njit(cache=True, nogil=True)
def without(a, n, classes, flags):  # type: ignore[no-untyped-def]
    """Drop every character of the classes in `flags`; how many stay."""
    m = 0
    for i in range(n):
        if not is_any(a[i], classes, flags):
            a[m] = a[i]
            m += 1
    return m


@njit(cache=True, nogil=True)
def half_width(a, n):  # type: ignore[no-untyped-def]
    """Full-width forms U+FF01 to U+FF5E and U+3000 become ASCII; whether one did."""
    changed = False
    for i in range(n):
        if 0xFF01 <= a[i] <= 0xFF5E:
            a[i] -= 0xFEE0
            changed = True
        elif a[i] == 0x3000:
            a[i] = 32
            changed = True
    return changed


@njit(cache=True, nogil=True)
def trim(a, n, classes):  # type: ignore[no-untyped-def]
    """Invisible characters and outer white space go, inner white space becomes one space: length, whether changed."""
    m = 0
    changed = False
    blank = False
    for i in range(n):
        code = a[i]
        if is_any(code, classes, IS_INVISIBLE):
            changed = True
            continue
        if is_any(code, classes, IS_WHITE):
            changed = changed or blank or m == 0 or code != 32
            blank = True
            continue
        if blank and m > 0:
            a[m] = 32
            m += 1
        blank = False
        a[m] = code
        m += 1
    return m, changed or blank


@njit(cache=True, nogil=True)
def shift_case(a, n, first, by):  # type: ignore[no-untyped-def]
    """The 26 ASCII letters from `first` move by `by`; whether one did."""
    changed = False
    for i in range(n):
        if first <= a[i] < first + 26:
            a[i] += by
            changed = True
    return changed


@njit(cache=True, nogil=True)
def is_null_word(a, n, nulls, null_offsets):  # type: ignore[no-untyped-def]
    """Whether the text is, in any case of ASCII letters, one of the words for nothing."""
    for word in range(len(null_offsets) - 1):
        start = null_offsets[word]
        if null_offsets[word + 1] - start != n:
            continue
        same = True
        for i in range(n):
            code = a[i] + 32 if 65 <= a[i] <= 90 else a[i]
            if code != nulls[start + i]:
                same = False
                break
        if same:
            return True
    return False


@njit(cache=True, nogil=True)
def citizen_id_18(a, n):  # type: ignore[no-untyped-def]
    """15 digits become 18: length."""
    if n != 15:
        return n
    for i in range(15):
        if not 48 <= a[i] <= 57:
            return n
    for i in range(14, 5, -1):
        a[i + 2] = a[i]
    a[6] = 49
    a[7] = 57
    total = 0
    for i in range(17):
        total += (a[i] - 48) * CITIZEN_WEIGHTS[i]
    a[17] = CITIZEN_CHARACTERS[total % 11]
    return 18


@njit(cache=True, nogil=True)
def mobile_start(a, n):  # type: ignore[no-untyped-def]
    """Where the mobile number behind +86, 0086 or 86 starts; 0 when there is none."""
    for prefix in range(2, 5):
        if n - prefix != 11 or a[prefix] != 49 or not 51 <= a[prefix + 1] <= 57:
            continue
        fits = a[prefix - 2] == 56 and a[prefix - 1] == 54
        if prefix == 3:
            fits = fits and a[0] == 43
        elif prefix == 4:
            fits = fits and a[0] == 48 and a[1] == 48
        for i in range(prefix, n):
            fits = fits and 48 <= a[i] <= 57
        if fits:
            return prefix
    return 0


@njit(cache=True, nogil=True)
def name(a, n, classes):  # type: ignore[no-untyped-def]
    """White space between Chinese characters or dots goes, a dot between Chinese characters becomes ·: length."""
    m = 0
    for i in range(n):
        if is_any(a[i], classes, IS_WHITE) and m > 0:
            before = m - 1
            while before >= 0 and is_any(a[before], classes, IS_WHITE):
                before -= 1
            after = i + 1
            while after < n and is_any(a[after], classes, IS_WHITE):
                after += 1
            if (
                before >= 0
                and after < n
                and is_any(a[before], classes, IS_HAN | IS_DOT)
                and is_any(a[after], classes, IS_HAN | IS_DOT)
            ):
                continue
        a[m] = a[i]
        m += 1
    for i in range(1, m - 1):
        if is_any(a[i], classes, IS_DOT) and is_any(a[i - 1], classes, IS_HAN) and is_any(a[i + 1], classes, IS_HAN):
            a[i] = MIDDLE_DOT
    return m


@njit(cache=True, nogil=True)
def longest_beginning(data, n, longest, slots, offsets, words):  # type: ignore[no-untyped-def]
    """Number and length in bytes of the longest word that the UTF-8 text `data[:n]` begins with; -1 for none."""
    for end in range(min(n, longest), 0, -1):
        if end < n and data[end] & 0xC0 == 0x80:
            continue
        found = find(data, 0, end, slots, offsets, words)
        if found >= 0:
            return found, end
    return np.int64(-1), 0


@njit(cache=True, nogil=True)
def boolean(a, n):  # type: ignore[no-untyped-def]
    """true and 1, false and 0, in any case: 1, 0, or -1 when it is neither."""
    if n == 1 and (a[0] == 48 or a[0] == 49):
        return a[0] - 48
    for value, word in ((1, (116, 114, 117, 101, 0)), (0, (102, 97, 108, 115, 101))):
        size = 4 if value == 1 else 5
        same = n == size
        for i in range(size):
            same = same and i < n and (a[i] + 32 if 65 <= a[i] <= 90 else a[i]) == word[i]
        if same:
            return value
    return -1


@njit(cache=True, nogil=True)
def read_value(a, n, b, kind, writing, classes, money):  # type: ignore[no-untyped-def]
    """Read the text as `kind`: status, integer (days, microseconds, number, truth), double, whether not plain."""
    if kind in (AS_DATE, AS_DATETIME):
        found, days, seconds = moment(a, n)
        if not found or (kind == AS_DATETIME and days == FIRST_DAY):
            return REFUSED, np.int64(0), 0.0, False
        dashes = n >= 10 and a[4] == 45 and a[7] == 45
        if kind == AS_DATE:
            return READ, days, 0.0, not (dashes and n == 10)
        plain = dashes and n == 19 and a[10] == 32
        return READ, (days * SECONDS + seconds - CHINA_OFFSET) * 1_000_000, 0.0, not plain
    if kind == AS_BOOLEAN:
        value = boolean(a, n)
        return (READ if value >= 0 else REFUSED), np.int64(value), 0.0, False
    if writing == AMOUNT:
        status, mantissa, power = amount(a, n, b, classes, *money)
    elif writing == NUMBER:
        status, mantissa, power = number_with_unit(a, n, classes)
    else:
        at, mantissa, power, hard = number(a, 0, n, True, True)
        status = REFUSED if at != n else (HARD if hard else READ)
    unusual = writing != PLAIN and status != REFUSED and not is_plain_number(a, n)
    if status != READ:
        return status, np.int64(0), 0.0, unusual
    if kind == AS_INTEGER:
        status, value = as_integer(mantissa, power)
        return status, value, 0.0, unusual
    status, double = as_double(mantissa, power)
    return status, np.int64(0), double, unusual


@njit(cache=True, nogil=True)
def standardise(  # type: ignore[no-untyped-def]
    rows, offsets, data, steps, kind, writing, reader_bit, classes, nulls, money, codes, beginnings, longest,
    out_offsets, out_data, integers, doubles, kinds, statuses,
):  # fmt: skip
    """Run `steps` over `rows` and read the result as `kind`. Per row out: text or value, bits of steps that changed it.

    `statuses` says REFUSED (unreadable), READ, HARD, or NULL (-1). Where the end text goes: `out_data[out_offsets[j]:
    out_offsets[j + 1]]`, only for texts.
    """
    widest = 0
    for j in range(len(rows)):
        widest = max(widest, offsets[rows[j] + 1] - offsets[rows[j]])
    a = np.empty(widest + GROWTH, np.int32)
    b = np.empty(widest + GROWTH, np.int32)
    raw = np.empty(4 * (widest + GROWTH), np.uint8)
    code_slots, code_offsets, code_data, code_targets, code_target_data, _ = codes
    place_slots, place_offsets, place_data, place_targets, place_target_data, _ = beginnings
    end = 0
    out_offsets[0] = 0
    for j in range(len(rows)):
        row = rows[j]
        n = decode(data, offsets[row], offsets[row + 1], a)
        bits = np.uint32(0)
        null = False
        for k in range(len(steps)):
            step = steps[k]
            changed = False
            before = n
            if step == HALF_WIDTH:
                changed = half_width(a, n)
            elif step == TRIM:
                n, changed = trim(a, n, classes)
            elif step == NULL_WORDS:
                if n == 0:
                    null = True
                elif is_null_word(a, n, nulls[0], nulls[1]):
                    null = True
                    changed = True
            elif step == UPPER:
                changed = shift_case(a, n, 97, -32)
            elif step == LOWER:
                changed = shift_case(a, n, 65, 32)
            elif step == SEPARATORS:
                n = without(a, n, classes, IS_WHITE | IS_SEPARATOR)
                changed = n != before
            elif step == CITIZEN_ID_18:
                n = citizen_id_18(a, n)
                changed = n != before
            elif step == PHONE:
                n = without(a, n, classes, IS_WHITE | IS_SEPARATOR | IS_BRACKET)
                start = mobile_start(a, n)
                if start > 0:
                    for i in range(start, n):
                        a[i - start] = a[i]
                    n -= start
                changed = n != before
            elif step == NAME:
                for i in range(n):
                    b[i] = a[i]
                n = name(a, n, classes)
                changed = n != before
                for i in range(n):
                    changed = changed or a[i] != b[i]
            elif step == ADDRESS:
                n = without(a, n, classes, IS_WHITE)
                changed = n != before
                if longest > 0:
                    size = encode(a, 0, n, raw, 0)
                    found, length = longest_beginning(raw, size, longest, place_slots, place_offsets, place_data)
                    if found >= 0:
                        count = decode(raw, 0, length, b)
                        market = b[count - 1] == BEFORE_MARKET and count < n and a[count] == MARKET
                        if not market:
                            whole = decode(place_target_data, place_targets[found], place_targets[found + 1], b)
                            changed = changed or whole != count
                            for i in range(count):
                                changed = changed or (i < whole and a[i] != b[i])
                            for i in range(count, n):
                                b[whole + i - count] = a[i]
                            n = whole + n - count
                            for i in range(n):
                                a[i] = b[i]
            elif step == CODE:
                size = encode(a, 0, n, raw, 0)
                found = find(raw, 0, size, code_slots, code_offsets, code_data)
                if found < 0:
                    for i in range(size):
                        if 65 <= raw[i] <= 90:
                            raw[i] += 32
                    found = find(raw, 0, size, code_slots, code_offsets, code_data)
                if found >= 0:
                    count = decode(code_target_data, code_targets[found], code_targets[found + 1], b)
                    changed = count != n
                    for i in range(count):
                        changed = changed or a[i] != b[i]
                        a[i] = b[i]
                    n = count
            if changed:
                bits |= np.uint32(1) << np.uint32(k)
            if null:
                break
        statuses[j] = READ
        if null:
            statuses[j] = -1
        elif kind == AS_TEXT:
            end = encode(a, 0, n, out_data, end)
        else:
            status, integer, double, unusual = read_value(a, n, b, kind, writing, classes, money)
            statuses[j] = status
            integers[j] = integer
            doubles[j] = double
            if unusual and reader_bit >= 0:
                bits |= np.uint32(1) << np.uint32(reader_bit)
        kinds[j] = bits
        out_offsets[j + 1] = end
