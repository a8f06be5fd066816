"""Delivers what waits: each delivery's state is written before and after the gateway is asked.

    queued ──▶ sending ──▶ sent ──(receipt)──▶ delivered
       ▲          │ ├─ Refused ──▶ failed
       └─ retried ◀ Passing (tried again with growing pauses)

A worker killed while the gateway is asked leaves `sending` behind. The next attempt hands the delivery over again when
the way knows its id, or when losing it would be worse than saying it twice; else it is `unsure`, and not sent again.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from citybrain.hubs.messages.channels.channel import ChannelAdapter, Handed, Outgoing, Passing, Receipt, Refused
from citybrain.hubs.messages.channels.chosen import channels, robots
from citybrain.hubs.messages.models import Copy, Delivery, Message
from citybrain.hubs.messages.wording import sms_of, sms_values, words_of
from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.sealing import unseal

PURPOSE = "message-robot"
"""What robots' addresses are sealed for."""

TRIES = 8
"""How often one delivery is handed over before it is given up."""


def waiting(message_id: int) -> list[str]:
    """Ids of the message's deliveries that may go out now, in a stable order."""
    due = Delivery.objects.filter(message_id=message_id, state__in=Delivery.OPEN, in_digest=False)
    due = due.exclude(not_before__gt=timezone.now()).order_by("pk")
    return [str(pk) for pk in due.values_list("pk", flat=True)]


def attempt(delivery_id: str) -> str:
    """Hand one delivery over, if it still waits; returns its state then."""
    delivery = _take(delivery_id)
    if delivery is None:
        return str(Delivery.objects.values_list("state", flat=True).get(pk=delivery_id))
    try:
        channel, outgoing = prepared(delivery)
        handed = channel.hand_over(outgoing)
    except Passing as error:
        last = delivery.attempts >= TRIES
        return _settle(delivery, Delivery.State.FAILED if last else Delivery.State.RETRIED, error=str(error))
    except Refused as error:
        return _settle(delivery, Delivery.State.FAILED, error=str(error))
    except Exception as error:
        _settle(delivery, Delivery.State.FAILED, error=f"{type(error).__name__}: {error}")
        raise
    return _settle(delivery, Delivery.State.DELIVERED if handed.is_delivered else Delivery.State.SENT, handed=handed)


def _take(delivery_id: str) -> Delivery | None:
    """Claims a delivery for this attempt; None when it went out, failed, or may not be repeated."""
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(of=("self",)).select_related("message", "copy__user", "robot")
        delivery = rows.get(pk=delivery_id)
        if delivery.state not in Delivery.OPEN:
            return None
        if delivery.state == Delivery.State.SENDING and not may_repeat(delivery):
            words = _("The worker died while it was sent, and this way cannot take it twice.")
            Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.UNSURE, error=words)
            return None
        Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.SENDING, attempts=F("attempts") + 1)
        delivery.attempts += 1
    return delivery


def may_repeat(delivery: Delivery) -> bool:
    """Whether a delivery of unknown outcome is handed over again."""
    is_grave = delivery.message.urgency == Message.Urgency.URGENT or delivery.message.needs_receipt
    return is_grave or adapter_of(delivery).is_idempotent


def adapter_of(delivery: Delivery) -> ChannelAdapter:
    """The way a delivery takes."""
    if delivery.robot is not None:
        return robots()[delivery.robot.kind]
    return next(adapter for key, adapter in channels().items() if key == delivery.channel)


def prepared(delivery: Delivery) -> tuple[ChannelAdapter, Outgoing]:
    """The way, and what goes over it, in the addressee's language. Raises Refused when they cannot be reached now."""
    channel, message = adapter_of(delivery), delivery.message
    if not channel.is_ready():
        raise Refused(_("This way of sending is not set up."))
    user = delivery.copy.user if delivery.copy is not None else None
    language = language_of(user)
    words = words_of(message, language)
    address, secret, link = "", "", message.link or (f"/messages/{delivery.copy_id}/" if delivery.copy_id else "")
    if delivery.robot is not None:
        if not delivery.robot.is_active:
            raise Refused(_("This robot is no longer in use."))
        address = unseal(delivery.robot.sealed_url, PURPOSE)
        secret = unseal(delivery.robot.sealed_secret, PURPOSE) if delivery.robot.sealed_secret else ""
    elif user is not None:
        address = channel.address_of(user)
    if not address:
        raise Refused(_("The person has no address for this way of sending."))
    with translation.override(language):
        return channel, Outgoing(
            id=str(delivery.pk),
            address=address,
            title=words.title,
            text=words.text,
            link=f"{settings.SITE_ADDRESS}{link}" if settings.SITE_ADDRESS and link else "",
            urgency=message.urgency,
            notice=message.notice,
            sms=sms_of(message, language),
            values=sms_values(message),
            secret=secret,
        )


def language_of(user: User | None) -> str:
    """The language a person is written to in."""
    return (user.language if user is not None else "") or settings.LANGUAGE_CODE


def _settle(delivery: Delivery, state: Delivery.State, *, handed: Handed | None = None, error: str = "") -> str:
    now = timezone.now()
    facts: dict[str, object] = {"state": state, "error": error[:500]}
    if handed is not None:
        facts |= {"gateway_id": handed.gateway_id, "sent_at": now}
        if handed.is_delivered:
            facts["delivered_at"] = now
    # A receipt may already have come: what it said stands.
    Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENDING).update(**facts)
    return str(state)


def take_receipt(receipt: Receipt) -> bool:
    """Write down what a gateway reports; False for a delivery there is not, or that is over."""
    rows = Delivery.objects.filter(
        pk=receipt.id, state__in=[Delivery.State.SENDING, Delivery.State.SENT, Delivery.State.UNSURE]
    )
    if receipt.is_delivered:
        return bool(rows.update(state=Delivery.State.DELIVERED, delivered_at=timezone.now(), error=""))
    return bool(rows.update(state=Delivery.State.FAILED, error=receipt.error[:500]))


def digest_of(user: User) -> list[Copy]:
    """Copies that wait for a person's digest and are still unread, oldest first."""
    copies = Copy.objects.filter(user=user, deliveries__in_digest=True, deliveries__state=Delivery.State.QUEUED)
    return list(copies.select_related("message").order_by("pk"))
