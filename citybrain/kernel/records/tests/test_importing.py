"""Imports: every row settled once, whatever the file looks like and whenever the process dies."""

from __future__ import annotations

import datetime
import io
import os
import time
import zipfile
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from citybrain.kernel.identity.actor import SYSTEM, Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import scoped
from citybrain.kernel.jobs.definitions import job_type
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.records import actions, importing, jobs, sheets
from citybrain.kernel.records.exporting import export, open_export
from citybrain.kernel.records.import_files import error_file, template
from citybrain.kernel.records.importing import plan_import, preview_of, run_import, write_rows
from citybrain.kernel.records.models import Change, Counter, Import, RefusedRow
from citybrain.kernel.records.shape import Shape
from citybrain.kernel.records.tests.conftest import Values, area, body, person
from citybrain.kernel.records.tests.samples import Tree

pytestmark = pytest.mark.django_db


def sheet(*rows: tuple[Any, ...], formulas: bool = False) -> ContentFile[bytes]:
    """An XLSX with these rows; what begins with = is a text unless they may be formulas."""
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    for cell in (cell for line in book.worksheets[0].iter_rows() for cell in line):
        if isinstance(cell.value, str) and not formulas:
            cell.data_type = "s"
    book.save(out)
    return ContentFile(out.getvalue(), name="trees.xlsx")


def text(content: str | bytes, encoding: str = "utf-8") -> ContentFile[bytes]:
    """A CSV with this content."""
    return ContentFile(content if isinstance(content, bytes) else content.encode(encoding), name="trees.csv")


def counts(source: Import) -> tuple[int, ...]:
    """Read, created, updated, unchanged, refused."""
    return tuple(getattr(source, f"rows_{name}") for name in ("read", "created", "updated", "unchanged", "refused"))


def test_rows_become_records(tree: Shape, keeper: Actor) -> None:
    town = area("gushan")
    rows = sheet(
        ("古树名木登记表",),
        ("Name *", "kind", "Girth (cm)", "Planted", "Fenced", "area", "Position", "Height", "What"),
        ("大樟树", "Camphor", 320.0, datetime.datetime(1920, 4, 5), "是", "gushan镇", "120.1，28.9", 12.5, "?"),
        ("银杏", "ginkgo", None, "1950年6月1日", "否", "gushan", None, "1,012.25", None),
        (None, None, " "),
    )
    preview = plan_import(tree, rows, keeper)
    assert [one.error for one in preview.first] == ["", ""]
    assert (preview.total, preview.count("created"), preview.is_whole) == (2, 2, True)
    assert [(head.title, head.note.split(":")[0]) for head in preview.heads if not head.field] == [
        ("What", "No field has this title")
    ]
    assert (Tree.objects.count(), Counter.objects.count()) == (0, 0), "a preview writes nothing"
    done = run_import(preview.source, keeper)
    assert (done.state, counts(done)) == ("done", (2, 2, 0, 0, 0))
    found: Any = Tree.objects.order_by("number")
    first, second = found
    assert (first.title, first.kind, first.girth, first.is_fenced, first.area_id) == (
        "大樟树",
        "camphor",
        320,
        True,
        town.pk,
    )
    assert (first.planted, first.place_x, first.created_by_id) == (datetime.date(1920, 4, 5), 120.1, keeper.user_id)
    assert (second.planted, str(second.height), second.girth) == (datetime.date(1950, 6, 1), "1012.25", None)
    assert set(Change.objects.values_list("action", "reason")) == {("import", "File trees.xlsx")}
    assert counts(run_import(done, keeper)) == (2, 2, 0, 0, 0), "started once"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_texts_are_read_as_they_come(tree: Shape, keeper: Actor, encoding: str, delimiter: str) -> None:
    content = f"Name{delimiter}Kind\r\n古樟{delimiter}camphor\r\n"
    done = run_import(plan_import(tree, text(content, encoding), keeper).source, keeper)
    assert (counts(done)[:2], Tree.objects.get().title) == ((1, 1), "古樟")


