"""Questions about the model of texts: its versions, what people confirmed since, how often it was right in use."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from citybrain.centre.understanding.models import Label, ModelVersion

SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How the model did in use: what people made of its proposals."""

    confirmed: int
    """Texts whose type a person confirmed."""
    read: int
    """Of those, read by the model before."""
    proposed: int
    """Of those, with a sure proposal."""
    right: int
    """Of those, confirmed as proposed."""
    among: int
    """Confirmed as one of the first three."""
    corrected: tuple[tuple[str, str, int], ...]
    """Type proposed, type confirmed, how often: the most frequent corrections."""


def version_in_use() -> ModelVersion | None:
    """The version that reads texts now."""
    return ModelVersion.objects.filter(is_used=True).first()


def versions() -> QuerySet[ModelVersion]:
    """Every version, the latest first."""
    return ModelVersion.objects.order_by("-at")


def use_since(moment: datetime | None) -> Use:
    """How the model did since `moment`, or ever."""
    labels = Label.objects.filter(at__gt=moment) if moment else Label.objects.all()
    sums = labels.aggregate(
        confirmed=Count("pk"),
        read=Count("rank"),
        proposed=Count("pk", filter=~Q(proposed="")),
        among=Count("pk", filter=Q(rank__gte=1)),
    )
    pairs = Counter(labels.exclude(proposed="").values_list("proposed", "type"))
    return Use(
        confirmed=sums["confirmed"],
        read=sums["read"],
        proposed=sums["proposed"],
        right=sum(times for (said, true), times in pairs.items() if said == true),
        among=sums["among"],
        corrected=tuple((said, true, times) for (said, true), times in pairs.most_common() if said != true)[:SHOWN],
    )


def corrections() -> QuerySet[Label]:
    """Texts people put into another class than the one proposed, the latest first."""
    return Label.objects.exclude(proposed="").exclude(proposed=F("type")).order_by("-at")
