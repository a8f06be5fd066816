"""Which encoding a delimited or JSON-lines file has: found by its bytes, verified on them, never by hope."""

from __future__ import annotations

import codecs
from pathlib import Path

from charset_normalizer import from_bytes

SAMPLE = 1 << 20
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MOSTLY = 0.9
"""Share of the non-ASCII lines that must decode for an encoding to be taken; the rest go to quarantine."""


def detect(path: Path, *, declared: str = "") -> tuple[str, int]:
    """The encoding of a file and the length of its byte-order mark.

    A BOM wins, then the declaration, then UTF-8, UTF-16 without a mark (NULs in every other byte), GB18030 (which holds
    GBK and GB 2312), then a statistical guess. UTF-8 comes before GB18030 because GB18030 accepts most UTF-8 bytes as
    wrong characters, while UTF-8 accepts almost no GB18030.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    for mark, name in BOMS:
        if sample.startswith(mark):
            return name, len(mark)
    if declared:
        return codecs.lookup(declared).name, 0
    if wide := _wide(sample):
        return wide, 0
    lines = [line for line in _whole_lines(sample) if not line.isascii()]
    if not lines:
        return ("utf-8", 0) if len(sample) < SAMPLE else (_later(path), 0)
    for name in ("utf-8", "gb18030"):
        if sum(_decodes(line, name) for line in lines) >= MOSTLY * len(lines):
            return name, 0
    guess = from_bytes(sample).best()
    return (guess.encoding if guess is not None else "utf-8"), 0


def _later(path: Path) -> str:
    """The encoding of a file whose first mebibyte is plain ASCII: decided by the first line that is not."""
    with path.open("rb") as file:
        while block := file.read(SAMPLE):
            if block.isascii():
                continue
            lines = [line for line in _whole_lines(block + file.readline()) if not line.isascii()]
            good = sum(_decodes(line, "utf-8") for line in lines)
            return "utf-8" if good >= len(lines) / 2 else "gb18030"
    return "utf-8"


def _whole_lines(sample: bytes) -> list[bytes]:
    """The lines of a sample without the last, which may be cut inside a character, unless it is all there is."""
    lines = sample.split(b"\n")
    return lines[:-1] if len(lines) > 1 and len(sample) >= SAMPLE else lines


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _wide(sample: bytes) -> str | None:
    even, odd = sample[0:4096:2].count(0), sample[1:4096:2].count(0)
    half = max(1, min(len(sample), 4096) // 2)
    # ASCII separators and digits give NULs on one side only, even in Chinese text.
    if odd > half // 5 and even <= odd // 20:
        return "utf-16-le"
    if even > half // 5 and odd <= even // 20:
        return "utf-16-be"
    return None
