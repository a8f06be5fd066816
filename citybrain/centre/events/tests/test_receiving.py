"""Signals come in once, open or join, and nothing that goes wrong beside them loses one."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from citybrain.centre.events import hooks, learning, outside, receiving
from citybrain.centre.events.actions import act
from citybrain.centre.events.checking import check
from citybrain.centre.events.drafts import ReporterDraft, SignalDraft
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Channel, Event, Reporter, Signal
from citybrain.centre.events.orders import Order
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.refusals import NotLegal, Refused
from citybrain.centre.events.tests.county import FLOOD, PIT, SENSOR, County
from citybrain.centre.events.tests.test_loop import PNG
from citybrain.centre.understanding.models import Label
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.models import User
from citybrain.kernel.records.models import Attachment, SearchEntry

Case = Callable[..., Event]


def test_the_same_delivery_is_the_same_signal(case: Case, county: County) -> None:
    draft = SignalDraft(channel=Channel.HOTLINE, text="有个坑", source_reference="12345-1")
    first = receive(draft, county.agent)
    assert receive(draft, county.second) == first
    key = uuid.uuid4()
    told = SignalDraft(channel=Channel.CITIZEN, text="有个坑")
    sent = receive(told, county.agent, request_key=key)
    assert receive(told, county.agent, request_key=key) == sent != first
    assert Signal.objects.count() == Event.objects.count() == 2
    # Another channel may use the same number.
    other = receive(SignalDraft(channel=Channel.PEER, text="有个坑", source_reference="12345-1"), county.agent)
    assert other not in (first, sent)


def test_who_may_not_report(county: County) -> None:
    with pytest.raises(PermissionDenied):
        receive(SignalDraft(channel=Channel.STAFF, text="x"), county.leader)


@pytest.mark.parametrize(
    "draft",
    [
        {"channel": "telepathy", "text": "x"},
        {"text": ""},
        {"text": "\x00\x07 \n"},
        {"text": "x", "type": "nobody-declares-this"},
        {"text": "x", "place": {"type": "Point", "coordinates": [400, 1]}},
        {"text": "x", "place": {"type": "Point", "coordinates": ["<script>", None]}},
        {"text": "x", "observed_at": timezone.now() + timedelta(days=2)},
        {"text": "x", "source_reference": "9" * 129},
        {"text": "x", "confidence": Decimal(2)},
        {"text": "x", "level": "purple"},
    ],
)
def test_what_cannot_be_taken(county: County, draft: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        receive(SignalDraft(**{"channel": Channel.HOTLINE, **draft}), county.agent)
    assert not Signal.objects.exists() and not Event.objects.exists()


def test_text_is_kept_as_said_without_what_no_screen_shows(county: County) -> None:
    signal = receive(SignalDraft(channel=Channel.HOTLINE, text="路\u202e坑\x00\r\n第二行 "), county.agent)
    assert signal.text == "路坑\n第二行"


def test_the_first_receiver_leads(county: County) -> None:
    town = receive(SignalDraft(channel=Channel.PATROL, text="坑"), county.town_worker).event
    device = receive(SignalDraft(channel=Channel.DEVICE, text="高水位"), SYSTEM).event
    named = receive(SignalDraft(channel=Channel.DEVICE, text="高水位", organisation=county.water), SYSTEM).event
    assert town is not None and device is not None and named is not None
    owners = (town.organisation_id, device.organisation_id, named.organisation_id)
    assert owners == (county.town.pk, county.centre.pk, county.water.pk)


def test_repeats_of_an_alarm_join_and_recovery_proves(county: County) -> None:
    def level(value: int, *, recovery: bool = False) -> Signal:
        draft = SignalDraft(
            channel=Channel.DEVICE, text="水位", fingerprint="water-7", type=SENSOR.key, value=Decimal(value),
            is_recovery=recovery,
        )  # fmt: skip
        return receive(draft, SYSTEM)

    assert level(1, recovery=True).event is None  # Nothing was wrong.
    first = level(9).event
    assert first is not None and level(10).event == first
    first.refresh_from_db()
    assert first.signal_count == 2 and first.kind == "warning"
    act(first, Order(verb=Verb.ACCEPT), county.desk, seen=first.steps)
    act(first, Order(verb=Verb.DISPATCH, organisation=county.water), county.desk, seen=first.steps)
    act(first, Order(verb=Verb.SIGN), county.water_worker, seen=first.steps)
    done = Order(verb=Verb.REPORT_DONE, result="fixed_with_proof")
    with pytest.raises(Refused):
        act(first, done, county.water_worker, seen=first.steps)
    assert level(1, recovery=True).event == first
    first.refresh_from_db()
    act(first, done, county.water_worker, seen=first.steps)
    act(first, Order(verb=Verb.CLOSE), county.desk, seen=first.steps)
    again = level(11).event
    assert again is not None and again != first
    assert check(first) == [] and check(again) == []


def test_joining_by_name_or_not_at_all(case: Case, county: County) -> None:
    event = case(type=PIT.key)
    draft = SignalDraft(channel=Channel.CITIZEN, text="我也看到了", reporter=ReporterDraft(contact="13811112222"))
    signal = receive(draft, county.agent, join=event)
    assert signal.event == event and signal.wants_answer
    event.refresh_from_db()
    act(event, Order(verb=Verb.REJECT, reason="no-fact", text="没有"), county.desk, seen=event.steps)
    with pytest.raises(Refused):
        receive(draft, county.agent, join=event)


def test_pictures_are_in_the_journal_by_their_hash(case: Case, county: County) -> None:
    event = case(photos=(SimpleUploadedFile("pit.png", PNG), SimpleUploadedFile("pit2.png", PNG)))
    step = event.journal.get()
    files = Attachment.objects.filter(record_kind="signal").order_by("pk")
    assert [one["sha256"] for one in step.media] == [file.digest for file in files] and len(files) == 2
    assert {one["role"] for one in step.media} == {"before"}
    with pytest.raises(ValidationError):
        case(photos=(SimpleUploadedFile("virus.png", b"MZ not a picture"),))
    assert Event.objects.count() == 1


def test_reporters_are_pseudonyms_and_one(case: Case, county: County) -> None:
    case(reporter=ReporterDraft(name="王先生", contact="138 0000 0000"))
    case(reporter=ReporterDraft(contact="+86-13800000000"))
    assert Reporter.objects.count() == 1
    found = Reporter.objects.get()
    assert "13800000000" not in found.sealed_contact and "王" not in found.sealed_name


def test_typing_somebodys_number_makes_nobody_that_person(case: Case, county: County) -> None:
    case(reporter=ReporterDraft(name="王先生", contact="13800000000"))
    owner = Reporter.objects.get()
    curious = User.objects.get(pk=county.water_worker.user_id)
    case(reporter=ReporterDraft(contact="138 0000 0000", user=curious))
    owner.refresh_from_db()
    assert owner.user is None
    assert not Signal.objects.filter(reporter=owner, reporter__user=curious).exists()
    case(reporter=ReporterDraft(contact="138 0000 0000", user=curious))
    own = Reporter.objects.get(user=curious)
    assert own.contact_kind == "mobile" and own.signals.count() == 2


def test_what_the_text_told_is_kept_and_learnt_from(case: Case, county: County) -> None:
    event = case(text="古山镇胡库村村口路面有个大坑，车子开过很危险")
    assert "types" in event.journal.get().facts["proposals"] and event.title
    assert learning.learn_from in hooks.FOLLOWERS
    act(event, Order(verb=Verb.ACCEPT, type=PIT.key), county.desk, seen=event.steps)
    assert Label.objects.get(reference=event.number).type == PIT.key


def test_a_reading_that_fails_loses_nothing(
    case: Case, county: County, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("no model")

    monkeypatch.setattr(receiving, "understand", broken)
    event = case(text="路面有坑")
    assert event.state == State.NEW and event.title == "路面有坑" and "no model" in caplog.text


def test_orders_of_a_higher_level_are_no_micro_matter(case: Case) -> None:
    assert case(channel=Channel.UPPER_LEVEL, type=PIT.key).loop == "small"


def test_handled_outside(case: Case, county: County) -> None:
    event = case(type=PIT.key)
    with pytest.raises(NotLegal):
        outside.tell_outside(event, "sent", SYSTEM)
    act(event, Order(verb=Verb.ACCEPT), county.desk, seen=event.steps)
    act(event, Order(verb=Verb.HAND_OUT, outside="高速交警", text="属高速路段"), county.desk, seen=event.steps)
    assert outside.outside_of(event) == {"to": "高速交警", "state": "to_send"}
    outside.tell_outside(event, "sent", SYSTEM, reference="G-7")
    with pytest.raises(Refused):
        outside.tell_outside(event, "eaten", SYSTEM)
    outside.tell_outside(event, "done_outside", SYSTEM, text="已处理")
    assert outside.outside_of(event) == {"to": "高速交警", "state": "done_outside", "reference": "G-7"}
    act(event, Order(verb=Verb.REPORT_DONE, result="answered_only"), county.desk, seen=event.steps)
    assert check(event) == []


def test_the_past_is_brought_in_with_its_own_times(case: Case, county: County) -> None:
    at = timezone.now() - timedelta(days=40)
    signal = receive(SignalDraft(channel=Channel.HOTLINE, text="坑", type=FLOOD.key), county.agent, at=at)
    event = signal.event
    assert event is not None and event.opened_at == at and signal.received_at == at
    day = timezone.localtime(at)
    assert event.number.startswith(f"YK{day:%Y%m%d}") and signal.number.startswith(f"XS-{day:%Y}-")
    act(event, Order(verb=Verb.ACCEPT), county.desk, seen=event.steps, at=at + timedelta(minutes=5))
    assert event.state_since == at + timedelta(minutes=5) and check(event) == []


def test_found_by_its_words(case: Case) -> None:
    event = case(text="胡库村村口路面有个大坑")
    entry = SearchEntry.objects.get(kind="event", record_id=event.pk)
    assert entry.note == event.number and "胡" in entry.title
