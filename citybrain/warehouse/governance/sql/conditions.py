"""Checks and rules as SQL: each an expression that is true where the value or the row breaks it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from citybrain.declare.element import DataType, Element
from citybrain.declare.rule import (
    Algorithm,
    Between,
    BirthMatches,
    Check,
    CheckDigit,
    DateBetween,
    EmbeddedCheckDigit,
    EmbeddedCode,
    EmbeddedDate,
    InList,
    InOrder,
    Length,
    NoMojibake,
    Pattern,
    Readable,
    Required,
    RequiredWhen,
    Rule,
    SexMatches,
)
from citybrain.kernel.standards.check_digits import (
    CITIZEN_ID_WEIGHTS,
    CREDIT_CODE_CHARACTERS,
    CREDIT_CODE_WEIGHTS,
    ORGANISATION_CODE_CHARACTERS,
    ORGANISATION_CODE_WEIGHTS,
)
from citybrain.kernel.standards.mojibake import MOJIBAKE
from citybrain.warehouse.governance.sql.dialects import Dialect
from citybrain.warehouse.governance.sql.texts import digit, weighed
from citybrain.warehouse.governance.sql.values import is_real_day

NO_CODE = "\ufffe"
"""Stands in an empty list, which SQL does not know."""


def breaks(check: Check, element: Element, today: datetime.date, dialect: Dialect) -> str:
    """Whether (value, number, unread) of the reading breaks `check`; null counts as no."""
    match check:
        case Required():
            return "value IS NULL AND NOT unread"
        case Readable():
            return "unread"
        case Length(minimum=minimum, maximum=maximum):
            return f"length(value) NOT BETWEEN {minimum} AND {maximum}"
        case Pattern(regex=regex):
            return f"NOT ({dialect.matches('value', regex)})"
        case CheckDigit(algorithm=algorithm):
            return f"NOT ({check_digit(algorithm, 'value', dialect)})"
        case EmbeddedCheckDigit(algorithm=algorithm, start=start, length=length):
            inner = f"substr(value, {start + 1}, {length})"
            return f"NOT (length({inner}) = {length} AND {check_digit(algorithm, inner, dialect)})"
        case EmbeddedDate(start=start):
            return f"NOT ({_past_day(f'substr(value, {start + 1}, 8)', today, dialect)})"
        case EmbeddedCode(start=start, length=length, codes=codes):
            listed = _listed((code.value for code in codes.codes), dialect)
            return f"substr(value, {start + 1}, {length}) NOT IN ({listed})"
        case InList(codes=codes):
            return f"value NOT IN ({_listed((code.value for code in codes.codes), dialect)})"
        case NoMojibake():
            return dialect.matches("value", MOJIBAKE)
        case Between(minimum=minimum, maximum=maximum):
            low = f"number < CAST({minimum!r} AS DOUBLE)" if minimum is not None else "false"
            high = f"number > CAST({maximum!r} AS DOUBLE)" if maximum is not None else "false"
            return f"(NOT unread AND ({low} OR {high}))"
        case DateBetween(earliest=earliest, latest=latest):
            day = "substr(value, 1, 10)"
            return f"({day} < '{earliest.isoformat()}' OR {day} > '{(latest or today).isoformat()}')"
    raise TypeError(f"No SQL for {type(check).__name__}: add it to every back end.")


def check_digit(algorithm: Algorithm, text: str, dialect: Dialect) -> str:
    """Whether the check character of `text` is right; false for a wrong length or character set."""
    match algorithm:
        case Algorithm.CITIZEN_ID:
            place = f"1 + ({weighed(text, CITIZEN_ID_WEIGHTS, dialect)}) % 11"
            return _guarded(text, "[0-9]{17}[0-9X]", f"substr('10X98765432', {place}, 1)", 18, dialect)
        case Algorithm.CREDIT_CODE:
            total = weighed(text, CREDIT_CODE_WEIGHTS, dialect, CREDIT_CODE_CHARACTERS)
            expected = f"substr('{CREDIT_CODE_CHARACTERS}', 1 + (31 - ({total}) % 31) % 31, 1)"
            return _guarded(text, f"[{CREDIT_CODE_CHARACTERS}]{{18}}", expected, 18, dialect)
        case Algorithm.ORGANISATION_CODE:
            total = weighed(text, ORGANISATION_CODE_WEIGHTS, dialect, ORGANISATION_CODE_CHARACTERS)
            expected = f"substr('0123456789X', 1 + (11 - ({total}) % 11) % 11, 1)"
            return _guarded(text, "[0-9A-Z]{8}[0-9X]", expected, 9, dialect)
        case Algorithm.LUHN:
            turned = f"rpad(reverse({text}), 19, '0')"
            # In the second alphabet every digit stands at the place of the digit sum of its double.
            parts = [digit(turned, i + 1, dialect, "0516273849" if i % 2 else "0123456789") for i in range(19)]
            return (
                f"CASE WHEN {dialect.matches(text, '[0-9]{13,19}')} THEN ({' + '.join(parts)}) % 10 = 0 ELSE false END"
            )


def _guarded(text: str, pattern: str, expected: str, place: int, dialect: Dialect) -> str:
    return f"CASE WHEN {dialect.matches(text, pattern)} THEN substr({text}, {place}, 1) = {expected} ELSE false END"


def _past_day(text: str, today: datetime.date, dialect: Dialect) -> str:
    year, month, day = (
        f"CAST(concat('0', {dialect.group(text, '^([0-9]{4})([0-9]{2})([0-9]{2})', number)}) AS INT)"
        for number in (1, 2, 3)
    )
    return f"{dialect.matches(text, '[0-9]{8}')} AND {is_real_day(year, month, day)} AND {text} <= '{today:%Y%m%d}'"


def _listed(values: Iterable[str], dialect: Dialect) -> str:
    return ", ".join(dialect.text(value) for value in values) or dialect.text(NO_CODE)


def row_breaks(rule: Rule, first: str, second: str, dialect: Dialect) -> str:
    """Whether a row breaks `rule`; `first` and `second` are the columns of its operands, standardised, as text."""
    match rule.check:
        case InOrder(first=one, second=other):
            if one.type is other.type is DataType.DATETIME:
                return f"{first} > {second}"
            return f"substr({first}, 1, 10) > substr({second}, 1, 10)"
        case BirthMatches():
            return f"length({first}) = 18 AND substr({first}, 7, 8) <> replace(substr({second}, 1, 10), '-', '')"
        case SexMatches():
            odd = f"{digit(first, 17, dialect)} % 2"
            return (
                f"CASE WHEN {dialect.matches(first, '[0-9]{17}[0-9X]')} AND {second} IN ('1', '2') "
                f"THEN {odd} <> CASE {second} WHEN '1' THEN 1 ELSE 0 END ELSE false END"
            )
        case RequiredWhen(values=values):
            return f"{first} IN ({_listed(values, dialect)}) AND {second} IS NULL"
    raise TypeError(f"No SQL for {type(rule.check).__name__}: add it to every back end.")
