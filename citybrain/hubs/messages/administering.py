"""Verbs of administrators: robots of group chats, a delivery tried again."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from citybrain.hubs.messages.channels.calling import SETTING
from citybrain.hubs.messages.delivering import PURPOSE
from citybrain.hubs.messages.models import Delivery, Robot
from citybrain.hubs.messages.permissions import ADMINISTER
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.deciding import demand
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.sealing import seal
from citybrain.kernel.identity.security_log import log_security
from citybrain.kernel.jobs.actions import enqueue
from citybrain.kernel.network.addresses import reach_url


def keep_robot(organisation: Organisation, kind: str, title: str, *, url: str, secret: str = "", actor: Actor) -> Robot:
    """Register a robot. Raises PermissionDenied, and AddressRefused for an address that may not be reached."""
    demand(actor, ADMINISTER, organisation)
    reach_url(url, allowed=settings.MESSAGES_ALLOWED_HOSTS, setting=SETTING)
    with transaction.atomic():
        robot = Robot.objects.create(
            organisation=organisation,
            kind=kind,
            title=title,
            sealed_url=seal(url, PURPOSE),
            sealed_secret=seal(secret, PURPOSE) if secret else "",
            host=urlsplit(url).hostname or "",
        )
        log_security(actor, "message-robot", robot, detail={"host": robot.host, "organisation": organisation.key})
    return robot


def stop_robot(robot: Robot, actor: Actor) -> None:
    """Nothing is posted to it any more; what was stays in the books."""
    demand(actor, ADMINISTER, robot.organisation)
    with transaction.atomic():
        Robot.objects.filter(pk=robot.pk).update(is_active=False, sealed_url="", sealed_secret="")
        log_security(actor, "message-robot-stopped", robot, detail={"host": robot.host})


def try_again(delivery: Delivery, actor: Actor) -> None:
    """Hand a delivery that failed, or whose outcome nobody knows, over again. Raises ValueError for any other."""
    demand(actor, ADMINISTER)
    with transaction.atomic():
        again = Delivery.objects.filter(pk=delivery.pk, state__in=[Delivery.State.FAILED, Delivery.State.UNSURE])
        if not again.update(state=Delivery.State.QUEUED, attempts=0, error="", not_before=None):
            raise ValueError(_("Only a delivery that failed can be tried again."))
        enqueue("messages-deliver", message=delivery.message_id, requested_by=actor.name)
        log_security(actor, "message-again", thing="delivery", thing_id=str(delivery.pk))
