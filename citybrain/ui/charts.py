"""Charts as plain data: a page says what is drawn, `ui/charts.js` knows how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Series:
    """One line or set of bars."""

    title: str
    values: Sequence[float | None]
    """One value for each label of the chart; None leaves a gap."""
    tone: str = "data"
    """Colour by meaning: data, good, fair, bad or quiet."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart over labels."""

    kind: str
    """line, bars (upright) or ranks (lying)."""
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    minimum: float | None = None
    """Lower end of the value axis; None starts at the data (lines) or at zero (bars)."""
    maximum: float | None = None

    def data(self) -> dict[str, Any]:
        """The chart as JSON-able data."""
        return asdict(self)


def spark_points(values: Sequence[float | None], width: int, height: int) -> str:
    """Points of a sparkline for an SVG `polyline`, the lowest value at the foot; empty below two values."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    if low == high:
        low, high = low - 1, high + 1
    reach = high - low
    step = (width - 4) / (len(known) - 1)
    return " ".join(
        f"{2 + place * step:.1f},{height - 2 - (value - low) / reach * (height - 4):.1f}"
        for place, value in enumerate(known)
    )
