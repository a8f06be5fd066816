"""What the standardising steps look up: characters, words of a code list, beginnings of an address, words for money.

Every back end builds its tables from these functions, so they cannot disagree on a word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import TypeVar

from citybrain.declare.codelist import Code, CodeList

T = TypeVar("T")

WHITE = "\t\n\v\f\r \u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
"""White space: what TRIM folds, SEPARATORS, PHONE and ADDRESS remove."""

INVISIBLE = (
    "".join(chr(code) for code in (*range(0x00, 0x09), *range(0x0E, 0x20), 0x7F, 0xAD))
    + "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\ufeff"
)
"""Characters that show nothing: TRIM removes them wherever they stand."""

SEPARATORS = "-./_\u2010\u2011\u2012\u2013\u2014\u2015"
"""What SEPARATORS removes besides white space."""

BRACKETS = "()\uff08\uff09"
"""What PHONE removes besides white space and separators."""

NAME_DOTS = ".\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff0e\uff65"
"""Dots written between the parts of a transliterated name; the standard one is U+00B7."""

HAN_RANGES = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
"""Chinese characters, by code point."""

MULTIPLIERS = {"": 1, "百": 100, "千": 1_000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}
"""Chinese words before a unit of money, and how many units they are."""

CURRENCY_WORDS = (
    *(
        "人民币",
        "美元",
        "美金",
        "欧元",
        "日元",
        "日圆",
        "港元",
        "港币",
        "香港元",
        "香港币",
        "英镑",
        "澳元",
        "澳大利亚元",
    ),
    *("加元", "加拿大元", "新加坡元", "新西兰元", "瑞士法郎", "韩元", "韩国元", "新台币", "台币", "澳门元", "澳门币"),
    *("泰铢", "卢布", "瑞典克朗", "马来西亚林吉特"),
)
"""Names of currencies written in amounts; the shorter ones of two must not hide the longer."""

AMOUNT_PREFIXES = ("人民币", "￥", "¥", "RMB", "CNY", "US$", "USD", "$", "HK$")
"""Signs written before an amount."""

PLACEHOLDER_DIVISIONS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
"""Titles of GB/T 2260 rows that only hold the level: no address is written with them."""

COMPOSITE_SIGNS = ("", "-", ":", ".", "、", "_", " ")
"""Signs between code and title in deliveries such as `1-男` and `01 汉族`."""


def is_han(character: str) -> bool:
    """Whether `character` is a Chinese character; the empty text is none."""
    return character != "" and any(low <= ord(character) <= high for low, high in HAN_RANGES)


def lower(text: str) -> str:
    """`text` with A-Z as a-z and every other letter as it is, the same in every engine."""
    return text.translate(_LOWER)


def upper(text: str) -> str:
    """`text` with a-z as A-Z and every other letter as it is, the same in every engine."""
    return text.translate(_UPPER)


_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}


def once_per_list(make: Callable[[CodeList], T]) -> Callable[[CodeList], T]:
    """Remember what `make` made of a list by its identity: hashing thousands of codes at every call would cost more."""
    made: dict[int, tuple[CodeList, T]] = {}

    @wraps(make)
    def remembered(codes: CodeList) -> T:
        found = made.get(id(codes))
        if found is None:
            # The list is kept with its result, so that its id is never another list's.
            found = made[id(codes)] = (codes, make(codes))
        return found[1]

    return remembered


@once_per_list
def code_values(codes: CodeList) -> frozenset[str]:
    """The codes of `codes`."""
    return frozenset(code.value for code in codes.codes)


@once_per_list
def code_words(codes: CodeList) -> dict[str, str]:
    """Every word that stands for one code of `codes`, in `lower` case, to that code.

    The code itself wins over titles, these over English names, synonyms, code-and-word, and the code without leading
    zeros (numbers lose them in spreadsheets). A word that means two codes on the same level stands for none.
    """
    words: dict[str, str] = {}
    for spell in (_as_value, _as_title, _as_english, _as_synonyms, _as_composites, _as_number):
        found: dict[str, set[str]] = defaultdict(set)
        for code in codes.codes:
            for word in spell(code):
                found[lower(word)].add(code.value)
        for word, values in found.items():
            if len(values) == 1 and word:
                words.setdefault(word, next(iter(values)))
    return words


def _as_value(code: Code) -> Iterable[str]:
    return (code.value,)


def _as_title(code: Code) -> Iterable[str]:
    return (code.title,)


def _as_english(code: Code) -> Iterable[str]:
    return (code.english,)


def _as_synonyms(code: Code) -> Iterable[str]:
    return code.synonyms


def _as_composites(code: Code) -> Iterable[str]:
    return (f"{code.value}{sign}{word}" for word in (code.title, *code.synonyms) for sign in COMPOSITE_SIGNS)


def _as_number(code: Code) -> Iterable[str]:
    return (code.value.lstrip("0"),) if code.value.isdigit() else ()


@once_per_list
def address_beginnings(divisions: CodeList) -> dict[str, str]:
    """Beginnings of an address to the full beginning: `永康市` and `浙江金华永康市` to `浙江省金华市永康市`.

    `divisions` holds provinces, cities and counties with their parents. A beginning that two places share is left out,
    as are bare titles of two characters (城区, 郊区).
    """
    by_value = {code.value: code for code in divisions.codes}
    full: dict[str, set[str]] = defaultdict(set)
    for code in divisions.codes:
        if code.title in PLACEHOLDER_DIVISIONS or code.parent is None:
            continue
        above = list(_chain(code, by_value))
        whole = "".join(place.title for place in above) + code.title
        for before in _spellings(above):
            if before or len(code.title) > 2:
                full[before + code.title].add(whole)
    return {beginning: next(iter(wholes)) for beginning, wholes in full.items() if len(wholes) == 1}


def _chain(code: Code, by_value: dict[str, Code]) -> Iterator[Code]:
    """The divisions above `code` that addresses are written with, the province first."""
    parent = by_value.get(code.parent or "")
    if parent is not None:
        yield from _chain(parent, by_value)
        if parent.title not in PLACEHOLDER_DIVISIONS:
            yield parent


def _spellings(above: list[Code]) -> Iterator[str]:
    """Every way to write the divisions above: each in full, by a synonym, or left out."""
    if not above:
        yield ""
        return
    for rest in _spellings(above[1:]):
        for first in ("", above[0].title, *above[0].synonyms):
            yield first + rest
