"""Numbers of persons: nowhere in what is permanent or widely read; in the signal for a purpose, for a time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from citybrain.centre.events.actions import act
from citybrain.centre.events.archive import contents
from citybrain.centre.events.checking import check
from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.forgetting import forget_words
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Channel, Event, Signal, Step, Task
from citybrain.centre.events.orders import Order
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.tests.county import County
from citybrain.centre.events.tests.test_loop import PNG
from citybrain.centre.understanding.models import Label
from citybrain.declare.role import Reach
from citybrain.declare.words import Grade
from citybrain.kernel.identity.models import SecurityEvent
from citybrain.kernel.records.masking import disclose
from citybrain.kernel.records.models import SearchEntry

SAID = "我是13812345678，身份证11010519491231002X，卡6228480402564890018，车浙G12345压坏了井盖3307840203000001"
SHOWN = "我是138****5678，身份证1****************X，卡****0018，车浙G***45压坏了井盖3307840203000001"
NUMBERS = ("13812345678", "11010519491231002X", "6228480402564890018", "浙G12345")

pytestmark = pytest.mark.django_db


def told(county: County, **more: object) -> Signal:
    """A signal whose every field holds somebody's number."""
    facts = {"title": f"井盖坏 {NUMBERS[0]}", "address": f"村口，找{NUMBERS[0]}", "proposed": {"title": SAID}, **more}
    photo = SimpleUploadedFile(f"{NUMBERS[0]}.png", PNG, "image/png")
    draft = SignalDraft(
        channel=Channel.HOTLINE, text=SAID, type="test-pit", photos=(photo,), area=county.village, **facts
    )
    return receive(draft, county.agent)


def everything(event: Event) -> str:
    """All that is permanent or widely read of an event."""
    rows = [
        *Step.objects.filter(event=event).values("text", "facts", "media"),
        *Task.objects.filter(event=event).values("asked", "result"),
        *Event.objects.filter(pk=event.pk).values(
            "title", "description", "address", "public_text", "measures", "cause"
        ),
        *Signal.objects.filter(event=event).values("text", "address"),
        *SearchEntry.objects.values("title", "words"),
        *Label.objects.values("text"),
        *contents.signals(event),
    ]
    return json.dumps(rows, ensure_ascii=False, default=str)


def test_what_comes_in(county: County) -> None:
    """Journal, columns, search, archive hold the masked words; the signal what was said."""
    signal = told(county)
    event = signal.event
    assert event is not None and signal.text == event.description == SHOWN
    assert event.title == "井盖坏 138****5678" and event.address == "村口，找138****5678"
    assert not [number for number in NUMBERS if number in everything(event)]
    assert all(number in signal.original for number in NUMBERS)
    opened = event.journal.get(number=1)
    assert opened.facts["masked"] == ["mobile", "citizen-id", "bank-card", "plate"]
    assert opened.facts["proposals"] == {"title": SHOWN}
    receive(SignalDraft(channel=Channel.HOTLINE, text=SAID), county.agent, join=event)
    event.refresh_from_db()
    assert event.journal.get(number=event.steps).facts["masked"] == opened.facts["masked"]
    assert not [number for number in NUMBERS if number in everything(event)] and not list(check(event))


def test_words_without_numbers_are_kept_once(county: County) -> None:
    """Nothing is kept twice, and the journal says nothing of masks."""
    signal = receive(SignalDraft(channel=Channel.HOTLINE, text="井盖3307840203000001坏了，拨12345"), county.agent)
    assert signal.original == "" and signal.event is not None
    assert "masked" not in signal.event.journal.get(number=1).facts


def test_what_staff_write(county: County) -> None:
    """Notes, dispatches, tasks, answers: the same."""
    event = told(county).event
    assert event is not None
    act(event, Order(verb=Verb.NOTE, text=SAID), county.desk, seen=None)
    act(event, Order(verb=Verb.ACCEPT, text=SAID, title=f"回电{NUMBERS[0]}"), county.desk, seen=None)
    act(event, Order(verb=Verb.DISPATCH, organisation=county.road, text=SAID), county.desk, seen=None)
    act(event, Order(verb=Verb.SIGN), county.road_worker, seen=None)
    act(event, Order(verb=Verb.ASK_TASK, organisation=county.water, text=SAID), county.road_worker, seen=None)
    act(event, Order(verb=Verb.ANSWER, text=SAID), county.road_worker, seen=None)
    assert not [number for number in NUMBERS if number in everything(event)]
    assert event.title == "回电138****5678" and not list(check(event))


def test_the_original_for_a_purpose(county: County) -> None:
    """Only with the permission, the clearance and a purpose; the look stands in the log; a year after it is gone."""
    signal = told(county)
    with pytest.raises(PermissionDenied):
        disclose(signal, ["original"], county.road_worker, "联系车主")
    desk = replace(county.desk.permitted("signal:disclose", Reach.COUNTY), clearance=Grade.L3)
    assert disclose(signal, ["original"], desk, "联系车主")["original"] == signal.original
    assert SecurityEvent.objects.filter(action="disclose", thing="signal", thing_id=signal.number).exists()
    later = timezone.now() + timedelta(days=400)
    assert forget_words(later) == 0, "The event is open."
    assert signal.event is not None
    act(signal.event, Order(verb=Verb.REJECT, reason="no-fact", text="查无"), county.desk, seen=None)
    assert forget_words(timezone.now() + timedelta(days=300)) == 0 and forget_words(later) == 1
    signal.refresh_from_db()
    assert signal.original == "" and signal.text == SHOWN and not list(check(signal.event))
