"""The stations of one thing's way in one line: which are passed, which is the present one."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import ClassVar, Literal

from citybrain.kernel.identity.scope import Vouched, demand_scoped
from citybrain.ui.panels.panel import Panel, Text


@dataclass(frozen=True, kw_only=True)
class Station:
    """One station."""

    title: Text
    state: Literal["done", "now", "ahead", "stopped"]
    at: datetime.datetime | None = None
    """When it was passed."""
    text: Text = ""


@dataclass(frozen=True, kw_only=True)
class Way(Panel):
    """Stations beside each other, joined by a line (流程阶段); on a phone the line runs down."""

    template: ClassVar[str] = "ui/panels/way.html"

    stations: Vouched[Station]
    label: Text
    """What it is, for who cannot see it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_scoped(self.stations)