def test_bad_rows_come_back_with_what_is_wrong_and_can_be_mended(tree: Shape, keeper: Actor) -> None:
    rows = sheet(
        ("Name", "Kind", "Girth", "Keeper's mobile"),
        ("good", "camphor", 1, "13812348000"),
        ("=1+1", "oak", "thick", "12"),
        ("", "ginkgo", 2, ""),
    )
    done = run_import(plan_import(tree, rows, keeper).source, keeper)
    assert counts(done) == (3, 1, 0, 0, 2)
    book = load_workbook(error_file(done, keeper))
    cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert cells[0] == ["Name", "Kind", "Girth", "Keeper's mobile", "Error"]
    assert cells[1][:4] == ["=1+1", "oak", "thick", "12"]
    assert book.worksheets[0]["A2"].data_type == "s", "no formula"
    assert "Kind: “oak” is none of the words" in cells[1][4] and "Girth: “thick” is no number" in cells[1][4]
    assert cells[2][4].startswith("Name: ")
    cells[1][1:4], cells[2][0] = ["camphor", 3, None], "mended"
    again = run_import(plan_import(tree, sheet(*map(tuple, cells)), keeper).source, keeper)
    assert counts(again) == (2, 2, 0, 0, 0)
    assert sorted(Tree.objects.values_list("title", flat=True)) == ["=1+1", "good", "mended"]
    assert run_import(again, keeper).error_file == ""


def test_a_row_with_a_number_changes_its_record(tree: Shape, keeper: Actor, stranger: Actor, values: Values) -> None:
    record = actions.create(tree, values(), keeper)
    theirs = actions.create(tree, values(), stranger)
    rows = sheet(
        ("Number", "Name", "Girth", "revision"),
        (record.number, "古山镇胡库大樟树", 330, 1),
        (record.number, "twice", 1, None),
        (theirs.number, "theirs", 1, None),
        ("GS-1", "nobody's", 1, None),
    )
    done = run_import(plan_import(tree, rows, keeper).source, keeper)
    assert counts(done) == (4, 0, 1, 0, 3)
    fresh = Tree.objects.get(pk=record.pk)
    assert (fresh.girth, fresh.kind, fresh.revision) == (330, "camphor", 2), "columns that are not there stay"
    errors = list(RefusedRow.objects.values_list("error", flat=True))
    assert "An earlier row" in errors[0]
    assert all("No record of yours" in error for error in errors[1:])
    stale = sheet(("Number", "Girth", "revision"), (record.number, 340, 1))
    assert counts(run_import(plan_import(tree, stale, keeper).source, keeper)) == (1, 0, 0, 0, 1)


def test_a_row_exported_before_others_changed_it_is_refused(tree: Shape, keeper: Actor, values: Values) -> None:
    record = actions.create(tree, values(), keeper)
    Tree.objects.update(changed_at="2026-01-02T10:00:00+08:00")
    rows = (("Number", "Girth", "changed"), (record.number, 1, datetime.datetime(2026, 1, 2, 9, 59, 59)))
    assert counts(run_import(plan_import(tree, sheet(*rows), keeper).source, keeper)) == (1, 0, 0, 0, 1)
    rows = (("Number", "Girth", "changed"), (record.number, 1, datetime.datetime(2026, 1, 2, 10, 0)))
    assert counts(run_import(plan_import(tree, sheet(*rows), keeper).source, keeper)) == (1, 0, 1, 0, 0)


def test_masked_values_stay_as_they_are(tree: Shape, keeper: Actor, values: Values) -> None:
    record = actions.create(tree, values(mobile="13812348000", citizen_id="330784199201010022"), keeper)
    rows = sheet(("Number", "Keeper's mobile", "Name"), (record.number, "138****8000", "new"))
    assert counts(run_import(plan_import(tree, rows, keeper).source, keeper)) == (1, 0, 1, 0, 0)
    assert Tree.objects.get().mobile == "13812348000"


