"""Whether values may become a record: standardised and checked by their data elements, then by the model itself."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.declare.element import Element
from citybrain.declare.role import Reach
from citybrain.declare.rule import Rule, Severity
from citybrain.declare.words import Masking
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped
from citybrain.kernel.records.fields import Code, LongText, Place
from citybrain.kernel.records.masking import masked
from citybrain.kernel.records.models import Record
from citybrain.kernel.records.places import check_geometry, point_on
from citybrain.kernel.records.shape import FieldShape, Shape, shape_of
from citybrain.kernel.registry.registry import did_you_mean, registry
from citybrain.kernel.standards import reference
from citybrain.kernel.standards.masking import HIDDEN
from citybrain.kernel.standards.reference_steps import Unreadable

GIVEN_BY_VERBS = ("number", "request_key", "created_by", "revision", "removed_at")
"""Fields no sender fills in; the verbs do."""

BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of what follows: with them a text shows something else than it says."""

STARS = "**"
"""What every masked text has in it, however much of it is hidden."""

Errors = dict[str, list[ValidationError]]


def fill(shape: Shape, record: Record, values: Mapping[str, Any], actor: Actor) -> tuple[str, ...]:
    """Sets `values` on an unsaved change of `record` and checks the whole; returns the names of what it was given.

    Links may be given as rows or ids. Raises ValidationError with the fields at fault, each with its remedy.
    """
    errors: Errors = {}
    known = {name: shape.by_name[name].field.attname for name in values if name in shape.by_name}
    before = {name: getattr(record, attname, None) for name, attname in known.items()}
    for name, value in values.items():
        try:
            put(shape, record, name, value)
        except ValidationError as error:
            errors.setdefault(name, []).append(error)
    # A row that is at hand need not be looked for, and an old value of another field is not this change's fault.
    trusted = {name for name, value in values.items() if isinstance(value, models.Model)}
    rest = set(errors) | set(GIVEN_BY_VERBS)
    untouched = set() if record._state.adding else {field.name for field in shape.fields} - set(values)
    for check, exclude in (
        (record.clean_fields, rest | trusted | untouched),
        (lambda exclude: record.clean(), rest),
        (record.validate_unique, rest),
        (record.validate_constraints, rest),
    ):
        try:
            check(exclude=exclude)
        except ValidationError as error:
            for name, found in error.update_error_dict({}).items():
                errors.setdefault(name, []).extend(found)
    moved = [name for name, attname in known.items() if getattr(record, attname, None) != before[name]]
    for name, link_error in _links_out_of_sight(shape, record, moved, actor):
        errors.setdefault(name, []).append(link_error)
    if not errors:
        errors = _broken_rules(shape, record, tuple(values))
    if errors:
        raise ValidationError(errors)
    return tuple(values)


def put(shape: Shape, record: Record, name: str, value: Any) -> None:
    """Sets one value, standardised. Raises ValidationError when it cannot be one of the field."""
    field = shape.by_name.get(name)
    if field is None or not field.is_editable:
        known = [field.name for field in shape.editable]
        text = _("Field “%(name)s” cannot be written.") % {"name": name}
        raise ValidationError(text + did_you_mean(name, known))
    column = field.field
    if isinstance(column, models.ForeignKey):
        _put_link(record, column, value)
        return
    value = without_controls(value, column)
    if field.is_personal and isinstance(value, str) and value and _is_as_shown(field, record, value):
        return
    if field.traits.element and value not in (None, ""):
        value = standardised(registry().get(Element, field.traits.element), value)
    if value is None and not column.null:
        # An emptied text is the empty text; anything else without a value takes what the model begins with.
        value = column.get_default() if column.has_default() else ("" if column.empty_strings_allowed else None)
    if isinstance(column, Place):
        value = check_geometry(value)
        point = point_on(value)
        for axis, degrees in zip("xy", point or (None, None), strict=True):
            setattr(record, f"{name}_{axis}", degrees)
    elif isinstance(column, Code) and value not in (None, ""):
        _demand_code(column, value)
    elif value == "" and not column.empty_strings_allowed:
        value = None
    setattr(record, name, column.to_python(value))


def _is_as_shown(field: FieldShape, record: Record, value: str) -> bool:
    """Whether a text is the present value as somebody without a grant was shown it: then nothing changes.

    Raises ValidationError for any other text with a masked part, which would take the place of the real value.
    """
    present = getattr(record, field.name)
    if present not in (None, "") and value in (masked(field, present), str(present)):
        return True
    if value == HIDDEN or (STARS in value and field.masking is not Masking.NONE):
        raise ValidationError(_("This value is masked: write it in full, or leave it as it is."))
    return False


def _put_link(record: Record, column: models.ForeignKey[Any, Any], value: Any) -> None:
    if isinstance(value, models.Model):
        setattr(record, column.name, value)
    else:
        try:
            setattr(record, column.attname, None if value in (None, "") else int(value))
        except (TypeError, ValueError) as error:
            raise ValidationError(_("Choose from the list: “%s” is no such row.") % str(value)[:60]) from error


