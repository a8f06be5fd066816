"""Verbs: send a message, read it, confirm it. Sending writes rows only; the worker delivers what leaves the house."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from citybrain.declare.notice import Channel, Notice, Urgency
from citybrain.hubs.messages.addressing import (
    AddressError,
    Reached,
    To,
    demand_reach,
    next_up,
    people_of,
    people_of_posts,
)
from citybrain.hubs.messages.channels.chosen import channels
from citybrain.hubs.messages.models import Copy, Delivery, Message, Robot
from citybrain.hubs.messages.permissions import SEND
from citybrain.hubs.messages.preferences import wishes_of
from citybrain.hubs.messages.queries import unread_by_person
from citybrain.hubs.messages.wording import filled
from citybrain.kernel.identity.actor import SYSTEM, Actor
from citybrain.kernel.identity.calendar import calendar
from citybrain.kernel.identity.deciding import demand
from citybrain.kernel.identity.models import Post, User
from citybrain.kernel.jobs.actions import enqueue
from citybrain.kernel.live.actions import announce_each
from citybrain.kernel.live.audience import to_person as audience_of
from citybrain.kernel.registry.registry import registry

WRITTEN = Notice(key="written", title="{title}", values=("title",), channels=tuple(Channel))
"""What a message that a person wrote may do."""

ROUND_THE_CLOCK = "round-the-clock"
"""Schedule by which urgent messages are counted."""

Values = Mapping[str, Any]


def send(
    notice: Notice,
    to: To,
    values: Values,
    *,
    actor: Actor = SYSTEM,
    link: str = "",
    about: tuple[str, object] = ("", ""),
) -> Message:
    """Send a declared notice, in the caller's transaction: the message commits or rolls back with what it tells of.

    `link` is a path on this site, `about` the kind and id of the thing. Raises ValueError for missing or unknown
    values, AddressError when nobody would get it.
    """
    return _send(_message(notice, values, link, about), notice, to, actor)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One of many messages: a notice for an addressee."""

    notice: Notice
    to: To
    values: Values
    link: str = ""
    about: tuple[str, object] = ("", "")


def send_each(letters: Iterable[Letter], *, actor: Actor = SYSTEM) -> list[Message]:
    """Send many notices, in the caller's transaction and few statements; one that nobody would get is left out.

    Raises ValueError for missing or unknown values.
    """
    known = list(letters)
    of_posts = people_of_posts(letter.to for letter in known if letter.to.kind == Message.To.POST)
    handed = []
    for letter in known:
        message = _message(letter.notice, letter.values, letter.link, letter.about)
        try:
            people = of_posts.get(letter.to.key, []) if letter.to.kind == Message.To.POST else people_of(letter.to)
        except AddressError:
            continue
        if people:
            handed.append(Handed(_addressed(message, letter.to, actor), letter.notice, people))
    with transaction.atomic():
        Message.objects.bulk_create([one.message for one in handed])
        _hand_out(handed, timezone.now())
        _post_to_robots([one for one in handed if one.message.to_kind == Message.To.ORGANISATION])
        _ask_for_delivery(*(one.message for one in handed))
    return [one.message for one in handed]


@dataclass(frozen=True)
class Handed:
    """A message that is handed out, and to whom."""

    message: Message
    notice: Notice
    people: Sequence[Reached]


def _message(notice: Notice, values: Values, link: str, about: tuple[str, object]) -> Message:
    """An unsaved message of a notice, its words in the site's language."""
    if set(values) != set(notice.values):
        raise ValueError(
            _("The notice %(key)s needs the values %(wanted)s and was given %(given)s.")
            % {"key": notice.key, "wanted": sorted(notice.values), "given": sorted(values)}
        )
    with translation.override(settings.LANGUAGE_CODE):
        title, text = filled(notice.title, dict(values)), filled(notice.text, dict(values))
    return Message(
        notice=notice.key,
        values={name: str(value) for name, value in values.items()},
        title=title[:200],
        text=text,
        urgency=notice.urgency,
        needs_receipt=notice.receipt,
        link=own_path(link),
        thing=about[0],
        thing_id=str(about[1]),
    )


