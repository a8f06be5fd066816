"""A page is a tree of panels, checked when it is built; templates belong to panels, applications own none.

Page(title=…, body=(
    Stats(…),                       ┌──────────────────────────────────────┐
    Row(                            │ Stats                                │
        Table(…),                   ├────────────────────────┬─────────────┤
        Facts(…),                   │ Table                  │ Facts       │
        widths="main",              │                        │             │
    ),                              └────────────────────────┴─────────────┘
)).respond(request)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from citybrain.ui.counting import Recount
from citybrain.ui.icons import ICONS

Text = str | Promise
"""Words for people: translated already, or when drawn."""

Tone = Literal["data", "good", "fair", "bad", "quiet"]
"""Colour by meaning; red (`bad`) is for bad news only."""


class PanelError(TypeError):
    """A page was put together wrongly; the message names the panel and the mistake."""


def check_icon(owner: object, icon: str) -> None:
    """Raises PanelError when `icon` is not in the sprite."""
    if icon and icon not in ICONS:
        raise PanelError(f"{type(owner).__name__}: the icon {icon!r} is not in citybrain.ui.icons.ICONS: add it there.")


@dataclass(frozen=True, kw_only=True)
class Link:
    """A way to another page."""

    title: Text = field(kw_only=False)
    url: str = field(kw_only=False)
    icon: str = field(default="", kw_only=False)
    note: Text = ""
    """Small words at its right in a list of links: a count, an age."""
    tone: Tone | Literal[""] = ""
    """A dot before it in place of an icon, when it stands for something in a state."""

    def __post_init__(self) -> None:
        check_icon(self, self.icon)


@dataclass(frozen=True, kw_only=True)
class Action:
    """A button. With `post` it sends a small form there (with CSRF token); otherwise it is a link.

    A person who may not do it never sees it: the page leaves it out.
    """

    title: Text = field(kw_only=False)
    url: str = field(kw_only=False)
    icon: str = field(default="", kw_only=False)
    post: bool = False
    values: tuple[tuple[str, str], ...] = ()
    """Names and values the form sends."""
    is_main: bool = False
    """The one blue button of a page."""
    confirm: Text = ""
    """Question asked before it is done; for what cannot be taken back."""
    ask: Text = ""
    """Label of a reason the person must type, sent as `reason`; empty asks none."""
    key: str = ""
    """Letter that presses it."""
    tone: Tone = "quiet"

    def __post_init__(self) -> None:
        check_icon(self, self.icon)
        if self.values and not self.post:
            raise PanelError(f"Action {self.title!r} sends values, so it must be `post=True`.")


@dataclass(frozen=True, kw_only=True)
class Tag:
    """A short word in a coloured box, or with a dot when it is a state."""

    title: Text = field(kw_only=False)
    tone: Tone | Literal["demo"] = field(default="quiet", kw_only=False)
    """`demo` marks what is made up (演练)."""
    is_state: bool = False
    help: Text = ""
    url: str = ""
    """Where a press on it leads; empty for nowhere."""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One box of a page. A kind of panel is a frozen dataclass with a template of the same name."""

    template: ClassVar[str]
    """Path of the template, which gets `panel` and what `context()` adds."""

    title: Text = ""
    note: Text = ""
    """Small text beside the title: source and age of what is shown, unit, count."""
    more: Link | None = None
    """Link at the right of the title."""
    key: str = ""
    """Its id in the page: anchor, and what htmx refreshes."""
    help: Text = ""
    """One sentence behind a question mark."""
    refresh: str = ""
    """Live topic (`citybrain.kernel.live`) on which the panel is fetched again; needs `key`."""

    def __post_init__(self) -> None:
        if self.refresh and not self.key:
            raise PanelError(f"{type(self).__name__}: `refresh` needs a `key`, the id of what is refreshed.")
        for option in fields(self):
            value = getattr(self, option.name)
            if isinstance(value, list):
                raise PanelError(f"{type(self).__name__}.{option.name} is a list: panels are frozen, give a tuple.")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """What the template needs beside `panel`."""
        return {}

    def render(self, request: HttpRequest) -> SafeString:
        """The panel as HTML."""
        return render_to_string(self.template, {"panel": self, **self.context(request)}, request)


