"""What the demo's story adds to city management: made-up walks of the last week, most plans kept, some not."""

from __future__ import annotations

import math
import random
from datetime import datetime, time, timedelta

from django.utils import timezone

from citybrain.applications.city.models import Patrol, PatrolPlan
from citybrain.applications.city.patrolling import CELL, EAST, METRES_A_DEGREE, cell_of
from citybrain.kernel.identity.calendar import calendar

DAYS = 7
KEPT = 0.72
"""Share of the days on which a plan is walked."""
BENDS = 5
"""Cells after which a walk turns."""


def play(seed: int, now: datetime) -> int:
    """Makes the walks, which belong to nobody, unless there are any; returns how many."""
    if Patrol.objects.exists():
        return 0
    rng = random.Random(f"walks{seed}")  # noqa: S311 - chance of a demo
    zone, today = timezone.get_current_timezone(), timezone.localdate(now)
    made = []
    for plan in PatrolPlan.objects.filter(removed_at=None).exclude(place=None).order_by("pk"):
        for back in range(DAYS):
            day = today - timedelta(days=back)
            if not calendar().is_working_day(day) or rng.random() > KEPT:
                continue
            begin = datetime.combine(day, time(rng.choice((8, 9, 10, 14, 15)), rng.randrange(30, 59)), zone)
            seconds = round(plan.minutes * 60 * rng.uniform(0.3, 1.1))
            end = begin + timedelta(seconds=seconds)
            if end < now:
                made.append(_walk(plan, begin, end, seconds, rng))
    return len(Patrol.objects.bulk_create(made))


def _walk(plan: PatrolPlan, begin: datetime, end: datetime, seconds: int, rng: random.Random) -> Patrol:
    longitude, latitude = plan.place["coordinates"]
    angle, cells = rng.uniform(0, math.tau), [cell_of(longitude, latitude)]
    count = max(round(seconds / 90), 2)
    for number in range(count):
        if number % BENDS == 0:
            angle += rng.uniform(-1.4, 1.4)
        longitude += math.cos(angle) * CELL / EAST
        latitude += math.sin(angle) * CELL / METRES_A_DEGREE
        cells.append(cell_of(longitude, latitude))
    return Patrol(
        plan=plan,
        organisation_id=plan.organisation_id,
        area_id=plan.area_id,
        agreed_at=begin,
        started_at=begin,
        ended_at=end,
        cells=list(dict.fromkeys(cells)),
        metres=count * CELL,
        seconds=seconds,
    )
