"""Where DuckDB and Spark spell the same thing differently. Everything else of the SQL back ends is one text for both.

Nothing is transpiled: each spelling was run against the kernels on the adversarial table of the parity suite. Casts
that may fail, back-references, look-around and `regexp_full_match` are not used at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from citybrain.warehouse.governance.primitives.regex import Ranges, parse, spell


class Dialect(Protocol):
    """One engine's spelling."""

    def text(self, value: str) -> str:
        """`value` as a literal."""
        ...

    def matches(self, text: str, pattern: str) -> str:
        """Whether the whole of `text` matches `pattern`, a pattern of the safe subset."""
        ...

    def group(self, text: str, pattern: str, number: int) -> str:
        """What a group of `pattern`, in the engines' common spelling, took of `text`; the empty text for nothing."""
        ...

    def replace(self, text: str, pattern: str, by: str) -> str:
        """Every match of `pattern`, in the common spelling, replaced; `by` may hold {1} and {2} for groups."""
        ...

    def position(self, within: str, text: str) -> str:
        """Place of `text` in `within` from 1; 0 when it does not occur."""
        ...

    def double(self, text: str) -> str:
        """`text`, which is a number, as a double."""
        ...

    def long(self, text: str) -> str:
        """`text`, which is digits, as a 64-bit integer; null when it does not fit."""
        ...

    def words(self, integer: str) -> str:
        """An integer as text."""
        ...


class DuckDB:
    """DuckDB 1.5: RE2, `regexp_*` with an explicit global flag, TRY_CAST."""

    def text(self, value: str) -> str:
        if "\0" in value:
            parts = value.split("\0")
            return "(" + " || chr(0) || ".join(self.text(part) for part in parts) + ")"
        return "'" + value.replace("'", "''") + "'"

    def matches(self, text: str, pattern: str) -> str:
        return f"regexp_matches({text}, {self.text(whole(pattern))})"

    def group(self, text: str, pattern: str, number: int) -> str:
        return f"regexp_extract({text}, {self.text(pattern)}, {number})"

    def replace(self, text: str, pattern: str, by: str) -> str:
        groups = by.format("", "\\1", "\\2")
        return f"regexp_replace({text}, {self.text(pattern)}, {self.text(groups)}, 'g')"

    def position(self, within: str, text: str) -> str:
        return f"strpos({within}, {text})"

    def double(self, text: str) -> str:
        return f"TRY_CAST({text} AS DOUBLE)"

    def long(self, text: str) -> str:
        return f"TRY_CAST({text} AS BIGINT)"

    def words(self, integer: str) -> str:
        return f"CAST({integer} AS VARCHAR)"


class Spark:
    """Spark 4 by Spark Connect: Java's or Rust's regular expressions, global by themselves, `$1` for groups."""

    def text(self, value: str) -> str:
        escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("\0", "\\0")
        return f"'{escaped}'"

    def matches(self, text: str, pattern: str) -> str:
        return f"{text} RLIKE {self.text(whole(pattern))}"

    def group(self, text: str, pattern: str, number: int) -> str:
        return f"coalesce(regexp_extract({text}, {self.text(pattern)}, {number}), '')"

    def replace(self, text: str, pattern: str, by: str) -> str:
        return f"regexp_replace({text}, {self.text(pattern)}, {self.text(by.format('', '${1}', '${2}'))})"

    def position(self, within: str, text: str) -> str:
        return f"instr({within}, {text})"

    def double(self, text: str) -> str:
        return f"try_cast({text} AS DOUBLE)"

    def long(self, text: str) -> str:
        return f"try_cast({text} AS BIGINT)"

    def words(self, integer: str) -> str:
        return f"CAST({integer} AS STRING)"


DUCKDB = DuckDB()
SPARK = Spark()


def whole(pattern: str) -> str:
    """`pattern` of the safe subset in the common spelling, bound to both ends of the text."""
    return f"\\A(?:{spell(parse(pattern))})\\z"


def class_of(characters: Iterable[str], ranges: Ranges = ()) -> str:
    """A character class in the common spelling."""
    singles = "".join(f"\\x{{{ord(character):X}}}" for character in characters)
    return "[" + singles + "".join(f"\\x{{{low:X}}}-\\x{{{high:X}}}" for low, high in ranges) + "]"
