"""Announcements: which ones a person is shown, and the verb by which they take note of one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.hubs.messages.models import Announcement, Confirmation
from citybrain.hubs.messages.permissions import PUBLISH
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation, User
from citybrain.kernel.identity.scope import scoped, scoped_one
from citybrain.kernel.identity.security_log import log_security
from citybrain.kernel.live.actions import announce

TOPIC = "todo:announcements"


def shown(now: datetime | None = None) -> QuerySet[Announcement]:
    """Announcements that are published now, pinned ones first, then the newest. For whom they are is not asked here."""
    moment = now or timezone.now()
    rows = Announcement.objects.filter(removed_at=None, published_from__lte=moment)
    rows = rows.filter(Q(published_until=None) | Q(published_until__gt=moment), published_revision=F("revision"))
    rows = rows.select_related("organisation")
    return rows.order_by("-is_pinned", "-published_from", "-pk")


def public() -> QuerySet[Announcement]:
    """What everybody may read without signing in."""
    return shown().filter(audience=Announcement.Audience.PUBLIC)


def concerning(actor: Actor) -> QuerySet[Announcement]:
    """What is meant for a person: by their kind, and by the body they work in."""
    audience = Q(audience=Announcement.Audience.PUBLIC)
    if actor.user_id is not None:
        audience |= Q(audience=Announcement.Audience.EVERYONE)
    if actor.kind == User.Kind.OFFICIAL and actor.user_id is not None:
        audience |= Q(audience=Announcement.Audience.OFFICIALS)
        audience |= Q(audience=Announcement.Audience.ORGANISATION, organisation__in=bodies_above(actor))
    return shown().filter(audience)


def bodies_above(actor: Actor) -> list[int]:
    """The body a person works in and every one it is part of: what those announce downwards is for them."""
    path = Organisation.objects.filter(pk=actor.organisation_id).values_list("path", flat=True).first()
    way = path.split("/")[:-1] if path else []
    return list(Organisation.objects.filter(key__in=way).values_list("pk", flat=True))


def unconfirmed(actor: Actor) -> QuerySet[Announcement]:
    """What a person was asked to confirm and has not."""
    mine = Confirmation.objects.filter(announcement=OuterRef("pk"), user_id=actor.user_id)
    return concerning(actor).filter(~Exists(mine), needs_confirmation=True)


def unpublished(actor: Actor) -> QuerySet[Announcement]:
    """What waits to be published by the person: new ones, and published ones that were changed since."""
    rows = Announcement.objects.filter(removed_at=None).exclude(published_revision=F("revision"))
    rows = rows | Announcement.objects.filter(removed_at=None, published_revision=None)
    return scoped(rows.select_related("organisation", "created_by"), actor, PUBLISH).order_by("changed_at")


def publish(number: str, actor: Actor, *, revision: int | None = None) -> Announcement:
    """Show an announcement to whom it is meant for, as it was read at `revision` (None: as it stands now).

    Raises DoesNotExist out of reach, ValueError when it was changed since: nobody publishes what they have not read.
    """
    announcement = scoped_one(Announcement.objects.filter(removed_at=None), actor, PUBLISH, number=number)
    read = announcement.revision if revision is None else revision
    with transaction.atomic():
        rows = Announcement.objects.filter(pk=announcement.pk, revision=read, removed_at=None)
        if not rows.update(published_revision=read, published_at=timezone.now(), published_by_id=actor.user_id):
            raise ValueError(_("It was changed since you read it: read it again, then publish it."))
        log_security(actor, "announcement-published", announcement, detail={"revision": read})
        announce(TOPIC)
        announce("news")
        announce("todo:publishing")
    announcement.refresh_from_db()
    return announcement


def withdraw(number: str, actor: Actor) -> None:
    """Show it to nobody any more, until it is published again."""
    announcement = scoped_one(Announcement.objects.all(), actor, PUBLISH, number=number)
    with transaction.atomic():
        Announcement.objects.filter(pk=announcement.pk).update(published_revision=None)
        log_security(actor, "announcement-withdrawn", announcement)
        announce("news")


def take_note(announcement: Announcement, actor: Actor) -> Confirmation:
    """The person confirms that they took note; the first time counts. Raises ValueError where none is asked for."""
    if actor.user_id is None or not announcement.needs_confirmation:
        raise ValueError(_("This announcement asks for no confirmation."))
    if not concerning(actor).filter(pk=announcement.pk).exists():
        raise ValueError(_("This announcement is not for you."))
    with transaction.atomic():
        row, is_new = Confirmation.objects.get_or_create(announcement=announcement, user_id=actor.user_id)
        if is_new:
            announce(f"announcement:{announcement.pk}")
    return row
