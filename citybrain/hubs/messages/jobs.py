"""The hub's jobs: deliver a message, escalate one that nobody answered, send digests, forget old live events."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import ngettext

from citybrain.declare.notice import Channel
from citybrain.declare.words import _
from citybrain.hubs.messages.actions import escalate
from citybrain.hubs.messages.channels.channel import Outgoing, Passing, Refused
from citybrain.hubs.messages.channels.chosen import channels
from citybrain.hubs.messages.delivering import TRIES, attempt, digest_of, language_of, waiting
from citybrain.hubs.messages.models import Copy, Delivery, Message
from citybrain.hubs.messages.wording import words_of
from citybrain.kernel.identity.calendar import calendar
from citybrain.kernel.identity.models import User
from citybrain.kernel.jobs.definitions import Schedule, job, schedules
from citybrain.kernel.jobs.run import Run
from citybrain.kernel.live.actions import forget


class Unfinished(RuntimeError):
    """Some deliveries could not be handed over now; the job is tried again after a pause."""


@job(
    key="messages-deliver",
    title=_("Deliver a message"),
    lane="messages:{message}",
    transient=(Unfinished, ConnectionError, TimeoutError),
    tries=TRIES,
    pause=15.0,
)
def deliver(run: Run, *, message: int) -> dict[str, int]:
    """Hand over what waits of one message; what a gateway could not take now is tried again with growing pauses."""
    states: dict[str, int] = {}
    for delivery in waiting(message):
        run.check()
        state = attempt(delivery)
        states[state] = states.get(state, 0) + 1
    if left := states.get(Delivery.State.RETRIED, 0):
        raise Unfinished(f"{left} of {sum(states.values())} deliveries could not be handed over now.")
    return states


@job(key="messages-escalate", title=_("Escalate a message"), lane="messages:{message}")
def escalate_one(run: Run, *, message: int) -> dict[str, int]:
    """Give a message that nobody answered in time to the next one up."""
    found = Message.objects.filter(pk=message).first()
    return {"escalated": escalate(found, timezone.now()) if found is not None else 0}


@job(key="messages-digest", title=_("Send digests"), lane="messages:digest")
def digests(run: Run) -> dict[str, int]:
    """One e-mail to each person with the routine messages they have not read since the last digest."""
    if not calendar().is_working_day(timezone.localdate()):
        return {"sent": 0}
    held = Delivery.objects.filter(in_digest=True, state=Delivery.State.QUEUED)
    people = User.objects.filter(pk__in=held.values("copy__user")).order_by("pk")
    day = timezone.localdate().isoformat()
    return {"sent": sum(bool(run.once(f"{day}:{user.pk}", send_digest, user, day)) for user in people)}


def send_digest(user: User, day: str) -> bool:
    """One person's digest; its deliveries end with it. What was read meanwhile is left out."""
    copies = digest_of(user)
    unread = [copy for copy in copies if copy.is_open]
    channel = channels()[Channel.EMAIL]
    state, error = Delivery.State.SENT, ""
    if unread and channel.is_ready() and channel.address_of(user):
        try:
            channel.hand_over(digest_mail(user, unread, day))
        except Passing:
            return False
        except Refused as refusal:
            state, error = Delivery.State.FAILED, str(refusal)
    with transaction.atomic():
        rows = Delivery.objects.filter(copy__in=copies, in_digest=True, state=Delivery.State.QUEUED)
        rows.update(state=state, error=error[:500], sent_at=timezone.now())
    return bool(unread) and not error


def digest_mail(user: User, copies: list[Copy], day: str) -> Outgoing:
    """The e-mail: a line a message."""
    with translation.override(language_of(user)):
        count = len(copies)
        title = ngettext("%(count)d message waits for you", "%(count)d messages wait for you", count) % {"count": count}
        lines = [f"· {words_of(copy.message).title}" for copy in copies]
        link = f"{settings.SITE_ADDRESS}/messages/" if settings.SITE_ADDRESS else ""
        # The same person's digest of the same day has the same id, however often it is sent.
        number = uuid.uuid5(uuid.NAMESPACE_OID, f"digest:{user.pk}:{day}")
        return Outgoing(id=str(number), address=user.email, title=title, text="\n".join(lines), link=link)


@job(key="live-forget", title=_("Forget old live events"))
def forget_live(run: Run) -> dict[str, Any]:
    """Delete live events older than a day."""
    return {"forgotten": forget()}


@schedules
def daily() -> Iterable[Schedule]:
    """Digests in the morning, live events at night."""
    yield Schedule(key="messages-digest", cron="25 8 * * *", job="messages-digest")
    yield Schedule(key="live-forget", cron="40 3 * * *", job="live-forget")
