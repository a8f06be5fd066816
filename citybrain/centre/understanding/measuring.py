"""How well a reader of types does on labelled texts: macro-F1, accuracy, coverage, the classes it mixes up."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
WORST = 12
"""Classes and pairs that a model card names."""

Reader = Callable[[str], Sequence[tuple[str, float]]]
"""Text -> types with probabilities, the likeliest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One labelled text."""

    text: str
    type: str
    group: str = ""
    """Texts of one group tell it in the same words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a reader reached."""

    texts: int
    macro_f1: float
    """Mean over the types of the harmonic mean of precision and recall; 0 to 1."""
    first: float
    """Share of texts whose type came first."""
    among_three: float
    family: float
    """Share whose first type is of the right family (井盖 of any owner)."""
    sure: float
    """Share of texts it is sure of."""
    sure_right: float
    """Share of those whose type came first."""
    worst: tuple[tuple[str, float], ...]
    """Types with their F1, the worst first."""
    mixed_up: tuple[tuple[str, str, int], ...]
    """True type, type put first, how often."""

    def as_json(self) -> dict[str, Any]:
        """For `ModelVersion.measures`."""
        return {key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(self).items()}


def samples(name: str) -> list[Sample]:
    """The samples of `samples_<name>.csv`: `train`, `held`, `hand`."""
    with (FOLDER / f"samples_{name}.csv").open(encoding="utf-8", newline="") as file:
        return [
            Sample(text=row["text"], type=row["type"], group=row.get("group") or "") for row in csv.DictReader(file)
        ]


def measure(
    read: Reader, asked: Iterable[Sample], *, threshold: float, families: Callable[[str], str] = lambda key: key
) -> Measure:
    """What `read` reaches on `asked`; a text it says nothing of counts as wrong."""
    pairs, three, sure = [], 0, []
    for sample in asked:
        found = read(sample.text)
        first = found[0][0] if found else ""
        pairs.append((sample.type, first))
        three += sample.type in [key for key, _chance in found[:3]]
        if found and found[0][1] >= threshold:
            sure.append(first == sample.type)
    count = len(pairs) or 1
    scores = _f1(pairs)
    wrong = Counter(pair for pair in pairs if pair[0] != pair[1] and pair[1])
    return Measure(
        texts=len(pairs),
        macro_f1=sum(scores.values()) / (len(scores) or 1),
        first=sum(true == said for true, said in pairs) / count,
        among_three=three / count,
        family=sum(bool(said) and families(true) == families(said) for true, said in pairs) / count,
        sure=len(sure) / count,
        sure_right=sum(sure) / (len(sure) or 1),
        worst=tuple(sorted(scores.items(), key=lambda one: (one[1], one[0]))[:WORST]),
        mixed_up=tuple((true, said, times) for (true, said), times in wrong.most_common(WORST)),
    )


def _f1(pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """F1 of every type that occurs among the truths."""
    true, said = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    right = Counter(one for one, other in pairs if one == other)
    return {key: 2 * right[key] / (true[key] + said[key]) for key in true}
