"""The bell in the header: how many messages wait. The messages hub installs it; the frame only draws it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from citybrain.kernel.identity.actor import ANONYMOUS, Actor

TOPIC = "inbox"
"""Live topic whose payload's `count` is the bell's new number."""


@dataclass(frozen=True, kw_only=True)
class Rung:
    """The bell as drawn."""

    url: str
    count: int
    topic: str = TOPIC

    @property
    def shown(self) -> str:
        """The number as the bell has room for it."""
        return str(self.count) if self.count < 100 else "99+"


class Bell:
    """Where the bell leads and what it counts; nothing until somebody installs it."""

    def __init__(self) -> None:
        self._url_name = ""
        self._count: Callable[[Actor], int] = lambda actor: 0

    def install(self, url_name: str, count: Callable[[Actor], int]) -> None:
        """Makes the bell lead to a page and show `count(actor)`; the composition root calls it once."""
        self._url_name, self._count = url_name, count

    def of(self, request: HttpRequest) -> Rung | None:
        """The bell of the person asking; None for nobody, and when no hub rings it."""
        actor = getattr(request, "actor", ANONYMOUS)
        if not self._url_name or actor.user_id is None:
            return None
        return Rung(url=reverse(self._url_name), count=self._count(actor))


BELL = Bell()
"""The site's bell."""
