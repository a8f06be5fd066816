"""Texts that were read in the wrong encoding before they were delivered (乱码): four signs, one regular expression.

Being regular, the signs run as an automaton, in DuckDB and in Spark from this one text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def _class(characters: Iterable[str]) -> str:
    """A character class of `characters`, runs written as ranges."""
    runs: list[list[int]] = []
    for code in sorted(map(ord, characters)):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "[" + "".join(chr(low) if low == high else f"{chr(low)}-{chr(high)}" for low, high in runs) + "]"


def _gbk(first: Iterable[int], second: Iterable[int]) -> set[str]:
    """The characters that GBK writes as one byte of `first` and one of `second`."""
    trails = [byte for byte in second if byte != 0x7F]
    found = set()
    for lead in first:
        for trail in trails:
            try:
                found.add(bytes((lead, trail)).decode("gbk"))
            except UnicodeDecodeError:
                continue
    return found


_LOST = "\ufffd|锟斤拷"
"""What stands where bytes could not be read, and what becomes of it when it is written and read once more."""

_LATIN_LEAD = "[\u00e0-\u00ef]"
_CONTINUATION = (
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201a\u201c-\u201e"
    "\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
"""Bytes 80 to BF as Latin-1 or Windows-1252 shows them."""

_UTF8_AS_LATIN = f"{_LATIN_LEAD}{_CONTINUATION}{{2}}|{_LATIN_LEAD}{_CONTINUATION}.*{_LATIN_LEAD}{_CONTINUATION}"
_GB_AS_LATIN = "[\u00a1-\u00fe]{4}"

# A Chinese character is three bytes of UTF-8, GBK reads two at a time: two characters become an opener (two bytes of
# the first), a half (its last byte and the lead of the second) and a closer; before ASCII, the half takes that instead
# of a lead. A true Chinese text is next to never such a chain from its first character to its last.
_TAIL_BYTES = range(0x80, 0xC0)
OPENERS = _gbk(range(0xE4, 0xEA), _TAIL_BYTES) | _gbk((0xE2, 0xE3), (0x80,)) | _gbk((0xEF,), (0xBC, 0xBD))
"""The first characters of UTF-8 read as GBK: `寮` of `寮犱笁` (张三)."""

_OPENER = _class(OPENERS)
_HALF = _class(_gbk(_TAIL_BYTES, (*range(0xE4, 0xEA), 0xEF)))
_CLOSER = _class(_gbk(_TAIL_BYTES, _TAIL_BYTES))
_BEFORE_ASCII = _class(_gbk(_TAIL_BYTES, range(0x40, 0x7F)))
_ASCII = "[\\x00-\\x7f]*"
_ONE = f"{_OPENER}{_BEFORE_ASCII}"
_TWO = f"{_OPENER}{_HALF}{_CLOSER}"
_ANY = f"(?:[\\x00-\\x7f]|{_ONE}|{_TWO})*"
_CUT = f"(?:{_OPENER}{_HALF}?)?"
"""Up to two bytes may be missing at the end, with `?` in their place or without."""

UTF8_AS_GBK = f"{_ANY}(?:(?:{_TWO}|{_ONE}{_ASCII}{_ONE}){_ANY}{_CUT}|{_ONE}{_ASCII}{_OPENER}{_HALF})\\??"

MOJIBAKE = f".*(?:{_LOST}|{_UTF8_AS_LATIN}|{_GB_AS_LATIN}).*|{UTF8_AS_GBK}"
"""Matches the whole of a text that shows one of the signs that `NoMojibake` names."""

_MOJIBAKE = re.compile(MOJIBAKE, re.DOTALL)


def is_mojibake(text: str) -> bool:
    """Whether `text` shows one of the four signs."""
    return not text.isascii() and _MOJIBAKE.fullmatch(text) is not None
