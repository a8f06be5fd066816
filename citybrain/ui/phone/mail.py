"""The messages on the officials' phone: the messages hub, which stands above the frame, says what they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from citybrain.kernel.identity.actor import Actor
from citybrain.ui.panels.items import Item

SHOWN = 30
"""Messages on the phone's page; all of them are behind the bell."""

Latest = Callable[[Actor, int], Sequence[Item]]
"""The newest messages to a person, as lines."""


class Mail:
    """Where the phone's messages come from; none until somebody installs it."""

    def __init__(self) -> None:
        self._latest: Latest = lambda actor, most: ()

    def install(self, latest: Latest) -> None:
        """Makes `latest` what is shown; the composition root calls it once."""
        self._latest = latest

    def latest(self, actor: Actor, most: int = SHOWN) -> Sequence[Item]:
        """The newest messages to `actor`."""
        return self._latest(actor, most)


MAIL = Mail()
"""The site's messages."""
