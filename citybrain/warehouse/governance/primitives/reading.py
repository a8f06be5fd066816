"""Dates and numbers out of code points: the grammars of the steps DATE, DATETIME, NUMBER and AMOUNT."""

from __future__ import annotations

import datetime

import numpy as np
from numba import njit

from citybrain.warehouse.governance.primitives.characters import IS_WHITE

REFUSED = 0
READ = 1
HARD = 2
"""A number of more digits than a word holds: read one at a time, exactly, elsewhere."""

EXACT_POWERS = 10.0 ** np.arange(23)
"""Powers of ten that a double holds exactly."""

NO_DAY = -10_000_000
"""Below every real day: what a date that does not exist becomes."""


def _calendar() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days since 1970 at the start of each year, and for both kinds of year the days before and in each month."""
    years = np.full(10_000, NO_DAY, np.int64)
    first = datetime.date(1970, 1, 1)
    for year in range(1, 10_000):
        years[year] = (datetime.date(year, 1, 1) - first).days
    before, within = np.zeros((2, 16), np.int64), np.zeros((2, 16), np.int64)
    for leap in (0, 1):
        for month in range(1, 13):
            within[leap, month] = 28 + leap if month == 2 else (30 if month in (4, 6, 9, 11) else 31)
            before[leap, month] = within[leap, :month].sum()
    return years, before.reshape(-1), within.reshape(-1)


YEARS, DAYS_BEFORE, DAYS_IN = _calendar()
LEAPS = np.array([year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) for year in range(10_000)], np.uint8)

DIGIT_LANES = np.uint64(0xF0F0F0F0F0F0F0F0)
SIXES = np.uint64(0x0606060606060606)

NIAN, YUE, RI = ord("年"), ord("月"), ord("日")
YUAN, ROUND_YUAN, ZHENG = ord("元"), ord("圆"), ord("整")
OPEN, WIDE_OPEN, CLOSE, WIDE_CLOSE = ord("("), ord("（"), ord(")"), ord("）")


@njit(cache=True, nogil=True)
def days_of(year, month, day):  # type: ignore[no-untyped-def]
    """Days since 1970-01-01 of a calendar day of the years 1 to 9999; NO_DAY when there is no such day."""
    if year < 1 or year > 9999 or month < 1 or month > 12:
        return np.int64(NO_DAY)
    place = month + 16 * np.int64(LEAPS[year])
    if day < 1 or day > DAYS_IN[place]:
        return np.int64(NO_DAY)
    return YEARS[year] + DAYS_BEFORE[place] + day - 1


@njit(cache=True, nogil=True, inline="always")
def days_of_digits(digits):  # type: ignore[no-untyped-def]
    """Days since 1970-01-01 of eight bytes YYYYMMDD from which the digit 0 was taken; NO_DAY when they are no day."""
    if (digits | (digits + SIXES)) & DIGIT_LANES != 0:
        return np.int64(NO_DAY)
    # Two digits a step: bytes to pairs, pairs to the four-digit year.
    pairs = digits * np.uint64(10) + (digits >> np.uint64(8))
    century = np.int64(pairs & np.uint64(0xFF))
    year = century * 100 + np.int64((pairs >> np.uint64(16)) & np.uint64(0xFF))
    month = np.int64((pairs >> np.uint64(32)) & np.uint64(0xFF))
    return days_of(year, month, np.int64((pairs >> np.uint64(48)) & np.uint64(0xFF)))


@njit(cache=True, nogil=True)
def digits_at(a, at, n, least, most):  # type: ignore[no-untyped-def]
    """The number of `least` to `most` digits from `at`, and where they end; end -1 when there are fewer."""
    value = 0
    end = at
    while end < n and end - at < most and 48 <= a[end] <= 57:
        value = value * 10 + (a[end] - 48)
        end += 1
    return value, (end if end - at >= least else -1)


@njit(cache=True, nogil=True)
def moment(a, n):  # type: ignore[no-untyped-def]
    """The six layouts of a day, with or without a time: whether it is one, days since 1970, seconds of the day."""
    nothing = (False, np.int64(0), np.int64(0))
    year, at = digits_at(a, 0, n, 4, 4)
    if at != 4 or n < 8:
        return nothing
    compact = False
    mark = a[4]
    if mark == 45 or mark == 47 or mark == 46 or mark == NIAN:
        month, at = digits_at(a, 5, n, 1, 2)
        if at < 0 or at >= n or a[at] != (YUE if mark == NIAN else mark):
            return nothing
        day, at = digits_at(a, at + 1, n, 1, 2)
        if at < 0:
            return nothing
        if mark == NIAN:
            if at >= n or a[at] != RI:
                return nothing
            at += 1
    else:
        month, at = digits_at(a, 4, n, 2, 2)
        if at < 0:
            return nothing
        day, at = digits_at(a, 6, n, 2, 2)
        if at < 0:
            return nothing
        compact = True
    hour, minute, second = 0, 0, 0
    if at < n and (a[at] == 32 or a[at] == 84):
        hour, at = digits_at(a, at + 1, n, 1, 2)
        if at < 0 or at >= n or a[at] != 58:
            return nothing
        minute, at = digits_at(a, at + 1, n, 2, 2)
        if at < 0:
            return nothing
        if at < n and a[at] == 58:
            second, at = digits_at(a, at + 1, n, 2, 2)
            if at < 0:
                return nothing
            if at + 1 < n and a[at] == 46:
                at += 1
                while at < n and 48 <= a[at] <= 57:
                    at += 1
    elif compact and n == 14:
        hour, at = digits_at(a, 8, n, 2, 2)
        if at < 0:
            return nothing
        minute, at = digits_at(a, 10, n, 2, 2)
        if at < 0:
            return nothing
        second, at = digits_at(a, 12, n, 2, 2)
        if at < 0:
            return nothing
    days = days_of(year, month, day)
    if at != n or days < -1_000_000 or hour > 23 or minute > 59 or second > 59:
        return nothing
    return True, np.int64(days), np.int64(hour * 3600 + minute * 60 + second)


@njit(cache=True, nogil=True)
def number(a, start, n, exponents, sparse):  # type: ignore[no-untyped-def]
    """The longest number from `start`: its end (-1 for none), digits as an integer, power of ten, whether hard.

    A sign, digits with or without commas in threes, a fraction; `exponents` allows e+5 behind, `sparse` a fraction with
    no digit before it. Commas and exponents exclude each other.
    """
    at = start
    negative = False
    if at < n and (a[at] == 43 or a[at] == 45):
        negative = a[at] == 45
        at += 1
    mantissa = np.int64(0)
    power = 0
    hard = False
    first = at
    while at < n and 48 <= a[at] <= 57:
        if mantissa >= 900_000_000_000_000_000:
            hard = True
        else:
            mantissa = mantissa * 10 + (a[at] - 48)
        at += 1
    whole = at - first
    commas = False
    if 1 <= whole <= 3:
        while at + 3 < n and a[at] == 44:
            for i in range(1, 4):
                if not 48 <= a[at + i] <= 57:
                    return -1, mantissa, power, hard
            if at + 4 < n and 48 <= a[at + 4] <= 57:
                return -1, mantissa, power, hard
            for i in range(1, 4):
                if mantissa >= 900_000_000_000_000_000:
                    hard = True
                else:
                    mantissa = mantissa * 10 + (a[at + i] - 48)
            at += 4
            commas = True
    fraction = 0
    if at < n and a[at] == 46 and (whole > 0 or (sparse and at + 1 < n and 48 <= a[at + 1] <= 57)):
        at += 1
        while at < n and 48 <= a[at] <= 57:
            if mantissa >= 900_000_000_000_000_000:
                hard = hard or a[at] != 48
            else:
                mantissa = mantissa * 10 + (a[at] - 48)
                power -= 1
            at += 1
            fraction += 1
    if whole == 0 and fraction == 0:
        return -1, mantissa, power, hard
    if exponents and not commas and at < n and (a[at] == 101 or a[at] == 69):
        sign = 1
        mark = at + 1
        if mark < n and (a[mark] == 43 or a[mark] == 45):
            sign = -1 if a[mark] == 45 else 1
            mark += 1
        value, end = digits_at(a, mark, n, 1, 3)
        if end > 0:
            power += sign * value
            at = end
    return at, (-mantissa if negative else mantissa), power, hard


@njit(cache=True, nogil=True)
def phrase_at(a, at, n, characters, offsets):  # type: ignore[no-untyped-def]
    """Number of the first of the words (longest first) that stands at `at`, -1 for none."""
    for word in range(len(offsets) - 1):
        size = offsets[word + 1] - offsets[word]
        if at + size > n:
            continue
        same = True
        for i in range(size):
            if a[at + i] != characters[offsets[word] + i]:
                same = False
                break
        if same:
            return word
    return -1


@njit(cache=True, nogil=True)
def is_plain_number(a, n):  # type: ignore[no-untyped-def]
    """Whether all of `a[:n]` is a number written without commas or unit."""
    for i in range(n):
        if a[i] == 44:
            return False
    end, _, _, _ = number(a, 0, n, True, True)
    return end == n


@njit(cache=True, nogil=True)
def number_with_unit(a, n, classes):  # type: ignore[no-untyped-def]
    """NUMBER: one trailing % or 元 with white space before it may go. Status, digits, power."""
    end = n
    if end > 0 and (a[end - 1] == 37 or a[end - 1] == YUAN):
        end -= 1
        while end > 0 and a[end - 1] < 0x10000 and classes[a[end - 1]] & IS_WHITE:
            end -= 1
    at, mantissa, power, hard = number(a, 0, end, True, True)
    if at != end:
        return REFUSED, mantissa, power
    return (HARD if hard else READ), mantissa, power


@njit(cache=True, nogil=True)
def amount(
    a, n, b, classes, prefixes, prefix_offsets, powers, power_offsets, power_values, currencies, currency_offsets
):  # type: ignore[no-untyped-def]
    """AMOUNT: [sign] number [(] [万] [元] [currency] [元] [整] [)]. `b` is scratch. Status, digits, power."""
    m = 0
    for i in range(n):
        if a[i] < 0x10000 and classes[a[i]] & IS_WHITE:
            continue
        b[m] = a[i]
        m += 1
    at = 0
    word = phrase_at(b, 0, m, prefixes, prefix_offsets)
    if word >= 0:
        at = prefix_offsets[word + 1] - prefix_offsets[word]
    at, mantissa, power, hard = number(b, at, m, False, False)
    if at < 0:
        return REFUSED, mantissa, power
    if at < m and (b[at] == OPEN or b[at] == WIDE_OPEN):
        at += 1
    word = phrase_at(b, at, m, powers, power_offsets)
    if word >= 0:
        at += power_offsets[word + 1] - power_offsets[word]
        power += power_values[word]
    if at < m and (b[at] == YUAN or b[at] == ROUND_YUAN):
        at += 1
    word = phrase_at(b, at, m, currencies, currency_offsets)
    if word >= 0:
        at += currency_offsets[word + 1] - currency_offsets[word]
    if at < m and (b[at] == YUAN or b[at] == ROUND_YUAN):
        at += 1
    if at < m and b[at] == ZHENG:
        at += 1
    if at < m and (b[at] == CLOSE or b[at] == WIDE_CLOSE):
        at += 1
    if at != m:
        return REFUSED, mantissa, power
    return (HARD if hard else READ), mantissa, power


@njit(cache=True, nogil=True)
def as_integer(mantissa, power):  # type: ignore[no-untyped-def]
    """`mantissa` times ten to `power` as an integer: status and value; refused when it is none or does not fit."""
    value = mantissa
    if value == 0:
        return READ, value
    while power < 0:
        if value % 10 != 0:
            return REFUSED, value
        value //= 10
        power += 1
    while power > 0:
        if value > 922_337_203_685_477_580 or value < -922_337_203_685_477_580:
            return REFUSED, value
        value *= 10
        power -= 1
    return READ, value


@njit(cache=True, nogil=True)
def as_double(mantissa, power):  # type: ignore[no-untyped-def]
    """`mantissa` times ten to `power` as the nearest double: status and value; hard outside 10^±22."""
    if mantissa == 0:
        return READ, 0.0
    if power < -22 or power > 22:
        return HARD, 0.0
    ten = EXACT_POWERS[abs(power)]
    high = np.float64(mantissa)
    low = np.float64(mantissa - np.int64(high))
    if power == 0:
        return READ, high
    # Dekker's products keep what a double loses, so that 17 and 18 digits come out as the nearest double too.
    if power > 0:
        first = high * ten
        return READ, first + (product_error(high, ten, first) + low * ten)
    first = high / ten
    back = first * ten
    rest = (high - back) - product_error(first, ten, back) + low
    return READ, first + rest / ten


@njit(cache=True, nogil=True)
def product_error(x, y, product):  # type: ignore[no-untyped-def]
    """x * y - product, exactly, `product` being the rounded x * y."""
    c = 134217729.0 * x
    x_high = c - (c - x)
    x_low = x - x_high
    c = 134217729.0 * y
    y_high = c - (c - y)
    y_low = y - y_high
    return ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low
