"""Text columns made by arithmetic: a matrix of bytes becomes an Arrow column without a Python loop."""

from __future__ import annotations

from enum import Enum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Days = np.ndarray
"""datetime64[D], NaT for no day."""


class DateLayout(Enum):
    """The six layouts of a date that departments deliver."""

    DASHES = "YYYY-MM-DD"
    COMPACT = "YYYYMMDD"
    SLASHES = "YYYY/MM/DD"
    DOTS = "YYYY.MM.DD"
    CHINESE = "YYYY年MM月DD日"
    WITH_TIME = "YYYY-MM-DD 00:00:00"


def from_matrix(matrix: np.ndarray, valid: np.ndarray | None = None) -> pa.Array:
    """A text column of an (n, width) matrix of UTF-8 bytes; rows where `valid` is false become null."""
    count, width = matrix.shape
    offsets = np.arange(0, (count + 1) * width, width, dtype=np.int32)
    data = np.ascontiguousarray(matrix, dtype=np.uint8)
    column = pa.Array.from_buffers(pa.string(), count, [None, pa.py_buffer(offsets), pa.py_buffer(data)])
    if valid is None or valid.all():
        return column
    return pc.if_else(pa.array(valid), column, pa.scalar(None, pa.string()))


def to_matrix(column: pa.Array, width: int) -> np.ndarray:
    """The (n, width) matrix of bytes of a text column whose every value has `width` bytes."""
    offset = column.offset
    offsets = np.frombuffer(column.buffers()[1], dtype=np.int32)[offset : offset + len(column) + 1]
    data = np.frombuffer(column.buffers()[2], dtype=np.uint8)[offsets[0] : offsets[-1]]
    return data.reshape(len(column), width)


def digit_matrix(numbers: np.ndarray, width: int) -> np.ndarray:
    """Decimal digits of non-negative numbers as an (n, width) matrix of the digits 0..9, most significant first."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (np.asarray(numbers, dtype=np.int64)[:, None] // powers % 10).astype(np.uint8)


def digits(numbers: np.ndarray, width: int) -> pa.Array:
    """Numbers as text, padded with zeros to `width`."""
    return from_matrix(digit_matrix(numbers, width) + 48)


def joined(*parts: pa.Array | str) -> pa.Array:
    """The parts of each row one after another; null where any part is null."""
    return pc.binary_join_element_wise(*parts, "", null_handling="emit_null")


def chosen(values: list[str] | tuple[str, ...] | pa.Array, indices: np.ndarray) -> pa.Array:
    """values[indices] as a text column; a negative index gives null."""
    source = values if isinstance(values, pa.Array) else pa.array(list(values), pa.string())
    taken = pa.array(indices.astype(np.int64), mask=indices < 0) if (indices < 0).any() else pa.array(indices)
    return source.take(taken)


def where(condition: np.ndarray, yes: pa.Array | str | None, no: pa.Array | str | None) -> pa.Array:
    """`yes` where the condition holds, else `no`."""
    first = pa.scalar(yes, pa.string()) if not isinstance(yes, pa.Array) else yes
    second = pa.scalar(no, pa.string()) if not isinstance(no, pa.Array) else no
    return pc.if_else(pa.array(condition), first, second)


def day_parts(days: Days) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Year, month and day of month; NaT gives 1970-01-01."""
    known = np.where(np.isnat(days), np.datetime64("1970-01-01"), days).astype("datetime64[D]")
    months = known.astype("datetime64[M]")
    month_number = months.astype(np.int64)
    return month_number // 12 + 1970, month_number % 12 + 1, (known - months).astype(np.int64) + 1


def days_as_text(days: Days, layout: DateLayout) -> pa.Array:
    """Days in one of the six layouts; NaT becomes null."""
    year, month, day = day_parts(days)
    template = np.frombuffer(layout.value.encode(), dtype=np.uint8)
    matrix = np.tile(template, (len(days), 1))
    text = layout.value.encode()
    for mark, numbers, width in ((b"YYYY", year, 4), (b"MM", month, 2), (b"DD", day, 2)):
        start = text.index(mark)
        matrix[:, start : start + width] = digit_matrix(numbers, width) + 48
    return from_matrix(matrix, ~np.isnat(days))


def moments_as_text(moments: np.ndarray, layout: DateLayout) -> pa.Array:
    """datetime64[s] as the layout's day with hh:mm:ss behind; NaT becomes null."""
    days = moments.astype("datetime64[D]")
    valid = ~np.isnat(moments)
    seconds = np.where(valid, (moments - days).astype(np.int64), 0)
    clock = np.tile(np.frombuffer(b" 00:00:00", dtype=np.uint8), (len(moments), 1))
    clock[:, 1:3] = digit_matrix(seconds // 3600, 2) + 48
    clock[:, 4:6] = digit_matrix(seconds // 60 % 60, 2) + 48
    clock[:, 7:9] = digit_matrix(seconds % 60, 2) + 48
    plain = DateLayout.DASHES if layout is DateLayout.WITH_TIME else layout
    return joined(days_as_text(days, plain), from_matrix(clock))


def days_as_arrow(days: Days) -> pa.Array:
    """A date32 column; NaT becomes null."""
    return pa.array(days.astype("datetime64[D]"), pa.date32())


def days_of(column: pa.Array) -> Days:
    """datetime64[D] of a date32 column; null becomes NaT."""
    return column.to_numpy(zero_copy_only=False).astype("datetime64[D]")
