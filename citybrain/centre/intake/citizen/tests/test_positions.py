"""A report with a position is routed by it: area, duty, queue; what its words say against it is shown."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from citybrain.centre.duties.models import Covers, Duty
from citybrain.centre.duties.queries import responsible
from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Channel, Signal
from citybrain.centre.events.queries import events
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.tests.county import PIT, County, area, body
from citybrain.centre.intake.citizen.tests.conftest import do
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area, Organisation, User

pytestmark = pytest.mark.django_db

Told = Callable[..., tuple[Signal, str]]


def square(west: float, south: float, side: float) -> dict[str, Any]:
    """A square, degrees."""
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def land(county: County, acting_as: Callable[[User], Actor], official: Callable[..., User]) -> SimpleNamespace:
    """Boundaries: 古山镇 with 胡库村 in the east, 花街镇 with 西陈村 in the west; holes are the town's duty."""
    east = Area.objects.get(key="test-town-land")
    whole = east.parent
    west = area("test-west-land", "花街镇", Area.Kind.TOWN, whole)
    far = area("test-far-village", "西陈村", Area.Kind.VILLAGE, west)
    office = body("test-west", "花街镇", Organisation.Kind.TOWN, county.town.parent)
    Organisation.objects.filter(pk=office.pk).update(area=west)
    for one, shape in (
        (whole, square(119.9, 28.8, 0.2)),
        (east, square(120.0, 28.8, 0.1)),
        (west, square(119.9, 28.8, 0.1)),
        (county.village, square(120.02, 28.87, 0.04)),
        (far, square(119.92, 28.87, 0.04)),
    ):
        one.shape, one.is_shape_synthetic = shape, one is not whole
        one.save()
    Duty.objects.create(
        organisation=county.centre, role=Duty.Role.LEAD, covers=Covers.TYPE, pattern=PIT.key, is_local=True,
        since=timezone.localdate(), number="D1", title="路面坑洼由属地负责",
    )  # fmt: skip
    office.refresh_from_db()
    worker = acting_as(official("test-west-worker", roles=["town-staff"], organisation=office))
    return SimpleNamespace(east=east, west=west, village=county.village, far=far, office=office, worker=worker)


def test_a_citizens_report_with_a_position_reaches_its_town(
    told: Told, county: County, land: SimpleNamespace, signed_in_client: Callable[..., Client]
) -> None:
    signal, _path = told(text="路面有个大坑", place="119.94, 28.89", accuracy="12")
    event = signal.event
    assert event is not None and signal.area == event.area == land.far
    where = event.journal.get(number=1).facts["where"]
    assert where["by"] == "position" and where["synthetic"] is True and where["margin"] > 1500
    assert responsible(event.type, event.area).lead == land.office
    assert event in events(land.worker) and event not in events(county.town_worker)

    desk = signed_in_client(User.objects.get(pk=county.desk.user_id), language="en")
    listed = desk.get(f"/events/?town={land.west.key}").content.decode()
    assert event.number in listed
    assert event.number not in desk.get(f"/events/?town={land.east.key}").content.decode()
    page = desk.get(f"/events/?open={event.number}&do=accept").content.decode()
    assert "The position lies in 花街镇·西陈村" in page and "The boundary is made up" in page
    assert "decide which of the two" not in page
    assert "by position · made-up boundary" in desk.get(f"/events/?open={event.number}").content.decode()
    do(event, Verb.ACCEPT, county.desk, type=PIT.key)
    dispatch = desk.get(f"/events/?open={event.number}&do=dispatch").content.decode()
    assert "The responsibility map names 花街镇" in dispatch and "The position lies in" in dispatch


def test_words_that_name_another_village_are_shown_beside_the_position(
    told: Told, county: County, land: SimpleNamespace, signed_in_client: Callable[..., Client]
) -> None:
    signal, _path = told(text="古山镇胡库村村口路面有个大坑", place="119.94, 28.89")
    event = signal.event
    assert event is not None and event.area == land.far
    assert event.journal.get(number=1).facts["where"]["words"] == land.village.pk
    desk = signed_in_client(User.objects.get(pk=county.desk.user_id), language="en")
    page = desk.get(f"/events/?open={event.number}&do=accept").content.decode()
    assert "花街镇·西陈村" in page and "The words name 古山镇胡库村村口: decide which of the two is meant." in page
    # The town around the position named in the words is no contradiction.
    alike, _path = told(text="花街镇路面有个大坑", place="119.94, 28.89")
    assert alike.event is not None
    assert "words" not in alike.event.journal.get(number=1).facts["where"]


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ({"place": {"type": "Point", "coordinates": [120.03, 28.88]}}, "village"),
        ({"place": {"type": "Point", "coordinates": [120.09, 28.81]}}, "east"),
        ({"place": {"type": "Point", "coordinates": [120.03, 28.88]}, "accuracy": 5_000.0}, None),
        ({"place": {"type": "Point", "coordinates": [121.0, 28.88]}}, None),
        ({"place": {"type": "LineString", "coordinates": [[120.03, 28.88], [120.04, 28.88]]}}, None),
    ],
)
def test_any_door_gets_the_area_of_its_point(
    county: County, land: SimpleNamespace, draft: dict[str, Any], expected: str | None
) -> None:
    event = receive(SignalDraft(channel=Channel.DEVICE, text="水位", type=PIT.key, **draft), county.desk).event
    assert event is not None and event.area == (getattr(land, expected) if expected else None)


def test_an_area_that_was_named_stays(county: County, land: SimpleNamespace) -> None:
    place = {"type": "Point", "coordinates": [119.94, 28.89]}
    draft = SignalDraft(channel=Channel.STAFF, text="坑", type=PIT.key, place=place, area=land.east)
    event = receive(draft, county.desk).event
    assert event is not None and event.area == land.east and "where" not in event.journal.get(number=1).facts
