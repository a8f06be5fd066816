"""Texts that were read in the wrong encoding before they were delivered (乱码)."""

from __future__ import annotations

import re

_LOST = re.compile("\ufffd|锟斤拷")
"""What stands where bytes could not be read, and what becomes of it when it is written and read once more."""

_CONTINUATION = (
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014"
    "\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
"""Bytes 80 to BF as Latin-1 or Windows-1252 shows them."""

_UTF8_AS_LATIN = re.compile(f"[à-ï]{_CONTINUATION}{{2}}|[à-ï]{_CONTINUATION}.*[à-ï]{_CONTINUATION}", re.DOTALL)
_GB_AS_LATIN = re.compile("[\u00a1-\u00fe]{4}")


def is_mojibake(text: str) -> bool:
    """Whether `text` shows one of the four signs that `NoMojibake` names."""
    if text.isascii():
        return False
    return bool(_LOST.search(text) or _UTF8_AS_LATIN.search(text) or _GB_AS_LATIN.search(text)) or _is_utf8_as_gbk(text)


def _is_utf8_as_gbk(text: str) -> bool:
    """Whether the GBK bytes of `text` are UTF-8 of two or more GB 2312 characters: 寮犱笁 is 张三.

    A true Chinese text is next to never valid UTF-8 when written as GBK. Three bytes a character, read two by two,
    leave half a character at the end; it is shown as `?` or lost, so up to two last bytes may be missing.
    """
    try:
        written = text.removesuffix("?").encode("gbk")
    except UnicodeEncodeError:
        return False
    for cut in range(3):
        try:
            meant = written[: len(written) - cut].decode("utf-8")
            foreign = "".join(character for character in meant if not character.isascii())
            foreign.encode("gb2312")
        except UnicodeError:
            continue
        return len(foreign) >= 2
    return False
