"""A cell of a file as the value of a field: codes by title, days as people write them, bodies by name."""

from __future__ import annotations

import datetime
import json
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area, Organisation
from citybrain.kernel.identity.scope import scoped
from citybrain.kernel.records.fields import Code, Place
from citybrain.kernel.records.masking import masked
from citybrain.kernel.records.models import Record
from citybrain.kernel.records.shape import FieldShape, shape_of
from citybrain.kernel.records.wording import raw, worded
from citybrain.kernel.registry.registry import did_you_mean
from citybrain.kernel.standards.reference_steps import moment, number

LANGUAGES = ("zh-hans", "en")

YES = frozenset({"1", "true", "yes", "y", "t", "是", "有", "√", "✓", "对", "真"})
NO = frozenset({"0", "false", "no", "n", "f", "否", "无", "×", "✗", "没有", "假"})

FIRST_DAY = datetime.date(1899, 12, 30)
"""Day 0 of a spreadsheet's calendar."""

SERIALS = (1, 100_000)
"""Numbers that may be days of that calendar: 1900 to 2173."""

NAMED_BY: dict[type[models.Model], tuple[str, ...]] = {
    Organisation: ("key", "chinese", "short", "english", "credit_code", "division_code"),
    Area: ("key", "chinese", "english"),
}
"""Columns by which a linked row is named, the surest first."""


def plain_text(cell: Any) -> str:
    """A cell as a person reads it: whole numbers without `.0`, days ISO 8601."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime.datetime() if cell.time() == datetime.time():
            return cell.date().isoformat()
        case datetime.datetime():
            return cell.isoformat(" ", "seconds")
        case datetime.date():
            return cell.isoformat()
    return str(cell).strip()


def kept(cell: Any) -> Any:
    """A cell as JSON keeps it."""
    return cell if cell is None or isinstance(cell, str | int | float | bool) else plain_text(cell)


class Reader:
    """Reads cells for one person; names of linked rows are looked up once, in both directions."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._rows: dict[tuple[str, str], Any] = {}
        self._said: dict[tuple[str, Any], frozenset[str]] = {}

    def says_the_same(self, field: FieldShape, cell: Any, record: Record) -> bool:
        """Whether a cell is what an export of the record's value writes, plain or masked: then nothing changes."""
        value = raw(field, record)
        text = plain_text(cell)
        if value is None or value == "":
            return text == ""
        if text == "":
            return False
        if field.is_personal and text == masked(field, value):
            return True
        if isinstance(value, datetime.datetime):
            found = _moment(text)
            # A sheet holds seconds, a text file minutes.
            return found is not None and abs((value - found).total_seconds()) < 60
        if (
            isinstance(value, int | Decimal)
            and not isinstance(value, bool)
            and not isinstance(field.field, models.ForeignKey)
        ):
            read = number(text)
            return read is not None and read == value
        if text == str(value):
            return True
        return text in self._words(field, value)

    def _words(self, field: FieldShape, value: Any) -> frozenset[str]:
        """A value in the words of every language; those of links and choices are worked out once."""
        if isinstance(value, dict | list):
            return frozenset({worded(field, value)})
        key = (field.name, value)
        if key not in self._said:
            said = set()
            for language in LANGUAGES:
                with translation.override(language):
                    said.add(worded(field, value).strip())
            if not (field.field.choices or field.field.is_relation or isinstance(value, bool)):
                return frozenset(said)
            self._said[key] = frozenset(said)
        return self._said[key]

    def value(self, field: FieldShape, cell: Any) -> Any:
        """The value of a cell; None for an empty one. Raises ValidationError with the remedy."""
        text = unicodedata.normalize("NFKC", plain_text(cell)) if not isinstance(cell, str) else plain_text(cell)
        if text == "":
            return None
        column = field.field
        match column:
            case models.ForeignKey():
                return self._linked(field, text)
            case Place():
                return _place(text)
            case Code():
                return _code(column, text)
            case models.BooleanField():
                return _flag(text)
            case models.DateTimeField():
                return _demand(_moment(_half(text)), _("“%s” is no time: write 2026-11-21 09:30."), text)
            case models.DateField():
                return _demand(_day(cell, _half(text)), _("“%s” is no day: write 2026-11-21."), text)
            case models.IntegerField() | models.DecimalField() | models.FloatField():
                return _demand(number(_half(text)), _("“%s” is no number."), text)
            case models.JSONField():
                return _json(text)
        if column.choices:
            return _choice(column, text)
        return text

    def _linked(self, field: FieldShape, text: str) -> Any:
        known = (field.name, text)
        if known not in self._rows:
            self._rows[known] = self._found(field, text)
        found = self._rows[known]
        if isinstance(found, str):
            raise ValidationError(found)
        return found

    def _found(self, field: FieldShape, text: str) -> Any:
        """The row a text names, or what is wrong with it."""
        model: Any = field.field.related_model
        rows = model._default_manager.all()
        names = NAMED_BY.get(model, ("pk",))
        if issubclass(model, Record):
            shape = shape_of(model)
            if not shape.face.is_public:
                rows = (
                    scoped(rows, self.actor, shape.permission("view"))
                    if self.actor.may(shape.permission("view"))
                    else rows.none()
                )
            rows = rows.filter(removed_at=None)
            names = shape.naming
        text = text.rpartition(" · ")[2]
        for name in names:
            found = list(rows.filter(**{name: text})[:2]) if name != "pk" or text.isdecimal() else []
            if len(found) == 1:
                return found[0]
            if found:
                return _("More than one is called “%s”: write its key or number.") % text
        return _("Nothing is called “%s”: write its name, key or number.") % text


