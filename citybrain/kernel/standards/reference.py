"""The reference reading of every step, check and rule: slow, one small function each, obviously right.

It is the oracle of the fast back ends' parity tests, it runs the examples of every element, and it judges the small
samples by which columns are matched. A value is None, text, int, Decimal, date, datetime (China Standard Time), bool,
or `Unreadable` where the text is not a value of the element's type.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from citybrain.declare.element import Element
from citybrain.declare.rule import (
    BirthMatches,
    Check,
    InList,
    InOrder,
    Readable,
    Required,
    RequiredWhen,
    Rule,
    Severity,
    SexMatches,
    Step,
)
from citybrain.kernel.standards.reference_checks import birth_matches, in_order, passes, sex_matches
from citybrain.kernel.standards.reference_steps import STEPS, Unreadable, Value, read


class Standardised(NamedTuple):
    """A standardised value, and the steps that changed it, in order."""

    value: Value
    kinds: tuple[Step, ...]


def standardise(element: Element, text: str | None) -> Standardised:
    """Run the element's steps over `text`, then read it as the element's type."""
    value: Value = text
    kinds: list[Step] = []
    for step in element.steps:
        if not isinstance(value, str):
            break
        value, changed = STEPS[step](value, element)
        if changed:
            kinds.append(step)
    if isinstance(value, str):
        value = read(value, element.type)
    return Standardised(value, tuple(kinds))


def failures(element: Element, text: str | None, today: datetime.date) -> list[str]:
    """Names of the checks `text` breaks once it is standardised, in the order the element lists them."""
    return [check.name for check in broken(element, standardise(element, text).value, today)]


def broken(element: Element, value: Value, today: datetime.date) -> list[Check]:
    """The checks a standardised `value` breaks. An unreadable value breaks only `Readable`; null only `Required`."""
    if isinstance(value, Unreadable):
        own = next((check for check in element.checks if isinstance(check, Readable)), Readable())
        return [own]
    if value is None:
        return [check for check in element.checks if isinstance(check, Required)]
    return [check for check in element.checks if not passes(check, value, today)]


def severity(check: Check) -> Severity:
    """How grave a broken check is: a code outside a list that is not complete is never an error."""
    if isinstance(check, InList) and not check.codes.complete:
        return Severity.NOTICE
    return check.severity


def rule_passes(rule: Rule, row: Mapping[str, str | None]) -> bool:
    """Whether a row of texts by element key passes `rule`; null and unreadable values pass, the checks report them."""

    def value(element: Element) -> Value:
        found = standardise(element, row.get(element.key)).value
        return None if isinstance(found, Unreadable) else found

    match rule.check:
        case InOrder(first=first, second=second):
            return in_order(value(first), value(second))
        case BirthMatches(identifier=identifier, birth=birth):
            return birth_matches(value(identifier), value(birth))
        case SexMatches(identifier=identifier, sex=sex):
            return sex_matches(value(identifier), value(sex))
        case RequiredWhen(when=when, values=values, then=then):
            return value(when) not in values or value(then) is not None
    raise TypeError(f"No reading of {type(rule.check).__name__}: add one to the reference and to every back end.")


def as_text(value: Value) -> str | None:
    """A standardised value as examples write it: dates and times ISO 8601, numbers without needless zeros."""
    match value:
        case None:
            return None
        case Unreadable(text=text):
            return text
        case bool():
            return "true" if value else "false"
        case Decimal():
            plain = format(value, "f")
            return plain.rstrip("0").rstrip(".") if "." in plain else plain
        case datetime.date():
            return value.isoformat()
        case _:
            return str(value)
