"""Panels that only the citizens' pages have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from citybrain.ui.panels.panel import Panel


@dataclass(frozen=True, kw_only=True)
class NearestFirst(Panel):
    """The button that puts what is nearest first: the browser gives the position, cut to about a hundred metres."""

    template: ClassVar[str] = "ui/citizen/nearest.html"

    is_on: bool = False


@dataclass(frozen=True, kw_only=True)
class Receipt(Panel):
    """What somebody gets for a report: its number, and the secret link by which they alone follow it."""

    template: ClassVar[str] = "ui/citizen/receipt.html"

    number: str
    url: str
    """The whole secret address."""
