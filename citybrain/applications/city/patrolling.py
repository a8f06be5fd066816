"""Walks and what they cover: cells of a hundred metres, plans that are kept or not, and what is forgotten when."""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from citybrain.applications.city.models import Patrol, PatrolPlan
from citybrain.kernel.identity.calendar import calendar

KEPT = 14
"""Days the points of a walk and the walker's name are kept."""
CELL = 100
"""Metres of a cell's side."""
METRES_A_DEGREE = 111_320
LATITUDE = 28.9
"""Degrees by which the width of a cell is reckoned, one for the whole county: cells are the same for every walk."""
LONGEST = datetime.timedelta(hours=10)
"""After which a walk that nobody ended is over."""
WEEK = 7
EAST = METRES_A_DEGREE * math.cos(math.radians(LATITUDE))

Position = tuple[float, float]
"""Longitude and latitude, degrees."""


def cell_of(longitude: float, latitude: float) -> str:
    """The cell a position lies in, as `column:row`."""
    return f"{math.floor(longitude * EAST / CELL)}:{math.floor(latitude * METRES_A_DEGREE / CELL)}"


def outline(cell: str) -> list[list[float]]:
    """A cell's corners, closed, degrees."""
    column, row = (int(part) for part in cell.split(":"))
    west, east = column * CELL / EAST, (column + 1) * CELL / EAST
    south, north = row * CELL / METRES_A_DEGREE, (row + 1) * CELL / METRES_A_DEGREE
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def metres_between(first: Position, last: Position) -> float:
    """Metres between two positions that lie near each other."""
    return math.hypot((last[0] - first[0]) * EAST, (last[1] - first[1]) * METRES_A_DEGREE)


def expected(plan: PatrolPlan, days: Sequence[datetime.date]) -> int:
    """How many walks a plan asks for within `days`, which are whole weeks for plans that count by the week."""
    weeks = max(round(len(days) / WEEK), 1)
    match plan.often:
        case PatrolPlan.Often.DAILY:
            return len(days)
        case PatrolPlan.Often.WORKING_DAYS:
            return sum(calendar().is_working_day(day) for day in days)
        case PatrolPlan.Often.TWICE_A_WEEK:
            return 2 * weeks
    return weeks


def counts(patrol: Patrol, plan: PatrolPlan) -> bool:
    """Whether a walk was long enough to count as one of the plan's."""
    return patrol.seconds * 2 >= plan.minutes * 60


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How far a plan was kept."""

    plan: PatrolPlan
    expected: int
    done: int
    """Days with a walk that counts; never more than asked for."""
    metres: int
    last: datetime.datetime | None

    @property
    def is_covered(self) -> bool:
        """Whether it was kept whole."""
        return self.done >= self.expected


def coverage(plans: Iterable[PatrolPlan], walks: QuerySet[Patrol], days: Sequence[datetime.date]) -> list[Coverage]:
    """For each plan how far it was kept on `days`, by those of `walks` that the caller may see."""
    by_plan: dict[int | None, list[Patrol]] = {}
    for walk in within(walks, days):
        by_plan.setdefault(walk.plan_id, []).append(walk)
    found = []
    for plan in plans:
        own = by_plan.get(plan.pk, [])
        walked = {timezone.localdate(walk.started_at) for walk in own if counts(walk, plan)}
        asked = expected(plan, days)
        found.append(
            Coverage(
                plan=plan,
                expected=asked,
                done=min(len(walked), asked),
                metres=sum(walk.metres for walk in own),
                last=max((walk.started_at for walk in own), default=None),
            )
        )
    return found


def within(walks: QuerySet[Patrol], days: Sequence[datetime.date]) -> QuerySet[Patrol]:
    """The walks that began on one of `days`, which follow one another."""
    zone = timezone.get_current_timezone()
    begin = datetime.datetime.combine(days[0], datetime.time.min, zone)
    end = datetime.datetime.combine(days[-1] + datetime.timedelta(days=1), datetime.time.min, zone)
    return walks.filter(started_at__gte=begin, started_at__lt=end)


def cells_walked(walks: Iterable[Patrol]) -> Counter[str]:
    """Cell -> by how many walks it was covered. Nobody's way can be told from it."""
    return Counter(cell for walk in walks for cell in set(walk.cells))
