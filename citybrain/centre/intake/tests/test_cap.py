"""CAP at the doors: chains in any order are one event, nothing is doubled, what is published is valid and linked."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.models import Channel, Event, Signal
from citybrain.centre.events.receiving import receive
from citybrain.centre.intake.cap.message import Alert, Area, Info, Reference
from citybrain.centre.intake.cap.publishing import Wording, holding, publish
from citybrain.centre.intake.cap.receiving import level_of, take_message
from citybrain.centre.intake.cap.xml import read, write
from citybrain.centre.intake.models import CapAlert, Quarantined
from citybrain.centre.intake.quarantine import Refusal
from citybrain.declare.event import Level
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.models import Organisation
from citybrain.ui.records.tokens import issue

pytestmark = pytest.mark.usefixtures("centre")

NOW = timezone.localtime().replace(microsecond=0)


def message(number: int, kind: str = "Alert", refers: tuple[Alert, ...] = (), **changes: Any) -> Alert:
    info = Info(
        language="zh-CN",
        categories=("Met",),
        event="暴雨",
        urgency="Expected",
        severity="Severe",
        certainty="Likely",
        headline="暴雨橙色预警",
        expires=NOW + timedelta(hours=3),
        areas=(Area(description="永康市", circles=(((28.9, 120.0), 5.0),)),),
    )
    return Alert(
        identifier=f"met-{number}",
        sender="met@example.org",
        sent=NOW + timedelta(seconds=number),
        status=changes.pop("status", "Actual"),
        message_type=kind,
        scope="Public",
        references=tuple(one.reference for one in refers),
        infos=(replace(info, **changes),),
    )


def test_a_chain_is_one_event_in_whatever_order_it_comes() -> None:
    first = message(1)
    second = message(2, "Update", (first,), severity="Extreme")
    third = message(3, "Cancel", (first, second))
    for order in itertools.permutations((first, second, third)):
        for rows in (CapAlert, Signal):
            rows.objects.all()._raw_delete("default")
        events = set(Event.objects.values_list("pk", flat=True))
        for one in order:
            take_message(write(one), SYSTEM)
        opened = Event.objects.exclude(pk__in=events)
        is_cancelled_first = order[0] is third
        assert opened.count() == (0 if is_cancelled_first else 1), [one.identifier for one in order]
        assert CapAlert.objects.count() == 3


def test_nobody_ends_or_forestalls_the_warning_of_another(centre: Organisation) -> None:
    other = Organisation.objects.create(key="other", path="other/", chinese="别的单位", english="Other")
    take_message(write(message(3, "Cancel", (message(2),))), SYSTEM, organisation=other)
    take_message(write(message(4, "Cancel", (message(1),))), SYSTEM, organisation=other)
    for number in (1, 2):
        event = take_message(write(message(number)), SYSTEM, organisation=centre).signal.event  # type: ignore[union-attr]
        assert event is not None
        take_message(write(message(number + 4, "Cancel", (message(number),))), SYSTEM, organisation=other)
        assert not event.journal.filter(facts__is_recovery=True).exists()
        take_message(write(message(number + 6, "Cancel", (message(number),))), SYSTEM, organisation=centre)
        assert event.journal.filter(facts__is_recovery=True).exists()


def test_the_same_message_again_is_one() -> None:
    one = take_message(write(message(1)), SYSTEM)
    again = take_message(write(message(1)), SYSTEM)
    assert again.is_known and again.alert.pk == one.alert.pk and Signal.objects.count() == 1


def test_another_message_under_the_same_name_is_refused_and_kept() -> None:
    take_message(write(message(1)), SYSTEM)
    with pytest.raises(Refusal):
        take_message(write(message(1, headline="别的")), SYSTEM)
    assert Quarantined.objects.get().door == "cap"


def test_what_a_message_says_becomes_the_event() -> None:
    event = take_message(write(message(1)), SYSTEM).signal.event  # type: ignore[union-attr]
    assert event is not None
    assert (event.channel, event.level, event.title, event.is_exercise) == (
        Channel.WARNING,
        "orange",
        "暴雨橙色预警",
        False,
    )
    assert event.place == {"type": "Point", "coordinates": [120.0, 28.9]}


@pytest.mark.parametrize("status", ["Exercise", "Test", "Draft"])
def test_what_is_not_in_earnest_is_an_exercise(status: str) -> None:
    assert take_message(write(message(1, status=status)), SYSTEM).signal.is_exercise  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "alert",
    [
        message(1, expires=NOW - timedelta(minutes=1)),
        message(1, status="System"),
        message(2, "Ack", (message(1),)),
        message(2, "Error", (message(1),)),
    ],
)
def test_what_opens_nothing_is_noted_with_the_reason(alert: Alert) -> None:
    taken = take_message(write(alert), SYSTEM)
    assert taken.signal is None and taken.alert.note and not Event.objects.exists()


@pytest.mark.parametrize(
    ("severity", "certainty", "urgency", "level"),
    [
        ("Extreme", "Observed", "Immediate", Level.RED),
        ("Severe", "Likely", "Expected", Level.ORANGE),
        ("Severe", "Unlikely", "Expected", Level.YELLOW),
        ("Minor", "Unknown", "Past", Level.BLUE),
        ("Unknown", "Likely", "Expected", Level.YELLOW),
    ],
)
def test_levels_follow_from_the_message(severity: str, certainty: str, urgency: str, level: Level) -> None:
    assert level_of(message(1, severity=severity, certainty=certainty, urgency=urgency).infos[0]) is level


def test_the_door_asks_for_a_token(client: Client, official: Any, acting_as: Any, allowed: Any) -> None:
    body = write(message(1))
    assert client.post("/cap/in", body, content_type="application/cap+xml").status_code == 401
    bureau = acting_as(official("met", roles=[allowed("event:report")], organisation="meteorology"))
    _token, text = issue(bureau, title="气象", scopes=["event:report"], days=30)
    headers = {"Authorization": f"Bearer {text}"}
    first = client.post("/cap/in", body, content_type="application/cap+xml", headers=headers)
    assert first.status_code == 201 and first.json()["event"], first.content
    assert client.post("/cap/in", body, content_type="application/cap+xml", headers=headers).status_code == 200
    bad = client.post("/cap/in", b"<alert/>", content_type="application/cap+xml", headers=headers)
    assert bad.status_code == 422 and bad.json()["remedy"]


def opened(**changes: Any) -> Event:
    place = {"type": "Point", "coordinates": [120.04, 28.89]}
    draft = SignalDraft(channel=Channel.STAFF, text="燃气泄漏", place=place, level="red", **changes)
    event = receive(draft, SYSTEM).event
    assert event is not None
    return event


def soon(headline: str = "燃气泄漏，请远离") -> Wording:
    return Wording(headline=headline, expires=timezone.now() + timedelta(hours=2), radius=0.5)


def test_what_is_published_is_valid_and_refers_to_what_held(client: Client) -> None:
    event = opened()
    first = publish(event, soon(), SYSTEM)
    with pytest.raises(ValidationError):
        publish(event, soon(), SYSTEM)
    second = publish(event, soon("范围扩大"), SYSTEM, message_type="Update")
    third = publish(event, soon("已解除"), SYSTEM, message_type="Cancel")
    alerts = [read(row.body.encode()) for row in (first, second, third)]
    assert alerts[0].infos[0].severity == "Extreme"
    assert alerts[2].references == (alerts[0].reference, alerts[1].reference)
    assert alerts[2].infos[0].responses == ("AllClear",)
    assert alerts[0].infos[0].areas[0].circles == (((28.89, 120.04), 0.5),)
    assert holding(event) == []
    answer = client.get("/cap/feed.atom")
    entries = ElementTree.fromstring(answer.content).findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == 3
    address = entries[0].find("{http://www.w3.org/2005/Atom}link").attrib["href"]  # type: ignore[union-attr]
    assert read(client.get(address).content) == alerts[2]


def test_our_own_messages_can_be_taken_in_again() -> None:
    taken = take_message(publish(opened(), soon(), SYSTEM).body.encode(), SYSTEM)
    assert taken.signal is not None and taken.signal.event is not None


def test_restricted_events_and_late_ends_are_not_published() -> None:
    event = opened()
    for wording in (
        Wording(headline=" "),
        Wording(headline="x", expires=timezone.now() - timedelta(minutes=1)),
        Wording(headline="x", expires=timezone.now() + timedelta(days=8)),
    ):
        with pytest.raises(ValidationError):
            publish(event, wording, SYSTEM)
    Event.objects.filter(pk=event.pk).update(sensitivity="restricted")
    with pytest.raises(ValidationError):
        publish(event, soon(), SYSTEM)


def test_exercises_are_marked_and_not_in_the_feed(client: Client) -> None:
    row = publish(opened(is_exercise=True), soon(), SYSTEM)
    assert read(row.body.encode()).status == "Exercise"
    assert row.identifier not in client.get("/cap/feed.atom").content.decode()


def test_only_who_supervises_publishes(signed_in_client: Any, allowed: Any) -> None:
    event = opened()
    reader = signed_in_client(roles=[allowed("event:view")], organisation="tax")
    assert reader.get(f"/cap/publish/{event.number}/").status_code == 403
    elsewhere = signed_in_client(roles=[allowed("event:supervise")], organisation="gas")
    assert elsewhere.get(f"/cap/publish/{event.number}/").status_code == 404
    here = signed_in_client(roles=[allowed("event:supervise")], organisation="data-bureau-operation-centre")
    assert here.get(f"/cap/publish/{event.number}/").status_code == 200
    given = {
        "message_type": "Alert",
        "headline": "请远离",
        "urgency": "Immediate",
        "certainty": "Observed",
        "responses": ["Avoid"],
        "radius": "1",
        "hours": "2",
    }
    assert here.post(f"/cap/publish/{event.number}/", given).status_code == 302
    assert read(event.warnings.get().body.encode()).infos[0].responses == ("Avoid",)


def test_a_reference_is_three_parts() -> None:
    reference = Reference(sender="a", identifier="b", sent=datetime.fromisoformat("2026-10-01T08:00:00+08:00"))
    alert = replace(message(2), message_type="Update", references=(reference,))
    assert b"<references>a,b,2026-10-01T08:00:00+08:00</references>" in write(alert)
