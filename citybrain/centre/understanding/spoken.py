"""Texts as people write and say them, brought into one spelling before anything is read out of them."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 4_000
"""Characters of a text that are read; what comes after is kept with the signal and not looked at."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028\u2029\u2060\ufeff]")
_SPACE = re.compile(r"\s+")
_CLAUSE = re.compile(r"[，,。.！!？?；;\n]+")
_COURTESY = re.compile(
    r"^(?:你好|您好|喂|请问|麻烦|领导|工作人员|市民|来电人|反映人|群众|网友|居民|同志|尊敬的|我要|我想|反映|投诉|举报|来电|"
    r"咨询|求助|说|称|一下|下|的|是|在|：|:|，|,|！|!|。|、| )+"
)


def plain(text: str) -> str:
    """The text with compatibility characters folded (full-width digits) and control characters gone."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST])
    return _SPACE.sub(" ", _CONTROL.sub("", folded)).strip()


def clauses(text: str) -> list[str]:
    """The parts of a text between its marks, without the courtesies they begin with; never empty ones."""
    return [part for part in (_COURTESY.sub("", part.strip()).strip() for part in _CLAUSE.split(text)) if part]
