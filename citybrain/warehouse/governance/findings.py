"""Problem rows: what was found, where, by which clause, what was seen (masked), and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence

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


class Findings:
    """Collects the findings of a pass and writes them as problem rows."""

    def __init__(self, plan: TablePlan, output: Output) -> None:
        self.plan = plan
        self.output = output
        self.counts = np.zeros(len(plan.findings), np.int64)
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
        self._write(at, np.concatenate(found_kinds), self._seen(raw, at, (column,)), raw, first_row)

    def add_rows(
        self, kind: int, at: np.ndarray, raw: pa.RecordBatch, first_row: int, *, columns: Sequence[int] = ()
    ) -> None:
        """A finding about whole rows `at` of a batch; the values of `columns` are shown."""
        if len(at):
            self._write(at, np.full(len(at), kind, np.int16), self._seen(raw, at, columns), raw, first_row)

    def add_repeats(
        self, kind: int, at: np.ndarray, raw: pa.RecordBatch, rows: np.ndarray, instead: np.ndarray | None
    ) -> None:
        """Repeated rows `at` of a batch; what is shown is the number of the row kept instead, where one is known."""
        if len(at) == 0:
            return
        seen = pa.nulls(len(at), pa.string())
        if instead is not None:
            seen = pa.array(instead[at], pa.int64(), mask=instead[at] < 0).cast(pa.string())
        self._append(rows[at], np.full(len(at), kind, np.int16), seen, self._keys(raw, at))

    def _write(
        self, at: np.ndarray, kinds: np.ndarray, seen: pa.StringArray, raw: pa.RecordBatch, first_row: int
    ) -> None:
        self._append(at.astype(np.int64) + first_row, kinds, seen, self._keys(raw, at))

    def _append(self, rows: np.ndarray, kinds: np.ndarray, seen: pa.StringArray, keys: pa.StringArray) -> None:
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

    def _keys(self, raw: pa.RecordBatch, at: np.ndarray) -> pa.StringArray:
        return self._seen(raw, at, self.plan.key)

    def _seen(self, raw: pa.RecordBatch, at: np.ndarray, columns: Sequence[int]) -> pa.StringArray:
        """The raw values of `columns` at rows `at`, masked, joined where they are several."""
        if not columns:
            return pa.nulls(len(at), pa.string())
        where = pa.array(at)
        shown = []
        for column in columns:
            plan = self.plan.elements[column]
            masking = Masking.NONE if plan is None else plan.element.masking
            shown.append(mask_column(as_text(raw.column(column).take(where)), masking))
        if len(shown) == 1:
            return shown[0]
        return pc.binary_join_element_wise(*shown, BETWEEN, null_handling="replace", null_replacement="")
