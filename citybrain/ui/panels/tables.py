"""Tables: rows of any origin, columns that say how a value is taken from a row and drawn."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from citybrain.kernel.identity.scope import Vouched, demand_scoped
from citybrain.ui.paging import Paging
from citybrain.ui.panels import cells
from citybrain.ui.panels.panel import Action, Panel, PanelError, Tag, Text, check_icon

Rows = QuerySet[Any] | Vouched[Any]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: `Column(_("Rows"), "rows", cells.number, sort="rows")`."""

    title: Text = field(kw_only=False)
    value: Callable[[Any], Any] | str = field(default="", kw_only=False)
    """What it shows of a row: a function, or the name of an attribute (dotted for a way)."""
    cell: cells.Cell = field(default=cells.text, kw_only=False)
    """How it is drawn."""
    link: Callable[[Any], str] | None = None
    """Address a row's value leads to."""
    tags: Callable[[Any], Iterable[Tag | None]] | None = None
    """Tags behind the value."""
    under: Callable[[Any], Any] | None = None
    """Small second line."""
    sort: str = ""
    """Name under which the address asks for this order (`?sort=name`, `-name` for falling); empty: not sortable."""
    align: Literal["left", "right", "centre", ""] = ""
    """Empty: numbers and buttons at the right, everything else at the left."""
    weight: Literal[1, 2, 3, 4, 5] = 1
    """1 always stays; higher ones go first when the window gets narrow (5 first)."""
    wraps: bool = False
    """Whether long words break into lines instead of being cut."""
    buttons: Callable[[Any], tuple[Action, ...]] | None = None
    """What can be done with the row here and now; the person who may not gets none."""

    def __post_init__(self) -> None:
        if not self.value and not self.buttons:
            raise PanelError(f"Column {self.title!r} has neither a value nor buttons.")
        if not self.align:
            at_right = self.buttons is not None or self.cell in cells.AT_RIGHT
            object.__setattr__(self, "align", "right" if at_right else "left")

    @property
    def has_buttons(self) -> bool:
        """Whether it holds buttons. (A template would call the function itself, without the row.)"""
        return self.buttons is not None

    def of(self, row: Any) -> Any:
        """The column's value of a row."""
        if callable(self.value):
            return self.value(row)
        for name in self.value.split("."):
            row = getattr(row, name)
        return row


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One drop-down, text box or date of a filter bar; `name` is the parameter of the address."""

    name: str = field(kw_only=False)
    title: Text = field(kw_only=False)
    options: Sequence[tuple[str, Text]] = field(default=(), kw_only=False)
    """Values and words; none makes it a text box."""
    kind: Literal["choice", "text", "day", "number", "yes-no"] = "choice"
    is_more: bool = False
    """Whether it stands behind “More filters”."""

    def said(self, value: str) -> str:
        """What asking for `value` means, in words."""
        if self.kind == "yes-no":
            return f"{self.title}: {_('Yes') if value == 'true' else _('No')}"
        known = dict(self.options).get(value)
        return str(known) if known is not None else f"{self.title}: {value}"


@dataclass(frozen=True, kw_only=True)
class Filters(Panel):
    """The filter bar above a list: the address holds what is asked, every change asks the server."""

    template: ClassVar[str] = "ui/panels/filters.html"

    choices: tuple[Choice, ...]
    asked: dict[str, str] = field(default_factory=dict)
    """What the address asks now."""
    search: Text = ""
    """Placeholder of the search box (`?q=`); empty shows none."""

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """What stands in the bar, what stands behind “More filters”, and what else of the address is kept."""
        own = {choice.name for choice in self.choices} | {"q", "page"}
        inline = [(choice, self.asked.get(choice.name, "")) for choice in self.choices if not choice.is_more]
        behind = [(choice, self.asked.get(choice.name, "")) for choice in self.choices if choice.is_more]
        kept = [(name, value) for name, values in request.GET.lists() if name not in own for value in values]
        words = self.asked.get("q", request.GET.get("q", ""))
        return {
            "q": words,
            "inline": inline,
            "behind": behind,
            "behind_asked": sum(bool(value) for _choice, value in behind),
            "kept": kept,
            "is_asked": bool(words) or any(value for _choice, value in (*inline, *behind)),
            "clear_url": f"{request.path}?{urlencode(kept)}" if kept else request.path,
            "chips": [(text, self.without(name, request)) for name, text in self.chips(words)],
        }

    def chips(self, words: str) -> Iterator[tuple[str, str]]:
        """Name and words of everything that is asked."""
        if words:
            yield "q", f"“{words}”"
        for choice in self.choices:
            value = self.asked.get(choice.name, "")
            if value:
                yield choice.name, str(choice.said(value))

    def without(self, name: str, request: HttpRequest) -> str:
        """The page's address without one of the things asked, at its first page."""
        asked = request.GET.copy()
        for gone in (name, "page"):
            asked.pop(gone, None)
        return f"{request.path}?{asked.urlencode()}" if asked else request.path


