"""Rows of the XLSX, XLS, ODS and CSV files people send, read in a stream and within limits."""

from __future__ import annotations

import csv
import datetime
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from citybrain.kernel.records import workbook_reader
from citybrain.kernel.records.exporting import REMARK, armed

Cells = list[Any]
"""One row: None or the empty text where nothing stands; formulas as the value they had when the file was saved."""

MOST_BYTES = 50 * 1024 * 1024
MOST_UNPACKED = 600 * 1024 * 1024
"""Bytes of a workbook unpacked: a small file may be a bomb."""

MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_LETTERS = 100_000
"""Of one cell."""

DELIMITERS = (",", "\t", ";", "|")
LOOKED_AT = 10
"""Rows in which the head is looked for: offices write a title above it."""


def rows_of(path: Path, name: str) -> Iterator[Cells]:
    """Every row of the first sheet with anything on it, or of the text file.

    Raises ValidationError that says what is wrong with the file and how it is mended.
    """
    if path.stat().st_size > MOST_BYTES:
        raise ValidationError(_("The file is larger than %d MB: split it.") % (MOST_BYTES // 1024 // 1024))
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PK\x03\x04"):
        _demand_small(path)
        rows = _workbook(path)
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        rows = _workbook(path)
    else:
        rows = _text(path, name)
    for number, cells in enumerate(rows):
        if number > MOST_ROWS:
            raise ValidationError(_("The file has more than %d rows: split it.") % MOST_ROWS)
        if len(cells) > MOST_COLUMNS:
            del cells[MOST_COLUMNS:]
        yield cells


def is_blank(cells: Iterable[Any]) -> bool:
    """Whether nothing stands in a row."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def is_remark(cells: Cells) -> bool:
    """Whether a row is the line an export ends with."""
    return bool(cells) and isinstance(cells[0], str) and cells[0].startswith(REMARK) and is_blank(cells[1:])


def _demand_small(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile as error:
        raise ValidationError(_unreadable()) from error
    if size > MOST_UNPACKED:
        text = _("The workbook unpacks to more than %d MB: save it anew without pictures, or split it.")
        raise ValidationError(text % (MOST_UNPACKED // 1024 // 1024))


def _unreadable() -> str:
    return _("The file cannot be read: open it, save it anew as XLSX, and send that.")


def _workbook(path: Path) -> Iterator[Cells]:
    """The rows, read by a process of its own: a workbook of a kilobyte can ask for more memory than there is."""
    # Without the folder of the script on the path: modules of this room are called like some of Python's own.
    command = [sys.executable, "-P", workbook_reader.__file__, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader:  # noqa: S603 - our own
        try:
            for line in reader.stdout or ():
                yield [_read(cell) for cell in json.loads(line)]
        except BaseException:
            # Whoever has seen enough of the file goes on without the rest.
            reader.kill()
            raise
    if reader.returncode:
        raise ValidationError(_unreadable())


READ: dict[str, Callable[[str], Any]] = {
    "day": datetime.date.fromisoformat,
    "moment": datetime.datetime.fromisoformat,
}


def _read(cell: Any) -> Any:
    """A cell as the reader found it."""
    return READ[cell[0]](cell[1]) if isinstance(cell, list) else cell


def _text(path: Path, name: str) -> Iterator[Cells]:
    text = decoded(path.read_bytes())
    if "\x00" in text:
        raise ValidationError(_("“%s” is neither a workbook nor a text file: save it as XLSX.") % name)
    csv.field_size_limit(MOST_LETTERS)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text)):
            yield [armed(cell) for cell in cells]
    except csv.Error as error:
        raise ValidationError(_("The file is no proper CSV (%s): save it as XLSX.") % error) from error


def decoded(content: bytes) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else GB18030, which holds GBK and GB2312."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError(_("The text is neither UTF-8 nor GB18030: save the file as XLSX."))


def delimiter_of(text: str) -> str:
    """What stands between the cells: whatever occurs most often in the first line with any of them."""
    for line in text.splitlines()[:LOOKED_AT]:
        counts = {delimiter: line.count(delimiter) for delimiter in DELIMITERS}
        best = max(counts, key=lambda delimiter: counts[delimiter])
        if counts[best]:
            return best
    return ","
