"""Physical lines of a byte stream in blocks of whole lines, in any encoding, with line numbers and offsets kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

BLOCK = 4 << 20
LINE_LIMIT = 16 << 20
"""A longer line is cut off: no field of a government table is 16 MiB, a broken file easily is."""


@dataclass
class Block:
    """Some whole lines of a file."""

    data: bytes
    """As delivered."""
    offset: int
    """Byte offset of the first line in the file."""
    line: int
    """Number of the first line, from 1."""
    encoding: str
    text: bytes | None = field(init=False)
    """The same lines in UTF-8; None when some line does not decode."""

    def __post_init__(self) -> None:
        self.text = to_utf8(self.data, self.encoding)

    def lines(self) -> Iterator[tuple[int, int, bytes]]:
        """(line number, byte offset, bytes as delivered with their line end) of each line."""
        position, number = 0, self.line
        while position < len(self.data):
            end = _line_end(self.data, position, self.encoding)
            yield number, self.offset + position, self.data[position:end]
            position, number = end, number + 1

    @property
    def count(self) -> int:
        """Number of lines; a last line without its end counts."""
        feed = _feed(self.encoding)
        if len(feed) == 1:
            return self.data.count(feed) + (not self.data.endswith(feed))
        return sum(1 for _ in self.lines())


def to_utf8(data: bytes, encoding: str) -> bytes | None:
    """`data` in UTF-8, None when it is not text in `encoding`."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    if encoding == "utf-8":
        return data
    try:
        return text.encode()
    except UnicodeEncodeError:  # lone surrogates of UTF-16
        return None


def blocks(path: Path, *, encoding: str, start: int = 0) -> Iterator[Block]:
    """Blocks of about 4 MiB, cut at line ends."""
    offset, line = start, 1
    rest = b""
    with path.open("rb") as file:
        file.seek(start)
        while True:
            fresh = file.read(BLOCK)
            data = rest + fresh
            if not data:
                return
            cut = _last_line_end(data, encoding) if fresh else len(data)
            if cut == 0 and len(data) < LINE_LIMIT:
                rest = data
                continue
            cut = cut or len(data)
            block = Block(data=data[:cut], offset=offset, line=line, encoding=encoding)
            yield block
            line += block.count
            offset += cut
            rest = data[cut:]
            if not fresh:
                return


def _feed(encoding: str) -> bytes:
    return {"utf-16-le": b"\n\x00", "utf-16-be": b"\x00\n"}.get(encoding, b"\n")


def _line_end(data: bytes, position: int, encoding: str) -> int:
    feed = _feed(encoding)
    found = data.find(feed, position)
    # In UTF-16 the two bytes of a line feed may also be halves of two neighbours.
    while found >= 0 and (found - position) % len(feed):
        found = data.find(feed, found + 1)
    return len(data) if found < 0 else found + len(feed)


def _last_line_end(data: bytes, encoding: str) -> int:
    feed = _feed(encoding)
    found = data.rfind(feed)
    while found >= 0 and found % len(feed):
        found = data.rfind(feed, 0, found + len(feed) - 1)
    return 0 if found < 0 else found + len(feed)
