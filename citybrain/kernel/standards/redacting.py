"""Numbers of persons in running text (文中的个人号码): found as their data elements say they look, shown masked.

    redacted("我是１３８ １２３４ ５６７８，车牌浙G12345").text     我是138****5678，车牌浙G***45

What is shaped like a number is compared with its data element (check digit, birthday, list of provinces), so that part
codes, case numbers, amounts and times stay. The same text masked again is the same.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from citybrain.declare.element import Element
from citybrain.declare.rule import Algorithm
from citybrain.declare.words import Masking
from citybrain.kernel.registry.registry import registry
from citybrain.kernel.standards.check_digits import is_valid
from citybrain.kernel.standards.masking import HIDDEN, mask
from citybrain.kernel.standards.reference import failures


class Redacted(NamedTuple):
    """A text without numbers of persons."""

    text: str
    kinds: tuple[str, ...]
    """Data elements whose values were masked, each once: `mobile`, `telephone`, `citizen-id`, `bank-card`, `plate`."""


class Spot(NamedTuple):
    """Where a number of a person stands."""

    start: int
    end: int
    kind: str
    shown: str
    """What stands there instead."""


@dataclass(frozen=True, kw_only=True)
class Local:
    """What a county knows of numbers that are nobody's."""

    codes: tuple[str, ...] = ()
    """Division codes its part numbers begin with: no bank card does."""
    area_code: str = ""
    """Its telephone area code: numbers that begin with it are telephones without a hyphen too."""
    offices: frozenset[str] = frozenset()
    """Telephones of offices, digits alone: they are to be read."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of number: its element, and how people write it, on a shadow of the text."""

    key: str
    masking: Masking
    """Where nobody declares the element."""
    shape: re.Pattern[str]
    """Group 1 is the number; matches may overlap."""
    is_meant: Callable[[re.Match[str], Local], bool] = lambda _found, _local: True
    """Whether the words around it let it be one."""


_GAP = r"(?: ?[-./·_] ?| {1,2})"
"""Between groups of one number. No comma: that parts numbers of a list."""
_MOBILE = ("11", "3 8", "7 4", "5 6", "3 4 4", "3 3 5", "3 5 3", "3 4 2 2", "3 2 2 4", "3 2 2 2 2", "2 3 3 3")
"""Digits of the groups in which people write a mobile number."""
_ALONE = r"(?<![0-9])"
_END = r"(?![0-9])"
_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_NUMERALS = dict(zip("零〇○一二三四五六七八九幺", "0001234567891", strict=True))
_CALLED = re.compile(
    r"(?:电话|座机|固话|宅电|致电|回电|拨打|联系方式|手机|传真|telephone|phone|tel|fax|call|ring)"
    r"[号码是为:：(（.# ]{0,6}$",
    re.IGNORECASE,
)
"""What stands before a telephone that could be another number."""
_AND = re.compile(r" ?[、,，;；/和或及与 ] ?")
_COUNTED = re.compile(r" ?(?:[元万亿年月日号栋幢户人次吨度米平个件%￥]|yuan|RMB)")
"""What stands behind an amount."""
_DAY = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


def _grouped(sizes: str) -> str:
    return _GAP.join(rf"[0-9]{{{size}}}" for size in sizes.split())


def _is_telephone(found: re.Match[str], local: Local) -> bool:
    """With a hyphen or brackets it is one; without, the county's own area code or the words before must say so."""
    number = found[1]
    if not number.isdecimal() or (local.area_code and number.startswith(local.area_code)):
        return True
    return _CALLED.search(found.string, max(0, found.start() - 24), found.start()) is not None


def _is_local(found: re.Match[str], _local: Local) -> bool:
    """A number without area code is a telephone only where the words say so, and never a day or an amount."""
    text, number = found.string, found[1]
    if _DAY.fullmatch(number) or _COUNTED.match(text, found.end(1)):
        return False
    before = text[max(0, found.start(1) - 40) : found.start(1)]
    # 电话87101234、87105678: the second is called one as well.
    before = re.sub(rf"(?:[0-9]{{3,4}}[- ]?[0-9]{{4}}{_AND.pattern})+$", "", before)
    return _CALLED.search(before) is not None


