"""The labelled samples that `centre/understanding` learns from and is measured on, made anew from the two banks."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from citybrain.rehearsal.hotline.banks import HELD, TRAIN, bank
from citybrain.rehearsal.hotline.reports import Report, reports

SEEDS = {TRAIN: 7, HELD: 11}
A_TYPE = {TRAIN: 22, HELD: 6}
"""Reports of each type."""
PLACE = "□"
"""Stands where the place was named: what happened is learned, not where."""

Sample = tuple[str, str, str]
"""Type, what it says (texts of one number tell it in the same words), text."""


def samples(split: str, county: Path) -> Iterator[Sample]:
    """Rows of one file; the train file ends with every clause of its bank by itself."""
    words = bank(split)
    numbers: dict[tuple[str, str], str] = {}
    for key in sorted(words.matters):
        for said in words.matters[key]:
            numbers.setdefault((key, said), str(len(numbers)))
    count = A_TYPE[split] * len(words.matters)
    for report in reports(count, seed=SEEDS[split], split=split, county=county):
        yield report.type, numbers[report.type, report.said], without_place(report)
    if split == TRAIN:
        for (key, said), number in numbers.items():
            yield key, number, said


def without_place(report: Report) -> str:
    """The text of a report with its place crossed out."""
    text = report.text
    for name in report.spot.names:
        text = text.replace(name, PLACE)
    return text


def write(split: str, county: Path, path: Path) -> int:
    """Writes one file; returns how many samples it has."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("type", "group", "text"))
        for sample in samples(split, county):
            writer.writerow(sample)
            count += 1
    return count
