"""The way of one thing up a tree of pairs, to the one that stands for all: how a ledger's proof is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from citybrain.kernel.identity.scope import Vouched, demand_scoped
from citybrain.ui.panels.panel import Panel, Text


@dataclass(frozen=True, kw_only=True)
class Rung:
    """Two neighbours that are joined into one."""

    mine: Text
    """What came up from below."""
    mine_note: Text = ""
    other: Text
    """What it is joined with."""
    other_note: Text = ""
    is_right: bool = False
    """Whether what came up is the right one of the two."""


@dataclass(frozen=True, kw_only=True)
class Ladder(Panel):
    """A way up through pairs; its foot at the bottom, its top above."""

    template: ClassVar[str] = "ui/panels/ladder.html"

    foot: Text
    """What it begins with, in words."""
    rungs: Vouched[Rung]
    """From the bottom upwards."""
    top: Text
    """What it leads to."""
    top_note: Text = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_scoped(self.rungs)
