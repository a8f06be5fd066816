"""What must hold before a transition, beyond the state: each guard names itself, what is missing, and the remedy.

A guard that looks at the order says nothing while there is none: `ways_of` shows what blocks a button before anybody
filled in its form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citybrain.centre.events import pictures
from citybrain.centre.events.fields import required
from citybrain.centre.events.holders import holding
from citybrain.centre.events.hooks import RESPONSES
from citybrain.centre.events.machine import BY_VERB, DONE, OPEN, State, Verb
from citybrain.centre.events.models import Event, Task
from citybrain.centre.events.permissions import CHECK, SUPERVISE
from citybrain.centre.events.policy import policy
from citybrain.centre.events.refusals import Refused
from citybrain.centre.events.situation import Situation
from citybrain.centre.events.types import event_types
from citybrain.declare.event import Level, Loop, Proof
from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import User
from citybrain.kernel.records.models import Attachment

Guard = Callable[[Situation], Refused | None]

FORMS: dict[str, str | Promise] = {
    "organisation": gettext_lazy("Name the body."),
    "into": gettext_lazy("Name the event that goes on."),
    "text": gettext_lazy("Say why in words."),
    "reason": gettext_lazy("Choose a reason."),
    "result": gettext_lazy("Say what came of it."),
    "type": gettext_lazy("Choose a class."),
    "outside": gettext_lazy("Name who handles it outside."),
    "person": gettext_lazy("Choose a person."),
}


def filled(now: Situation) -> Refused | None:
    """Everything the form demands is there, and codes are known ones."""
    order = now.order
    if order is None:
        return None
    for name in required(order.verb):
        if getattr(order, name) in ("", None, ()):
            return Refused("form", str(FORMS.get(name) or _("Fill in the form.")))
    transition = BY_VERB[order.verb]
    if transition.reasons and order.reason not in transition.reasons:
        return Refused("form", _("“%s” is no reason for this.") % order.reason)
    if order.type and order.type not in event_types():
        return Refused("type", _("The county declares no class “%s”.") % order.type, _("Choose another class."))
    if order.level and order.level not in tuple(Level):
        return Refused("form", _("“%s” is no level.") % order.level)
    if order.loop and order.loop not in tuple(Loop):
        return Refused("form", _("“%s” is no loop.") % order.loop)
    if order.result and order.result not in Event.Result.values:
        return Refused("form", _("“%s” is no result.") % order.result)
    return None


def typed(now: Situation) -> Refused | None:
    """What is accepted has a class."""
    if now.order is None or now.order.type or now.type is not None:
        return None
    return Refused("type", _("It has no class yet."), _("Choose a class."))


def active_body(now: Situation) -> Refused | None:
    """Work goes only to bodies that exist."""
    if now.order is None:
        return None
    bodies = [now.order.organisation, *now.order.assistants, *now.order.informed]
    for body in filter(None, bodies):
        if not body.is_active:
            return Refused("body", _("%s was dissolved.") % body, _("Choose another body."))
    lead = now.order.organisation
    if lead is not None and lead in now.order.assistants:
        return Refused("body", _("%s cannot lead and assist.") % lead, _("Take it off the assisting bodies."))
    return None


def arbitrated(now: Situation) -> Refused | None:
    """What was sent back twice is dispatched by the arbiter alone."""
    if now.event.return_count < policy().returns:
        return None
    decided, returned = now.last(Verb.ARBITRATE), now.last(Verb.SEND_BACK)
    if decided is not None and returned is not None and decided.number > returned.number:
        return None
    return Refused(
        "arbiter",
        _("It was sent back %d times.") % now.event.return_count,
        _("The arbiter decides who is responsible."),
    )


def other_proposed(now: Situation) -> Refused | None:
    """Who sends back proposes somebody else."""
    if now.order is None or now.order.organisation is None:
        return None
    if now.order.organisation.pk == now.event.organisation_id:
        return Refused(
            "proposal", _("That is the body that sends it back."), _("Propose the body you hold responsible.")
        )
    return None


def tasks_done(now: Situation) -> Refused | None:
    """The event waits for the mandatory tasks of others."""
    waiting = [task for task in now.open_tasks if task.is_mandatory and task.role == Task.Role.ASSIST]
    if not waiting:
        return None
    names = ", ".join(sorted({str(task.organisation) for task in waiting}))
    return Refused(
        "tasks", _("Tasks are not done yet: %s.") % names, _("Wait for them, or call off what is not needed.")
    )


def proven(now: Situation) -> Refused | None:
    """“Fixed” is shown: by a picture taken after, or by the sensor."""
    if now.order is None:
        return None
    if (now.order.result or now.event.result) != Event.Result.FIXED:
        return None
    proof = now.type.proof if now.type is not None else Proof.PHOTO
    if proof is Proof.NONE or has_proof(now):
        return None
    remedy = _("Add a picture taken after the work, or say that it was only answered.")
    if proof is Proof.RECOVERY:
        remedy = _("Wait until the sensor reports normal values, or add a picture taken after the work.")
    return Refused("proof", _("Nothing shows that it is fixed."), remedy)


def own_pictures(now: Situation) -> Refused | None:
    """One picture proves one repair, unless somebody says why it serves twice."""
    return pictures.against(now.event, now.order.media, now.order.again) if now.order is not None else None


def has_proof(now: Situation) -> bool:
    """Whether a picture taken after, or a recovery, came since work began the last time.

    A picture that was there before, or in an earlier round, is none taken after, whatever it is called now.
    """
    steps = now.this_round
    begun = steps[0].number if steps else 1
    old = {
        one["sha256"] for step in now.journal for one in step.media if step.number < begun or one["role"] == "before"
    }
    found = {one["sha256"] for step in steps for one in step.media if one["role"] == "after"}
    if now.order is not None:
        named = [one.attachment for one in now.order.media if one.role == "after"]
        shown = set(Attachment.objects.filter(pk__in=named).values_list("digest", flat=True)) if named else set()
        found |= shown
        old -= shown if now.order.again else set()
    if found - (old - pictures.reasoned(steps)):
        return True
    is_sensor = now.type is not None and now.type.proof is Proof.RECOVERY
    return is_sensor and any(step.facts.get("is_recovery") for step in steps)


def verifier(now: Situation) -> Refused | None:
    """Nobody checks their own work (核查与处置分离)."""
    if now.actor.user_id is None or not now.handlers & set(now.actor.people):
        return None
    if now.may_close_itself and not now.is_drawn:
        return None
    text = _("You handled it yourself.")
    if now.may_close_itself:
        text = _("You handled it yourself, and it was drawn for a check.")
    return Refused("verifier", text, _("Somebody else must check it."))


def answered(now: Situation) -> Refused | None:
    """Who waits for an answer gets one, at the latest with the closing."""
    if now.order is None or now.order.public_text or now.event.public_text:
        return None
    waiting = [signal for signal in now.signals if signal.wants_answer]
    if not waiting:
        return None
    told, begun = now.last(Verb.ANSWER), now.this_round[0].number if now.journal else 0
    if told is not None and told.number > begun:
        return None
    return Refused("answer", _("Reporters wait for an answer."), _("Write what they are told."))


def response_over(now: Situation) -> Refused | None:
    """The large loop ends after its response."""
    if now.event.loop != Loop.LARGE:
        return None
    for question in RESPONSES:
        if why := question(now.event):
            return Refused("response", why, _("End the response first."))
    return None


def pause_allowed(now: Situation) -> Refused | None:
    """A long rest is approved by somebody else."""
    if now.order is None or now.order.until is None:
        return None
    begin = now.at or timezone.now()
    if now.order.until <= begin:
        return Refused("pause", _("The pause would be over before it begins."), _("Choose a later time."))
    if now.order.until - begin <= timedelta(hours=policy().pause_hours):
        return None
    is_other = not now.handlers & set(now.actor.people)
    if is_other and (now.actor.may(SUPERVISE) or now.actor.may(CHECK)):
        return None
    return Refused(
        "pause",
        _("You may pause for %d hours at most.") % policy().pause_hours,
        _("Somebody who checks or supervises may approve a longer one."),
    )


def merge_allowed(now: Situation) -> Refused | None:
    """It goes into another open event."""
    head = now.order.into if now.order is not None else None
    if head is None:
        return None
    if head.pk == now.event.pk:
        return Refused("merge", _("An event cannot be merged into itself."), _("Choose another."))
    if head.state not in OPEN:
        return Refused("merge", _("%s is not open any more.") % head.number, _("Choose an open event."))
    if head.is_exercise != now.event.is_exercise:
        return Refused("merge", _("Exercise and earnest are kept apart."), _("Choose another."))
    return None


def unmerge_allowed(now: Situation) -> Refused | None:
    """A merge is undone within some days, from the head itself."""
    merged = now.last(Verb.MERGE)
    head = now.event.merged_into
    if merged is None or head is None:
        return Refused("merge", _("It was not merged."))
    if (now.at or timezone.now()) - merged.at > timedelta(days=policy().merge_days):
        return Refused("merge", _("A merge can be undone within %d days.") % policy().merge_days)
    if head.state == State.MERGED:
        return Refused("merge", _("%s was merged itself meanwhile.") % head.number, _("Split that off first."))
    return None


def redo_in_time(now: Situation) -> Refused | None:
    """An event is reopened within some days."""
    closed = now.event.closed_at
    if now.event.state not in DONE or closed is None:
        return None
    if (now.at or timezone.now()) - closed <= timedelta(days=policy().redo_days):
        return None
    return Refused("redo", _("It was closed more than %d days ago.") % policy().redo_days, _("Report the matter anew."))


def raised(now: Situation) -> Refused | None:
    """Raising goes up."""
    if now.order is None:
        return None
    if not (now.order.level or now.order.loop):
        return Refused("form", _("Choose a higher level or a wider loop."))
    if now.order.level and Level(now.order.level).height < Level(now.event.level).height:
        return Refused("raise", _("That is a lower level."), _("Choose a higher one, or lower it."))
    if now.order.loop and Loop(now.order.loop).width < Loop(now.event.loop).width:
        return Refused("raise", _("That is a narrower loop."), _("Choose a wider one, or lower it."))
    return None


def lowered(now: Situation) -> Refused | None:
    """Lowering goes down, by somebody of at least the rank of who raised it."""
    highest = max((int(step.facts.get("rank", 0)) for step in now.journal if step.verb == Verb.RAISE), default=0)
    if rank(now.actor) < highest:
        return Refused("rank", _("It was raised by somebody of higher rank."), _("Ask them to lower it."))
    if now.order is None:
        return None
    if not (now.order.level or now.order.loop):
        return Refused("form", _("Choose a lower level or a narrower loop."))
    if now.order.level and Level(now.order.level).height > Level(now.event.level).height:
        return Refused("lower", _("That is a higher level."), _("Choose a lower one, or raise it."))
    if now.order.loop and Loop(now.order.loop).width > Loop(now.event.loop).width:
        return Refused("lower", _("That is a wider loop."), _("Choose a narrower one, or raise it."))
    return None


def not_lowered(now: Situation) -> Refused | None:
    """Classifying anew lowers nothing that somebody of higher rank raised."""
    order, event = now.order, now.event
    if order is None:
        return None
    found = event_types().get(order.type) if order.type != event.type and event.type else None
    level = Level(order.level or (found.level if found is not None else event.level))
    if level.height >= Level(event.level).height:
        return None
    highest = max((int(step.facts.get("rank", 0)) for step in now.journal if step.verb == Verb.RAISE), default=0)
    if rank(now.actor) >= highest:
        return None
    return Refused("rank", _("It was raised by somebody of higher rank."), _("Ask them to lower it."))


def not_own(now: Situation) -> Refused | None:
    """Nobody ends without a check what they handled."""
    if now.actor.user_id is None or not now.handlers & set(now.actor.people):
        return None
    return Refused("verifier", _("You handled it yourself."), _("Somebody else must check it."))


def assignable(now: Situation) -> Refused | None:
    """Who gets it belongs to the body that has it."""
    if now.order is None:
        return None
    return against_holder(now.event, now.order.person, now.order.text)


def against_holder(row: Event | Task, person: User | None, text: str) -> Refused | None:
    """What stands against giving an event or a task to somebody, with words."""
    if person is None:
        return Refused("form", str(FORMS["person"]))
    name = person.name
    if row.owner_id == person.pk:
        return Refused("holder", _("%s has it already.") % name, _("Choose somebody else."))
    if holding(row.organisation, person) is None:
        words = {"person": name, "body": row.organisation}
        text = _("%(person)s has no post in %(body)s that handles events.") % words
        return Refused("holder", text, _("Choose somebody of that body."))
    if row.owner_id is not None and not text:
        return Refused("form", _("It is taken from somebody: say why in words."))
    return None


def rank(actor: Actor) -> int:
    """How much an actor's word weighs when an event is raised or lowered: 0 own matters to 3 the county, 4 a leader."""
    if actor.kind == "system":
        return 0
    if set(actor.roles) & set(policy().leader_roles):
        return 4
    reach = actor.reach(SUPERVISE)
    return 0 if reach is None else (Reach.OWN, Reach.ORGANISATION, Reach.AREA, Reach.COUNTY).index(reach)


