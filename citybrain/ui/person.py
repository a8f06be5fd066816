"""The menu behind a person's name in the header: their posts and their own pages, brought by their rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from citybrain.kernel.identity.actor import ANONYMOUS, Actor
from citybrain.ui.formats import is_chinese
from citybrain.ui.panels.panel import Link, PanelError, Text, check_icon


@dataclass(frozen=True, kw_only=True)
class PostChoice:
    """A post the person may act under instead of the present one."""

    value: str
    """What the form sends."""
    title: Text


@dataclass(frozen=True, kw_only=True)
class OwnPage:
    """A page of the person's own: account, messages, delegation."""

    title: Text
    """Translated when drawn."""
    icon: str
    url_name: str

    def __post_init__(self) -> None:
        check_icon(self, self.icon)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The menu as drawn."""

    name: str
    post: str
    """The post acted under; empty for none."""
    posts: tuple[PostChoice, ...]
    switch_url: str
    parameter: str
    links: tuple[Link, ...]


def called(name: str, username: str) -> str:
    """How a person is called in the frame of a page: by their name, in English by one that English readers can read."""
    return name if name and (is_chinese() or name.isascii()) else username or name


class PersonMenu:
    """What the rooms have brought; the composition root calls each `install` once."""

    def __init__(self) -> None:
        self._pages: tuple[OwnPage, ...] = ()
        self._present: Callable[[Actor], str] = lambda actor: ""
        self._others: Callable[[Actor], Sequence[PostChoice]] = lambda actor: ()
        self._switch_name = ""
        self._parameter = ""

    def install_pages(self, *pages: OwnPage) -> None:
        """Makes `pages` the person's own, in this order."""
        self._pages = pages

    def install_posts(
        self,
        switch_name: str,
        parameter: str,
        present: Callable[[Actor], str],
        others: Callable[[Actor], Sequence[PostChoice]],
    ) -> None:
        """Lets a person act under another post.

        A form with `parameter` is sent to the address named `switch_name`; `present(actor)` says the post acted under,
        `others(actor)` those to choose from. Raises PanelError when a name is missing.
        """
        if not switch_name or not parameter:
            raise PanelError("The choice of posts needs the name of its address and of its parameter.")
        self._switch_name, self._parameter, self._present, self._others = switch_name, parameter, present, others

    def of(self, request: HttpRequest) -> Shown:
        """The menu of the person asking."""
        actor = getattr(request, "actor", ANONYMOUS)
        user = getattr(request, "user", None)
        return Shown(
            name=called(actor.name, getattr(user, "username", "")),
            post=self._present(actor),
            posts=tuple(self._others(actor)),
            switch_url=reverse(self._switch_name) if self._switch_name else "",
            parameter=self._parameter,
            links=tuple(Link(title=page.title, url=reverse(page.url_name), icon=page.icon) for page in self._pages),
        )


PERSON = PersonMenu()
"""The site's menu of a person."""
