"""Problems of the warehouse as signals (数据体检): a rule that many rows of a table break is an event of its provider.

    run of governance ──▶ rule above the thresholds ──▶ signal ──▶ event of the body that provides the table
    next run              still above               ──▶ joins it, counted
    next run              clean, or below           ──▶ a recovery: the proof that it is mended

What a run finds is bounded: the worst rules of a table first, so many new events a day; the others wait for their turn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.machine import OPEN
from citybrain.centre.events.models import Channel, Event, Signal
from citybrain.centre.events.receiving import receive
from citybrain.centre.intake.declared import DATA_PROBLEM
from citybrain.centre.intake.models import InspectedRun
from citybrain.declare.rule import Severity
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.warehouse.governance.models import GovernRun
from citybrain.warehouse.words import check_words

ASSET = "dataset"

LEAST_ROWS = 20
LEAST_SHARE = 0.05
"""A rule is worth an event when it is broken by so many rows, and by so large a part of the table."""
MOST_A_RUN = 3
"""Rules of one table that may open an event in one run, the worst first."""
MOST_A_DAY = 40
"""New events a day in the whole county: a first delivery of everything must not bury the desks."""
LOOKED_BACK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One rule broken by rows of one field."""

    field: str
    rule: str
    rows: int
    of: int

    @property
    def share(self) -> float:
        """Part of the table's rows."""
        return self.rows / self.of if self.of else 0.0

    @property
    def is_grave(self) -> bool:
        """Whether it is worth an event."""
        return self.rows >= LEAST_ROWS and self.share >= LEAST_SHARE


def problems_of(run: GovernRun) -> list[Problem]:
    """What a run found to be wrong, the worst first; warnings are no problems."""
    found = [
        Problem(field=str(line.get("field") or ""), rule=str(line["rule"]), rows=int(line["rows"]), of=run.rows_in)
        for line in run.problems
        if line.get("severity") == Severity.ERROR
    ]
    return sorted(found, key=lambda one: (-one.share, one.field, one.rule))


def waiting() -> Iterator[GovernRun]:
    """The newest finished run of each dataset that nobody has looked at, the oldest first."""
    since = timezone.now() - LOOKED_BACK
    rows = GovernRun.objects.filter(state=GovernRun.State.DONE)
    newest = rows.values("dataset").annotate(last=Max("pk")).values("last")
    found = rows.filter(pk__in=newest, inspected=None, finished_at__gte=since).select_related("dataset__provider")
    yield from found.order_by("pk")


def inspect(run: GovernRun) -> dict[str, int]:
    """Looks at one run, once: opens, joins and ends events. A run that was looked at gives what it gave then."""
    try:
        with transaction.atomic():
            mark = InspectedRun.objects.create(run=run)
            counts = _inspected(run)
            InspectedRun.objects.filter(pk=mark.pk).update(counts=counts)
    except IntegrityError:
        return dict(InspectedRun.objects.get(run=run).counts)
    return counts


def _inspected(run: GovernRun) -> dict[str, int]:
    counts = {"opened": 0, "joined": 0, "recovered": 0, "waiting": 0}
    problems = problems_of(run)
    grave = {fingerprint(run, one): one for one in problems if one.is_grave}
    known = open_problems(run)
    room = min(MOST_A_RUN, max(MOST_A_DAY - opened_today(), 0))
    for key, problem in grave.items():
        if key not in known and counts["opened"] >= room:
            counts["waiting"] += 1
            continue
        receive(draft(run, problem), SYSTEM)
        counts["joined" if key in known else "opened"] += 1
    found = {fingerprint(run, one): one for one in problems}
    for key in known - grave.keys():
        receive(recovery(run, key, found.get(key)), SYSTEM)
        counts["recovered"] += 1
    return counts


def open_problems(run: GovernRun) -> set[str]:
    """Fingerprints of the dataset's problems that have an open event."""
    rows = Signal.objects.filter(channel=Channel.DATA_CHECK, asset_kind=ASSET, asset_number=asset_of(run))
    rows = rows.filter(event__state__in=OPEN) | rows.filter(event__merged_into__state__in=OPEN)
    return set(rows.exclude(fingerprint="").values_list("fingerprint", flat=True))


def opened_today() -> int:
    """Events of data problems that were opened today."""
    begin = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Event.objects.filter(type=DATA_PROBLEM.key, opened_at__gte=begin).count()


def asset_of(run: GovernRun) -> str:
    """How an event names the dataset."""
    key = str(run.dataset.key)
    return key if len(key) <= 64 else hashlib.sha256(key.encode()).hexdigest()


def fingerprint(run: GovernRun, problem: Problem) -> str:
    """What repeats of one problem share."""
    return short(f"data:{run.dataset.key}:{problem.field}:{problem.rule}")


def short(text: str) -> str:
    """A text of at most 128 characters that no other text shares."""
    return text if len(text) <= 128 else f"{text[:60]}…{hashlib.sha256(text.encode()).hexdigest()}"[:128]


def draft(run: GovernRun, problem: Problem) -> SignalDraft:
    """The signal of a problem."""
    name = run.dataset.chinese or run.dataset.key
    rule = _(check_words(problem.rule))
    text = _("%(rows)d of %(of)d rows (%(share)s) break the rule “%(rule)s” in the field %(field)s. See %(url)s") % {
        "rows": problem.rows,
        "of": problem.of,
        "share": f"{problem.share:.1%}",
        "rule": rule,
        "field": problem.field or "—",
        "url": rows_url(run, problem),
    }
    return SignalDraft(
        channel=Channel.DATA_CHECK,
        type=DATA_PROBLEM.key,
        text=text,
        title=_("%(name)s: %(rule)s") % {"name": name, "rule": rule},
        source_reference=short(f"run-{run.pk}:{problem.field}:{problem.rule}"),
        observed_at=run.finished_at,
        value=Decimal(problem.rows),
        threshold=Decimal(LEAST_ROWS),
        confidence=Decimal(1),
        fingerprint=fingerprint(run, problem),
        asset_kind=ASSET,
        asset_number=asset_of(run),
        organisation=run.dataset.provider,
    )


def recovery(run: GovernRun, key: str, problem: Problem | None) -> SignalDraft:
    """The signal that a problem is over: nothing, or little, was found by the run."""
    left = problem.rows if problem is not None else 0
    return SignalDraft(
        channel=Channel.DATA_CHECK,
        type=DATA_PROBLEM.key,
        text=_("The run of %(day)s found %(rows)d such rows: below the threshold.")
        % {"day": timezone.localdate(run.finished_at).isoformat() if run.finished_at else "", "rows": left},
        source_reference=short(f"run-{run.pk}:over:{key}"),
        observed_at=run.finished_at,
        value=Decimal(left),
        threshold=Decimal(LEAST_ROWS),
        fingerprint=key,
        is_recovery=True,
        asset_kind=ASSET,
        asset_number=asset_of(run),
        organisation=run.dataset.provider,
    )


def rows_url(run: GovernRun, problem: Problem) -> str:
    """Where the rows stand."""
    try:
        page = reverse("dataset", args=(run.dataset.key,))
    except NoReverseMatch:
        return ""
    asked: dict[str, Any] = {"tab": "problems", "rule": problem.rule, "field": problem.field}
    return f"{page}?{urlencode({name: value for name, value in asked.items() if value})}"
