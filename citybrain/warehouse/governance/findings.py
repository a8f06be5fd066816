"""Problem rows: what was found, where, by which clause, what was seen (masked), and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from citybrain.declare.words import Masking
from citybrain.warehouse.governance.columns import as_text
from citybrain.warehouse.governance.masking import mask_column
from citybrain.warehouse.governance.output import Output
from citybrain.warehouse.governance.plan import TablePlan

SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("row_key", pa.string()),
        ("field", pa.string()),
        ("element", pa.string()),
        ("rule", pa.string()),
        ("clause", pa.string()),
        ("severity", pa.string()),
        ("seen", pa.string()),
        ("remedy", pa.string()),
    ]
)
"""`row` is the row's number in the raw table from 0, `row_key` its key masked, `remedy` a sentence pages translate."""

BETWEEN = " | "
"""Between the values of a finding about several columns."""


TOGETHER = 50_000
"""Findings masked and written at a time."""


class _Waiting(NamedTuple):
    """Findings of one batch about the same columns: raw row numbers, kinds, what was delivered, and the rows' keys."""

    rows: np.ndarray
    kinds: np.ndarray
    seen: list[pa.StringArray]
    keys: list[pa.StringArray]


class Findings:
    """Collects the findings of a pass and writes them as problem rows."""

    def __init__(self, plan: TablePlan, output: Output) -> None:
        self.plan = plan
        self.output = output
        self.counts = np.zeros(len(plan.findings), np.int64)
        self.waiting: dict[tuple[int, ...], list[_Waiting]] = {}
        self.waiting_rows = 0
        kinds = plan.findings
        self.constants = {
            "field": pa.array([kind.field for kind in kinds], pa.string()),
            "element": pa.array([kind.element for kind in kinds], pa.string()),
            "rule": pa.array([kind.rule for kind in kinds], pa.string()),
            "clause": pa.array([kind.clause for kind in kinds], pa.string()),
            "severity": pa.array([kind.severity.value for kind in kinds], pa.string()),
            "remedy": pa.array([kind.remedy for kind in kinds], pa.string()),
        }

    def add_column(self, column: int, failed: np.ndarray, raw: pa.RecordBatch, first_row: int) -> None:
        """The findings of one column of one batch: `failed` holds bits of its checks."""
        element = self.plan.elements[column]
        if element is None:
            return
        rows = np.flatnonzero(failed)
        bits = failed[rows]
        found_rows, found_kinds = [], []
        for bit in range(len(element.checks)):
            hit = rows[(bits >> np.uint32(bit)) & np.uint32(1) == 1]
            if len(hit):
                found_rows.append(hit)
                found_kinds.append(np.full(len(hit), self.plan.first_finding[column] + bit, np.int16))
        at = np.concatenate(found_rows)
        self._wait((column,), at, np.concatenate(found_kinds), raw, at + first_row)

    def add_rows(
        self, kind: int, at: np.ndarray, raw: pa.RecordBatch, first_row: int, *, columns: Sequence[int] = ()
    ) -> None:
        """A finding about whole rows `at` of a batch; the values of `columns` are shown."""
        if len(at):
            self._wait(tuple(columns), at, np.full(len(at), kind, np.int16), raw, at + first_row)

    def add_repeats(
        self, kind: int, at: np.ndarray, raw: pa.RecordBatch, rows: np.ndarray, instead: np.ndarray | None
    ) -> None:
        """Repeated rows `at` of a batch; what is shown is the number of the row kept instead, where one is known."""
        if len(at) == 0:
            return
        seen = pa.nulls(len(at), pa.string())
        if instead is not None:
            seen = pa.array(instead[at], pa.int64(), mask=instead[at] < 0).cast(pa.string())
        kinds = np.full(len(at), kind, np.int16)
        self._write(rows[at], kinds, seen, self._keys(self._taken(self.plan.key, at, raw), len(at)))

    def _wait(
        self, columns: tuple[int, ...], at: np.ndarray, kinds: np.ndarray, raw: pa.RecordBatch, rows: np.ndarray
    ) -> None:
        """Keep findings about `columns` until there are enough to mask and write together."""
        taken = self._taken(columns, at, raw), self._taken(self.plan.key, at, raw)
        self.waiting.setdefault(columns, []).append(_Waiting(rows, kinds, *taken))
        self.waiting_rows += len(at)
        if self.waiting_rows >= TOGETHER:
            self.flush()

    @staticmethod
    def _taken(columns: Sequence[int], at: np.ndarray, raw: pa.RecordBatch) -> list[pa.StringArray]:
        where = pa.array(at)
        return [as_text(raw.column(column).take(where)) for column in columns]

    def flush(self) -> None:
        """Write every finding that waits."""
        if not self.waiting:
            return
        parts = [part for group in self.waiting.values() for part in group]
        keys = self._keys(_joined([part.keys for part in parts]), self.waiting_rows)
        start = 0
        for columns, group in self.waiting.items():
            rows = np.concatenate([part.rows for part in group])
            kinds = np.concatenate([part.kinds for part in group])
            shown = self._shown(_joined([part.seen for part in group]), columns, len(rows))
            self._write(rows, kinds, shown, keys.slice(start, len(rows)))
            start += len(rows)
        self.waiting, self.waiting_rows = {}, 0

    def _keys(self, values: Sequence[pa.StringArray], rows: int) -> pa.StringArray:
        return self._shown(values, self.plan.key, rows)

    def _shown(self, values: Sequence[pa.StringArray], columns: Sequence[int], rows: int) -> pa.StringArray:
        """Raw values of `columns`, masked, joined where they are several; nulls where they are none."""
        shown = []
        for column, texts in zip(columns, values, strict=True):
            plan = self.plan.elements[column]
            shown.append(mask_column(texts, Masking.NONE if plan is None else plan.element.masking))
        if not shown:
            return pa.nulls(rows, pa.string())
        if len(shown) == 1:
            return shown[0]
        return pc.binary_join_element_wise(*shown, BETWEEN, null_handling="replace", null_replacement="")

    def _write(self, rows: np.ndarray, kinds: np.ndarray, seen: pa.StringArray, keys: pa.StringArray) -> None:
        self.counts += np.bincount(kinds, minlength=len(self.counts))
        coded = pa.array(kinds)
        columns = {
            "row": pa.array(rows, pa.int64()),
            "row_key": keys,
            "seen": seen,
            **{
                name: pa.DictionaryArray.from_arrays(coded, constant, safe=False)
                for name, constant in self.constants.items()
            },
        }
        self.output.write(pa.record_batch([columns[name] for name in SCHEMA.names], names=SCHEMA.names))


def _joined(parts: Sequence[Sequence[pa.StringArray]]) -> list[pa.StringArray]:
    """Several batches' columns, each put end to end."""
    return [pa.concat_arrays(arrays) for arrays in zip(*parts, strict=True)]
