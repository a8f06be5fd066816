"""The pass: every batch standardised, checked, told apart, profiled; out come standard, held and problem rows."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from citybrain.declare.rule import Severity
from citybrain.kernel.lake.tables import Lake, TableName
from citybrain.warehouse.governance import across
from citybrain.warehouse.governance.aside import Aside
from citybrain.warehouse.governance.columns import (
    EPOCH,
    TYPES,
    DictionaryColumn,
    Governed,
    as_text,
    govern_column,
)
from citybrain.warehouse.governance.findings import SCHEMA, Findings
from citybrain.warehouse.governance.intake import RawRows
from citybrain.warehouse.governance.output import Output
from citybrain.warehouse.governance.plan import (
    DUPLICATE,
    KEY_CONFLICT,
    KEY_MISSING,
    SUPERSEDED,
    TablePlan,
)
from citybrain.warehouse.governance.primitives import memory
from citybrain.warehouse.governance.profile import EXACT_ROWS, FieldProfile, Profile
from citybrain.warehouse.governance.rows import CONFLICT, KEPT, KeyLook, Known, Repeats
from citybrain.warehouse.governance.rows import DUPLICATE as REPEATED
from citybrain.warehouse.governance.rows import SUPERSEDED as OLDER

BLANKS = np.array([*range(33), 0xC2, 0xE1, 0xE2, 0xE3], np.uint8)
"""Bytes that white space begins with, in UTF-8."""

ROW = "_row"
"""Column of the held table: the row's number in the raw table, from 0."""

KEPT_BYTES = 256 * 1024 * 1024
"""How much of the key columns the first look keeps for the second; beyond it they are governed twice."""

Progress = Callable[[int], None]
"""Told how many rows more are done."""


@dataclass
class Outcome:
    """What a pass made and counted."""

    rows_in: int = 0
    rows_standard: int = 0
    rows_held: int = 0
    rows_duplicate: int = 0
    rows_with_problem: int = 0
    standard_files: list[str] = field(default_factory=list)
    held_files: list[str] = field(default_factory=list)
    problem_files: list[str] = field(default_factory=list)
    standard_schema: pa.Schema = field(default_factory=lambda: pa.schema([]))
    held_schema: pa.Schema = field(default_factory=lambda: pa.schema([]))
    findings: dict[int, int] = field(default_factory=dict)
    """Rows by number of the finding in the plan; those that never occurred stand as 0."""
    standardised: dict[str, dict[str, int]] = field(default_factory=dict)
    """{column: {step: values it changed}}"""
    profiles: dict[str, Profile] = field(default_factory=dict)


