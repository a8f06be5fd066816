"""A code list (代码集): the values a standard allows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """One value of a list."""

    value: str
    """The code as the standard prints it."""
    title: str
    """Chinese name as the standard prints it."""
    english: str = ""
    """English name, where there is one in use."""
    parent: str | None = None
    """The code above, in a list with levels."""
    synonyms: tuple[str, ...] = ()
    """Other words delivered for it; the step `CODE` turns them into the code."""


@dataclass(frozen=True, kw_only=True)
class CodeList:
    """A list of codes (代码集), with its standard, edition and clause."""

    key: str
    """Stable key, kebab-case, unique in the registry: `sex`."""
    title: str
    """English title, marked for translation."""
    chinese: str
    """Title as the standard prints it."""
    standard: str
    """The standard and clause: `GB/T 2261.1-2003`."""
    codes: tuple[Code, ...]
    """The values in the standard's order."""
    complete: bool = True
    """False when only the part in use is listed; then an unlisted code is a notice, never an error."""
    source: str = ""
    """Where the values were taken from, with its licence, when they came from a file."""
