"""Questions about one's inbox."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from citybrain.hubs.messages.models import Copy
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import own

WAITS = Q(message__needs_receipt=True, confirmed_at=None) | Q(message__needs_receipt=False, read_at=None)
"""The person still has to do something with the message."""


def unread(user_id: int) -> int:
    """How many messages a person has not read, or not confirmed where that is asked."""
    return Copy.objects.filter(WAITS, user_id=user_id).count()


def unread_by_person(user_ids: Iterable[int]) -> dict[int, int]:
    """The same of many people; who has none is left out."""
    rows = Copy.objects.filter(WAITS, user_id__in=list(user_ids)).order_by().values_list("user_id")
    return dict(rows.annotate(count=Count("pk")))


def unread_of(actor: Actor) -> int:
    """The number at the bell."""
    return unread(actor.user_id) if actor.user_id is not None else 0


def inbox(actor: Actor, *, waits: bool | None = None, urgency: str = "", text: str = "") -> QuerySet[Copy]:
    """The person's messages, newest first: all, or those that wait (or do not any more), of an urgency, with words."""
    copies = own(Copy.objects.select_related("message__sender", "message__organisation"), actor)
    if waits is not None:
        copies = copies.filter(WAITS) if waits else copies.exclude(WAITS)
    if urgency:
        copies = copies.filter(message__urgency=urgency)
    if text:
        copies = copies.filter(Q(message__title__icontains=text) | Q(message__text__icontains=text))
    return copies


def inbox_copy(actor: Actor, pk: int) -> Copy:
    """One of the person's own copies. Raises Copy.DoesNotExist for another's."""
    return inbox(actor).get(pk=pk)
