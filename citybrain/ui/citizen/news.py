"""Announcements on the citizens' pages: the messages hub, which stands above the frame, says what they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from citybrain.ui.panels.items import Item

Latest = Callable[[int], Sequence[Item]]
"""The newest announcements open to everybody, as lines."""


class News:
    """Where announcements come from; none until somebody installs it."""

    def __init__(self) -> None:
        self._latest: Latest = lambda most: ()
        self.url_name = ""
        """Name of the page with all of them; empty for none."""

    def install(self, latest: Latest, url_name: str = "") -> None:
        """Makes `latest` what is shown; the composition root calls it once."""
        self._latest, self.url_name = latest, url_name

    def latest(self, most: int) -> Sequence[Item]:
        """The newest announcements."""
        return self._latest(most)


NEWS = News()
"""The site's announcements."""