KINDS = (
    Kind(
        key="citizen-id",
        masking=Masking.IDENTIFIER,
        shape=re.compile(rf"{_ALONE}(?=([1-9](?:[-./·_ ]?[0-9]){{16}}[-./·_ ]?[0-9Xx]){_END})"),
        # Asked here first, because it is cheap: a text of nothing but digits has a candidate at every place.
        is_meant=lambda found, _local: is_valid(Algorithm.CITIZEN_ID, _value("citizen-id", found[1])),
    ),
    Kind(
        key="bank-card",
        masking=Masking.TAIL,
        shape=re.compile(
            rf"{_ALONE}(?=(?:62|4|5[1-5]|2[2-7]|35|60|68|9))(?=([0-9]{{16,19}}"
            rf"|[0-9]{{4}}(?:[- ][0-9]{{4}}){{3}}(?:[- ]?[0-9]{{1,3}})?|[0-9]{{6}}[- ][0-9]{{10,13}}){_END})"
        ),
        is_meant=lambda found, local: not _digits(found[1]).startswith(local.codes or ("-",)),
    ),
    Kind(
        key="mobile",
        masking=Masking.PHONE,
        shape=re.compile(
            rf"{_ALONE}(?=((?:(?:\+|00)?\(?86\)?[- ]{{0,2}}|0)?"
            rf"(?=1[-./·_ ]{{0,3}}[3-9])(?:{'|'.join(map(_grouped, _MOBILE))}"
            rf"|1(?P<gap>[-./·_ ])[3-9](?:(?P=gap)[0-9]){{9}})){_END})"
        ),
    ),
    Kind(
        key="telephone",
        masking=Masking.PHONE,
        shape=re.compile(
            rf"{_ALONE}(?=((?:(?:\+|00)86[- ]{{0,2}}\(?0?|\(?0)(?:10|2[0-9]|[3-9][0-9]{{2}})\)?"
            rf"{_GAP}?[2-8][0-9]{{2,3}}[- ]?[0-9]{{4}}){_END})"
        ),
        is_meant=_is_telephone,
    ),
    Kind(
        key="telephone",
        masking=Masking.PHONE,
        shape=re.compile(rf"{_ALONE}(?=([2-8][0-9]{{2,3}}[- ]?[0-9]{{4}}){_END})"),
        is_meant=_is_local,
    ),
    Kind(
        key="plate",
        masking=Masking.PLATE,
        shape=re.compile(
            rf"(?=([{_PROVINCES}] ?[A-Za-z][-·. ]{{0,2}}[A-Za-z0-9]{{4}}"
            rf"(?:[挂学警港澳]|[A-Za-z0-9]{{1,2}}(?![A-Za-z0-9]))))"
        ),
    ),
)

_SPOKEN = re.compile(rf"(?<![{''.join(_NUMERALS)}])[{''.join(_NUMERALS)}]{{11}}(?![{''.join(_NUMERALS)}])")
"""A mobile number as it is said: 幺三八一二三四五六七八."""
_MAYBE = re.compile(rf"\d|[{''.join(_NUMERALS)}]{{11}}|[①-⑨⓪⁰-⁹₀-₉]")


def redacted(text: str, local: Local | None = None) -> Redacted:
    """`text` with every number of a person masked, and which kinds there were."""
    kinds: list[str] = []
    while spots := found_in(text, local):
        for spot in reversed(spots):
            text = text[: spot.start] + spot.shown + text[spot.end :]
            kinds.append(spot.kind)
        # What is left of one number may, with digits beside it, look like another: looked at until nothing does.
    return Redacted(text, tuple(dict.fromkeys(reversed(kinds))))


def found_in(text: str, local: Local | None = None) -> list[Spot]:
    """Numbers of persons in a text, from left to right; those that overlap are one spot, hidden whole."""
    if not _MAYBE.search(text):
        return []
    known = local or Local()
    shadow = _shadow(text)
    found: list[Spot] = []
    for spot in sorted(_spots(text, shadow, known)):
        if found and spot.start < found[-1].end:
            last = found.pop()
            longer = max(last, spot, key=lambda one: one.end - one.start)
            is_inside = longer.start <= min(last.start, spot.start) and longer.end >= max(last.end, spot.end)
            spot = longer if is_inside else Spot(last.start, max(last.end, spot.end), last.kind, HIDDEN)
        found.append(spot)
    return found


def _spots(text: str, shadow: str, local: Local) -> Iterator[Spot]:
    for kind in KINDS:
        for match in kind.shape.finditer(shadow):
            value = _value(kind.key, match[1])
            if value.lstrip("0") in local.offices or not kind.is_meant(match, local):
                continue
            element = registry().find(Element, kind.key)
            if element is None or not failures(element, value, datetime.date.today()):
                shown = mask(value, element.masking if element is not None else kind.masking)
                yield Spot(match.start(1), match.end(1), kind.key, shown)
    for match in _SPOKEN.finditer(text):
        value = "".join(_NUMERALS[sign] for sign in match[0])
        if value[0] == "1" and value[1] in "3456789":
            yield Spot(match.start(), match.end(), "mobile", mask(value, Masking.PHONE))


def _value(kind: str, written: str) -> str:
    """A number without what parts its groups, and without the country's code."""
    plain = re.sub(r"[-./·_ ()]", "", written)
    if kind == "mobile":
        return plain[-11:]  # After the country's code, or the 0 of a long distance call.
    if kind == "telephone":
        bare = re.sub(r"^(?:\+|00)86", "", plain)
        return bare if bare.startswith("0") or len(bare) <= 8 else f"0{bare}"
    return plain.upper()


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())


def _shadow(text: str) -> str:
    """The text sign by sign in one spelling: digits and letters as ASCII, dashes as `-`, blanks as a blank."""
    return "".join(map(_plain, text))


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    if sign.isascii():
        return " " if sign.isspace() else sign
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    if sign.isspace() or unicodedata.category(sign) == "Cf":
        return " "
    if unicodedata.category(sign) == "Pd" or sign in "−‐‑":
        return "-"
    folded = unicodedata.normalize("NFKC", sign)
    return {"•": "·", "・": "·", "‧": "·"}.get(sign, folded if len(folded) == 1 else sign)


def offices(numbers: Collection[str]) -> frozenset[str]:
    """Telephones of offices as `Local.offices` takes them."""
    return frozenset(_digits(number).lstrip("0") for number in numbers)