def write(
    title: str,
    text: str,
    to: To,
    *,
    actor: Actor,
    urgency: Urgency = Urgency.ROUTINE,
    needs_receipt: bool = False,
    link: str = "",
) -> Message:
    """Send what a person wrote. Raises PermissionDenied, and AddressError for whom the permission does not reach."""
    demand(actor, SEND)
    demand_reach(to, actor)
    if not title.strip():
        raise ValueError(_("A message needs a title."))
    message = Message(
        title=title.strip()[:200], text=text, urgency=urgency, needs_receipt=needs_receipt, link=own_path(link)
    )
    return _send(message, WRITTEN, to, actor)


def own_path(link: str) -> str:
    """A link as a path on this site; ValueError for another site's."""
    # Browsers leave tabs and line breaks out: what stands behind one may be another host.
    odd = any(not letter.isprintable() or letter.isspace() for letter in link)
    if link and (odd or not link.startswith("/") or link.startswith(("//", "/\\"))):
        raise ValueError(
            _("The link of a message is a path on this site, as /work/; “%(link)s” is none.") % {"link": link}
        )
    return link


def _send(message: Message, notice: Notice, to: To, actor: Actor) -> Message:
    handed = Handed(_addressed(message, to, actor), notice, people_of(to))
    with transaction.atomic():
        message.save(force_insert=True)
        _hand_out([handed], message.sent_at)
        if to.kind == Message.To.ORGANISATION:
            _post_to_robots([handed])
        _ask_for_delivery(message)
    return message


def _addressed(message: Message, to: To, actor: Actor) -> Message:
    message.to_kind, message.to_key, message.to_name = to.kind, to.key, to.name
    message.sender_id, message.organisation_id = actor.user_id, actor.organisation_id or to.organisation_id
    message.sent_at = timezone.now()
    return message


def _post_to_robots(handed: Iterable[Handed]) -> None:
    """Deliveries to the group chats of the organisations that messages were sent to."""
    for one in handed:
        if Channel.ROBOT in one.notice.channels:
            robots = Robot.objects.filter(organisation__key=one.message.to_key, is_active=True)
            Delivery.objects.bulk_create(
                Delivery(message=one.message, robot=robot, channel=Channel.ROBOT) for robot in robots
            )


def _hand_out(handed: Iterable[Handed], now: datetime, *, escalated_from: Copy | None = None) -> None:
    """Copies for people, with the deliveries each of them wishes."""
    copies: list[Copy] = []
    notices: dict[int, Notice] = {}
    moments: set[tuple[int, datetime]] = set()
    for one in handed:
        dues = _dues(one.message, one.notice, list(one.people), now)
        notices[one.message.pk] = one.notice
        moments |= {(one.message.pk, due) for due in dues.values()}
        copies += [
            Copy(
                message=one.message,
                user_id=reached.user_id,
                post_id=reached.post_id,
                received_at=now,
                due_at=dues.get(reached.post_id),
                escalated_from=escalated_from,
            )
            for reached in one.people
        ]
    Copy.objects.bulk_create(copies)
    wishes = wishes_of([copy.user_id for copy in copies])
    users = User.objects.in_bulk([copy.user_id for copy in copies])
    deliveries = [
        Delivery(
            message=copy.message, copy=copy, channel=Channel.IN_APP, state=Delivery.State.DELIVERED, delivered_at=now
        )
        for copy in copies
    ]
    for copy in copies:
        notice, wish = notices[copy.message_id], wishes[copy.user_id]
        urgency = Urgency(copy.message.urgency)
        breaks_quiet = notice.breaks_quiet or (urgency is Urgency.URGENT and notice is WRITTEN)
        for way in wish.ways(urgency, notice.channels):
            channel = channels()[way]
            if channel.is_ready() and channel.address_of(users[copy.user_id]):
                in_digest = wish.wants_digest and way is Channel.EMAIL and urgency is Urgency.ROUTINE
                wait = None if in_digest else wish.not_before(now, breaks_quiet=breaks_quiet)
                deliveries.append(
                    Delivery(message=copy.message, copy=copy, channel=way, not_before=wait, in_digest=in_digest)
                )
    Delivery.objects.bulk_create(deliveries, batch_size=500)
    ring(*(copy.user_id for copy in copies))
    for message, due in sorted(moments):
        enqueue("messages-escalate", message=message, not_before=due)


