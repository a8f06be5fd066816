"""Lists for the thumb: one thing a line, with what can be done about it below."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import ClassVar

from citybrain.kernel.identity.scope import Vouched, demand_scoped
from citybrain.ui.paging import Paging
from citybrain.ui.panels.panel import Action, Panel, Tag, Text, check_icon


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line."""

    title: Text
    url: str = ""
    under: Text = ""
    icon: str = ""
    at: datetime.datetime | None = None
    """When; shown as an age at the right."""
    side: Text = ""
    """Small words at the right: a distance, a count."""
    tags: tuple[Tag, ...] = ()
    is_new: bool = False
    """Whether nobody has read it yet; its title is bold."""
    actions: tuple[Action, ...] = ()
    """What can be decided without opening it."""

    def __post_init__(self) -> None:
        check_icon(self, self.icon)


@dataclass(frozen=True, kw_only=True)
class Items(Panel):
    """Lines under each other, each at least as tall as a thumb."""

    template: ClassVar[str] = "ui/panels/items.html"

    items: Vouched[Item]
    empty: Text = ""
    """What is said when there is none; empty leaves the panel out then."""

    paging: Paging | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_scoped(self.items)
