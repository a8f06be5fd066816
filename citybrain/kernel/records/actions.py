"""Verbs on records of any type: check, write, keep the change, in one transaction; the only way a record is written.

    record = create(shape, {"title": "古山镇便民服务中心", "organisation": town}, actor)
    edit(record, {"windows": 6}, actor, revision=record.revision, reason="扩建")

Every verb asks for the permission and the reach itself, below the view.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped
from citybrain.kernel.records.checking import demand_place, fill
from citybrain.kernel.records.history import kept_values, state_at
from citybrain.kernel.records.models import Change, Record
from citybrain.kernel.records.numbering import next_number, next_numbers
from citybrain.kernel.records.search import forget, index
from citybrain.kernel.records.shape import Shape, shape_of
from citybrain.kernel.records.wording import as_json, raw

BATCH = 500
"""Rows written by one statement."""


class Conflict(Exception):
    """Somebody else changed the record since it was opened."""

    def __init__(self, record: Record, changes: Sequence[Change]) -> None:
        super().__init__(_("Somebody else changed %s meanwhile.") % record.number)
        self.record = record
        """The record as it stands now."""
        self.changes = tuple(changes)
        """What others changed since, the latest first."""


def create(
    shape: Shape, values: Mapping[str, Any], actor: Actor, *, request_key: UUID | None = None, reason: str = ""
) -> Record:
    """Makes a record with its number and first change. A `request_key` seen before returns the record it made.

    Without an organisation it belongs to the person's own. Raises ValidationError by field, PermissionDenied when the
    body is out of the person's reach.
    """
    demand_general(shape, "create")
    _demand(shape, actor, "create")
    if request_key is not None and (made := _made_before(shape, request_key, actor)):
        return made
    record = _filled(shape, values, actor, "create")
    record.request_key = request_key
    try:
        with transaction.atomic():
            record.number = next_number(shape)
            record.complete()
            record.save(force_insert=True)
            _keep(shape, [(record, _all_of(shape, record))], Change.Action.CREATE, actor, reason)
            index(shape, [record])
    except IntegrityError as error:
        if request_key is not None and (made := _made_before(shape, request_key, actor)):
            return made
        raise _taken() from error
    return record


def create_many(
    shape: Shape, rows: Sequence[Mapping[str, Any]], actor: Actor, *, verb: str = "import", reason: str = ""
) -> list[Record | ValidationError]:
    """Makes a record of each row in one transaction; a row that may not be one gives its error instead."""
    demand_general(shape, "create")
    _demand(shape, actor, verb)
    made: list[Record | ValidationError] = []
    for values in rows:
        try:
            made.append(_filled(shape, values, actor, verb))
        except ValidationError as error:
            made.append(error)
        except PermissionDenied as error:
            made.append(ValidationError({"organisation": str(error)}))
    records = [record for record in made if isinstance(record, Record)]
    with transaction.atomic():
        for record, number in zip(records, next_numbers(shape, len(records)) if records else (), strict=True):
            record.number = number
            record.complete()
        shape.model._default_manager.bulk_create(records, batch_size=BATCH)
        _keep(shape, [(record, _all_of(shape, record)) for record in records], Change.Action.IMPORT, actor, reason)
        index(shape, records)
    return made


def edit(
    record: Record,
    values: Mapping[str, Any],
    actor: Actor,
    *,
    revision: int,
    reason: str = "",
    action: Change.Action = Change.Action.EDIT,
    verb: str = "edit",
) -> Record:
    """Changes fields; what stays the same makes no change. Returns the record as it stands then.

    Raises Conflict when the record is no longer at `revision`, with what was changed since; ValidationError by field.
    """
    shape = shape_of(type(record))
    demand_general(shape, "edit")
    with transaction.atomic():
        fresh = _living(shape, record, actor, verb)
        if fresh.revision != revision:
            raise Conflict(fresh, _changes_since(shape, fresh, revision))
        before = kept_values(shape, fresh)
        place = (fresh.organisation_id, fresh.area_id)
        names = fill(shape, fresh, values, actor)
        if (fresh.organisation_id, fresh.area_id) != place:
            demand_place(shape, fresh, actor, verb)
        changed = _differences(shape, before, fresh, names)
        if not changed:
            return fresh
        try:
            with transaction.atomic():
                _swap(fresh, _columns(shape, changed), revision)
        except IntegrityError as error:
            raise _taken() from error
        _keep(shape, [(fresh, changed)], action, actor, reason)
        index(shape, [fresh])
    return fresh


def edit_many(
    shape: Shape, queryset: QuerySet[Any], values: Mapping[str, Any], actor: Actor, *, reason: str = ""
) -> int:
    """Gives every living record of `queryset` that the person may edit the same values; returns how many changed.

    All or none: one record that may not have a value refuses the whole, named by its number.
    """
    demand_general(shape, "edit")
    unique = [name for name in values if name in shape.by_name and shape.by_name[name].field.unique]
    if unique:
        raise ValidationError({name: _("Every record has its own value here.") for name in unique})
    with transaction.atomic():
        rows = scoped(queryset.filter(removed_at=None), actor, shape.permission("edit"))
        records = list(rows.order_by("pk").select_for_update(of=("self",)))
        outcomes = edit_rows(shape, [(record, values) for record in records], actor, reason=reason)
        for record, outcome in zip(records, outcomes, strict=True):
            if isinstance(outcome, ValidationError):
                raise _named(record, outcome)
    return sum(outcome is True for outcome in outcomes)


def edit_rows(
    shape: Shape,
    rows: Sequence[tuple[Record, Mapping[str, Any]]],
    actor: Actor,
    *,
    verb: str = "edit",
    action: Change.Action = Change.Action.EDIT,
    reason: str = "",
) -> list[bool | ValidationError]:
    """Changes many records, each by its own values, in one transaction and few statements.

    The records must be fetched by the caller within reach and locked. Gives for each whether it changed, or its error.
    """
    demand_general(shape, "edit")
    outcomes: list[bool | ValidationError] = []
    kept: list[tuple[Record, dict[str, list[Any]]]] = []
    for record, values in rows:
        before = kept_values(shape, record)
        place = (record.organisation_id, record.area_id)
        try:
            names = fill(shape, record, values, actor)
            if (record.organisation_id, record.area_id) != place:
                demand_place(shape, record, actor, verb)
        except ValidationError as error:
            outcomes.append(error)
            continue
        except PermissionDenied as error:
            outcomes.append(ValidationError({"organisation": str(error)}))
            continue
        changed = _differences(shape, before, record, names)
        outcomes.append(bool(changed))
        if changed:
            record.revision += 1
            record.changed_at = timezone.now()
            kept.append((record, changed))
    with transaction.atomic():
        names = tuple({name: None for _record, changed in kept for name in changed})
        columns = [*_columns(shape, names), "revision", "changed_at"]
        records = [record for record, _changed in kept]
        if records:
            shape.model._default_manager.bulk_update(records, columns, batch_size=BATCH)
        _keep(shape, kept, action, actor, reason)
        index(shape, records)
    return outcomes


def remove(record: Record, actor: Actor, reason: str = "") -> Record:
    """Puts a record into the bin; it keeps everything and can be taken out again."""
    shape = shape_of(type(record))
    demand_general(shape, "remove")
    with transaction.atomic():
        fresh = _living(shape, record, actor, "remove")
        now = timezone.now()
        fresh.removed_at = now
        _swap(fresh, ["removed_at"], fresh.revision)
        _keep(shape, [(fresh, {})], Change.Action.REMOVE, actor, reason)
        forget(shape.key, [fresh.pk])
    return fresh


def restore(record: Record, actor: Actor, reason: str = "") -> Record:
    """Takes a record out of the bin, as it was put in."""
    shape = shape_of(type(record))
    demand_general(shape, "remove")
    with transaction.atomic():
        fresh = _reached(shape, record, actor, "remove")
        if fresh.removed_at is None:
            return fresh
        fresh.removed_at = None
        _swap(fresh, ["removed_at"], fresh.revision)
        _keep(shape, [(fresh, {})], Change.Action.RESTORE, actor, reason)
        index(shape, [fresh])
    return fresh


def revert(record: Record, revision: int, actor: Actor, reason: str = "") -> Record:
    """Gives every field the value it had at `revision`: a change like any other. Raises LookupError without it."""
    shape = shape_of(type(record))
    demand_general(shape, "edit")
    state = state_at(record, revision)
    values = {field.name: state[field.name] for field in shape.editable if field.name in state}
    said = reason or _("Back to revision %d") % revision
    return edit(record, values, actor, revision=record.revision, reason=said, action=Change.Action.REVERT)


def demand_general(shape: Shape, verb: str) -> None:
    """Raises PermissionDenied, whoever asks, for rows that only the verbs of their own room write."""
    if not shape.takes(verb):
        text = _("%s is written by its own verbs only: go to its own pages, nobody edits, imports or removes it here.")
        raise PermissionDenied(text % shape.plural)


def _demand(shape: Shape, actor: Actor, verb: str) -> None:
    permission = shape.permission(verb)
    if not actor.may(permission):
        raise PermissionDenied(_("Your post does not carry the permission %s.") % permission.key)


def _filled(shape: Shape, values: Mapping[str, Any], actor: Actor, verb: str) -> Record:
    """An unsaved record with checked values, of a body within the person's reach."""
    record = shape.model(created_by_id=actor.user_id)
    if not values.get("organisation"):
        values = {**values, "organisation": actor.organisation_id}
    fill(shape, record, values, actor)
    demand_place(shape, record, actor, verb)
    return record


