"""Exports (导出): rows a person may see as XLSX, CSV, Parquet or GeoJSON, in a stream, watermarked, formula-safe.

Every export has an id, which stands in the file and in the security log: a file found later says who took it out.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import secrets
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.declare.words import Grade
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import demand_scoped, scoped
from citybrain.kernel.identity.security_log import log_security
from citybrain.kernel.records.fields import Place
from citybrain.kernel.records.masking import is_masked, masked
from citybrain.kernel.records.shape import FieldShape, Shape
from citybrain.kernel.records.wording import raw, worded

CHUNK = 1_000
"""Rows asked of the database at a time."""

MOST_XLSX = 1_048_000
"""Rows a sheet can hold, less the head and the watermark."""

DIGITS = 15
"""Digits a sheet keeps: it counts with doubles, so longer numbers are written as texts."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would calculate (CSV injection)."""

REMARK = "# "
"""How the line of a CSV begins that is no row but the watermark."""

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
}
"""Formats and their media types."""


@dataclass(frozen=True, kw_only=True)
class Export:
    """An export that was allowed and logged; `write` makes the file."""

    id: str
    """Stands in the file and in the security log."""
    shape: Shape
    fields: tuple[FieldShape, ...]
    rows: QuerySet[Any]
    actor: Actor
    format: str
    at: datetime.datetime
    count: int

    @property
    def name(self) -> str:
        """Name of the file."""
        return f"{self.shape.key}-{timezone.localtime(self.at):%Y%m%d-%H%M}.{self.format}"

    @property
    def watermark(self) -> dict[str, str]:
        """Who took what, when and what for (水印), as it stands in the file."""
        body = Organisation.objects.filter(pk=self.actor.organisation_id or 0).first()
        return {
            _("Exported by"): self.actor.name,
            _("Organisation"): body.chinese if body else "",
            _("Time"): f"{timezone.localtime(self.at):%Y-%m-%d %H:%M:%S %z}",
            _("Purpose"): self.actor.purpose,
            _("Rows"): str(self.count),
            _("Export number"): self.id,
        }

    def write(self, out: BinaryIO) -> None:
        """Writes the file; memory does not grow with the rows."""
        WRITERS[self.format](self, out)


def export(
    shape: Shape, rows: QuerySet[Any], actor: Actor, file_format: str, *, fields: Iterable[str] = (), purpose: str = ""
) -> Export:
    """Allows and logs an export of scoped `rows`; empty `fields` are all.

    Personal values come plain only within the clearance and for a purpose; grade L4 never leaves (不得导出). Raises
    PermissionDenied, Unscoped, LookupError for an unknown field, ValidationError for an unknown format or too many
    rows.
    """
    demand_scoped(rows)
    if not actor.may(shape.permission("export")):
        raise PermissionDenied(_("Your post does not carry the permission %s.") % shape.permission("export").key)
    if file_format not in FORMATS or (file_format == "geojson" and not shape.place):
        known = ", ".join(name for name in FORMATS if name != "geojson" or shape.place)
        text = _("There is no export as “%(format)s”. There is: %(known)s.")
        raise ValidationError(text % {"format": file_format, "known": known})
    told = actor.for_purpose(" ".join(purpose.split())[:200]) if purpose else actor
    if told.purpose and not told.may(shape.permission("disclose")):
        # A purpose alone opens nothing: who may not see one value plain may not take them all.
        told = told.for_purpose("")
    chosen = tuple(shape.field(name) for name in fields) or shape.fields
    chosen = tuple(field for field in chosen if field.grade < Grade.L4)
    # What may be seen may lie wider than what may be taken out, or than what may be seen plain.
    rows = scoped(rows, told, shape.permission("export"))
    count = rows.count()
    opened = [field for field in chosen if field.is_personal and not is_masked(field, told)]
    if opened and scoped(rows, told, shape.permission("disclose")).count() != count:
        text = _("Some of these records are outside your reach for personal values: filter them, or state no purpose.")
        raise ValidationError({"purpose": text})
    if file_format == "xlsx" and count > MOST_XLSX:
        text = _("A sheet holds %(most)d rows, and these are %(count)d: filter them, or take CSV or Parquet.")
        raise ValidationError(text % {"most": MOST_XLSX, "count": count})
    made = Export(
        id=secrets.token_hex(8),
        shape=shape,
        fields=chosen,
        rows=rows,
        actor=told,
        format=file_format,
        at=timezone.now(),
        count=count,
    )
    personal = [field.name for field in chosen if field.is_personal and not is_masked(field, told)]
    facts = {"format": file_format, "rows": count, "export": made.id, "plain": personal}
    log_security(told, "export", thing=shape.key, thing_id=made.id, detail=facts)
    return made


