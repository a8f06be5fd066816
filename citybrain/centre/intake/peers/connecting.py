"""Verbs on peer systems: connect one, disconnect it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from citybrain.centre.intake.models import Peer
from citybrain.centre.intake.peers.exchanging import PURPOSE
from citybrain.centre.intake.permissions import CONNECT
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.deciding import demand
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.sealing import seal
from citybrain.kernel.identity.security_log import log_security


def connect(
    actor: Actor,
    *,
    key: str,
    name: str,
    kind: str,
    url: str,
    organisation: Organisation,
    jurisdiction: str = "",
    secret: str = "",
    polls: bool = True,
    pushes: bool = False,
    classes: Mapping[str, str] | None = None,
) -> Peer:
    """Makes a peer we exchange with; its key is sealed. Raises PermissionDenied."""
    demand(actor, CONNECT, organisation)
    with transaction.atomic():
        peer = Peer.objects.create(
            key=key,
            name=name.strip(),
            kind=kind,
            url=url.rstrip("/") if kind == Peer.Kind.OPEN311 else url,
            jurisdiction=jurisdiction.strip(),
            sealed_key=seal(secret.strip(), PURPOSE) if secret.strip() else "",
            organisation=organisation,
            polls=polls,
            pushes=pushes and kind == Peer.Kind.OPEN311,
            classes=dict(classes or {}),
            made_by_id=actor.user_id,
        )
        log_security(actor, "peer-connected", peer, detail={"url": url, "polls": polls, "pushes": peer.pushes})
    return peer


def disconnect(peer: Peer, actor: Actor) -> None:
    """Ends the exchange; what was exchanged stays. Its key is forgotten."""
    demand(actor, CONNECT, peer.organisation)
    with transaction.atomic():
        Peer.objects.filter(pk=peer.pk).update(is_active=False, sealed_key="")
        log_security(actor, "peer-disconnected", peer)
