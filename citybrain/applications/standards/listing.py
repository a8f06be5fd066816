"""How the code lists of this folder are written down: one line a code, or a CSV file with one row a code."""

from __future__ import annotations

import csv
from pathlib import Path

from citybrain.declare.codelist import Code

DATA = Path(__file__).parent / "data"

RECALLED = "凭记忆录入，待核 (entered from memory, to be checked against the standard)"
"""Source of a list whose standard could not be opened; such a list is never complete."""


def code(value: str, title: str, english: str = "", *synonyms: str, parent: str | None = None) -> Code:
    """One code, with its other words behind."""
    return Code(value=value, title=title, english=english, parent=parent, synonyms=synonyms)


def named(*titles: str) -> tuple[Code, ...]:
    """Codes of a list that the standard or practice gives by name only: the name is the code."""
    return tuple(Code(value=title, title=title) for title in titles)


def numbered(titles: str, *, width: int, suffix: str = "") -> tuple[Code, ...]:
    """Codes counted from 1, `width` digits wide, of blank-separated titles; without `suffix` they are synonyms."""
    return tuple(
        Code(value=str(number).zfill(width), title=title + suffix, synonyms=(title,) if suffix else ())
        for number, title in enumerate(titles.split(), start=1)
    )


def rows(file: str) -> list[dict[str, str]]:
    """The rows of a CSV file of this folder's `data/`."""
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
