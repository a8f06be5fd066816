"""The fields of a record: Django's own, carrying what pages, exports, checks and masking need to know.

    title = Text(_("Title"), max_length=80)
    kind = Choice(_("Kind"), choices=Kind.choices)
    phone = Text(_("Phone"), element="mobile-phone", grade=Grade.L3, masking=Masking.PHONE)

Nothing of this reaches a migration: a field deconstructs to Django's, so a changed unit or grade changes no table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise

from citybrain.declare.codelist import CodeList
from citybrain.declare.words import Grade, Masking
from citybrain.kernel.registry.registry import registry


@dataclass(frozen=True, kw_only=True, slots=True)
class Traits:
    """What a field carries beside what Django knows."""

    element: str = ""
    """Key of the data element (数据元) it is an instance of: grade, masking, checks and unit follow from it."""
    unit: str = ""
    """Unit of measure as shown: `m`, `kg`, `元`."""
    grade: Grade = Grade.L1
    """Security grade of its values (数据分级)."""
    masking: Masking = Masking.NONE
    """How it is shown to who may not see it plain."""
    is_listed: bool | None = None
    """Whether it is a column of the list from the start; None lets the shape decide."""
    is_searched: bool | None = None
    """Whether its words are found by the search; None: texts that are not personal."""
    is_filtered: bool | None = None
    """Whether the list filters by it; None: choices, links, days, flags."""
    group: str | Promise = ""
    """Heading it stands under in forms and on the detail page."""


class Described:
    """Mix-in of every record field: takes the traits out of the arguments, keeps them out of migrations."""

    django: type[models.Field[Any, Any]]
    """The class a migration names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        names = {"element", "unit", "grade", "masking", "group"}
        given = {name: kwargs.pop(name) for name in names & set(kwargs)}
        given |= {f"is_{name}": kwargs.pop(name) for name in ("listed", "searched", "filtered") if name in kwargs}
        self.traits = Traits(**given)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Django's own field, so that migrations know nothing of ours."""
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        return name, f"django.db.models.{self.django.__name__}", args, kwargs

    def clone(self) -> Any:
        """A copy; an index that was declined stays declined, though Django's own arguments do not name it."""
        _name, _path, args, kwargs = self.deconstruct()
        return self.__class__(*args, **{"db_index": self.db_index, **kwargs})  # type: ignore[attr-defined]


class Text(Described, models.CharField):  # type: ignore[type-arg]
    """One line of text."""

    django = models.CharField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 120)
        super().__init__(*args, **kwargs)


class LongText(Described, models.TextField):  # type: ignore[type-arg]
    """Several lines of text."""

    django = models.TextField


class Whole(Described, models.BigIntegerField):  # type: ignore[type-arg]
    """A whole number."""

    django = models.BigIntegerField


class Number(Described, models.DecimalField):  # type: ignore[type-arg]
    """An exact number with `decimal_places` places (2)."""

    django = models.DecimalField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 18)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


class Day(Described, models.DateField):  # type: ignore[type-arg]
    """A day; lists filter and order by it, so that it has an index unless told otherwise."""

    django = models.DateField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)


class Moment(Described, models.DateTimeField):  # type: ignore[type-arg]
    """A moment, with its time zone; indexed like a day."""

    django = models.DateTimeField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)


class YesNo(Described, models.BooleanField):  # type: ignore[type-arg]
    """Yes or no."""

    django = models.BooleanField


class Choice(Described, models.CharField):  # type: ignore[type-arg]
    """One of a few words declared with the model (`TextChoices`); indexed, for lists filter by it."""

    django = models.CharField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Without the choices: another word is no change of the table."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        return name, path, args, kwargs


class Code(Described, models.CharField):  # type: ignore[type-arg]
    """A code of a code list (代码) in the registry; `codes` is the list's key; indexed like a choice."""

    django = models.CharField

    def __init__(self, *args: Any, codes: str = "", **kwargs: Any) -> None:
        self.codes = codes
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)

    @property
    def code_list(self) -> CodeList:
        """The list. Raises LookupError with the nearest key when the registry has none."""
        return registry().get(CodeList, self.codes)


class Place(Described, models.JSONField):
    """A place: a GeoJSON geometry (RFC 7946), degrees, CGCS2000.

    Two indexed columns, `<name>_x` and `<name>_y`, hold a point on it, so that a map asks by its bounds.
    """

    django = models.JSONField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Adds the two columns."""
        super().contribute_to_class(cls, name, private_only)
        for axis in ("x", "y"):
            column: models.FloatField[Any, Any] = models.FloatField(null=True, editable=False, db_index=True)
            if not cls._meta.abstract:
                column.contribute_to_class(cls, f"{name}_{axis}")


class Link(Described, models.ForeignKey):  # type: ignore[type-arg]
    """A link to one row of another model, which must not vanish under it."""

    django = models.ForeignKey

    def __init__(self, to: Any, *args: Any, **kwargs: Any) -> None:
        # Like every other field, the words may come right after what it links to.
        if args and isinstance(args[0], str | Promise):
            kwargs["verbose_name"], args = args[0], args[1:]
        kwargs.setdefault("on_delete", models.PROTECT)
        kwargs.setdefault("related_name", "+")
        super().__init__(to, *args, **kwargs)


def traits_of(field: models.Field[Any, Any]) -> Traits:
    """The traits of a field; those of a plain Django field are the defaults."""
    found: Traits = getattr(field, "traits", None) or Traits()
    return found


Reader = Callable[[models.Model], Any]
