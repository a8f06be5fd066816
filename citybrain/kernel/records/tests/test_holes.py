"""Ways somebody tried to learn or to spoil what is not theirs; each was open once."""

from __future__ import annotations

import datetime
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from citybrain.declare.role import Reach
from citybrain.declare.words import Grade, Masking
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import scoped
from citybrain.kernel.records import actions
from citybrain.kernel.records.exporting import export
from citybrain.kernel.records.filters import filter_set
from citybrain.kernel.records.shape import Shape
from citybrain.kernel.records.sheets import rows_of
from citybrain.kernel.records.statistics import breakdown
from citybrain.kernel.records.tests.conftest import Values, person
from citybrain.kernel.records.tests.samples import Tree, Visit
from citybrain.kernel.records.wording import name_of

pytestmark = pytest.mark.django_db

MOBILE = "13812348000"


def graded(shape: Shape, name: str, **changes: Any) -> Shape:
    """The type with a field that is personal."""
    fields = (replace(field, grade=Grade.L3, **changes) if field.name == name else field for field in shape.fields)
    return replace(shape, fields=tuple(fields))


def test_masked_text_never_takes_the_place_of_the_value(tree: Shape, keeper: Actor, values: Values) -> None:
    record = actions.create(tree, values(mobile=MOBILE, citizen_id="330784199201010022"), keeper)
    same = actions.edit(record, {"mobile": "138****8000", "citizen_id": "3****************2"}, keeper, revision=1)
    assert (same.revision, Tree.objects.get().mobile) == (1, MOBILE)
    for field, text in (("mobile", "****"), ("citizen_id", "4****************2")):
        with pytest.raises(ValidationError):
            actions.edit(record, {field: text}, keeper, revision=1)
    assert Tree.objects.get().citizen_id == "330784199201010022"


def test_a_masked_name_is_no_name(tree: Shape, keeper: Actor, values: Values) -> None:
    shape = graded(tree, "tag", masking=Masking.NAME)
    with pytest.raises(ValidationError, match="masked"):
        actions.create(shape, values(tag="王**"), keeper)


def test_an_export_reaches_no_further_than_its_own_permission(
    tree: Shape, keeper: Actor, stranger: Actor, values: Values
) -> None:
    actions.create(tree, values(), keeper)
    actions.create(tree, values(), stranger)
    wide = replace(keeper, permits={"tree:view": Reach.COUNTY, "tree:export": Reach.ORGANISATION})
    rows = scoped(Tree.objects.all(), wide, tree.permission("view"))
    assert rows.count() == 2
    assert export(tree, rows, wide, "csv").count == 1


def test_an_export_shows_no_value_plain_that_could_not_be_disclosed(
    tree: Shape, keeper: Actor, stranger: Actor, forestry: Organisation, values: Values
) -> None:
    actions.create(tree, values(mobile=MOBILE), keeper)
    actions.create(tree, values(mobile=MOBILE), stranger)
    permits = {"tree:view": Reach.COUNTY, "tree:export": Reach.COUNTY, "tree:disclose": Reach.ORGANISATION}
    trusted = replace(person("trusted", forestry, clearance=Grade.L3), permits=permits)
    rows = scoped(Tree.objects.all(), trusted, tree.permission("view"))
    with pytest.raises(ValidationError, match="outside your reach"):
        export(tree, rows, trusted, "csv", purpose="年报")
    assert export(tree, rows.filter(organisation=forestry), trusted, "csv", purpose="年报").count == 1
    assert export(tree, rows, trusted, "csv").count == 2


@pytest.mark.parametrize(
    ("name", "value"), [("girth", 327), ("planted", datetime.date(1971, 3, 9)), ("kind", "ginkgo")]
)
def test_counting_one_record_does_not_tell_its_masked_value(
    tree: Shape, keeper: Actor, values: Values, name: str, value: Any
) -> None:
    shape = graded(tree, name)
    actions.create(tree, values(**{name: value}), keeper)
    rows = scoped(Tree.objects.all(), keeper, tree.permission("view"))
    (bar,) = breakdown(shape, rows, name, keeper).bars
    assert (bar.key, bar.title, bar.count) == ("", "Other", None)
    if name == "girth":
        with pytest.raises(ValidationError, match="not added up"):
            breakdown(shape, rows, "kind", keeper, sum_of="girth")


def test_a_link_does_not_name_who_is_masked(
    tree: Shape, keeper: Actor, values: Values, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = actions.create(tree, values(mobile=MOBILE), keeper)
    monkeypatch.setattr("citybrain.kernel.records.wording.shape_of", lambda model: graded(tree, "title"))
    assert name_of(record) == record.number
    assert graded(tree, "title").naming == ("number",)


def test_a_personal_place_is_no_filter_and_on_no_map(tree: Shape) -> None:
    assert "place__within" in filter_set(tree).base_filters
    assert "place__within" not in filter_set(graded(tree, "place")).base_filters
    assert (tree.map_place, graded(tree, "place").map_place) == ("place", "")


def test_visits_are_named_by_what_is_open(visit: Shape) -> None:
    assert visit.naming == ("number", "title")
    assert visit.model is Visit


PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="xl/workbook.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="worksheets/sheet1.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>',
    "xl/worksheets/sheet1.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="%(row)s"><c r="%(column)s%(row)s"><v>2</v></c></row>'
    "</sheetData></worksheet>",
}
"""The least a workbook needs."""


@pytest.mark.parametrize(("column", "row", "height"), [("B", "3", 3), ("XFD", "1048576", None)])
def test_a_cell_far_away_kills_nobody(tmp_path: Path, column: str, row: str, height: int | None) -> None:
    path = tmp_path / "far.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text % {"row": row, "column": column} if "%(row)s" in text else text)
    if height is None:
        with pytest.raises(ValidationError, match="cannot be read"):
            list(rows_of(path, path.name))
    else:
        assert len(list(rows_of(path, path.name))) == height
