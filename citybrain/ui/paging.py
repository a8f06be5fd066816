"""Pages of a long list whose rows may come from anywhere: the database, the lake, a tuple."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

SIZE = 50
"""Rows on one page."""


def page_number(text: str | None) -> int:
    """The page asked for in an address; anything that is no positive number means the first."""
    return int(text) if text and text.isascii() and text.isdigit() and 0 < len(text) < 8 and int(text) > 0 else 1


@dataclass(frozen=True)
class Paging:
    """Where one page stands in a list of `total` rows."""

    number: int
    """The page shown, from 1."""
    total: int
    """Rows in the whole list."""
    size: int = SIZE
    """Rows on a page."""
    parameter: str = "page"
    """Name of the page number in the address."""
    is_capped: bool = False
    """Whether there are more than `total`, which nobody counted."""
    before: str = ""
    """What the address says for the page before, where its number alone would not do."""
    after: str = ""
    """What the address says for the page after, where its number alone would not do."""
    shown: int | None = None
    """Rows on this page, where that is known better than by `total`."""

    @property
    def last(self) -> int:
        """Number of the last page, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.number - 1) * self.size

    @property
    def first_row(self) -> int:
        """Number of the first row shown, from 1; 0 in an empty list."""
        return min(self.offset + 1, self.last_row)

    @property
    def last_row(self) -> int:
        """Number of the last row shown."""
        return min(self.offset + self.size, self.total) if self.shown is None else self.offset + self.shown

    def numbers(self) -> Iterator[int | None]:
        """Page numbers to offer: the ends, and two around this one; None marks a gap.

        Of pages that nobody counted, the first and those beside this one.
        """
        beside = {number for number in range(self.number - 2, self.number + 3) if 0 < number <= self.last}
        beside |= {self.number, *({self.number - 1} if self.before else ()), *({self.number + 1} if self.after else ())}
        ends = {1} if self.is_capped and (self.before or self.after) else {1, self.last}
        previous = 0
        for number in sorted(beside | ends):
            if number - previous > 1:
                yield None
            yield number
            previous = number

    def said(self, number: int) -> str:
        """What the address says for a page."""
        return {self.number - 1: self.before, self.number + 1: self.after}.get(number, "") or str(number)

    @property
    def is_alone(self) -> bool:
        """Whether there is no other page."""
        return self.last <= 1 and not self.before and not self.after


def paging(text: str | None, total: int, size: int = SIZE, parameter: str = "page") -> Paging:
    """The page named `text` in a list of `total` rows, kept inside the list."""
    whole = Paging(1, total, size, parameter)
    return Paging(min(page_number(text), whole.last), total, size, parameter)
