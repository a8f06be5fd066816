"""Personal values of records: shown masked, disclosed for a purpose and with a line in the security log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from citybrain.declare.words import Masking
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped_one
from citybrain.kernel.identity.security_log import log_security
from citybrain.kernel.records.models import Record
from citybrain.kernel.records.shape import FieldShape, Shape, shape_of
from citybrain.kernel.records.wording import worded
from citybrain.kernel.standards.masking import HIDDEN, mask

SUBJECTS = ("citizen-id", "mobile")
"""Elements whose value says whose data a record holds, the surest first."""


def is_masked(field: FieldShape, actor: Actor) -> bool:
    """Whether the person sees the field's values masked."""
    return field.is_personal and not actor.sees(field.grade)


def shown(field: FieldShape, value: Any, actor: Actor) -> Any:
    """`value` itself when the person may see it plain, else a masked text: hidden whole where no masking is named."""
    if not is_masked(field, actor) or value is None or value == "":
        return value
    return masked(field, value)


def masked(field: FieldShape, value: Any) -> str:
    """The value as somebody without a grant sees it."""
    if field.masking is Masking.NONE or isinstance(field.field, models.ForeignKey | models.JSONField):
        return HIDDEN
    return mask(worded(field, value), field.masking)


def disclose(record: Record, fields: Iterable[str], actor: Actor, purpose: str) -> dict[str, Any]:
    """Plain values of `fields` as far as the person's clearance goes, and one line in the security log.

    Raises PermissionDenied without the permission or when nothing of it is within the clearance, ValidationError
    without a purpose, LookupError for a field the type does not have.
    """
    if not purpose.strip():
        raise ValidationError({"purpose": _("Say what you need the values for.")})
    shape = shape_of(type(record))
    told = actor.for_purpose(" ".join(purpose.split())[:200])
    with transaction.atomic():
        rows = shape.model._default_manager.all()
        fresh = scoped_one(rows, told, shape.permission("disclose"), pk=record.pk)
        open_fields = [field for field in (shape.field(name) for name in fields) if told.sees(field.grade)]
        if not open_fields:
            raise PermissionDenied(_("These values lie above your clearance."))
        names = [field.name for field in open_fields]
        log_security(
            told,
            "disclose",
            thing=shape.key,
            thing_id=fresh.number,
            detail={"fields": names},
            subject=subject_of(shape, fresh),
        )
    return {name: getattr(fresh, name) for name in names}


def subject_of(shape: Shape, record: Record) -> str:
    """Pseudonym of the person whose data the record holds; of the record where it names nobody."""
    for element in SUBJECTS:
        for field in shape.fields:
            if field.traits.element == element and (value := getattr(record, field.name)):
                return pseudonym(element, str(value))
    return pseudonym(shape.key, record.number)


def pseudonym(kind: str, value: str) -> str:
    """Keyed hash (HMAC-SHA-256) of a person's identifier: the same for the same person, nothing without the key."""
    return salted_hmac("citybrain.subject", f"{kind}:{value}", algorithm="sha256").hexdigest()