class Pass:
    """One pass over the raw rows of one table."""

    def __init__(
        self,
        plan: TablePlan,
        raw: RawRows,
        *,
        lake: Lake,
        table: str,
        today: datetime.date,
        known: Mapping[int, Known] | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.plan = plan
        self.raw = raw
        self.today = (today - EPOCH).days
        self.known = known or {}
        self.progress = progress or (lambda _rows: None)
        self.standard_schema = standard_schema(plan, raw.schema)
        self.held_schema = pa.schema([*raw.schema, pa.field(ROW, pa.int64())])
        self.standard = Output(lake, TableName(namespace="standard", name=table), self.standard_schema)
        self.held = Output(lake, TableName(namespace="held", name=table), self.held_schema)
        self.findings = Findings(plan, Output(lake, TableName(namespace="problem", name=table), SCHEMA))
        exact = raw.rows <= EXACT_ROWS
        self.profiles = [FieldProfile(one.element if one else None, exact=exact) for one in plan.elements]
        self.dictionaries: dict[int, DictionaryColumn] = {}
        self.look = KeyLook()
        self.kept: dict[tuple[int, int], Governed] = {}
        self.repeats = None if plan.key else Repeats(raw.rows)
        self.aside = Aside()
        self.outcome = Outcome()

    def run(self) -> Outcome:
        """Read everything once, the key columns twice where there is a key; write files that the caller publishes."""
        try:
            self._look_at_keys()
            for batch in self.raw.batches():
                self._batch(batch)
                self.progress(batch.num_rows)
            self._judge()
        except BaseException:
            for output in (self.standard, self.held, self.findings.output):
                output.discard()
            raise
        finally:
            self.aside.close()
        return self._finish()

    def _govern(self, column: int, values: pa.Array) -> Governed:
        plan = self.plan.elements[column]
        if isinstance(values, pa.DictionaryArray):
            if column not in self.dictionaries:
                self.dictionaries[column] = DictionaryColumn(plan, self.today)
            return self.dictionaries[column].govern(values)
        return Governed(values) if plan is None else govern_column(values, plan, self.today)

    def _kept_or_governed(self, start: int, column: int, values: pa.Array) -> Governed:
        """What the first look made of a key column, where the batches of both looks are the same."""
        found = self.kept.pop((start, column), None)
        return found if found is not None and len(found.standard) == len(values) else self._govern(column, values)

    def _look_at_keys(self) -> None:
        if not self.plan.key:
            return
        names = [self.plan.columns[position] for position in self.plan.key]
        order = {name: position for position, name in enumerate(self.plan.columns)}
        start = size = 0
        for batch in self.raw.batches(names):
            by_name = dict(zip(batch.schema.names, batch.columns, strict=True))
            governed = {order[name]: self._govern(order[name], by_name[name]) for name in names}
            self.look.add([one.standard for one in governed.values()])
            size += sum(one.standard.nbytes for one in governed.values())
            if size <= KEPT_BYTES:
                self.kept.update({(start, column): one for column, one in governed.items()})
            start += batch.num_rows
        self.look.finish()

    def _batch(self, raw: pa.RecordBatch) -> None:
        rows, start = raw.num_rows, self.outcome.rows_in
        plan, outcome = self.plan, self.outcome
        outcome.rows_in += rows
        governed = [self._kept_or_governed(start, column, values) for column, values in enumerate(raw.columns)]
        errors = np.zeros(rows, np.bool_)
        noticed = np.zeros(rows, np.bool_)
        for column, (found, profile) in enumerate(zip(governed, self.profiles, strict=True)):
            profile.add(found)
            for step, count in found.changed.items():
                counts = outcome.standardised.setdefault(plan.columns[column], {})
                counts[step.value] = counts.get(step.value, 0) + count
            element = plan.elements[column]
            if found.failed is not None and element is not None:
                errors |= (found.failed & element.errors) != 0
                noticed |= found.failed != 0
                self.findings.add_column(column, found.failed, raw, start)
        for bound in plan.rules:
            first, second = bound.columns
            broken = across.breaks(bound.rule, governed[first].standard, governed[second].standard)
            if broken.any():
                noticed |= broken
                if bound.rule.check.severity is Severity.ERROR:
                    errors |= broken
                self.findings.add_rows(bound.finding, np.flatnonzero(broken), raw, start, columns=bound.columns)
        for column, kind in plan.references:
            if column in self.known:
                values = governed[column].standard
                lost = self.known[column].lacks(values) & ~_empty(values)
                noticed |= lost
                self.findings.add_rows(kind, np.flatnonzero(lost), raw, start, columns=(column,))
        standard = pa.record_batch([one.standard for one in governed], schema=self.standard_schema)
        self._separate(raw, standard, errors, noticed, start)

    def _separate(
        self, raw: pa.RecordBatch, standard: pa.RecordBatch, errors: np.ndarray, noticed: np.ndarray, start: int
    ) -> None:
        """Send every row where it belongs: out to standard or held, dropped as a duplicate, or aside for later."""
        rows, plan = raw.num_rows, self.plan
        numbers = np.arange(start, start + rows, dtype=np.int64)
        away = np.zeros(rows, np.bool_)
        if self.repeats is not None:
            away = self.repeats.seen(raw.columns, rows)
            self.findings.add_repeats(plan.marks[DUPLICATE], np.flatnonzero(away), raw, numbers, None)
            self.outcome.rows_duplicate += int(away.sum())
            noticed = noticed | away
        else:
            keys = [standard.column(column) for column in plan.key]
            empty = np.logical_or.reduce([_empty(key) for key in keys])
            # A value that could not be read is null too; it has its own finding and is no missing key.
            missing = empty
            if empty.any():
                missing = empty & (~errors | np.logical_and.reduce([_empty(raw.column(column)) for column in plan.key]))
            if missing.any():
                errors = errors | missing
                noticed = noticed | missing
                self.findings.add_rows(plan.marks[KEY_MISSING], np.flatnonzero(missing), raw, start)
            again = self.look.candidates(start, rows)
            if again is not None:
                again &= ~empty
                self._set_aside(raw, standard, again, errors, noticed, numbers)
                away = again
        self.outcome.rows_with_problem += int((noticed & (~away if self.repeats is None else True)).sum())
        self._emit(raw, standard, ~away & ~errors, ~away & errors, numbers)

    def _set_aside(
        self,
        raw: pa.RecordBatch,
        standard: pa.RecordBatch,
        again: np.ndarray,
        errors: np.ndarray,
        noticed: np.ndarray,
        numbers: np.ndarray,
    ) -> None:
        if not again.any():
            return
        at = pa.array(np.flatnonzero(again))
        raw_rows = pa.record_batch([_plain(values.take(at)) for values in raw.columns], schema=self.raw.schema)
        rows = standard.take(at)
        numbers = numbers[again]
        key = self.look.hashes[numbers]
        age = rows.column(self.plan.watermark) if self.plan.watermark >= 0 else None
        self.aside.add(
            raw_rows,
            rows,
            rows=numbers,
            key=key,
            key_columns=[rows.column(column) for column in self.plan.key],
            age=age,
            held=errors[again],
            noticed=noticed[again],
        )

    def _judge(self) -> None:
        marks = self.plan.marks
        for raw, standard, part, fates in self.aside.judged():
            for kind, fate in ((DUPLICATE, REPEATED), (SUPERSEDED, OLDER), (KEY_CONFLICT, CONFLICT)):
                at = np.flatnonzero(fates.fate == fate)
                self.findings.add_repeats(marks[kind], at, raw, part.rows, fates.instead)
            gone = (fates.fate == REPEATED) | (fates.fate == OLDER)
            self.outcome.rows_duplicate += int(gone.sum())
            self.outcome.rows_with_problem += int((part.noticed | (fates.fate != KEPT)).sum())
            held = ~gone & (part.held | (fates.fate == CONFLICT))
            self._emit(raw, standard, ~gone & ~held, held, part.rows)

    def _emit(
        self, raw: pa.RecordBatch, standard: pa.RecordBatch, good: np.ndarray, held: np.ndarray, numbers: np.ndarray
    ) -> None:
        self.standard.write(standard if good.all() else standard.filter(pa.array(good)))
        if held.any():
            at = pa.array(np.flatnonzero(held))
            columns = [_plain(values.take(at)) for values in raw.columns]
            self.held.write(pa.record_batch([*columns, pa.array(numbers[held])], schema=self.held_schema))

    def _finish(self) -> Outcome:
        outcome = self.outcome
        outcome.standard_files = self.standard.close()
        outcome.held_files = self.held.close()
        self.findings.flush()
        outcome.problem_files = self.findings.output.close()
        outcome.standard_schema, outcome.held_schema = self.standard_schema, self.held_schema
        outcome.rows_standard, outcome.rows_held = self.standard.rows, self.held.rows
        outcome.findings = {kind: int(count) for kind, count in enumerate(self.findings.counts)}
        outcome.profiles = {
            name: profile.result() for name, profile in zip(self.plan.columns, self.profiles, strict=True)
        }
        if outcome.rows_in != outcome.rows_standard + outcome.rows_held + outcome.rows_duplicate:
            raise AssertionError(
                f"Rows do not add up: {outcome.rows_in} in, {outcome.rows_standard} standard, {outcome.rows_held} held "
                f"and {outcome.rows_duplicate} duplicate. Nothing was published; report this with the dataset's key."
            )
        return outcome


def standard_schema(plan: TablePlan, raw: pa.Schema) -> pa.Schema:
    """Columns of the standard table: matched ones in their element's type, the others as delivered."""
    return pa.schema(
        [
            pa.field(field.name, field.type if one is None else TYPES[one.element.type])
            for field, one in zip(raw, plan.elements, strict=True)
        ]
    )


def _empty(values: pa.Array) -> np.ndarray:
    """Rows that say nothing: null, or blank, as a CSV writes what is missing in a column that no element reads."""
    if isinstance(values, pa.DictionaryArray):
        entries = np.append(_empty(values.dictionary), True)
        at = memory.fixed(values.indices, np.int32)
        return entries[np.where(memory.nulls(values.indices), len(entries) - 1, at)]
    empty = memory.nulls(values)
    if pa.types.is_string(values.type) and len(values):
        text = memory.text(values)
        starts, ends = text.offsets[:-1], text.offsets[1:]
        first = text.data[np.minimum(starts, max(len(text.data) - 1, 0))] if len(text.data) else np.zeros_like(starts)
        suspects = np.flatnonzero(~empty & ((starts == ends) | np.isin(first, BLANKS)))
        if len(suspects):
            empty[suspects] = np.asarray(pc.equal(pc.utf8_trim_whitespace(values.take(pa.array(suspects))), ""))
    return empty


def _plain(values: pa.Array) -> pa.Array:
    return as_text(values) if isinstance(values, pa.DictionaryArray) else values
