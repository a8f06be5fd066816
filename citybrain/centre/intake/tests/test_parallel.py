"""Many at once at the doors: one delivery in ten threads is one signal, one refusal, one taking again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from citybrain.centre.events.models import Event, Signal
from citybrain.centre.intake.api import taking
from citybrain.centre.intake.cap.message import Alert, Info
from citybrain.centre.intake.cap.receiving import take_message
from citybrain.centre.intake.cap.xml import write
from citybrain.centre.intake.models import CapAlert, Quarantined, Usage
from citybrain.centre.intake.quarantine import QUARANTINE, Refusal, put_aside, take_again
from citybrain.centre.intake.quotas import Exhausted, spend
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.models import Organisation
from citybrain.testing.threads import at_once

pytestmark = pytest.mark.fault

ATTEMPTS = 10


@pytest.fixture
def doors(own_database: str) -> str:
    """An empty database with the command centre."""
    key = "data-bureau-operation-centre"
    Organisation.objects.create(key=key, path=f"{key}/", chinese="指挥中心", english="Centre")
    return own_database


def one_item_of_many_threads_is_one_signal() -> None:
    item = {"channel": "device", "reference": "1", "text": "水位超警", "fingerprint": "level:7"}
    answers = at_once(ATTEMPTS, lambda number: taking.taken(item, SYSTEM))
    assert {answer.pk for answer in answers} == {Signal.objects.get(source_reference__endswith=":1").pk}


def repeats_of_one_alarm_open_one_event() -> None:
    item = {"channel": "device", "text": "水位超警", "fingerprint": "level:8"}
    answers = at_once(ATTEMPTS, lambda number: taking.taken({**item, "reference": f"r{number}"}, SYSTEM))
    assert all(isinstance(answer, Signal) for answer in answers), answers
    events = set(Signal.objects.filter(fingerprint__endswith=":level:8").values_list("event", flat=True))
    assert Event.objects.get(pk__in=events).signal_count == ATTEMPTS


def one_warning_of_many_threads_is_one() -> None:
    now = timezone.localtime().replace(microsecond=0)
    info = Info(
        categories=("Met",),
        event="暴雨",
        urgency="Expected",
        severity="Severe",
        certainty="Likely",
        expires=now + timedelta(hours=1),
    )
    alert = Alert(
        identifier="1",
        sender="met@example.org",
        sent=now,
        status="Actual",
        message_type="Alert",
        scope="Public",
        infos=(info,),
    )
    body = write(alert)
    answers = at_once(ATTEMPTS, lambda number: take_message(body, SYSTEM))
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert CapAlert.objects.count() == Signal.objects.filter(channel="warning").count() == 1


def a_message_put_aside_by_many_is_kept_once_and_taken_once() -> None:
    QUARANTINE.install("api", taking.take)
    body = b'{"channel": "device", "text": "x"}'
    answers = at_once(ATTEMPTS, lambda number: put_aside("api", body, Refusal("wrong"), channel="device"))
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    row = Quarantined.objects.get()
    assert row.times == ATTEMPTS
    taken = at_once(ATTEMPTS, lambda number: take_again(Quarantined.objects.get(pk=row.pk), SYSTEM))
    assert sum(isinstance(one, Quarantined) for one in taken) == 1
    assert Signal.objects.filter(text="x").count() == 1


def a_quota_counts_over_all_threads(settings: Any) -> None:
    settings.INTAKE_QUOTAS = {"token": {"a_minute": 7, "a_day": 100}}
    answers = at_once(ATTEMPTS, lambda number: spend("1", "token"))
    minutes = Usage.objects.count()
    spent = sum(isinstance(answer, int) for answer in answers)
    # The clock may have gone on to the next minute meanwhile.
    assert spent == sum(Usage.objects.values_list("count", flat=True)) and spent <= 7 * minutes
    assert all(isinstance(answer, int | Exhausted) for answer in answers), answers


def test_many_at_once(doors: str, settings: Any) -> None:
    """One database for all of them: making it takes longer than they do."""
    one_item_of_many_threads_is_one_signal()
    repeats_of_one_alarm_open_one_event()
    one_warning_of_many_threads_is_one()
    a_message_put_aside_by_many_is_kept_once_and_taken_once()
    a_quota_counts_over_all_threads(settings)
