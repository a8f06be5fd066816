"""Counts and sums of records by any field (统计), with no person to be found in a small count.

breakdown(shape, rows, "kind", actor)                       by choice, the most first
breakdown(shape, rows, "opened_on", actor, by="month")      by day, month or year, without gaps
breakdown(shape, rows, "area", actor, level="town")         by area, rolled up to a level
breakdown(shape, rows, "windows", actor, sum_of="windows")  by bins of a number, with a sum
"""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Count, F, FloatField, Max, Min, QuerySet, Sum
from django.db.models.functions import Cast, Floor, TruncDay, TruncMonth, TruncYear
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.declare.words import Grade
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area, Organisation
from citybrain.kernel.identity.scope import demand_scoped
from citybrain.kernel.records.fields import Code, LongText, Place
from citybrain.kernel.records.masking import is_masked
from citybrain.kernel.records.shape import FieldShape, Shape
from citybrain.kernel.records.wording import name_of, worded

SMALLEST = 5
"""Counts below are not told where a person might be found by them."""

TOP = 12
"""Bars shown; the others are one bar."""

BINS = 10
"""Bins of a number, about."""

MOST_VALUES = 500
"""Values told apart; a field of free text has as many as rows."""

PERIODS: dict[str, Any] = {"day": TruncDay, "month": TruncMonth, "year": TruncYear}
MOST_DAYS, MOST_MONTHS = 62, 60
"""Longest span shown by day, in days, and by month, in months."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One group of rows."""

    key: str
    """Value to filter by; empty for rows without a value and for the rest."""
    title: str
    count: int | None
    """None where it is too small to be told."""
    total: Decimal | float | None = None
    """Sum of the asked field; None without one, or with a hidden count."""
    is_rest: bool = False


@dataclass(frozen=True, kw_only=True)
class Breakdown:
    """Rows by the values of one field."""

    field: FieldShape
    by: str
    """`value`, `bin`, a period, or a level of areas."""
    bars: tuple[Bar, ...]
    rows: int
    """All rows counted."""
    is_guarded: bool
    """Whether counts below SMALLEST are hidden."""

    @property
    def hidden(self) -> int:
        """How many bars hide their count."""
        return sum(bar.count is None for bar in self.bars)


@dataclass(frozen=True)
class _Group:
    """Rows of one value, before it is known what is shown."""

    key: str
    title: str
    count: int
    total: Any = None


def fields_of(shape: Shape) -> tuple[FieldShape, ...]:
    """Fields records can be counted by."""
    return tuple(field for field in shape.fields if can_group(field))


def can_group(field: FieldShape) -> bool:
    """Whether records can be counted by the field; a personal text would name the person, L4 is never shown."""
    if isinstance(field.field, LongText | Place | models.JSONField) or field.grade >= Grade.L4:
        return False
    is_free = isinstance(field.field, models.CharField | models.TextField | models.ForeignKey)
    coded = bool(field.field.choices) or isinstance(field.field, Code)
    return field.name != "number" and not (field.is_personal and is_free and not coded)


def breakdown(
    shape: Shape,
    rows: QuerySet[Any],
    name: str,
    actor: Actor,
    *,
    by: str = "",
    level: str = "town",
    top: int = TOP,
    sum_of: str = "",
) -> Breakdown:
    """Scoped `rows` counted by a field, and summed. `by` is day, month or year; empty takes what the span asks for.

    Raises Unscoped, PermissionDenied, LookupError for an unknown field, ValidationError for one that cannot be counted.
    """
    demand_scoped(rows)
    if not actor.may(shape.permission("view")):
        raise PermissionDenied(_("Your post does not carry the permission %s.") % shape.permission("view").key)
    field = shape.field(name)
    if not can_group(field):
        raise ValidationError(_("Records cannot be counted by “%s”.") % field.title)
    summed = _summed(shape, sum_of, actor)
    plain = rows.order_by().select_related(None)
    guarded = shape.face.guarded_counts if shape.face.guarded_counts is not None else field.is_personal
    guarded = guarded or bool(summed and summed.is_personal)
    match field.field:
        case models.DateField():
            by, groups = _by_period(field, plain, by, summed)
        case models.ForeignKey() if field.field.related_model in (Area, Organisation):
            by, groups = level, _by_node(field, plain, level, summed)
        case models.IntegerField() | models.DecimalField() | models.FloatField() if not field.field.choices:
            by, groups = "bin", _by_bin(field, plain, summed)
        case _:
            by, groups = "value", _by_value(field, plain, summed)
    is_ordered = by in PERIODS or by == "bin"
    bars = [Bar(key=one.key, title=one.title, count=one.count, total=one.total) for one in groups]
    if not is_ordered:
        bars = _with_rest(sorted(bars, key=lambda bar: (-(bar.count or 0), not bar.key, bar.title)), top)
    if guarded:
        bars = guard(bars)
    if is_masked(field, actor):
        bars = _untold(bars)
    count = sum(one.count for one in groups)
    return Breakdown(field=field, by=by, bars=tuple(bars), rows=count, is_guarded=guarded)


