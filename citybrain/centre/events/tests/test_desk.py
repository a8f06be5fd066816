"""The desk in the test client: queues count what they show, filters, forms, stale forms, batches, maps, the board."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from citybrain.centre.events.actions import act
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Channel, Event
from citybrain.centre.events.orders import Order
from citybrain.centre.events.pages import maps
from citybrain.centre.events.pages.parts import span
from citybrain.centre.events.queries import Among, events, is_open, open_events
from citybrain.centre.events.queues import QUEUES, counts
from citybrain.centre.events.teams import Team
from citybrain.centre.events.tests.county import PIT, County
from citybrain.centre.events.todos import TODOS, ToCheck, ToHandle, ToHelp, ToSign
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import User

Case = Callable[..., Event]
V = Verb


def do(event: Event, verb: Verb, actor: Actor, **order: Any) -> None:
    act(event, Order(verb=verb, **order), actor, seen=event.steps)


@pytest.fixture
def desk(county: County, signed_in_client: Callable[..., Client]) -> Client:
    """The command centre's browser."""
    return signed_in_client(User.objects.get(pk=county.desk.user_id))


@pytest.fixture
def browser(signed_in_client: Callable[..., Client]) -> Callable[[Actor], Client]:
    """The browser of somebody."""
    return lambda actor: signed_in_client(User.objects.get(pk=actor.user_id))


def numbers(client: Client, query: str = "") -> set[str]:
    """Numbers of the events listed."""
    page = client.get(f"/events/{query}").content.decode()
    return set(
        Event.objects.filter(number__in=[one.split('"')[0] for one in page.split('id="row-')[1:]]).values_list(
            "number", flat=True
        )
    )


def test_every_queue_counts_what_it_lists(
    case: Case, county: County, desk: Client, browser: Callable[..., Client]
) -> None:
    one, two, three = case(), case(channel=Channel.PATROL), case()
    do(two, V.ACCEPT, county.desk, type=PIT.key)
    do(two, V.DISPATCH, county.desk, organisation=county.road, assistants=(county.water,))
    do(two, V.SIGN, county.road_worker)
    do(three, V.ACCEPT, county.desk, type=PIT.key)
    do(three, V.SUPERVISE, county.desk, text="县长批示")
    Event.objects.filter(pk=one.pk).update(
        state_since=timezone.now() - timedelta(days=2), due_at=timezone.now() - timedelta(hours=1)
    )
    for actor, client in (
        (county.desk, desk),
        (county.road_worker, browser(county.road_worker)),
        (county.town_worker, browser(county.town_worker)),
        (county.water_worker, browser(county.water_worker)),
    ):
        found = counts(actor, fresh=True)
        for queue in QUEUES:
            assert found[queue.key] == queue.rows(actor).count() == len(numbers(client, f"?queue={queue.key}")), (
                actor.name,
                queue.key,
            )
        assert found["open"] == open_events(actor).count()
    whole = counts(county.desk, fresh=True)
    assert (
        whole["open"],
        whole["to-verify"],
        whole["overdue"],
        whole["unowned"],
        whole["supervised"],
        whole["patrol"],
    ) == (3, 1, 1, 1, 1, 1)
    assert counts(county.road_worker, fresh=True)["mine"] == 1
    assert counts(county.water_worker, fresh=True)["assisting"] == 1
    assert counts(county.power_worker, fresh=True)["open"] == 0


def test_the_conditions_of_the_indexes_are_said_word_for_word(county: County) -> None:
    """Else SQLite would read a million rows for the hundred that are open."""
    with CaptureQueriesContext(connection) as seen:
        list(open_events(county.desk).filter(state=State.NEW).order_by("due_at"))
    statement = seen.captured_queries[-1]["sql"]
    assert "'new', 'accepted', 'dispatched'" in statement
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                f"EXPLAIN QUERY PLAN {open_events(county.desk).filter(state=State.NEW).query}".replace(
                    " = new", " = 'new'"
                )
            )
            assert "event_queue" in str(cursor.fetchall())
    with pytest.raises(ValueError, match="statement"):
        Among("state", ("it's",))


