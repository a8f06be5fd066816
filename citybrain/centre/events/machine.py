"""The event's life cycle: twelve states in five groups, and the table of legal transitions (事件状态机).

`docs/events.md` draws it; the seven stages of GB/T 30428.1 stand in `pages/parts.py`. A transition names who may do it
and what it needs; guards that look at more than the state are in `guards.py`. Nothing else changes a state.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citybrain.centre.events.permissions import ACCEPT, ASSIGN, CHECK, DISPATCH, HANDLE, SUPERVISE, VIEW
from citybrain.declare.role import Permission


class State(models.TextChoices):
    """Where an event stands (案卷状态)."""

    NEW = "new", _("To verify")
    ACCEPTED = "accepted", _("To dispatch")
    DISPATCHED = "dispatched", _("To sign")
    IN_PROGRESS = "in_progress", _("In progress")
    PAUSED = "paused", pgettext_lazy("state of an event", "Paused")
    HANDED_OUT = "handed_out", _("Handled outside")
    REPORTED_DONE = "reported_done", _("To check")
    CLOSED = "closed", pgettext_lazy("state of an event", "Closed")
    APPRAISED = "appraised", _("Appraised")
    REJECTED = "rejected", pgettext_lazy("state of an event", "Not accepted")
    CANCELLED = "cancelled", pgettext_lazy("state of an event", "Cancelled")
    MERGED = "merged", _("Merged")


OPEN = (
    State.NEW,
    State.ACCEPTED,
    State.DISPATCHED,
    State.IN_PROGRESS,
    State.PAUSED,
    State.HANDED_OUT,
    State.REPORTED_DONE,
)
"""States in which somebody still has to do something."""
DONE = (State.CLOSED, State.APPRAISED)
ENDED = (State.REJECTED, State.CANCELLED, State.MERGED)


class Verb(StrEnum):
    """What can be done with an event; the first twenty change its state, the others leave it."""

    OPEN = "open"
    ACCEPT = "accept"
    REJECT = "reject"
    MERGE = "merge"
    UNMERGE = "unmerge"
    DISPATCH = "dispatch"
    SIGN = "sign"
    SEND_BACK = "send_back"
    REASSIGN = "reassign"
    PAUSE = "pause"
    RESUME = "resume"
    HAND_OUT = "hand_out"
    TAKE_BACK = "take_back"
    REPORT_DONE = "report_done"
    REWORK = "rework"
    CLOSE = "close"
    APPRAISE = "appraise"
    REDO = "redo"
    CANCEL = "cancel"
    REVIEW = "review"
    # Steps that leave the state as it is.
    JOIN = "join"
    """A further signal, or the signals of a merged event, came to it."""
    LEAVE = "leave"
    """The signals of an event that was split off again went."""
    RECLASSIFY = "reclassify"
    RAISE = "raise"
    LOWER = "lower"
    URGE = "urge"
    SUPERVISE = "supervise"
    RELEASE = "release"
    TAKE = "take"
    """The backstop, or somebody, became the owner."""
    ASSIGN = "assign"
    """A colleague of the body holds it from now on."""
    ARBITRATE = "arbitrate"
    NOTE = "note"
    ANSWER = "answer"
    """The reporters were answered."""
    RATE = "rate"
    ASK_TASK = "ask_task"
    SIGN_TASK = "sign_task"
    RETURN_TASK = "return_task"
    FINISH_TASK = "finish_task"
    CANCEL_TASK = "cancel_task"
    ASSIGN_TASK = "assign_task"
    OUTSIDE = "outside"
    """What became of it outside: sent, failed, done."""


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One legal transition."""

    verb: Verb
    title: str | Promise
    """On its button."""
    sources: tuple[State, ...]
    target: State | None
    """None when it leaves the state as it is."""
    permission: Permission
    also_to: tuple[State, ...] = ()
    """Further states it may lead to: a split-off event goes back to where it was merged from."""
    icon: str = "arrow-right"
    needs_reason: bool = False
    """Whether words must say why."""
    reasons: tuple[str, ...] = field(default=())
    """Codes one of which must be given; see `reasons.py`."""
    is_system: bool = False
    """Whether only the house itself does it."""
    is_main: bool = False
    """Whether it is the usual next thing: the blue button."""


