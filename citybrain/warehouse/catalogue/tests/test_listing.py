"""The list opens in a spreadsheet, holds what the entries hold, and calculates nothing."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import openpyxl
import pytest
from django.utils.translation import override

from citybrain.declare.words import ShareType, UpdateCycle
from citybrain.warehouse.catalogue.listing import COLUMNS, as_csv, as_xlsx, harmless
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.catalogue.search import Filters
from citybrain.warehouse.catalogue.tests.conftest import Make

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TITLES = [column.title for column in COLUMNS]


def read_csv(query: str = "", filters: Filters | None = None) -> list[dict[str, str]]:
    with override("en"):
        text = "".join(as_csv(query, filters=filters, now=NOW))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def read_xlsx() -> list[dict[str, object]]:
    with override("en"):
        sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(now=NOW))).active
    assert sheet is not None
    titles, *rows = sheet.iter_rows()
    assert all(cell.data_type != "f" for row in rows for cell in row)
    return [dict(zip([cell.value for cell in titles], [cell.value for cell in row], strict=True)) for row in rows]


def test_both_hold_what_the_entries_hold(make: Make) -> None:
    dataset = make("police.t", "户籍", "Household", share=ShareType.CONDITIONAL, cycle=UpdateCycle.DAILY)
    Dataset.objects.filter(pk=dataset.pk).update(score=91.5, raw_rows=7, data_at=NOW, grade="L3")
    (line,), (row,) = read_csv(), read_xlsx()
    assert list(line) == list(row) == TITLES
    assert (line["Key"], line["Code"], line["Title"]) == ("police.t", dataset.code, "户籍")
    assert (line["Share attribute"], line["Share attribute (Zhejiang)"]) == ("有条件共享", "受限共享")
    assert (line["Freshness"], line["Time of the data"]) == ("Fresh", "2026-11-21 08:00")
    assert (line["Quality score"], line["Rows"]) == ("91.5", "7")
    assert (row["Quality score"], row["Rows"], row["Provider"]) == (91.5, 7, "永康市公安局")


def test_what_is_searched_for_and_filtered(make: Make) -> None:
    make("police.a", "户籍", share=ShareType.NONE)
    make("police.b", "户籍")
    make("police.c", "车辆")
    assert [line["Key"] for line in read_csv("huji")] == ["police.a", "police.b"]
    assert [line["Key"] for line in read_csv("huji", Filters(share=ShareType.NONE))] == ["police.a"]


@pytest.mark.parametrize(
    "title",
    ['=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", '"=1', "a,b", 'a"b', "=cmd|' /C calc'!A0"],
)
def test_nothing_is_calculated(make: Make, title: str) -> None:
    make("police.t", title)
    (line,), (row,) = read_csv(), read_xlsx()
    assert line["Title"] in (title, f"'{title}")
    assert line["Title"][0] not in "=+-@\t＝"
    assert row["Title"] == title


def test_control_characters_and_long_texts_fit_a_cell(make: Make) -> None:
    make("police.t", "a\x01b\x0bc", summary="长" * 40_000)
    (row,) = read_xlsx()
    assert row["Title"] == "abc"
    assert len(str(row["Summary"])) == 32_767


def test_numbers_stay_numbers() -> None:
    assert (harmless(-1.5), harmless(0), harmless(None)) == (-1.5, 0, None)


def test_an_empty_list_has_its_titles() -> None:
    assert read_csv() == []
    assert next(iter(list(as_csv(now=NOW))[1:]))