GUARDS: dict[Verb, tuple[Guard, ...]] = {
    Verb.ACCEPT: (typed, not_lowered),
    Verb.REVIEW: (typed, not_lowered),
    Verb.RECLASSIFY: (not_lowered,),
    Verb.CANCEL: (not_own,),
    Verb.MERGE: (merge_allowed,),
    Verb.UNMERGE: (unmerge_allowed,),
    Verb.DISPATCH: (arbitrated, active_body),
    Verb.ARBITRATE: (active_body,),
    Verb.SEND_BACK: (active_body, other_proposed),
    Verb.PAUSE: (pause_allowed,),
    Verb.REPORT_DONE: (tasks_done, own_pictures, proven),
    Verb.CLOSE: (verifier, response_over, own_pictures, proven, answered),
    Verb.NOTE: (own_pictures,),
    Verb.REWORK: (),
    Verb.REDO: (redo_in_time,),
    Verb.RAISE: (raised,),
    Verb.LOWER: (lowered,),
    Verb.ASSIGN: (assignable,),
    Verb.ASK_TASK: (active_body,),
}
"""Verb -> its guards, in the order they are asked."""


def against(now: Situation, verb: Verb) -> Iterator[Refused]:
    """Everything that stands against a verb now."""
    for guard in (filled, *GUARDS.get(verb, ())):
        found = guard(now)
        if found is not None:
            yield found