def test_filters_narrow_and_unknown_values_find_nothing(case: Case, county: County, desk: Client) -> None:
    one = case(text="金胜路路面有个大坑", address="金胜路12号")
    two = case(channel=Channel.PATROL, area=None, text="井盖缺失")
    assert numbers(desk) == {one.number, two.number}
    assert numbers(desk, "?channel=patrol") == {two.number}
    assert numbers(desk, f"?q={one.number}") == {one.number}
    assert numbers(desk, f"?q={one.number[:9]}") == {one.number, two.number}
    assert numbers(desk, "?q=井盖") == {two.number}
    assert numbers(desk, "?town=test-town-land") == {one.number}
    assert numbers(desk, "?town=nowhere") == numbers(desk, "?body=nobody") == numbers(desk, "?flag=odd") == set()
    assert numbers(desk, "?since=2999-01-01") == numbers(desk, "?since=x") == set()
    assert numbers(desk, "?tab=odd&queue=odd&sort=head&page=-3") == {one.number, two.number}
    today = timezone.localdate().isoformat()
    assert numbers(desk, f"?since={today}&until={today}") == {one.number, two.number}


def test_who_has_no_part_in_an_event_finds_neither_row_nor_page(
    case: Case, county: County, browser: Callable[..., Client]
) -> None:
    event = case(area=None)
    stranger = browser(county.power_worker)
    assert numbers(stranger) == set()
    assert stranger.get(f"/events/{event.number}/").status_code == 404
    assert stranger.get(f"/events/{event.number}/paper/").status_code == 404
    assert stranger.get(f"/events/?open={event.number}").status_code == 404
    assert json.loads(stranger.get("/events/map.geojson").content)["features"] == []


def test_a_form_is_shown_refused_and_taken(case: Case, county: County, desk: Client) -> None:
    event = case()
    panel = {"headers": {"x-panel": "drawer"}}
    address = f"/events/?open={event.number}&do=accept"
    form = desk.get(address, **panel)
    assert form.status_code == 200 and b'name="order-type"' in form.content and b"<html" not in form.content
    answer = desk.post(address, {"seen": event.steps, "order-type": "", "order-title": event.title}, **panel)
    assert answer.status_code == 422 and b"data-errors" in answer.content
    answer = desk.post(address, {"seen": event.steps, "order-type": PIT.key, "order-title": event.title}, **panel)
    assert answer.status_code == 200 and b"note-good" in answer.content
    event.refresh_from_db()
    assert (event.state, event.type, event.steps) == (State.ACCEPTED, PIT.key, 2)


def test_without_script_the_form_leads_back_to_the_page(case: Case, county: County, desk: Client) -> None:
    event = case()
    answer = desk.post(f"/events/{event.number}/?do=note", {"seen": event.steps, "order-text": "已电话核实"})
    assert answer.status_code == 302 and answer["Location"] == f"/events/{event.number}/"
    assert event.journal.get(verb="note").text == "已电话核实"


