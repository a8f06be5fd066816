"""The other kinds of panels."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Literal

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from citybrain.kernel.identity.scope import Vouched, demand_scoped
from citybrain.ui import formats
from citybrain.ui.charts import Chart
from citybrain.ui.panels import cells
from citybrain.ui.panels.differing import compared
from citybrain.ui.panels.fields import Input
from citybrain.ui.panels.panel import Action, Link, Panel, PanelError, Tag, Text, Tone, check_icon


def identity(panel: Panel, kind: str, request: HttpRequest) -> str:
    """An id for a piece inside the panel: from its key, else by its place among the page's pieces."""
    number = getattr(request, "_pieces", 0) + 1
    request._pieces = number  # type: ignore[attr-defined]
    return f"{panel.key or f'piece-{number}'}-{kind}"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A word and what it says."""

    title: Text = field(kw_only=False)
    value: Any = field(kw_only=False)
    cell: cells.Cell = field(default=cells.text, kw_only=False)
    link: str = ""
    help: Text = ""
    is_wide: bool = False
    """Whether it takes the whole width (long texts)."""
    reveal: str = ""
    """Address that shows a masked value for a stated purpose; empty when it is not masked."""


@dataclass(frozen=True, kw_only=True)
class Facts(Panel):
    """Words and what they say (属性)."""

    template: ClassVar[str] = "ui/panels/facts.html"

    of: Any
    """The scoped row the facts are of (scoped_one), or Vouched rows it was taken from."""
    facts: tuple[Fact, ...]
    columns: Literal[1, 2, 3] = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_scoped(self.of)


@dataclass(frozen=True, kw_only=True)
class Stat:
    """One figure with its unit, its course, and the page of the rows behind it."""

    title: Text = field(kw_only=False)
    value: Any = field(kw_only=False)
    cell: cells.Cell = field(default=cells.short, kw_only=False)
    url: str = ""
    """Where its rows are; every number leads to its rows."""
    under: Text = ""
    """Source and age, or the change."""
    trend: tuple[float | None, ...] = ()
    tone: Tone = "quiet"
    unit: Text = ""


@dataclass(frozen=True, kw_only=True)
class Stats(Panel):
    """A row of figures."""

    template: ClassVar[str] = "ui/panels/stats.html"

    stats: tuple[Stat, ...]


@dataclass(frozen=True, kw_only=True)
class ChartPanel(Panel):
    """A chart, with the same numbers as a table for who cannot see it."""

    template: ClassVar[str] = "ui/panels/chart.html"

    chart: Chart | None
    """None when there is nothing to draw yet."""
    empty: Text = ""
    """What is said then."""
    source: Text = ""
    """Where the numbers come from, and how old they are."""
    height: Literal["low", "middle", "tall"] = "middle"

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The chart's id, and its numbers by label for the table."""
        if self.chart is None:
            return {}
        values = [[formats.exact(value) for value in series.values] for series in self.chart.series]
        rows = [(label, [row[place] for row in values]) for place, label in enumerate(self.chart.labels)]
        return {"identity": identity(self, "chart", request), "rows": rows}


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One entry of a time line."""

    at: datetime.datetime
    title: Text
    who: str = ""
    text: Text = ""
    tone: Tone = "quiet"
    link: str = ""
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Timeline(Panel):
    """What happened, latest first (处理过程)."""

    template: ClassVar[str] = "ui/panels/timeline.html"

    moments: Vouched[Moment]
    empty: Text = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_scoped(self.moments)


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One layer of a map."""

    key: str
    title: Text
    url: str = ""
    """Address of its GeoJSON; asked with the map's bounds as `bbox` when `by_view`."""
    data: dict[str, Any] | None = None
    """GeoJSON feature collection in place of an address."""
    tone: Tone = "data"
    by_view: bool = False
    clusters: bool = False
    is_synthetic: bool = False
    """True when its shapes are made up: the map says so."""
    opens: str = ""
    """Parameter of the address under which a shape's `key` opens it in the page's Drawer."""
    time: tuple[datetime.datetime, datetime.datetime] | None = None
    """From when until when the slider below the map reaches; the layer is asked with `told_until`, in seconds."""


@dataclass(frozen=True, kw_only=True)
class Map(Panel):
    """A map: the county off-line from its GeoJSON, tiles where the setting names some."""

    template: ClassVar[str] = "ui/panels/map.html"

    layers: tuple[Layer, ...]
    centre: tuple[float, float] | None = None
    """Longitude and latitude, degrees; None shows the whole county."""
    height: Literal["low", "middle", "tall", "fill"] = "middle"
    pick: str = ""
    """Name of the form field that a click fills with a GeoJSON point."""

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """What the script draws."""
        layers = [
            {**asdict(layer), "title": str(layer.title), "time": layer.time and [at.timestamp() for at in layer.time]}
            for layer in self.layers
        ]
        return {
            "identity": identity(self, "map", request),
            "description": {"layers": layers, "centre": self.centre, "pick": self.pick},
            "has_legend": len(self.layers) > 1,
            "has_slider": any(layer.time for layer in self.layers),
        }


