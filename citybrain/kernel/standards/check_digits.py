"""The check-digit algorithms, one value at a time."""

from __future__ import annotations

import re

from citybrain.declare.rule import Algorithm

CITIZEN_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CREDIT_CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015 table: no I, O, S, V, Z."""
CREDIT_CODE_WEIGHTS = tuple(3**position % 31 for position in range(17))
ORGANISATION_CODE_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_CODE_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def citizen_id(body: str) -> str:
    """The check character of 17 digits (GB 11643-1999, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, CITIZEN_ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def credit_code(body: str) -> str:
    """The check character of 17 characters (GB 32100-2015, MOD 31)."""
    total = sum(
        CREDIT_CODE_CHARACTERS.index(character) * weight
        for character, weight in zip(body, CREDIT_CODE_WEIGHTS, strict=True)
    )
    return CREDIT_CODE_CHARACTERS[-total % 31]


def organisation_code(body: str) -> str:
    """The check character of 8 characters (GB 11714-1997, MOD 11)."""
    total = sum(
        ORGANISATION_CODE_CHARACTERS.index(character) * weight
        for character, weight in zip(body, ORGANISATION_CODE_WEIGHTS, strict=True)
    )
    return "0123456789X"[-total % 11]


def luhn(body: str) -> str:
    """The check digit of a card number without it (ISO/IEC 7812-1 annex B)."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body))]
    return str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


_FORMS = {
    Algorithm.CITIZEN_ID: (re.compile("[0-9]{17}[0-9X]"), citizen_id),
    Algorithm.CREDIT_CODE: (re.compile(f"[{CREDIT_CODE_CHARACTERS}]{{18}}"), credit_code),
    Algorithm.ORGANISATION_CODE: (re.compile("[0-9A-Z]{8}[0-9X]"), organisation_code),
    Algorithm.LUHN: (re.compile("[0-9]{13,19}"), luhn),
}


def is_valid(algorithm: Algorithm, text: str) -> bool:
    """Whether `text` has the algorithm's length and characters, and ends with the character it gives."""
    form, character_of = _FORMS[algorithm]
    return form.fullmatch(text) is not None and character_of(text[:-1]) == text[-1]
