"""The text model at work: one matrix over characters and pairs of neighbours, read without any library but NumPy.

The file is an `.npz` of plain arrays, loaded without pickle: a forged one can be wrong, it cannot run anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from citybrain.centre.understanding.spoken import first_and_further, grams, subject

NAMES = ("grams", "idf", "types", "weights", "bias", "heat", "threshold")
LARGEST = 200_000_000
"""Bytes of a model file at most."""


class BadModel(ValueError):
    """A model file is not one, or does not fit together."""


@dataclass(frozen=True, eq=False)
class Classifier:
    """One version of the model."""

    vocabulary: dict[str, int]
    idf: np.ndarray
    """(grams,)."""
    types: tuple[str, ...]
    weights: np.ndarray
    """(grams, types)."""
    bias: np.ndarray
    heat: float
    threshold: float

    def read(self, text: str) -> list[tuple[str, float]]:
        """Every type with its probability, the likeliest first; empty when the text has no known gram."""
        rows, values, _found = self._counted(text)
        if not len(rows):
            return []
        margins = (values @ self.weights[rows] + self.bias) * self.heat
        chances = np.exp(margins - margins.max())
        chances /= chances.sum()
        order = np.argsort(-chances, kind="stable")
        return [(self.types[place], float(chances[place])) for place in order]

    def reasons(self, text: str, type_key: str, most: int = 3) -> tuple[str, ...]:
        """The words of `text` that spoke for a type, the weightiest first."""
        if type_key not in self.types:
            return ()
        rows, values, found = self._counted(text)
        if not len(rows):
            return ()
        column = self.types.index(type_key)
        against = self.weights[rows].mean(axis=1)
        worth = dict(zip(rows.tolist(), values * (self.weights[rows, column] - against), strict=True))
        weight = np.zeros(len(text))
        for row, place, size in found:
            weight[place : place + size] += worth[row] / size
        spans: list[tuple[float, str]] = []
        floor = max(weight.max() * 0.15, 1e-9)
        start = 0
        for place in range(len(text) + 1):
            if place < len(text) and weight[place] >= floor:
                continue
            word = text[start:place].strip(" ，。,.、：:；;！!？?")
            if len(word) >= 2:
                spans.append((float(weight[start:place].sum()), word[:12]))
            start = place + 1
        spans.sort(key=lambda span: -span[0])
        return tuple(dict.fromkeys(word for _weight, word in spans))[:most]

    def _counted(self, text: str) -> tuple[np.ndarray, np.ndarray, list[tuple[int, int, int]]]:
        """Known grams of a text as rows and weights of length 1; and where each stands: row, place, length."""
        counts: dict[int, int] = {}
        found = []
        for gram, place in grams(subject(first_and_further(text)[0])):
            row = self.vocabulary.get(gram)
            if row is not None:
                counts[row] = counts.get(row, 0) + 1
                found.append((row, place, len(gram)))
        rows = np.fromiter(counts, dtype=np.int64, count=len(counts))
        values = np.array([1 + math.log(count) for count in counts.values()], dtype=np.float32)
        values = values * self.idf[rows] if len(rows) else values
        size = float(np.sqrt((values**2).sum())) or 1.0
        return rows, values / size, found


def load(path: Path) -> Classifier:
    """The model in a file. Raises BadModel with what is wrong; FileNotFoundError when there is none."""
    if path.stat().st_size > LARGEST:
        raise BadModel(f"{path.name} is larger than {LARGEST} bytes: train the model anew.")
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in NAMES}
    except (ValueError, KeyError, OSError, EOFError) as error:
        raise BadModel(f"{path.name} is not a text model ({error}): train it anew.") from error
    size, count = len(arrays["grams"]), len(arrays["types"])
    fits = arrays["weights"].shape == (size, count) and arrays["idf"].shape == (size,)
    if not fits or arrays["bias"].shape != (count,) or not np.isfinite(arrays["weights"].astype(np.float32)).all():
        raise BadModel(f"{path.name}: the arrays of the text model do not fit together: train it anew.")
    return Classifier(
        vocabulary={str(gram): row for row, gram in enumerate(arrays["grams"])},
        idf=arrays["idf"].astype(np.float32),
        types=tuple(str(key) for key in arrays["types"]),
        weights=arrays["weights"].astype(np.float32),
        bias=arrays["bias"].astype(np.float32),
        heat=float(arrays["heat"]),
        threshold=float(arrays["threshold"]),
    )
