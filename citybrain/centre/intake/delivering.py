"""Hands answers to the gateways: text messages and e-mails to reporters without an account.

    queued ──▶ sending ──▶ done
       ▲          │ └─ Refused ──▶ the call-back list, or failed
       └──────────┘ Passing (the job is tried again with growing pauses)

A worker killed while the gateway is asked leaves `sending` behind: the next attempt hands it over again only where the
gateway knows the number of the delivery; else somebody calls.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from citybrain.centre.events.reporters import opened
from citybrain.centre.intake.answers import headline, settle
from citybrain.centre.intake.citizen.tokens import track_path
from citybrain.centre.intake.models import Reply
from citybrain.declare.notice import Channel as Way
from citybrain.hubs.messages.channels.channel import ChannelAdapter, Outgoing, Passing, Refused
from citybrain.hubs.messages.channels.chosen import channels

TRIES = 6
NOTICE = "reporter-answered"
"""By which a gateway's template is chosen."""
WAYS = {Reply.Way.SMS: Way.SMS, Reply.Way.EMAIL: Way.EMAIL}


def attempt(reply_id: int) -> str:
    """Hands one answer over, if it still waits; returns its state then. Raises Passing for another try."""
    reply = _take(reply_id)
    if reply is None:
        return Reply.objects.values_list("state", flat=True).get(pk=reply_id)
    channel = channels()[WAYS[Reply.Way(reply.way)]]
    try:
        channel.hand_over(outgoing(reply, channel))
    except Passing as error:
        if reply.attempts >= TRIES:
            settle(reply_id, state=Reply.State.FAILED, note=str(error))
            return Reply.State.FAILED
        Reply.objects.filter(pk=reply_id).update(state=Reply.State.QUEUED, note=str(error)[:2000])
        raise
    except Refused as error:
        settle(reply_id, state=Reply.State.FAILED, note=str(error))
        return Reply.State.FAILED
    settle(reply_id, state=Reply.State.DONE)
    return Reply.State.DONE


def _take(reply_id: int) -> Reply | None:
    """Claims an answer for this attempt; None when it went out, failed, or may not be repeated."""
    with transaction.atomic():
        reply = (
            Reply.objects.select_for_update(of=("self",)).select_related("event", "signal", "reporter").get(pk=reply_id)
        )
        if reply.state not in (Reply.State.QUEUED, Reply.State.SENDING) or reply.way not in WAYS:
            return None
        channel = channels()[WAYS[Reply.Way(reply.way)]]
        if reply.state == Reply.State.SENDING and not channel.is_idempotent:
            settle(
                reply_id,
                state=Reply.State.FAILED,
                note=_("The worker died while it was sent, and this way cannot take it twice."),
            )
            return None
        Reply.objects.filter(pk=reply_id).update(state=Reply.State.SENDING, attempts=F("attempts") + 1)
        reply.attempts += 1
    return reply


def outgoing(reply: Reply, channel: ChannelAdapter) -> Outgoing:
    """An answer as it leaves the house, in the reporter's language; a text message says nothing of the matter."""
    _name, contact = opened(reply.reporter)
    with translation.override(reply.reporter.language or settings.LANGUAGE_CODE):
        number = reply.event.number
        return Outgoing(
            id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"reply:{reply.pk}")),
            address=contact,
            title=headline(reply.event),
            text=reply.text,
            link=f"{settings.SITE_ADDRESS}{track_path(reply.signal)}" if settings.SITE_ADDRESS else "",
            notice=NOTICE,
            sms=_("Your matter %(number)s was answered. Follow it on the city brain, or call 12345.")
            % {"number": number},
            values={"number": number},
        )
