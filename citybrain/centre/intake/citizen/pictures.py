"""Which photos a reporter may see: their own, and those of the work done, without the mark that names who took them."""

from __future__ import annotations

from collections.abc import Sequence

from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Event, Signal, Step
from citybrain.centre.events.phone.photos import UNMARKED
from citybrain.kernel.records.models import Attachment
from citybrain.kernel.records.pictures import FORMATS


def taken_before(signal: Signal) -> list[Attachment]:
    """The photos the reporter sent."""
    files = Attachment.objects.filter(record_kind="signal", record_id=signal.pk, removed_at=None)
    return list(files.filter(kind__in=FORMATS).order_by("pk"))


def taken_after(head: Event, journal: Sequence[Step]) -> list[Attachment]:
    """The photos of the last report that it is done; of a marked one, which names a person, its unmarked original."""
    step = next((one for one in reversed(journal) if one.verb == Verb.REPORT_DONE), None)
    if step is None:
        return []
    named = {line["name"]: line["attachment"] for line in step.media if line["role"] in ("after", "other")}
    wanted = []
    for line in step.media:
        if line["role"] == "after":
            stem, dot, ending = line["name"].rpartition(".")
            wanted.append(named.get(f"{stem}{UNMARKED}{dot}{ending}", line["attachment"]))
    files = Attachment.objects.filter(record_kind="event", record_id=head.pk, pk__in=wanted, removed_at=None)
    return list(files.filter(kind__in=FORMATS).order_by("pk"))


def may_show(signal: Signal, head: Event, file: int) -> Attachment | None:
    """The photo with an id, if it is one of those; None otherwise."""
    journal = list(Step.objects.filter(event=head, verb=Verb.REPORT_DONE).order_by("number"))
    shown = (*taken_before(signal), *taken_after(head, journal))
    return next((one for one in shown if one.pk == file), None)
