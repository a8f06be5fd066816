"""Whose address a request has, when it comes through proxies: only proxies that are known are believed."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class ClientAddress:
    """Puts the visitor's address into REMOTE_ADDR; stands first, so that locks, logs and sessions mean the visitor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["REMOTE_ADDR"] = client_address(
            request.META.get("REMOTE_ADDR", ""),
            request.META.get("HTTP_X_FORWARDED_FOR", ""),
            tuple(settings.TRUSTED_PROXIES),
        )
        return self.get_response(request)


def client_address(peer: str, forwarded: str, proxies: tuple[str, ...]) -> str:
    """The visitor's address: the last one in X-Forwarded-For that no known proxy wrote for itself; empty for none.

    `peer` is who the connection comes from, `proxies` are networks ("10.0.0.0/8"). What a stranger writes into the
    header is never believed, because it stands to the left of what our proxy added.
    """
    way = [*(part.strip() for part in forwarded.split(",") if part.strip()), peer]
    while len(way) > 1 and is_proxy(way[-1], proxies):
        way.pop()
    found = readable(way[-1])
    return str(found) if found else str(readable(peer) or "")


def is_proxy(address: str, proxies: tuple[str, ...]) -> bool:
    """Whether an address belongs to one of our proxies."""
    found = readable(address)
    return found is not None and any(found in ip_network(one, strict=False) for one in proxies)


def readable(address: str) -> IPv4Address | IPv6Address | None:
    """The address, an IPv4 one even when it was written inside IPv6; None for anything else."""
    try:
        found = ip_address(address.strip("[]"))
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
