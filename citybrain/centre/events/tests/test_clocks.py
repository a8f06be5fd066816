"""The six clocks: the table of their rules, and any history against a slow reference."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citybrain.centre.events.axes import SECOND, StretchedAxis, axis, instant, moment_of
from citybrain.centre.events.clocks import Reading, runs
from citybrain.centre.events.machine import OPEN, TRANSITIONS, State, Verb
from citybrain.centre.events.tests.slow_clocks import TICK, watches
from citybrain.declare.event import Clock, Counting
from citybrain.kernel.identity.calendar import calendar

MONDAY = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
"""Nine o'clock in Yongkang; 20 September is worked in exchange, 25 to 27 September and 1 to 7 October are free."""
SCHEDULES = {1: "office", 2: "round-the-clock", 3: "service-window"}
EVENT: Any = SimpleNamespace(type="", level="blue", loop="micro", organisation_id=1)
FACTS = {"type": "", "level": "blue", "loop": "micro", "organisation": 1}


def line(hours: float, verb: str, source: str, target: str, reason: str = "", **facts: Any) -> SimpleNamespace:
    return SimpleNamespace(
        at=MONDAY + timedelta(hours=hours), verb=verb, source=source, target=target, reason=reason, facts=facts
    )


OPENED = line(0, "open", "", "new", **FACTS)
ACCEPTED = line(1, "accept", "new", "accepted")
SENT = line(2, "dispatch", "accepted", "dispatched", organisation=2)
SIGNED = line(3, "sign", "dispatched", "in_progress")


def shown(*steps: Any, at: float) -> dict[Clock, Reading]:
    """The latest run of each clock at an hour after the beginning."""
    found = runs(EVENT, steps, MONDAY + timedelta(hours=at), SCHEDULES)
    return {reading.clock: reading for reading in found}


def test_a_clock_runs_from_its_state_to_the_next():
    now = shown(OPENED, ACCEPTED, SENT, SIGNED, at=27)
    assert now[Clock.VERIFY].elapsed == 3600 and now[Clock.VERIFY].is_stopped
    assert now[Clock.VERIFY].percent == 25 and now[Clock.VERIFY].ended_by == "accept"
    assert now[Clock.DISPATCH].elapsed == 3600
    # One working day: the day it was sent is not counted.
    assert now[Clock.SIGN].elapsed == 0 and not now[Clock.SIGN].is_late
    # Seven days from the midnight after: twelve hours of the second day have passed.
    assert now[Clock.HANDLE].elapsed == 12 * 3600
    assert now[Clock.HANDLE].due_at == datetime(2026, 9, 21, 16, 0, tzinfo=UTC)
    assert now[Clock.HANDLE].is_running and Clock.CHECK not in now


def test_working_hours_are_those_of_the_body_on_whose_desk_it_lay():
    at_night = line(13, "open", "", "new", **FACTS)
    office = shown(at_night, at=20)
    round_the_clock = shown(line(13, "open", "", "new", **{**FACTS, "organisation": 2}), at=20)
    assert office[Clock.VERIFY].elapsed == 0
    assert office[Clock.VERIFY].due_at == datetime(2026, 9, 15, 7, 0, tzinfo=UTC)
    assert round_the_clock[Clock.VERIFY].elapsed == 7 * 3600 and round_the_clock[Clock.VERIFY].is_late


@pytest.mark.parametrize(
    ("reason", "approved", "stops"),
    [
        ("waiting-reporter", False, True),
        ("waiting-material", False, True),
        ("force-majeure", False, True),
        ("other-body", False, True),
        ("scheduled", False, False),
        ("scheduled", True, True),
    ],
)
def test_only_what_the_body_cannot_change_stops_the_clock(reason: str, approved: bool, stops: bool):
    paused = line(27, "pause", "in_progress", "paused", reason, **({"approved": True} if approved else {}))
    resumed = line(51, "resume", "paused", "in_progress")
    during = shown(OPENED, ACCEPTED, SENT, SIGNED, paused, at=40)
    assert during[Clock.HANDLE].is_running is during[Clock.WHOLE].is_running is not stops
    assert (during[Clock.HANDLE].due_at is None) is stops
    after = shown(OPENED, ACCEPTED, SENT, SIGNED, paused, resumed, at=60)
    assert after[Clock.HANDLE].paused == (24 * 3600 if stops else 0)
    assert after[Clock.HANDLE].elapsed == (60 - 15 - (24 if stops else 0)) * 3600


