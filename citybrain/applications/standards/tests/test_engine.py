"""The engine that governs the county reads every example as the reference does."""

from __future__ import annotations

import datetime

import pyarrow as pa
import pytest

from citybrain.applications.standards.manifest import APPLICATION
from citybrain.declare.element import Element
from citybrain.testing.reference import failures
from citybrain.warehouse.governance.columns import govern_column
from citybrain.warehouse.governance.plan import plan_element

TODAY = datetime.date(2026, 11, 21)
DAY = (TODAY - datetime.date(1970, 1, 1)).days
ELEMENTS = [item for item in APPLICATION.declares if isinstance(item, Element)]


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element.key)
def test_the_engine_finds_what_the_examples_say(element: Element) -> None:
    plan = plan_element(element)
    given = [example.given for example in element.examples]
    governed = govern_column(pa.array(given, pa.string()), plan, DAY)
    for row, text in enumerate(given):
        bits = 0 if governed.failed is None else int(governed.failed[row])
        found = sorted(check.name for bit, check in enumerate(plan.checks) if bits >> bit & 1)
        assert found == sorted(failures(element, text, TODAY)), text
