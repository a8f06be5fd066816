"""Check digits over bytes: citizen number, credit code, organisation code, bank card."""

from __future__ import annotations

import numpy as np
from numba import njit

from citybrain.warehouse.governance.primitives.memory import ZEROS, load8

CITIZEN_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], np.int64)
CITIZEN_CHARACTERS = np.frombuffer(b"10X98765432", np.uint8).copy()
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28], np.int64)
ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2], np.int64)


def _values(alphabet: str) -> np.ndarray:
    """The value of every byte in `alphabet`, far below zero for bytes outside it, so that a sum tells."""
    table = np.full(256, -1_000_000, np.int64)
    for value, character in enumerate(alphabet):
        table[ord(character)] = value
    return table


CREDIT_VALUES = _values(CREDIT_ALPHABET)
ORGANISATION_VALUES = _values("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGIT_VALUES = _values("0123456789")


def _lanes(weights: tuple[int, int, int, int]) -> np.uint64:
    """Four weights as a multiplier that adds up four 16-bit lanes times their weights in the highest lane."""
    return np.uint64(sum(weight << (16 * (3 - lane)) for lane, weight in enumerate(weights)))


EVEN_BYTES = np.uint64(0x00FF00FF00FF00FF)
DIGIT_TOPS = np.uint64(0xF0F0F0F0F0F0F0F0)
SIXES = np.uint64(0x0606060606060606)
FIRST_EVEN, FIRST_ODD = _lanes((7, 10, 8, 2)), _lanes((9, 5, 4, 1))
SECOND_EVEN, SECOND_ODD = _lanes((6, 7, 10, 8)), _lanes((3, 9, 5, 4))


@njit(cache=True, nogil=True)
def citizen_id_ok(data, start, end):  # type: ignore[no-untyped-def]
    """ISO 7064 MOD 11-2 over 18 characters, the last a digit or X (GB 11643-1999); eight digits weighed at a time."""
    if end - start != 18:
        return False
    first = load8(data, start)
    second = load8(data, start + 8)
    tops = (first & (first + SIXES) & DIGIT_TOPS) & (second & (second + SIXES) & DIGIT_TOPS)
    if tops != ZEROS or (first | second | (first + SIXES) | (second + SIXES)) & DIGIT_TOPS != ZEROS:
        return False
    seventeenth = np.int64(data[start + 16]) - 48
    if seventeenth < 0 or seventeenth > 9:
        return False
    first -= ZEROS
    second -= ZEROS
    lane = np.uint64(48)
    eight = np.uint64(8)
    total = (
        ((first & EVEN_BYTES) * FIRST_EVEN >> lane)
        + ((first >> eight & EVEN_BYTES) * FIRST_ODD >> lane)
        + ((second & EVEN_BYTES) * SECOND_EVEN >> lane)
        + ((second >> eight & EVEN_BYTES) * SECOND_ODD >> lane)
    )
    return data[start + 17] == CITIZEN_CHARACTERS[(np.int64(total) + seventeenth * 2) % 11]


@njit(cache=True, nogil=True)
def credit_code_ok(data, start, end):  # type: ignore[no-untyped-def]
    """MOD 31 over 18 characters of the 31-character alphabet; a leading letter is valid (GB 32100-2015)."""
    if end - start != 18:
        return False
    total = 0
    for i in range(17):
        total += CREDIT_VALUES[data[start + i]] * CREDIT_WEIGHTS[i]
    return total >= 0 and CREDIT_VALUES[data[start + 17]] == (31 - total % 31) % 31


@njit(cache=True, nogil=True)
def organisation_code_ok(data, start, end):  # type: ignore[no-untyped-def]
    """MOD 11 over 9 characters without the hyphen (GB 11714-1997)."""
    if end - start != 9:
        return False
    total = 0
    for i in range(8):
        total += ORGANISATION_VALUES[data[start + i]] * ORGANISATION_WEIGHTS[i]
    if total < 0:
        return False
    check = 11 - total % 11
    last = data[start + 8]
    if check == 10:
        return last == 88
    return last == 48 + check % 11


@njit(cache=True, nogil=True)
def luhn_ok(data, start, end):  # type: ignore[no-untyped-def]
    """Luhn over 13 to 19 digits (ISO/IEC 7812-1)."""
    length = end - start
    if length < 13 or length > 19:
        return False
    total = 0
    for i in range(length):
        digit = DIGIT_VALUES[data[end - 1 - i]]
        if digit < 0:
            return False
        if i & 1:
            digit = digit * 2 - 9 if digit > 4 else digit * 2
        total += digit
    return total % 10 == 0