def test_back_to_work_goes_on_and_checking_is_not_the_handlers_time():
    done = line(30, "report_done", "in_progress", "reported_done")
    back = line(40, "rework", "reported_done", "in_progress")
    now = shown(OPENED, ACCEPTED, SENT, SIGNED, done, back, at=50)
    assert now[Clock.HANDLE].started == MONDAY + timedelta(hours=3)
    assert now[Clock.HANDLE].elapsed == (15 + 10) * 3600 and now[Clock.HANDLE].paused == 10 * 3600
    assert now[Clock.CHECK].is_stopped and now[Clock.CHECK].ended_by == "rework"


def test_a_returned_event_has_a_new_clock_and_the_old_run_is_kept():
    steps = (OPENED, ACCEPTED, SENT, line(5, "send_back", "dispatched", "accepted", organisation=1))
    every = runs(EVENT, steps, MONDAY + timedelta(hours=6), SCHEDULES)
    assert [run.ended_by for run in every if run.clock is Clock.DISPATCH] == ["dispatch", ""]
    assert [run.ended_by for run in every if run.clock is Clock.SIGN] == ["send_back"]


def test_a_higher_level_holds_from_the_beginning():
    before = shown(OPENED, ACCEPTED, SENT, SIGNED, at=40)
    raised = shown(OPENED, ACCEPTED, SENT, SIGNED, line(40, "raise", "in_progress", "in_progress", level="red"), at=40)
    assert before[Clock.HANDLE].percent < 20
    assert raised[Clock.HANDLE].started == before[Clock.HANDLE].started
    assert raised[Clock.HANDLE].percent == 100 * 37 / 2
    assert raised[Clock.HANDLE].due_at == MONDAY + timedelta(hours=5)
    # What had stopped keeps the limit it had.
    assert raised[Clock.SIGN].allowed == before[Clock.SIGN].allowed


def test_another_class_begins_the_phase_anew_and_nothing_else():
    changed = line(30, "reclassify", "in_progress", "in_progress", type="power-cut")
    now = shown(OPENED, ACCEPTED, SENT, SIGNED, changed, at=31)
    assert now[Clock.HANDLE].started == MONDAY + timedelta(hours=30)
    assert now[Clock.WHOLE].started == MONDAY


def test_a_wrong_rejection_did_not_stop_the_reporters_time_and_reopening_begins_anew():
    rejected = line(1, "reject", "new", "rejected")
    reviewed = line(200, "review", "rejected", "accepted")
    now = shown(OPENED, rejected, reviewed, at=201)
    assert now[Clock.WHOLE].started == MONDAY and now[Clock.WHOLE].paused == 0 and not now[Clock.WHOLE].is_stopped
    done = line(30, "report_done", "in_progress", "reported_done")
    closed = line(31, "close", "reported_done", "closed")
    redone = line(300, "redo", "closed", "dispatched")
    again = shown(OPENED, ACCEPTED, SENT, SIGNED, done, closed, redone, at=310)
    assert again[Clock.WHOLE].started == MONDAY + timedelta(hours=300) and again[Clock.SIGN].is_running


def test_the_moment_of_a_share_is_when_the_clock_shows_it():
    now = shown(OPENED, ACCEPTED, SENT, SIGNED, at=27)[Clock.HANDLE]
    for percent in (50, 75, 100, 200, 300):
        moment = now.reaches(percent)
        assert moment is not None
        hours = (moment - MONDAY) / timedelta(hours=1)
        assert shown(OPENED, ACCEPTED, SENT, SIGNED, at=hours)[Clock.HANDLE].percent == percent
    assert now.reaches(100) == now.due_at


@pytest.mark.parametrize("back", [1, 30, 4000])
def test_a_clock_set_back_takes_no_time_away(back: int):
    wrong = line(3 - back, "sign", "dispatched", "in_progress")
    for at in (-5000, 2, 3, 10):
        for reading in runs(EVENT, (OPENED, ACCEPTED, SENT, wrong), MONDAY + timedelta(hours=at), SCHEDULES):
            assert reading.elapsed >= 0 and reading.paused >= 0
            assert reading.stopped is None or reading.stopped >= reading.started


# --------------------------------------------------------------------------- any history

MOVES = {state: [one for one in TRANSITIONS if state in one.sources and one.target is not None] for state in State}
TYPES = ("", "power-cut", "damaged-road", "exposed-litter", "wage-arrears")


