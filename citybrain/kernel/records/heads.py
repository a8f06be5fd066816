"""The heads of a file's columns as fields: by title in either language, or by name; near misses are named."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from citybrain.kernel.records.cells import LANGUAGES, plain_text
from citybrain.kernel.records.shape import FieldShape, Shape
from citybrain.kernel.registry.registry import did_you_mean

ERROR_HEADS = ("error", "错误")
"""Head of the column an error file adds, which is no field."""

REVISIONS = ("revision", "version", "版本")
"""Head of a column with the revision a row was taken at."""

UNIT = re.compile(r"[(（][^()（）]*[)）]\s*$")


@dataclass(frozen=True, kw_only=True)
class Head:
    """One column of a file."""

    title: str
    """As the file writes it."""
    field: str
    """Name of the field; empty for a column that is left out."""
    note: str = ""
    """Why it is left out, and the nearest head there is."""


def spelled(title: str) -> str:
    """A head as it is compared: without stars, blanks, units and case."""
    plain = unicodedata.normalize("NFKC", title).casefold().replace("*", "")
    return re.sub(r"[\s_\-]+", "", UNIT.sub("", plain.strip()))


def known_heads(shape: Shape) -> dict[str, str]:
    """Every way to write a head -> name of its field."""
    found: dict[str, str] = {}
    for field in shape.fields:
        for title in titles_of(field):
            found.setdefault(spelled(title), field.name)
    for word in REVISIONS:
        found.setdefault(spelled(word), "revision")
    return found


def titles_of(field: FieldShape) -> list[str]:
    """A field's name and its title in every language."""
    found = [field.name]
    for language in LANGUAGES:
        with translation.override(language):
            found.append(str(field.title))
    return found


def heads_of(shape: Shape, cells: Sequence[Any]) -> list[Head]:
    """What each column is."""
    known = known_heads(shape)
    editable = {field.name for field in shape.editable}
    heads: list[Head] = []
    for cell in cells:
        title = plain_text(cell)
        field = known.get(spelled(title), "") if title else ""
        note = ""
        if field and field in [head.field for head in heads]:
            field, note = "", _("A column of this name came before.")
        elif not field and title and spelled(title) not in ERROR_HEADS:
            near = did_you_mean(title, [name for one in shape.editable for name in titles_of(one)])
            note = _("No field has this title: the column is left out.") + near
        elif field and field not in editable and field not in ("number", "changed_at", "revision"):
            field, note = "", _("This field is filled in by itself: the column is left out.")
        heads.append(Head(title=title, field=field, note=note))
    return heads


def find_heads(shape: Shape, rows: Sequence[Sequence[Any]]) -> int | None:
    """Place of the row with the most known heads; None when no row has any."""
    known = known_heads(shape)
    counts = [sum(spelled(plain_text(cell)) in known for cell in row if cell is not None) for row in rows]
    best = max(counts, default=0)
    return counts.index(best) if best else None
