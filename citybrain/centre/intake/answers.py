"""Answers to reporters (答复反映人): everybody who told of a matter is told what became of it, by their own channel.

    step ANSWER, CLOSE, REJECT, MERGE… ──▶ follow(event, step) ──▶ one Reply a reporter
                                                                    inbox   account          at once
                                                                    sms     mobile           by the worker
                                                                    email   address          by the worker
                                                                    call    hotline, phones  the call-back list
                                                                    status  peers, receipts  where they ask

What a gateway refuses falls back to the call-back list where a number is known. `unanswered()` is the proof.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.centre.events.actions import act
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Channel, Event, Reporter, Signal, Step
from citybrain.centre.events.notices import QUIET_AFTER
from citybrain.centre.events.orders import Order
from citybrain.centre.events.permissions import ANSWER_FOR
from citybrain.centre.events.situation import signals_of
from citybrain.centre.intake.citizen.tokens import track_path
from citybrain.centre.intake.declared import ANSWERED
from citybrain.centre.intake.models import Reply
from citybrain.declare.notice import Channel as Way
from citybrain.hubs.messages.actions import send
from citybrain.hubs.messages.addressing import to_person
from citybrain.hubs.messages.channels.chosen import channels
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.calendar import calendar
from citybrain.kernel.identity.deciding import demand
from citybrain.kernel.jobs.actions import enqueue
from citybrain.kernel.live.actions import announce

CALL_SECONDS = 8 * 3600
"""Working time of the hotline within which somebody must have called: one working day."""

CALLED_UNTIL = timedelta(days=1)
"""How long an answer that is brought in from the past may lie back and still be called about."""

ROUND_THE_CLOCK = "round-the-clock"
TOPIC = "call-backs"
MOST_CALLS = 3
"""Calls that reached nobody, after which the reply is closed as such."""


def tellings(event: Event) -> list[Signal]:
    """The first signal of each reporter who waits for an answer, of an event and of those merged into it."""
    found: dict[int, Signal] = {}
    for signal in signals_of(event):
        reporter = signal.reporter
        if reporter is not None and (signal.wants_answer or reporter.user_id is not None):
            found.setdefault(reporter.pk, signal)
    return list(found.values())


def way_of(signal: Signal) -> tuple[Reply.Way, Reply.State, str]:
    """By which way a reporter is answered, how the answer begins there, and what is to be said of it."""
    reporter = signal.reporter
    assert reporter is not None
    kind = reporter.contact_kind
    if reporter.user is not None and reporter.user.is_active:
        return Reply.Way.INBOX, Reply.State.DONE, ""
    if signal.channel == Channel.HOTLINE and kind in ("mobile", "phone", "other"):
        return Reply.Way.CALL, Reply.State.WAITING, ""
    if kind == "mobile" and channels()[Way.SMS].is_ready():
        return Reply.Way.SMS, Reply.State.QUEUED, ""
    if kind in ("mobile", "phone", "other"):
        return Reply.Way.CALL, Reply.State.WAITING, ""
    if kind == "email":
        if channels()[Way.EMAIL].is_ready():
            return Reply.Way.EMAIL, Reply.State.QUEUED, ""
        return Reply.Way.EMAIL, Reply.State.FAILED, _("No mail server is set: CITYBRAIN_SMTP_URL names one.")
    return Reply.Way.STATUS, Reply.State.DONE, ""


def answer(event: Event, text: str, actor: Actor, *, at: datetime | None = None) -> Step:
    """Answers everybody who reported an event, or one that was merged into it: one step of its journal.

    Raises what `act` raises; Refused without words.
    """
    return act(event, Order(verb=Verb.ANSWER, text=text), actor, seen=None, at=at)


def follow(event: Event, step: Step) -> list[Reply]:
    """Tells every reporter what a step says for them, in the step's transaction; installed as a hook of the events.

    The same step answers each reporter once, however often it is followed.
    """
    words = words_for(event, step)
    if not words:
        return []
    known = set(Reply.objects.filter(event=event, step=step.number).values_list("reporter_id", flat=True))
    made = [_reply(event, step, signal, words) for signal in tellings(event) if signal.reporter_id not in known]
    if any(reply.state == Reply.State.WAITING for reply in made):
        announce(TOPIC)
    return made


def words_for(event: Event, step: Step) -> str:
    """What reporters are told of a step: an answer's own words, else the event's public ones."""
    if step.verb == Verb.ANSWER:
        return step.text.strip()
    if step.verb == Verb.MERGE:
        head = event.merged_into.number if event.merged_into is not None else ""
        return _("Others told of the same matter. It goes on under the number %(number)s.") % {"number": head}
    if step.verb == Verb.CANCEL:
        return event.public_text.strip() or _("The matter was cancelled.")
    return event.public_text.strip()


def _reply(event: Event, step: Step, signal: Signal, words: str) -> Reply:
    way, state, note = way_of(signal)
    if step.verb == Verb.MERGE and state == Reply.State.WAITING:
        # Nobody is called for this alone; the head's answer reaches them.
        way, state = Reply.Way.STATUS, Reply.State.DONE
    age = timezone.now() - step.at
    if (state == Reply.State.WAITING and age > CALLED_UNTIL) or (state == Reply.State.QUEUED and age > QUIET_AFTER):
        # What is brought in from the past was answered then: nobody is called or written to about it now.
        state, note = Reply.State.DONE, _("Brought in later.")
    # A later answer takes the place of one that nobody has given yet: people are called once, with what is newest.
    superseded = Reply.objects.filter(event=event, reporter_id=signal.reporter_id, state=Reply.State.WAITING)
    superseded.update(state=Reply.State.DONE, done_at=step.at, note=_("A later answer took its place."))
    reply = Reply.objects.create(
        event=event,
        signal=signal,
        reporter_id=signal.reporter_id,
        step=step.number,
        text=words,
        way=way,
        state=state,
        note=note,
        made_at=step.at,
        made_by_id=step.user_id,
        due_at=due(step.at) if state == Reply.State.WAITING else None,
        done_at=step.at if state == Reply.State.DONE else None,
    )
    is_inbox = way == Reply.Way.INBOX and age <= QUIET_AFTER
    if is_inbox and signal.reporter is not None and signal.reporter.user is not None:
        values = {"text": words, "number": event.number}
        send(ANSWERED, to_person(signal.reporter.user), values, link=track_path(signal), about=("event", event.number))
    if state == Reply.State.QUEUED:
        enqueue("intake-reply", reply=reply.pk)
    return reply


def headline(event: Event) -> str:
    """Title of an answer."""
    return _("Answer to your matter %(number)s") % {"number": event.number}


def due(now: datetime) -> datetime:
    """By when a call must have been made."""
    known = calendar()
    schedule = "office" if "office" in known.schedules else ROUND_THE_CLOCK
    return known.add_working_seconds(now, CALL_SECONDS, schedule)


def unanswered(event: Event) -> list[Reporter]:
    """Reporters of an event, and of those merged into it, whom nobody has answered: none means everybody was.

    A call that is still to be made counts as an answer that was given; one that could not be sent does not.
    """
    given = (*Reply.OPEN, Reply.State.DONE, Reply.State.UNREACHABLE)
    answered = set(Reply.objects.filter(event=event, state__in=given).values_list("reporter_id", flat=True))
    return [
        signal.reporter
        for signal in tellings(event)
        if signal.reporter is not None and signal.reporter_id not in answered
    ]


def replies_of(event: Event) -> Iterable[Reply]:
    """What every reporter was told, the newest first."""
    return Reply.objects.filter(event=event).select_related("reporter", "signal", "done_by").order_by("-pk")


def record_call(
    reply: Reply, actor: Actor, *, reached: bool, note: str = "", is_satisfied: bool | None = None
) -> Reply:
    """Writes down a call back: what the reporter said, or that nobody was reached.

    After three calls that reached nobody the reply is closed as such. Raises PermissionDenied, ValidationError when
    somebody else called meanwhile.
    """
    demand(actor, ANSWER_FOR)
    now = timezone.now()
    callable_states = (Reply.State.WAITING, Reply.State.FAILED)
    with transaction.atomic():
        rows = Reply.objects.filter(pk=reply.pk, state__in=callable_states, attempts=reply.attempts)
        facts: dict[str, Any] = {
            "attempts": F("attempts") + 1,
            "note": note.strip()[:2000],
            "done_by_id": actor.user_id,
        }
        if reached:
            facts |= {"state": Reply.State.DONE, "done_at": now, "is_satisfied": is_satisfied, "way": Reply.Way.CALL}
        elif reply.attempts + 1 >= MOST_CALLS:
            facts |= {"state": Reply.State.UNREACHABLE, "done_at": now}
        if not rows.update(**facts):
            raise ValidationError(_("Somebody else called meanwhile: look at the list again."))
        announce(TOPIC)
    reply.refresh_from_db()
    return reply


def settle(reply_id: int, *, state: Reply.State, note: str = "") -> None:
    """Ends a delivery; what failed and has a number goes to the call-back list."""
    reply = Reply.objects.select_related("reporter").get(pk=reply_id)
    facts: dict[str, Any] = {"state": state, "note": note[:2000]}
    if state == Reply.State.DONE:
        facts["done_at"] = timezone.now()
    if state == Reply.State.FAILED and reply.reporter.contact_kind in ("mobile", "phone"):
        facts |= {"state": Reply.State.WAITING, "way": Reply.Way.CALL, "due_at": due(timezone.now())}
        announce(TOPIC)
    Reply.objects.filter(pk=reply_id, state=Reply.State.SENDING).update(**facts)
