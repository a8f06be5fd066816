"""The reference reading of every standardising step: text in, value out, and whether the step changed it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from citybrain.declare.element import DataType, Element
from citybrain.declare.rule import NULL_WORDS, Step
from citybrain.kernel.standards import check_digits
from citybrain.kernel.standards.vocabulary import (
    AMOUNT_PREFIXES,
    BRACKETS,
    CURRENCY_WORDS,
    INVISIBLE,
    MULTIPLIERS,
    NAME_DOTS,
    SEPARATORS,
    WHITE,
    address_beginnings,
    code_values,
    code_words,
    is_han,
    lower,
    upper,
)

CHINA = datetime.timezone(datetime.timedelta(hours=8))
"""China Standard Time, without summer time: what a delivered time of day means."""

INT64 = 2**63
"""Integers from here on do not fit the standard table's column."""


@dataclass(frozen=True)
class Unreadable:
    """A text that is not a value of its element's type."""

    text: str


Value = str | int | Decimal | datetime.date | datetime.datetime | bool | Unreadable | None
"""What standardising makes of a text."""

Changed = tuple[Value, bool]
"""A value, and whether the step changed what it was given."""


def read(text: str, type_: DataType) -> Value:
    """`text` as a value of `type_` in its plain form, for elements none of whose steps made it one."""
    match type_:
        case DataType.TEXT:
            return text
        case DataType.DATE:
            found = moment(text)
            return Unreadable(text) if found is None else found.date()
        case DataType.DATETIME:
            return instant(text) or Unreadable(text)
        case DataType.BOOLEAN:
            return {"true": True, "1": True, "false": False, "0": False}.get(lower(text), Unreadable(text))
    amount = number(text)
    return Unreadable(text) if amount is None else _typed(amount, type_, text)


def _typed(found: Decimal, type_: DataType, text: str) -> Value:
    if type_ is not DataType.INTEGER:
        return found
    if found != found.to_integral_value() or not -INT64 <= found < INT64:
        return Unreadable(text)
    return int(found)


def _compared(before: str, after: str) -> Changed:
    return after, before != after


def _without(text: str, characters: str) -> str:
    return "".join(character for character in text if character not in characters)


def _half_width(text: str, element: Element) -> Changed:
    return _compared(text, "".join(_half_width_of(character) for character in text))


def _half_width_of(character: str) -> str:
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    return " " if character == "\u3000" else character


def _trim(text: str, element: Element) -> Changed:
    visible = "".join(character for character in text if character not in INVISIBLE)
    return _compared(text, re.sub(f"[{WHITE}]+", " ", visible).strip(" "))


def _null_words(text: str, element: Element) -> Changed:
    # The empty text is nothing already: turning it into null is not counted as a change of a value.
    if text == "":
        return None, False
    return (None, True) if lower(text) in NULL_WORDS else (text, False)


def _upper(text: str, element: Element) -> Changed:
    return _compared(text, upper(text))


def _lower(text: str, element: Element) -> Changed:
    return _compared(text, lower(text))


def _separators(text: str, element: Element) -> Changed:
    return _compared(text, _without(text, WHITE + SEPARATORS))


def _citizen_id_18(text: str, element: Element) -> Changed:
    if not re.fullmatch("[0-9]{15}", text):
        return text, False
    body = text[:6] + "19" + text[6:]
    return body + check_digits.citizen_id(body), True


def _phone(text: str, element: Element) -> Changed:
    bare = _without(text, WHITE + SEPARATORS + BRACKETS)
    abroad = re.fullmatch(r"(?:\+86|0086|86)(1[3-9][0-9]{9})", bare)
    return _compared(text, abroad.group(1) if abroad else bare)


def _name(text: str, element: Element) -> Changed:
    kept = []
    for index, character in enumerate(text):
        if character in WHITE and _joins(_next_visible(text, index, -1)) and _joins(_next_visible(text, index, 1)):
            continue
        kept.append(character)
    joined = "".join(kept)
    dotted = [
        "·" if character in NAME_DOTS and is_han(joined[index - 1 : index]) and is_han(joined[index + 1 : index + 2])
        else character
        for index, character in enumerate(joined)
    ]  # fmt: skip
    return _compared(text, "".join(dotted))


def _next_visible(text: str, index: int, direction: int) -> str:
    """The nearest character before or after `index` that is not white space; empty at the end."""
    index += direction
    while 0 <= index < len(text):
        if text[index] not in WHITE:
            return text[index]
        index += direction
    return ""


