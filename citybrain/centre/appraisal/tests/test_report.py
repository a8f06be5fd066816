"""The monthly report: made once, in four files that say the numbers; and what is done against repetition."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone, translation

from citybrain.centre.appraisal.keeping import keep
from citybrain.centre.appraisal.ledger import digests
from citybrain.centre.appraisal.models import MonthlyReport, PreventionItem
from citybrain.centre.appraisal.prevention import before_and_after, open_items
from citybrain.centre.appraisal.report.content import monthly
from citybrain.centre.appraisal.report.making import make_report
from citybrain.centre.appraisal.report.pdf import pdf_of
from citybrain.centre.appraisal.report.word import docx_of
from citybrain.centre.appraisal.tests.test_facts import HOUR, closed, opened
from citybrain.centre.events.actions import act
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.orders import Order
from citybrain.centre.events.phone.watermark import chinese_font
from citybrain.centre.events.tests.county import PIT, County
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.records.models import Attachment
from citybrain.testing.people import official, signed_in_client

OCTOBER = date(2026, 10, 1)
DAY = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)


def test_its_words_and_tables_say_the_numbers(county: County) -> None:
    closed(county, DAY)
    opened(county, DAY + HOUR)
    keep()
    with translation.override("zh-hans"):
        report = monthly(OCTOBER, made_at="2026-11-02 06:20")
    text = str(report.blocks)
    assert "事件处置月报（2026-10）" in report.title and "上报 2 件，立案 1 件" in text
    word = zipfile.ZipFile(io.BytesIO(docx_of(report))).read("word/document.xml").decode()
    assert "结案率" in word and "公路局" in word
    assert "漏报数 ÷（有效上报数 + 漏报数）" in word, "every formula stands in it"
    assert "漏报情况不明" in text, "nobody inspected"
    assert word.count("w:tblHeader") == word.count("<w:tbl>"), "a table that goes on has its head again"
    if chinese_font():
        assert pdf_of(report).startswith(b"%PDF-")


def test_it_is_made_once_and_stands_on_the_ledger(county: County) -> None:
    if not chinese_font():
        pytest.fail("install fonts-noto-cjk: reports need a Chinese font")
    closed(county, DAY)
    made = make_report(OCTOBER, SYSTEM)
    assert make_report(date(2026, 10, 31), SYSTEM).pk == made.pk
    files = Attachment.objects.filter(record_kind="monthly-report", record_id=made.pk)
    assert sorted(file.kind for file in files) == ["docx", "docx", "pdf", "pdf"]
    assert digests([made.number]) == {made.number: made.digest}
    files.filter(kind="pdf").update(digest="0" * 64)
    assert digests([made.number]) != {made.number: made.digest}


def test_months_that_last_and_people_without_the_county_are_refused(county: County) -> None:
    with pytest.raises(ValidationError):
        make_report(timezone.localdate(), SYSTEM)
    with pytest.raises(PermissionDenied):
        make_report(OCTOBER, county.road_worker)
    assert not MonthlyReport.objects.exists()


def accepted(county: County, days_ago: int) -> None:
    """One event at the lamp, accepted."""
    at = timezone.now() - timedelta(days=days_ago)
    event = opened(county, at, type=PIT.key, asset_kind="part", asset_number="BJ-1", text="井盖松动")
    act(event, Order(verb=Verb.ACCEPT), county.desk, seen=event.steps, at=at + HOUR)


def test_what_repeats_at_one_asset_opens_one_item(county: County) -> None:
    for ago in (40, 30):
        accepted(county, ago)
    keep()
    assert open_items() == []
    accepted(county, 20)
    keep()
    (item,) = open_items()
    assert (item.asset_number, item.events_found, item.state) == ("BJ-1", 3, PreventionItem.State.OPEN)
    accepted(county, 2)
    keep()
    assert open_items() == []
    item.done_on = timezone.localdate() - timedelta(days=10)
    before, after = before_and_after(item)
    assert after is not None
    assert (before.events, before.days, after.events, after.days) == (3, 30, 1, 10)
    assert before.rate == pytest.approx(3.0) and after.rate == pytest.approx(3.0)
    low, high = after.interval or (0, 0)
    assert low < 3 < high


def test_pages_answer_whom_they_should(county: County) -> None:
    closed(county, timezone.now() - timedelta(days=3))
    keep()
    leader = signed_in_client(official("look", roles=["leader"]))
    agent = signed_in_client(official("hear", roles=["hotline-agent"]))
    for name, parts in (
        ("appraisal", ()),
        ("appraisal-board", ("body",)),
        ("appraisal-board", ("type",)),
        ("appraisal-measure", ("closing",)),
        ("appraisal-measure", ("handle_hours",)),
        ("appraisal-ratings", ()),
        ("appraisal-precision", ()),
    ):
        address = reverse(name, args=parts)
        assert leader.get(f"{address}?period=30-days&town=x&kind=event%27").status_code == 200, address
        assert agent.get(address).status_code == 403, address
    assert leader.get(reverse("appraisal-board", args=["owner"])).status_code == 404
    assert leader.get(reverse("appraisal-measure", args=["nothing"])).status_code == 404