def _made_before(shape: Shape, request_key: UUID, actor: Actor) -> Record | None:
    """The record this person's request made when it came the first time. Raises ValidationError for somebody else's."""
    found = shape.model._default_manager.filter(request_key=request_key).first()
    if found is not None and found.created_by_id != actor.user_id:
        raise ValidationError(_("This form was sent before by somebody else: open it anew."))
    return found


def _reached(shape: Shape, record: Record, actor: Actor, verb: str) -> Record:
    """The record as the database has it, locked, if the person may do this to it."""
    rows = scoped(shape.model._default_manager.all(), actor, shape.permission(verb))
    found = rows.select_for_update(of=("self",)).filter(pk=record.pk).first()
    if found is None:
        raise PermissionDenied(_("This record is not yours to change, or it is gone."))
    return found


def _living(shape: Shape, record: Record, actor: Actor, verb: str) -> Record:
    found = _reached(shape, record, actor, verb)
    if found.removed_at is not None:
        raise ValidationError(_("%s is in the bin: restore it first.") % found.number)
    return found


def _swap(record: Record, names: Sequence[str], revision: int) -> None:
    """Writes columns if the record is still at `revision`, and counts it up. Raises Conflict otherwise."""
    record.changed_at = timezone.now()
    values = {name: getattr(record, name) for name in (*names, "changed_at")}
    rows = type(record)._default_manager.filter(pk=record.pk, revision=revision)
    if not rows.update(**values, revision=F("revision") + 1):
        shape = shape_of(type(record))
        fresh = shape.model._default_manager.get(pk=record.pk)
        raise Conflict(fresh, _changes_since(shape, fresh, revision))
    record.revision = revision + 1


