"""`citybrain events check` prints what does not add up, and fails."""

from __future__ import annotations

import pytest
from django.db.models import QuerySet
from typer.testing import CliRunner

from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.models import Channel, Event, Step
from citybrain.centre.events.receiving import receive
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.models import Organisation
from citybrain.site.commands import events as commands


@pytest.fixture
def event(db: None, monkeypatch: pytest.MonkeyPatch) -> Event:
    monkeypatch.setattr(commands, "prepare", lambda: None)
    Organisation.objects.create(key="data-bureau-operation-centre", chinese="中心", english="Centre", path="centre/")
    found = receive(SignalDraft(channel=Channel.DEVICE, text="水位高"), SYSTEM).event
    assert found is not None
    return found


def test_what_adds_up(event: Event) -> None:
    good = CliRunner().invoke(commands.events, [])
    assert good.exit_code == 0 and "1 events" in good.output


def test_what_was_changed_is_named(event: Event) -> None:
    QuerySet(Step).filter(event=event).update(text="别的")
    bad = CliRunner().invoke(commands.events, [event.number])
    assert bad.exit_code == 1 and event.number in bad.output and "was changed" in bad.output


def test_an_event_nobody_knows(event: Event) -> None:
    assert isinstance(CliRunner().invoke(commands.events, ["YK0"]).exception, LookupError)
