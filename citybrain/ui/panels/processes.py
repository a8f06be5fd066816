"""Panels of things under way: sums that add up, stages of work, the way of something through its stations."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from django.http import HttpRequest

from citybrain.kernel.identity.scope import Vouched, demand_scoped
from citybrain.ui.panels.panel import Action, Panel, PanelError, Text, Tone


@dataclass(frozen=True, kw_only=True)
class Sum(Panel):
    """A whole and its parts, and whether they add up: rows read, money paid, goods handed over."""

    template: ClassVar[str] = "ui/panels/sum.html"

    whole: tuple[int, Text]
    """The number and what it counts."""
    parts: tuple[tuple[int, Text], ...]

    @property
    def adds_up(self) -> bool:
        """Whether the parts make the whole."""
        return self.whole[0] == sum(number for number, _words in self.parts)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One part of a piece of work."""

    title: Text
    state: Literal["waiting", "running", "done", "failed"]
    done: int = 0
    total: int | None = None
    """None while its end is not known."""
    unit: Text = ""
    at: datetime.datetime | None = None
    """When it moved last."""


@dataclass(frozen=True, kw_only=True)
class Stages(Panel):
    """The stages of a piece of work, as far as each has got (进度)."""

    template: ClassVar[str] = "ui/panels/stages.html"

    stages: Vouched[Stage]
    empty: Text = ""
    text: Text = ""
    """What must be read beside: a fault, that it was called off."""
    tone: Tone = "bad"
    """Of that text."""
    actions: tuple[Action, ...] = ()
    """What may be done about it as far as it has got; they are fetched again with the panel."""

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_scoped(self.stages)


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One station of a way."""

    title: Text
    text: Text = ""
    url: str = ""
    lines: tuple[Text, ...] = ()
    """Small lines under it."""


@dataclass(frozen=True, kw_only=True)
class Flow(Panel):
    """The way of something through its stations, from left to right; stations of one step stand above one another."""

    template: ClassVar[str] = "ui/panels/flow.html"

    steps: tuple[Vouched[Stop], ...]
    foot: Text = ""
    """What else is to be said of the way."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for step in self.steps:
            demand_scoped(step)
        if not self.steps:
            raise PanelError(f"Flow {self.title!r} has no stations.")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The steps, each with whether another came before."""
        return {"steps": list(enumerate(self.steps))}
