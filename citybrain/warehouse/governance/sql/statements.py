"""Whole statements: an element over a column, on an engine that holds more than this machine does."""

from __future__ import annotations

import datetime

from citybrain.declare.element import DataType, Element
from citybrain.declare.rule import Check, Readable, Required
from citybrain.warehouse.governance.element_plan import TEXT_STEPS
from citybrain.warehouse.governance.sql.conditions import breaks
from citybrain.warehouse.governance.sql.dialects import Dialect
from citybrain.warehouse.governance.sql.texts import step_query
from citybrain.warehouse.governance.sql.values import reading_query


def element_query(element: Element, source: str, today: datetime.date, dialect: Dialect) -> str:
    """A SELECT over `source` (n: row number, v: text) that gives n, value, number and `broken_<i>` for each check.

    `value` is the standardised value as text, null where there is none or none could be read. The checks are those of
    `checks_of`, in order.
    """
    queries: list[tuple[str, str]] = []
    name = source
    for number, step in enumerate(step for step in element.steps if step in TEXT_STEPS):
        queries += step_query(step, element, name, number, dialect)
        name = f"s{number}"
    queries += reading_query(element, name, dialect)
    broken = [
        f"coalesce({_on_values(check)}{breaks(check, element, today, dialect)}, false) AS broken_{i}"
        for i, check in enumerate(checks_of(element))
    ]
    stages = ", ".join(f"{stage} AS ({query})" for stage, query in queries)
    return f"WITH {stages} SELECT {', '.join(['n', 'value', 'number', *broken])} FROM r ORDER BY n"  # noqa: S608


def _on_values(check: Check) -> str:
    """Null passes every check but these two."""
    return "" if isinstance(check, Required | Readable) else "value IS NOT NULL AND "


def checks_of(element: Element) -> tuple[Check, ...]:
    """The element's checks and, for a typed element, `Readable`."""
    if element.type is DataType.TEXT or any(isinstance(check, Readable) for check in element.checks):
        return element.checks
    return (*element.checks, Readable())
