"""Writes DBF (dBase III) in GBK, as systems of the nineties still export it: fixed widths, no index, no memo."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

_GBK_PAGE = 0x4D
"""Language driver id of code page 936."""
_STAMP = (126, 10, 31)
"""Year since 1900, month, day of the last change; fixed, so that the same rows give the same bytes."""
WIDEST = 254
"""Bytes a character field can hold."""


def _encoded(column: pa.Array) -> list[bytes]:
    """Every value in GBK; all at once, as one text with line breaks between (no value holds one)."""
    return "\n".join(pc.fill_null(column, "").to_pylist()).encode("gbk").split(b"\n")


def _field(name: str, column: pa.Array) -> tuple[bytes, np.ndarray]:
    """The 32-byte descriptor of a field, and its values as an array of fixed-width bytes."""
    decimals = 0
    if pa.types.is_date(column.type):
        kind, width = b"D", 8
        values = [value.replace("-", "").encode() for value in pc.fill_null(column.cast(pa.string()), "").to_pylist()]
    elif pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        kind, width = b"N", 19
        decimals = 0 if pa.types.is_integer(column.type) else 6
        form = f"%{width}.{decimals}f"
        values = [b" " * width if value is None else (form % value).encode() for value in column.to_pylist()]
    else:
        kind = b"C"
        values = _encoded(column)
        width = min(max(map(len, values), default=1) or 1, WIDEST)
    key = name.encode("gbk")
    if len(key) > 10:
        raise ValueError(
            _("DBF field %(name)s is longer than ten bytes: shorten the column's name.") % {"name": repr(name)}
        )
    descriptor = struct.pack("<11sc4xBB14x", key, kind, width, decimals)
    array = np.array(values, dtype=f"S{width}")
    # Fields are padded with spaces, NumPy pads with zero bytes.
    matrix = array.view(np.uint8).reshape(len(values), width).copy()
    matrix[matrix == 0] = 0x20
    return descriptor, matrix


def write_dbf(rows: pa.Table, path: Path) -> None:
    """Write all columns: text as C, numbers as N, dates as D."""
    fields = [_field(name, rows[name].combine_chunks()) for name in rows.column_names]
    width = 1 + sum(matrix.shape[1] for _descriptor, matrix in fields)
    header = struct.pack("<4BIHH17xB2x", 3, *_STAMP, rows.num_rows, 33 + 32 * len(fields), width, _GBK_PAGE)
    records = np.hstack(
        [np.full((rows.num_rows, 1), 0x20, dtype=np.uint8), *(matrix for _descriptor, matrix in fields)]
    )
    path.write_bytes(header + b"".join(descriptor for descriptor, _ in fields) + b"\r" + records.tobytes() + b"\x1a")
