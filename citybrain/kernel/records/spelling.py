"""How names are spelt for search: Chinese, full pinyin, initials and English, one spelling a line (检索拼写)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from typing import Any

from pypinyin import Style, pinyin

READINGS = 8
"""Most pinyin spellings kept of one name with characters of several readings (多音字): the likeliest come first."""

MAX_WORDS = 8
MAX_QUERY = 200
"""What a query is cut to, in words and in characters: nobody types more."""

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_ENGLISH_WORD = re.compile(r"[a-z0-9]{3,}")
"""Words of their own in a name; shorter ones (of, or, 11) are still found as parts of it."""


def normal(text: str) -> str:
    """`text` as it is stored and searched: half-width, lower case, one space between words, nothing invisible."""
    wide = unicodedata.normalize("NFKC", text).casefold()
    # Category C holds NUL (PostgreSQL refuses it), lone surrogates (no encoding takes them) and bidi marks.
    clean = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in wide)
    return " ".join(clean.split())


def words_of(query: str) -> tuple[str, ...]:
    """The words of a query, in order and without repeats; at most MAX_WORDS of them."""
    return tuple(dict.fromkeys(normal(query[:MAX_QUERY]).split()))[:MAX_WORDS]


def lines(names: Iterable[str]) -> str:
    """All spellings of `names`, one a line, with a line break before and after each.

    The breaks let a database tell a whole name (break, word, break) and the start of one (break, word) from a part
    of one without a pattern language, so that no character of a query is special.
    """
    found = dict.fromkeys(spelling for name in names for spelling in spellings(name))
    return "\n" + "\n".join(found) + "\n" if found else ""


@lru_cache(maxsize=20_000)
def spellings(name: str) -> tuple[str, ...]:
    """Every way `name` may be typed: itself, its English words, its pinyin in full and its initials.

    County catalogues repeat their words (姓名, 身份证号) in every table, hence the cache.
    """
    plain = normal(name)
    if not plain:
        return ()
    found = {plain: None}
    found |= dict.fromkeys(_ENGLISH_WORD.findall(plain))
    if _HAN.search(plain):
        for syllables in _readings(plain):
            found["".join(syllables)] = None
            found["".join(syllable if syllable[0].isdigit() else syllable[0] for syllable in syllables)] = None
    return tuple(found)


@lru_cache(maxsize=20_000)
def likeliest_pinyin(text: str) -> str:
    """`text` as it is most likely read aloud, in full pinyin; empty when no character of it is Chinese."""
    plain = normal(text)
    return "".join(_readings(plain)[0]) if _HAN.search(plain) else ""


def _readings(text: str) -> tuple[tuple[str, ...], ...]:
    """The likeliest pinyin readings of `text`, that of the whole phrase first; other characters stay as they are."""
    likeliest = tuple(choice[0] for choice in pinyin(text, style=Style.NORMAL, errors=_compact))
    choices = pinyin(text, style=Style.NORMAL, heteronym=True, errors=_compact)
    # The first choice of every character is the phrase's own reading; what differs least from it comes first.
    ranked = [
        (first, *(other for other in choice if other != first))
        for first, choice in zip(likeliest, choices, strict=True)
    ]
    while _count(ranked) > 4 * READINGS:
        longest = max(range(len(ranked)), key=lambda place: len(ranked[place]))
        ranked[longest] = ranked[longest][:-1]
    orders = sorted(product(*(range(len(choice)) for choice in ranked)), key=lambda places: (sum(places), places))
    return tuple(
        tuple(choice[place] for choice, place in zip(ranked, places, strict=True) if choice[place])
        for places in orders[:READINGS]
    )


def _count(choices: list[tuple[str, ...]]) -> int:
    count = 1
    for choice in choices:
        count *= len(choice)
    return count


def _compact(text: str) -> Any:
    """List of one: letters and digits between the characters; signs and spaces between them are not typed in pinyin."""
    return ["".join(letter for letter in text if letter.isalnum())]
