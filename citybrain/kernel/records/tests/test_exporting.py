"""Exports: what leaves is scoped, masked, marked and logged."""

from __future__ import annotations

import io
import json

import pyarrow.parquet as pq
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from openpyxl import load_workbook

from citybrain.declare.words import Grade
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation, SecurityEvent
from citybrain.kernel.identity.scope import Unscoped, scoped
from citybrain.kernel.records import actions
from citybrain.kernel.records.exporting import FORMATS, export, open_export
from citybrain.kernel.records.shape import Shape
from citybrain.kernel.records.tests.conftest import Values, person
from citybrain.kernel.records.tests.samples import Tree

pytestmark = pytest.mark.django_db

MOBILE = "13812348000"


def exported(tree: Shape, actor: Actor, format_: str, purpose: str = "") -> bytes:
    """An export of every tree the person may see."""
    rows = scoped(Tree.objects.all(), actor, tree.permission("view"))
    with open_export(export(tree, rows, actor, format_, purpose=purpose)) as file:
        return file.read()


@pytest.fixture
def _trees(tree: Shape, keeper: Actor, stranger: Actor, values: Values) -> None:
    place = {"type": "Point", "coordinates": [120.1, 28.9]}
    actions.create(tree, values(title="=HYPERLINK(1)", mobile=MOBILE, place=place, girth=10**16), keeper)
    actions.create(tree, values(title="not theirs"), stranger)


@pytest.mark.usefixtures("_trees")
@pytest.mark.parametrize("format_", FORMATS)
def test_what_leaves_is_masked_scoped_and_marked(
    tree: Shape, keeper: Actor, forestry: Organisation, format_: str
) -> None:
    content = exported(tree, keeper, format_, purpose="年报")
    if format_ == "xlsx":
        book = load_workbook(io.BytesIO(content))
        cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
        title = book.worksheets[0].cell(2, [cell.value for cell in book.worksheets[0][1]].index("Name") + 1)
        assert (title.value, title.data_type) == ("=HYPERLINK(1)", "s")
        seen = "\n".join(cells)
    elif format_ == "parquet":
        table = pq.read_table(io.BytesIO(content))
        seen = f"{table.to_pylist()}{json.loads(table.schema.metadata[b'watermark'])}"
    else:
        seen = content.decode()
        assert format_ != "csv" or "\n'=HYPERLINK" in seen or ",'=HYPERLINK" in seen
    assert MOBILE not in seen and "138****8000" in seen
    assert "not theirs" not in seen
    assert str(10**16) in seen
    event = SecurityEvent.objects.get(action="export")
    assert event.thing_id in seen and "keeper" in seen
    assert (event.detail["rows"], event.detail["plain"], event.purpose) == (1, [], "年报")
    trusted = person("trusted", forestry, clearance=Grade.L3)
    assert format_ in ("parquet", "xlsx") or MOBILE in exported(tree, trusted, format_, purpose="年报").decode()


@pytest.mark.usefixtures("_trees")
def test_who_may_not_gets_nothing(tree: Shape, keeper: Actor, forestry: Organisation) -> None:
    reader = person("reader", forestry, permits=("tree:view",))
    with pytest.raises(PermissionDenied):
        exported(tree, reader, "csv")
    with pytest.raises(Unscoped):
        export(tree, Tree.objects.all(), keeper, "csv")
    with pytest.raises(ValidationError, match="There is no export"):
        exported(tree, keeper, "pdf")
    assert not SecurityEvent.objects.exists()


@pytest.mark.usefixtures("_trees")
def test_every_row_leaves_once(tree: Shape, keeper: Actor, values: Values, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citybrain.kernel.records.exporting.CHUNK", 2)
    for place in range(5):
        actions.create(tree, values(title=f"T{place}"), keeper)
    found = [line["title"] for line in pq.read_table(io.BytesIO(exported(tree, keeper, "parquet"))).to_pylist()]
    assert sorted(found) == ["=HYPERLINK(1)", "T0", "T1", "T2", "T3", "T4"]
