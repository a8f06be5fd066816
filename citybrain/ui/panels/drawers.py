"""One thing of a list, looked at beside it: the drawer at the right edge (侧栏详情)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest

from citybrain.kernel.identity.scope import demand_scoped
from citybrain.ui.panels.panel import Action, Link, Panel, Tab, Tag, Text, check_tree


@dataclass(frozen=True, kw_only=True)
class Drawer(Panel):
    """A row of a list opened beside it: head, tabs, panels, and at its foot what can be done.

    A table with `opens` brings a row in here; the page's address keeps which one, so that it can be shared and left
    by “back”. The page answers `X-Panel: <key>` with the drawer alone.
    """

    template: ClassVar[str] = "ui/panels/drawer.html"

    of: Any = None
    """The scoped row it shows; None leaves it shut."""
    parameter: str = "open"
    """Name under which the page's address keeps the row."""
    tags: tuple[Tag, ...] = ()
    under: Text = ""
    """Small line below the title: number, when it began."""
    whole: Link | None = None
    """The page of the thing by itself."""
    tabs: tuple[Tab, ...] = ()
    tab: str = ""
    body: tuple[Panel, ...] = ()
    actions: tuple[Action, ...] = ()
    """At its foot, the main one last; at most three stand there."""
    is_left: bool = False
    """Whether it says that the row is gone from where the person sees it: open, though of nothing."""
    watches: str = ""
    """Live topic whose `key` and `version` say that the row was changed: the drawer tells, and offers the new state."""
    version: int = 0
    """The row's version as shown."""
    more: tuple[Action, ...] = ()
    """Further actions, behind the button with the three dots."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.of is not None:
            demand_scoped(self.of)
        check_tree(f"Drawer {self.title!r}", self.body, (Panel,))

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """Addresses: of the list without the drawer, and of each tab."""
        asked = request.GET.copy()
        for name in (self.parameter, "part", "do"):
            asked.pop(name, None)
        shut = f"{request.path}?{asked.urlencode()}" if asked else request.path
        kept = request.GET.copy()
        kept.pop("do", None)
        tabs = []
        for tab in self.tabs:
            kept["part"] = tab.key
            tabs.append((tab, f"{request.path}?{kept.urlencode()}"))
        return {"shut": shut, "tabs": tabs, "is_open": self.of is not None or self.is_left}
