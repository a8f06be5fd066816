"""Pictures beside each other: before and after, what somebody sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from citybrain.kernel.identity.scope import Vouched, demand_scoped
from citybrain.ui.panels.panel import Panel, Text


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture."""

    title: Text = field(kw_only=False)
    """What it shows: “Before”. It is also what is read aloud."""
    url: str = field(kw_only=False)
    """Address of the picture itself, opened by a click."""
    small: str = ""
    """Address of a small one; empty shows the picture itself."""
    at: datetime | None = None
    under: Text = ""


@dataclass(frozen=True, kw_only=True)
class Pictures(Panel):
    """Pictures beside each other, each opened large by a click; two a row on a phone."""

    template: ClassVar[str] = "ui/panels/pictures.html"

    pictures: Vouched[Picture]
    empty: Text = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_scoped(self.pictures)
