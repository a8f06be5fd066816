"""What waits for a person (待办), as data: each room says what of its own does, the composition root installs it.

class Decisions:
    key, title, icon = "decisions", _("Decisions"), "tags"

    def waiting(self, actor, limit): return [Todo(title=…, url=…, since=…) for … in …[:limit]]
    def count(self, actor): return ….count()

TODOS.install(Decisions(), …)        in citybrain/site/urls.py
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from django.db import Error as DatabaseError

from citybrain.kernel.identity.actor import Actor
from citybrain.ui.panels.panel import Action, PanelError, Text, Tone, check_icon

log = logging.getLogger(__name__)

SHOWN = 20
"""To-dos a source is asked for at most on a page."""


@dataclass(frozen=True, kw_only=True)
class Todo:
    """One thing that waits for the person asking."""

    title: Text
    url: str
    """Where it is done."""
    phone_url: str = ""
    """Where it is done on the officials' phone; empty where the page is the same."""
    since: datetime
    """Since when it waits."""
    due: datetime | None = None
    """Until when it should be done; None when nobody set a limit."""
    under: Text = ""
    """Small second line: from whom, about what."""
    tone: Tone = "data"
    """`bad` only for what is overdue or urgent."""
    actions: tuple[Action, ...] = ()
    """What can be decided at once, without opening it: the phone's approvals."""


@runtime_checkable
class TodoProvider(Protocol):
    """One source of to-dos. Both answers are limited to what `actor` may see and must do; others' never show."""

    key: str
    """Kebab-case; the id of its panel and its live topic `todo:<key>`."""
    title: Text
    icon: str

    def waiting(self, actor: Actor, limit: int) -> Sequence[Todo]:
        """What waits, the most pressing first, at most `limit`."""

    def count(self, actor: Actor) -> int:
        """How many wait in all; cheap, it is asked on many pages."""


@dataclass(frozen=True)
class Waiting:
    """What waits from one source."""

    provider: TodoProvider
    todos: tuple[Todo, ...]
    count: int


class Todos:
    """Every source of the site, in the order they were installed."""

    def __init__(self) -> None:
        self.providers: tuple[TodoProvider, ...] = ()

    def install(self, *providers: TodoProvider) -> None:
        """Makes `providers` the sources; the composition root calls it once. Raises PanelError for a wrong one."""
        for provider in providers:
            if not isinstance(provider, TodoProvider):
                raise PanelError(f"{provider!r} is no TodoProvider: it needs key, title, icon, waiting and count.")
            check_icon(provider, provider.icon)
        if len({provider.key for provider in providers}) < len(providers):
            raise PanelError(f"Two sources of to-dos have one key: {[provider.key for provider in providers]}.")
        self.providers = providers

    def waiting(self, actor: Actor, limit: int = SHOWN) -> list[Waiting]:
        """What waits for a person, by source; sources with nothing are left out. One that fails hides no other."""
        found = []
        for provider in self.providers:
            try:
                count = provider.count(actor)
                todos = tuple(provider.waiting(actor, limit)) if count else ()
            except DatabaseError:
                raise
            except Exception:
                log.exception("The to-dos of %s cannot be read", provider.key)
                continue
            if todos:
                found.append(Waiting(provider, todos, max(count, len(todos))))
        return found

    def count(self, actor: Actor) -> int:
        """How many things wait for a person in all."""
        return sum(provider.count(actor) for provider in self.providers)


TODOS = Todos()
"""The site's sources of to-dos."""