def _changes_since(shape: Shape, record: Record, revision: int) -> list[Change]:
    found = Change.objects.filter(kind=shape.key, record_id=record.pk, revision__gt=revision)
    return list(found.select_related("user", "post"))


def _all_of(shape: Shape, record: Record) -> dict[str, list[Any]]:
    """Every value of a new record as a change from nothing."""
    values = kept_values(shape, record)
    return {name: [None, value] for name, value in values.items() if value not in (None, "")}


def _differences(shape: Shape, before: Mapping[str, Any], record: Record, names: Sequence[str]) -> dict[str, list[Any]]:
    found = {}
    for name in names:
        field = shape.by_name[name]
        now = as_json(field, raw(field, record))
        if before[name] != now:
            found[name] = [before[name], now]
    return found


def _columns(shape: Shape, names: Any) -> list[str]:
    """Columns behind fields: a place has two more."""
    places = [name for name in names if name == shape.place]
    return [*names, *(f"{name}_{axis}" for name in places for axis in "xy")]


def _keep(
    shape: Shape,
    changed: Sequence[tuple[Record, dict[str, list[Any]]]],
    action: Change.Action,
    actor: Actor,
    reason: str,
) -> None:
    """One line of history for each record."""
    said = " ".join(reason.split())[:200]
    lines = [
        Change(
            kind=shape.key,
            record_id=record.pk,
            revision=record.revision,
            action=action,
            user_id=actor.user_id,
            post_id=actor.post_id,
            reason=said,
            fields=fields,
        )
        for record, fields in changed
    ]
    Change.objects.bulk_create(lines, batch_size=BATCH)


def _taken() -> ValidationError:
    return ValidationError(_("Another record has the same value where each needs its own: compare with the list."))


def _named(record: Record, error: ValidationError) -> ValidationError:
    """The error of one of many records, with its number."""
    if not hasattr(error, "error_dict"):
        return ValidationError([f"{record.number}: {text}" for text in error.messages])
    return ValidationError(
        {name: [f"{record.number}: {text}" for text in texts] for name, texts in error.message_dict.items()}
    )
