"""Rules over several columns of one row, on the standardised values. What is null or unreadable passes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from citybrain.declare.rule import BirthMatches, InOrder, RequiredWhen, Rule, SexMatches
from citybrain.warehouse.governance.columns import as_text, days_of_column
from citybrain.warehouse.governance.primitives import memory
from citybrain.warehouse.governance.primitives.checks import characters, skip
from citybrain.warehouse.governance.primitives.memory import ZEROS, is_null, load8
from citybrain.warehouse.governance.primitives.reading import days_of_digits


def breaks(rule: Rule, first: pa.Array, second: pa.Array) -> np.ndarray:
    """bool, a row each: whether the row breaks `rule`, whose operands stand in `first` and `second`."""
    match rule.check:
        case InOrder():
            return _out_of_order(first, second)
        case BirthMatches():
            out = np.zeros(len(first), np.bool_)
            if pa.types.is_string(first.type) and _is_time(second):
                birth_differs(*memory.text(first), days_of_column(second).astype(np.int64), memory.nulls(second), out)
            return out
        case SexMatches():
            out = np.zeros(len(first), np.bool_)
            if pa.types.is_string(first.type) and pa.types.is_string(second.type):
                sex_differs(*memory.text(first), *memory.text(second), out)
            return out
        case RequiredWhen(values=values):
            asked = pc.is_in(as_text(first), value_set=pa.array(list(values), pa.string()))
            return np.asarray(asked.to_numpy(zero_copy_only=False)) & memory.nulls(second)
    raise TypeError(f"No kernel for {type(rule.check).__name__}: add one to every back end.")


def _is_time(values: pa.Array) -> bool:
    return pa.types.is_date32(values.type) or pa.types.is_timestamp(values.type)


def _out_of_order(first: pa.Array, second: pa.Array) -> np.ndarray:
    if not _is_time(first) or not _is_time(second):
        return np.zeros(len(first), np.bool_)
    if pa.types.is_timestamp(first.type) and pa.types.is_timestamp(second.type):
        later = memory.fixed(first, np.int64) > memory.fixed(second, np.int64)
    else:
        later = days_of_column(first) > days_of_column(second)
    if first.null_count or second.null_count:
        later = later & ~memory.nulls(first) & ~memory.nulls(second)
    return later


@njit(cache=True, nogil=True)
def birth_differs(offsets, data, valid, start, days, missing, out):  # type: ignore[no-untyped-def]
    """Whether characters 7 to 14 of an 18-character number are not the day in `days`."""
    for i in range(len(out)):
        first = offsets[i]
        end = offsets[i + 1]
        if missing[i] or is_null(valid, start + i) or end - first < 18 or characters(data, first, end) != 18:
            continue
        born = skip(data, first, end, 6)
        # Where characters are wider than a byte, they are no digits and differ from every day.
        out[i] = days_of_digits(load8(data, born) ^ ZEROS) != days[i]


@njit(cache=True, nogil=True)
def sex_differs(offsets, data, valid, start, sex_offsets, sex_data, sex_valid, sex_start, out):  # type: ignore[no-untyped-def]
    """Whether the 17th digit is odd where sex is 2, or even where it is 1."""
    for i in range(len(out)):
        first = offsets[i]
        if (
            is_null(valid, start + i)
            or is_null(sex_valid, sex_start + i)
            or offsets[i + 1] - first != 18
            or sex_offsets[i + 1] - sex_offsets[i] != 1
        ):
            continue
        sex = sex_data[sex_offsets[i]]
        if sex != 49 and sex != 50:
            continue
        digits = 48 <= data[first + 17] <= 57 or data[first + 17] == 88
        for k in range(17):
            digits = digits and 48 <= data[first + k] <= 57
        out[i] = digits and (data[first + 16] & 1 == 1) != (sex == 49)
