"""Arrow's memory as the kernels see it: plain arrays over the buffers, nothing copied, eight bytes read at a time."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from citybrain.warehouse.governance.primitives import compiled

KERNELS_AT = compiled.config.CACHE_DIR
"""Every kernel imports this module, so that the place is set before the first is compiled."""

NOTHING = np.zeros(0, np.uint8)
"""A buffer that is not there: the validity bitmap of a column without nulls."""

ZEROS = np.uint64(0x3030303030303030)
HIGH = np.uint64(0x8080808080808080)
ONES = np.uint64(0x0101010101010101)


class Text(NamedTuple):
    """A string column: row i is `data[offsets[i]:offsets[i + 1]]`, null when bit `start + i` of `valid` is 0."""

    offsets: np.ndarray
    """int32, rows + 1 of them, the slice already taken."""
    data: np.ndarray
    """uint8, UTF-8."""
    valid: np.ndarray
    """uint8 bitmap; empty when there are no nulls."""
    start: int
    """The first row's bit in `valid`."""


class _Address:
    """A range of memory numpy may look at; it keeps its owner alive."""

    def __init__(self, owner: object, address: int, size: int, code: str) -> None:
        self.owner = owner
        self.__array_interface__ = {"data": (address, False), "shape": (size,), "typestr": code, "version": 3}


def view(buffer: pa.Buffer | None, dtype: Any) -> np.ndarray:
    """`buffer` as an array, writable in type so that every kernel compiles once; kernels never write into inputs."""
    kind = np.dtype(dtype)
    if buffer is None or buffer.size < kind.itemsize:
        return np.zeros(0, kind)
    return np.asarray(_Address(buffer, buffer.address, buffer.size // kind.itemsize, kind.str))


def validity(array: pa.Array) -> tuple[np.ndarray, int]:
    """The validity bitmap of `array` and its first row's bit; empty when it holds no null."""
    if array.null_count == 0:
        return NOTHING, 0
    return view(array.buffers()[0], np.uint8), array.offset


def text(array: pa.StringArray) -> Text:
    """The buffers of a string column."""
    _, offsets, data = array.buffers()
    where = view(offsets, np.int32)[array.offset : array.offset + len(array) + 1]
    if len(where) == 0:
        where = np.zeros(1, np.int32)
    return Text(where, view(data, np.uint8), *validity(array))


def fixed(array: pa.Array, dtype: Any) -> np.ndarray:
    """The values of a fixed-width column, the slice already taken; what stands under a null is arbitrary."""
    return view(array.buffers()[1], dtype)[array.offset : array.offset + len(array)]


def nulls(array: pa.Array) -> np.ndarray:
    """One bool a row: True where `array` is null."""
    bits, start = validity(array)
    if len(bits) == 0:
        return np.zeros(len(array), np.bool_)
    return ~unpack(bits, start, len(array))


def unpack(bits: np.ndarray, start: int, count: int) -> np.ndarray:
    """`count` bits from bit `start` as bools."""
    first = start >> 3
    shift = start & 7
    return np.unpackbits(bits[first : (start + count + 7) >> 3], bitorder="little")[shift : shift + count].view(
        np.bool_
    )


def bitmap(present: np.ndarray) -> pa.Buffer:
    """Bools as a validity bitmap."""
    return pa.py_buffer(np.packbits(present, bitorder="little"))


def numbers(values: np.ndarray, type_: pa.DataType, missing: np.ndarray | None) -> pa.Array:
    """`values` as a column of `type_` without a copy; `missing` marks nulls."""
    valid = None if missing is None or not missing.any() else bitmap(~missing)
    return pa.Array.from_buffers(type_, len(values), [valid, pa.py_buffer(values)])


def strings(offsets: np.ndarray, data: np.ndarray, missing: np.ndarray | None) -> pa.StringArray:
    """Offsets (rows + 1, from 0) and bytes as a string column; `missing` marks nulls."""
    valid = None if missing is None or not missing.any() else bitmap(~missing)
    return pa.Array.from_buffers(
        pa.string(), len(offsets) - 1, [valid, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(data))]
    )


@intrinsic
def load8(typing: Any, data: Any, index: Any) -> Any:
    """Eight bytes of a uint8 array from `index` as one uint64, aligned or not, little end first."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        word = builder.bitcast(builder.gep(array.data, [arguments[1]]), ir.IntType(64).as_pointer())
        return builder.load(word, align=1)

    return types.uint64(data, types.intp), generate


@njit(cache=True, nogil=True, inline="always")
def word_at(data, at, end):  # type: ignore[no-untyped-def]
    """Up to eight bytes from `at`, those from `end` on read as the neutral digit 0; never reads outside `data`."""
    left = end - at
    if left >= 8:
        return load8(data, at)
    mask = (np.uint64(1) << np.uint64(8 * left)) - np.uint64(1)
    if at + 8 <= len(data):
        return (load8(data, at) & mask) | (ZEROS & ~mask)
    word = ZEROS
    for i in range(left):
        shift = np.uint64(8 * i)
        word = (word & ~(np.uint64(0xFF) << shift)) | (np.uint64(data[at + i]) << shift)
    return word


@njit(cache=True, nogil=True, inline="always")
def has(word, byte):  # type: ignore[no-untyped-def]
    """Whether one of the eight bytes equals `byte`."""
    x = word ^ (ONES * np.uint64(byte))
    return ((x - ONES) & ~x & HIGH) != 0


@njit(cache=True, nogil=True, inline="always")
def has_below(word, byte):  # type: ignore[no-untyped-def]
    """Whether one of the eight bytes is less than `byte` (at most 128)."""
    return ((word - ONES * np.uint64(byte)) & ~word & HIGH) != 0


@njit(cache=True, nogil=True, inline="always")
def has_between(word, low, high):  # type: ignore[no-untyped-def]
    """Whether one of the eight bytes lies in [low, high], both below 128."""
    seven = word & ~HIGH
    above = seven + ONES * np.uint64(128 - low)
    beyond = seven + ONES * np.uint64(127 - high)
    return (above & ~beyond & ~word & HIGH) != 0


@njit(cache=True, nogil=True, inline="always")
def is_null(valid, bit):  # type: ignore[no-untyped-def]
    """Whether the row whose validity bit is `bit` is null."""
    return len(valid) > 0 and (valid[bit >> 3] >> (bit & 7)) & 1 == 0
