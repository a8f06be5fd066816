"""Every seeded defect looked up among the findings, and every finding among the seeded defects, row by row."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from citybrain.kernel.lake.tables import TableName, lake
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.gathering.models import QuarantineItem
from citybrain.warehouse.governance.models import GovernRun

Row = dict[str, Any]

CAUGHT_BY = {
    "id-checksum": {"check-digit"},
    "id-impossible-date": {"embedded-date"},
    "id-future-birth": {"embedded-date"},
    "uscc-checksum": {"check-digit"},
    "uscc-inner-checksum": {"embedded-check-digit"},
    "organisation-code-checksum": {"check-digit"},
    "mojibake": {"mojibake", "pattern"},
    "phone-malformed": {"pattern"},
    "plate-malformed": {"pattern"},
    "code-unlisted": {"in-list"},
    "date-impossible": {"readable"},
    "birth-future": {"date-between"},
    "birth-mismatch": {"birth-matches-id"},
    "sex-mismatch": {"sex-matches-id"},
    "number-range": {"between"},
    "orphan-key": {"orphan"},
    "missing-required": {"required", "key-missing"},
    "date-order": {
        "birth-before-death",
        "birth-before-marriage",
        "founded-before-revoked",
        "valid-from-before-valid-to",
    },
    "duplicate-row": {"duplicate"},
    "key-conflict": {"key-conflict"},
}
"""Rules, without their element, that may find each kind. Another finding on the same row does not count as this one."""

QUARANTINED_AS = {
    "unclosed-quote": {"unclosed-quote"},
    "too-few-columns": {"wrong-column-count"},
    "too-many-columns": {"wrong-column-count"},
    "undecodable-bytes": {"undecodable"},
    "stray-quote": {"bad-quoting"},
}
"""Reasons of the quarantine for each kind of spoilt line."""

ABOUT_ROWS = {"duplicate", "superseded", "key-conflict", "key-missing"}
"""Rules about a row as a whole: their findings name no column."""

ROW_KINDS = {"duplicate-row", "key-conflict", "missing-required"}
"""Kinds of defects that explain such findings."""


@dataclass
class Tally:
    """One kind of defect or oddity."""

    is_error: bool
    seeded: int = 0
    knowable: int = 0
    found: int = 0
    """Of the knowable ones."""
    false_alarms: int = 0
    """Of an oddity: occurrences with a finding of severity error on the value."""
    survived: int = 0
    """Texts that lie in the raw table exactly as they were delivered."""
    texts: int = 0


@dataclass
class Judged:
    """What comparing found, over all datasets."""

    kinds: dict[str, Tally] = field(default_factory=dict)
    missed: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(kind, why) -> how often."""
    missed_where: dict[tuple[str, str], str] = field(default_factory=dict)
    findings: int = 0
    errors: int = 0
    explained: int = 0
    explained_errors: int = 0
    unexplained: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """(rule, severity, dataset.column) -> how often."""
    oddity_alarms: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """(kind, rule, dataset.column) -> how often."""
    quarantined: int = 0
    quarantined_wrongly: int = 0
    oddities: int = 0
    false_alarms_on_oddities: int = 0

    def tally(self, row: Row) -> Tally:
        """The tally of the row's kind."""
        return self.kinds.setdefault(row["kind"], Tally(is_error=row["is_error"]))

    def summary(self) -> dict[str, Any]:
        """Counts, and the most frequent of what went wrong, with a place to look at."""
        return {
            "findings": self.findings,
            "explained": self.explained,
            "errors": self.errors,
            "explained_errors": self.explained_errors,
            "quarantined": self.quarantined,
            "quarantined_wrongly": self.quarantined_wrongly,
            "missed": [
                {"kind": kind, "why": why, "count": count, "as_in": self.missed_where[kind, why]}
                for (kind, why), count in self.missed.most_common()
            ],
            "unexplained": [
                {"rule": rule, "severity": severity, "in": place, "count": count}
                for (rule, severity, place), count in self.unexplained.most_common()
            ],
            "alarms_on_oddities": [
                {"kind": kind, "rule": rule, "in": place, "count": count}
                for (kind, rule, place), count in self.oddity_alarms.most_common()
            ],
        }


