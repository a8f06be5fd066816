"""The list of a record type: what its address asks for, and the page that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django_filters
from django.core.cache import cache
from django.db.models import Model
from django.forms import HiddenInput
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area, Organisation
from citybrain.kernel.identity.scope import demand_scoped
from citybrain.kernel.records.counting import Count, counted
from citybrain.kernel.records.filters import Linked, filter_set
from citybrain.kernel.records.keyset import Order, Turn, turn_of, window
from citybrain.kernel.records.shape import FieldShape
from citybrain.ui.paging import Paging, page_number
from citybrain.ui.panels.kinds import Notice
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Tab
from citybrain.ui.panels.tables import Choice, Column, Filters, Table
from citybrain.ui.records import saved, values
from citybrain.ui.records.pages import RecordPages
from citybrain.ui.templatetags.shown import titled

KNOWN_SECONDS = 60
"""How long the towns and bodies of a filter bar may be old."""

INLINE = 3
"""Filters in sight; the rest stands behind “More filters”."""

OWN = ("page", "sort", "tab", "columns", "view", "bbox", "by", "sum", "period", "size")
"""Parameters of the address that are no filters."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an address asks of a list."""

    rows: Any
    """The scoped rows, filtered and in order, not cut to a page."""
    columns: tuple[Column, ...]
    fields: tuple[FieldShape, ...]
    """The fields of the columns."""
    sort: str
    order: Order | None
    """The order of one column, by which pages of any depth are found; None for an order of several."""
    tab: str
    filters: django_filters.FilterSet
    query: str
    """The question as a query string, without page."""
    errors: tuple[str, ...] = ()

    @property
    def is_filtered(self) -> bool:
        """Whether it asks for less than all."""
        asked = QueryDict(self.query)
        return any(value for name, value in asked.items() if name not in OWN) or self.tab not in ("", "all")


def ask(pages: RecordPages, request: HttpRequest, asked: QueryDict | None = None) -> Asked:
    """Reads a list's question from the address (or from `asked`); what it cannot mean is left out and said."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = asked if asked is not None else saved.opened(pages, request)
    tab = given.get("tab", "") or "all"
    rows = pages.rows(actor)
    if pages.tab_field and tab != "all":
        rows = rows.filter(**{pages.tab_field: tab})
    filters = filter_set(pages.shape)(given, queryset=rows, request=request)
    found = filters.qs
    errors = tuple(f"{filters.form[name].label}: {' '.join(map(str, texts))}" for name, texts in filters.errors.items())
    sort = given.get("sort", "")
    fields = saved.columns_of(pages, request, given)
    columns = tuple(pages.column(field, place, actor) for place, field in enumerate(fields))
    sortable = {field.name for field in pages.shape.fields if values.is_sortable(field)}
    order = (sort,) if sort.removeprefix("-") in sortable else pages.own_order
    found = found.order_by(*order, "-pk" if order[0].startswith("-") else "pk")
    name = order[0].removeprefix("-")
    keyed = Order(name, order[0].startswith("-"), order[0].startswith("-")) if len(order) == 1 else None
    kept = given.copy()
    kept.pop("page", None)
    demand_scoped(found)
    return Asked(
        rows=found,
        columns=columns,
        fields=fields,
        sort=sort or order[0],
        order=keyed,
        tab=tab,
        filters=filters,
        query=kept.urlencode(),
        errors=errors,
    )


def filters_panel(pages: RecordPages, asked: Asked) -> Filters:
    """The filter bar: the type's own filters in their order, the first ones in sight."""
    by_field: dict[str, list[str]] = {}
    for name, one in asked.filters.filters.items():
        field = name.partition("__")[0]
        if name != "q" and field != pages.tab_field and not isinstance(one.field.widget, HiddenInput):
            by_field.setdefault(field, []).append(name)
    order = [field for field in pages.filters if field in by_field] or list(by_field)
    names = [name for field in order for name in by_field[field]]
    choices = tuple(
        choice_of(pages, name, asked.filters.filters[name], is_more=place >= INLINE) for place, name in enumerate(names)
    )
    data = {name: str(value) for name, value in asked.filters.data.items()}
    return Filters(key="filters", choices=choices, asked=data, search=_("Number or words"))


def choice_of(pages: RecordPages, name: str, one: django_filters.Filter, *, is_more: bool) -> Choice:
    """A filter as a drop-down, text box or date of the bar."""
    kind: Any = "text"
    options: tuple[tuple[str, str], ...] = ()
    match one:
        case django_filters.BooleanFilter():
            kind = "yes-no"
        case django_filters.DateFilter() | django_filters.DateTimeFilter():
            kind = "day"
        case django_filters.NumberFilter():
            kind = "number"
        case Linked():
            options = bodies(one.target)
        case _:
            options = tuple((str(key), str(words)) for key, words in one.extra.get("choices", ()) or ())
    title = values.capital(str(one.label))
    return Choice(name=name, title=title, options=options, kind="choice" if options else kind, is_more=is_more)


def bodies(model: type[Model]) -> tuple[tuple[str, str], ...]:
    """What a list is filtered by most: the county's bodies or its towns; none for links to records."""
    if model is Organisation:
        rows = Organisation.objects.filter(is_active=True).exclude(kind__in=Organisation.INNER)
    elif model is Area:
        rows = Area.objects.filter(kind__in=(Area.Kind.TOWN, Area.Kind.ZONE))
    else:
        return ()
    found = cache.get_or_set(f"records.{model.__name__}", lambda: list(rows), KNOWN_SECONDS)
    return tuple((row.key, titled(row)) for row in found)


