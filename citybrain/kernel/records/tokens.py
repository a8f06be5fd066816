"""Texts as tokens that SQLite and PostgreSQL index alike (分词): Chinese by twos, pinyin, initials, words, numbers.

Both databases are given finished tokens, so that neither's own way of cutting texts matters: 古山镇 is found by 古山,
gushan, gsz and 古; GS-2026-000123 by 2026 and 123.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pypinyin import lazy_pinyin

from citybrain.kernel.records.spelling import normal, words_of

MOST = 400
"""Tokens kept of one text; the rest of a long one is not found."""

SYLLABLES = 6
"""Syllables of a token of pinyin, and letters of one of initials, from each character on."""

LONGEST = 40
"""Characters of a token; what is longer is found by its beginning."""

PARTS = re.compile(r"([\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)|([^\W_]+)")
"""A run of Chinese characters, or of other letters and digits."""

NUMBER = re.compile(r"[a-z]+-\d{4}-\d+")
"""A record's number: kept in one piece too, for its letters and its year stand in every other."""

ASKED_NUMBER = re.compile(r"[a-z]+-\d{4}(-\d*)?")
"""A number, or the beginning of one."""


def tokens(names: Iterable[str], texts: Iterable[str] = ()) -> tuple[str, ...]:
    """Tokens of what a thing is called (`names`, found by pinyin too) and of what is said of it (`texts`)."""
    found: dict[str, None] = {}
    for name in names:
        found |= dict.fromkeys(_of_text(name, True))
    for text in texts:
        found |= dict.fromkeys(_of_text(text, False))
    return tuple(found)


@lru_cache(maxsize=10_000)
def _of_text(text: str, is_name: bool) -> tuple[str, ...]:
    plain = normal(text[: 4 * MOST])
    found = dict.fromkeys(number.replace("-", "")[:LONGEST] for number in NUMBER.findall(plain))
    for chinese, other in PARTS.findall(plain):
        if chinese:
            found |= dict.fromkeys((*chinese, *_pairs(chinese)))
            if is_name:
                found |= dict.fromkeys(_spoken(chinese))
        elif other := other[:LONGEST]:
            found |= dict.fromkeys((other, other.lstrip("0") or "0") if other.isdecimal() else (other,))
        if len(found) >= MOST:
            break
    return tuple(found)[:MOST]


def _pairs(run: str) -> Iterable[str]:
    return (run[place : place + 2] for place in range(len(run) - 1))


def _spoken(run: str) -> Iterable[str]:
    """Full pinyin and initials from each character on: gushanzhen, shanzhen, zhen; gsz, sz, z."""
    syllables = lazy_pinyin(run)
    for place in range(len(syllables)):
        following = syllables[place : place + SYLLABLES]
        yield "".join(following)
        yield "".join(syllable[0] for syllable in following)


def query_tokens(text: str) -> tuple[tuple[str, bool], ...]:
    """What `text` asks for: every token, and whether one that begins so will do. Empty for nothing."""
    asked: dict[tuple[str, bool], None] = {}
    for word in words_of(text):
        if ASKED_NUMBER.fullmatch(word):
            asked[word.replace("-", "")[:LONGEST], True] = None
            continue
        for chinese, other in PARTS.findall(word):
            if chinese:
                asked |= dict.fromkeys((pair, False) for pair in (_pairs(chinese) if len(chinese) > 1 else (chinese,)))
            else:
                other = other[:LONGEST]
                # A single letter or digit begins nearly everything: it is looked for as a whole.
                asked[other, len(other) > 1] = None
    return tuple(asked)