def guard(bars: list[Bar]) -> list[Bar]:
    """The bars without small counts. When only one is hidden the next smallest is too: else the sum would tell it."""
    small = {place for place, bar in enumerate(bars) if bar.count is not None and 0 < bar.count < SMALLEST}
    if len(small) == 1:
        others = [place for place, bar in enumerate(bars) if place not in small and bar.count]
        small |= set(sorted(others, key=lambda place: bars[place].count or 0)[:1])
    return [replace(bar, count=None, total=None) if place in small else bar for place, bar in enumerate(bars)]


def _untold(bars: list[Bar]) -> list[Bar]:
    """The bars with a count, and the others as one: where a masked value is rare, its bar would be the value itself."""
    told = [bar for bar in bars if bar.count]
    hidden = any(bar.count is None for bar in bars)
    return [*told, Bar(key="", title=_("Other"), count=None, is_rest=True)] if hidden else told


def _summed(shape: Shape, name: str, actor: Actor) -> FieldShape | None:
    if not name:
        return None
    field = shape.field(name)
    if not isinstance(field.field, models.IntegerField | models.DecimalField | models.FloatField):
        raise ValidationError(_("“%s” is no number that could be added up.") % field.title)
    if is_masked(field, actor):
        # Two sums that differ by one record are that record's value.
        raise ValidationError(_("“%s” is personal and is not added up.") % field.title)
    return field


def _measures(summed: FieldShape | None) -> dict[str, Any]:
    return {"group_rows": Count("pk")} | ({"group_sum": Sum(summed.name)} if summed else {})


def _by_value(field: FieldShape, rows: QuerySet[Any], summed: FieldShape | None) -> list[_Group]:
    found = rows.values(group_of=F(field.field.attname)).annotate(**_measures(summed)).order_by("-group_rows")
    groups = []
    names = _names(field, rows)
    for line in found[:MOST_VALUES]:
        value = line["group_of"]
        empty = value is None or value == ""
        title = _("Not given") if empty else names.get(value) or worded(field, value)
        groups.append(_Group("" if empty else str(value), title, line["group_rows"], line.get("group_sum")))
    if len(groups) == MOST_VALUES:
        rest = rows.count() - sum(one.count for one in groups)
        groups += [_Group("", _("Other"), rest)] if rest else []
    return groups


def _names(field: FieldShape, rows: QuerySet[Any]) -> Mapping[Any, str]:
    """Names of linked rows, one query for all."""
    if not isinstance(field.field, models.ForeignKey):
        return {}
    model: Any = field.field.related_model
    linked = model._base_manager.filter(pk__in=rows.values(field.field.attname))
    return {row.pk: name_of(row) for row in linked}


def _by_node(field: FieldShape, rows: QuerySet[Any], level: str, summed: FieldShape | None) -> list[_Group]:
    """By the area, or body, of a level that a row's own lies in; one above that level counts for itself."""
    found = list(rows.values(group_of=F(field.field.attname)).annotate(**_measures(summed)))
    model: Any = field.field.related_model
    own = model._base_manager.in_bulk([line["group_of"] for line in found if line["group_of"] is not None])
    keys = {key for node in own.values() for key in node.way}
    by_key = {node.key: node for node in model._base_manager.filter(key__in=keys)} if keys else {}
    counts: Counter[Any] = Counter()
    totals: dict[Any, Any] = {}
    for line in found:
        node = own.get(line["group_of"])
        goal = _ancestor(node, by_key, level) if node else None
        counts[goal] += line["group_rows"]
        if summed and line["group_sum"] is not None:
            totals[goal] = totals.get(goal, 0) + line["group_sum"]
    return [
        _Group(node.key if node else "", name_of(node) if node else _("Not given"), count, totals.get(node))
        for node, count in counts.items()
    ]


def _ancestor(node: Any, by_key: Mapping[str, Any], level: str) -> Any:
    way = [by_key[key] for key in node.way if key in by_key] or [node]
    if isinstance(node, Organisation):
        # A section counts for the body the county lists.
        return next((one for one in reversed(way) if one.kind not in Organisation.INNER), node)
    return next((one for one in way if one.kind == level or (level == "town" and one.kind == Area.Kind.ZONE)), node)


