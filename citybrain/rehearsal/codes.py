"""Identifiers with check characters, made for whole columns (n rows at once) and, for spoiling, for one value.

Citizen number GB 11643-1999 (MOD 11-2), unified social credit code GB 32100-2015 (MOD 31),
organisation code GB 11714-1997 (MOD 11). Written against the standards' own samples, see tests.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from citybrain.rehearsal.strings import Days, day_parts, digit_matrix, from_matrix

CITIZEN_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CITIZEN_CHECK = "10X98765432"
CREDIT_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)])
ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])


def _bytes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("ascii"), dtype=np.uint8)


def citizen_numbers(area: np.ndarray, born: Days, sequence: np.ndarray) -> pa.Array:
    """Citizen numbers (公民身份号码) of 6-digit areas, days of birth and sequence numbers 1..999 (odd male)."""
    year, month, day = day_parts(born)
    body = np.hstack(
        [digit_matrix(area, 6), digit_matrix(year * 10_000 + month * 100 + day, 8), digit_matrix(sequence, 3)]
    )
    check = _bytes(CITIZEN_CHECK)[body.astype(np.int64) @ CITIZEN_WEIGHTS % 11]
    return from_matrix(np.hstack([body + 48, check[:, None]]))


def citizen_check(body: str) -> str:
    """The check character of the first 17 digits."""
    return CITIZEN_CHECK[
        sum(int(digit) * weight for digit, weight in zip(body, CITIZEN_WEIGHTS.tolist(), strict=True)) % 11
    ]


def is_citizen_number(text: str) -> bool:
    """18 characters with the right check character; area and date are not looked at."""
    return len(text) == 18 and text[:17].isascii() and text[:17].isdigit() and citizen_check(text[:17]) == text[17]


def _organisation_value(character: str) -> int:
    return int(character) if character.isdigit() else ord(character) - 55


def organisation_check(body: str) -> str:
    """The check character of the 8 characters of an organisation code (组织机构代码)."""
    total = sum(
        _organisation_value(character) * weight
        for character, weight in zip(body, ORGANISATION_WEIGHTS.tolist(), strict=True)
    )
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def credit_check(body: str) -> str:
    """The check character of the first 17 characters of a credit code (统一社会信用代码)."""
    total = sum(
        CREDIT_CHARACTERS.index(character) * weight
        for character, weight in zip(body, CREDIT_WEIGHTS.tolist(), strict=True)
    )
    return CREDIT_CHARACTERS[(31 - total % 31) % 31]


def is_credit_code(text: str) -> bool:
    """18 characters of the set with the right outer check character."""
    return len(text) == 18 and all(c in CREDIT_CHARACTERS for c in text) and credit_check(text[:17]) == text[17]


def credit_codes(prefix: np.ndarray, area: str, organisation: np.ndarray) -> pa.Array:
    """Credit codes of (n, 2) prefixes, one 6-digit area and (n, 8) bodies, all matrices of ASCII bytes."""
    count = len(prefix)
    values = np.where(organisation >= 65, organisation - 55, organisation - 48).astype(np.int64)
    remainder = 11 - values @ ORGANISATION_WEIGHTS % 11
    inner = np.where(remainder == 10, ord("X"), np.where(remainder == 11, ord("0"), remainder + 48)).astype(np.uint8)
    body = np.hstack([prefix, np.tile(_bytes(area), (count, 1)), organisation, inner[:, None]])
    rank = np.zeros(128, dtype=np.int64)
    rank[_bytes(CREDIT_CHARACTERS)] = np.arange(31)
    outer = _bytes(CREDIT_CHARACTERS)[(31 - rank[body] @ CREDIT_WEIGHTS % 31) % 31]
    return from_matrix(np.hstack([body, outer[:, None]]))


def organisation_bodies(lead: str, serial: np.ndarray) -> np.ndarray:
    """(n, 8) bytes: the lead, then the serial number in base 31, so that no code holds I, O, S, V or Z."""
    width = 8 - len(lead)
    powers = 31 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    tail = _bytes(CREDIT_CHARACTERS)[np.asarray(serial, dtype=np.int64)[:, None] // powers % 31]
    return np.hstack([np.tile(_bytes(lead), (len(serial), 1)), tail])
