"""Who comes to a door without a page: by access token, or as somebody of whom only the network address is known."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network

from django.http import HttpRequest

from citybrain.centre.events.permissions import REPORT
from citybrain.centre.intake.quotas import spend
from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.ui.records.models import ApiToken
from citybrain.ui.records.tokens import MARK, bearer, find, touch


class Unknown(Exception):
    """A token is unknown, expired or revoked."""


class Unallowed(Exception):
    """A token does not carry the permission to report."""


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who sends a message."""

    actor: Actor
    token: ApiToken | None = None

    @property
    def name(self) -> str:
        """How quarantine and pages call them."""
        return f"{self.token.title} ({self.token.start}…)" if self.token is not None else self.actor.address or "?"

    def spend(self, amount: int = 1) -> int:
        """Counts against the sender's quota; returns what is left of the minute. Raises Exhausted."""
        if self.token is not None:
            return spend(f"{self.token.pk}", "token", amount)
        return spend(network_of(self.actor.address), "anonymous", amount)


def network_of(address: str | None) -> str:
    """Whose quota an address spends: in IPv6 its /64, of which every household has one."""
    if address is None or ":" not in address:
        return address or "?"
    return str(ip_network((address.partition("%")[0], 64), strict=False))


def sender_of(request: HttpRequest, key: str = "") -> Sender | None:
    """Who sends, by `key` or by the request's bearer token; None without any.

    Raises Unknown for a key that opens nothing, Unallowed for one that does not carry the permission to report.
    """
    kind, _space, text = request.headers.get("Authorization", "").partition(" ")
    text = (key or (text if kind.lower() == "bearer" else "")).strip()
    if not text:
        return None
    token = find(text) if text.startswith(MARK) else None
    actor = bearer(token, request.META.get("REMOTE_ADDR")) if token is not None else None
    if token is None or actor is None:
        raise Unknown
    if not actor.may(REPORT):
        raise Unallowed
    touch(token)
    return Sender(actor=actor, token=token)


def anybody(request: HttpRequest) -> Sender:
    """Somebody without a token: the house reports for them."""
    actor = Actor(user_id=None, kind="anonymous", address=request.META.get("REMOTE_ADDR"))
    return Sender(actor=actor.permitted(REPORT, Reach.COUNTY))
