"""Steps of a journal as pages tell them: past words for verbs, who, why, with the ledger's hash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Event, Step
from citybrain.centre.events.pages.parts import Names, address, type_name
from citybrain.centre.events.reasons import words_of
from citybrain.declare.event import Level, Loop
from citybrain.ui.panels.kinds import Moment
from citybrain.ui.panels.panel import Tag, Tone

V = Verb

DONE_WORDS: dict[str, str | Promise] = {
    V.OPEN: lazy("Told"),
    V.ACCEPT: lazy("Accepted"),
    V.REJECT: lazy("Not accepted"),
    V.MERGE: lazy("Merged"),
    V.UNMERGE: lazy("Split off again"),
    V.DISPATCH: lazy("Dispatched"),
    V.SIGN: lazy("Signed"),
    V.SEND_BACK: lazy("Sent back"),
    V.REASSIGN: lazy("Taken away to be reassigned"),
    V.PAUSE: lazy("Paused"),
    V.RESUME: lazy("Resumed"),
    V.HAND_OUT: lazy("Handed over outside"),
    V.TAKE_BACK: lazy("Taken back"),
    V.REPORT_DONE: lazy("Reported done"),
    V.REWORK: lazy("Sent back to work"),
    V.CLOSE: lazy("Closed"),
    V.APPRAISE: lazy("Appraised"),
    V.REDO: lazy("Reopened"),
    V.CANCEL: lazy("Cancelled"),
    V.REVIEW: lazy("Accepted on review"),
    V.JOIN: lazy("Told once more"),
    V.LEAVE: lazy("Signals went with a split"),
    V.RECLASSIFY: lazy("Class changed"),
    V.RAISE: lazy("Raised"),
    V.LOWER: lazy("Lowered"),
    V.URGE: lazy("Urged"),
    V.SUPERVISE: lazy("Put under supervision"),
    V.RELEASE: lazy("Supervision ended"),
    V.TAKE: lazy("Taken over"),
    V.ARBITRATE: lazy("Decided by the arbiter"),
    V.NOTE: lazy("Note"),
    V.ANSWER: lazy("Reporters answered"),
    V.RATE: lazy("Rated"),
    V.ASK_TASK: lazy("Asked for help"),
    V.SIGN_TASK: lazy("Task signed"),
    V.RETURN_TASK: lazy("Task sent back"),
    V.FINISH_TASK: lazy("Task done"),
    V.CANCEL_TASK: lazy("Task called off"),
    V.OUTSIDE: lazy("Word from outside"),
}
"""Verb -> what was done."""

TONES: dict[str, Tone] = {
    V.REJECT: "bad",
    V.SEND_BACK: "fair",
    V.REASSIGN: "fair",
    V.REWORK: "fair",
    V.REDO: "fair",
    V.URGE: "fair",
    V.SUPERVISE: "bad",
    V.RETURN_TASK: "fair",
    V.CLOSE: "good",
    V.FINISH_TASK: "good",
    V.REPORT_DONE: "good",
    V.RAISE: "bad",
}


def done_words(verb: str) -> str:
    """What a verb did, in words."""
    return str(DONE_WORDS.get(verb, verb))


def moments(event: Event, steps: Iterable[Step], names: Names, *, hashes: bool = True) -> Iterator[Moment]:
    """Steps as entries of a time line, in the order given; the first of them is marked as the present one."""
    for place, step in enumerate(steps):
        yield Moment(
            at=step.at,
            title=done_words(step.verb),
            who=who(step, names),
            text=told(step, names),
            tone="data" if place == 0 and step.verb not in TONES else TONES.get(step.verb, "quiet"),
            tags=(proof(event, step),) if hashes and step.hash else (),
            link="",
        )


def proof(event: Event, step: Step) -> Tag:
    """The first letters of the step's hash, leading to its proof in the ledger where that is built in."""
    reference = f"{event.number}/{step.number}"
    url = address("evidence-record", "events", reference)
    return Tag(step.hash[:8], "quiet", help=_("SHA-256 %s: on the ledger") % step.hash, url=url)


def who(step: Step, names: Names) -> str:
    """Who did it: person, for whom, of which body; the house or the reporter without one."""
    parts = []
    if step.user is not None:
        name = step.user.name or step.user.get_username()
        parts.append(
            _("%(name)s for %(other)s") % {"name": name, "other": step.on_behalf_of} if step.on_behalf_of else name
        )
    elif step.client == "house" and step.verb not in (V.OPEN, V.JOIN, V.RATE):
        parts.append(_("the house"))
    if step.organisation_id:
        parts.append(names.body(step.organisation_id))
    return " · ".join(filter(None, parts))


def told(step: Step, names: Names) -> str:
    """What else is to be said of it: to whom, reason, words, changes."""
    facts: dict[str, Any] = step.facts if isinstance(step.facts, dict) else {}
    parts = []
    if step.verb in (V.DISPATCH, V.ARBITRATE, V.REDO) and facts.get("organisation"):
        parts.append("→ " + names.body(facts["organisation"]))
    if step.verb == V.SEND_BACK and facts.get("proposed"):
        parts.append(_("proposes %s") % names.body(facts["proposed"]))
    if step.reason:
        parts.append(words_of(step.reason))
    if step.text:
        parts.append(step.text)
    if step.verb in (V.RAISE, V.LOWER, V.ACCEPT, V.RECLASSIFY, V.REVIEW):
        parts += changes(facts)
    if step.verb in (V.DISPATCH, V.ARBITRATE):
        parts += [str(line) for line in facts.get("why") or ()][:2]
    if step.verb == V.OUTSIDE and facts.get("outside_state"):
        parts.append(str(facts["outside_state"]))
    return " · ".join(filter(None, parts))


def changes(facts: dict[str, Any]) -> list[str]:
    """Class, level and loop that a step set."""
    found = []
    if facts.get("type"):
        found.append(type_name(facts["type"]))
    if facts.get("level") in set(Level):
        found.append(_("level: %s") % _(Level(facts["level"]).label))
    if facts.get("loop") in set(Loop):
        found.append(_(Loop(facts["loop"]).label))
    return found
