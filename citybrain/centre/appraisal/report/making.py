"""The verb that makes a monthly report: four files, attached once, their digests on the ledger."""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import NAMESPACE_URL, uuid5

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from citybrain.centre.appraisal.keeping import keep
from citybrain.centre.appraisal.models import MonthlyReport
from citybrain.centre.appraisal.report.content import monthly
from citybrain.centre.appraisal.report.pdf import pdf_of
from citybrain.centre.appraisal.report.word import docx_of
from citybrain.centre.events.permissions import APPRAISAL
from citybrain.centre.events.policy import centre
from citybrain.declare.role import Reach
from citybrain.hubs.evidence.actions import Leaf, append
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records.attachments import attach
from citybrain.kernel.records.models import Attachment
from citybrain.kernel.records.numbering import next_number
from citybrain.kernel.records.search import index
from citybrain.kernel.records.shape import shape_of

LOG = "reports"
LANGUAGES = ("zh-hans", "en")


def make_report(month: date, actor: Actor) -> MonthlyReport:
    """The report of the month of a day; one that was made is returned as it is.

    Raises PermissionDenied unless the person sees the whole county's appraisal, ValidationError for a month that is
    not over, NoFont where the machine has no Chinese font.
    """
    first = month.replace(day=1)
    if actor.reach(APPRAISAL) is not Reach.COUNTY:
        raise PermissionDenied(_("Your post does not carry the permission %s.") % APPRAISAL.key)
    if first >= timezone.localdate().replace(day=1):
        raise ValidationError(_("%s is not over yet: a report is made of whole months.") % f"{first:%Y-%m}")
    key = uuid5(NAMESPACE_URL, f"monthly-report:{first:%Y-%m}")
    made = MonthlyReport.objects.filter(request_key=key).first()
    if made is not None:
        return made
    keep()
    files = [*_files(first)]
    with transaction.atomic():
        return _kept(first, key, files, actor)


def _files(first: date) -> list[tuple[str, bytes]]:
    """Name and bytes of the four files."""
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            document = monthly(first)
            found += [(f"{document.title}.pdf", pdf_of(document)), (f"{document.title}.docx", docx_of(document))]
    return found


def _kept(first: date, key: object, files: list[tuple[str, bytes]], actor: Actor) -> MonthlyReport:
    shape = shape_of(MonthlyReport)
    report = MonthlyReport(
        number=next_number(shape),
        title=files[0][0].removesuffix(".pdf"),
        month=first,
        organisation=centre(),
        created_by_id=actor.user_id,
        request_key=key,
    )
    report.save(force_insert=True)
    writing = actor.permitted(shape.permission("edit"), Reach.COUNTY)
    kept = [attach(report, SimpleUploadedFile(name, content), writing) for name, content in files]
    report.digest = digest_of(kept)
    MonthlyReport.objects.filter(pk=report.pk).update(digest=report.digest)
    append(LOG, [Leaf(kind="monthly-report", reference=report.number, digest=report.digest)])
    index(shape, [report])
    return report


def digest_of(files: list[Attachment]) -> str:
    """SHA-256 over the files' digests in their order, hexadecimal."""
    return hashlib.sha256("\n".join(file.digest for file in files).encode()).hexdigest()
