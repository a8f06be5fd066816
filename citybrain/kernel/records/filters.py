"""What a list can be filtered by: a `django-filter` set made from the shape.

Parameters of the address: `q` words; `<choice>` one or more values; `<link>` an id, key or number, for organisations
and areas with all below; `<day>__from` and `<day>__to`, both included; `<number>__min`, `<number>__max`; `<flag>`;
`<place>__within` west,south,east,north; `<field>__empty` for what may be missing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import cache
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from citybrain.kernel.identity.models import Node
from citybrain.kernel.records.fields import Code, LongText, Place
from citybrain.kernel.records.models import Record
from citybrain.kernel.records.search import search_ids
from citybrain.kernel.records.shape import FieldShape, Shape
from citybrain.kernel.records.wording import is_chinese

LONGEST = 200
"""Characters of one value in the address."""

Found = Iterator[tuple[str, django_filters.Filter]]


@cache
def filter_set(shape: Shape) -> type[django_filters.FilterSet]:
    """The filters of a record type: `filter_set(shape)(request.GET, queryset=rows)`."""
    filters: dict[str, Any] = {"q": Words(shape=shape, label=gettext_lazy("Words"))}
    for field in shape.fields:
        if isinstance(field.field, Place) and not field.is_personal:
            filters[f"{field.name}__within"] = Within(field_name=field.name, label=titled("%s", field.title), **MINOR)
        elif field.is_filtered and not field.is_personal:
            filters |= dict(_filters(field))
    meta = type("Meta", (), {"model": shape.model, "fields": []})
    return type(f"{shape.model.__name__}Filters", (django_filters.FilterSet,), {**filters, "Meta": meta})


MINOR: dict[str, Any] = {"widget": forms.HiddenInput}
"""Filters that maps and statistics set; no box in the filter bar."""


def _filters(field: FieldShape) -> Found:
    """The filters of one field."""
    column, name = field.field, field.name
    match column:
        case models.ForeignKey():
            yield name, Linked(field_name=name, label=titled("%s", field.title), model=column.related_model)
        case models.BooleanField():
            yield name, django_filters.BooleanFilter(field_name=name, label=titled("%s", field.title))
        case models.DateField():
            yield f"{name}__from", DayFrom(field_name=name, label=titled(FROM, field.title))
            yield f"{name}__to", DayTo(field_name=name, label=titled(TO, field.title))
        case models.IntegerField() | models.DecimalField() | models.FloatField():
            for way, lookup, words in (("min", "gte", LEAST), ("max", "lte", MOST)):
                one = django_filters.NumberFilter(field_name=name, lookup_expr=lookup, label=titled(words, field.title))
                yield f"{name}__{way}", one
        case Code():
            yield name, OneOf(field_name=name, label=titled("%s", field.title), choices=CodeWords(column))
        case _ if column.choices:
            yield name, OneOf(field_name=name, label=titled("%s", field.title), choices=column.flatchoices)
        case models.CharField() | models.TextField() | LongText():
            yield name, Part(field_name=name, label=titled("%s", field.title))
    if column.null or (column.blank and column.empty_strings_allowed):
        yield f"{name}__empty", Empty(field_name=name, label=titled("%s", field.title), **MINOR)


FROM = pgettext_lazy("filter", "%s from")
TO = pgettext_lazy("filter", "%s until")
LEAST = pgettext_lazy("filter", "%s at least")
MOST = pgettext_lazy("filter", "%s at most")


def _titled(pattern: str | Promise, title: str | Promise) -> str:
    """The field's title with a capital, in what is asked of it."""
    words = str(title)
    return str(pattern) % (words[:1].upper() + words[1:])


titled = lazy(_titled, str)
"""The same, said in the language of the reader when it is shown."""


class CodeWords:
    """The codes of a list as choices, in the reader's language; asked for when a form is made."""

    def __init__(self, column: Code) -> None:
        self._column = column

    def __call__(self) -> list[tuple[str, str]]:
        codes = self._column.code_list.codes
        return [(code.value, code.title if is_chinese() else code.english or code.title) for code in codes]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self())


class OneOf(django_filters.MultipleChoiceFilter):  # type: ignore[misc]
    """One of several words; the parameter may be repeated."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Rows with one of the values: one condition, so that its index serves."""
        return qs.filter(**{f"{self.field_name}__in": list(value)}) if value else qs


