"""What an inspection says of the patrol (漏报认定): whether a thing stood there when the patrol should have seen it.

A finding counts as missed when the patrol had not told of it, its class is one of the standard's components or events,
and it stood there long enough: a walk came through its square meanwhile, or it stood longer than the plan lets the
patrol stay away. Whatever cannot be told is not held against anybody.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.utils import timezone

from citybrain.applications.city.models import Part, Patrol, PatrolFinding, PatrolPlan
from citybrain.applications.city.patrolling import cell_of
from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.duplicates import Likeness, alike
from citybrain.centre.events.models import Channel, Event
from citybrain.centre.events.patrolled import told_by_patrol
from citybrain.centre.events.queries import events
from citybrain.centre.events.types import event_types
from citybrain.declare.event import Kind
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.calendar import calendar
from citybrain.kernel.records.attachments import files_of, open_file
from citybrain.kernel.records.places import point_on
from citybrain.kernel.records.shape import key_of

State, Reason, Stood = PatrolFinding.State, PatrolFinding.Reason, PatrolFinding.Stood
Often = PatrolPlan.Often

STOOD = {Stood.FRESH: 0, Stood.HOURS: 2, Stood.DAY: 24, Stood.WEEK: 168}
"""What an inspector says of its age -> hours it stood there at least."""

AWAY = {Often.DAILY: 24, Often.TWICE_A_WEEK: 96, Often.WEEKLY: 168}
"""How often a plan is walked -> hours the patrol may stay away."""

DUTIES = (Kind.COMPONENT, Kind.EVENT)
"""Kinds of classes that patrols must tell of: those of GB/T 30428.2."""

RECENT = timedelta(days=7)
"""How long after its closing an event is still compared with what stands there."""

PICTURES = ("jpg", "png", "webp")
MOST_PICTURES = 6

ROLE = "city-patroller"
"""Who carries it walks the areas of their post."""


def plan_of(finding: PatrolFinding) -> PatrolPlan | None:
    """The patrol that should have seen it: the one inspected, else the plan in force of the area it lies in."""
    inspected: PatrolPlan | None = finding.inspection.plan
    if inspected is not None:
        return inspected
    plans = PatrolPlan.objects.filter(removed_at=None, state=PatrolPlan.State.ACTIVE, area=finding.area_id)
    return plans.order_by("pk").first() if finding.area_id is not None else None


def verdict(finding: PatrolFinding, event: Event, plan: PatrolPlan | None) -> tuple[str, str]:
    """State and reason of a finding that is told of by `event`."""
    if told_by_patrol(event, finding.seen_at):
        return State.TOLD, Reason.TOLD
    kind = event_types().get(event.type or finding.type)
    if kind is None or kind.kind not in DUTIES or kind.restricted:
        return State.EXCUSED, Reason.OTHER_CLASS
    if plan is None:
        return State.EXCUSED, Reason.NO_PATROL
    if finding.stood not in STOOD:
        return State.EXCUSED, Reason.UNKNOWN
    since = finding.seen_at - timedelta(hours=STOOD[Stood(finding.stood)])
    if event.closed_at is None and event.opened_at < finding.seen_at:
        # Who told of it before saw it: it stood there then at the latest.
        since = min(since, event.opened_at)
    if walked_by(plan, finding, since):
        return State.MISSED, Reason.WALKED_BY
    if finding.seen_at - since >= may_stay_away(plan, finding.seen_at):
        return State.MISSED, Reason.NOT_WALKED
    return State.EXCUSED, Reason.FRESH


def walked_by(plan: PatrolPlan, finding: PatrolFinding, since: datetime) -> bool:
    """Whether a walk of the plan came through the finding's square after `since` and before it was found."""
    point = point_on(finding.place) if finding.place else None
    if point is None:
        return False
    cell = cell_of(*point)
    walks = Patrol.objects.filter(plan=plan, started_at__gte=since, ended_at__lte=finding.seen_at)
    return any(cell in cells for cells in walks.values_list("cells", flat=True))


def may_stay_away(plan: PatrolPlan, at: datetime) -> timedelta:
    """How long the patrol of a plan may stay away, at a moment: over holidays longer, when it rests on them."""
    if plan.often != Often.WORKING_DAYS:
        return timedelta(hours=AWAY[Often(plan.often)])
    today = timezone.localdate(at)
    back = 1
    while not calendar().is_working_day(today - timedelta(days=back)) and back < 30:
        back += 1
    return timedelta(days=back)


def walks_there(finding: PatrolFinding, plan: PatrolPlan | None, actor: Actor) -> bool:
    """Whether who found or judges it is a collector of that grid: nobody inspects themselves."""
    people = {*actor.people, *((finding.created_by_id,) if finding.created_by_id else ())}
    if plan is None or not people:
        return False
    holds = ROLE in actor.roles and plan.area_id is not None and plan.area_id in actor.areas
    return holds or Patrol.objects.filter(plan=plan, user_id__in=people).exists()


def draft_of(finding: PatrolFinding, photos: tuple[SimpleUploadedFile, ...] = ()) -> SignalDraft:
    """The finding as the one intake takes it."""
    part = finding.part
    return SignalDraft(
        channel=Channel.PATROL,
        text=finding.text,
        observed_at=finding.seen_at,
        source_reference=finding.number,
        place=finding.place or (part.place if part else None),
        address=finding.address or (part.address if part else ""),
        area=finding.area,
        asset_kind=key_of(Part) if part else "",
        asset_number=part.number if part else "",
        type=finding.type,
        photos=photos,
        is_inspection=True,
    )


def pictures(finding: PatrolFinding, actor: Actor) -> tuple[SimpleUploadedFile, ...]:
    """Pictures attached to the finding, to be kept with the signal too; the first few."""
    kept = [one for one in files_of(finding, actor) if one.kind in PICTURES][:MOST_PICTURES]
    return tuple(SimpleUploadedFile(one.name, open_file(one, actor).read()) for one in kept)


def known(finding: PatrolFinding, actor: Actor, limit: int = 5) -> list[Likeness]:
    """Events in the person's sight that may tell of the finding: open ones, and those closed shortly before."""
    rows: QuerySet[Event] = events(actor).filter(is_exercise=False)
    return alike(draft_of(finding), limit, rows=rows, closed_since=finding.seen_at - RECENT)
