"""To-dos of several sources, the bell, and the door of the live stream."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from citybrain.kernel.identity.actor import ANONYMOUS, Actor
from citybrain.ui.bell import Bell, Rung
from citybrain.ui.live import moment
from citybrain.ui.panels.panel import PanelError
from citybrain.ui.todo import Todo, Todos

CLERK = Actor(user_id=7, name="Clerk")


class Source:
    """A source with a few to-dos."""

    title = "Source"
    icon = "mail"

    def __init__(self, key: str, many: int = 1, icon: str = "mail") -> None:
        self.key, self.many, self.icon = key, many, icon

    def waiting(self, actor: Actor, limit: int) -> Sequence[Todo]:
        return [Todo(title=f"{self.key} {n}", url="/", since=timezone.now()) for n in range(self.many)][:limit]

    def count(self, actor: Actor) -> int:
        return self.many


class Broken(Source):
    """A source that fails."""

    def waiting(self, actor: Actor, limit: int) -> Sequence[Todo]:
        raise ZeroDivisionError


def test_sources_come_in_order_empty_ones_are_left_out_and_a_broken_one_hides_no_other() -> None:
    todos = Todos()
    todos.install(Source("a", 30), Source("none", 0), Broken("broken"), Source("b"))
    found = todos.waiting(CLERK, limit=5)
    assert [(one.provider.key, len(one.todos), one.count) for one in found] == [("a", 5, 30), ("b", 1, 1)]
    assert todos.count(CLERK) == 32


def test_wrong_sources_are_refused() -> None:
    with pytest.raises(PanelError, match="no TodoProvider"):
        Todos().install(object())  # type: ignore[arg-type]
    with pytest.raises(PanelError, match="icon"):
        Todos().install(Source("a", icon="no_such_icon"))
    with pytest.raises(PanelError, match="one key"):
        Todos().install(Source("a"), Source("a"))


def test_the_bell_is_silent_until_somebody_rings_it(rf: Any) -> None:
    bell, request = Bell(), rf.get("/")
    request.actor = CLERK
    assert bell.of(request) is None
    bell.install("live", lambda actor: 120)
    rung = bell.of(request)
    assert isinstance(rung, Rung) and (rung.count, rung.shown) == (120, "99+")
    request.actor = ANONYMOUS
    assert bell.of(request) is None


@pytest.mark.django_db
def test_the_stream_opens_for_who_is_signed_in(client: Client, signed_in_client: Callable[..., Client]) -> None:
    assert client.get("/live/").status_code == 302
    reader = signed_in_client()
    assert reader.get("/live/", {"since": "nonsense"}).status_code == 400
    answer = reader.get("/live/", headers={"last-event-id": "0-5"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/event-stream")
    assert (answer["Cache-Control"], answer["X-Accel-Buffering"]) == ("no-store", "no")


@pytest.mark.parametrize("text", ["", "x", "1e400", "nan", "99999999999999999"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert moment(text) is None
