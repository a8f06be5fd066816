"""What happened to a record: every change in words, masked like the record, and its state at any revision."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped_one, was_scoped
from citybrain.kernel.records.masking import is_masked, masked
from citybrain.kernel.records.models import Change, Record
from citybrain.kernel.records.shape import FieldShape, Shape, shape_of
from citybrain.kernel.records.wording import as_json, from_json, name_of, raw, worded

SUMMED_UP = 3
"""Fields a summary names; more are counted."""


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field of a change, in words; masked unless the reader may see it plain."""

    name: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One change as a timeline shows it."""

    revision: int
    action: str
    """Value of `Change.Action`."""
    title: str
    """The action in words."""
    at: datetime.datetime
    who: str
    post: str
    """Post they acted under."""
    reason: str
    fields: tuple[FieldChange, ...]

    @property
    def summary(self) -> str:
        """Reason, and the first fields that changed."""
        names = [field.title for field in self.fields]
        shown = ", ".join(names[:SUMMED_UP])
        if len(names) > SUMMED_UP:
            shown = _("%(fields)s and %(more)d more") % {"fields": shown, "more": len(names) - SUMMED_UP}
        if self.action == Change.Action.CREATE:
            shown = ""
        return " · ".join(part for part in (self.reason, shown) if part)


def changes_of(record: Record, actor: Actor, *, limit: int | None = None, before: int | None = None) -> list[Happening]:
    """The record's changes, the latest first, at most `limit`, of revisions below `before`.

    Raises the model's DoesNotExist when the record is out of the person's sight.
    """
    shape = shape_of(type(record))
    _demand_in_sight(shape, record, actor)
    # A purpose opens values by `disclose` alone, which asks for the permission and writes the look down.
    actor = actor.for_purpose("")
    lines = Change.objects.filter(kind=shape.key, record_id=record.pk).select_related("user", "post")
    if before is not None:
        lines = lines.filter(revision__lt=before)
    found = list(lines.order_by("-revision")[:limit])
    names = _link_names(shape, found)
    return [happening(shape, line, actor, names) for line in found]


def happening(
    shape: Shape, line: Change, actor: Actor, names: Mapping[tuple[str, Any], str] | None = None
) -> Happening:
    """One line of history in words; `names` are those of linked rows by field and id, asked for when missing."""
    known = _link_names(shape, [line]) if names is None else names
    fields = []
    for name, (before, after) in line.fields.items():
        field = shape.by_name.get(name)
        if field is None:
            # A field the type no longer has: its grade is forgotten, so that its values are not shown.
            continue
        fields.append(
            FieldChange(
                name=name,
                title=str(field.title),
                before=_in_words(field, before, actor, known),
                after=_in_words(field, after, actor, known),
            )
        )
    return Happening(
        revision=line.revision,
        action=line.action,
        title=str(Change.Action(line.action).label),
        at=line.at,
        who=line.user.name if line.user else _("The system") if line.post_id is None else "",
        post=name_of(line.post) if line.post else "",
        reason=line.reason,
        fields=tuple(fields),
    )


def _in_words(field: FieldShape, value: Any, actor: Actor, names: Mapping[tuple[str, Any], str]) -> str:
    if value in (None, ""):
        return ""
    if is_masked(field, actor):
        return masked(field, from_json(field, value))
    if (field.name, value if not isinstance(value, dict) else None) in names:
        return names[field.name, value]
    return worded(field, from_json(field, value))


def _link_names(shape: Shape, lines: list[Change]) -> dict[tuple[str, Any], str]:
    """Names of every row the changes link to: one query for each link field that occurs."""
    found: dict[tuple[str, Any], str] = {}
    for field in shape.fields:
        if not isinstance(field.field, models.ForeignKey):
            continue
        keys = {value for line in lines for value in line.fields.get(field.name, ()) if value is not None}
        if keys:
            rows = field.field.related_model._base_manager.in_bulk(keys)
            found |= {(field.name, key): name_of(row) for key, row in rows.items()}
    return found


def state_at(record: Record, revision: int) -> dict[str, Any]:
    """Raw value of every field at a revision, folded from the changes. Raises LookupError when there was none such."""
    shape = shape_of(type(record))
    lines = Change.objects.filter(kind=shape.key, record_id=record.pk, revision__lte=revision).order_by("revision")
    state: dict[str, Any] = {}
    last = 0
    for line in lines:
        last = line.revision
        for name, (_before, after) in line.fields.items():
            if name in shape.by_name:
                state[name] = from_json(shape.by_name[name], after)
    if last != revision:
        raise LookupError(_("%(number)s has no revision %(revision)d.") % {"number": record, "revision": revision})
    # What was empty when the record was made stands in no change.
    return {name: state.get(name, _empty(shape.by_name[name])) for name in kept_names(shape)}


def _empty(field: FieldShape) -> Any:
    return None if field.field.null or not field.field.empty_strings_allowed else ""


def kept_names(shape: Shape) -> tuple[str, ...]:
    """Fields whose values history keeps: all that people can change."""
    return tuple(field.name for field in shape.editable)


def kept_values(shape: Shape, record: Record) -> dict[str, Any]:
    """JSON value of every field history keeps."""
    return {name: as_json(shape.by_name[name], raw(shape.by_name[name], record)) for name in kept_names(shape)}


def _demand_in_sight(shape: Shape, record: Record, actor: Actor) -> None:
    if not was_scoped(record, actor, shape.permission("view")):
        scoped_one(shape.model._default_manager.all(), actor, shape.permission("view"), pk=record.pk)
