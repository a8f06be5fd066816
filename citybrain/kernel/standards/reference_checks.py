"""The reference reading of every check of one value, and of every rule across a row."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

from citybrain.declare.rule import (
    Between,
    Check,
    CheckDigit,
    DateBetween,
    EmbeddedCheckDigit,
    EmbeddedCode,
    EmbeddedDate,
    InList,
    Length,
    NoMojibake,
    Pattern,
    Readable,
    Required,
)
from citybrain.kernel.standards import check_digits
from citybrain.kernel.standards.mojibake import is_mojibake
from citybrain.kernel.standards.reference_steps import Value, moment
from citybrain.kernel.standards.vocabulary import code_values


def passes(check: Check, value: Value, today: datetime.date) -> bool:
    """Whether `value`, which is readable and not null, passes `check` on the day `today`."""
    match check:
        case Required() | Readable():
            return True
        case Length(minimum=minimum, maximum=maximum):
            return minimum <= len(_text(value)) <= maximum
        case Pattern(regex=regex):
            return re.fullmatch(regex, _text(value), re.ASCII | re.DOTALL) is not None
        case CheckDigit(algorithm=algorithm):
            return check_digits.is_valid(algorithm, _text(value))
        case EmbeddedCheckDigit(algorithm=algorithm, start=start, length=length):
            inner = _text(value)[start : start + length]
            return len(inner) == length and check_digits.is_valid(algorithm, inner)
        case EmbeddedDate(start=start):
            return _is_past_day(_text(value)[start : start + 8], today)
        case EmbeddedCode(start=start, length=length, codes=codes):
            inner = _text(value)[start : start + length]
            return inner in code_values(codes)
        case Between(minimum=minimum, maximum=maximum):
            return _between(value, minimum, maximum)
        case DateBetween(earliest=earliest, latest=latest):
            return earliest <= _day(value) <= (latest or today)
        case InList(codes=codes):
            return value in code_values(codes)
        case NoMojibake():
            return not is_mojibake(_text(value))
    raise TypeError(f"No reading of {type(check).__name__}: add one to the reference and to every back end.")


def in_order(first: Value, second: Value) -> bool:
    """Whether `first` is not after `second`; a day and a time are compared as days."""
    if not isinstance(first, datetime.date) or not isinstance(second, datetime.date):
        return True
    if isinstance(first, datetime.datetime) and isinstance(second, datetime.datetime):
        return first <= second
    return _day(first) <= _day(second)


def birth_matches(identifier: Value, birth: Value) -> bool:
    """Whether characters 7-14 of an 18-character citizen number are the birth date; any other number passes."""
    if not isinstance(identifier, str) or len(identifier) != 18 or not isinstance(birth, datetime.date):
        return True
    return identifier[6:14] == birth.isoformat()[:10].replace("-", "")


def sex_matches(identifier: Value, sex: Value) -> bool:
    """Whether the 17th digit of a citizen number is odd for 1 (男), even for 2 (女); 0 and 9 (未知, 未说明) pass."""
    if not isinstance(identifier, str) or not re.fullmatch("[0-9]{17}[0-9X]", identifier):
        return True
    return {"1": int(identifier[16]) % 2 == 1, "2": int(identifier[16]) % 2 == 0}.get(str(sex), True)


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise TypeError(f"A check of texts was declared for a value of type {type(value).__name__}.")
    return value


def _day(value: Value) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    raise TypeError(f"A check of dates was declared for a value of type {type(value).__name__}.")


def _between(value: Value, minimum: float | None, maximum: float | None) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f"A check of numbers was declared for a value of type {type(value).__name__}.")
    return (minimum is None or float(value) >= minimum) and (maximum is None or float(value) <= maximum)


def _is_past_day(digits: str, today: datetime.date) -> bool:
    found = moment(digits) if re.fullmatch("[0-9]{8}", digits) else None
    return found is not None and found.date() <= today
