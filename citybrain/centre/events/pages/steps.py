"""Steps of a journal as pages tell them: past words for verbs, who, why, with the ledger's hash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Event, Step
from citybrain.centre.events.pages.parts import Names, address, type_name
from citybrain.centre.events.reasons import words_of
from citybrain.declare.event import Level, Loop
from citybrain.kernel.identity.models import User
from citybrain.ui.panels.kinds import Moment
from citybrain.ui.panels.panel import Tag, Tone

V = Verb

DONE_WORDS: dict[str, str | Promise] = {
    V.OPEN: pgettext_lazy("step", "Told"),
    V.ACCEPT: pgettext_lazy("step", "Accepted"),
    V.REJECT: pgettext_lazy("step", "Not accepted"),
    V.MERGE: pgettext_lazy("step", "Merged"),
    V.UNMERGE: pgettext_lazy("step", "Split off again"),
    V.DISPATCH: pgettext_lazy("step", "Dispatched"),
    V.SIGN: pgettext_lazy("step", "Signed"),
    V.SEND_BACK: pgettext_lazy("step", "Sent back"),
    V.REASSIGN: pgettext_lazy("step", "Taken away to be reassigned"),
    V.PAUSE: pgettext_lazy("step", "Paused"),
    V.RESUME: pgettext_lazy("step", "Resumed"),
    V.HAND_OUT: pgettext_lazy("step", "Handed over outside"),
    V.TAKE_BACK: pgettext_lazy("step", "Taken back"),
    V.REPORT_DONE: pgettext_lazy("step", "Reported done"),
    V.REWORK: pgettext_lazy("step", "Sent back to work"),
    V.CLOSE: pgettext_lazy("step", "Closed"),
    V.APPRAISE: pgettext_lazy("step", "Appraised"),
    V.REDO: pgettext_lazy("step", "Reopened"),
    V.CANCEL: pgettext_lazy("step", "Cancelled"),
    V.REVIEW: pgettext_lazy("step", "Accepted on review"),
    V.JOIN: pgettext_lazy("step", "Told once more"),
    V.LEAVE: pgettext_lazy("step", "Signals went with a split"),
    V.RECLASSIFY: pgettext_lazy("step", "Class changed"),
    V.RAISE: pgettext_lazy("step", "Raised"),
    V.LOWER: pgettext_lazy("step", "Lowered"),
    V.URGE: pgettext_lazy("step", "Urged"),
    V.SUPERVISE: pgettext_lazy("step", "Put under supervision"),
    V.RELEASE: pgettext_lazy("step", "Supervision ended"),
    V.TAKE: pgettext_lazy("step", "Taken over"),
    V.ASSIGN: pgettext_lazy("step", "Assigned"),
    V.ARBITRATE: pgettext_lazy("step", "Decided by the arbiter"),
    V.NOTE: pgettext_lazy("step", "Note"),
    V.ANSWER: pgettext_lazy("step", "Reporters answered"),
    V.RATE: pgettext_lazy("step", "Rated"),
    V.ASK_TASK: pgettext_lazy("step", "Asked for help"),
    V.SIGN_TASK: pgettext_lazy("step", "Task signed"),
    V.RETURN_TASK: pgettext_lazy("step", "Task sent back"),
    V.FINISH_TASK: pgettext_lazy("step", "Task done"),
    V.CANCEL_TASK: pgettext_lazy("step", "Task called off"),
    V.ASSIGN_TASK: pgettext_lazy("step", "Task assigned"),
    V.OUTSIDE: pgettext_lazy("step", "Word from outside"),
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
    lines = list(steps)
    people = called(lines)
    for place, step in enumerate(lines):
        yield Moment(
            at=step.at,
            title=done_words(step.verb),
            who=who(step, names),
            text=told(step, names, people),
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


def handed(step: Step) -> tuple[int | None, int | None]:
    """Ids of who held an event or a task before a step that assigned it, and of who has held it since."""
    facts = step.facts if isinstance(step.facts, dict) else {}
    if step.verb == V.ASSIGN_TASK:
        return facts.get("former"), facts.get("tasks", {}).get(str(step.task_id), {}).get("owner")
    return (facts.get("former"), facts.get("owner")) if step.verb == V.ASSIGN else (None, None)


def called(steps: Iterable[Step]) -> dict[int, str]:
    """Names of the people whom steps assigned something to, or took it from; no query when there are none."""
    ids = {pk for step in steps for pk in handed(step) if pk is not None}
    return {user.pk: user.name for user in User.objects.filter(pk__in=ids)} if ids else {}


def told(step: Step, names: Names, people: Mapping[int, str]) -> str:
    """What else is to be said of it: to whom, reason, words, changes."""
    facts: dict[str, Any] = step.facts if isinstance(step.facts, dict) else {}
    parts = []
    if step.verb in (V.DISPATCH, V.ARBITRATE, V.REDO) and facts.get("organisation"):
        parts.append("→ " + names.body(facts["organisation"]))
    former, holder = handed(step)
    if holder is not None:
        parts.append(" → ".join((people.get(former or 0, ""), people.get(holder, ""))).strip())
    if step.verb == V.SEND_BACK and facts.get("proposed"):
        parts.append(_("proposes %s") % names.body(facts["proposed"]))
    if step.reason:
        parts.append(words_of(step.reason))
    if step.text:
        parts.append(step.text)
    parts += about_pictures(step)
    if facts.get("masked"):
        parts.append(_("numbers of persons masked"))
    if step.verb in (V.RAISE, V.LOWER, V.ACCEPT, V.RECLASSIFY, V.REVIEW):
        parts += changes(facts)
    if step.verb in (V.DISPATCH, V.ARBITRATE):
        parts += [str(line) for line in facts.get("why") or ()][:2]
    if step.verb == V.OUTSIDE and facts.get("outside_state"):
        parts.append(str(facts["outside_state"]))
    return " · ".join(filter(None, parts))


def about_pictures(step: Step) -> list[str]:
    """What whoever checks should know of the pictures of a step: one serves twice, one was taken long before."""
    facts: dict[str, Any] = step.facts if isinstance(step.facts, dict) else {}
    found = []
    if facts.get("again"):
        values = {"events": _(", ").join(facts.get("again_of") or ()), "why": facts["again"]}
        found.append(_("A picture serves for %(events)s too: %(why)s") % values)
    for one in facts.get("early") or ():
        taken, begun = (localtime(datetime.fromisoformat(one[name])) for name in ("taken_at", "begun"))
        values = {"taken": f"{taken:%Y-%m-%d %H:%M}", "begun": f"{begun:%Y-%m-%d %H:%M}"}
        found.append(
            _("A picture was taken on %(taken)s, says the camera: before the work began on %(begun)s.") % values
        )
    return found


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