def judge_findings(truth: Path) -> Judged:
    """Compare the first delivery of every dataset with its truth."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in pq.read_table(truth / "defects.parquet").to_pylist():
        if row["row_number"] is not None:
            rows[row["dataset"]].append(row)
    judged = Judged()
    for dataset in Dataset.objects.exclude(raw_snapshot=None).order_by("key"):
        _Comparison(dataset, rows.pop(dataset.key, []), judged).run()
    if rows:
        raise LookupError(f"These datasets have truth and were not gathered: {sorted(rows)}.")
    return judged


class _Comparison:
    """One dataset: its truth beside its findings."""

    def __init__(self, dataset: Dataset, truth: list[Row], judged: Judged) -> None:
        self.dataset, self.truth, self.judged = dataset, truth, judged
        self.run_ = GovernRun.objects.filter(dataset=dataset, state=GovernRun.State.DONE).latest("started_at")
        self.elements = {one.name: (one.element_key, one.match) for one in dataset.fields.all()}
        self.quarantine = list(QuarantineItem.objects.filter(run__table__dataset=dataset))
        # Spoilt lines are seeded in files whose values hold no line break: the header is line 1.
        lost = {item.row - 1 for item in self.quarantine if item.row is not None}
        self.raw = lake().dataset(self._table("raw"), snapshot=self.run_.raw_snapshot).to_table()
        delivered = (number for number in range(1, self.raw.num_rows + len(lost) + 1) if number not in lost)
        self.place_of = {number: place for place, number in enumerate(delivered)}
        self.errors: dict[int, list[Row]] = defaultdict(list)
        self.contradicted: set[int] = set()
        for row in truth:
            if row["is_error"] and row["row_number"] in self.place_of:
                self.errors[self.place_of[row["row_number"]]].append(row)
            if row["kind"] == "key-conflict":
                self.contradicted.add(self.place_of[int(row["note"].removeprefix("first row "))])
        self.found: dict[int, list[Row]] = defaultdict(list)
        if self.run_.problem_snapshot is not None:
            problems = lake().dataset(self._table("problem"), snapshot=self.run_.problem_snapshot).to_table()
            for problem in problems.to_pylist():
                problem["short"] = problem["rule"].rsplit(".", 1)[-1]
                problem["columns"] = problem["field"].split(", ") if problem["field"] else []
                self.found[problem["row"]].append(problem)

    def _table(self, namespace: str) -> TableName:
        return TableName(namespace=namespace, name=self.dataset.table)

    def run(self) -> None:
        self._check_places()
        for row in self.truth:
            tally = self.judged.tally(row)
            tally.seeded += 1
            if row["kind"] in QUARANTINED_AS:
                self._line(row, tally)
            elif row["is_error"]:
                self._defect(row, tally)
            else:
                self._oddity(row, tally)
            self._survival(row, tally)
        self._explain()

    def _check_places(self) -> None:
        """The truth numbers rows as delivered; a row found elsewhere would make every comparison worthless."""
        keys = _keys(self.raw, self.dataset.primary_key)
        for row in self.truth:
            place = self.place_of.get(row["row_number"])
            if place is not None and keys is not None and keys[place] != (row["row_key"] or ""):
                raise AssertionError(
                    f"{self.dataset.key}: row {row['row_number']} has the key {keys[place]!r}, not {row['row_key']!r}."
                )

    def _defect(self, row: Row, tally: Tally) -> None:
        if not row["knowable"]:
            return
        tally.knowable += 1
        found = self.found[self.place_of[row["row_number"]]]
        wanted = CAUGHT_BY[row["kind"]]
        if any(one["short"] in wanted and _touches(one, row["column"]) for one in found):
            tally.found += 1
            return
        element, match = self.elements.get(row["column"] or "", ("", ""))
        why = f"{element or 'no element'}, {match}" if row["column"] else "row"
        if found:
            why += "; found instead: " + ", ".join(sorted({one["short"] for one in found}))
        self.judged.missed[row["kind"], why] += 1
        self.judged.missed_where.setdefault(
            (row["kind"], why), f"{self.dataset.key}.{row['column']} row {row['row_number']}"
        )

    def _line(self, row: Row, tally: Tally) -> None:
        if not row["knowable"]:
            return
        tally.knowable += 1
        reasons = {item.reason for item in self.quarantine if item.row == row["row_number"] + 1}
        if reasons & QUARANTINED_AS[row["kind"]]:
            tally.found += 1
        else:
            why = f"quarantined as {sorted(reasons)}"
            self.judged.missed[row["kind"], why] += 1
            self.judged.missed_where.setdefault((row["kind"], why), f"{self.dataset.key} row {row['row_number']}")

    def _oddity(self, row: Row, tally: Tally) -> None:
        place = self.place_of[row["row_number"]]
        self.judged.oddities += 1
        alarms = [one for one in self.found[place] if one["severity"] == "error" and row["column"] in one["columns"]]
        if alarms and not self.errors[place]:
            tally.false_alarms += 1
            self.judged.false_alarms_on_oddities += 1
            for one in alarms:
                self.judged.oddity_alarms[row["kind"], one["rule"], f"{self.dataset.key}.{row['column']}"] += 1

    def _survival(self, row: Row, tally: Tally) -> None:
        """A text must lie in the raw table as it was delivered, character by character."""
        column, place = row["column"], self.place_of.get(row["row_number"])
        if column is None or place is None or not pa.types.is_string(self.raw.schema.field(column).type):
            return
        tally.texts += 1
        tally.survived += (self.raw[column][place].as_py() or "") == (row["given"] or "")

    def _explain(self) -> None:
        judged = self.judged
        seeded_lines = {row["row_number"] + 1 for row in self.truth if row["kind"] in QUARANTINED_AS}
        judged.quarantined += len(self.quarantine)
        judged.quarantined_wrongly += sum(item.row not in seeded_lines for item in self.quarantine)
        for place, findings in self.found.items():
            for one in findings:
                is_error, is_explained = one["severity"] == "error", self._is_explained(place, one)
                judged.findings += 1
                judged.errors += is_error
                judged.explained += is_explained
                judged.explained_errors += is_error and is_explained
                if not is_explained:
                    judged.unexplained[one["rule"], one["severity"], f"{self.dataset.key}.{one['field']}"] += 1

    def _is_explained(self, place: int, finding: Row) -> bool:
        """A defect of a column explains what rules find when they read it; one of a row what is said of the row."""
        for row in self.errors[place]:
            if row["kind"] in QUARANTINED_AS or row["column"] in finding["columns"]:
                return True
            if finding["short"] in ABOUT_ROWS and row["kind"] in ROW_KINDS:
                return True
        return finding["short"] == "key-conflict" and place in self.contradicted


def _touches(finding: Row, column: str | None) -> bool:
    return finding["short"] in ABOUT_ROWS or column in finding["columns"]


def _keys(raw: pa.Table, key: list[str]) -> list[str] | None:
    """The key of every row as the truth writes it; None when the dataset has none."""
    if not key:
        return None
    texts = [pc.fill_null(raw[name].combine_chunks().cast(pa.string()), "") for name in key]
    return pc.binary_join_element_wise(*texts, "|").to_pylist() if len(texts) > 1 else texts[0].to_pylist()