def open_export(made: Export) -> BinaryIO:
    """The file, written to a temporary place that vanishes when it is closed; at its beginning, ready to be sent."""
    file = tempfile.TemporaryFile(prefix="export-")  # noqa: SIM115 - the caller sends and closes it
    made.write(file)
    file.seek(0)
    return file


def values(made: Export, cell: Callable[[FieldShape, Any], Any]) -> Iterator[list[Any]]:
    """The rows as lists of `cell(field, value)`, masked values already as text; by key, so that no page is lost."""
    hidden = {field.name for field in made.fields if is_masked(field, made.actor)}
    words: dict[tuple[str, Any], str] = {}
    for row in stream(made.rows):
        line = []
        for field in made.fields:
            value = raw(field, row)
            if field.name in hidden:
                value = masked(field, value) if value not in (None, "") else value
            elif isinstance(field.field, models.ForeignKey) and value is not None:
                # A linked row is named once, however many rows lead to it.
                key = (field.name, value)
                if key not in words:
                    words[key] = worded(field, value)
                value = words[key]
            else:
                value = cell(field, value)
            line.append(value)
        yield line


def stream(rows: QuerySet[Any]) -> Iterator[Any]:
    """Every row in the order of its id, a chunk at a time, each chunk found by the last id of the one before."""
    last = 0
    ordered = rows.order_by("pk").select_related(None)
    while chunk := list(ordered.filter(pk__gt=last)[:CHUNK]):
        yield from chunk
        last = chunk[-1].pk


def typed(field: FieldShape, value: Any) -> Any:
    """A value as a sheet keeps it: numbers, days and flags as such, everything else in words."""
    if isinstance(field.field, Place) or field.field.choices or value is None or isinstance(value, str | bool):
        return worded(field, value)
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    return value if isinstance(value, int | float | Decimal | datetime.date) else worded(field, value)


def defused(text: str) -> str:
    """A text that no spreadsheet calculates: an apostrophe before what would be a formula."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def armed(text: str) -> str:
    """The text that `defused` was given: what an import reads."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


def titles(made: Export) -> list[str]:
    """The heads of the columns: titles with units."""
    return [f"{field.title} ({field.unit})" if field.unit else str(field.title) for field in made.fields]


def write_xlsx(made: Export, out: BinaryIO) -> None:
    """One sheet of rows and one with the watermark; texts are written as texts, so that none is a formula."""
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "in_memory": False})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF3F9"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet = book.add_worksheet(made.shape.plural[:31].translate(str.maketrans("[]:*?/\\", "       ")))
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(titles(made)):
        sheet.write_string(0, column, title, head)
        sheet.set_column(column, column, min(max(2 * len(title), 12), 40))
    for number, line in enumerate(values(made, typed), 1):
        for column, value in enumerate(line):
            match value:
                case None | "":
                    continue
                case bool():
                    sheet.write_boolean(number, column, value)
                case int() | Decimal() if len(str(abs(value)).replace(".", "").lstrip("0")) > DIGITS:
                    sheet.write_string(number, column, str(value))
                case int() | float():
                    sheet.write_number(number, column, value)
                case Decimal():
                    sheet.write_number(number, column, float(value))
                case datetime.datetime():
                    sheet.write_datetime(number, column, value, moment)
                case datetime.date():
                    sheet.write_datetime(number, column, datetime.datetime(*value.timetuple()[:3]), day)
                case _:
                    sheet.write_string(number, column, str(value)[:32_000])
    if made.count:
        sheet.autofilter(0, 0, made.count, len(made.fields) - 1)
    mark = book.add_worksheet(_("Watermark"))
    mark.set_column(0, 1, 32)
    for number, (word, value) in enumerate(made.watermark.items()):
        mark.write_string(number, 0, word, head)
        mark.write_string(number, 1, value)
    book.set_properties({"comments": line_of(made)})
    book.close()


