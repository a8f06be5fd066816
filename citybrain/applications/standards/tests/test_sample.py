"""The sample rows give the findings that stand beside them."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

import pytest

from citybrain.applications.standards.manifest import APPLICATION
from citybrain.declare.element import Element
from citybrain.testing.reference import failures
from citybrain.warehouse.governance.matching import THRESHOLD, Matcher

TODAY = datetime.date(2026, 11, 21)
SAMPLE = Path(__file__).parent.parent / "sample"


@pytest.mark.parametrize("name", ["persons.csv", "firms.csv"])
def test_findings(name: str) -> None:
    with (SAMPLE / name).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    matcher = Matcher([item for item in APPLICATION.declares if isinstance(item, Element)], TODAY)
    columns = [column for column in rows[0] if column != "findings"]
    for column in columns:
        # Half the sample is spoilt on purpose: the element is asked for by name alone.
        best = matcher.propose(column)[0]
        assert best.name >= THRESHOLD, column
        for row in rows:
            told = {item.split()[1] for item in row["findings"].split(";") if item.split()[:1] == [column]}
            assert told <= set(failures(best.element, row[column] or None, TODAY)), (column, row[column])
            if not told:
                assert failures(best.element, row[column] or None, TODAY) == [], (column, row[column])
