"""What the demo's story adds to city management: made-up walks of four weeks, and inspections of some of the grids."""

from __future__ import annotations

import math
import random
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Case, QuerySet, When
from django.utils import timezone

from citybrain.applications.city.actions import judge
from citybrain.applications.city.inspecting import DUTIES
from citybrain.applications.city.models import Patrol, PatrolFinding, PatrolInspection, PatrolPlan
from citybrain.applications.city.patrolling import CELL, EAST, METRES_A_DEGREE, cell_of
from citybrain.centre.events.machine import ENDED
from citybrain.centre.events.models import Channel, Event
from citybrain.centre.events.types import event_types
from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.calendar import calendar
from citybrain.kernel.identity.models import Area, User
from citybrain.kernel.records.actions import create
from citybrain.kernel.records.shape import shape_of

DAYS = 28
KEPT = 0.72
"""Share of the days on which a plan is walked."""
BENDS = 5
"""Cells after which a walk turns."""

INSPECTOR = "demo-inspector"
INSPECTED = 8
"""Grids that are inspected."""
FINDINGS = 4
KNOWN = 0.55
"""Share of the findings that were told of already, where there is anything."""
FOUND = (
    "exposed-litter",
    "storm-cover",
    "things-in-the-way",
    "small-adverts",
    "damaged-road",
    "dirty-road",
    "waste-bin",
)
"""What else an inspector finds."""
STOOD = ("day", "day", "day", "week", "hours", "fresh", "unknown")
"""How long it has stood, by how often that is so."""


def play(seed: int, now: datetime) -> int:
    """Makes the walks, which belong to nobody, and the inspections, unless there are any; returns how many."""
    made = 0 if Patrol.objects.exists() else walk(seed, now)
    return made + inspect(seed, now)


def walk(seed: int, now: datetime) -> int:
    """Makes the walks: most plans kept, some not."""
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


# --------------------------------------------------------------------------- inspections


def inspect(seed: int, now: datetime) -> int:
    """Inspects some grids on working days of the last four weeks, each once; returns how many.

    What the inspector finds is told by the patrol already, told by others, or new; each is judged by the real verbs.
    """
    inspector = User.objects.filter(username=INSPECTOR).first()
    if inspector is None:
        return 0
    actor, begun = actor_for(inspector), PatrolInspection.objects.count()
    inspected = PatrolInspection.objects.exclude(plan=None).values("plan")
    plans = PatrolPlan.objects.filter(removed_at=None).exclude(place=None).exclude(area=None).exclude(pk__in=inspected)
    # Where something stands there is something to see; the others wait for another day.
    chosen = sorted(
        plans.select_related("area__parent"), key=lambda plan: (-_standing(plan.area, now).count(), plan.pk)
    )
    for number, plan in enumerate(chosen[: INSPECTED - begun], begun):
        rng = random.Random(f"inspections{seed}{plan.number}")  # noqa: S311 - chance of a demo
        with transaction.atomic():
            _inspected(plan, _moment(now, 2 + number * 3, rng), rng, actor)
    return PatrolInspection.objects.count() - begun


def _moment(now: datetime, back: int, rng: random.Random) -> datetime:
    """A time in office hours of the working day that lies `back` days ago, or of the one before."""
    day = timezone.localdate(now) - timedelta(days=back)
    while not calendar().is_working_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, time(rng.choice((10, 14, 15)), rng.randrange(60)), timezone.get_current_timezone())


def _inspected(plan: PatrolPlan, at: datetime, rng: random.Random, actor: Actor) -> None:
    area = plan.area
    assert area is not None
    values = {
        "title": f"{area.chinese}现场抽查（演示）"[:80],
        "way": PatrolInspection.Way.ON_FOOT,
        "on": timezone.localdate(at),
        "plan": plan.pk,
        "who": "城市管理督查组（演示）",
        "state": PatrolInspection.State.DONE,
    }
    inspection = create(shape_of(PatrolInspection), values, actor)
    near = iter(_standing(area, at)[:FINDINGS])
    for number in range(FINDINGS):
        seen = at + timedelta(minutes=9 * number)
        event = next(near, None) if rng.random() < KNOWN else None
        kind = event_types()[event.type if event else rng.choice(FOUND)]
        finding = create(
            shape_of(PatrolFinding),
            {
                "inspection": inspection.pk,
                "type": kind.key,
                "text": f"{plan.title}途中：{kind.chinese}（演示）",
                "seen_at": seen,
                "stood": rng.choice(STOOD),
                "place": event.place if event and event.place else _beside(plan, rng),
                "area": area.pk,
            },
            actor,
        )
        judge(finding, actor, event, at=seen + timedelta(minutes=5))  # type: ignore[arg-type]


def _standing(area: Area | None, at: datetime) -> QuerySet[Event]:
    """What was told of the town around an area and not mended when the inspector came, what patrols told first."""
    assert area is not None
    town = area.parent or area
    kinds = [key for key, kind in event_types().items() if kind.kind in DUTIES]
    rows = Event.objects.filter(area__path__startswith=town.path, type__in=kinds, is_exercise=False)
    rows = rows.filter(opened_at__lt=at, merged_into=None).exclude(state__in=ENDED).exclude(closed_at__lt=at)
    return rows.order_by(Case(When(channel=Channel.PATROL, then=0), default=1), "-opened_at")


def _beside(plan: PatrolPlan, rng: random.Random) -> dict[str, object]:
    """A place not far from where a walk begins."""
    longitude, latitude = plan.place["coordinates"]
    angle, metres = rng.uniform(0, math.tau), rng.uniform(20, 150)
    east, north = math.cos(angle) * metres / EAST, math.sin(angle) * metres / METRES_A_DEGREE
    return {"type": "Point", "coordinates": [round(longitude + east, 6), round(latitude + north, 6)]}