ROWS = st.fixed_dictionaries(
    {"title": st.text(alphabet=st.sampled_from("古樟=+-@'\"\t,;aA0 #"), min_size=1, max_size=12).filter(str.strip)},
    optional={
        "kind": st.sampled_from(("camphor", "ginkgo")),
        "girth": st.none() | st.integers(-(10**17), 10**17),
        "height": st.none() | st.decimals(-99, 9999, places=2),
        "planted": st.dates(datetime.date(1901, 1, 1), datetime.date(2099, 1, 1)),
        "seen_at": st.datetimes(
            datetime.datetime(1990, 1, 1), datetime.datetime(2099, 1, 1), timezones=st.just(datetime.UTC)
        ),
        "is_fenced": st.booleans(),
        "place": st.builds(
            lambda x, y: {"type": "Point", "coordinates": [x, y]},
            st.floats(-180, 180).map(lambda degrees: round(degrees, 6)),
            st.floats(-90, 90).map(lambda degrees: round(degrees, 6)),
        ),
        "mobile": st.sampled_from(("13812348000", "")),
        "remarks": st.text(alphabet=st.sampled_from("山\n=-'\" a"), max_size=10),
    },
)


@pytest.mark.parametrize("format_", ["xlsx", "csv"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, min_size=1, max_size=4))
def test_what_was_exported_changes_nothing(
    tree: Shape, keeper: Actor, format_: str, rows: list[dict[str, Any]]
) -> None:
    made = [actions.create(tree, {"kind": "camphor", **row}, keeper) for row in rows]
    asked = scoped(Tree.objects.filter(pk__in=[one.pk for one in made]), keeper, tree.permission("view"))
    with open_export(export(tree, asked, keeper, format_)) as file:
        content = ContentFile(file.read(), name=f"trees.{format_}")
    done = run_import(plan_import(tree, content, keeper).source, keeper)
    refused = list(RefusedRow.objects.filter(source=done).values_list("cells", "error"))
    assert (counts(done), refused) == ((len(made), 0, 0, len(made), 0), [])


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (text("foo,bar\n1,2\n"), "No column has the title"),
        (text(""), "No column has the title"),
        (text(b"\x00\x01\x02"), "neither a workbook nor"),
        (text(b"PK\x03\x04 no archive"), "cannot be read"),
        (text("Name\n" + "x" * 200_000), "no proper CSV"),
    ],
)
def test_a_file_that_is_none_is_told_so(tree: Shape, keeper: Actor, upload: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        plan_import(tree, upload, keeper)
    assert not Import.objects.exists()


def test_a_bomb_is_not_opened(tree: Shape, keeper: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 5_000_000)
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(ValidationError, match="unpacks"):
        plan_import(tree, ContentFile(out.getvalue(), name="a.xlsx"), keeper)


def test_a_file_too_long_is_refused(tree: Shape, keeper: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    with pytest.raises(ValidationError, match="more than 3 rows"):
        plan_import(tree, text("Name\n" + "x\n" * 5), keeper)


def test_a_near_miss_is_named(tree: Shape, keeper: Actor) -> None:
    preview = plan_import(tree, text("Name,Kind,Hieght\nx,camphor,1\n"), keeper)
    assert 'Did you mean "Height"' in preview.heads[2].note


def test_formulas_are_read_as_their_values(tree: Shape, keeper: Actor) -> None:
    rows = sheet(("Name", "Kind", "Girth"), ("x", "camphor", "=1+1"), formulas=True)
    preview = plan_import(tree, rows, keeper)
    # A formula that was never calculated has no value; it is never calculated here.
    assert preview.first[0].cells[2] in ("", None)


def test_only_who_may_imports(tree: Shape, keeper: Actor, stranger: Actor, forestry: Organisation) -> None:
    reader = person("reader", forestry, permits=("tree:view", "tree:create", "tree:edit"))
    with pytest.raises(PermissionDenied):
        plan_import(tree, text("Name\nx\n"), reader)
    source = plan_import(tree, text("Name,Kind,organisation\nx,camphor,forestry\n"), keeper).source
    for verb in (run_import, preview_of):
        with pytest.raises(PermissionDenied):
            verb(source, reader)
    with pytest.raises(PermissionDenied):
        run_import(source, stranger)
    with pytest.raises(PermissionDenied):
        error_file(source, stranger)
    done = run_import(
        plan_import(tree, text("Name,Kind,organisation\nx,camphor,forestry\n"), stranger).source, stranger
    )
    assert counts(done) == (1, 0, 0, 0, 1), "another body's rows are refused one by one"


def test_two_rows_that_want_one_value_leave_the_first(tree: Shape, keeper: Actor) -> None:
    rows = text("Name,Kind,Tag\na,camphor,T1\nb,camphor,T1\nc,camphor,T2\n")
    done = run_import(plan_import(tree, rows, keeper).source, keeper)
    assert counts(done) == (3, 2, 0, 0, 1)


def test_a_long_file_is_a_job(tree: Shape, keeper: Actor) -> None:
    rows = text("Name,Kind\n" + "x,camphor\n" * (importing.AT_ONCE + 1))
    begun = run_import(plan_import(tree, rows, keeper).source, keeper)
    assert begun.job_id is not None
    job = Job.objects.get(pk=begun.job_id)
    assert job_type(job.name).function is jobs.import_records
    assert (begun.state, job.name, job.arguments["import_id"]) == ("running", "import-records", begun.pk)


def test_the_template_says_how_to_fill_it_in(tree: Shape) -> None:
    book = load_workbook(template(tree))
    assert [cell.value for cell in book.worksheets[0][1]][:4] == ["Name *", "Kind *", "Girth (cm)", "Height (m)"]
    assert "One of: Camphor, Ginkgo." in [cell.value for cell in book.worksheets[1]["C"]]


def test_a_killed_import_goes_on_where_it_was(installation: str, tree: Shape, monkeypatch: pytest.MonkeyPatch) -> None:
    body("forestry")
    monkeypatch.setattr(importing, "BATCH", 10)
    total = 400
    rows = "".join(
        f"T{place},camphor,forestry\n" if place % 7 else f"T{place},oak,forestry\n" for place in range(total)
    )
    source = plan_import(tree, text("Name,Kind,organisation\n" + rows), SYSTEM).source
    Import.objects.filter(pk=source.pk).update(state=Import.State.RUNNING)
    for place in (30, 150):
        worker = forked(lambda: write_rows(source.pk))
        until(lambda limit=place: Import.objects.get(pk=source.pk).rows_read > limit)  # type: ignore[misc]
        os.kill(worker.pid, 9)
        worker.join()
    assert 150 < Import.objects.get(pk=source.pk).rows_read < total
    done = write_rows(source.pk)
    bad = len([place for place in range(total) if place % 7 == 0])
    assert (done.state, counts(done)) == ("done", (total, total - bad, 0, 0, bad))
    titles = list(Tree.objects.values_list("title", flat=True))
    assert len(titles) == len(set(titles)) == total - bad
    assert Change.objects.count() == total - bad
    assert RefusedRow.objects.count() == bad


def forked(work: Callable[[], object]) -> Any:
    """`work` in a process of its own, which may be killed."""
    connections["default"].close()
    process = get_context("fork").Process(target=work)
    process.start()
    return process


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_the_job_acts_as_who_asked(tree: Shape, official: Any, allowed: Any, acting_as: Any) -> None:
    clerk = official("clerk", roles=[allowed("tree:*")], organisation="forestry")
    source = plan_import(tree, text("Name,Kind\nx,camphor\n"), acting_as(clerk)).source
    done = write_rows(source.pk)
    assert (done.state, Tree.objects.get().created_by_id) == ("done", clerk.pk)
    source = plan_import(tree, text("Name,Kind\nx,camphor\n"), acting_as(clerk)).source
    clerk.appointments.all().delete()
    failed = write_rows(source.pk)
    assert (failed.state, failed.rows_read) == ("failed", 0)
    assert "permission" in failed.error or "no longer held" in failed.error