@dataclass(frozen=True)
class Row:
    """Panels side by side; on a phone one under the other."""

    panels: tuple[Panel | Stack, ...]
    widths: Literal["even", "main", "aside"] = "even"
    """even: all alike; main: the first wide, a narrow one at its right; aside: a narrow one at the left."""

    def __init__(self, *panels: Panel | Stack, widths: Literal["even", "main", "aside"] = "even") -> None:
        check_tree("Row", panels, (Panel, Stack))
        object.__setattr__(self, "panels", panels)
        object.__setattr__(self, "widths", widths)


@dataclass(frozen=True)
class Stack:
    """Panels one under the other inside a row."""

    panels: tuple[Panel, ...]

    def __init__(self, *panels: Panel) -> None:
        check_tree("Stack", panels, (Panel,))
        object.__setattr__(self, "panels", panels)


def check_tree(owner: str, panels: tuple[object, ...], allowed: tuple[type, ...]) -> None:
    """Raises PanelError that names the first thing that is no panel, and its place."""
    for place, panel in enumerate(panels, 1):
        if not isinstance(panel, allowed):
            names = ", ".join(kind.__name__ for kind in allowed)
            raise PanelError(f"{owner}: number {place} is {panel!r}, but only {names} may stand there.")


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One tab of a page: only the open one's panels are built."""

    key: str = field(kw_only=False)
    title: Text = field(kw_only=False)
    count: int | None = field(default=None, kw_only=False)
    tone: Tone = "quiet"
    """`bad` shows its count in red."""
    is_capped: bool = False
    """Whether there are more than `count`, which nobody counted."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A whole page inside the shell."""

    title: str
    body: tuple[Panel | Row, ...]
    crumbs: tuple[Link, ...] = ()
    """Way down to here, without the page itself."""
    tags: tuple[Tag, ...] = ()
    """Beside the title."""
    note: Text = ""
    """Small text beside the title: count, source, age."""
    lead: Text = ""
    """One or two sentences under the title."""
    notices: tuple[Panel, ...] = ()
    """What must be read first, above all else."""
    actions: tuple[Action, ...] = ()
    more: tuple[Action, ...] = ()
    """Rarer actions, behind the button “More”."""
    ways: tuple[Link, ...] = ()
    """Other ways to see the same rows (list, map, statistics), as a switch."""
    way: str = ""
    """Address of the open one."""
    top: tuple[Panel | Row, ...] = ()
    """Above the tabs, the same on each of them."""
    tabs: tuple[Tab, ...] = ()
    tab: str = ""
    """Key of the open tab; the address says it as `?tab=`."""
    recount: Recount | None = None
    """Where the counts of the tabs are asked for again while the page stands open."""
    aside: tuple[Panel, ...] = ()
    """A drawer at the right edge of the desk; below the body on a phone."""
    fills: bool = False
    """True when the body's last panel takes the height that is left (long lists)."""
    help: Text = ""
    """What this page is for, from the declaration's docstring; the `?` key shows it."""
    system: Text = ""
    """Name of the application, in the header beside the brand."""
    shell: Literal["desk", "phone", "citizen", "screen", "print"] = "desk"
    """Frame it is shown in."""

    def __post_init__(self) -> None:
        check_tree(f"Page {self.title!r}", self.body, (Panel, Row))
        check_tree(f"Page {self.title!r}, top", self.top, (Panel, Row))
        check_tree(f"Page {self.title!r}, aside", self.aside, (Panel,))
        if self.tabs and self.tab not in {tab.key for tab in self.tabs}:
            raise PanelError(f"Page {self.title!r}: the open tab {self.tab!r} is none of its tabs.")
        if sum(action.is_main for action in self.actions) > 1:
            raise PanelError(f"Page {self.title!r} has more than one main action.")

    def panels(self) -> Iterator[Panel]:
        """Every panel of the page, in reading order."""
        for part in (*self.notices, *self.top, *self.body, *self.aside):
            yield from flat(part)

    def respond(self, request: HttpRequest, status: int = 200) -> HttpResponse:
        """The page, or, when the browser asks for panels by their keys (`X-Panel: a,b`), those alone."""
        wanted = request.headers.get("X-Panel", "")
        if wanted:
            keys = wanted.split(",")
            found = [panel.render(request) for panel in self.panels() if panel.key in keys]
            return HttpResponse("".join(found), status=status if found else 404)
        return render(request, f"ui/pages/{self.shell}.html", {"page": self}, status=status)


def flat(part: Panel | Row | Stack) -> Iterator[Panel]:
    """The panels inside a part of a page."""
    if isinstance(part, Panel):
        yield part
    else:
        for inner in part.panels:
            yield from flat(inner)
