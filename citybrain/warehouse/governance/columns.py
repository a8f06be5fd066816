"""One column of one batch: standardised, read as its type, checked. A batch that needs nothing passes untouched."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from citybrain.declare.element import DataType
from citybrain.declare.rule import Between, Step
from citybrain.kernel.standards import reference
from citybrain.kernel.standards.reference_steps import Unreadable
from citybrain.warehouse.governance.element_plan import OPENER_FLAGS, ElementPlan
from citybrain.warehouse.governance.primitives import characters, memory, scan, steps
from citybrain.warehouse.governance.primitives.checks import check, look_up
from citybrain.warehouse.governance.primitives.reading import HARD, REFUSED

UTC = "UTC"
TYPES = {
    DataType.TEXT: pa.string(),
    DataType.DATE: pa.date32(),
    DataType.DATETIME: pa.timestamp("us", tz=UTC),
    DataType.INTEGER: pa.int64(),
    DataType.DECIMAL: pa.float64(),
    DataType.BOOLEAN: pa.bool_(),
}
"""Column type of the standard table. Instants are kept in UTC, as Iceberg asks; pages show China Standard Time."""

NULL = -1
NULLS = (characters.NULLS.characters, characters.NULLS.offsets)
MONEY = (
    characters.PREFIXES.characters,
    characters.PREFIXES.offsets,
    characters.POWERS.characters,
    characters.POWERS.offsets,
    characters.POWERS.values,
    characters.CURRENCIES.characters,
    characters.CURRENCIES.offsets,
)
CHINA_MICROSECONDS = 8 * 3600 * 1_000_000
EPOCH = datetime.date(1970, 1, 1)


@dataclass
class Governed:
    """What became of one column of one batch."""

    standard: pa.Array
    """The standardised values, of the element's type; the raw array itself where nothing changed."""
    failed: np.ndarray | None = None
    """uint32, a row each: bits of the checks broken; None when none was."""
    changed: dict[Step, int] = field(default_factory=dict)
    """How many values each step changed."""
    entries: pa.Array | None = None
    """The different values, where the rows were governed by look-up; null where a word for nothing stood."""
    counts: np.ndarray | None = None
    """Rows of each entry, and last of all the rows that were null."""


def govern_column(raw: pa.Array, plan: ElementPlan, today: int) -> Governed:
    """Standardise and check `raw`, texts or a database's own type, on the day `today` (1970-01-01 is 0)."""
    if pa.types.is_string(raw.type):
        governed = _standardise_text(raw, plan)
    else:
        governed = _adopt(raw, plan)
    _check(governed, plan, today)
    return governed


class DictionaryColumn:
    """A column whose files hold few different values: each is governed once, rows by look-up."""

    def __init__(self, plan: ElementPlan | None, today: int) -> None:
        self.plan = plan
        self.today = today
        self.entries: pa.StringArray | None = None
        self.inner = Governed(pa.array([], pa.string()))
        self.kinds = np.zeros(0, np.uint32)

    def govern(self, raw: pa.DictionaryArray) -> Governed:
        """What became of the rows of `raw`."""
        entries, indices = raw.dictionary, raw.indices
        if self.entries is None or not entries.equals(self.entries):
            self._learn(entries)
        inner, plan = self.inner, self.plan
        bits = np.zeros(len(entries) + 1, np.uint32)
        if inner.failed is not None:
            bits[:-1] = inner.failed
        if plan is not None and plan.required >= 0:
            bits[-1] = 1 << plan.required
        counts = np.zeros(len(entries) + 1, np.int64)
        failed = np.zeros(len(raw) if bits.any() else 0, np.uint32)
        found = look_up(memory.fixed(indices, np.int32), *memory.validity(indices), bits, counts, failed)
        changed = _count_changes(self.kinds, plan, counts) if plan is not None else {}
        standard = inner.standard.take(indices)
        return Governed(standard, failed if found else None, changed, inner.standard, counts)

    def _learn(self, entries: pa.StringArray) -> None:
        self.entries = entries
        if self.plan is None:
            self.inner = Governed(entries)
            return
        self.inner = govern_column(entries, self.plan, self.today)
        self.kinds = np.zeros(0, np.uint32)
        if self.inner.changed:
            self.kinds = _run_steps(entries, np.arange(len(entries), dtype=np.int32), self.plan).kinds


