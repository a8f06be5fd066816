"""What the ledger asks of monthly reports: the digest of a report from the files that are attached to it now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from citybrain.centre.appraisal.models import MonthlyReport
from citybrain.centre.appraisal.report.making import digest_of
from citybrain.hubs.evidence.subjects import SUBJECTS, Subject
from citybrain.kernel.records.models import Attachment
from citybrain.kernel.records.shape import shape_of

KIND = "monthly-report"


def digests(references: Sequence[str]) -> Mapping[str, str]:
    """Digest of each report from its files as they are named now."""
    key, found = shape_of(MonthlyReport).key, {}
    for report in MonthlyReport.objects.filter(number__in=references):
        files = Attachment.objects.filter(record_kind=key, record_id=report.pk).order_by("pk")
        found[report.number] = digest_of(list(files))
    return found


def references() -> Iterator[str]:
    """Every report there is."""
    return iter(MonthlyReport.objects.order_by("pk").values_list("number", flat=True))


def page(reference: str) -> str:
    """The report's page."""
    return reverse("records:monthly-report:detail", args=(reference,))


SUBJECTS.install(KIND, Subject(title=_("Monthly report"), digests=digests, references=references, url=page))