def _demand(found: Any, text: str, cell: str) -> Any:
    if found is None:
        raise ValidationError(text % cell[:60])
    return found


def _half(text: str) -> str:
    """Full-width digits and signs as half-width."""
    return unicodedata.normalize("NFKC", text).strip()


def _day(cell: Any, text: str) -> datetime.date | None:
    if isinstance(cell, datetime.datetime):
        return cell.date()
    if isinstance(cell, datetime.date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool) and SERIALS[0] <= cell <= SERIALS[1]:
        return FIRST_DAY + datetime.timedelta(days=int(cell))
    found = moment(text)
    return found.date() if found else None


def _moment(text: str) -> datetime.datetime | None:
    found = moment(text)
    if found is None:
        return None
    return timezone.make_aware(found.replace(tzinfo=None))


def _flag(text: str) -> bool:
    word = _half(text).casefold()
    if word in YES or word in NO:
        return word in YES
    raise ValidationError(_("“%s” is neither yes nor no: write 是 or 否.") % text[:60])


def _place(text: str) -> Any:
    if text.startswith("{"):
        return _json(text)
    try:
        longitude, latitude = (float(part) for part in _half(text).replace(";", ",").split(","))
    except ValueError as error:
        raise ValidationError(_("Write longitude and latitude in degrees: 120.04, 28.89.")) from error
    return {"type": "Point", "coordinates": [longitude, latitude]}


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValidationError(_("This is no JSON: %s.") % error) from error


def _choice(column: models.Field[Any, Any], text: str) -> str:
    words = _choice_words(column)
    return _word(words, text)


def _code(column: Code, text: str) -> str:
    words = _words(
        (word, code.value)
        for code in column.code_list.codes
        for word in (code.value, code.title, code.english, *code.synonyms)
    )
    if column.code_list.complete or _key(text) in words:
        return _word(words, text)
    return text


def _word(words: dict[str, str], text: str) -> str:
    found = words.get(_key(text))
    if found is None:
        hint = did_you_mean(text, list(words))
        raise ValidationError(_("“%(word)s” is none of the words of this field.") % {"word": text[:60]} + hint)
    return found


@cache
def _choice_words(column: models.Field[Any, Any]) -> dict[str, str]:
    """Every word of a choice in either language -> its value."""
    pairs = [(str(value), str(value)) for value, _title in column.flatchoices]
    for language in LANGUAGES:
        with translation.override(language):
            pairs += [(str(title), str(value)) for value, title in column.flatchoices]
    return _words(pairs)


def _words(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Word -> value; the first of two that share a word."""
    found: dict[str, str] = {}
    for word, value in pairs:
        if word:
            found.setdefault(_key(word), value)
    return found


def _key(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()
