"""Which element every column was matched to, beside what the column means."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from citybrain.declare.element import DataType, Element
from citybrain.kernel.registry.registry import registry
from citybrain.warehouse.catalogue.models import Field

CITIZEN_NUMBERS = {"citizen-id", "spouse-id", "husband-id", "representative-id", "guardian-id"}
PERSON_NAMES = {"person-name", "contact-name", "representative-name", "guardian-name", "spouse-name", "husband-name"}
ORGANISATIONS = {"organisation-name", "employer-name", "department-name", "school-name", "hospital-name", "name"}

RIGHT = {
    **dict.fromkeys(("citizen-id", "spouse-id", "husband-id", "representative-id"), CITIZEN_NUMBERS),
    **dict.fromkeys(
        ("person-name", "contact-name", "representative-name", "guardian-name", "spouse-name", "husband-name"),
        PERSON_NAMES,
    ),
    **dict.fromkeys(("organisation-name", "department-name", "hospital-name"), ORGANISATIONS),
    "former-name": PERSON_NAMES | {"former-name"},
    "credit-code": {"credit-code", "employer-code"},
    "mobile": {"mobile", "telephone"},
    "address": {"address", "business-address"},
    "percentage": {"percentage", "score", "growth-rate"},
    "amount": {"amount", "penalty", "tax", "registered-capital"},
    "division-code": {"county-code", "town-code", "village-code"},
    "village-name": {"village-name", "name"},
    "town-name": {"town-name", "name"},
    "founding-date": {"founding-date", "date"},
    "revocation-date": {"revocation-date", "date"},
    "marriage-date": {"marriage-date", "date"},
    "valid-from": {"valid-from", "approval-date", "begin-date", "date"},
    "valid-to": {"valid-to", "planned-date", "finish-date", "date"},
    "update-time": {"update-time", "event-time"},
}
"""Elements that say what a meaning says; a meaning that is not listed is its own element's key."""

ANY_OF = {
    "date": {DataType.DATE},
    "datetime": {DataType.DATETIME},
    "count": {DataType.INTEGER, DataType.DECIMAL},
    "measure": {DataType.INTEGER, DataType.DECIMAL},
}
"""Meanings that say no more than a type: an element of the type may be right."""

PERSONAL = {"birth-date", "death-date", "marriage-date"}
"""Dates that are not just some date."""

OPEN = {"serial-number", "reference", "text", "word", "name"}
"""Meanings that no one element stands for: nothing is expected, nothing judged."""


@dataclass
class Columns:
    """How matching did by itself."""

    definite: int = 0
    right: int = 0
    proposed: int = 0
    """The right element was proposed and waits for a person."""
    wrong: int = 0
    wrong_taken: int = 0
    missed: int = 0
    open: int = 0
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    where: dict[tuple[str, str], str] = field(default_factory=dict)

    def summary(self) -> dict[str, Any]:
        """Counts, and what was matched wrongly or not at all."""
        counts = {
            name: getattr(self, name)
            for name in ("definite", "right", "proposed", "wrong", "wrong_taken", "missed", "open")
        }
        faults = [
            {"meaning": meaning, "matched": matched, "count": count, "as_in": self.where[meaning, matched]}
            for (meaning, matched), count in self.faults.most_common()
        ]
        return {**counts, "faults": faults}


def judge_columns(truth: Path) -> Columns:
    """Compare the match of every column with its meaning."""
    types = {element.key: element.type for element in registry().of(Element)}
    fields = {(one.dataset.key, one.name): one for one in Field.objects.select_related("dataset")}
    judged = Columns()
    for row in pq.read_table(truth / "columns.parquet").to_pylist():
        meaning = row["meaning"]
        if meaning in OPEN:
            judged.open += 1
            continue
        one = fields[row["dataset"], row["column"]]
        judged.definite += 1
        element = "" if one.match == Field.Match.NONE else one.element_key
        if meaning in ANY_OF:
            is_right = element not in PERSONAL and types.get(element) in ANY_OF[meaning]
        else:
            is_right = element in RIGHT.get(meaning, {meaning})
        judged.right += is_right and one.match == Field.Match.TAKEN
        judged.proposed += is_right and one.match == Field.Match.PROPOSED
        judged.missed += not element
        judged.wrong += bool(element) and not is_right
        judged.wrong_taken += bool(element) and not is_right and one.match == Field.Match.TAKEN
        if not is_right:
            fault = (meaning, f"{element}, {one.match}" if element else "nothing")
            judged.faults[fault] += 1
            judged.where.setdefault(fault, f"{row['dataset']}.{row['column']}")
    return judged
