"""What several of the hub's pages say alike."""

from __future__ import annotations

from django.utils.translation import gettext as _

from citybrain.hubs.messages.models import Copy, Delivery, Message
from citybrain.ui.formats import is_chinese
from citybrain.ui.panels.panel import Tag, Tone

OWN = "own"
"""By what a person's own things are vouched for."""

URGENCIES: dict[str, Tone] = {"routine": "quiet", "important": "fair", "urgent": "bad"}

STATES: dict[str, Tone] = {
    Delivery.State.QUEUED: "quiet",
    Delivery.State.SENDING: "data",
    Delivery.State.SENT: "data",
    Delivery.State.DELIVERED: "good",
    Delivery.State.RETRIED: "fair",
    Delivery.State.FAILED: "bad",
    Delivery.State.UNSURE: "fair",
}


def urgency_tag(message: Message) -> Tag | None:
    """The urgency as a box; none for what is routine."""
    if message.urgency == Message.Urgency.ROUTINE:
        return None
    return Tag(title=message.get_urgency_display(), tone=URGENCIES[message.urgency])


def copy_tag(copy: Copy) -> Tag:
    """How far the person is with it."""
    if copy.message.needs_receipt:
        if copy.confirmed_at is not None:
            return Tag(title=_("Confirmed"), tone="good", is_state=True)
        return Tag(title=_("To confirm"), tone="fair", is_state=True)
    if copy.read_at is not None:
        return Tag(title=_("Already read"), tone="quiet", is_state=True)
    return Tag(title=_("Unread"), tone="data", is_state=True)


def tags_of(copy: Copy) -> tuple[Tag, ...]:
    """Everything beside the title of a message."""
    escalated = Tag(title=_("Escalated"), tone="fair") if copy.escalated_from_id else None
    return tuple(tag for tag in (urgency_tag(copy.message), copy_tag(copy), escalated) if tag is not None)


def sender_of(message: Message) -> str:
    """Who sent it: the person and their body, or the system."""
    if message.sender is None:
        return _("System")
    if message.organisation is None:
        return message.sender.name
    body = message.organisation
    return f"{body.chinese if is_chinese() else body.english} · {message.sender.name}"