def _by_period(field: FieldShape, rows: QuerySet[Any], by: str, summed: FieldShape | None) -> tuple[str, list[_Group]]:
    if by and by not in PERIODS:
        raise ValidationError(_("Days are counted by day, month or year."))
    ends = rows.aggregate(first=Min(field.name), last=Max(field.name))
    none = rows.filter(**{field.name: None}).aggregate(**_measures(summed)) if field.field.null else {"group_rows": 0}
    missing = [_Group("", _("Not given"), none["group_rows"], none.get("group_sum"))] if none["group_rows"] else []
    if ends["first"] is None:
        return by or "month", missing
    first, last = _local_day(ends["first"]), _local_day(ends["last"])
    if not by:
        days = (last - first).days
        by = "day" if days <= MOST_DAYS else "month" if days <= MOST_MONTHS * 31 else "year"
    period = PERIODS[by](field.name, output_field=models.DateField())
    found = rows.exclude(**{field.name: None}).values(group_of=period).annotate(**_measures(summed))
    known = {line["group_of"]: line for line in found}
    groups = []
    for start in _periods(first, last, by):
        line = known.get(start, {"group_rows": 0})
        groups.append(_Group(start.isoformat(), _period_title(start, by), line["group_rows"], line.get("group_sum")))
    return by, [*groups, *missing]


def _local_day(value: Any) -> datetime.date:
    return timezone.localdate(value) if isinstance(value, datetime.datetime) else value


def _periods(first: datetime.date, last: datetime.date, by: str) -> Iterator[datetime.date]:
    """Beginnings of every period between two days, at most four centuries of them."""
    start = {"day": first, "month": first.replace(day=1), "year": first.replace(month=1, day=1)}[by]
    step: dict[str, Callable[[datetime.date], datetime.date]] = {
        "day": lambda day: day + datetime.timedelta(days=1),
        "month": lambda day: day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1),
        "year": lambda day: day.replace(year=day.year + 1),
    }
    for _place in range(5_000):
        if start > last:
            return
        yield start
        start = step[by](start)


def _period_title(start: datetime.date, by: str) -> str:
    return {"day": start.isoformat(), "month": f"{start:%Y-%m}", "year": f"{start:%Y}"}[by]


def _by_bin(field: FieldShape, rows: QuerySet[Any], summed: FieldShape | None) -> list[_Group]:
    ends = rows.aggregate(first=Min(field.name), last=Max(field.name))
    none = rows.filter(**{field.name: None}).aggregate(**_measures(summed)) if field.field.null else {"group_rows": 0}
    missing = [_Group("", _("Not given"), none["group_rows"], none.get("group_sum"))] if none["group_rows"] else []
    if ends["first"] is None:
        return missing
    is_whole = isinstance(field.field, models.IntegerField)
    step = nice_step(float(ends["last"]) - float(ends["first"]), is_whole)
    start = math.floor(float(ends["first"]) / step)
    place = Cast(Floor(Cast(F(field.name), FloatField()) / step), models.IntegerField())
    found = rows.exclude(**{field.name: None}).values(group_of=place).annotate(**_measures(summed))
    known = {line["group_of"]: line for line in found}
    groups = []
    for one in range(start, max(known, default=start) + 1):
        line = known.get(one, {"group_rows": 0})
        groups.append(
            _Group(_plain(one * step), _bin_title(one, step, is_whole), line["group_rows"], line.get("group_sum"))
        )
    return [*groups, *missing]


def nice_step(span: float, is_whole: bool) -> float:
    """Width of about BINS bins over `span`: 1, 2 or 5 times a power of ten."""
    if span <= 0:
        return 1.0
    raw = span / BINS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999)
    return max(step, 1.0) if is_whole else step


def _bin_title(place: int, step: float, is_whole: bool) -> str:
    low = place * step
    if is_whole and step == 1:
        return _plain(low)
    return f"{_plain(low)}–{_plain(low + step - 1 if is_whole else low + step)}"


def _plain(value: float) -> str:
    return f"{value:.10g}"


def _with_rest(bars: list[Bar], top: int) -> list[Bar]:
    """The first `top` bars, and the others as one."""
    if len(bars) <= top + 1:
        return bars
    rest = bars[top:]
    totals = [bar.total for bar in rest if bar.total is not None]
    total: Any = sum(totals, start=type(totals[0])(0)) if totals else None
    count = sum(bar.count or 0 for bar in rest)
    title = _("Other (%d)") % len(rest)
    return [*bars[:top], Bar(key="", title=title, count=count, total=total, is_rest=True)]
