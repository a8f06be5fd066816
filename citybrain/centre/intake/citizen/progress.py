"""How far a matter has got, in five steps that a reporter understands: received, accepted, handled, checked, closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.centre.events.machine import DONE, State, Verb
from citybrain.centre.events.models import Event, Signal, Step
from citybrain.centre.events.reasons import words_of
from citybrain.centre.intake.citizen.words import body_name, state_words
from citybrain.ui.panels.milestones import Milestone

REACHED = {
    State.NEW: 1,
    State.ACCEPTED: 2,
    State.DISPATCHED: 2,
    State.IN_PROGRESS: 2,
    State.PAUSED: 2,
    State.HANDED_OUT: 2,
    State.REPORTED_DONE: 3,
    State.CLOSED: 5,
    State.APPRAISED: 5,
    State.REJECTED: 1,
    State.CANCELLED: 2,
    State.MERGED: 1,
}
"""State -> how many of the five steps are done."""


def milestones(signal: Signal, head: Event, journal: Sequence[Step]) -> tuple[Milestone, ...]:
    """The five steps of the event that answers a signal, from its journal. No person is named, only bodies."""
    state = State(head.state)
    done = REACHED[state]
    titles = (
        pgettext("what became of a report", "Received"),
        pgettext("what became of a report", "Accepted"),
        pgettext("what became of a report", "Being handled"),
        pgettext("what became of a report", "Being checked"),
        pgettext("what became of a report", "Closed"),
    )
    times = (
        signal.received_at,
        latest(journal, Verb.ACCEPT, Verb.REVIEW),
        latest(journal, Verb.REPORT_DONE) if done > 2 else None,
        latest(journal, Verb.CLOSE),
        head.closed_at,
    )
    found = []
    for place, title in enumerate(titles):
        if place < done:
            found.append(Milestone(title, "done", at=times[place], who=who(place, head), text=words(place, head)))
        elif place == done and state in (State.REJECTED, State.CANCELLED):
            found.append(Milestone(state_words(head)[0], "failed", at=head.closed_at, text=why_not(head, journal)))
            break
        elif place == done:
            found.append(Milestone(title, "now", at=due(head), who=who(place, head), text=now_words(head)))
        else:
            found.append(Milestone(title, "waiting", at=head.whole_due_at if place == 4 else None))
    return tuple(found)


def latest(journal: Sequence[Step], *verbs: Verb) -> datetime | None:
    """When one of the verbs was done last."""
    return next((step.at for step in reversed(journal) if step.verb in verbs), None)


def due(head: Event) -> datetime | None:
    """By when it is expected to go on; nothing once that is past, which would say nothing."""
    return head.due_at if head.due_at is not None and head.is_open else None


def who(place: int, head: Event) -> str:
    """The body that has the matter; the steps before it was given to one name none."""
    return body_name(head.organisation) if place >= 2 and head.state != State.ACCEPTED else ""


def words(place: int, head: Event) -> str:
    """What was said in public of a step that is done."""
    if place == 4 and head.state in DONE:
        return "\n".join(part for part in (result_words(head), head.public_text) if part)
    return ""


def now_words(head: Event) -> str:
    """What is to be said of the step a matter is in."""
    match head.state:
        case State.NEW:
            return _("Somebody reads it and finds out who is responsible.")
        case State.ACCEPTED:
            return _("It is being given to the body responsible.")
        case State.DISPATCHED:
            return _("It was passed on; the body has not begun yet.")
        case State.PAUSED:
            return _("It has to wait; the time it waits is not counted.")
        case State.HANDED_OUT:
            return _("A body outside the county handles it.")
        case State.REPORTED_DONE:
            return _("It was reported done; somebody else looks whether it is.")
    return head.public_text


def result_words(head: Event) -> str:
    """The result in plain words, with answered and fixed kept apart."""
    words = {
        Event.Result.FIXED: pgettext("what became of a report", "Fixed"),
        Event.Result.ANSWERED: pgettext("what became of a report", "Answered; nothing was changed on site"),
        Event.Result.PLANNED: pgettext("what became of a report", "Planned for later"),
        Event.Result.NOT_FOUND: pgettext("what became of a report", "Looked for on site and not found"),
        Event.Result.NOT_GOVERNMENT: pgettext("what became of a report", "No matter of the government"),
        Event.Result.REFUSED: pgettext("what became of a report", "Refused for a reason"),
    }
    return words.get(Event.Result(head.result), "") if head.result else ""


def why_not(head: Event, journal: Sequence[Step]) -> str:
    """Why a matter was not accepted, or ended: the coded reason and what the public may read."""
    step = next((one for one in reversed(journal) if one.verb in (Verb.REJECT, Verb.CANCEL)), None)
    parts = (words_of(step.reason) if step is not None and step.reason else "", head.public_text)
    return "\n".join(part for part in parts if part)
