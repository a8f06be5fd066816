"""What people of the rehearsal county say: two banks of phrases and turns of speech that share no sentence.

`TRAIN` is what the model learns from, `HELD` what it is measured on: other words for the things, other defects, other
turns of speech, written apart. The names of the things themselves (路灯, 公积金) occur in both: people have no others.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
TRAIN, HELD = "train", "held"


@dataclass(frozen=True, kw_only=True)
class Bank:
    """One bank: what is said of each type, and the turns of speech around it."""

    split: str
    matters: Mapping[str, tuple[str, ...]]
    """Key of an event type -> clauses that tell of one."""
    things: Mapping[str, tuple[str, ...]]
    """Key of a type of parts -> what people call the thing."""
    frames: Mapping[str, tuple[str, ...]]
    """Channel -> sentences with slots in braces."""
    turns: Mapping[str, tuple[str, ...]]
    """Slot -> what fills it; an empty one leaves it out."""


@cache
def bank(split: str) -> Bank:
    """The bank `train` or `held`."""
    matters = {row["key"]: tuple(row["phrases"].split(";")) for row in _rows(f"phrases_{split}")}
    defects = {row["group"]: tuple(row["phrases"].split(";")) for row in _rows(f"defects_{split}")}
    things = {}
    for row in _rows(f"parts_{split}"):
        key, names = row["key"], tuple(row["things"].split(";"))
        own = tuple(filter(None, row["phrases"].split(";")))
        # A phrase of its own tells more of the thing than a general defect: it is said as often as three of those.
        general = tuple(defect.format(x=name) for defect in defects[row["group"]] for name in names)
        matters[key] = general + own * 3
        things[key] = names
    frames: dict[str, list[str]] = {}
    turns: dict[str, list[str]] = {}
    for row in _rows(f"speech_{split}"):
        if row["part"] == "frame":
            frames.setdefault(row["channel"], []).append(row["words"])
        else:
            turns.setdefault(row["part"], []).append(row["words"])
    return Bank(
        split=split,
        matters=matters,
        things=things,
        frames={channel: tuple(lines) for channel, lines in frames.items()},
        turns={slot: tuple(words) for slot, words in turns.items()},
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