def _standardise_text(raw: pa.StringArray, plan: ElementPlan) -> Governed:
    text = memory.text(raw)
    rows = np.empty(len(raw), np.int32)
    if plan.kind == steps.AS_TEXT:
        if plan.signs == 0:
            return Governed(raw)
        null = characters.null_bytes()
        count = scan.suspects(*text, plan.signs, null.slots, null.offsets, null.data, rows)
        return Governed(raw) if count == 0 else _rewrite(raw, text, rows[:count], plan)
    integers = np.zeros(len(raw), np.int64)
    doubles = np.zeros(len(raw) if plan.kind == steps.AS_DECIMAL else 0, np.float64)
    if plan.reads_plain and plan.kind != steps.AS_BOOLEAN:
        count = scan.read_plain(*text, plan.kind, integers, doubles, rows)
        rest = rows[:count]
    else:
        rest = np.flatnonzero(~memory.nulls(raw)).astype(np.int32)
    return _typed(raw, rest, integers, doubles, plan)


@dataclass
class _Stepped:
    offsets: np.ndarray
    data: np.ndarray
    integers: np.ndarray
    doubles: np.ndarray
    kinds: np.ndarray
    statuses: np.ndarray


def _run_steps(raw: pa.StringArray, rows: np.ndarray, plan: ElementPlan) -> _Stepped:
    text = memory.text(raw)
    room = 0
    if plan.kind == steps.AS_TEXT:
        # A dot grows to two bytes; an address or a code may be put before or instead.
        sizes = text.offsets[rows + 1].astype(np.int64) - text.offsets[rows]
        room = int(2 * sizes.sum() + len(rows) * _growth(plan))
    out = _Stepped(
        np.empty(len(rows) + 1, np.int32),
        np.empty(room, np.uint8),
        np.zeros(len(rows), np.int64),
        np.zeros(len(rows), np.float64),
        np.empty(len(rows), np.uint32),
        np.empty(len(rows), np.int8),
    )
    steps.standardise(
        rows,
        text.offsets,
        text.data,
        plan.steps,
        plan.kind,
        plan.writing,
        plan.reader_bit,
        characters.CLASSES,
        NULLS,
        MONEY,
        tuple(plan.codes),
        tuple(plan.beginnings),
        plan.longest,
        out.offsets,
        out.data,
        out.integers,
        out.doubles,
        out.kinds,
        out.statuses,
    )
    return out


def _growth(plan: ElementPlan) -> int:
    """Bytes a step may add to one value."""
    widest = 3
    for table in (plan.codes, plan.beginnings):
        if len(table.target_offsets) > 1:
            widest = max(widest, int(np.diff(table.target_offsets).max()))
    return widest


def _rewrite(raw: pa.StringArray, text: memory.Text, rows: np.ndarray, plan: ElementPlan) -> Governed:
    """A text column with the values of `rows` standardised; the column itself when it turns out that none changed."""
    out = _run_steps(raw, rows, plan)
    nulled = out.statuses == NULL
    if not out.kinds.any() and not nulled.any():
        return Governed(raw)
    offsets = np.empty(len(raw) + 1, np.int32)
    data = np.empty(int(text.offsets[-1]) - int(text.offsets[0]) + int(out.offsets[-1]), np.uint8)
    end = scan.splice(text.offsets, text.data, rows, out.offsets, out.data, offsets, data)
    missing = None
    if raw.null_count or nulled.any():
        missing = memory.nulls(raw)
        missing[rows[nulled]] = True
    changed = _count_changes(out.kinds, plan, None)
    return Governed(memory.strings(offsets, data[:end], missing), None, changed)


def _typed(
    raw: pa.StringArray, rest: np.ndarray, integers: np.ndarray, doubles: np.ndarray, plan: ElementPlan
) -> Governed:
    """Typed values, those of the rows `rest` still to be read by way of the steps."""
    missing = memory.nulls(raw) if raw.null_count else None
    failed = None
    changed: dict[Step, int] = {}
    if len(rest):
        out = _run_steps(raw, rest, plan)
        hard = np.flatnonzero(out.statuses == HARD)
        for j in hard:
            _read_hard(raw[int(rest[j])].as_py(), plan, out, int(j))
        if plan.kind == steps.AS_DECIMAL:
            doubles[rest] = out.doubles
        else:
            integers[rest] = out.integers
        gone = out.statuses <= REFUSED
        if gone.any():
            missing = np.zeros(len(raw), np.bool_) if missing is None else missing
            missing[rest[gone]] = True
            refused = rest[out.statuses == REFUSED]
            if len(refused):
                failed = np.zeros(len(raw), np.uint32)
                failed[refused] = np.uint32(1 << plan.readable)
        changed = _count_changes(out.kinds, plan, None)
    return Governed(_column(integers, doubles, missing, plan), failed, changed)


