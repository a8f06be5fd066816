"""The files around an import: the template people fill in, and the rows that were refused, to be mended."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO

import xlsxwriter
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records import blobs
from citybrain.kernel.records.fields import Code, Place
from citybrain.kernel.records.models import Import, RefusedRow
from citybrain.kernel.records.shape import FieldShape, Shape
from citybrain.kernel.records.wording import is_chinese

WORDS = 30
"""Words of a choice that the template lists; a longer list is named."""

PIECE = 1024 * 1024


def template(shape: Shape) -> BinaryIO:
    """An empty XLSX with a column for each field, needed ones with a star, and a sheet that explains them."""
    return _book(shape, [_headed(field) for field in shape.editable], [])


def error_file(source: Import, actor: Actor) -> BinaryIO:
    """The refused rows with what is wrong with each. Raises PermissionDenied for somebody else's import."""
    if source.user_id != actor.user_id or not source.error_file:
        raise PermissionDenied(_("This import is not yours, or none of its rows was refused."))
    return blobs.open_blob(source.error_file)


def keep_error_file(shape: Shape, source: Import) -> None:
    """Writes the refused rows as a file beside the import; nothing without any."""
    refused = RefusedRow.objects.filter(source=source).order_by("row")
    if not refused.exists():
        return
    by_name = shape.by_name
    words = {"revision": _("Revision"), "": ""}
    heads = [str(by_name[name].title) if name in by_name else words.get(name, name) for name in source.heads]
    with _book(shape, [*heads, _("Error")], refused.iterator(chunk_size=500)) as file:
        blob = blobs.keep(iter(lambda: file.read(PIECE), b""))
    Import.objects.filter(pk=source.pk).update(error_file=blob.digest)


def _headed(field: FieldShape) -> str:
    title = f"{field.title} ({field.unit})" if field.unit else str(field.title)
    return f"{title} *" if is_needed(field) else title


def is_needed(field: FieldShape) -> bool:
    """Whether a new record cannot be without a value of it."""
    return field.is_required and not field.field.has_default()


def _book(shape: Shape, heads: list[str], refused: list[RefusedRow] | Iterator[RefusedRow]) -> BinaryIO:
    file = tempfile.TemporaryFile(prefix="import-")  # noqa: SIM115 - the caller closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False})
    bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF3F9"})
    red = book.add_format({"font_color": "#C62828", "text_wrap": True})
    sheet = book.add_worksheet(_("Rows"))
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(heads):
        sheet.set_column(column, column, min(max(2 * len(head), 12), 40))
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(refused, 1):
        for column, cell in enumerate(row.cells[: len(heads) - 1]):
            _write(sheet, number, column, cell)
        sheet.write_string(number, len(heads) - 1, row.error[:32_000], red)
    _explain(book, shape, bold)
    book.close()
    file.seek(0)
    return file


def _write(sheet: Any, row: int, column: int, cell: Any) -> None:
    """A cell as it came: a number as a number, any text as a text, so that none is a formula."""
    match cell:
        case None | "":
            return
        case bool():
            sheet.write_boolean(row, column, cell)
        case int() | float():
            sheet.write_number(row, column, cell)
        case _:
            sheet.write_string(row, column, str(cell)[:32_000])


def _explain(book: Any, shape: Shape, bold: Any) -> None:
    sheet = book.add_worksheet(_("How to fill in"))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 80)
    for column, head in enumerate((_("Column"), _("Needed"), _("What to write"))):
        sheet.write_string(0, column, head, bold)
    for row, field in enumerate(shape.editable, 1):
        sheet.write_string(row, 0, str(field.title))
        sheet.write_string(row, 1, _("Yes") if is_needed(field) else "")
        sheet.write_string(row, 2, " ".join(filter(None, (how(field), field.help))))


def how(field: FieldShape) -> str:
    """How a value of the field is written, one sentence."""
    column = field.field
    match column:
        case models.ForeignKey():
            return (
                _("Name, key or number; empty takes your own organisation.")
                if field.name == "organisation"
                else _("Name, key or number.")
            )
        case Place():
            return _("Longitude and latitude in degrees: 120.04, 28.89.")
        case Code():
            titles = [code.title if is_chinese() else code.english or code.title for code in column.code_list.codes]
            return _one_of(titles, column.code_list.chinese)
        case models.BooleanField():
            return _("是 or 否.")
        case models.DateTimeField():
            return _("A time: 2026-11-21 09:30.")
        case models.DateField():
            return _("A day: 2026-11-21.")
        case models.IntegerField():
            return _("A whole number.")
        case models.DecimalField() | models.FloatField():
            return _("A number.")
    if column.choices:
        return _one_of([str(title) for _value, title in column.flatchoices], "")
    if column.max_length:
        return _("At most %d characters.") % column.max_length
    return ""


def _one_of(words: list[str], name: str) -> str:
    if len(words) > WORDS and name:
        return _("A code or title of the list “%s”.") % name
    return _("One of: %s.") % ", ".join(words[:WORDS])
