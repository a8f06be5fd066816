"""Removed records are erased when their time is over (到期清除): the row, its history, files, comments and drafts."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.security_log import log_security
from citybrain.kernel.records.models import Attachment, Change, Comment, Draft, Import, Record
from citybrain.kernel.records.search import forget
from citybrain.kernel.records.shape import Shape, record_types

log = logging.getLogger(__name__)

IMPORTS_KEPT_DAYS = 90
"""Days an import and its refused rows, which may hold personal data, are kept."""


def erase_expired() -> int:
    """Erases every removed record that is over the days its type keeps it; returns how many.

    One that others still link to stays and is named in the log.
    """
    count = 0
    for shape in record_types():
        days = shape.face.retention_days
        if days is None:
            continue
        over = timezone.now() - timedelta(days=days)
        for record in shape.model._default_manager.filter(removed_at__lt=over).iterator(chunk_size=200):
            count += _erased(shape, record)
    return count


def _erased(shape: Shape, record: Record) -> bool:
    key, number = record.pk, record.number
    try:
        with transaction.atomic():
            record.delete()
            Change.objects.filter(kind=shape.key, record_id=key).delete()
            Attachment.objects.filter(record_kind=shape.key, record_id=key).delete()
            Comment.objects.filter(record_kind=shape.key, record_id=key).delete()
            Draft.objects.filter(kind=shape.key, record_id=key).delete()
            forget(shape.key, [key])
            log_security(SYSTEM, "erase", thing=shape.key, thing_id=number)
    except ProtectedError as error:
        linking = ", ".join(sorted({str(row) for row in error.protected_objects})[:3])
        log.warning("%s %s is not erased: linked to by %s", shape.key, number, linking)
        return False
    return True


def forget_imports() -> int:
    """Forgets imports that are over their time; returns how many. Their files go with the next sweep."""
    over = timezone.now() - timedelta(days=IMPORTS_KEPT_DAYS)
    count = Import.objects.filter(at__lt=over).exclude(state=Import.State.RUNNING).count()
    Import.objects.filter(at__lt=over).exclude(state=Import.State.RUNNING).delete()
    return count
