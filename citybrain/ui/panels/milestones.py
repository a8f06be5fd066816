"""The way of one matter, step by step, for whoever waits for its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal

from citybrain.kernel.identity.scope import Vouched, demand_scoped
from citybrain.ui.panels.panel import Panel, Text


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """One step of the way."""

    title: Text = field(kw_only=False)
    state: Literal["done", "now", "waiting", "failed"] = field(kw_only=False)
    at: datetime | None = None
    """When it was reached; for one that lies ahead, when it is expected."""
    who: Text = ""
    """The body that did it, or has it."""
    text: Text = ""


@dataclass(frozen=True, kw_only=True)
class Milestones(Panel):
    """Steps one under the other, those done ticked, the present one marked (办理进度)."""

    template: ClassVar[str] = "ui/panels/milestones.html"

    steps: Vouched[Milestone]

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_scoped(self.steps)
