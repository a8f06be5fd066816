"""Walks: with consent, in working hours, one at a time, forgotten in time; coverage adds up."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from citybrain.applications.city import actions, patrolling, phone
from citybrain.applications.city.models import Patrol, PatrolPlan
from citybrain.kernel.identity.models import Appointment, Area, User
from citybrain.kernel.records import actions as records
from citybrain.kernel.records.shape import shape_of
from citybrain.testing.people import acting_as, allowed, official, signed_in_client
from citybrain.testing.records import RecordTestCase

ZONE = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 18, 9, 0, tzinfo=ZONE)
"""A Wednesday."""
NIGHT = datetime(2026, 11, 18, 21, 0, tzinfo=ZONE)
SATURDAY = datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)
HERE = (120.04, 28.89)


class PatrolPlanTest(RecordTestCase):
    """Pages, permissions, import and export, API, history: inherited."""

    model = PatrolPlan
    rows = (
        {"title": "望春社区日常巡查", "often": "daily", "minutes": "60", "look_at": "井盖、路灯。"},
        {"title": "河道巡查", "often": "weekly", "minutes": "90", "state": "resting"},
    )


def person(*names: Any, **facts: Any) -> User:
    """Somebody whose post was theirs long before the walks of these tests."""
    user = official(*names, **facts)
    Appointment.objects.update(since=date(2020, 1, 1))
    return user


@pytest.fixture
def walker(db: None) -> User:
    roles = [allowed("patrol-plan:*")]
    return person("walker", roles=roles, organisation="home-body")


def plan_of(user: User, **changes: Any) -> PatrolPlan:
    values = {"title": "望春社区日常巡查", "often": "working-days", "minutes": 60, "look_at": "井盖"} | changes
    made = records.create(shape_of(PatrolPlan), values, acting_as(user))
    assert isinstance(made, PatrolPlan)
    return made


def steps(begin: datetime, count: int, *, metres: float = 30, seconds: int = 30) -> list[list[float]]:
    """A way to the east: positions as a device tells them."""
    way = []
    for number in range(count):
        at = begin + timedelta(seconds=seconds * number)
        way.append([HERE[0] + metres * number / patrolling.EAST, HERE[1], 10.0, at.timestamp() * 1000])
    return way


def walked(user: User, plan: PatrolPlan, begin: datetime, minutes: int, monkeypatch: pytest.MonkeyPatch) -> Patrol:
    monkeypatch.setattr(timezone, "now", lambda: begin + timedelta(hours=8))
    actor = acting_as(user)
    patrol = actions.start(plan, actor, agreed=True, at=begin)
    actions.take_points(patrol.pk, steps(begin, minutes * 2 + 1), actor)
    return actions.stop(patrol.pk, actor, at=begin + timedelta(minutes=minutes))


def test_a_walk_is_kept_with_its_way(walker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    patrol = walked(walker, plan_of(walker), MORNING, 40, monkeypatch)
    patrol.refresh_from_db()
    assert (patrol.seconds, len(patrol.points)) == (2400, 81)
    assert abs(patrol.metres - 2400) < 80
    assert 23 <= len(patrol.cells) <= 26, "2400 m to the east are two dozen squares of 100 m"


def test_nothing_is_kept_without_consent_or_outside_working_hours(walker: User) -> None:
    plan, actor = plan_of(walker), acting_as(walker)
    with pytest.raises(ValidationError, match="consent"):
        actions.start(plan, actor, agreed=False, at=MORNING)
    for moment in (NIGHT, SATURDAY, MORNING.replace(hour=12, minute=30)):
        with pytest.raises(ValidationError, match="working hours"):
            actions.start(plan, actor, agreed=True, at=moment)
    assert not Patrol.objects.exists()


def test_positions_after_working_hours_are_not_taken(walker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = MORNING.replace(hour=17, minute=20)
    monkeypatch.setattr(timezone, "now", lambda: begin + timedelta(hours=3))
    patrol = actions.start(plan_of(walker), acting_as(walker), agreed=True, at=begin)
    taken = actions.take_points(patrol.pk, steps(begin, 60), acting_as(walker))
    assert taken.kept <= 21 and "Working hours" in taken.reason
    patrol.refresh_from_db()
    assert max(point[2] for point in patrol.points) <= 600


@pytest.mark.parametrize(
    "point",
    [
        None,
        "x",
        [],
        [120, 28, 10],
        ["a", 28.89, 10, 0],
        [math.nan, 28.89, 10, 0],
        [120.04, 28.89, 500, MORNING.timestamp() * 1000],
        [120.04, 28.89, -1, MORNING.timestamp() * 1000],
        [181, 28.89, 10, MORNING.timestamp() * 1000],
        [120.04, 28.89, 10, 1e300],
        [120.04, 28.89, 10, (MORNING - timedelta(minutes=1)).timestamp() * 1000],
        [120.04, 28.89, 10, (MORNING + timedelta(hours=12)).timestamp() * 1000],
    ],
)
def test_what_is_no_position_is_left_out(point: object, walker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MORNING + timedelta(hours=1))
    patrol = actions.start(plan_of(walker), acting_as(walker), agreed=True, at=MORNING)
    assert actions.take_points(patrol.pk, [point], acting_as(walker)).left_out == 1
    patrol.refresh_from_db()
    assert patrol.points == []


def test_a_jump_is_a_mistake_of_the_device(walker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MORNING + timedelta(hours=1))
    patrol = actions.start(plan_of(walker), acting_as(walker), agreed=True, at=MORNING)
    far = [[*HERE, 10, (MORNING).timestamp() * 1000], [121.0, 28.89, 10, (MORNING.timestamp() + 60) * 1000]]
    actions.take_points(patrol.pk, far, acting_as(walker))
    patrol.refresh_from_db()
    assert (len(patrol.points), patrol.metres) == (1, 0)


def test_one_walk_at_a_time_and_only_ones_own(walker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MORNING + timedelta(hours=1))
    plan = plan_of(walker)
    first = actions.start(plan, acting_as(walker), agreed=True, at=MORNING)
    second = actions.start(plan, acting_as(walker), agreed=True, at=MORNING + timedelta(minutes=5))
    assert list(Patrol.objects.filter(ended_at=None)) == [second]
    other = person("other", roles=[allowed("patrol-plan:*")], organisation="home-body")
    for walk in (first, second):
        with pytest.raises(Patrol.DoesNotExist):
            actions.take_points(walk.pk, steps(MORNING, 2), acting_as(other))
    with pytest.raises(Patrol.DoesNotExist):
        actions.stop(second.pk, acting_as(other))


def test_who_walked_is_forgotten_and_what_was_covered_stays(walker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    patrol = walked(walker, plan_of(walker), MORNING, 40, monkeypatch)
    assert actions.forget_walks(MORNING + timedelta(days=patrolling.KEPT)) == 0
    assert actions.forget_walks(MORNING + timedelta(days=patrolling.KEPT, hours=1)) == 1
    patrol.refresh_from_db()
    assert (patrol.user_id, patrol.points) == (None, [])
    assert patrol.cells and patrol.metres
    assert actions.forget_walks(MORNING + timedelta(days=60)) == 0, "nothing is left to forget"


def test_a_walk_nobody_ended_ends(walker: User) -> None:
    patrol = actions.start(plan_of(walker), acting_as(walker), agreed=True, at=MORNING)
    actions.forget_walks(MORNING + timedelta(hours=11))
    patrol.refresh_from_db()
    assert patrol.ended_at == MORNING + patrolling.LONGEST


def test_coverage_counts_days_with_a_walk_that_is_long_enough(walker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(walker)
    week = [date(2026, 11, 16) + timedelta(days=number) for number in range(7)]
    for day, minutes in ((18, 40), (18, 35), (19, 10), (20, 31)):
        walked(walker, plan, MORNING.replace(day=day), minutes, monkeypatch)
    (found,) = patrolling.coverage([plan], Patrol.objects.all(), week)
    assert (found.expected, found.done, found.is_covered) == (5, 2, False)
    assert found.last is not None and found.last.astimezone(ZONE).day == 20


@pytest.mark.parametrize(("often", "asked"), [("daily", 7), ("working-days", 5), ("twice-a-week", 2), ("weekly", 1)])
def test_how_many_walks_a_week_asks_for(often: str, asked: int) -> None:
    week = [date(2026, 11, 16) + timedelta(days=number) for number in range(7)]
    assert patrolling.expected(PatrolPlan(often=often), week) == asked


@given(st.floats(119.5, 120.5), st.floats(28.5, 29.3))
def test_a_cell_holds_its_position_and_is_a_hundred_metres_wide(longitude: float, latitude: float) -> None:
    corners = patrolling.outline(patrolling.cell_of(longitude, latitude))
    west, south = corners[0]
    east, north = corners[2]
    assert west <= longitude <= east and south <= latitude <= north
    assert abs(patrolling.metres_between((west, south), (east, south)) - 100) < 0.01
    assert abs(patrolling.metres_between((west, south), (west, north)) - 100) < 0.01


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_coverage_page_names_no_walker(language: str, walker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    plan = plan_of(walker, often="daily", place={"type": "Point", "coordinates": list(HERE)})
    Patrol.objects.create(
        plan=plan,
        user=walker,
        organisation=plan.organisation,
        agreed_at=now,
        started_at=now,
        ended_at=now,
        cells=[patrolling.cell_of(*HERE)],
        metres=2400,
        seconds=3600,
        points=[[120.040123, 28.891234, 0]],
    )
    leader = person("leader", roles=[allowed("patrol-plan:view")], organisation="home-body")
    client = signed_in_client(leader, language=language)
    for tab in ("day", "week", "yesterday", "nonsense"):
        page = client.get("/records/patrol-plan/coverage/", {"tab": tab}).content.decode()
        assert plan.title in page
        assert "walker" not in page and "28.891234" not in page
    stranger = person("far", roles=[allowed("patrol-plan:view")], organisation="other-body")
    assert plan.title not in signed_in_client(stranger).get("/records/patrol-plan/coverage/").content.decode()


def test_the_phone_begins_tells_and_ends_a_walk(walker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    plan, client = plan_of(walker), signed_in_client(walker)
    page = client.get("/records/patrol-plan/walk/").content.decode()
    assert plan.title in page and "I agree" in page
    client.post("/records/patrol-plan/walk/start/", {"plan": plan.pk})
    assert not Patrol.objects.exists(), "not without the tick"
    client.post("/records/patrol-plan/walk/start/", {"plan": plan.pk, "agreed": "1"})
    patrol = Patrol.objects.get()
    send = f"/records/patrol-plan/walk/{patrol.pk}/points/"
    assert send in client.get("/records/patrol-plan/walk/").content.decode()
    monkeypatch.setattr(timezone, "now", lambda: MORNING + timedelta(minutes=10))

    def post(body: str) -> Any:
        return client.post(send, body, content_type="application/json")

    assert post(json.dumps({"points": steps(MORNING, 11)})).json()["metres"] > 250
    for wrong in ("", "[]", "{", '{"points": 1}', '{"point": []}'):
        assert post(wrong).status_code == 400, wrong
    assert client.post(f"/records/patrol-plan/walk/{patrol.pk}/stop/").status_code == 302
    assert post(json.dumps({"points": []})).status_code == 404
    assert Client().post(send, "{}", content_type="application/json").status_code == 302


def test_a_plan_out_of_reach_cannot_be_walked(walker: User) -> None:
    plan = plan_of(walker)
    client = signed_in_client(person("far", roles=[allowed("patrol-plan:view")], organisation="other-body"))
    for number in (plan.pk, 0, "x", "９"):
        answer = client.post("/records/patrol-plan/walk/start/", {"plan": number, "agreed": "1"})
        assert answer.status_code == 404, number


def test_the_phones_door_is_for_who_has_an_area(walker: User) -> None:
    plan_of(walker)
    assert phone.patrol(acting_as(walker)) == ()
    area = Area.objects.create(key="330784001001", kind=Area.Kind.VILLAGE, chinese="园丁社区", path="330784001001/")
    grid = person("grid", roles=[allowed("patrol-plan:view")], organisation="home-body", area=area)
    assert [item.url for item in phone.patrol(acting_as(grid))] == ["/records/patrol-plan/walk/"]