@dataclass(frozen=True, kw_only=True)
class FormPanel(Panel):
    """A form: Django's form object draws, checks and explains itself."""

    template: ClassVar[str] = "ui/panels/form.html"

    form: BaseForm
    action: str = ""
    """Where it is sent; empty for the page itself."""
    submit: Text
    cancel: str = ""
    """Address the person goes back to without saving."""
    groups: tuple[tuple[Text, tuple[str, ...]], ...] = ()
    """Headings with the names of their fields; empty shows all in one."""
    draft: str = ""
    """Address that keeps the unfinished form; empty keeps none."""
    columns: Literal[1, 2] = 2
    submits: tuple[tuple[str, Text], ...] = ()
    """Further buttons (name, words), as “Save and add another”."""
    hidden: tuple[tuple[str, str], ...] = ()
    is_download: bool = False
    """Whether the answer is a file: the page stays, and may send the form again."""
    watch: str = ""
    """Key of an `OffersPanel` of the page that is drawn anew while somebody fills the form in."""

    def __post_init__(self) -> None:
        super().__post_init__()
        unknown = [name for _heading, names in self.groups for name in names if name not in self.form.fields]
        if unknown:
            raise PanelError(f"FormPanel {self.title!r}: its groups name {unknown}, which the form does not have.")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The form's fields by group; what no group names stands in a last one without a heading."""
        named = {name for _heading, names in self.groups for name in names}
        rest = tuple(field.name for field in self.form.visible_fields() if field.name not in named)
        groups = (*self.groups, ("", rest)) if rest else self.groups
        return {"groups": [(heading, [Input(self.form[name]) for name in names]) for heading, names in groups]}


@dataclass(frozen=True, kw_only=True)
class Node:
    """One node of a tree."""

    title: Text
    url: str = ""
    icon: str = ""
    count: int | None = None
    tags: tuple[Tag, ...] = ()
    children: tuple[Node, ...] = ()
    more_url: str = ""
    """Address that brings the children when the node is opened; for trees too large to send whole."""
    is_open: bool = False

    def __post_init__(self) -> None:
        check_icon(self, self.icon)


@dataclass(frozen=True, kw_only=True)
class Tree(Panel):
    """A tree that opens and closes, by mouse and keyboard."""

    template: ClassVar[str] = "ui/panels/tree.html"

    nodes: Vouched[Node]

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_scoped(self.nodes)


def branches(request: HttpRequest, nodes: Vouched[Node]) -> HttpResponse:
    """The answer to a tree node's `more_url`: its children as HTML."""
    demand_scoped(nodes)
    return render(request, "ui/parts/nodes.html", {"nodes": nodes})


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field before and after."""

    title: Text
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True)
class Diff(Panel):
    """What a change changed, word by word for long texts."""

    template: ClassVar[str] = "ui/panels/diff.html"

    differences: Vouched[Difference]
    before: Text = ""
    """Head of the left side where "Before" is not what it is."""
    after: Text = ""
    """Head of the right side where "After" is not what it is."""
    actions: tuple[Action, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_scoped(self.differences)

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """Every difference with both sides marked."""
        pairs = ((one, *compared(one.before, one.after)) for one in self.differences)
        return {"compared": [{"title": one.title, "before": before, "after": after} for one, before, after in pairs]}


@dataclass(frozen=True, kw_only=True)
class File:
    """One attached file."""

    name: str
    url: str
    size: int
    """Bytes."""
    kind: str = ""
    preview: str = ""
    """Address of a small picture; empty for none."""
    who: str = ""
    at: datetime.datetime | None = None
    remove: str = ""
    """Address that removes it; empty when the person may not."""


@dataclass(frozen=True, kw_only=True)
class Attachments(Panel):
    """Files of a record, with the door for more."""

    template: ClassVar[str] = "ui/panels/attachments.html"

    files: Vouched[File]
    upload: str = ""
    """Address that takes files; empty when the person may not."""
    accepts: str = ""
    """Kinds it takes, as the input's `accept`."""
    most: int = 0
    """Largest size of one file, bytes."""

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_scoped(self.files)


@dataclass(frozen=True, kw_only=True)
class Related(Panel):
    """Other things this one is tied to, by kind."""

    template: ClassVar[str] = "ui/panels/related.html"

    links: Vouched[Link]
    empty: Text = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_scoped(self.links)


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One comment."""

    at: datetime.datetime
    who: str
    text: str
    remove: str = ""


@dataclass(frozen=True, kw_only=True)
class Activity(Panel):
    """Comments and what happened, with the box to write one."""

    template: ClassVar[str] = "ui/panels/activity.html"

    remarks: Vouched[Remark]
    write: str = ""
    """Address that takes a comment; empty when the person may not."""

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_scoped(self.remarks)


@dataclass(frozen=True, kw_only=True)
class Notice(Panel):
    """Something that must be read: good, fair or bad news, with what to do."""

    template: ClassVar[str] = "ui/panels/notice.html"

    text: Text
    tone: Tone = "data"
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Blank(Panel):
    """A designed emptiness: nothing there, no permission, off-line."""

    template: ClassVar[str] = "ui/panels/blank.html"

    icon: str = "inbox"
    text: Text
    action: Action | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_icon(self, self.icon)


@dataclass(frozen=True, kw_only=True)
class Tiles(Panel):
    """Large doors to other pages, for phones and home pages."""

    template: ClassVar[str] = "ui/panels/tiles.html"

    tiles: tuple[Link, ...]
    counts: Sequence[int | None] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.counts and len(self.counts) != len(self.tiles):
            raise PanelError(f"Tiles {self.title!r}: {len(self.tiles)} tiles but {len(self.counts)} counts.")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """Every tile with its count."""
        return {"tiles": list(zip(self.tiles, self.counts or (None,) * len(self.tiles), strict=True))}