class Short(django_filters.CharFilter):  # type: ignore[misc]
    """A text no longer than anybody types."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_length=LONGEST, **kwargs)


class Words(Short):
    """Words the search finds, or the beginning of a number."""

    def __init__(self, *args: Any, shape: Shape, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape = shape

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Rows whose words or number fit."""
        asked = str(value or "").strip()
        return qs.filter(pk__in=search_ids(self.shape, asked)) if asked else qs


class Part(Short):
    """A text that holds what was typed, in any case of letters."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Rows that hold it."""
        return qs.filter(**{f"{self.field_name}__icontains": value}) if value else qs


class Linked(Short):
    """A link: an id, a key or a number; of a tree, the node with everything under it."""

    def __init__(self, *args: Any, model: type[models.Model], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Not `model`: a FilterSet puts its own model there.
        self.target = model

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Rows that link there; none when there is no such row."""
        asked = str(value or "").strip().rpartition(" · ")[2]
        if not asked:
            return qs
        rows = self.target._default_manager.filter(self._named(asked)).order_by()
        if not issubclass(self.target, Node):
            return qs.filter(**{f"{self.field_name}__in": rows.values("pk")})
        paths = list(rows.values_list("path", "pk")[:2])
        below = Q(pk__in=[pk for _path, pk in paths])
        for path, _pk in paths:
            below |= Q(path__startswith=path) if path else Q()
        ids = self.target._default_manager.filter(below).order_by().values("pk")
        return qs.filter(**{f"{self.field_name}__in": ids})

    def _named(self, asked: str) -> Q:
        condition = Q()
        if issubclass(self.target, Record):
            condition = Q(number=asked)
        elif any(field.name == "key" for field in self.target._meta.fields):
            condition = Q(key=asked)
        # Division codes have twelve digits, ids never that many.
        if asked.isdecimal() and len(asked) < 12:
            condition |= Q(pk=int(asked))
        return condition or Q(pk__in=())


def _start_of(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


class DayFrom(django_filters.DateFilter):  # type: ignore[misc]
    """From a day on, that day included."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Rows of that day and later; a moment is compared, so that its index serves."""
        if value is None:
            return qs
        is_moment = isinstance(qs.model._meta.get_field(self.field_name), models.DateTimeField)
        return qs.filter(**{f"{self.field_name}__gte": _start_of(value) if is_moment else value})


class DayTo(django_filters.DateFilter):  # type: ignore[misc]
    """Until a day, that day included."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Rows of that day and earlier."""
        if value is None:
            return qs
        if isinstance(qs.model._meta.get_field(self.field_name), models.DateTimeField):
            return qs.filter(**{f"{self.field_name}__lt": _start_of(value + datetime.timedelta(days=1))})
        return qs.filter(**{f"{self.field_name}__lte": value})


class Empty(django_filters.BooleanFilter):  # type: ignore[misc]
    """Whether a field has no value."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Rows without a value, or those with one."""
        if value is None:
            return qs
        column = qs.model._meta.get_field(self.field_name)
        condition = Q(**{f"{self.field_name}__isnull": True}) if column.null else Q(pk__in=())
        if isinstance(column, models.CharField | models.TextField):
            condition |= Q(**{self.field_name: ""})
        return qs.filter(condition) if value else qs.exclude(condition)


class BoundsField(forms.CharField):
    """Four numbers: west, south, east, north, degrees."""

    def clean(self, value: Any) -> Any:
        """The four as floats; None for nothing. Raises ValidationError that says how to write them."""
        text = super().clean(value)
        if not text:
            return None
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError as error:
            raise ValidationError(_("Write the bounds as west,south,east,north in degrees.")) from error
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValidationError(_("Write the bounds as west,south,east,north in degrees."))
        return west, south, east, north


class Within(django_filters.Filter):  # type: ignore[misc]
    """Whose place lies within bounds."""

    field_class = BoundsField

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Rows whose point lies there."""
        if value is None:
            return qs
        west, south, east, north = value
        x, y = f"{self.field_name}_x", f"{self.field_name}_y"
        return qs.filter(**{f"{x}__range": (west, east), f"{y}__range": (south, north)})
