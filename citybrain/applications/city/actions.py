"""Verbs of patrols: begin a walk, take where it led, end it, forget who walked; judge what an inspection found."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.applications.city import inspecting
from citybrain.applications.city.models import Patrol, PatrolFinding, PatrolPlan
from citybrain.applications.city.patrolling import KEPT, LONGEST, cell_of, metres_between
from citybrain.centre.events import patrolled
from citybrain.centre.events.merging import head_of
from citybrain.centre.events.models import Event
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.receiving import receive
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.calendar import calendar
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import own, scoped_one
from citybrain.kernel.records.models import Change
from citybrain.kernel.records.shape import shape_of

STEP = 8
"""Metres below which a further point tells nothing."""
WORST = 100
"""Metres of accuracy above which a point says too little."""
MOST_POINTS = 5000
FASTEST = 40
"""Metres a second: what is faster is a mistake of the device."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of points."""

    kept: int
    left_out: int
    reason: str = ""
    """Why some were left out, in words; empty for plain repeats."""


def start(plan: PatrolPlan, actor: Actor, *, agreed: bool, at: datetime.datetime | None = None) -> Patrol:
    """Begins a walk of a plan; one that is still open is ended first.

    Raises ValidationError without the walker's consent, or outside the working hours of their body.
    """
    at = at or timezone.now()
    if actor.user_id is None:
        raise PermissionDenied(_("Sign in to walk a patrol."))
    view = shape_of(PatrolPlan).permission("view")
    known = scoped_one(PatrolPlan.objects.filter(removed_at=None), actor, view, pk=plan.pk)
    if not agreed:
        raise ValidationError(_("Your way is kept only with your consent: tick the box, or walk without it."))
    body = Organisation.objects.get(pk=actor.organisation_id or known.organisation_id)
    if not calendar().is_working_time(at, body.schedule):
        raise ValidationError(_("It is outside working hours: nothing of where you are is kept now."))
    try:
        with transaction.atomic():
            for open_one in own(Patrol.objects.filter(ended_at=None), actor).select_for_update(of=("self",)):
                _end(open_one, at)
            return Patrol.objects.create(
                plan=known,
                user_id=actor.user_id,
                organisation=body,
                area_id=known.area_id,
                agreed_at=at,
                started_at=at,
            )
    except IntegrityError as error:
        raise ValidationError(_("A walk has just begun on another device.")) from error


def take_points(walk: int, points: Iterable[Any], actor: Actor) -> Taken:
    """Adds [longitude, latitude, accuracy in metres, milliseconds since 1970] to one's own open walk.

    What is too inexact, too near to the last point, impossibly far, or outside the walk's time and working hours is
    left out. Raises Patrol.DoesNotExist for a walk that is over or somebody else's.
    """
    with transaction.atomic():
        patrol = own(Patrol.objects.filter(ended_at=None), actor).select_for_update(of=("self",)).get(pk=walk)
        schedule = patrol.organisation.schedule
        kept = left_out = 0
        outside = False
        for point in points:
            read = _read(point)
            if read is None or len(patrol.points) >= MOST_POINTS:
                left_out += 1
                continue
            longitude, latitude, at = read
            inside = (
                patrol.started_at
                <= at
                <= min(patrol.started_at + LONGEST, timezone.now() + datetime.timedelta(minutes=2))
            )
            if not inside or not calendar().is_working_time(at, schedule):
                outside = outside or inside
                left_out += 1
            elif _add(patrol, longitude, latitude, round((at - patrol.started_at).total_seconds())):
                kept += 1
        patrol.save(update_fields=["points", "cells", "metres", "seconds"])
    reason = _("Working hours are over: where you are is no longer kept.") if outside else ""
    return Taken(kept=kept, left_out=left_out, reason=reason)


def stop(walk: int, actor: Actor, *, at: datetime.datetime | None = None) -> Patrol:
    """Ends one's own walk. Raises Patrol.DoesNotExist for a walk that is over or somebody else's."""
    with transaction.atomic():
        patrol = own(Patrol.objects.filter(ended_at=None), actor).select_for_update(of=("self",)).get(pk=walk)
        return _end(patrol, at or timezone.now())


def forget_walks(now: datetime.datetime | None = None) -> int:
    """Forgets the points and the walkers of walks older than `KEPT` days, and ends what nobody ended; returns how many.

    What was covered stays.
    """
    now = now or timezone.now()
    for patrol in Patrol.objects.filter(ended_at=None, started_at__lt=now - LONGEST):
        _end(patrol, patrol.started_at + LONGEST)
    old = Patrol.objects.filter(started_at__lt=now - datetime.timedelta(days=KEPT)).exclude(user=None, points=[])
    return old.update(user=None, points=[])


def _end(patrol: Patrol, at: datetime.datetime) -> Patrol:
    patrol.ended_at = max(at, patrol.started_at)
    patrol.save(update_fields=["ended_at"])
    return patrol


