"""Inspections: what stands there is compared, becomes an event by the one intake, and tells what the patrol missed."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from citybrain.applications.city import actions, inspecting, inspection_pages
from citybrain.applications.city.models import Patrol, PatrolFinding, PatrolInspection, PatrolPlan
from citybrain.applications.city.patrolling import cell_of
from citybrain.centre.appraisal.keeping import keep
from citybrain.centre.appraisal.models import CaseFact
from citybrain.centre.events.checking import check
from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.models import Channel, Event
from citybrain.centre.events.receiving import receive
from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import SYSTEM, Actor
from citybrain.kernel.identity.models import Area, User
from citybrain.kernel.records import actions as records
from citybrain.kernel.records.attachments import attach
from citybrain.kernel.records.models import Change
from citybrain.kernel.records.shape import shape_of
from citybrain.testing.people import acting_as, official, signed_in_client
from citybrain.testing.records import RecordTestCase

ZONE = ZoneInfo("Asia/Shanghai")
SEEN = datetime(2026, 11, 18, 15, 0, tzinfo=ZONE)
"""A Wednesday."""
HERE = (120.04, 28.89)
POINT = {"type": "Point", "coordinates": list(HERE)}
State, Reason = PatrolFinding.State, PatrolFinding.Reason


class PatrolInspectionTest(RecordTestCase):
    """Pages, permissions, import and export, API, history: inherited."""

    model = PatrolInspection
    rows = (
        {"title": "望春社区现场抽查", "way": "on-foot", "on": "2026-11-18"},
        {"title": "井盖专项普查", "way": "census", "on": "2026-11-19", "state": "done"},
    )


@pytest.fixture
def grid(db: None) -> Area:
    return Area.objects.create(key="330784001001", kind=Area.Kind.VILLAGE, chinese="园丁社区", path="330784001001/")


@pytest.fixture
def inspector(grid: Area) -> User:
    return official("inspector", roles=["city-inspector", "event-desk"], organisation="home-body")


@pytest.fixture
def plan(grid: Area, inspector: User) -> PatrolPlan:
    plan: PatrolPlan = made(PatrolPlan, inspector, title="园丁社区日常巡查", often="daily", area=grid.pk)
    return plan


def made(model: Any, user: User, **values: Any) -> Any:
    actor = acting_as(user).permitted(f"{shape_of(model).key}:*", Reach.COUNTY)
    return records.create(shape_of(model), values, actor)


def found(plan: PatrolPlan, user: User, **changes: Any) -> PatrolFinding:
    """A litter heap that has lain there for a day or more, unless said otherwise."""
    inspection = made(PatrolInspection, user, title="园丁社区现场抽查", plan=plan.pk)
    values = {"type": "exposed-litter", "text": "路边垃圾成堆", "seen_at": SEEN, "stood": "day", "place": POINT}
    finding = made(PatrolFinding, user, inspection=inspection.pk, **(values | changes))
    assert isinstance(finding, PatrolFinding)
    return finding


def walk(plan: PatrolPlan, begin: datetime, place: tuple[float, float] = HERE) -> None:
    Patrol.objects.create(
        plan=plan,
        organisation=plan.organisation,
        agreed_at=begin,
        started_at=begin,
        ended_at=begin + timedelta(hours=1),
        cells=[cell_of(*place)],
    )


def told(channel: str, area: Area | None, at: datetime) -> Event:
    """Somebody told of the heap."""
    draft = SignalDraft(channel=channel, text="垃圾成堆没人清", type="exposed-litter", place=POINT, area=area)
    event = receive(draft, SYSTEM, at=at).event
    assert event is not None
    return event


def test_what_is_new_becomes_an_event_that_the_patrol_missed(plan: PatrolPlan, inspector: User) -> None:
    walk(plan, SEEN - timedelta(hours=6))
    finding, actor = found(plan, inspector), acting_as(inspector)
    assert (finding.area, finding.state) == (plan.area, State.WAITING), "it lies where the patrol does"
    held = io.BytesIO()
    Image.new("RGB", (60, 40)).save(held, "JPEG")
    attach(finding, SimpleUploadedFile("堆.jpg", held.getvalue()), actor)
    judged = actions.judge(finding, actor)
    assert (judged.state, judged.reason) == (State.MISSED, Reason.WALKED_BY)
    event = judged.event
    assert event is not None and event.type == "exposed-litter"
    assert (event.channel, event.area) == (Channel.PATROL, plan.area)
    first, second = event.journal.order_by("number")
    assert first.facts["is_inspection"] and first.media, "with its picture"
    assert (second.facts["is_missed"], second.facts["finding"]) == (True, finding.number)
    assert check(event) == [], "the journal adds up"
    keep()
    fact = CaseFact.objects.get(event=event)
    assert fact.is_inspection and not fact.is_patrolled and fact.missed_at is not None
    assert Change.objects.filter(kind="patrol-finding", record_id=finding.pk).count() == 2
    with pytest.raises(ValidationError, match="judged"):
        actions.judge(judged, actor)
    with pytest.raises(ValidationError, match="judged"):
        records.edit(judged, {"stood": "week"}, actor, revision=judged.revision)
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("often", "changes", "walked", "state", "reason"),
    [
        ("daily", {"stood": "fresh"}, None, State.EXCUSED, Reason.FRESH),
        ("daily", {"stood": "unknown"}, 6, State.EXCUSED, Reason.UNKNOWN),
        ("daily", {"stood": "hours"}, 6, State.EXCUSED, Reason.FRESH),
        ("daily", {"stood": "hours"}, 1.5, State.MISSED, Reason.WALKED_BY),
        ("daily", {"stood": "day"}, None, State.MISSED, Reason.NOT_WALKED),
        ("weekly", {"stood": "day"}, None, State.EXCUSED, Reason.FRESH),
        ("weekly", {"stood": "week"}, None, State.MISSED, Reason.NOT_WALKED),
        ("working-days", {"stood": "day", "seen_at": SEEN - timedelta(days=2)}, None, State.EXCUSED, Reason.FRESH),
        ("daily", {"stood": "week", "type": "water-supply-cut"}, 6, State.EXCUSED, Reason.OTHER_CLASS),
    ],
)
def test_only_what_the_patrol_should_have_seen_is_held_against_it(
    often: str,
    changes: dict[str, Any],
    walked: float | None,
    state: str,
    reason: str,
    plan: PatrolPlan,
    inspector: User,
) -> None:
    PatrolPlan.objects.update(often=often)
    if walked is not None:
        walk(plan, SEEN - timedelta(hours=walked))
    walk(plan, SEEN - timedelta(hours=3), (120.06, 28.89))
    judged = actions.judge(found(plan, inspector, **changes), acting_as(inspector))
    assert (judged.state, judged.reason) == (state, reason)
    assert judged.event is not None and judged.event.is_open, "it stands there all the same"


def test_what_the_patrol_told_is_known_and_what_the_public_told_is_missed(plan: PatrolPlan, inspector: User) -> None:
    actor, area = acting_as(inspector), plan.area
    walk(plan, SEEN - timedelta(hours=2))
    by_patrol = told(Channel.PATROL, area, SEEN - timedelta(hours=5))
    finding = found(plan, inspector, stood="unknown")
    assert [one.event for one in inspecting.known(finding, actor)] == [by_patrol]
    assert actions.judge(finding, actor, by_patrol).state == State.TOLD
    by_public = told(Channel.HOTLINE, area, SEEN - timedelta(hours=4))
    missed = actions.judge(found(plan, inspector, stood="hours"), actor, by_public)
    assert (missed.state, missed.reason) == (State.MISSED, Reason.WALKED_BY), "it stood there when they walked by"
    assert (Event.objects.count(), missed.event) == (2, by_public), "nothing is told twice"
    keep()
    assert {fact.event_id: bool(fact.missed_at) for fact in CaseFact.objects.all()} == {
        by_patrol.pk: False,
        by_public.pk: True,
    }


def test_nobody_inspects_the_grid_they_walk(plan: PatrolPlan, inspector: User, grid: Area) -> None:
    finding = found(plan, inspector)
    Patrol.objects.create(
        plan=plan, user=inspector, organisation=plan.organisation, agreed_at=SEEN, started_at=SEEN, ended_at=SEEN
    )
    colleague = official("colleague", roles=["city-inspector", "city-patroller"], organisation="home-body", area=grid)
    for user in (inspector, colleague):
        with pytest.raises(PermissionDenied, match="yourself"):
            actions.judge(finding, acting_as(user))
    assert not Event.objects.exists()


def test_an_appeal_is_decided_by_somebody_else(plan: PatrolPlan, inspector: User) -> None:
    judged = actions.judge(found(plan, inspector), acting_as(inspector))
    assert judged.state == State.MISSED and judged.event is not None
    other = acting_as(official("other", roles=["city-inspector"], organisation="home-body"))
    with pytest.raises(PermissionDenied, match="somebody else"):
        actions.take_back(judged, acting_as(inspector), "巡查当日道路封闭")
    with pytest.raises(ValidationError, match="words"):
        actions.take_back(judged, other, "  ")
    back = actions.take_back(judged, other, "巡查当日道路封闭")
    assert (back.state, back.reason) == (State.EXCUSED, Reason.APPEALED)
    assert "道路封闭" in judged.event.journal.latest("number").text
    keep()
    assert CaseFact.objects.get(event=judged.event).missed_at is None


def test_a_finding_of_tomorrow_is_refused(plan: PatrolPlan, inspector: User) -> None:
    with pytest.raises(ValidationError, match="future"):
        found(plan, inspector, seen_at=timezone.now() + timedelta(days=1))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_carry_a_finding_to_its_judgement(language: str, plan: PatrolPlan, inspector: User) -> None:
    finding = found(plan, inspector)
    event = told(Channel.HOTLINE, plan.area, SEEN - timedelta(hours=30))
    client = signed_in_client(inspector, language=language)
    page = f"/records/patrol-finding/{finding.number}/"
    shown = client.get(page).content.decode()
    assert event.number in shown and f"{page}judge/" in shown and plan.title in shown
    assert client.post(f"{page}judge/", {"event": "YK-nothing"}).status_code == 404
    assert client.post(f"{page}judge/", {"event": event.number}).status_code == 302
    finding.refresh_from_db()
    assert (finding.state, finding.event) == (State.MISSED, event)
    assert f"{page}take-back/" not in client.get(page).content.decode(), "not by who found it"
    over = client.get(f"/records/patrol-inspection/{finding.inspection.number}/").content.decode()
    assert "100" in over and "/records/patrol-finding/new/?inspection=" in over
    made(PatrolInspection, inspector, title="待督查", on="2026-11-20")
    assert [item.url for item in inspection_pages.waiting(acting_as(inspector))] == [
        "/records/patrol-inspection/?state=planned"
    ]
    stranger = signed_in_client(official("far", roles=["department-staff"], organisation="other-body"))
    assert stranger.post(f"{page}judge/").status_code == 404


def test_who_only_keeps_registers_judges_nothing(plan: PatrolPlan, inspector: User) -> None:
    clerk: Actor = acting_as(official("clerk", roles=["department-staff"], organisation="home-body"))
    with pytest.raises(PermissionDenied):
        actions.judge(found(plan, inspector), clerk)
    assert not Event.objects.exists()