def _joins(character: str) -> bool:
    return character != "" and (is_han(character) or character in NAME_DOTS)


def _address(text: str, element: Element) -> Changed:
    joined = _without(text, WHITE)
    if element.codes is not None:
        beginnings = address_beginnings(element.codes)
        for length in range(len(joined), 0, -1):
            beginning = joined[:length]
            if beginning in beginnings:
                market = beginning.endswith("市") and joined[length : length + 1] == "场"
                if not market:
                    joined = beginnings[beginning] + joined[length:]
                break
    return _compared(text, joined)


_DAY = r"(?:([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日)"
_TIME = r"[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?"
_COMPACT = r"([0-9]{4})([0-9]{2})([0-9]{2})"


def moment(text: str) -> datetime.datetime | None:
    """The moment `text` says in one of the six layouts; None when it says none or the day is not real."""
    if found := re.fullmatch(f"{_DAY}(?:{_TIME})?", text):
        parts = [found[1] or found[5], found[3] or found[6], found[4] or found[7], found[8], found[9], found[10]]
    elif found := re.fullmatch(f"{_COMPACT}(?:{_TIME}|([0-9]{{2}})([0-9]{{2}})([0-9]{{2}}))?", text):
        parts = [found[1], found[2], found[3], found[4] or found[7], found[5] or found[8], found[6] or found[9]]
    else:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in parts)
    try:
        return datetime.datetime(year, month, day, hour, minute, second, tzinfo=CHINA)
    except ValueError:
        return None


def _date(text: str, element: Element) -> Changed:
    found = moment(text)
    if found is None:
        return Unreadable(text), False
    return found.date(), text != found.date().isoformat()


def instant(text: str) -> datetime.datetime | None:
    """The moment `text` says; None also on the first day of year 1, in UTC a day that no calendar type holds."""
    found = moment(text)
    return None if found is None or found.date() == datetime.date.min else found


def _datetime(text: str, element: Element) -> Changed:
    found = instant(text)
    if found is None:
        return Unreadable(text), False
    return found, text != found.replace(tzinfo=None).isoformat(" ")


_PLAIN = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
_THOUSANDS = r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?"


def number(text: str) -> Decimal | None:
    """The number `text` says, with or without thousands separators; None when it says none."""
    if re.fullmatch(_PLAIN, text):
        return Decimal(text)
    if re.fullmatch(_THOUSANDS, text):
        return Decimal(text.replace(",", ""))
    return None


def _number(text: str, element: Element) -> Changed:
    bare = re.sub(f"[{WHITE}]*[%元]$", "", text)
    found = number(bare)
    if found is None:
        return Unreadable(text), False
    return _typed(found, element.type, text), re.fullmatch(_PLAIN, text) is None


_AMOUNT = re.compile(
    r"(?:{prefixes})?({plain}|{thousands})[(（]?({multipliers})[元圆]?(?:{currencies})?[元圆]?整?[)）]?".format(
        prefixes="|".join(map(re.escape, sorted(AMOUNT_PREFIXES, key=len, reverse=True))),
        plain=r"[+-]?[0-9]+(?:\.[0-9]*)?",
        thousands=_THOUSANDS,
        multipliers="|".join(sorted(MULTIPLIERS, key=len, reverse=True)),
        currencies="|".join(sorted(CURRENCY_WORDS, key=len, reverse=True)),
    )
)


def _amount(text: str, element: Element) -> Changed:
    found = _AMOUNT.fullmatch(_without(text, WHITE))
    if found is None:
        return Unreadable(text), False
    amount = number(found[1])
    if amount is None:
        return Unreadable(text), False
    return _typed(amount * MULTIPLIERS[found[2]], element.type, text), re.fullmatch(_PLAIN, text) is None


def _code(text: str, element: Element) -> Changed:
    if element.codes is None or text in code_values(element.codes):
        return text, False
    return _compared(text, code_words(element.codes).get(lower(text), text))


STEPS: dict[Step, Callable[[str, Element], Changed]] = {
    Step.HALF_WIDTH: _half_width,
    Step.TRIM: _trim,
    Step.NULL_WORDS: _null_words,
    Step.UPPER: _upper,
    Step.LOWER: _lower,
    Step.SEPARATORS: _separators,
    Step.CITIZEN_ID_18: _citizen_id_18,
    Step.PHONE: _phone,
    Step.NAME: _name,
    Step.ADDRESS: _address,
    Step.DATE: _date,
    Step.DATETIME: _datetime,
    Step.NUMBER: _number,
    Step.AMOUNT: _amount,
    Step.CODE: _code,
}