def test_who_was_overtaken_sees_by_what_and_keeps_their_words(case: Case, county: County, desk: Client) -> None:
    event = case()
    seen = event.steps
    do(event, V.NOTE, county.second, text="第二人先记了一笔")
    answer = desk.post(
        f"/events/?open={event.number}&do=note", {"seen": seen, "order-text": "我的话"}, headers={"x-panel": "drawer"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409 and "第二人先记了一笔" in page and "我的话" in page and 'id="stale"' in page
    assert event.journal.filter(verb="note").count() == 1
    assert f'name="seen" value="{seen + 1}"' in page


def test_what_the_state_does_not_allow_has_neither_button_nor_effect(case: Case, county: County, desk: Client) -> None:
    event = case()
    page = desk.get(f"/events/{event.number}/").content.decode()
    assert "do=accept" in page and "do=close" not in page
    answer = desk.post(f"/events/{event.number}/?do=close", {"seen": event.steps, "order-result": "answered_only"})
    assert answer.status_code == 409
    event.refresh_from_db()
    assert event.state == State.NEW


def test_several_are_accepted_at_once_and_what_cannot_be_says_why(case: Case, county: County, desk: Client) -> None:
    one, two, three = case(type=PIT.key), case(type=PIT.key), case()
    do(two, V.ACCEPT, county.desk, type=PIT.key)
    plan = desk.get(
        f"/events/batch/accept/?number={one.number}&number={two.number}&number={three.number}&number=odd"
    ).content.decode()
    assert (
        f'value="{one.number}"' in plan
        and f'value="{two.number}"' not in plan
        and f'value="{three.number}"' not in plan
    )
    sent = {"number": [one.number, three.number], f"seen-{one.number}": one.steps, "batch-text": "批量受理"}
    answer = desk.post("/events/batch/accept/", sent)
    assert answer.status_code == 200 and b"1 of 2 done" in answer.content
    one.refresh_from_db()
    assert one.state == State.ACCEPTED
    assert desk.get("/events/batch/close/").status_code == 404


def test_a_batch_notices_that_somebody_was_quicker(case: Case, county: County, desk: Client) -> None:
    event = case(type=PIT.key)
    seen = event.steps
    do(event, V.NOTE, county.second, text="x")
    desk.post("/events/batch/accept/", {"number": [event.number], f"seen-{event.number}": seen, "batch-text": ""})
    event.refresh_from_db()
    assert event.state == State.NEW


def test_the_case_page_has_every_part(case: Case, county: County, desk: Client) -> None:
    event = case(place={"type": "Point", "coordinates": [120.04, 28.89]})
    do(event, V.ACCEPT, county.desk, type=PIT.key)
    do(event, V.DISPATCH, county.desk, organisation=county.road, assistants=(county.water,))
    for tab in ("overview", "process", "tasks", "signals", "files", "map", "similar", "rating", "evidence", "odd"):
        answer = desk.get(f"/events/{event.number}/?tab={tab}")
        assert answer.status_code == 200, tab
    assert event.journal.last().hash in desk.get(f"/events/{event.number}/?tab=evidence").content.decode()
    assert desk.get(f"/events/{event.number}/paper/").status_code == 200
    assert desk.get(f"/records/event/{event.number}/").status_code == 302


def test_a_task_is_signed_and_finished_from_the_page(
    case: Case, county: County, browser: Callable[..., Client]
) -> None:
    event = case()
    do(event, V.ACCEPT, county.desk, type=PIT.key)
    do(event, V.DISPATCH, county.desk, organisation=county.road, assistants=(county.water,))
    task = event.tasks.get(role="assist")
    client = browser(county.water_worker)
    event.refresh_from_db()
    client.post(f"/events/{event.number}/?do=sign_task", {"task": task.pk, "seen": event.steps})
    event.refresh_from_db()
    client.post(f"/events/{event.number}/?do=finish_task", {"task": task.pk, "seen": event.steps, "reason": "已关阀"})
    task.refresh_from_db()
    assert (task.state, task.result) == ("done", "已关阀")
    assert client.post(f"/events/{event.number}/?do=finish_task", {"task": task.pk, "seen": 0}).status_code == 409


def test_the_map_holds_what_the_list_holds_until_a_moment(case: Case, county: County, desk: Client) -> None:
    here = case(place={"type": "Point", "coordinates": [120.04, 28.89]})
    case(place={"type": "Point", "coordinates": [121.5, 28.89]}, channel=Channel.PATROL)

    def found(query: str) -> list[str]:
        return [
            one["properties"]["key"] for one in json.loads(desk.get(f"/events/map.geojson?{query}").content)["features"]
        ]

    assert len(found("")) == 2
    assert found("bbox=120,28.8,120.1,29") == found("channel=hotline") == [here.number]
    assert found(f"told_until={int((timezone.now() - timedelta(hours=1)).timestamp())}") == []
    assert found("bbox=odd&told_until=odd") != []
    assert found(f"except={here.number}&channel=hotline") == []


def test_many_points_are_counted_together(
    case: Case, county: County, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        case(text=f"第{n}处", place={"type": "Point", "coordinates": [120.04 + n / 1000, 28.89]})
    monkeypatch.setattr(maps, "POINTS", 2)
    data = json.loads(desk.get("/events/map.geojson?bbox=119.9,28.7,120.3,29.1").content)
    assert data["is_grouped"] and sum(one["properties"]["count"] for one in data["features"]) == 3


def test_the_nearest_team_on_duty_comes_first(case: Case, county: County, desk: Client) -> None:
    event = case(place={"type": "Point", "coordinates": [120.04, 28.89]})
    do(event, V.ACCEPT, county.desk, type=PIT.key)
    for n, (x, duty) in enumerate(((120.2, True), (120.05, True), (120.041, False))):
        Team.objects.create(
            number=f"DW-{n}", organisation=county.road, title=f"队{n}", kind="repair", is_on_duty=duty,
            place={"type": "Point", "coordinates": [x, 28.89]}, place_x=x, place_y=28.89,
        )  # fmt: skip
    event.refresh_from_db()
    found = maps.nearest(event, maps.on_duty(county.desk))
    assert [team.title for _metres, team in found] == ["队1", "队0"]
    assert 900 < found[0][0] < 1050
    page = desk.get(f"/events/dispatch/?open={event.number}").content.decode()
    assert "队1" in page and page.index("队1") < page.index("队0")
    assert maps.distance(346) == "350 m" and maps.distance(2400) == "2.4 km"


def test_the_board_says_since_when_nobody_took_an_event(case: Case, county: County, desk: Client) -> None:
    assert b"note-good" in desk.get("/events/supervision/").content
    event = case()
    Event.objects.filter(pk=event.pk).update(state_since=timezone.now() - timedelta(days=3))
    page = desk.get("/events/supervision/").content.decode()
    assert "note-bad" in page and event.number in page


def test_work_waits_for_those_whose_it_is(case: Case, county: County) -> None:
    event = case()
    do(event, V.ACCEPT, county.desk, type=PIT.key)
    do(event, V.DISPATCH, county.desk, organisation=county.road, assistants=(county.water,))
    assert [ToSign().count(one) for one in (county.road_worker, county.water_worker)] == [1, 0]
    assert [ToHelp().count(one) for one in (county.road_worker, county.water_worker)] == [0, 1]
    do(event, V.SIGN, county.road_worker)
    assert [ToHandle().count(one) for one in (county.road_worker, county.road_boss, county.desk)] == [1, 0, 0]
    event.refresh_from_db()
    event.tasks.filter(role="assist").update(is_mandatory=False)
    do(event, V.REPORT_DONE, county.road_worker, result="answered_only")
    assert [ToCheck().count(one) for one in (county.desk, county.road_worker)] == [1, 0]
    for provider in TODOS:
        for actor in (county.desk, county.road_worker, county.water_worker, county.leader, county.agent):
            assert len(provider.waiting(actor, 20)) == provider.count(actor)


def test_the_palette_finds_an_event_by_number_and_words(case: Case, county: County, desk: Client) -> None:
    event = case(text="下园路燃气井盖异响")
    for words in (event.number, "燃气井盖"):
        assert event.number in desk.get(f"/find/?q={words}").content.decode()


def test_a_million_rows_would_not_be_joined(case: Case, county: County, desk: Client) -> None:
    """The list asks as many questions for twenty events as for two."""
    case(text="第一件")
    case(text="第二件")

    def asked() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as seen:
            desk.get("/events/?tab=open")
        return len(seen)

    two = asked()
    for n in range(6):
        case(text=f"又第{n}件")
    assert asked() <= two


def test_spans_are_said_in_two_units() -> None:
    assert span(timedelta(minutes=139)) == "2 h 19 min"
    assert span(timedelta(days=3, hours=4, minutes=5)) == "3 d 4 h"
    assert span(timedelta(seconds=40)) == "0 min"


def test_open_events_are_those_of_open_states(county: County, case: Case) -> None:
    case()
    assert set(events(county.desk).filter(is_open())) == {one for one in events(county.desk) if one.is_open}