S, V = State, Verb

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        verb=V.ACCEPT,
        title=pgettext_lazy("event", "Accept"),
        sources=(S.NEW,),
        target=S.ACCEPTED,
        permission=ACCEPT,
        icon="check",
        is_main=True,
    ),
    Transition(
        verb=V.REJECT,
        title=_("Do not accept"),
        sources=(S.NEW,),
        target=S.REJECTED,
        permission=ACCEPT,
        icon="x",
        needs_reason=True,
        reasons=("not-government", "no-fact", "out-of-county", "repeated", "insufficient"),
    ),
    Transition(
        verb=V.MERGE,
        title=_("Merge"),
        sources=(S.NEW, S.ACCEPTED),
        target=S.MERGED,
        permission=ACCEPT,
        icon="git-merge",
    ),
    Transition(
        verb=V.UNMERGE,
        title=_("Split off again"),
        sources=(S.MERGED,),
        target=S.ACCEPTED,
        also_to=(S.NEW,),
        permission=ACCEPT,
        icon="git-branch",
        needs_reason=True,
    ),
    Transition(
        verb=V.DISPATCH,
        title=_("Dispatch"),
        sources=(S.ACCEPTED,),
        target=S.DISPATCHED,
        permission=DISPATCH,
        icon="send",
        is_main=True,
    ),
    Transition(
        verb=V.SIGN,
        title=_("Sign"),
        sources=(S.DISPATCHED,),
        target=S.IN_PROGRESS,
        permission=HANDLE,
        icon="pencil-check",
        is_main=True,
    ),
    Transition(
        verb=V.SEND_BACK,
        title=_("Send back"),
        sources=(S.DISPATCHED,),
        target=S.ACCEPTED,
        permission=HANDLE,
        icon="arrow-back-up",
        needs_reason=True,
    ),
    Transition(
        verb=V.REASSIGN,
        title=_("Reassign"),
        sources=(S.IN_PROGRESS,),
        target=S.ACCEPTED,
        permission=DISPATCH,
        icon="switch-horizontal",
        needs_reason=True,
    ),
    Transition(
        verb=V.PAUSE,
        title=_("Pause"),
        sources=(S.IN_PROGRESS,),
        target=S.PAUSED,
        permission=HANDLE,
        icon="player-pause",
        needs_reason=True,
        reasons=("waiting-reporter", "waiting-material", "scheduled", "force-majeure", "other-body"),
    ),
    Transition(
        verb=V.RESUME,
        title=_("Resume"),
        sources=(S.PAUSED,),
        target=S.IN_PROGRESS,
        permission=HANDLE,
        icon="player-play",
        is_main=True,
    ),
    Transition(
        verb=V.HAND_OUT,
        title=_("Hand over outside"),
        sources=(S.ACCEPTED, S.DISPATCHED, S.IN_PROGRESS),
        target=S.HANDED_OUT,
        permission=DISPATCH,
        icon="external-link",
        needs_reason=True,
    ),
    Transition(
        verb=V.TAKE_BACK,
        title=_("Take back"),
        sources=(S.HANDED_OUT,),
        target=S.ACCEPTED,
        permission=DISPATCH,
        icon="arrow-back",
        needs_reason=True,
    ),
    Transition(
        verb=V.REPORT_DONE,
        title=_("Report done"),
        sources=(S.IN_PROGRESS, S.HANDED_OUT),
        target=S.REPORTED_DONE,
        permission=HANDLE,
        icon="circle-check",
        is_main=True,
    ),
    Transition(
        verb=V.REWORK,
        title=_("Back to work"),
        sources=(S.REPORTED_DONE,),
        target=S.IN_PROGRESS,
        permission=CHECK,
        icon="rotate",
        needs_reason=True,
    ),
    Transition(
        verb=V.CLOSE,
        title=pgettext_lazy("event", "Close"),
        sources=(S.REPORTED_DONE,),
        target=S.CLOSED,
        permission=CHECK,
        icon="circle-check",
        is_main=True,
    ),
    Transition(
        verb=V.APPRAISE, title=_("Appraise"), sources=(S.CLOSED,), target=S.APPRAISED, permission=SUPERVISE, icon="star"
    ),
    Transition(
        verb=V.REDO,
        title=_("Reopen"),
        sources=(S.CLOSED, S.APPRAISED),
        target=S.DISPATCHED,
        permission=CHECK,
        icon="rotate",
        needs_reason=True,
    ),
    Transition(
        verb=V.CANCEL,
        title=_("Cancel event"),
        sources=(S.ACCEPTED, S.PAUSED),
        target=S.CANCELLED,
        permission=ACCEPT,
        icon="ban",
        needs_reason=True,
    ),
    Transition(
        verb=V.REVIEW,
        title=_("Review"),
        sources=(S.REJECTED,),
        target=S.ACCEPTED,
        permission=ACCEPT,
        icon="refresh",
        needs_reason=True,
    ),
    Transition(
        verb=V.ASSIGN,
        title=pgettext_lazy("event", "Assign"),
        sources=(S.DISPATCHED, S.IN_PROGRESS, S.PAUSED),
        target=None,
        permission=ASSIGN,
        icon="user-check",
    ),
    Transition(verb=V.RECLASSIFY, title=_("Change class"), sources=OPEN, target=None, permission=ACCEPT, icon="tag"),
    Transition(
        verb=V.RAISE,
        title=_("Raise"),
        sources=OPEN,
        target=None,
        permission=HANDLE,
        icon="trending-up",
        needs_reason=True,
    ),
    Transition(
        verb=V.LOWER,
        title=_("Lower"),
        sources=OPEN,
        target=None,
        permission=SUPERVISE,
        icon="trending-down",
        needs_reason=True,
    ),
    Transition(verb=V.URGE, title=_("Urge"), sources=OPEN, target=None, permission=SUPERVISE, icon="message"),
    Transition(
        verb=V.SUPERVISE,
        title=_("Supervise"),
        sources=(*OPEN, *DONE),
        target=None,
        permission=SUPERVISE,
        icon="eye",
        needs_reason=True,
    ),
    Transition(
        verb=V.RELEASE,
        title=_("End supervision"),
        sources=(*OPEN, *DONE),
        target=None,
        permission=SUPERVISE,
        icon="eye-off",
    ),
    Transition(verb=V.TAKE, title=_("Take over"), sources=OPEN, target=None, permission=HANDLE, icon="hand-stop"),
    Transition(
        verb=V.ARBITRATE,
        title=_("Decide who is responsible"),
        sources=(S.ACCEPTED,),
        target=S.DISPATCHED,
        permission=SUPERVISE,
        icon="gavel",
        needs_reason=True,
    ),
    Transition(verb=V.NOTE, title=_("Note"), sources=tuple(S), target=None, permission=VIEW, icon="note"),
    Transition(
        verb=V.ANSWER,
        title=_("Answer the reporters"),
        sources=tuple(S),
        target=None,
        permission=HANDLE,
        icon="message-reply",
    ),
    Transition(
        verb=V.ASK_TASK,
        title=_("Ask for help"),
        sources=(S.ACCEPTED, S.DISPATCHED, S.IN_PROGRESS, S.PAUSED),
        target=None,
        permission=HANDLE,
        icon="users-plus",
    ),
)
"""Every transition people ask for on an event. Steps the house takes itself, and steps of tasks, are in `TASK_STEPS`
and `OWN_STEPS`."""

OWN_STEPS = (V.OPEN, V.JOIN, V.LEAVE, V.RATE, V.OUTSIDE)
TASK_STEPS = (V.SIGN_TASK, V.RETURN_TASK, V.FINISH_TASK, V.CANCEL_TASK, V.ASSIGN_TASK)

TASK_ASSIGNMENT = Transition(
    verb=V.ASSIGN_TASK,
    title=pgettext_lazy("task", "Assign"),
    sources=OPEN,
    target=None,
    permission=ASSIGN,
    icon="user-check",
)
"""The step of a task that has a form of its own."""

BY_VERB = {transition.verb: transition for transition in TRANSITIONS}
"""Verb -> its transition."""


def legal(state: str) -> tuple[Transition, ...]:
    """Transitions that lead out of, or stay in, a state; what a person may do of them is `queries.ways_of`."""
    return tuple(transition for transition in TRANSITIONS if state in transition.sources)
