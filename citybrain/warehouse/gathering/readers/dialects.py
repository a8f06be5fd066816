"""How a delimited file separates, quotes and heads its columns: sniffed from its first lines, or declared."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass

DELIMITERS = ",\t;|^"


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """One way of writing delimited text."""

    delimiter: str
    quote: str


def sniff(lines: list[str], *, delimiter: str = "", quote: str = "") -> Dialect:
    """The delimiter with the steadiest number of columns over the first lines, and the quote that opens fields.

    Lines are joined by no guess: a file of one column gets a comma, which then never occurs.
    """
    quote = quote or _quote(lines)
    if delimiter:
        return Dialect(delimiter="\t" if delimiter == "\\t" else delimiter, quote=quote)
    best, best_score = ",", 0.0
    for candidate in DELIMITERS:
        counts = [len(fields(line, Dialect(delimiter=candidate, quote=quote))) for line in lines if line.strip()]
        if not counts:
            continue
        usual, times = Counter(counts).most_common(1)[0]
        if usual > 1 and (score := times / len(counts) * min(usual, 10)) > best_score:
            best, best_score = candidate, score
    return Dialect(delimiter=best, quote=quote)


def _quote(lines: list[str]) -> str:
    single = sum(line.startswith("'") + line.count(",'") for line in lines)
    double = sum(line.count('"') for line in lines)
    return "'" if single > len(lines) and not double else '"'


def fields(line: str, dialect: Dialect) -> list[str]:
    """Fields of one line, leniently."""
    csv.field_size_limit(1 << 28)
    row = next(csv.reader([line], delimiter=dialect.delimiter, quotechar=dialect.quote), [])
    return row


def split_record(text: str, dialect: Dialect) -> list[str] | None:
    """Fields of one whole record by the strict rules: a quote that opens a field closes it, doubled inside.

    A quote inside an unquoted field is a character. None when a quote stays open. Raises ValueError when text follows a
    closing quote.
    """
    delimiter, quote = dialect.delimiter, dialect.quote
    values: list[str] = []
    position, size = 0, len(text)
    while True:
        if position < size and text[position] == quote:
            value, position = _quoted(text, position + 1, quote)
            if position < 0:
                return None
            if position < size and text[position] != delimiter:
                raise ValueError(f"text follows a closing quote at character {position}")
            values.append(value)
        else:
            end = text.find(delimiter, position)
            end = size if end < 0 else end
            values.append(text[position:end])
            position = end
        if position >= size:
            return values
        position += 1


def _quoted(text: str, position: int, quote: str) -> tuple[str, int]:
    """(value, position after the closing quote), position -1 when the quote stays open."""
    pieces: list[str] = []
    while True:
        end = text.find(quote, position)
        if end < 0:
            return "", -1
        pieces.append(text[position:end])
        if text.startswith(quote, end + 1):
            pieces.append(quote)
            position = end + 2
            continue
        return "".join(pieces), end + 1


def header_row(lines: list[str], dialect: Dialect) -> int:
    """Index of the line that names the columns: the first with the usual number of columns, all of them filled."""
    counts = [len(fields(line, dialect)) for line in lines]
    if not counts:
        return 0
    usual = Counter(count for line, count in zip(lines, counts, strict=True) if line.strip()).most_common(1)
    if not usual:
        return 0
    for index, (line, count) in enumerate(zip(lines, counts, strict=True)):
        if count == usual[0][0] and line.strip():
            return index
    return 0