def frame(pages: RecordPages, request: HttpRequest, asked: Asked, way: str) -> dict[str, Any]:
    """What the list, the map and the statistics have in common: title, ways to see it, buttons, tabs."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    tail = f"?{asked.query}" if asked.query else ""
    ways = [Link(title=_("List"), url=pages.url("list") + tail, icon="table")]
    if pages.shape.map_place:
        ways.append(Link(title=_("Map"), url=pages.url("map") + tail, icon="map"))
    ways.append(Link(title=_("Statistics"), url=pages.url("statistics") + tail, icon="chart-bar"))
    ways += pages.ways(actor)
    return {
        "title": pages.shape.plural,
        "help": pages.shape.help,
        "ways": tuple(ways),
        "way": pages.url(way) + tail,
        "actions": buttons(pages, actor, tail),
        "more": rarer(pages, request, tail),
        "tabs": tabs(pages),
        "tab": asked.tab if pages.tab_field else "",
        "notices": tuple(Notice(text=text, tone="fair") for text in asked.errors),
    }


def tabs(pages: RecordPages) -> tuple[Tab, ...]:
    """All, and one tab for each word of the state."""
    if not pages.tab_field:
        return ()
    words = pages.shape.by_name[pages.tab_field].field.flatchoices
    return (Tab(key="all", title=_("All")), *(Tab(key=str(value), title=title) for value, title in words))


def buttons(pages: RecordPages, actor: Actor, tail: str) -> tuple[Action, ...]:
    """Export, and the one main button: new."""
    found = []
    if actor.may(pages.permission("export")):
        found.append(Action(title=_("Export"), url=pages.url("export") + tail, icon="download"))
    if pages.may(actor, "create"):
        found.append(Action(title=_("New"), url=pages.url("new"), icon="plus", is_main=True, key="n"))
    return tuple(found)


def rarer(pages: RecordPages, request: HttpRequest, tail: str) -> tuple[Action, ...]:
    """What is done less often."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = [
        Action(title=_("Choose columns"), url=pages.url("columns") + tail, icon="columns"),
        *saved.actions_of(pages, request, tail),
    ]
    if pages.may(actor, "import"):
        found.append(Action(title=_("Import"), url=pages.url("import"), icon="file-import"))
    found.append(Action(title=_("Print"), url=pages.url("paper") + tail, icon="printer"))
    if pages.may(actor, "remove"):
        found.append(Action(title=_("Bin"), url=pages.url("bin"), icon="trash"))
    return tuple(found)


def listing(pages: RecordPages, request: HttpRequest) -> HttpResponse:
    """The list."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = ask(pages, request)
    rows, place = page_of(asked.rows, asked.order, request.GET.get("page"), pages.size)
    table = Table(
        key="rows",
        columns=asked.columns,
        rows=rows,
        empty=_("Nothing fits what you ask for.") if asked.is_filtered else _("Nothing here yet."),
        paging=place,
        sort=asked.sort,
        row_link=lambda row: pages.url("detail", row.number),
        row_key=lambda row: row.number,
        select="number",
        bulk=bulk_buttons(pages, actor),
    )
    body: tuple[Panel, ...] = (filters_panel(pages, asked), table)
    return Page(**frame(pages, request, asked, "list"), body=body, fills=True).respond(request)


def page_of(
    rows: Any,
    order: Order | None,
    text: str | None,
    size: int,
    *,
    count: Callable[[], Count] | None = None,
    walked: Any = None,
) -> tuple[Any, Paging]:
    """The rows of the page that an address names (`page`), and where it stands.

    Without an `order` of one column, `rows` are ordered and pages end where counting does. `count` tells how many there
    are where that is known already. `walked`: the same rows, asked for in a way that suits one page of very many.
    """
    if order is None:
        known = counted(rows)
        whole = Paging(1, known.total, size, is_capped=known.is_capped)
        place = Paging(min(page_number(text), whole.last), known.total, size, is_capped=known.is_capped)
        return one_page(rows, place), place
    asked, turn = rows if walked is None else walked, turn_of(text)
    found = window(asked, order, turn, size)
    if not found.ids and turn.number > 1:
        turn = Turn(max(1, -(-counted(rows).total // size)))
        found = window(asked, order, turn, size)
    seen = (found.number - 1) * size + len(found.ids)
    if found.is_last:
        known = Count(total=seen, is_capped=False)
    else:
        known = (count or (lambda: counted(rows)))()
        known = Count(total=max(known.total, seen + 1), is_capped=known.is_capped or known.total <= seen)
    place = Paging(
        found.number,
        known.total,
        size,
        is_capped=known.is_capped,
        before=found.before,
        after=found.after,
        shown=len(found.ids),
    )
    return rows.filter(pk__in=found.ids).order_by(*order.expressions), place


def one_page(rows: Any, place: Paging) -> Any:
    """The rows of one page with what they link to, in two questions: ids first.

    Joined at once, a planner may begin with the small table of bodies and sort a million rows for twenty.
    """
    ids = list(rows.select_related(None).values_list("pk", flat=True)[place.offset : place.offset + place.size])
    return rows.filter(pk__in=ids)


def bulk_buttons(pages: RecordPages, actor: Actor) -> tuple[Action, ...]:
    """What can be done with ticked rows."""
    found = []
    if pages.may(actor, "edit"):
        found.append(Action(title=_("Edit"), url=pages.url("bulk-edit"), icon="pencil"))
    if actor.may(pages.permission("export")):
        found.append(Action(title=_("Export"), url=pages.url("export"), icon="download"))
    if pages.may(actor, "remove"):
        found.append(
            Action(
                title=_("Remove"),
                url=pages.url("bulk-remove"),
                icon="trash",
                post=True,
                tone="bad",
                confirm=_("Put the chosen records into the bin?"),
            )
        )
    return tuple(found)
