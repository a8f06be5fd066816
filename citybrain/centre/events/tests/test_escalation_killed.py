"""kill -9 in the middle of a pass: every mark fires once, and everybody is told once."""

from __future__ import annotations

import multiprocessing
import os
import signal as signals
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from citybrain.centre.events import escalation
from citybrain.centre.events.deadlines import CLOCKS
from citybrain.centre.events.escalation import escalate
from citybrain.centre.events.models import Mark
from citybrain.centre.events.tests.test_killed import prepared
from citybrain.hubs.messages.models import Message

pytestmark = pytest.mark.fault

BEFORE = ("_fire", "_add", "tell", "announce")
"""Functions of a pass at whose call it is killed before its end, and `_handle` after it."""


def killed_at(name: str) -> None:
    connections.close_all()

    def die(*_given: Any, **_named: Any) -> None:
        os.kill(os.getpid(), signals.SIGKILL)

    def run() -> None:
        setattr(escalation, name, die)
        escalate()

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    child.join(120)
    assert child.exitcode == -signals.SIGKILL, "it died where it should"


@pytest.mark.parametrize("name", [*BEFORE, "_handle"])
def test_a_pass_happens_wholly_or_not_at_all(own_database: str, name: str) -> None:
    prepared()
    due = Mark.objects.filter(clock__in=CLOCKS, fired_at=None)
    due.update(at=timezone.now() - timedelta(minutes=1))
    count, told = due.count(), Message.objects.count()
    assert count
    killed_at(name)
    fired = Mark.objects.filter(clock__in=CLOCKS).exclude(fired_at=None)
    assert fired.count() == (0 if name in BEFORE else count)
    assert (Message.objects.count() > told) is (name not in BEFORE)
    escalate()
    messages = Message.objects.count()
    assert fired.count() == count and messages > told
    escalate()
    assert fired.count() == count and Message.objects.count() == messages