def _read(point: Any) -> tuple[float, float, datetime.datetime] | None:
    """A point as the device told it; None for what is none, or too inexact."""
    try:
        longitude, latitude, accuracy, moment = (float(part) for part in point)
        at = datetime.datetime.fromtimestamp(moment / 1000, datetime.UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    if not all(map(math.isfinite, (longitude, latitude, accuracy))) or not 0 <= accuracy <= WORST:
        return None
    return (longitude, latitude, at) if abs(longitude) <= 180 and abs(latitude) <= 90 else None


def _add(patrol: Patrol, longitude: float, latitude: float, seconds: int) -> bool:
    """Adds a point to a walk; False when it tells nothing new or cannot be."""
    if patrol.points:
        last = patrol.points[-1]
        way = metres_between((last[0], last[1]), (longitude, latitude))
        passed = seconds - last[2]
        if way < STEP or passed <= 0 or way > FASTEST * passed:
            return False
        patrol.metres += round(way)
        patrol.seconds = seconds - patrol.points[0][2]
    patrol.points.append([round(longitude, 6), round(latitude, 6), seconds])
    cell = cell_of(longitude, latitude)
    if not patrol.cells or patrol.cells[-1] != cell:
        patrol.cells.append(cell)
    return True


def judge(
    finding: PatrolFinding, actor: Actor, event: Event | None = None, *, at: datetime.datetime | None = None
) -> PatrolFinding:
    """Says of a finding that `event` tells of it, or without one opens an event; and whether the patrol missed it.

    `at` is for stories. Raises PatrolFinding.DoesNotExist and Event.DoesNotExist out of reach, PermissionDenied for who
    walks that grid or may not inspect, ValidationError for what was judged.
    """
    with transaction.atomic():
        fresh = _finding(finding, actor)
        if fresh.state != PatrolFinding.State.WAITING:
            raise ValidationError(_("%s was judged already.") % fresh.number)
        plan = inspecting.plan_of(fresh)
        if inspecting.walks_there(fresh, plan, actor):
            raise PermissionDenied(_("You walk this grid yourself: somebody else must inspect it."))
        if event is None:
            draft = inspecting.draft_of(fresh, inspecting.pictures(fresh, actor))
            event = receive(draft, actor, at=at).event
            assert event is not None
        else:
            event = head_of(scoped_one(Event.objects.filter(is_exercise=False), actor, VIEW, pk=event.pk))
        state, reason = inspecting.verdict(fresh, event, plan)
        _judged(fresh, event, state, reason, "", actor, at)
    return fresh


def take_back(finding: PatrolFinding, actor: Actor, words: str) -> PatrolFinding:
    """An appeal was right (申诉成立): what was held against the patrol is not any more; `words` say why.

    Raises PermissionDenied for who found it, ValidationError without words or for what was not held against anybody.
    """
    with transaction.atomic():
        fresh = _finding(finding, actor)
        if fresh.state != PatrolFinding.State.MISSED or fresh.event is None:
            raise ValidationError(_("%s is not held against the patrol.") % fresh.number)
        if fresh.created_by_id in actor.people:
            raise PermissionDenied(_("You found it yourself: somebody else must take it back."))
        if not words.strip():
            raise ValidationError(_("Say why in words."))
        reason = PatrolFinding.Reason.APPEALED
        _judged(fresh, fresh.event, PatrolFinding.State.EXCUSED, reason, words, actor, None)
    return fresh


def _finding(finding: PatrolFinding, actor: Actor) -> PatrolFinding:
    """The living finding, locked, within reach of who may edit it."""
    view = shape_of(PatrolFinding).permission("edit")
    living = PatrolFinding.objects.filter(removed_at=None).select_for_update(of=("self",))
    return scoped_one(living, actor, view, pk=finding.pk)


def _judged(
    finding: PatrolFinding,
    event: Event,
    state: str,
    reason: str,
    words: str,
    actor: Actor,
    at: datetime.datetime | None,
) -> None:
    """Writes the judgement into the event's journal and the finding, with its line of history."""
    said = words or str(PatrolFinding.Reason(reason).label)
    text = _("Inspection finding %(number)s: %(reason)s") % {"number": finding.number, "reason": said}
    missed = state == PatrolFinding.State.MISSED
    patrolled.judge(event, finding=finding.number, missed=missed, text=text, actor=actor, at=at)
    fields = {
        "state": [finding.state, state],
        "reason": [finding.reason, reason],
        "event": [finding.event_id, event.pk],
    }
    finding.state, finding.reason, finding.event = state, reason, event
    finding.revision += 1
    finding.save(update_fields=["state", "reason", "event", "revision", "changed_at"])
    Change.objects.create(
        kind=shape_of(PatrolFinding).key,
        record_id=finding.pk,
        revision=finding.revision,
        action=Change.Action.EDIT,
        user_id=actor.user_id,
        post_id=actor.post_id,
        reason=" ".join(words.split())[:200],
        fields={name: pair for name, pair in fields.items() if pair[0] != pair[1]},
    )
