"""CAP 1.2: what is written is read as the same message; what breaks the standard is refused and named."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citybrain.centre.intake.cap import message as m
from citybrain.centre.intake.cap.xml import ALERT, AREA, INFO, RESOURCE, moment_text, read, write
from citybrain.centre.intake.quarantine import Refusal
from citybrain.centre.intake.tests.cap_messages import alerts

PLAIN = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>43b080713727</identifier>
  <sender>hsas@example.org</sender>
  <sent>2026-04-02T14:39:01-05:00</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <info>
    <category>Met</category>
    <event>暴雨</event>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Likely</certainty>
    <expires>2026-04-02T16:39:01-05:00</expires>
    <area>
      <areaDesc>古山镇</areaDesc>
      <polygon>28.9,120.0 28.9,120.1 29.0,120.1 28.9,120.0</polygon>
      <circle>28.95,120.05 3.5</circle>
      <geocode><valueName>GB2260</valueName><value>330784</value></geocode>
    </area>
  </info>
</alert>
"""


def altered(old: str, new: str) -> bytes:
    assert old in PLAIN
    return PLAIN.replace(old, new).encode()


@settings(max_examples=80, deadline=None)
@given(alerts)
def test_what_is_written_is_read_as_the_same(alert: m.Alert) -> None:
    assert m.faults(alert) == []
    assert read(write(alert)) == alert


@settings(max_examples=40, deadline=None)
@given(alerts)
def test_elements_stand_in_the_order_of_the_schema(alert: m.Alert) -> None:
    orders = {"alert": ALERT, "info": INFO, "resource": RESOURCE, "area": AREA}
    for element in ElementTree.fromstring(write(alert)).iter():
        order = orders.get(element.tag.rpartition("}")[2])
        if order is not None:
            places = [list(order).index(child.tag.rpartition("}")[2]) for child in element]
            assert places == sorted(places)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_not_crashed_on(body: bytes) -> None:
    with pytest.raises(Refusal):
        read(body)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_message_is_read_or_refused(data: st.DataObject) -> None:
    whole = PLAIN.encode()
    place = data.draw(st.integers(0, len(whole) - 1))
    piece = data.draw(st.binary(max_size=6))
    damaged = whole[:place] + piece + whole[place + data.draw(st.integers(0, 20)) :]
    try:
        alert = read(damaged)
    except Refusal as refusal:
        assert refusal.reason
    else:
        assert m.faults(alert) == []


def test_a_message_is_read() -> None:
    alert = read(PLAIN.encode())
    assert (alert.identifier, alert.infos[0].event, alert.infos[0].areas[0].circles) == (
        "43b080713727",
        "暴雨",
        (((28.95, 120.05), 3.5),),
    )
    assert moment_text(alert.sent) == "2026-04-02T14:39:01-05:00"


def test_utc_is_written_in_figures() -> None:
    alert = read(altered("14:39:01-05:00</sent>", "14:39:01-00:00</sent>"))
    assert moment_text(alert.sent) == "2026-04-02T14:39:01-00:00"
    assert not re.search(rb"\dZ<", write(alert))


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("<identifier>43b080713727</identifier>", "", "identifier"),
        ("43b080713727", "43b 080", "identifier"),
        ("hsas@example.org", "a,b", "sender"),
        ("14:39:01-05:00</sent>", "14:39:01Z</sent>", "sent"),
        ("14:39:01-05:00</sent>", "14:39:01</sent>", "sent"),
        ("2026-04-02T14:39", "2026-13-02T14:39", "sent"),
        ("Actual", "actual", "status"),
        ("<msgType>Alert</msgType>", "<msgType>Update</msgType>", "references"),
        ("<scope>Public</scope>", "<scope>Private</scope>", "addresses"),
        ("<scope>Public</scope>", "<scope>Restricted</scope>", "restriction"),
        ("<scope>Public</scope>", "<scope>Public</scope><scope>Public</scope>", "scope"),
        ("<category>Met</category>", "", "category"),
        ("<category>Met</category>", "<category>Weather</category>", "category"),
        ("<event>暴雨</event>", "", "event"),
        ("Severe", "Red", "severity"),
        ("<areaDesc>古山镇</areaDesc>", "", "areaDesc"),
        ("29.0,120.1 28.9,120.0", "29.0,120.1 28.9,120.3", "polygon"),
        ("28.9,120.1 29.0,120.1 ", "", "polygon"),
        ("28.95,120.05 3.5", "98.95,120.05 3.5", "circle"),
        ("28.95,120.05 3.5", "28.95,120.05 -3.5", "circle"),
        ("28.95,120.05 3.5", "28.95 120.05", "point"),
        ("<event>", "<colour>red</colour><event>", "colour"),
        ("cap:1.2", "cap:1.0", "CAP 1.2"),
    ],
)
def test_what_breaks_the_standard_is_named(old: str, new: str, named: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(altered(old, new))
    assert named in str(refused.value)


def test_no_entity_is_read() -> None:
    outside = '<!DOCTYPE alert [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    laughs = '<!DOCTYPE alert [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    for prologue in (outside, laughs, '<!DOCTYPE alert SYSTEM "http://127.0.0.1:1/x.dtd">'):
        hostile = PLAIN.replace("<alert", f"{prologue}<alert", 1).replace("暴雨", "&c;" if "ha" in prologue else "&a;")
        with pytest.raises(Refusal) as refused:
            read(hostile.encode())
        assert "DOCTYPE" in str(refused.value)


def test_a_message_too_large_or_too_deep_is_refused() -> None:
    with pytest.raises(Refusal):
        read(PLAIN.encode() + b" " * (1 << 20))
    with pytest.raises(Refusal):
        read(b"<a>" * 100_000)


def test_a_message_that_breaks_a_rule_is_not_written() -> None:
    alert = read(PLAIN.encode())
    with pytest.raises(ValueError, match="identifier"):
        write(m.Alert(**{**alert.__dict__, "identifier": "with blank"}))
