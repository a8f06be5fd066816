"""What the live desk asks for: counts that hold the step it heard of, views of a person, what others did meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client

from citybrain.centre.events import queues
from citybrain.centre.events.actions import act
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Channel, Event
from citybrain.centre.events.orders import Order
from citybrain.centre.events.queues import LIVE_SECONDS, counts
from citybrain.centre.events.tests.county import PIT, County
from citybrain.declare.event import Level
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import User
from citybrain.kernel.records.models import SavedView

Case = Callable[..., Event]


@pytest.fixture
def browser(county: County, signed_in_client: Callable[..., Client]) -> Callable[[Actor], Client]:
    """The browser of somebody."""
    return lambda actor: signed_in_client(User.objects.get(pk=actor.user_id))


def test_a_hundred_desks_share_one_counting_and_all_see_the_step(
    case: Case, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    counted: list[Actor] = []
    monkeypatch.setattr(queues, "time", SimpleNamespace(time=lambda: clock[0]))
    count = queues._county

    def counting(actor: Actor, now: datetime) -> dict[str, int]:
        counted.append(actor)
        return count(actor, now)

    monkeypatch.setattr(queues, "_county", counting)

    def hundred() -> set[int]:
        return {counts(one, within=LIVE_SECONDS)["open"] for one in (county.desk, county.second) * 50}

    assert (hundred(), len(counted)) == ({0}, 1)
    case()
    clock[0] += LIVE_SECONDS / 2
    assert (hundred(), len(counted)) == ({0}, 1), "counted so shortly ago that nobody counts again"
    # Whoever heard of the step waits longer than that.
    clock[0] += LIVE_SECONDS
    assert (hundred(), len(counted)) == ({1}, 2)
    # A page that is opened takes what they counted, and later counts itself.
    assert (counts(county.desk)["open"], len(counted)) == (1, 2)
    clock[0] -= 100
    assert (counts(county.desk)["open"], len(counted)) == (1, 3), "a clock that was set back keeps nothing for ever"


def test_an_open_page_is_told_the_counts_of_its_lines_and_tabs(
    case: Case, county: County, browser: Callable[[Actor], Client]
) -> None:
    event = case()
    case(channel=Channel.PATROL)
    act(event, Order(verb=Verb.ACCEPT, type=PIT.key), county.desk, seen=event.steps)
    found = browser(county.desk).get("/events/counts/?tabs=1&queue=hotline").json()
    assert (found["/events/"], found["/events/?queue=hotline"], found["/events/?queue=patrol"]) == (2, 1, 1)
    assert (found["tab:all"], found["tab:to-dispatch"], found["tab:to-verify"]) == (1, 1, 0)
    assert "tab:all" not in browser(county.desk).get("/events/counts/").json()
    assert browser(county.power_worker).get("/events/counts/").json()["/events/"] == 0


def test_a_view_of_the_desk_is_kept_counted_opened_first_shared_and_removed(
    case: Case, county: County, browser: Callable[[Actor], Client]
) -> None:
    first = case()
    case(channel=Channel.PATROL)
    Event.objects.filter(pk=first.pk).update(level=Level.RED.value)
    desk, second = browser(county.desk), browser(county.second)
    tail = f"?level=red&sort=-due_at&open={first.number}&page=3&part=files"
    saved = desk.post(f"/events/views/{tail}", {"reason": "红色<b>"})
    assert saved.headers["Location"] == "/events/?level=red&sort=-due_at"
    view = SavedView.objects.get()
    page = desk.get(saved.headers["Location"]).content.decode()
    assert "<h1>红色&lt;b&gt;</h1>" in page and "红色<b>" not in page
    assert 'data-count-key="/events/?level=red&amp;sort=-due_at"' in page
    assert desk.get("/events/counts/").json()["/events/?level=red&sort=-due_at"] == 1
    # A colleague sees it once it is shared, and changes nothing of it.
    assert "红色" not in second.get("/events/").content.decode()
    cache.clear()
    desk.post(f"/events/views/{view.pk}/", {"shared": "1"})
    assert "红色" in second.get("/events/").content.decode()
    assert second.post(f"/events/views/{view.pk}/", {"remove": "1"}).status_code == 404
    # Opened first, it is what the bare address shows; all events are one tab away.
    assert desk.get("/events/").status_code == 200
    desk.post(f"/events/views/{view.pk}/", {"first": "1"})
    assert desk.get("/events/").headers["Location"] == "/events/?level=red&sort=-due_at&tab=all"
    assert desk.get("/events/?tab=all").status_code == second.get("/events/").status_code == 200
    assert desk.get("/events/", headers={"x-panel": "rows"}).status_code == 200
    desk.post(f"/events/views/{view.pk}/", {"remove": "1"})
    assert desk.get("/events/").status_code == 200 and not SavedView.objects.exists()


@pytest.mark.parametrize(("query", "counts_it"), [("q=井盖", False), ("tab=closed", False), ("queue=mine", True)])
def test_only_what_an_index_counts_is_counted_for_every_page(
    county: County, browser: Callable[[Actor], Client], query: str, counts_it: bool
) -> None:
    desk = browser(county.desk)
    address = desk.post(f"/events/views/?{query}", {"reason": "我的"}).headers["Location"]
    assert "我的" in desk.get("/events/").content.decode()
    # The queue has a line of its own with the same address.
    assert (address in desk.get("/events/counts/").json()) is counts_it


def test_a_register_of_events_and_the_desk_keep_their_views_apart(
    county: County, browser: Callable[[Actor], Client]
) -> None:
    desk = browser(county.desk)
    desk.post("/records/event/views/?state=new", {"reason": "台账"})
    desk.post("/events/views/?tab=to-sign", {"reason": "处置台"})
    desk.post("/events/views/?queue=hotline&level=red&q=井盖", {"reason": "井盖"})
    page = desk.get("/events/views/").content.decode()
    assert ">Hotline 12345 · “井盖” · Most urgent</td>" in page
    SavedView.objects.filter(title="井盖").delete()
    assert set(SavedView.objects.values_list("kind", "title")) == {("event", "台账"), ("event-desk", "处置台")}
    desk.get("/events/views/")  # takes the words about what was saved away
    assert "台账" not in desk.get("/events/views/").content.decode()


def test_who_asks_sees_what_others_did_since(case: Case, county: County, browser: Callable[[Actor], Client]) -> None:
    event = case()
    act(event, Order(verb=Verb.NOTE, text="附近居民又来电"), county.second, seen=event.steps)
    desk = browser(county.desk)

    def drawer(seen: str, tail: str = "") -> str:
        panel = {"x-panel": "drawer", "x-seen": seen}
        return desk.get(f"/events/?open={event.number}{tail}", headers=panel).content.decode()

    shown = drawer(str(event.steps - 1), "&do=accept")
    assert 'id="meanwhile"' in shown and "附近居民又来电" in shown and 'id="order-form"' in shown
    assert f'data-version="{event.steps}"' in shown
    for nothing_new in (str(event.steps), "9" * 30, "-1", "²", ""):
        assert 'id="meanwhile"' not in drawer(nothing_new)


def test_several_panels_come_in_one_answer(case: Case, county: County, browser: Callable[[Actor], Client]) -> None:
    answer = browser(county.desk).get("/events/supervision/", headers={"x-panel": "figures,backstop,nothing"})
    page = answer.content.decode()
    assert 'id="figures"' in page and 'id="backstop"' in page and "<h1>" not in page
    assert browser(county.desk).get("/events/supervision/", headers={"x-panel": "nothing"}).status_code == 404
