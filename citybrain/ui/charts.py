"""Charts as plain data: a page says what is drawn, `ui/charts.js` knows how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal


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

    kind: Literal["line", "bars", "ranks", "ring", "stacked"]
    """line, bars (upright), ranks (lying bars), ring (shares of a whole) or stacked (bars on each other)."""
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    minimum: float | None = None
    """Lower end of the value axis; None starts at the data (lines) or at zero (bars)."""
    maximum: float | None = None
    tones: Sequence[str] = ()
    """For a ring: the tone of each label; none gives each its own colour."""
    links: Sequence[str] = ()
    """Address of the rows behind each label, opened by a click; an empty one opens nothing."""

    def __post_init__(self) -> None:
        for series in self.series:
            if len(series.values) != len(self.labels):
                raise TypeError(
                    f"Chart: series {series.title!r} has {len(series.values)} values for {len(self.labels)} labels."
                )
        if self.links and len(self.links) != len(self.labels):
            raise TypeError(f"Chart: {len(self.links)} links for {len(self.labels)} labels.")
        if self.tones and len(self.tones) != len(self.labels):
            raise TypeError(f"Chart: {len(self.tones)} tones for {len(self.labels)} labels.")
        if self.kind == "ring" and len(self.series) != 1:
            raise TypeError(f"Chart: a ring shows one series, not {len(self.series)}.")

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
