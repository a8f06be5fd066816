"""What the ledger asks of events: the digest of a step as its row stands now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from citybrain.centre.events.checking import check_all
from citybrain.centre.events.journal import digest_of, reference_of
from citybrain.centre.events.models import Step
from citybrain.hubs.evidence.subjects import SUBJECTS, Subject

KIND = "event-step"
"""Kind of the leaves that `journal.write` appends."""


def digests(references: Sequence[str]) -> Mapping[str, str]:
    """Digest of each step from what its row says now, whatever hash stands in it: that one is `check_all`'s matter."""
    wanted: dict[int, list[str]] = {}
    for reference in references:
        number, _slash, place = reference.rpartition("/")
        if place.isdecimal():
            wanted.setdefault(int(place), []).append(number)
    if not wanted:
        return {}
    named = Q()
    for place, numbers in wanted.items():
        named |= Q(number=place, event__number__in=numbers)
    found = {}
    for step in Step.objects.filter(named).select_related("event").order_by():
        found[reference_of(step, step.event.number)] = digest_of(step, step.event.number)
    return found


def references() -> Iterator[str]:
    """Every step there is."""
    rows = Step.objects.order_by("pk").values_list("event__number", "number").iterator(2000)
    return (f"{number}/{place}" for number, place in rows)


def page(reference: str) -> str:
    """The case a step belongs to."""
    return reverse("event-page", args=(reference.rpartition("/")[0],))


SUBJECTS.install(
    KIND, Subject(title=_("Step of an event"), digests=digests, references=references, follows=check_all, url=page)
)