def _read_hard(given: str, plan: ElementPlan, out: _Stepped, j: int) -> None:
    """A number of more digits than a machine word, read exactly, one at a time: rare enough."""
    value = reference.standardise(plan.element, given).value
    if isinstance(value, Unreadable):
        out.statuses[j] = REFUSED
    elif plan.kind == steps.AS_INTEGER:
        out.integers[j] = int(str(value))
    else:
        out.doubles[j] = float(str(value))


def _column(integers: np.ndarray, doubles: np.ndarray, missing: np.ndarray | None, plan: ElementPlan) -> pa.Array:
    type_ = TYPES[plan.element.type]
    if plan.kind == steps.AS_DECIMAL:
        return memory.numbers(doubles, type_, missing)
    if plan.kind == steps.AS_DATE:
        return memory.numbers(integers.astype(np.int32), type_, missing)
    if plan.kind == steps.AS_BOOLEAN:
        return pa.array(integers == 1, type_, mask=missing)
    return memory.numbers(integers, type_, missing)


def _count_changes(kinds: np.ndarray, plan: ElementPlan, weights: np.ndarray | None) -> dict[Step, int]:
    if not kinds.any():
        return {}
    counts: dict[Step, int] = {}
    for bit, step in enumerate(plan.step_names):
        touched = (kinds >> np.uint32(bit)) & np.uint32(1) == 1
        count = int(touched.sum() if weights is None else weights[: len(kinds)][touched].sum())
        if count:
            counts[step] = counts.get(step, 0) + count
    return counts


def _adopt(raw: pa.Array, plan: ElementPlan) -> Governed:
    """A column that a database delivered with a type of its own: taken over where it fits, else read by way of text."""
    target = TYPES[plan.element.type]
    if raw.type.equals(target):
        return Governed(raw)
    if pa.types.is_large_string(raw.type) or pa.types.is_string_view(raw.type):
        return _standardise_text(raw.cast(pa.string()), plan)
    if plan.kind == steps.AS_DATE and pa.types.is_timestamp(raw.type):
        return Governed(_china_time(raw).cast(pa.date32()))
    if plan.kind == steps.AS_DATETIME and pa.types.is_timestamp(raw.type):
        return Governed(_instants(raw))
    if plan.kind == steps.AS_DATETIME and pa.types.is_date(raw.type):
        return Governed(_instants(raw.cast(pa.timestamp("us"))))
    if plan.kind == steps.AS_DATE and pa.types.is_date(raw.type):
        return Governed(raw.cast(target))
    if plan.kind == steps.AS_DECIMAL and _is_number(raw.type):
        return _numbers(raw.cast(target, safe=False), plan)
    if plan.kind == steps.AS_INTEGER and pa.types.is_integer(raw.type) and not pa.types.is_uint64(raw.type):
        return Governed(raw.cast(target))
    if plan.kind == steps.AS_INTEGER and pa.types.is_floating(raw.type):
        return _whole(raw, plan)
    return _standardise_text(_as_text(raw), plan)


def _is_number(type_: pa.DataType) -> bool:
    return pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_)


def _numbers(values: pa.Array, plan: ElementPlan) -> Governed:
    """Doubles; NaN is null, infinity is not a number anyone means."""
    doubles = memory.fixed(values, np.float64)
    odd = ~np.isfinite(doubles) & ~memory.nulls(values)
    if not odd.any():
        return Governed(values)
    return _refuse(values, np.isinf(doubles) & odd, odd, plan)


def _whole(raw: pa.Array, plan: ElementPlan) -> Governed:
    doubles = memory.fixed(raw.cast(pa.float64()), np.float64)
    present = ~memory.nulls(raw) & ~np.isnan(doubles)
    fits = present & (np.floor(doubles) == doubles) & (np.abs(doubles) < 2.0**63)
    values = memory.numbers(np.where(fits, doubles, 0).astype(np.int64), pa.int64(), None)
    return _refuse(values, present & ~fits, ~fits, plan)