def write_csv(made: Export, out: BinaryIO) -> None:
    """UTF-8 with a byte order mark, as Excel reads Chinese; the last line is the watermark."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    lines = csv.writer(text)
    lines.writerow([defused(title) for title in titles(made)])
    for line in values(made, number_or_words):
        lines.writerow([defused(value) if isinstance(value, str) else value for value in line])
    lines.writerow([f"{REMARK}{line_of(made)}"])
    text.flush()
    text.detach()


def number_or_words(field: FieldShape, value: Any) -> Any:
    """A number as it is, so that a minus is no formula; everything else in words."""
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool) and not field.field.choices
    return value if is_number else worded(field, value)


def write_parquet(made: Export, out: BinaryIO) -> None:
    """Columns under their field names with their own types; titles and watermark are metadata."""
    schema = pa.schema(
        [pa.field(field.name, arrow_type(made, field), metadata={"title": str(field.title)}) for field in made.fields],
        metadata={"watermark": json.dumps(made.watermark, ensure_ascii=False)},
    )
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        lines: list[list[Any]] = []
        for line in values(made, columnar):
            lines.append(line)
            if len(lines) == 10 * CHUNK:
                writer.write_table(table_of(lines, schema))
                lines = []
        writer.write_table(table_of(lines, schema))


def table_of(lines: list[list[Any]], schema: pa.Schema) -> pa.Table:
    """Rows as a table."""
    columns = zip(*lines, strict=True) if lines else [() for _field in schema]
    return pa.table([pa.array(column, kind.type) for column, kind in zip(columns, schema, strict=True)], schema=schema)


def columnar(field: FieldShape, value: Any) -> Any:
    """A value as a typed column keeps it: places as GeoJSON text, codes as they are."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value


def arrow_type(made: Export, field: FieldShape) -> pa.DataType:
    """Type of a field's column; masked values and names of linked rows are text."""
    column = field.field
    if is_masked(field, made.actor) or isinstance(column, models.ForeignKey):
        return pa.string()
    match column:
        case models.BooleanField():
            return pa.bool_()
        case models.IntegerField():
            return pa.int64()
        case models.DecimalField():
            return pa.decimal128(min(column.max_digits or 38, 38), column.decimal_places or 0)
        case models.FloatField():
            return pa.float64()
        case models.DateTimeField():
            return pa.timestamp("us", tz="UTC")
        case models.DateField():
            return pa.date32()
    return pa.string()


def write_geojson(made: Export, out: BinaryIO) -> None:
    """A feature collection (RFC 7946); rows without a place have a null geometry."""
    head = {"type": "FeatureCollection", "watermark": made.watermark}
    out.write(json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "features": [')
    place = [field.name for field in made.fields].index(made.shape.place) if made.shape.place else -1
    for number, line in enumerate(values(made, geometry_or_words)):
        geometry = line[place] if isinstance(line[place], dict) else None
        facts = {
            field.name: str(value) if isinstance(value, Decimal) else value
            for field, value in zip(made.fields, line, strict=True)
            if field.name != made.shape.place
        }
        feature = {"type": "Feature", "geometry": geometry, "properties": facts}
        out.write((b",\n" if number else b"\n") + json.dumps(feature, ensure_ascii=False, default=str).encode())
    out.write(b"\n]}\n")


def geometry_or_words(field: FieldShape, value: Any) -> Any:
    """A geometry as it is, a number or flag as it is, everything else in words."""
    if isinstance(field.field, Place) or (isinstance(value, int | float | Decimal) and not field.field.choices):
        return value
    return worded(field, value) or None


def line_of(made: Export) -> str:
    """The watermark in one line."""
    return " · ".join(f"{word}: {value}" for word, value in made.watermark.items() if value)


WRITERS: dict[str, Callable[[Export, BinaryIO], None]] = {
    "xlsx": write_xlsx,
    "csv": write_csv,
    "parquet": write_parquet,
    "geojson": write_geojson,
}
