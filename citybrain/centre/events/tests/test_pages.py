"""Pages of the desk: every row once, whatever the order, at any depth; what addresses cannot mean; who sees which."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from citybrain.centre.events.models import Event
from citybrain.centre.events.pages import asked, desk
from citybrain.centre.events.queries import events
from citybrain.centre.events.tests.county import County
from citybrain.kernel.identity.models import User
from citybrain.kernel.records.keyset import Order, Turn, turn_of, window
from citybrain.ui.paging import Paging

Case = Callable[..., Event]


@pytest.fixture
def seven(case: Case) -> list[Event]:
    """Seven events: three without a deadline, two with the same."""
    now = timezone.now()
    made = [case() for _ in range(7)]
    for event, minutes in zip(made, (5, None, 3, None, 5, 1, None), strict=True):
        event.due_at = None if minutes is None else now + timedelta(minutes=minutes)
        event.save(update_fields=["due_at"])
    return made


@pytest.mark.parametrize("falls", [False, True])
@pytest.mark.parametrize("name", ["due_at", "number", "opened_at"])
def test_walking_there_and_back_meets_every_row_once(seven: list[Event], name: str, falls: bool) -> None:
    order, rows = Order(name, falls), Event.objects.all()
    whole = list(rows.order_by(*order.expressions).values_list("pk", flat=True))
    by_number = [window(rows, order, Turn(number), 2).ids for number in (1, 2, 3, 4, 5)]
    assert [pk for ids in by_number for pk in ids] == whole

    page, there = window(rows, order, Turn(), 2), []
    while True:
        there.append(page.ids)
        assert page.number == len(there)
        if page.is_last:
            break
        page = window(rows, order, turn_of(page.after), 2)
    assert there == by_number[:4]
    assert page.after == ""

    back = [page.ids]
    while page.before:
        page = window(rows, order, turn_of(page.before), 2)
        back.append(page.ids)
    assert [pk for ids in reversed(back) for pk in ids] == whole
    assert page.number == 1


def test_a_row_that_comes_meanwhile_moves_nobody(seven: list[Event], case: Case) -> None:
    order, rows = Order("opened_at", falls=True), Event.objects.all()
    first = window(rows, order, Turn(), 3)
    case()
    assert window(rows, order, turn_of(first.after), 3).ids == tuple(event.pk for event in reversed(seven))[3:6]


@pytest.mark.parametrize(
    "page",
    [
        "0",
        "-1",
        "x",
        "2~",
        "2~a",
        "2~c5",
        "2~a0~x",
        "2~a5~soon",
        "2~a99999999999999999999~x",
        "9" * 500,
        "２~a1",
        "2~a5~'",
    ],
)
def test_a_page_that_means_nothing_is_one_by_its_number(
    seven: list[Event], desk_of: Callable[[Any], Client], county: County, page: str
) -> None:
    assert desk_of(county.desk).get("/events/", {"page": page}).status_code == 200
    assert turn_of(page).number in (1, 2)


@pytest.fixture
def desk_of(signed_in_client: Callable[..., Client]) -> Callable[[Any], Client]:
    """The desk of somebody."""
    return lambda actor: signed_in_client(User.objects.get(pk=actor.user_id))


def foot(page: str) -> str:
    """Which rows a page says it shows."""
    said = re.search(r'<div class="ft"><span>(.*?)<span class="as-of"', page, re.DOTALL)
    assert said is not None
    return re.sub(r"<[^>]+>", "", said[1])


def test_the_next_page_is_offered_beyond_what_is_counted(
    seven: list[Event], desk_of: Callable[[Any], Client], county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list counted up to two of seven says so, and is walked to its end all the same."""
    monkeypatch.setattr(desk, "SIZE", 2)
    monkeypatch.setattr(asked, "EXACT", 2)
    cache.clear()
    client, found, page = desk_of(county.desk), [], "/events/"
    for turn in range(4):
        text = client.get(page).content.decode()
        found += re.findall(r'<tr id="row-([^"]+)"', text)
        following = re.search(r'href="(\?[^"]+)"[^>]*rel="next"', text)
        assert (following is None) == (turn == 3)
        if following:
            assert foot(text).startswith(f"{2 * turn + 1}–{2 * turn + 2} of "), foot(text)
            assert foot(text).endswith("+"), foot(text)
            assert "</span>+" in text, "the tab says that there are more"
            page = "/events/" + unescape(following[1])
    assert found == [event.number for event in reversed(seven)]


def test_who_sees_a_part_sees_the_same_rows_whichever_way_they_are_found(
    seven: list[Event],
    case: Case,
    desk_of: Callable[[Any], Client],
    county: County,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case(area=None)
    for actor in (county.desk, county.road_worker, county.town_worker, county.power_worker):
        assert set(events(actor, in_passing=True)) == set(events(actor))
    client = desk_of(county.town_worker)
    by_owner = client.get("/events/").content.decode()
    monkeypatch.setattr(asked, "MANY", 1)
    cache.clear()
    walked = client.get("/events/").content.decode()
    rows = [re.findall(r'<tr id="row-([^"]+)"', text) for text in (by_owner, walked)]
    assert rows[0] == rows[1] != []


def test_the_foot_of_a_list_whose_end_nobody_counted() -> None:
    foot = Paging(501, 10_020, 20, is_capped=True, before="500~b1", after="502~a2", shown=20)
    assert list(foot.numbers()) == [1, None, 499, 500, 501, 502]
    assert (foot.first_row, foot.last_row) == (10_001, 10_020)
    assert [foot.said(number) for number in (499, 500, 502)] == ["499", "500~b1", "502~a2"]
    assert list(Paging(1, 41, 20, after="2~a1", shown=20).numbers()) == [1, 2, 3]
    assert Paging(1, 7, 20, shown=7).is_alone