@st.composite
def journals(draw: st.DrawFn) -> list[SimpleNamespace]:
    """A random legal history on ticks of ten minutes, with changes of class, level and loop in between."""
    at, state = MONDAY + TICK * draw(st.integers(0, 2000)), State.NEW
    steps = [
        SimpleNamespace(
            at=at,
            verb="open",
            source="",
            target="new",
            reason="",
            facts={
                "type": draw(st.sampled_from(TYPES)),
                "level": draw(st.sampled_from(["blue", "yellow", "orange"])),
                "loop": draw(st.sampled_from(["micro", "small"])),
                "organisation": draw(st.sampled_from(sorted(SCHEDULES))),
            },
        )
    ]
    for _number in range(draw(st.integers(0, 9))):
        at += TICK * draw(st.one_of(st.integers(0, 40), st.integers(0, 700)))
        kind = draw(st.integers(0, 9))
        facts: dict[str, Any] = {}
        target, reason = state, ""
        if kind == 0 and state in OPEN:
            verb, facts = Verb.RECLASSIFY, {"type": draw(st.sampled_from(TYPES))}
        elif kind == 1 and state in OPEN:
            verb, facts = Verb.RAISE, {"level": draw(st.sampled_from(["yellow", "orange", "red"])), "loop": "small"}
        elif MOVES[state]:
            move = draw(st.sampled_from(MOVES[state]))
            assert move.target is not None
            verb, target = move.verb, move.target
            if verb is Verb.PAUSE:
                reason = draw(st.sampled_from(move.reasons))
            if verb in (Verb.DISPATCH, Verb.REASSIGN, Verb.SEND_BACK):
                facts = {"organisation": draw(st.sampled_from(sorted(SCHEDULES)))}
        else:
            break
        steps.append(SimpleNamespace(at=at, verb=verb, source=state, target=target, reason=reason, facts=facts))
        state = target
    return steps


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=journals(), after=st.integers(0, 1500))
def test_every_history_reads_as_the_slow_reference_does(steps: list[SimpleNamespace], after: int):
    now = steps[-1].at + TICK * after
    fast = runs(EVENT, steps, now, SCHEDULES)
    slow = watches(steps, now)
    assert [reading.clock for reading in fast] == [watch.clock for watch in slow]
    for reading, watch in zip(fast, slow, strict=True):
        schedule = SCHEDULES[watch.body]
        assert reading.started == watch.began
        assert (reading.is_running, reading.is_stopped) == (watch.runs and not watch.over, watch.over)
        assert reading.elapsed == watch.elapsed(schedule), (reading, watch)
        assert reading.allowed == watch.allowed
        assert reading.due_at == watch.due(schedule, now), (reading, watch)


@given(
    counting=st.sampled_from(sorted(Counting)),
    schedule=st.sampled_from(["office", "round-the-clock", "service-window"]),
    begin=st.integers(0, 400 * 86_400),
    amount=st.integers(1, 60 * 86_400),
)
def test_an_amount_counted_on_and_back_is_the_same_to_the_microsecond(
    counting: Counting, schedule: str, begin: int, amount: int
):
    found = axis(counting, schedule)
    start = found.first(instant(MONDAY) - 200 * 86_400 * SECOND + begin * SECOND)
    end = found.after(start, amount * SECOND + 7)
    assert found.between(start, end) == amount * SECOND + 7
    assert found.between(start, end - 1) == amount * SECOND + 6
    assert found.between(end, start) == 0


@given(begin=st.integers(0, 300 * 86_400), seconds=st.integers(0, 40 * 86_400))
def test_the_axis_of_working_hours_agrees_with_the_calendar(begin: int, seconds: int):
    first = MONDAY - timedelta(days=100) + timedelta(seconds=begin)
    last = first + timedelta(seconds=seconds)
    counted = axis(Counting.WORKING_HOURS).between(instant(first), instant(last)) / SECOND
    assert counted == calendar().working_seconds_between(first, last)


def test_an_axis_asked_for_earlier_years_later_stays_the_same():
    def fresh() -> StretchedAxis:
        return StretchedAxis(lambda day: calendar().stretches(day), calendar(), from_next_day=False)

    first, last = datetime(2025, 12, 30, 1, tzinfo=UTC), datetime(2026, 1, 20, 9, tzinfo=UTC)
    forwards, backwards = fresh(), fresh()
    backwards.counted(instant(last))
    wanted = round(calendar().working_seconds_between(first, last) * SECOND)
    assert forwards.between(instant(first), instant(last)) == wanted
    assert backwards.between(instant(first), instant(last)) == wanted
    assert moment_of(backwards.after(instant(first), wanted)) == calendar().add_working_seconds(first, wanted / SECOND)


def test_hours_that_never_come_are_told():
    never = StretchedAxis(lambda day: iter(()), calendar(), from_next_day=False)
    with pytest.raises(ValueError, match="does not pass"):
        never.after(instant(MONDAY), 1)