def _refuse(values: pa.Array, refused: np.ndarray, missing: np.ndarray, plan: ElementPlan) -> Governed:
    missing = missing | memory.nulls(values)
    column = memory.numbers(np.ascontiguousarray(memory.fixed(values, _dtype(values))), values.type, missing)
    if not refused.any():
        return Governed(column)
    failed = np.zeros(len(values), np.uint32)
    failed[refused] = np.uint32(1 << plan.readable)
    return Governed(column, failed)


def _dtype(values: pa.Array) -> Any:
    return np.float64 if pa.types.is_floating(values.type) else np.int64


def _as_text(raw: pa.Array) -> pa.StringArray:
    """Any value as the text its standard form has; bytes that are no text become U+FFFD, a finding of its own."""
    if pa.types.is_timestamp(raw.type):
        return pc.strftime(_china_time(raw.cast(pa.timestamp("s", tz=raw.type.tz), safe=False)), "%Y-%m-%d %H:%M:%S")
    if pa.types.is_floating(raw.type):
        plain = pc.and_(pc.equal(pc.floor(raw), raw), pc.less(pc.abs(raw), 1e15))
        whole = pc.if_else(plain, raw, None).cast(pa.int64(), safe=False).cast(pa.string())
        return pc.coalesce(whole, raw.cast(pa.string()))
    if pa.types.is_binary(raw.type) or pa.types.is_large_binary(raw.type):
        return pa.array(
            [None if v is None else bytes(v).decode(errors="replace") for v in raw.to_pylist()], pa.string()
        )
    if pa.types.is_nested(raw.type):
        return pa.array([None if v is None else str(v) for v in raw.to_pylist()], pa.string())
    return raw.cast(pa.string())


def as_text(array: pa.Array) -> pa.StringArray:
    """Any column as text, for keys, references and what a problem row shows."""
    if isinstance(array, pa.DictionaryArray):
        array = array.dictionary_decode()
    return array if pa.types.is_string(array.type) else _as_text(array)


def _china_time(raw: pa.Array) -> pa.Array:
    """Time stamps as China's wall clock, without a zone: those without one are taken to be it already."""
    if raw.type.tz is None:
        return raw
    return pc.local_timestamp(raw.cast(pa.timestamp(raw.type.unit, tz="+08:00")))


def _instants(raw: pa.Array) -> pa.Array:
    if raw.type.tz is not None:
        return raw.cast(pa.timestamp("us", tz=UTC), safe=False)
    moments = raw.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
    return pc.subtract(moments, CHINA_MICROSECONDS).cast(pa.timestamp("us", tz=UTC))


def _check(governed: Governed, plan: ElementPlan, today: int) -> None:
    values = governed.standard
    if plan.kind == steps.AS_TEXT:
        if len(plan.program):
            failed = np.zeros(len(values), np.uint32)
            if check(
                *memory.text(values), plan.program, plan.automata, tuple(plan.tables), OPENER_FLAGS, today, failed
            ):
                governed.failed = failed
        return
    failed = governed.failed
    missing = memory.nulls(values) if values.null_count else None
    if missing is not None and plan.required >= 0:
        unreadable = failed != 0 if failed is not None else np.zeros(len(values), np.bool_)
        failed = np.zeros(len(values), np.uint32) if failed is None else failed
        failed[missing & ~unreadable] |= np.uint32(1 << plan.required)
    for bit, limits in plan.ranges:
        outside = _outside(values, limits, plan.kind, today)
        if missing is not None:
            outside &= ~missing
        if outside.any():
            failed = np.zeros(len(values), np.uint32) if failed is None else failed
            failed[outside] |= np.uint32(1 << bit)
    governed.failed = failed if failed is not None and failed.any() else None


def _outside(values: pa.Array, limits: Any, kind: int, today: int) -> np.ndarray:
    if isinstance(limits, Between):
        numbers = memory.fixed(values, np.float64 if kind == steps.AS_DECIMAL else np.int64)
        low = numbers < limits.minimum if limits.minimum is not None else np.zeros(len(numbers), np.bool_)
        return low | (numbers > limits.maximum) if limits.maximum is not None else low
    first = (limits.earliest - EPOCH).days
    last = today if limits.latest is None else (limits.latest - EPOCH).days
    days = days_of_column(values)
    return (days < first) | (days > last)


def days_of_column(values: pa.Array) -> np.ndarray:
    """Days since 1970 in China of a column of dates or instants."""
    if pa.types.is_date32(values.type):
        return memory.fixed(values, np.int32)
    return (memory.fixed(values, np.int64) + CHINA_MICROSECONDS) // 86_400_000_000
