"""The side menu, as data: each room says what it adds, the composition root installs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from citybrain.declare.role import Permission
from citybrain.kernel.identity.actor import ANONYMOUS, Actor
from citybrain.ui.counting import Recount

COUNT_SECONDS = 20
"""How long a count in the menu may be old."""


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """One line of the side menu."""

    title: str | Promise
    """What it says, translated when drawn."""
    icon: str
    """Name in `citybrain.ui.icons.ICONS`."""
    url_name: str
    """Name of the page it opens."""
    query: str = ""
    """What it asks of the page: `queue=overdue`; several lines may open one page with different questions."""
    count: Callable[[Actor], int] | None = None
    """How many things are behind it; None shows no number."""
    recount: Recount | None = None
    """Where open pages ask for the count again; `count` then keeps its own answer, a few seconds old at most."""
    is_news: bool = False
    """True when a count above zero waits for a person, and is shown in red."""
    key: str = ""
    """Letter that opens it after `g`."""
    permission: Permission | None = None
    """What a person's post must carry to see it; None shows it to everybody who is signed in."""
    on_phone: bool = False
    """Whether it stands in the bar at the foot of a phone, which has room for four."""
    is_below: bool = False
    """Whether it stands under another, a step in."""
    below: Callable[[HttpRequest], Sequence[MenuItem]] | None = None
    """Lines of the person's own under this one: what they keep under a name."""


@dataclass(frozen=True, kw_only=True)
class MenuGroup:
    """A heading of the side menu with its lines."""

    title: str | Promise
    items: tuple[MenuItem, ...]


@dataclass(frozen=True)
class Line:
    """One menu line as drawn: its item with the address, its count and whether it is open."""

    item: MenuItem
    url: str
    count: int | None
    is_open: bool


class Menu:
    """Every group of the site, in the order they were installed."""

    def __init__(self) -> None:
        self.groups: tuple[MenuGroup, ...] = ()

    def install(self, *groups: MenuGroup) -> None:
        """Makes `groups` the menu; the composition root calls it once. ValueError names two lines with one key."""
        taken: dict[str, MenuItem] = {}
        for item in (item for group in groups for item in group.items if item.key):
            if item.key in taken:
                both = f"{taken[item.key].url_name} and {item.url_name}"
                raise ValueError(f"Two lines of the menu answer to the key {item.key!r}: {both}. Give one another.")
            taken[item.key] = item
        self.groups = groups

    def lines(self, request: HttpRequest) -> list[tuple[MenuGroup, list[Line]]]:
        """The menu for one page, without what the person may not open: the longest matching address is the open one."""
        actor = getattr(request, "actor", ANONYMOUS)
        drawn = [(group, [(item, address(item)) for item in opened(group, request)]) for group in self.groups]
        drawn = [(group, items) for group, items in drawn if items]
        every = [(item, url) for _group, items in drawn for item, url in items]
        # Of two lines that lead to one address, the first is the open one.
        here = max(
            (one for one in every if covers(one[1], request.path, request.GET)),
            key=lambda one: len(one[1]),
            default=None,
        )
        return [
            (group, [Line(item, url, counted(item, actor), here == (item, url)) for item, url in items])
            for group, items in drawn
        ]


def address(item: MenuItem) -> str:
    """Where a line leads."""
    return f"{reverse(item.url_name)}?{item.query}" if item.query else reverse(item.url_name)


def allowed(group: MenuGroup, actor: Actor) -> list[MenuItem]:
    """The lines of a group that the person asking may open; a request without an actor may open what needs nothing."""
    return [item for item in group.items if item.permission is None or actor.may(item.permission)]


def opened(group: MenuGroup, request: HttpRequest) -> list[MenuItem]:
    """The lines of a group for one page: each that the person may open, and under it their own."""
    found = []
    for item in allowed(group, getattr(request, "actor", ANONYMOUS)):
        found.append(item)
        if item.below is not None:
            found += item.below(request)
    return found


def covers(url: str, path: str, given: Mapping[str, Any] | None = None) -> bool:
    """Whether a page belongs to the menu line at `url`; the front page covers only itself, a question what asks it."""
    page, _mark, query = url.partition("?")
    if query:
        return path == page and all((given or {}).get(name) == value for name, value in parse_qsl(query))
    return path == url if url == "/" else path.startswith(url)


def counted(item: MenuItem, actor: Actor) -> int | None:
    """The item's count for the person under their post, at most `COUNT_SECONDS` old."""
    if item.count is None:
        return None
    if item.recount is not None:
        return item.count(actor)
    count, key = item.count, f"menu.{item.url_name}.{item.query}.{actor.post_id}.{actor.user_id}"
    return cache.get_or_set(key, lambda: count(actor), COUNT_SECONDS)


MENU = Menu()
"""The site's menu."""
