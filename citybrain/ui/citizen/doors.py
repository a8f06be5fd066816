"""What rooms above the frame add to the citizens' pages: doors, what can be sent in, what is mine, links that follow.

class Reports:
    def doors(self): return [Link(_("Report a problem"), …)]
    def says(self): return [Item(title=…, url=…)]
    def mine(self, actor): return [Item(title=…, url=…)]
    def subjects(self, user): return {…}
    def followed(self, token): return "/c/track/…" or ""
    def record_actions(self, key, number): return [Action(…)]

SERVICES.install(Reports())        in citybrain/site/urls.py
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import User
from citybrain.ui.panels.items import Item
from citybrain.ui.panels.panel import Action, Link


class Service(Protocol):
    """What one room offers citizens."""

    def doors(self) -> Sequence[Link]:
        """Doors on the home page, before all others."""

    def says(self) -> Sequence[Item]:
        """What can be sent in, beside record types that citizens make."""

    def mine(self, actor: Actor) -> Sequence[Item]:
        """What somebody who is signed in sent in, the newest first."""

    def subjects(self, user: User) -> set[str]:
        """Pseudonyms by which the security log names them."""

    def followed(self, token: str) -> str:
        """Path of the page that a secret link's last part opens; empty when it is none of the room's."""

    def record_actions(self, key: str, number: str) -> Sequence[Action]:
        """What can be done about a public record."""


class Services:
    """The rooms' services; none until somebody installs them."""

    def __init__(self) -> None:
        self.rooms: tuple[Service, ...] = ()

    def install(self, *rooms: Service) -> None:
        """Makes `rooms` what is offered; the composition root calls it once."""
        self.rooms = rooms

    def followed(self, token: str) -> str:
        """The page a secret link opens; empty for none."""
        return next((path for room in self.rooms if (path := room.followed(token))), "")


SERVICES = Services()
"""The site's services for citizens."""
