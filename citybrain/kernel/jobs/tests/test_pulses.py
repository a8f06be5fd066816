"""Pulses: beaten in their time beside the jobs, at once again while more waits, and none disturbs another."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from citybrain.kernel.jobs import pulses
from citybrain.kernel.jobs.pulses import beat_until, pulse
from citybrain.kernel.jobs.worker import Worker


@pytest.fixture(autouse=True)
def own_pulses(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pulses, "_pulses", {})
    yield


def beat_for(seconds: float) -> None:
    stopping = threading.Event()
    threading.Timer(seconds, stopping.set).start()
    beat_until(stopping)


@pytest.mark.django_db(transaction=True)
def test_a_pulse_beats_in_its_time_and_at_once_while_more_waits() -> None:
    beats: list[float] = []
    waiting = [True, True, False]

    @pulse(key="counting", seconds=0.4)
    def counting() -> bool:
        beats.append(time.monotonic())
        return waiting.pop(0) if waiting else False

    beat_for(1.0)

    assert 4 <= len(beats) <= 6
    assert beats[2] - beats[0] < 0.3
    assert beats[3] - beats[2] >= 0.39


@pytest.mark.django_db(transaction=True)
def test_a_failing_pulse_waits_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulses, "AFTER_FAULT", 0.3)
    failed: list[int] = []
    beats: list[int] = []

    @pulse(key="failing", seconds=0.05)
    def failing() -> bool:
        failed.append(1)
        raise RuntimeError("away")

    @pulse(key="steady", seconds=0.05)
    def steady() -> bool:
        beats.append(1)
        return False

    beat_for(0.5)

    assert len(failed) == 2
    assert len(beats) >= 4


def test_one_name_is_one_pulse() -> None:
    pulse(key="one", seconds=1.0)(beat_nothing)
    pulse(key="one", seconds=1.0)(beat_nothing)

    with pytest.raises(ValueError, match="declared twice"):
        pulse(key="one", seconds=1.0)(beat_more)


def beat_nothing() -> bool:
    return False


def beat_more() -> bool:
    return True


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("clocks", [True, False])
def test_the_worker_beats_them_unless_it_serves_one_job_only(clocks: bool) -> None:
    beaten = threading.Event()

    @pulse(key="beaten", seconds=0.1)
    def note() -> bool:
        beaten.set()
        return False

    with Worker(clocks=clocks):
        assert beaten.wait(2.0 if clocks else 0.4) is clocks
