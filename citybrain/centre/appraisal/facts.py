"""One event's journal, clocks and columns become what is counted of it: a pure function, to be checked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from citybrain.centre.events.clocks import Reading
from citybrain.centre.events.machine import DONE, State, Verb
from citybrain.centre.events.models import Channel, Event, Step
from citybrain.centre.events.patrolled import INSPECTION, MISSED
from citybrain.centre.events.types import event_types
from citybrain.declare.event import Clock

FOUND = (
    Channel.PATROL,
    Channel.STAFF,
    Channel.DEVICE,
    Channel.WARNING,
    Channel.VIDEO,
    Channel.DATA_CHECK,
)
"""Channels by which the government finds things itself."""

HOUR = 3600

NOT_COUNTED = {"out-of-county": "out-of-county", "not-government": "not-government"}
"""Reasons of a rejection that say it was never this county's matter."""

NO_FACT = "no-fact"
"""Reason of a rejection that says it is not so."""


def fact_of(event: Event, steps: Sequence[Step], readings: Sequence[Reading]) -> dict[str, Any]:
    """Columns of the event's `CaseFact`, without `town` and `body`; `readings` are all runs of its clocks, in order."""
    told = event_types().get(event.type)
    accepted = _first(steps, Verb.ACCEPT, Verb.REVIEW, Verb.UNMERGE)
    decided = _first(steps, Verb.ACCEPT, Verb.REJECT, Verb.REVIEW)
    dispatched = [step for step in steps if step.verb in (Verb.DISPATCH, Verb.ARBITRATE)]
    reported = _first(steps, Verb.REPORT_DONE)
    checked = _first(steps, Verb.CLOSE, Verb.REWORK)
    verify, handle = _run(readings, Clock.VERIFY), _run(readings, Clock.HANDLE, last=True)
    check, whole = _run(readings, Clock.CHECK), _run(readings, Clock.WHOLE, last=True)
    is_done = event.state in DONE
    return {
        "steps": event.steps,
        "area_id": event.area_id,
        "organisation_id": _handler(event, steps),
        "post_id": event.post_id,
        "type": event.type,
        "family": told.group if told else "",
        "kind": event.kind,
        "channel": event.channel,
        "loop": event.loop,
        "level": event.level,
        "weight": told.weight if told else 1.0,
        "excluded": exclusion(event, steps),
        "opened_at": event.opened_at,
        "decided_at": decided.at if decided else None,
        "verify_due_at": _due(verify),
        "verified_in_time": not verify.is_late if decided and verify else None,
        "accepted_at": accepted.at if accepted and event.state != State.REJECTED else None,
        "accepted_in_time": not verify.is_late if accepted and verify else None,
        "dispatched_at": dispatched[0].at if dispatched else None,
        "dispatches": len(dispatched),
        "misdirected": min(sum(step.verb in (Verb.SEND_BACK, Verb.REASSIGN) for step in steps), len(dispatched)),
        "handled_at": reported.at if reported else None,
        "handle_due_at": _due(handle),
        "handled_in_time": not handle.is_late if reported and handle else None,
        "handle_hours": _hours(handle) if reported and handle else None,
        "checked_at": checked.at if checked else None,
        "check_due_at": _due(check),
        "checked_in_time": not check.is_late if checked and check else None,
        "closed_at": event.closed_at if is_done else None,
        "whole_due_at": _due(whole) or event.whole_due_at,
        "closed_in_time": not whole.is_late if is_done and whole else None,
        "reworks": event.rework_count,
        "reopens": event.reopen_count,
        "urges": event.urge_count,
        "is_supervised": any(step.verb == Verb.SUPERVISE for step in steps),
        "is_found": event.channel in FOUND,
        **_patrolled(steps),
        "is_false": is_false(event, steps),
        "result": event.result if is_done else "",
        "stars": event.rating,
        "is_solved": event.is_solved,
    }


def exclusion(event: Event, steps: Sequence[Step]) -> str:
    """Why an event is not counted; empty when it is."""
    if event.is_exercise:
        return "exercise"
    if event.state == State.MERGED:
        return "merged"
    if event.state == State.CANCELLED:
        return "cancelled"
    if event.state == State.REJECTED:
        last = next(step for step in reversed(steps) if step.verb == Verb.REJECT)
        return NOT_COUNTED.get(last.reason, "")
    return ""


def is_false(event: Event, steps: Sequence[Step]) -> bool:
    """Whether it was found not to be so: rejected for want of facts, or closed as not found on site."""
    if event.state == State.REJECTED:
        return next(step for step in reversed(steps) if step.verb == Verb.REJECT).reason == NO_FACT
    return event.state in DONE and event.result == Event.Result.NOT_FOUND


def _patrolled(steps: Sequence[Step]) -> dict[str, Any]:
    """What the journal says of the patrol: whether it told it, and what inspections found of that.

    Each finding has its last word; one that still says “missed” counts, from when it was first said.
    """
    told = [step for step in steps if step.verb in (Verb.OPEN, Verb.JOIN) and not step.facts.get(INSPECTION)]
    said = [step for step in steps if MISSED in step.facts]
    last = {step.facts["finding"]: step for step in said}
    held = {finding for finding, step in last.items() if step.facts[MISSED]}
    return {
        "is_patrolled": any(
            Channel.PATROL in (step.facts.get("channel"), step.facts.get("channel_of")) for step in told
        ),
        "is_inspection": bool(steps and steps[0].facts.get(INSPECTION)),
        "inspected_at": said[0].at if said else None,
        "missed_at": next((step.at for step in said if step.facts[MISSED] and step.facts["finding"] in held), None),
    }


def _handler(event: Event, steps: Sequence[Step]) -> int:
    """The body that handled it last: its return to the centre does not take the case off its account."""
    for step in reversed(steps):
        if step.verb in (Verb.DISPATCH, Verb.ARBITRATE, Verb.REDO) and step.facts.get("organisation"):
            return int(step.facts["organisation"])
    return event.organisation_id


def _first(steps: Sequence[Step], *verbs: Verb) -> Step | None:
    return next((step for step in steps if step.verb in verbs), None)


def _run(readings: Sequence[Reading], clock: Clock, *, last: bool = False) -> Reading | None:
    """The first run of a clock, or its last."""
    found = [reading for reading in readings if reading.clock is clock]
    return (found[-1] if last else found[0]) if found else None


def _due(reading: Reading | None) -> datetime | None:
    return reading.due_at if reading is not None else None


def _hours(reading: Reading) -> float | None:
    """Hours by the clock that a run took, without its interruptions; None while it lasts."""
    if reading.stopped is None:
        return None
    return max(((reading.stopped - reading.started).total_seconds() - reading.paused) / HOUR, 0.0)