@dataclass(frozen=True, kw_only=True)
class Table(Panel):
    """Rows under each other; on a phone they become cards when `cards` says so."""

    template: ClassVar[str] = "ui/panels/table.html"

    columns: tuple[Column, ...]
    rows: Rows
    """A scoped queryset, cut to one page, or rows vouched for."""
    empty: Text = ""
    """What is said when there is none, with what to do."""
    empty_icon: str = "inbox"
    empty_action: Action | None = None
    paging: Paging | None = None
    sort: str = ""
    """Order now, as in the address, of rows that the question ordered. Empty: a table without pages orders itself."""
    sort_parameter: str = "sort"
    """Name of the order in the address; another one for a second table of a page."""
    row_link: Callable[[Any], str] | None = None
    """Address a click anywhere on the row opens."""
    select: str = ""
    """Name of the row's check box for bulk work; needs `row_key`."""
    row_key: Callable[[Any], str] | None = None
    """Id of a row: for selection, and for live replacement."""
    bulk: tuple[Action, ...] = ()
    """What can be done with the selected rows."""
    row_tone: Callable[[Any], str] | None = None
    row_version: Callable[[Any], str] | None = None
    """What changes whenever the row does: with `follows`, a row that changed lights up."""
    opens: str = ""
    """Parameter of the address under which a row's key opens it in the page's Drawer; needs `row_key`."""
    follows: str = ""
    """Live topic on which rows are brought up to date where they stand, and new ones announced; needs `key`."""
    cards: bool = True
    is_two_lines: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_scoped(self.rows)
        check_icon(self, self.empty_icon)
        if not self.columns:
            raise PanelError(f"Table {self.title!r} has no columns.")
        if (self.opens and not self.row_key) or (self.follows and not (self.key and self.row_key)):
            raise PanelError(f"Table {self.title!r} opens or follows rows, so it needs `key` and `row_key`.")
        if self.bulk and not (self.select and self.row_key):
            raise PanelError(f"Table {self.title!r} has bulk actions, so it needs `select` and `row_key`.")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The rows with what is known of each; each column's head: the column, the address that sorts by it, its order.

        (Functions are called here: a template would call them itself, without the row.)
        """
        rows = in_order(self.rows, self.columns, self.asked(request)) if self.orders_itself else self.rows
        return {
            "rows": [(row, *(function(row) if function else "" for function in self.known_of_rows)) for row in rows],
            "heads": [self.head(column, request) for column in self.columns],
            "bulk_id": f"{self.key or 'rows'}-bulk",
        }

    @property
    def known_of_rows(self) -> tuple[Callable[[Any], str] | None, ...]:
        """What tells a row's key, address, tone and version."""
        return (self.row_key, self.row_link, self.row_tone, self.row_version)

    @property
    def orders_itself(self) -> bool:
        """Whether the panel orders its rows: all of them are here, and no question did."""
        return not self.sort and self.paging is None

    def asked(self, request: HttpRequest) -> str:
        """The order asked for."""
        return request.GET.get(self.sort_parameter, "") if self.orders_itself else self.sort

    def head(self, column: Column, request: HttpRequest) -> tuple[Column, str, str]:
        """A column with the address that sorts by it (the other way when it is sorted already) and its ARIA order.

        Where the panel orders the rows, numbers and times begin with the highest.
        """
        if not column.sort:
            return column, "", ""
        order = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(self.asked(request), "")
        asked = request.GET.copy()
        asked.pop(self.paging.parameter if self.paging else "page", None)
        falls = order == "ascending" or (not order and self.orders_itself and counts(column, self.rows))
        asked[self.sort_parameter] = f"-{column.sort}" if falls else column.sort
        return column, f"?{asked.urlencode()}", order


def in_order(rows: Iterable[Any], columns: Sequence[Column], asked: str) -> Iterable[Any]:
    """The rows by the column that `asked` names (`-name` for falling), those without a value last either way.

    Any other text leaves them as they are. Chinese words stand by their pinyin, as in a dictionary.
    """
    column = next((column for column in columns if column.sort and column.sort == asked.removeprefix("-")), None)
    if column is None:
        return rows
    valued = [(column.of(row), row) for row in rows]
    known = [(place_of(value), row) for value, row in valued if value not in (None, "")]
    known.sort(key=lambda one: one[0], reverse=asked.startswith("-"))
    return [row for _place, row in known] + [row for value, row in valued if value in (None, "")]


def place_of(value: Any) -> Any:
    """What a value is ordered by. The common characters of GB 2312 stand in the order of their pinyin."""
    return str(value).casefold().encode("gb18030", "replace") if isinstance(value, str | Promise) else value


def counts(column: Column, rows: Iterable[Any]) -> bool:
    """Whether a column holds numbers or times, of which the highest is asked for first."""
    value = next((value for value in map(column.of, rows) if value not in (None, "")), None)
    return isinstance(value, int | float | datetime.date)