def _dues(message: Message, notice: Notice, people: list[Reached], now: datetime) -> dict[int | None, datetime]:
    """When a copy goes to the next one up, by post; empty when it never does."""
    if not notice.escalate_after:
        return {}
    seconds = notice.escalate_after * 60
    schedules = dict(
        Post.objects.filter(pk__in=[one.post_id for one in people]).values_list("pk", "organisation__schedule")
    )
    if message.urgency == Urgency.URGENT:
        return {one.post_id: now + timedelta(seconds=seconds) for one in people}
    known = calendar()
    dues: dict[int | None, datetime] = {}
    for post_id in {one.post_id for one in people}:
        schedule = schedules.get(post_id or 0, "")
        usable = schedule if schedule in known.schedules else "office"
        dues[post_id] = known.add_working_seconds(now, seconds, usable)
    return dues


def _ask_for_delivery(*messages: Message) -> None:
    """For each message one job for what goes out now, and one for each end of somebody's quiet hours."""
    waiting = Delivery.objects.filter(message__in=messages, state=Delivery.State.QUEUED, in_digest=False)
    asked = set(waiting.values_list("message_id", "not_before"))
    for message, moment in sorted(asked, key=lambda one: (one[0], one[1] is not None, one[1])):
        enqueue("messages-deliver", message=message, not_before=moment)


def ring(*user_ids: int) -> None:
    """Tell open pages of people how many messages they have not read."""
    counts = unread_by_person(user_ids)
    announce_each("inbox", [({"count": counts.get(pk, 0)}, audience_of(pk)) for pk in dict.fromkeys(user_ids)])


def read(copy: Copy, actor: Actor) -> Copy:
    """The person opened the message. Their deputy's reading counts as theirs."""
    return _mark([copy], actor, "read_at")[0]


def confirm(copy: Copy, actor: Actor) -> Copy:
    """The person takes note of a message that asks for it. Raises ValueError when it does not."""
    if not copy.message.needs_receipt:
        raise ValueError(_("This message asks for no confirmation."))
    return _mark([copy], actor, "read_at", "confirmed_at")[0]


def read_all(actor: Actor) -> int:
    """Everything in the inbox that asks for no confirmation counts as read; returns how many."""
    waiting = Copy.objects.filter(user_id=actor.user_id, read_at=None, message__needs_receipt=False)
    return len(_mark(list(waiting.select_related("message")), actor, "read_at"))


def _mark(copies: list[Copy], actor: Actor, *fields: str) -> list[Copy]:
    """Write down that copies were read or confirmed: the first time counts. Raises ValueError for another's copy."""
    if any(copy.user_id not in actor.people for copy in copies):
        raise ValueError(_("Only whom a message was sent to can read or confirm it."))
    now = timezone.now()
    with transaction.atomic():
        for field in fields:
            rows = Copy.objects.filter(Q(**{field: None}), pk__in=[copy.pk for copy in copies])
            rows.update(**{field: now})
        for copy in copies:
            for field in fields:
                setattr(copy, field, getattr(copy, field) or now)
        done = [copy.pk for copy in copies if not copy.is_open]
        Copy.objects.filter(pk__in=done).update(due_at=None)
        ring(*{copy.user_id for copy in copies})
    return copies


def escalate(message: Message, now: datetime) -> int:
    """Give a message that nobody answered to the next one up, once for each silent copy; returns how many got one."""
    notice = registry().find(Notice, message.notice)
    if notice is None or not notice.escalate_after:
        return 0
    given = 0
    with transaction.atomic():
        silent = message.copies.select_for_update().filter(due_at__lte=now).order_by("pk")
        for copy in silent:
            Copy.objects.filter(pk=copy.pk).update(due_at=None)
            if not copy.is_open:
                continue
            known = set(message.copies.values_list("user_id", flat=True))
            people = next_up(Reached(copy.user_id, copy.post_id), notice.escalate_to, known)
            _hand_out([Handed(message, notice, people)], now, escalated_from=copy)
            given += len(people)
        if given:
            _ask_for_delivery(message)
    return given
