"""Every indicator of the standard's table over a small case that can be counted on one's fingers, and drilled into."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation

from citybrain.centre.appraisal.keeping import keep
from citybrain.centre.appraisal.measures import BY_KEY, MEASURES
from citybrain.centre.appraisal.measuring import Period
from citybrain.centre.appraisal.models import CaseFact
from citybrain.centre.appraisal.queries import behind, excluded, values
from citybrain.centre.appraisal.tests.test_facts import HOUR, MONDAY, closed, opened
from citybrain.centre.events import patrolled
from citybrain.centre.events.actions import act
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Channel, Event
from citybrain.centre.events.orders import Order
from citybrain.centre.events.tests.county import PIT, County
from citybrain.kernel.identity.actor import Actor
from citybrain.testing.people import official, signed_in_client

DAY = timedelta(days=1)
BEGIN = MONDAY - 60 * DAY
SPAN = Period(since=BEGIN - HOUR, until=MONDAY)
PATROL = {"channel": Channel.PATROL, "type": PIT.key}

STANDARD = {
    "立案率": (6, 8),
    "按时立案率": (5, 6),
    "核实率": (3, 4),
    "按时核实率": (2, 4),
    "准确派遣率": (4, 5),
    "处置率": (3, 4),
    "按期处置率": (2, 4),
    "结案率": (2, 6),
    "按期结案率": (1, 6),
    "超期结案率": (1, 6),
    "返工率": (1, 3),
    "监督举报率": (3, 6),
    "核查率": (2, 3),
    "按时核查率": (2, 3),
    "有效上报率": (2, 3),
    "虚报率": (1, 3),
    "漏报率": (1, 3),
}
"""Name in the standard -> numerator and denominator of `told`, counted by hand."""


def do(event: Event, verb: Verb, actor: Actor, at: Any, **order: Any) -> None:
    act(event, Order(verb=verb, **order), actor, seen=event.steps, at=at)


def said(event: Event, county: County, at: Any, *, missed: bool, finding: str = "FX-1") -> None:
    patrolled.judge(event, finding=finding, missed=missed, text="督查抽查", actor=county.desk, at=at)


@pytest.fixture
def told(county: County) -> dict[str, Event]:
    """Eight events that count and two that do not, sixty days long; what each does stands beside it."""
    desk, worker = county.desk, county.road_worker
    a = closed(county, BEGIN)  # told by the public, everything in time, five steps an hour apart
    b = opened(county, BEGIN)  # told by the public; accepted late, sent back once, handled late, reworked, closed late
    late = BEGIN + 30 * DAY
    do(b, Verb.ACCEPT, desk, late)
    do(b, Verb.DISPATCH, desk, late, organisation=county.water)
    do(b, Verb.SEND_BACK, county.water_worker, late, organisation=county.road, text="不属本局")
    do(b, Verb.DISPATCH, desk, late, organisation=county.road)
    do(b, Verb.SIGN, worker, late)
    do(b, Verb.REPORT_DONE, worker, late + 20 * DAY, result="answered_only")
    do(b, Verb.REWORK, desk, late + 20 * DAY + HOUR, text="再办")
    do(b, Verb.REPORT_DONE, worker, late + 20 * DAY + 2 * HOUR, result="answered_only")
    do(b, Verb.CLOSE, desk, late + 20 * DAY + 3 * HOUR, public_text="答复")
    c = opened(county, BEGIN, **PATROL)  # told by the patrol, accepted, then forgotten
    d = opened(county, BEGIN, **PATROL)  # told by the patrol, not so
    do(d, Verb.REJECT, desk, BEGIN + HOUR, reason="no-fact", text="现场未见")
    e = opened(county, BEGIN, **PATROL, is_inspection=True)  # found by an inspection: missed
    f = opened(
        county, BEGIN, type=PIT.key
    )  # told by the public, said to be missed, the appeal was right; never checked
    g = opened(county, BEGIN, **PATROL)  # told by the patrol and found standing; signed, then forgotten
    h = opened(county, BEGIN)  # told by the public, never verified
    for event in (c, e, f, g):
        do(event, Verb.ACCEPT, desk, BEGIN + HOUR)
    for event in (f, g):
        do(event, Verb.DISPATCH, desk, BEGIN + HOUR, organisation=county.road)
        do(event, Verb.SIGN, worker, BEGIN + HOUR)
    do(f, Verb.REPORT_DONE, worker, BEGIN + 2 * HOUR, result="answered_only")
    said(e, county, BEGIN + HOUR, missed=True)
    said(f, county, BEGIN + 2 * HOUR, missed=True, finding="FX-2")
    said(f, county, BEGIN + DAY, missed=False, finding="FX-2")
    said(g, county, BEGIN + 2 * HOUR, missed=False, finding="FX-3")
    opened(county, BEGIN, is_exercise=True)
    merged = opened(county, BEGIN)
    do(merged, Verb.MERGE, desk, BEGIN + HOUR, into=h)
    keep()
    return dict(zip("abcdefgh", (a, b, c, d, e, f, g, h), strict=True))


def test_every_indicator_of_the_standard_says_what_the_fingers_say(told: dict[str, Event]) -> None:
    line = values(CaseFact.objects.all(), SPAN)[0]
    by_name = {measure.chinese: line.values[measure.key] for measure in MEASURES}
    assert {name: (by_name[name].above, by_name[name].below) for name in STANDARD} == STANDARD
    assert by_name["返工次数"].value == 1
    assert (by_name["漏报数"].value, by_name["有效上报数"].value) == (1, 2)
    # A worked one hour, F one hour, B twenty days and the hour after the check.
    assert by_name["平均处置时长"].value == pytest.approx((1 + 1 + 20 * 24 + 1) / 3)
    assert excluded(CaseFact.objects.all(), SPAN) == {"exercise": 1, "merged": 1}
    assert all(measure.formula and measure.mark in "VCKPO" for measure in MEASURES)
    with translation.override("zh-hans"):
        assert not [measure.key for measure in MEASURES if str(measure.formula).isascii()], "formulas are Chinese too"


def test_the_rows_behind_a_figure_are_as_many_as_it_says(told: dict[str, Event]) -> None:
    rows = CaseFact.objects.all()
    line = values(rows, SPAN)[0]
    for measure in MEASURES:
        value = line.values[measure.key]
        if measure.value:
            continue
        found = behind(rows, measure, SPAN)
        assert found.count() == value.above, measure.key
        if measure.below is not None:
            missed = behind(rows, measure, SPAN, missed=True)
            assert found.count() + missed.count() == value.below, measure.key
    assert [fact.event_id for fact in behind(rows, BY_KEY["patrol_missed_rate"], SPAN)] == [told["e"].pk]


def test_where_nobody_inspected_what_was_missed_is_not_known(county: County, told: dict[str, Event]) -> None:
    before = Period(since=SPAN.since - 60 * DAY, until=SPAN.since)
    opened(county, BEGIN - 30 * DAY, **PATROL)
    keep()
    for period, known in ((before, False), (SPAN, True)):
        line = values(CaseFact.objects.all(), period)[0]
        assert (line.values["patrol_missed"].value is not None) is known
        assert (line.values["patrol_missed_rate"].value is not None) is known
    by_type = {line.key: line for line in values(CaseFact.objects.all(), SPAN, by="type")}
    assert by_type[PIT.key].values["patrol_missed_rate"].value == pytest.approx(1 / 3)
    (area,) = values(CaseFact.objects.filter(area=county.village), SPAN, by="area")
    assert area.values["patrol_missed"].value == 1


def test_a_finding_that_still_holds_counts_beside_one_that_was_taken_back(county: County) -> None:
    event = opened(county, BEGIN, **PATROL, is_inspection=True)
    do(event, Verb.ACCEPT, county.desk, BEGIN + HOUR)
    said(event, county, BEGIN + 2 * HOUR, missed=True)
    said(event, county, BEGIN + DAY, missed=False, finding="FX-2")
    keep()
    fact = CaseFact.objects.get(event=event)
    assert (fact.missed_at, fact.is_patrolled, fact.is_inspection) == (BEGIN + 2 * HOUR, False, True)
    said(event, county, BEGIN + 2 * DAY, missed=False)
    keep()
    assert CaseFact.objects.get(event=event).missed_at is None


def test_a_patrol_that_tells_after_others_told_too(county: County) -> None:
    event = opened(county, BEGIN, type=PIT.key)
    assert not patrolled.told_by_patrol(event, SPAN.until)
    twin = opened(county, BEGIN + HOUR, **PATROL)
    do(twin, Verb.MERGE, county.desk, BEGIN + 2 * HOUR, into=event)
    assert patrolled.told_by_patrol(event, SPAN.until) and not patrolled.told_by_patrol(event, BEGIN)


def test_who_may_not_inspect_says_nothing(county: County) -> None:
    event = opened(county, BEGIN)
    for actor in (county.agent, county.road_worker, county.leader):
        with pytest.raises(PermissionDenied):
            patrolled.judge(event, finding="FX-1", missed=True, text="", actor=actor)
    assert event.steps == 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_of_patrols_leads_to_the_rows(language: str, told: dict[str, Event], county: County) -> None:
    client = signed_in_client(official("look", roles=["leader"]), language=language)
    span = f"since={SPAN.since:%Y-%m-%d}&until={SPAN.until:%Y-%m-%d}"
    for by in ("area", "town", "type", "nonsense"):
        page = client.get(f"{reverse('appraisal-patrols')}?{span}&by={by}").content.decode()
        assert "33.3" in page, "one of three"
        assert page.count('aria-current="page"') >= 1 and 'class="on" aria-current="page"' in page, "the way says where"
    rows = client.get(f"{reverse('appraisal-measure', args=['patrol_missed_rate'])}?{span}&type={PIT.key}")
    assert told["e"].number in rows.content.decode() and told["c"].number not in rows.content.decode()
