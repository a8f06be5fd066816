"""What people of the rehearsal county say: banks that share nothing, reports with truth, files that are current."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from citybrain.declare.event import EventType
from citybrain.kernel.registry.registry import registry
from citybrain.rehearsal.hotline.banks import HELD, TRAIN, bank
from citybrain.rehearsal.hotline.reports import matters, reports
from citybrain.rehearsal.hotline.samples import samples

HOUSE = Path(__file__).parents[3]
COUNTY = HOUSE / "counties" / "yongkang"
FILES = HOUSE / "citybrain" / "centre" / "understanding"
SHARED_GRAM = 4
"""Characters in a row."""


def test_every_declared_city_class_is_told_of() -> None:
    declared = {one.key for one in registry().of(EventType) if registry().application_of(one) == "city"}
    for split in (TRAIN, HELD):
        assert set(bank(split).matters) == declared


def test_the_banks_share_no_clause_and_no_turn_of_speech() -> None:
    train, held = bank(TRAIN), bank(HELD)
    clauses = {clause for said in train.matters.values() for clause in said}
    asked = [clause for said in held.matters.values() for clause in dict.fromkeys(said)]
    assert not clauses & set(asked)
    turns = {word for words in train.turns.values() for word in words if word}
    assert not turns & {word for words in held.turns.values() for word in words if word}
    assert not {f for lines in train.frames.values() for f in lines} & {
        f for lines in held.frames.values() for f in lines
    }


def test_held_clauses_are_other_words() -> None:
    def runs(clause: str) -> set[str]:
        return {clause[place : place + SHARED_GRAM] for place in range(len(clause) - SHARED_GRAM + 1)}

    train, held = bank(TRAIN), bank(HELD)
    known = {run for said in train.matters.values() for clause in said for run in runs(clause)}
    own = [clause for key, said in held.matters.items() if key not in held.things for clause in dict.fromkeys(said)]
    assert sum(bool(runs(clause) & known) for clause in own) / len(own) < 1 / 8


def test_reports_carry_their_truth() -> None:
    found = list(reports(400, seed=1, split=HELD, county=COUNTY))
    assert found == list(reports(400, seed=1, split=HELD, county=COUNTY))
    assert {one.channel for one in found} == {"hotline", "citizen", "patrol"}
    for one in found:
        assert one.text
        assert all(word in one.text or one.channel == "citizen" for word in one.private)
        assert (one.point is None) is (one.channel == "hotline")
    assert any(one.has_injury for one in found)
    assert any(one.also for one in found)
    assert any(one.private for one in found)


def test_matters_are_told_again_and_have_near_misses() -> None:
    found = list(matters(150, seed=2, split=TRAIN, county=COUNTY))
    assert [one.hour for one in found] == sorted(one.hour for one in found)
    told = Counter(one.matter for one in found)
    assert max(told.values()) >= 3
    types = {one.matter: one.type for one in found}
    assert all(types[one.matter] == one.type for one in found)


@pytest.mark.parametrize("split", [TRAIN, HELD])
def test_the_committed_samples_are_what_the_banks_make(split: str) -> None:
    with (FILES / f"samples_{split}.csv").open(encoding="utf-8", newline="") as file:
        kept = [tuple(row.values()) for row in csv.DictReader(file)]
    assert kept == list(samples(split, COUNTY)), "run `python -m citybrain.rehearsal.hotline`"
