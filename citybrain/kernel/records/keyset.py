"""One page of an ordered list at any depth, found by the key of its neighbour (键集分页): no row before it is read.

    turn = turn_of(request.GET.get("page"))
    found = window(rows, Order("opened_at", falls=True), turn, 20)
    found.ids, found.after            ids in order; what the address of the next page says

A page is asked for by its number as long as that is near (`5`), and by its neighbour's last or first row beyond:
`501~a812~2026-11-20T08:00:00+00:00` is what stands after row 812. Rows without a value stand last, either way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Field, Q, QuerySet

FURTHEST = 10_000
"""Rows before a page that is found by its number alone: to pass over them is what such a page costs."""

LONGEST = 400
"""Characters of a page in an address."""

MOST_PAGES = 10**9
"""Pages of a list; what asks for more is no number."""

LARGEST = 2**63 - 1
"""Of ids."""


@dataclass(frozen=True)
class Order:
    """By which column a list is ordered, and by the id where it says the same."""

    name: str
    falls: bool = False
    """Whether the highest comes first."""
    pk_falls: bool = False

    @property
    def expressions(self) -> tuple[Any, ...]:
        """The same as a queryset takes it, for a few rows: no index serves it."""
        value = F(self.name).desc(nulls_last=True) if self.falls else F(self.name).asc(nulls_last=True)
        return (value, "-pk" if self.pk_falls else "pk")


@dataclass(frozen=True)
class Turn:
    """The page an address asks for."""

    number: int = 1
    pk: int = 0
    """Id of the neighbouring row; 0 for a page asked for by its number alone."""
    value: str | None = None
    """That row's value in the order's column; None for none."""
    is_back: bool = False
    """Whether the page before that row is asked for, not the one after."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """One page of a list."""

    ids: tuple[int, ...]
    number: int
    is_last: bool
    before: str
    """What the address of the page before says; empty for the first page."""
    after: str
    """What the address of the page after says; empty for the last page."""


def turn_of(text: str | None) -> Turn:
    """The page an address asks for; what means nothing asks for the first."""
    if not text or len(text) > LONGEST:
        return Turn()
    number, _, key = text.partition("~")
    if not (number.isascii() and number.isdecimal() and 0 < int(number) < MOST_PAGES):
        return Turn()
    pk, has_value, value = key[1:].partition("~")
    if key[:1] not in ("a", "b") or not (pk.isascii() and pk.isdecimal() and 0 < int(pk) <= LARGEST):
        return Turn(int(number))
    return Turn(int(number), int(pk), value if has_value else None, key[0] == "b")


def window(rows: QuerySet[Any], order: Order, turn: Turn, size: int) -> Window:
    """The page of `rows` that `turn` asks for, `size` rows at most; an empty one beyond the end.

    A key that no row of the column can have, or a number too far, is the last page that its number alone finds.
    """
    field: Any = rows.model._meta.get_field(order.name)
    key = _key(field, turn)
    number = turn.number if key else min(turn.number, max(1, FURTHEST // size))
    found = (
        _walked(rows, field, order, key, turn.is_back, size) if key else _counted_off(rows, field, order, number, size)
    )
    is_more, found = len(found) > size, found[:size]
    if turn.is_back and key:
        found.reverse()
        # What was just turned back from is still there, unless somebody removed it meanwhile.
        is_first, is_last = not is_more, False
    else:
        is_first, is_last = number == 1, not is_more
    number = 1 if is_first else max(number, 2)
    return Window(
        ids=tuple(pk for pk, _value in found),
        number=number,
        is_last=is_last,
        before="" if is_first or not found else _said(field, number - 1, "b", *found[0]),
        after="" if is_last or not found else _said(field, number + 1, "a", *found[-1]),
    )


def _key(field: Field[Any, Any], turn: Turn) -> tuple[int, Any] | None:
    """Id and value of the neighbouring row; None when the turn names none, or one that cannot be."""
    if not turn.pk or (turn.value is None and not field.null):
        return None
    try:
        return turn.pk, None if turn.value is None else field.to_python(turn.value)
    except ValidationError:
        return None


def _said(field: Field[Any, Any], number: int, way: str, pk: int, value: Any) -> str:
    """A page in an address."""
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return f"{number}~{way}{pk}" if value is None else f"{number}~{way}{pk}~{text}"


def _parts(rows: QuerySet[Any], field: Field[Any, Any], order: Order, is_back: bool) -> Iterator[tuple[bool, Any]]:
    """The rows with a value, then those without, each in order: (whether they have one, rows).

    Two questions, not one with NULLS LAST: that no database answers by an index in both directions.
    """
    value = ("-" if order.falls != is_back else "") + field.attname
    pk = "-pk" if order.pk_falls != is_back else "pk"
    valued = rows.filter(**{f"{field.name}__isnull": False}) if field.null else rows
    parts = [(True, valued.order_by(value, pk))]
    if field.null:
        parts.append((False, rows.filter(**{f"{field.name}__isnull": True}).order_by(pk)))
    yield from reversed(parts) if is_back else parts


def _pairs(rows: QuerySet[Any], field: Field[Any, Any]) -> Any:
    """Ids with their values."""
    return rows.select_related(None).values_list("pk", field.attname)


def _walked(
    rows: QuerySet[Any], field: Field[Any, Any], order: Order, key: tuple[int, Any], is_back: bool, size: int
) -> list[tuple[int, Any]]:
    """Ids and values on from a row, without that row, one more than fit."""
    pk, value = key
    beyond = Q(pk__lt=pk) if order.pk_falls != is_back else Q(pk__gt=pk)
    found: list[tuple[int, Any]] = []
    is_reached = False
    for is_valued, part in _parts(rows, field, order, is_back):
        if not is_reached:
            if is_valued != (value is not None):
                continue
            is_reached = True
            if is_valued:
                way = "lt" if order.falls != is_back else "gt"
                # The first condition says where the index is entered, the second passes over rows of the same value.
                part = part.filter(**{f"{field.name}__{way}e": value}).filter(
                    Q(**{f"{field.name}__{way}": value}) | beyond
                )
            else:
                part = part.filter(beyond)
        if len(found) <= size:
            found += _pairs(part, field)[: size + 1 - len(found)]
    return found


def _counted_off(
    rows: QuerySet[Any], field: Field[Any, Any], order: Order, number: int, size: int
) -> list[tuple[int, Any]]:
    """Ids and values of a page by its number, one more than fit."""
    offset = (number - 1) * size
    found: list[tuple[int, Any]] = []
    for place, (_is_valued, part) in enumerate(_parts(rows, field, order, False)):
        if place and not found and offset:
            # None of those with a value is left: those without are counted on from there.
            offset -= min(offset, rows.filter(**{f"{field.name}__isnull": False}).order_by().count())
        elif place:
            offset = 0
        if len(found) <= size:
            found += _pairs(part, field)[offset : offset + size + 1 - len(found)]
    return found