def _demand_code(column: Code, value: Any) -> None:
    codes = column.code_list
    known = [code.value for code in codes.codes]
    if codes.complete and value not in known:
        hint = did_you_mean(str(value), known)
        raise ValidationError(_("“%(value)s” is no code of the list.") % {"value": str(value)[:60]} + hint)


def without_controls(value: Any, column: models.Field[Any, Any]) -> Any:
    """A text without control characters, lone surrogates and marks of direction; line breaks stay in long texts."""
    if not isinstance(value, str):
        return value
    kept = "\n\t" if isinstance(column, LongText) else ""
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        letter
        for letter in text
        if letter in kept or (unicodedata.category(letter) not in ("Cc", "Cs") and letter not in BIDI)
    ).strip()


def standardised(element: Element, value: Any) -> Any:
    """A value as its element asks for it. Raises ValidationError with the remedy of every check it breaks."""
    found = reference.standardise(element, as_delivered(value)).value
    broken = reference.broken(element, found, timezone.localdate())
    grave = [check for check in broken if reference.severity(check) is Severity.ERROR]
    if grave:
        raise ValidationError([_said(check.remedy, check.clause) for check in grave])
    return None if isinstance(found, Unreadable) else found


def _said(remedy: str, clause: str) -> str:
    """The remedy, with the clause that asks for it."""
    return f"{_(remedy)} ({clause})" if clause else _(remedy)


def as_delivered(value: Any) -> str:
    """A value as the text a department would deliver."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime.datetime():
            return timezone.localtime(value).replace(tzinfo=None, microsecond=0).isoformat(" ")
        case Decimal():
            return format(value, "f")
    return str(value)


@cache
def _rules(shape: Shape) -> tuple[tuple[Rule, tuple[str, ...]], ...]:
    """Rules whose elements this type all has, each with the fields that carry them."""
    by_element = {field.traits.element: field.name for field in shape.fields if field.traits.element}
    found = []
    for rule in registry().of(Rule):
        elements = [value.key for value in vars(rule.check).values() if isinstance(value, Element)]
        if elements and all(key in by_element for key in elements):
            found.append((rule, tuple(by_element[key] for key in elements)))
    return tuple(found)


def _broken_rules(shape: Shape, record: Record, names: tuple[str, ...]) -> Errors:
    """What rules between fields say, beside the last field of each; only of those a given value takes part in."""
    errors: Errors = {}
    for rule, fields in _rules(shape):
        if rule.check.severity is not Severity.ERROR or not set(fields) & set(names):
            continue
        row = {}
        for name in fields:
            value = getattr(record, name)
            row[shape.by_name[name].traits.element] = None if value in (None, "") else as_delivered(value)
        if not reference.rule_passes(rule, row):
            errors[fields[-1]] = [ValidationError(_said(rule.check.remedy, rule.check.clause))]
    return errors


def _links_out_of_sight(
    shape: Shape, record: Record, names: Sequence[str], actor: Actor
) -> list[tuple[str, ValidationError]]:
    """Links to records the person may not see, which they might otherwise find out by trying."""
    found = []
    for name in names:
        field = shape.by_name.get(name)
        target = getattr(field.field, "related_model", None) if field else None
        if field is None or target is None or not issubclass(target, Record):
            continue
        key = getattr(record, field.field.attname)
        if key is not None and not _is_in_sight(target, key, actor):
            found.append((name, ValidationError(_("There is no such record, or it is not yours to see."))))
    return found


def _is_in_sight(model: type[Record], key: Any, actor: Actor) -> bool:
    shape = shape_of(model)
    living = model._default_manager.filter(pk=key, removed_at=None)
    if shape.face.is_public:
        return living.exists()
    return actor.may(shape.permission("view")) and scoped(living, actor, shape.permission("view")).exists()


def demand_place(shape: Shape, record: Record, actor: Actor, verb: str) -> None:
    """Raises PermissionDenied unless the person may put a record where this one is: its organisation or its area.

    That somebody made a record gives them no right to put it under another body, so that authorship does not count
    here; citizens may write to every body where the type lets citizens write at all.
    """
    permission = shape.permission(verb)
    reach = actor.reach(permission)
    if reach is None:
        raise PermissionDenied(_("Your post does not carry the permission %s.") % permission.key)
    if reach is Reach.COUNTY or (shape.face.citizens_create and actor.kind in ("citizen", "anonymous")):
        return
    if record.organisation_id in actor.organisations:
        return
    if reach is Reach.AREA and record.area_id is not None and record.area_id in actor.areas:
        return
    raise PermissionDenied(_("That body is outside your reach: choose your own organisation or one under it."))


def field_errors(error: ValidationError) -> dict[str, list[str]]:
    """Field -> what is wrong with it; errors of no field stand under the empty name."""
    if not hasattr(error, "error_dict"):
        return {"": list(error.messages)}
    return {("" if name == NON_FIELD_ERRORS else name): texts for name, texts in error.message_dict.items()}


def titles(shape: Shape, error: ValidationError) -> str:
    """All errors as one line: `Phone: write eleven digits; Kind: choose one of the list`."""
    parts = []
    for name, texts in field_errors(error).items():
        field: FieldShape | None = shape.by_name.get(name)
        head = f"{field.title}: " if field else ""
        parts += [f"{head}{text}" for text in texts]
    return "; ".join(parts)
