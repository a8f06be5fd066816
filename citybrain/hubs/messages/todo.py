"""The hub's to-dos: messages to confirm or urgent ones to read, announcements to take note of."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citybrain.hubs.messages.announcing import unconfirmed, unpublished
from citybrain.hubs.messages.models import Message
from citybrain.hubs.messages.permissions import PUBLISH
from citybrain.hubs.messages.queries import inbox
from citybrain.hubs.messages.wording import words_of
from citybrain.kernel.identity.actor import Actor
from citybrain.ui.panels.panel import Action
from citybrain.ui.todo import Todo


class ToConfirm:
    """Messages that ask for a confirmation; what is only to be read stays at the bell."""

    key = "messages"
    title = gettext_lazy("Messages to confirm")
    icon = "mail"

    def waiting(self, actor: Actor, limit: int) -> Sequence[Todo]:
        """The urgent ones first, then the oldest."""
        copies = inbox(actor, waits=True).filter(message__needs_receipt=True).order_by("pk")[:200]
        ranks = [Message.Urgency.URGENT, Message.Urgency.IMPORTANT, Message.Urgency.ROUTINE]
        found = sorted(copies, key=lambda copy: ranks.index(Message.Urgency(copy.message.urgency)))
        return [
            Todo(
                title=words_of(copy.message).title,
                url=reverse("message", args=(copy.pk,)),
                since=copy.received_at,
                due=copy.due_at,
                tone="bad" if copy.message.urgency == Message.Urgency.URGENT else "data",
                actions=(
                    Action(
                        title=_("Confirm"), url=reverse("message-confirm", args=(copy.pk,)), icon="check", post=True
                    ),
                ),
            )
            for copy in found[:limit]
        ]

    def count(self, actor: Actor) -> int:
        """How many wait."""
        return inbox(actor, waits=True).filter(message__needs_receipt=True).count() if actor.user_id else 0


class ToPublish:
    """Announcements that wait to be published."""

    key = "publishing"
    title = gettext_lazy("Announcements to publish")
    icon = "speakerphone"

    def waiting(self, actor: Actor, limit: int) -> Sequence[Todo]:
        """The oldest first."""
        if not actor.may(PUBLISH):
            return []
        return [
            Todo(
                title=announcement.title,
                url=reverse("news-item", args=(announcement.number,)),
                since=announcement.changed_at,
                under=f"{announcement.organisation} · {announcement.get_audience_display()}",
                actions=(
                    Action(
                        title=_("Publish"),
                        url=reverse("news-publish", args=(announcement.number,)),
                        icon="check",
                        post=True,
                        values=(("revision", str(announcement.revision)),),
                        confirm=_("Publish it now, as it stands?"),
                    ),
                ),
            )
            for announcement in unpublished(actor)[:limit]
        ]

    def count(self, actor: Actor) -> int:
        """How many wait."""
        return unpublished(actor).count() if actor.may(PUBLISH) else 0


class ToTakeNote:
    """Announcements that ask for a confirmation."""

    key = "announcements"
    title = gettext_lazy("Announcements to confirm")
    icon = "speakerphone"

    def waiting(self, actor: Actor, limit: int) -> Sequence[Todo]:
        """The newest first."""
        return [
            Todo(
                title=announcement.title,
                url=reverse("news-item", args=(announcement.number,)),
                since=announcement.published_from,
                under=str(announcement.organisation),
            )
            for announcement in unconfirmed(actor)[:limit]
        ]

    def count(self, actor: Actor) -> int:
        """How many wait."""
        return unconfirmed(actor).count() if actor.user_id else 0
