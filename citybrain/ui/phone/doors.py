"""What rooms above the frame add to the officials' phone: further things to report, and doors beside the to-dos."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from citybrain.kernel.identity.actor import Actor
from citybrain.ui.panels.items import Item

Lines = Callable[[Actor], Sequence[Item]]
"""What a room offers a person; nothing to whom it is not open."""


class Doors:
    """Lines from every room that has some; none until somebody installs them."""

    def __init__(self) -> None:
        self._rooms: tuple[Lines, ...] = ()

    def install(self, *rooms: Lines) -> None:
        """Makes `rooms` what is asked; the composition root calls it once."""
        self._rooms = rooms

    def of(self, actor: Actor) -> list[Item]:
        """The lines for `actor`, in the order of the rooms."""
        return [item for room in self._rooms for item in room(actor)]


REPORTS = Doors()
"""What can be reported beside new records, first in the list of what one may report."""

DOORS = Doors()
"""Pages beside the to-dos: my tasks, a patrol."""
