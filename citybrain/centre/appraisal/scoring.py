"""Boards (考核排名): one score a group, difficulty-weighted, drawn towards the county's mean where cases are few.

A league table of plain rates punishes who reports honestly and rewards who has three cases. So each rate is first
smoothed, as if the group had had `PRIOR` further cases at the county's rate, and shown with its 95 % interval (Wilson).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from citybrain.centre.appraisal.measuring import Measure, Unit
from citybrain.centre.appraisal.queries import Line, Value

PRIOR = 20
"""Cases at the county's rate that every group is given."""

Z = 1.959964
"""Standard normal quantile of a 95 % interval."""

WEIGHTS: Mapping[str, float] = {
    "weighted_in_time": 0.35,
    "fixed": 0.20,
    "rework": 0.15,
    "first_time": 0.10,
    "solved": 0.20,
}
"""Indicators of the score with their weights, which add up to 1; one not known gives its weight to the others."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one indicator gives to a score."""

    measure: Measure
    smoothed: float
    """Its rate with the prior, 0 to 1, turned so that higher is better."""
    weight: float
    """Its share of the score after the unknown ones gave theirs."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """The score of a group."""

    line: Line
    points: float | None
    """0 to 100; None when nothing was closed or late."""
    parts: tuple[Part, ...]


def scores(lines: Sequence[Line], county: Line) -> list[Score]:
    """A score for each line, the best first; those without one last."""
    found = [_score(line, county) for line in lines]
    return sorted(found, key=lambda score: (score.points is None, -(score.points or 0.0)))


def _score(line: Line, county: Line) -> Score:
    parts = []
    for key, weight in WEIGHTS.items():
        own, whole = line.values[key], county.values[key].value
        if whole is None or not line.values["closing"].below:
            continue
        rate = smoothed(own, whole)
        better = rate if own.measure.is_higher_better else 1 - rate
        parts.append((own.measure, better, weight))
    total = sum(weight for _measure, _rate, weight in parts)
    made = tuple(Part(measure=m, smoothed=rate, weight=weight / total) for m, rate, weight in parts)
    points = 100 * sum(part.smoothed * part.weight for part in made) if made else None
    return Score(line=line, points=points, parts=made)


def smoothed(value: Value, county: float) -> float:
    """A rate as if there had been PRIOR further cases at the county's rate."""
    return (value.above + PRIOR * county) / ((value.below or 0) + PRIOR)


def interval(value: Value) -> tuple[float, float] | None:
    """The Wilson interval (95 %) of a rate; None where it is no rate or has no cases."""
    cases = value.below
    if value.measure.unit is not Unit.RATE or not cases:
        return None
    rate = min(value.above / cases, 1.0)
    centre = rate + Z * Z / (2 * cases)
    reach = Z * sqrt(rate * (1 - rate) / cases + Z * Z / (4 * cases * cases))
    return (max((centre - reach) / (1 + Z * Z / cases), 0.0), min((centre + reach) / (1 + Z * Z / cases), 1.0))
