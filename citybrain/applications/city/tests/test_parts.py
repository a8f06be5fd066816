"""The parts register does what every register does; its codes are computed, checked, never given twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from citybrain.applications.city.codes import MINORS, demand_part_code
from citybrain.applications.city.models import Part
from citybrain.applications.city.queries import OFTEN
from citybrain.centre.duties.queries import responsible
from citybrain.centre.events.models import Channel, Event
from citybrain.kernel.identity.models import User
from citybrain.kernel.records import actions
from citybrain.kernel.records.shape import shape_of
from citybrain.testing.people import acting_as, allowed, official, organisation_of, signed_in_client
from citybrain.testing.records import RecordTestCase

LIGHT = {"title": "路灯 望春东路012", "kind": "0118", "place": {"type": "Point", "coordinates": [120.04, 28.89]}}


class PartTest(RecordTestCase):
    """Pages, permissions, import and export, API, history: inherited."""

    model = Part
    rows = (
        {"title": "路灯 望春东路012", "kind": "0118", "address": "永康市东城街道望春东路12号旁", "accuracy": "A"},
        {"title": "污水井盖 金城路025", "kind": "0102", "state": "damaged", "installed": "2019-05-01"},
    )


@pytest.fixture
def keeper(db: None) -> User:
    roles = [allowed("part:*", "event:view")]
    return official("keeper", roles=roles, organisation="home-body")


def part(keeper: User, **changes: Any) -> Part:
    made = actions.create(shape_of(Part), LIGHT | changes, acting_as(keeper))
    assert isinstance(made, Part)
    return made


def test_codes_count_up_within_their_class(keeper: User) -> None:
    codes = [part(keeper).code, part(keeper).code, part(keeper, kind="0102").code]
    assert codes == ["3307840118000001", "3307840118000002", "3307840102000001"]


def test_a_code_that_came_is_kept_and_passed_over(keeper: User) -> None:
    assert part(keeper, code="3307840118000002").code == "3307840118000002"
    assert part(keeper).code == "3307840118000003"
    with pytest.raises(ValidationError, match="code"):
        part(keeper, code="3307840118000002")


def test_many_at_once_have_a_code_each(keeper: User) -> None:
    made = actions.create_many(shape_of(Part), [LIGHT] * 5, acting_as(keeper), verb="create")
    assert len({one.code for one in made if isinstance(one, Part)}) == 5


def test_a_group_is_no_class_and_a_code_is_never_lost(keeper: User) -> None:
    with pytest.raises(ValidationError, match="kind"):
        part(keeper, kind="01")
    made = part(keeper)
    with pytest.raises(ValidationError, match="code"):
        actions.edit(made, {"code": ""}, acting_as(keeper), revision=1)
    with pytest.raises(ValidationError, match="code"):
        actions.edit(made, {"kind": "0102"}, acting_as(keeper), revision=1)


@given(st.sampled_from(sorted(MINORS)), st.integers(0, 999_999))
def test_every_sound_code_is_taken(kind: str, serial: int) -> None:
    demand_part_code(f"330784{kind}{serial:06d}", kind)


@given(st.sampled_from(sorted(MINORS)), st.text(max_size=20))
def test_no_other_text_is_a_code(kind: str, text: str) -> None:
    serial = text.removeprefix(f"330784{kind}")
    if text != serial and len(serial) == 6 and serial.isascii() and serial.isdecimal():
        return
    with pytest.raises(ValidationError):
        demand_part_code(text, kind)


def told(of: Part, number: int, **changes: Any) -> Event:
    now = timezone.now() - timedelta(days=number)
    return Event.objects.create(
        number=f"YK{number:013d}",
        organisation=of.organisation,
        title=f"第{number}次不亮",
        type="street-light",
        kind="component",
        level="blue",
        loop="micro",
        channel=Channel.CITIZEN,
        opened_at=now,
        state_since=now,
        asset_kind="part",
        asset_number=of.number,
        **changes,
    )


def test_its_page_tells_what_was_told_of_it(keeper: User) -> None:
    light, other = part(keeper), part(keeper)
    told(light, 1)
    told(light, 2, is_exercise=True)
    told(other, 3)
    page = signed_in_client(keeper).get(f"/records/part/{light.number}/").content.decode()
    assert "第1次不亮" in page
    assert "第2次不亮" not in page, "an exercise says nothing about the thing"
    assert "第3次不亮" not in page, "that is another light"
    assert "look for the cause" not in page


def test_what_comes_again_and_again_is_said(keeper: User) -> None:
    light = part(keeper)
    for number in range(1, OFTEN + 1):
        told(light, number)
    told(light, 200)
    page = signed_in_client(keeper).get(f"/records/part/{light.number}/").content.decode()
    assert f"{OFTEN} events at this part within 90 days" in page


def test_who_may_see_no_events_sees_none_there(keeper: User) -> None:
    light = part(keeper)
    told(light, 1)
    other = official("clerk", roles=[allowed("part:view")], organisation="home-body")
    assert "第1次不亮" not in signed_in_client(other).get(f"/records/part/{light.number}/").content.decode()
    elsewhere = official("far", roles=[allowed("part:view", "event:view")], organisation=organisation_of("other"))
    assert signed_in_client(elsewhere).get(f"/records/part/{light.number}/").status_code == 404


def test_everybody_sees_it_on_the_citizens_pages(keeper: User) -> None:
    light = part(keeper, remarks="内部备注")
    page = Client().get(f"/c/look-up/part/{light.number}/").content.decode()
    assert light.title in page
    assert "内部备注" not in page


def test_the_responsibility_map_knows_who_keeps_it(keeper: User) -> None:
    lighting = organisation_of("lighting")
    light = part(keeper, maintainer=lighting)
    said = responsible("street-light", None, asset=("part", light.number))
    assert said.lead == lighting
    assert light.number in " ".join(said.why)
    assert responsible("street-light", None, asset=("part", "BJ-0000-000000")).lead is None
