"""What a column's name says about its data element: known names, pinyin, endings, and near misses."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_noop as _
from pypinyin import Style, lazy_pinyin

from citybrain.declare.element import Element
from citybrain.kernel.standards.vocabulary import is_han
from citybrain.warehouse.catalogue.sentences import Sentence

SHORT = 2
"""Latin letters of an abbreviation that many words share: XM is 姓名 and 项目."""


ABBREVIATIONS = frozenset(
    {
        *("rq", "sj", "je", "mc", "bh", "mj", "dz", "dh", "sl", "xm", "rs", "bz", "nd", "hm", "nr"),
        *("sfzh", "sfzjhm", "xydm", "sjhm", "lxdh"),
    }
)
"""Pinyin initials that abbreviations end with: JCRQ is some date. Other endings are chance (`load` is no AD)."""


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """How much a column's name is like a name of one element."""

    element: Element
    score: float
    """0 to 1."""
    reason: Sentence


class NameIndex:
    """Every name of every element, arranged for the questions asked of a column's name."""

    def __init__(self, elements: Sequence[Element]) -> None:
        self.elements = tuple(elements)
        self.known: dict[str, set[int]] = defaultdict(set)
        self.spoken: dict[str, set[int]] = defaultdict(set)
        self.initials: dict[str, set[int]] = defaultdict(set)
        self.words: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for number, element in enumerate(self.elements):
            for name in (element.chinese, element.key, element.title, *element.names):
                self._add(number, name)
        self.longest = max((len(name) for name in self.known), default=0)

    def _add(self, number: int, name: str) -> None:
        plain = normal(name)
        self.known[plain].add(number)
        if any(is_han(character) for character in plain):
            self.spoken["".join(lazy_pinyin(plain))].add(number)
            self.initials["".join(lazy_pinyin(plain, style=Style.FIRST_LETTER))].add(number)
        else:
            self.words[tokens(name)].add(number)

    def likenesses(self, label: str) -> dict[int, Likeness]:
        """Elements (by position) that the label speaks for, with the best score each."""
        found: dict[int, Likeness] = {}
        for spelling in spellings(label):
            for likeness_of in (self._exact, self._pinyin, self._ending):
                for number, score, reason in likeness_of(spelling, label):
                    if number not in found or found[number].score < score:
                        found[number] = Likeness(element=self.elements[number], score=score, reason=reason)
        if not found:
            for number, score, reason in self._near(normal(label), label):
                found[number] = Likeness(element=self.elements[number], score=score, reason=reason)
        return found

    def _exact(self, plain: str, label: str) -> list[tuple[int, float, Sentence]]:
        numbers = self.known.get(plain, ())
        score = 0.87 if plain.isascii() and len(plain) <= SHORT else 1.0
        return [
            (number, score, Sentence(_("“%(name)s” is a known name of the element."), {"name": label}))
            for number in numbers
        ]

    def _pinyin(self, plain: str, label: str) -> list[tuple[int, float, Sentence]]:
        if not plain.isascii():
            return []
        found = [
            (number, 0.9, Sentence(_("“%(name)s” is a known name in pinyin."), {"name": label}))
            for number in self.spoken.get(plain, ())
        ]
        shared = self.initials.get(plain, set())
        score = (0.85 if len(plain) > SHORT else 0.6) - (0.15 if len(shared) > 1 else 0.0)
        reason = Sentence(_("“%(name)s” are the pinyin initials of a known name."), {"name": label})
        return found + [(number, score, reason) for number in shared]

    def _ending(self, plain: str, label: str) -> list[tuple[int, float, Sentence]]:
        """The longest known name the label ends with: 学生身份证号 ends with 身份证号, student_id_card with id_card."""
        if not plain.isascii():
            return self._chinese_ending(plain, label)
        parts = tokens(label)
        for start in range(1, len(parts)):
            if numbers := self.words.get(parts[start:]):
                return self._ended(numbers, " ".join(parts[start:]), (len(parts) - start) / len(parts), label)
        if len(parts) == 1:
            for start in range(1, len(plain)):
                if plain[start:] in ABBREVIATIONS and (numbers := self.known.get(plain[start:])):
                    return self._ended(numbers, plain[start:].upper(), len(plain[start:]) / len(plain), label)
        return []

    def _chinese_ending(self, plain: str, label: str) -> list[tuple[int, float, Sentence]]:
        for start in range(max(1, len(plain) - self.longest), len(plain) - 1):
            if numbers := self.known.get(plain[start:]):
                return self._ended(numbers, plain[start:], (len(plain) - start) / len(plain), label)
        return []

    def _ended(self, numbers: set[int], ending: str, covered: float, label: str) -> list[tuple[int, float, Sentence]]:
        """Score an ending by the share of the label it covers, an element's representation word (表示词) by itself."""
        reason = Sentence(_("“%(name)s” ends with the known name “%(ending)s”."), {"name": label, "ending": ending})
        return [
            (number, 0.95 if self._represents(number, ending) else 0.76 + 0.22 * covered, reason) for number in numbers
        ]

    def _represents(self, number: int, ending: str) -> bool:
        """Whether `ending` is the representation word, or its initials: a name that ends with 日期 or RQ is a date."""
        word = self.elements[number].representation
        return word != "" and ending.lower() in (word, "".join(lazy_pinyin(word, style=Style.FIRST_LETTER)))

    def _near(self, plain: str, label: str) -> list[tuple[int, float, Sentence]]:
        """Known names that differ by a slip of the pen."""
        if len(plain) <= 3:
            return []
        found = []
        for name in difflib.get_close_matches(plain, self.known, n=2, cutoff=0.85):
            ratio = difflib.SequenceMatcher(None, plain, name).ratio()
            reason = Sentence(
                _("“%(name)s” is %(share).0f%% like the known name “%(known)s”."),
                {
                    "name": label,
                    "share": ratio * 100,
                    "known": name,
                },
            )
            found += [(number, 0.8 * ratio, reason) for number in self.known[name]]
        return found


@lru_cache(maxsize=20_000)
def normal(name: str) -> str:
    """`name` in half-width lower case without signs: `ID_Card` and `id card` are one name."""
    folded = unicodedata.normalize("NFKC", name).lower()
    return "".join(character for character in folded if character.isalnum())


def tokens(name: str) -> tuple[str, ...]:
    """The words of a Latin name: `birthDate` and `BIRTH_DATE` are birth, date."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", unicodedata.normalize("NFKC", name))
    return tuple(word for word in re.split(r"[^a-z0-9]+", parted.lower()) if word)


def spellings(label: str) -> list[str]:
    """The label itself, and the label without what stands in brackets: `注册资本(万元)`."""
    whole = normal(label)
    bare = normal(re.sub(r"[(（\[【].*?[)）\]】]", "", label))
    return [spelling for spelling in dict.fromkeys((whole, bare)) if spelling]
