"""The list of entries as a spreadsheet for people: CSV that Excel opens as UTF-8, and XLSX (目录清单)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from citybrain.declare.words import OpenType, ShareType, UpdateCycle
from citybrain.warehouse.catalogue.freshness import freshness
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.catalogue.search import Filters, matching

Value = str | int | float | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the start of a formula, full-width forms included (OWASP, CSV injection)."""

CELL_LENGTH = 32_767
"""Most characters of a cell in XLSX."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of the list."""

    title: str
    """English title, marked for translation."""
    value: Callable[[Dataset, datetime], Value]
    """The cell, from an entry with its provider and the time of export."""


COLUMNS = (
    Column(title=gettext_noop("Code"), value=lambda entry, now: entry.code),
    Column(title=gettext_noop("Key"), value=lambda entry, now: entry.key),
    Column(title=gettext_noop("Title"), value=lambda entry, now: entry.chinese),
    Column(title=gettext_noop("English title"), value=lambda entry, now: entry.english),
    Column(title=gettext_noop("Summary"), value=lambda entry, now: entry.summary),
    Column(title=gettext_noop("Provider"), value=lambda entry, now: entry.provider.chinese),
    Column(title=gettext_noop("Provider's code"), value=lambda entry, now: entry.provider.credit_code),
    Column(title=gettext_noop("Source"), value=lambda entry, now: entry.source_key),
    Column(title=gettext_noop("Update cycle"), value=lambda entry, now: _(UpdateCycle(entry.cycle).label)),
    Column(title=gettext_noop("Freshness"), value=lambda entry, now: _(_freshness(entry, now))),
    Column(title=gettext_noop("Time of the data"), value=lambda entry, now: _time(entry.data_at)),
    Column(title=gettext_noop("Share attribute"), value=lambda entry, now: ShareType[entry.share].national),
    Column(title=gettext_noop("Share attribute (Zhejiang)"), value=lambda entry, now: ShareType[entry.share].zhejiang),
    Column(title=gettext_noop("Open attribute"), value=lambda entry, now: OpenType[entry.open].national),
    Column(title=gettext_noop("Open attribute (Zhejiang)"), value=lambda entry, now: OpenType[entry.open].zhejiang),
    Column(title=gettext_noop("Grade"), value=lambda entry, now: entry.grade),
    Column(title=gettext_noop("Quality score"), value=lambda entry, now: entry.score),
    Column(title=gettext_noop("Rows"), value=lambda entry, now: entry.raw_rows),
    Column(title=gettext_noop("Clean rows"), value=lambda entry, now: entry.standard_rows),
    Column(title=gettext_noop("Rows with problems"), value=lambda entry, now: entry.problem_rows),
    Column(title=gettext_noop("State"), value=lambda entry, now: entry.get_state_display()),
    Column(title=gettext_noop("Source and licence"), value=lambda entry, now: entry.attribution),
)
"""The columns of the list, in the order of the 编制指南's core metadata where it has them."""


def rows(query: str = "", *, filters: Filters | None = None, now: datetime) -> Iterator[list[Value]]:
    """The titles of the columns in the language in force, then a row for each entry found, in the order of keys."""
    yield [_(column.title) for column in COLUMNS]
    for entry in matching(query, filters).select_related("provider").order_by("key").iterator(chunk_size=2_000):
        yield [column.value(entry, now) for column in COLUMNS]


def as_csv(query: str = "", *, filters: Filters | None = None, now: datetime) -> Iterator[str]:
    """The list as CSV, line by line, with a byte order mark first: Excel reads GB18030 without one."""
    yield "\ufeff"
    for row in rows(query, filters=filters, now=now):
        line = io.StringIO()
        csv.writer(line).writerow([harmless(cell) for cell in row])
        yield line.getvalue()


def as_xlsx(query: str = "", *, filters: Filters | None = None, now: datetime) -> bytes:
    """The list as one sheet with a fixed first row; every text is a text, whatever it starts with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Catalogue")[:31])
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows(query, filters=filters, now=now)):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=_legal(value))
            if isinstance(value, str):
                cell.data_type = "s"
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def harmless(cell: Value) -> Value:
    """A text that a spreadsheet would calculate gets an apostrophe before it; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _legal(cell: Value) -> Value:
    """XLSX holds no control characters and no longer text."""
    return ILLEGAL_CHARACTERS_RE.sub("", cell)[:CELL_LENGTH] if isinstance(cell, str) else cell


def _freshness(entry: Dataset, now: datetime) -> str:
    return freshness(data_at=entry.data_at, cycle=UpdateCycle(entry.cycle), now=now).state.label


def _time(moment: datetime | None) -> str:
    return "" if moment is None else timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
