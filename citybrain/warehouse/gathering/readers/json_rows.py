"""Python rows (of JSON, of a database driver) become Arrow columns; a value that does not fit is one bad row."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable, Sequence
from typing import Any

import orjson
import pyarrow as pa

FEW = 0.1
"""Up to this share of values that do not fit their column are bad rows; more mean the column changed its type."""


def as_text(value: Any) -> str | None:
    """A value as text, as near to what was delivered as Python keeps it; nested values as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dict | list):
        return orjson.dumps(value, default=str).decode()
    return str(value)


def raw_row(row: Any) -> bytes:
    """A row that has no bytes of its own (it came from a driver), as one JSON line for the quarantine."""
    return orjson.dumps(row, default=as_text, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS)


def natural_type(values: Sequence[Any]) -> pa.DataType:
    """The lake type all non-null `values` have in common, text when they have none, null when there is no value."""
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return pa.null()
    if kinds == {bool}:
        return pa.bool_()
    if kinds == {int}:
        return pa.int64() if all(-(2**63) <= v < 2**63 for v in values if v is not None) else pa.string()
    if kinds <= {int, float}:
        return pa.float64() if all(abs(v) <= 2**53 for v in values if type(v) is int) else pa.string()
    if kinds == {datetime.date}:
        return pa.date32()
    if kinds == {datetime.datetime}:
        aware = {value.tzinfo is not None for value in values if value is not None}
        return pa.timestamp("us", tz="UTC" if aware == {True} else None) if len(aware) == 1 else pa.string()
    if kinds == {datetime.time}:
        return pa.time64("us")
    if kinds <= {bytes, bytearray, memoryview}:
        return pa.binary()
    return pa.string()


def column(values: Sequence[Any], wanted: pa.DataType) -> tuple[pa.Array, list[int]]:
    """`values` as `wanted`, and the positions that do not fit, null there."""
    try:
        if pa.types.is_string(wanted):
            return pa.array([as_text(value) for value in values], pa.string()), []
        if not _hides_a_misfit(values, wanted):
            return pa.array(values, wanted), []
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, ValueError, UnicodeEncodeError):
        pass
    fitting: list[Any] = []
    misfits: list[int] = []
    for index, value in enumerate(values):
        try:
            if _hides_a_misfit([value], wanted):
                raise TypeError("bool is no number")
            fitting.append(pa.scalar(as_text(value) if pa.types.is_string(wanted) else value, wanted))
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, ValueError, TypeError, UnicodeEncodeError):
            fitting.append(pa.scalar(None, wanted))
            misfits.append(index)
    return pa.array([item.as_py() for item in fitting], wanted), misfits


def _hides_a_misfit(values: Sequence[Any], wanted: pa.DataType) -> bool:
    """Whether Arrow would take a value that is none of the type's: True as 1, 1.0 as 1, a time stamp as its date."""
    if pa.types.is_integer(wanted) or pa.types.is_floating(wanted):
        allowed: tuple[type, ...] = (int, float) if pa.types.is_floating(wanted) else (int,)
        return any(value is not None and type(value) not in allowed for value in values)
    if pa.types.is_date(wanted):
        return any(value is not None and type(value) is not datetime.date for value in values)
    return pa.types.is_decimal(wanted) and any(
        value is not None and type(value) not in (int, decimal.Decimal) for value in values
    )


def shape(
    columns: dict[str, Sequence[Any]],
    *,
    expected: pa.Schema | None,
    spoil: Callable[[int], None],
) -> pa.RecordBatch:
    """One batch of equally long columns.

    A column served before keeps its type: the rows of the few values that do not fit are handed to `spoil` and left
    out. Where more than a tenth do not fit, or nothing was served yet, the column takes the type its values have.
    """
    arrays: list[pa.Array] = []
    fields: list[pa.Field] = []
    bad: set[int] = set()
    for name, values in columns.items():
        served = expected.field(name).type if expected is not None and name in expected.names else None
        if served is not None:
            array, misfits = column(values, served)
            if len(misfits) <= FEW * len(values):
                bad.update(misfits)
                arrays.append(array)
                fields.append(pa.field(name, served))
                continue
        wanted = natural_type(values)
        array, misfits = column(values, wanted)
        bad.update(misfits)  # lone surrogates, which no text holds
        arrays.append(array)
        fields.append(pa.field(name, wanted))
    for index in sorted(bad):
        spoil(index)
    batch = pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))
    if bad:
        keep = [index not in bad for index in range(batch.num_rows)]
        batch = batch.filter(pa.array(keep))
    return batch


def from_dicts(
    rows: Sequence[dict[str, Any]], *, expected: pa.Schema | None, spoil: Callable[[int], None]
) -> pa.RecordBatch:
    """One batch of JSON objects: columns in order of first appearance, absent values null, nested ones JSON text."""
    names: dict[str, None] = {}
    for row in rows:
        names.update(dict.fromkeys(row))
    columns = {str(name): [row.get(name) for row in rows] for name in names}
    return shape(columns, expected=expected, spoil=spoil)
